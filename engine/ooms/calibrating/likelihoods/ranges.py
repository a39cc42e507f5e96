"""Answers that are known to lie in a range: a number and its rounding, two ends, or one end.

A range is two ends on the scale on which answers scatter (`ooms.calibrating.likelihoods.support`): natural logs, unless
what was asked bounds them. How a simulated answer is reported keeps the likelihood exact: that axis is cut into bins as
wide as the range was, at a place that has nothing to do with the answer, and the bin that holds it is reported; of a
range with one end, the side of that end on which it lies.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.arrays import log_normal_interval
from ooms.calibrating.likelihoods.base import Data
from ooms.calibrating.likelihoods.support import ENDLESS, Side, positions, values
from ooms.files.forms import Positive, Table, Wrong

__all__ = ["KEYS", "Range", "Stated", "complaints", "ends", "in_range", "middles", "report"]

KEYS = ("value", "low", "high", "below", "above")
"""What may be said of a range."""

_TWICE = (*(("value", key) for key in KEYS[1:]), ("low", "above"), ("high", "below"))
_FORM = "give value, or low and high, or below, or above"


@dataclass(frozen=True)
class Range:
    """Where a positive quantity lies, on its own scale; 0 and infinity stand for no end."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Stated(Table):
    """A number, or a range, as a table states it."""

    value: Positive | None = None
    low: Positive | None = None
    high: Positive | None = None
    below: Positive | None = None
    above: Positive | None = None

    @override
    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterator[Wrong]:
        stated = [key for key in KEYS if key in given]
        low, high = given.get("low", given.get("above")), given.get("high", given.get("below"))
        if not stated:
            yield "", "nothing is stated", _FORM
        elif stated != ["value"] and any({*pair} <= {*stated} for pair in _TWICE):
            yield "", f"{' and '.join(stated)} say it twice", _FORM
        elif low is not None and high is not None and not low < high:
            yield "", f"the range from {low:g} to {high:g} is empty", "give low below high"

    @property
    def range(self) -> Range | None:
        """The range; None for a number."""
        if self.value is not None:
            return None
        low, high = self.low or self.above, self.high or self.below
        return Range(0.0 if low is None else low, math.inf if high is None else high)


def ends(ranges: tuple[Range, ...], side: Side = 0) -> Data:
    """The ends on the scale of the scatter, as finite arrays ``low`` and ``high``."""
    return {
        "low": positions([each.low for each in ranges], side),
        "high": positions([each.high for each in ranges], side),
    }


def complaints(ranges: Iterable[tuple[str, Range]], side: Side) -> list[tuple[str, str]]:
    """What is wrong with answers, in words, that lie beyond 1 where what was asked leaves them on one side of it."""
    beyond = [what for what, each in ranges if side and (each.low >= 1.0 if side == -1 else each.high <= 1.0)]
    most, more = ("most", "more") if side == -1 else ("least", "less")
    remedy = f"give no {more} than 1; or, for answers that truly went the other way, bounded = false for the item"
    return [(f"{what}, where what was asked leaves answers of at {most} 1", remedy) for what in beyond]


def in_range(centre: Any, scale: Any, data: Mapping[str, Any]) -> Any:
    """Log probability that normal variables with that centre and scale lie in their ranges."""
    return log_normal_interval((data["low"] - centre) / scale, (data["high"] - centre) / scale)


def report(answers: NDArray[np.float64], stated: Data, rng: np.random.Generator) -> Data:
    """The ranges in which answers, on the scale of the scatter, would have been reported instead of the stated ones."""
    low, high = stated["low"], stated["high"]
    one_end = (low == -ENDLESS) | (high == ENDLESS)
    end = np.where(low == -ENDLESS, high, low)
    start = answers - rng.random(answers.shape) * (high - low)
    return {
        "low": np.where(one_end, np.where(answers > end, end, -ENDLESS), start),
        "high": np.where(one_end, np.where(answers > end, ENDLESS, end), start + (high - low)),
    }


def middles(data: Mapping[str, NDArray[np.float64]], side: Side = 0) -> NDArray[np.float64]:
    """The middle of every range, on the scale of the answers; of a range with one end that end, or the bound it has."""
    low, high = data["low"], data["high"]
    # a range that reaches up to the bound is the answer of 1
    one_end = np.where(low == -ENDLESS, low if side == 1 else high, high if side == -1 else low)
    return values(np.where((low == -ENDLESS) | (high == ENDLESS), one_end, 0.5 * (low + high)), side)
