r"""Cells taken together: probabilities and quantiles of their mixture, every cell with the same weight.

.. math:: F(y) = \frac{1}{K} \sum_k F_k(y)

Distribution functions are read off the quantiles that cells keep, with straight lines between them (in logarithms,
where a quantity is resolved in logarithms).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.results.credence import Estimate, estimate

__all__ = ["Mixture", "mixed_probability"]

type Floats = NDArray[np.float64]

_CLOSE = 1e-9
"""Relative difference of levels that rounding alone makes."""

_LEAST = -100.0
"""The logarithm of what is shown as 0: far below any that is resolved."""

_ATOM = 1e9
"""Density where many draws share one value: above any other."""


def mixed_probability(by_randomisation: Floats) -> Estimate:
    """Probability of an event in the mixture, from that in each cell and randomisation.

    Cells share their randomisations. The error is therefore that of the mean within each of them, in which what is
    common to the cells does not average out.
    """
    return estimate(by_randomisation.mean(axis=0))


class _Knots(NamedTuple):
    """Distribution functions of cells, a row each: places of their knots, and the levels and errors there."""

    places: Floats
    levels: Floats
    errors: Floats
    counts: NDArray[np.intp]  # knots of each cell
    union: Floats  # the places of all cells, each once
    values: Floats  # the quantity there


class Mixture:
    """A quantity in cells taken together.

    Parameters
    ----------
    levels : array, shape (levels,)
        Cumulative probabilities.
    values, errors : array, shape (cells, levels)
        Each cell's quantiles there, and their standard errors; infinite where it never comes.
    never : array, shape (cells,)
        Share of each cell that is infinite.
    logarithmic : bool
        Whether the quantity is resolved in logarithms.
    """

    def __init__(self, levels: Floats, values: Floats, errors: Floats, never: Floats, *, logarithmic: bool) -> None:
        self._given, self._logarithmic = (levels, values, errors, never), logarithmic

    @cached_property
    def _knots(self) -> _Knots:
        levels, values, errors, never = self._given
        finite = np.isfinite(values).sum(axis=1)
        some = finite > 0  # the others add nothing anywhere
        finite, values = finite[some], values[some]
        with np.errstate(divide="ignore"):
            places = np.maximum(np.log(values), _LEAST) if self._logarithmic else values
        # what is finite beyond the last finite quantile is taken to lie there: a knot more, up to what is finite at all
        row, last = np.arange(len(values)), finite - 1
        top = np.maximum(levels[last], 1.0 - never[some])
        wider = np.pad(places, ((0, 0), (0, 1)), constant_values=math.inf)
        steps, own = np.tile(np.append(levels, 1.0), (len(values), 1)), np.pad(errors[some], ((0, 0), (0, 1)))
        wider[row, finite], steps[row, finite], own[row, finite] = wider[row, last], top, own[row, last]
        union, first = np.unique(places, return_index=True)
        union = union[np.isfinite(union)]
        return _Knots(wider, steps, own, finite + (top > levels[last]), union, values.ravel()[first[: len(union)]])

    def quantile(self, level: float) -> Estimate:
        """Quantile of the mixture; infinite if that reaches into what never comes.

        At a level that the cells keep, the quantile of a single cell is the one that it keeps. Beyond the outermost
        levels it is the outermost quantile.

        Its standard error is the mean of the cells' errors there, each weighted with its density: an upper bound,
        reached if all cells err together.
        """
        levels, values, errors, _ = self._given
        if len(values) == 1 and (kept := np.flatnonzero(np.isclose(levels, level, rtol=_CLOSE, atol=0.0))).size:
            return Estimate(float(values[0, kept[0]]), float(errors[0, kept[0]]))
        union = self._knots.union
        index = bisect_left(union, level * (1.0 - _CLOSE), key=self._share)
        if index == len(union):
            return Estimate(math.inf, math.nan)
        place, value = union[index], self._knots.values[index]
        below = self._share(place, before=True)
        if index > 0 and below > level * (1.0 + _CLOSE):  # between two knots
            between = np.interp(level, [self._share(union[index - 1]), below], union[index - 1 : index + 1])
            if between != place:
                place, value = between, np.exp(between) if self._logarithmic else between
        return Estimate(float(value), self._error(float(place)))

    def _share(self, place: float, *, before: bool = False) -> float:
        """Share of the mixture up to a place, or before it."""
        places, levels, _, count, *_ = self._knots
        # of several knots at one place the first counts before it and the last up to it; nothing is before the first
        n = np.minimum((places < place if before else places <= place).sum(axis=1), count)
        row, low, high = np.arange(len(n)), np.maximum(n - 1, 0), np.minimum(n, count - 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            along = (place - places[row, low]) / (places[row, high] - places[row, low])
        inside = levels[row, low] + (levels[row, high] - levels[row, low]) * np.where(high > low, along, 0.0)
        return float(np.where(n == 0, 0.0, inside).sum() / len(self._given[1]))

    def _error(self, place: float) -> float:
        """The cells' errors at a place, averaged with their densities as weights."""
        places, levels, errors, count, *_ = self._knots
        row = np.arange(len(count))
        here = (places[:, 0] <= place) & (place <= places[row, count - 1])
        high = np.clip((places <= place).sum(axis=1), 1, np.maximum(count - 1, 1))
        low = high - 1
        wide = places[row, high] - places[row, low]
        with np.errstate(invalid="ignore", divide="ignore"):
            weights = np.where(wide > 0.0, (levels[row, high] - levels[row, low]) / wide, _ATOM)[here]
            along = np.where(wide > 0.0, (place - places[row, low]) / wide, 1.0)
            own = (errors[row, low] + along * (errors[row, high] - errors[row, low]))[here]
        return float(np.average(own, weights=weights)) if weights.sum() > 0.0 else math.nan
