r"""Cells taken together: probabilities and credence intervals of their mixture, every cell with the same weight.

.. math:: F(y) = \frac{1}{K} \sum_k F_k(y)

Distribution functions are read off the quantiles that cells keep, with straight lines between them (in logarithms,
where a quantity is resolved in logarithms).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ooms.results.credence import Estimate, estimate

__all__ = ["Knots", "mixed_probability", "mixed_quantile"]

Floats = NDArray[np.float64]


def mixed_probability(by_randomisation: Floats) -> Estimate:
    """Probability of an event in the mixture, and its standard error.

    Cells share their randomisations. The error is therefore that of the mean within each of them, in which what is
    common to the cells does not average out.

    Parameters
    ----------
    by_randomisation : array, shape (cells, randomisations)
        The probability in each cell and randomisation.
    """
    return estimate(by_randomisation.mean(axis=0))


@dataclass(frozen=True, slots=True)
class Knots:
    """What is known of the distribution of a quantity in one cell.

    Parameters
    ----------
    levels : array, shape (levels,)
        Cumulative probabilities.
    values, errors : array, shape (levels,)
        Quantiles there, and their standard errors; infinite where it never comes.
    never : float
        Share that is infinite.
    """

    levels: Floats
    values: Floats
    errors: Floats
    never: float

    @property
    def finite(self) -> int:
        """How many of the quantiles are finite."""
        return int(np.isfinite(self.values).sum())


def mixed_quantile(cells: Sequence[Knots], level: float, *, logarithmic: bool) -> Estimate:
    """Quantile of a quantity in the mixture of cells; infinite if that reaches into what never comes.

    At a level that the cells keep, the quantile of a single cell is the one that it keeps. Beyond the outermost levels
    it is the outermost quantile.

    Its standard error is the mean of the cells' errors there, each weighted with its density: an upper bound, reached
    if all cells err together.

    Parameters
    ----------
    cells : sequence of Knots
        At least one.
    level : float
        Between 0 and 1.
    logarithmic : bool
        Whether the quantity is resolved in logarithms.
    """
    if len(cells) == 1 and (kept := np.flatnonzero(np.isclose(cells[0].levels, level, rtol=_CLOSE, atol=0.0))).size:
        return Estimate(float(cells[0].values[kept[0]]), float(cells[0].errors[kept[0]]))
    known = [cell for cell in cells if cell.finite]
    values = np.unique(np.concatenate([cell.values[: cell.finite] for cell in known] or [np.empty(0)]))
    if not values.size:
        return Estimate(math.inf, math.nan)
    values = _around(known, values, level * (1.0 - _CLOSE) * len(cells), logarithmic)
    places = _scaled(values, logarithmic)
    below, up_to = (
        np.sum([_share(cell, values, logarithmic, before=before) for cell in known], axis=0) / len(cells)
        for before in (True, False)
    )
    shares = np.stack([below, up_to], axis=1).ravel()  # at each value: what lies below it, and with it
    index = int(np.searchsorted(shares, level * (1.0 - _CLOSE)))
    if index == len(shares):
        return Estimate(math.inf, math.nan)
    upper = index // 2
    place = places[upper]
    if index % 2 == 0 and upper > 0 and shares[index] > level * (1.0 + _CLOSE):  # between two
        place = np.interp(level, shares[index - 1 : index + 1], places[upper - 1 : upper + 1])
    on_a_knot = place == places[upper]
    value = values[upper] if on_a_knot else np.exp(place) if logarithmic else place
    return Estimate(float(value), _error(known, float(place), logarithmic))


def _around(cells: Sequence[Knots], values: Floats, wanted: float, logarithmic: bool) -> Floats:
    """The few values among which the cells' shares, added up, first reach what is wanted: found without all others."""
    low, high = 0, len(values) - 1
    while high - low > _FEW:
        marks = np.linspace(low, high, _FEW).astype(np.intp)
        shares = np.sum([_share(cell, values[marks], logarithmic, before=False) for cell in cells], axis=0)
        place = int(np.searchsorted(shares, wanted))
        if place == len(marks):
            return values[-1:]
        low, high = int(marks[max(place - 1, 0)]), int(marks[place])
    return values[low : high + 1]


_FEW = 64
"""Values that are looked at together."""

_CLOSE = 1e-9
"""Relative difference of levels that rounding alone makes."""


def _scaled(values: Floats, logarithmic: bool) -> Floats:
    """On the scale on which lines are straight; what has no logarithm lies below all that has."""
    if not logarithmic:
        return values
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(values), _LEAST)


_LEAST = -100.0
"""The logarithm of what is shown as 0: far below any that is resolved."""


def _share(cell: Knots, values: Floats, logarithmic: bool, *, before: bool) -> Floats:
    """Share of a cell's draws below each value, or up to it."""
    knots, levels = _line(cell, logarithmic)
    places = _scaled(values, logarithmic)
    if before:  # of several knots at one place the first counts, and nothing lies before the very first
        found = np.interp(-places, -knots[::-1], levels[::-1])
        return np.where(places <= knots[0], 0.0, found)
    return np.where(places < knots[0], 0.0, np.interp(places, knots, levels))


def _line(cell: Knots, logarithmic: bool) -> tuple[Floats, Floats]:
    """The distribution function's knots; what is finite beyond the last of them is taken to lie there."""
    count = cell.finite
    knots, levels = _scaled(cell.values[:count], logarithmic), cell.levels[:count]
    if levels[-1] >= 1.0 - cell.never:
        return knots, levels
    return np.append(knots, knots[-1]), np.append(levels, 1.0 - cell.never)


def _error(cells: Sequence[Knots], place: float, logarithmic: bool) -> float:
    """The cells' errors at a place, averaged with their densities as weights."""
    weights, errors = list[float](), list[float]()
    for cell in cells:
        knots, levels = _line(cell, logarithmic)
        if knots[0] <= place <= knots[-1]:
            at = int(np.clip(np.searchsorted(knots, place, side="right"), 1, max(len(knots) - 1, 1)))
            wide = knots[at] - knots[at - 1] if len(knots) > 1 else 0.0
            weights.append((levels[at] - levels[at - 1]) / wide if wide > 0.0 else _ATOM)
            errors.append(float(np.interp(place, knots[: cell.finite], cell.errors[: cell.finite])))
    return float(np.average(errors, weights=weights)) if sum(weights) > 0.0 else math.nan


_ATOM = 1e9
"""Density where many draws share one value: above any other."""
