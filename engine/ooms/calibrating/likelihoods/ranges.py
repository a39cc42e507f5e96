"""Answers that are known to lie in a range: a number and its rounding, two ends, or one end.

A range is two natural logs. How a simulated answer is reported keeps the likelihood exact: the log axis is cut into
bins as wide as the range was, at a place that has nothing to do with the answer, and the bin that holds it is reported;
of a range with one end, the side of that end on which it lies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.arrays import log_normal_interval
from ooms.calibrating.likelihoods.base import Data
from ooms.calibrating.likelihoods.reading import Table

__all__ = ["KEYS", "Range", "in_range", "log_ends", "middles", "read_range", "report"]

KEYS = ("value", "low", "high", "below", "above")
"""What may be said of a range."""

_FORM = "give value, or low and high, or below, or above"
_ENDLESS = 1e6
"""Stands for an infinite end, in logs: a number, so that no slope is inf times 0."""


@dataclass(frozen=True)
class Range:
    """Where a positive quantity lies, on its own scale; 0 and infinity stand for no end."""

    low: float
    high: float


def read_range(table: Table) -> tuple[float | None, Range | None]:
    """The number or the range that a table states: one of the two, or neither with the problems noted."""
    given = {key: table.number(key) for key in KEYS if key in table}
    stated = set(given)
    if stated == {"value"}:
        return given["value"], None
    low, high = given.get("low", given.get("above")), given.get("high", given.get("below"))
    if not stated or "value" in stated or {"low", "above"} <= stated or {"high", "below"} <= stated:
        what = f"{' and '.join(key for key in KEYS if key in stated)} say it twice" if stated else "nothing is stated"
        table.wrong("", what, _FORM)
    elif None not in given.values():
        if low is None or high is None or low < high:
            return None, Range(0.0 if low is None else low, math.inf if high is None else high)
        table.wrong("", f"the range from {low:g} to {high:g} is empty", "give low below high")
    return None, None


def log_ends(ranges: tuple[Range, ...]) -> Data:
    """Natural logs of the ends, as finite arrays ``low`` and ``high``."""
    low = [math.log(each.low) if each.low > 0 else -_ENDLESS for each in ranges]
    high = [math.log(each.high) if each.high < math.inf else _ENDLESS for each in ranges]
    return {"low": np.array(low), "high": np.array(high)}


def in_range(centre: Any, scale: Any, data: Mapping[str, Any]) -> Any:
    """Log probability that normal variables with that centre and scale lie in their ranges."""
    return log_normal_interval((data["low"] - centre) / scale, (data["high"] - centre) / scale)


def report(answers: NDArray[np.float64], stated: Data, rng: np.random.Generator) -> Data:
    """The ranges in which answers (in logs) would have been reported in place of the stated ones."""
    low, high = stated["low"], stated["high"]
    one_end = (low == -_ENDLESS) | (high == _ENDLESS)
    end = np.where(low == -_ENDLESS, high, low)
    start = answers - rng.random(answers.shape) * (high - low)
    return {
        "low": np.where(one_end, np.where(answers > end, end, -_ENDLESS), start),
        "high": np.where(one_end, np.where(answers > end, _ENDLESS, end), start + (high - low)),
    }


def middles(data: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """The middle of every range, on the scale of the answers; the end of a range with one."""
    low, high = data["low"], data["high"]
    return np.exp(np.where(low == -_ENDLESS, high, np.where(high == _ENDLESS, low, 0.5 * (low + high))))
