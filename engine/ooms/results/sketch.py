"""Draws summarised while they stream by: a histogram for each independent randomisation of the point set.

Whatever the number of draws, memory stays the same, and the spread between randomisations is the error of every number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, override

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.outcomes.scale import Scale
from ooms.results.credence import Distribution, Estimate, HighestDensitySet, estimate

if TYPE_CHECKING:
    from ooms.results.density import Density, Model

__all__ = ["Sketch"]

Floats = NDArray[np.float64]


class Sketch(Distribution):
    """A streamed summary of one quantity: a histogram for each randomisation, and how often it is never reached.

    Parameters
    ----------
    scale : Scale
        Where it is resolved. Values at or below its low end count as its bottom, finite ones above its high end as it.
    randomisations : int
        How many independent ones the draws come in.
    bins : int
        Quantiles of smooth distributions are exact to some thousandths of a bin, and their errors cover that.
    """

    def __init__(self, scale: Scale, randomisations: int, bins: int = 4096) -> None:
        self.scale, self.bins = scale, bins
        self.counts = np.zeros((randomisations, bins + 2), dtype=np.int64)  # bottom, bins, never
        self.least, self.most = math.inf, -math.inf  # of the finite values
        self.ties: dict[int, float] = {}  # by column, a value that many draws share
        first, last = scale.forward(np.array([scale.low, scale.high]))
        self._offset, self._per_unit = float(first), bins / float(last - first)

    def add(self, values: Floats) -> None:
        """Take in a block of draws; draw j belongs to randomisation j % randomisations."""
        self._forget()
        finite = values[np.flatnonzero(np.isfinite(values))]  # by places: by a random mask takes five times as long
        if finite.size:
            low, high = (min(float(end), self.scale.high) for end in (finite.min(), finite.max()))
            self.least = min(self.least, low if low > self.scale.low else self.scale.bottom)
            self.most = max(self.most, high)
        index = self._columns(values)
        rows = np.arange(0, self.counts.size, self.counts.shape[1])
        cells = np.tile(rows, -(-len(index) // len(rows)))[: len(index)]  # faster than remainders
        cells += index
        counts = np.bincount(cells, minlength=self.counts.size).reshape(self.counts.shape)
        self.counts += counts
        self._note_ties(values, index, counts.sum(axis=0))

    def _columns(self, values: Floats) -> NDArray[np.intp]:
        """The column of the histogram that each value is counted in."""
        places = self.scale.forward(values) - self._offset
        places *= self._per_unit
        np.ceil(places, out=places)
        np.clip(places, 0.0, self.bins, out=places)
        places += values == math.inf  # after the last bin
        with np.errstate(invalid="ignore"):
            return places.astype(np.intp)

    def _note_ties(self, values: Floats, index: NDArray[np.intp], counts: NDArray[np.int64]) -> None:
        """Remember values that many draws of a block share: only in columns that hold so many are there any."""
        many = max(_TIED * len(values), _TIED_LEAST)
        full = counts >= many
        full[[0, -1]] = False
        if not full.any():
            return
        ordered = np.sort(np.minimum(values[full[index]], self.scale.high))
        starts = np.flatnonzero(np.append(True, np.diff(ordered) > _ROUNDING * np.abs(ordered[1:])))
        shared = ordered[starts[np.diff(np.append(starts, len(ordered))) >= many]]
        for column, value in zip(self._columns(shared).tolist(), shared.tolist(), strict=True):
            self.ties[column] = min(value, self.ties.get(column, math.inf))

    def merge(self, other: Sketch) -> None:
        """Take in what another sketch of the same quantity has seen."""
        self._forget()
        self.counts += other.counts
        self.take_range(other)

    def take_range(self, other: Sketch) -> None:
        """Take in where another sketch of the same quantity has draws, and which values many of them share."""
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        for column, value in other.ties.items():
            self.ties[column] = min(value, self.ties.get(column, math.inf))

    def _forget(self) -> None:
        """What follows from the draws so far no longer holds once there are more."""
        for name in ("draws", "density", "model"):
            vars(self).pop(name, None)

    @cached_property
    def draws(self) -> float:
        """How many draws it is of."""
        return float(self.counts.sum())

    @property
    def never(self) -> Estimate:
        """Share of the draws in which it never comes (is infinite)."""
        return estimate(self.counts[:, -1] / self.counts.sum(axis=1))

    def at_most(self, value: float) -> Estimate:
        """Share of the draws at or below a value."""
        place = self.scale.place(value)

        def share(counts: NDArray[np.int64]) -> float:
            edges, cumulative = self._cumulative(counts)
            return float(np.interp(place, edges, cumulative) / counts.sum())

        each = [share(row) for row in self.counts]
        return Estimate(share(self.counts.sum(axis=0)), estimate(each).standard_error)

    def quantile_table(self, levels: Sequence[float]) -> Floats:
        """Quantiles and their standard errors, shape (levels, 2): many at once, as numbers."""
        asked = np.asarray(levels)
        each = self._quantiles(self.counts, asked)
        apart, values = each[:-1], each[-1]
        known = np.isfinite(apart).all(axis=0)  # of infinite ones the error is unknown
        with np.errstate(invalid="ignore"):
            spread = np.where(known, apart - apart[0], 0.0)  # exactly 0 where all agree
        spread -= spread.mean(axis=0)
        errors = np.sqrt((spread * spread).sum(axis=0) / ((len(apart) - 1) * len(apart)))
        errors = np.maximum(errors, self._resolved(values, asked))
        return np.stack([values, np.where(known & self._within_reach(values), errors, math.nan)], axis=-1)

    def _resolved(self, values: Floats, levels: Floats) -> Floats:
        """The least that errors of quantiles can be: randomisations that all agree count whole draws all the same.

        Points of one input are so evenly spread that each randomisation counts k or k + 1 draws below a value, k + 1
        with a chance p of which nothing is known. If none of R did, p has the density (R + 1)(1 - p)^R, and its mean
        square is 2/((R + 2)(R + 3)): so much, of R/n each, is missed. And within a bin draws are taken to be even.
        """
        rows, whole = len(self.counts), self.counts.sum(axis=0)
        missed = rows * math.sqrt(2.0 / ((rows + 2.0) * (rows + 3.0))) / max(self.draws, 1.0)
        beside = np.clip(np.concatenate([levels - missed, levels + missed]), 0.0, 1.0)
        low, high = self._quantiles(whole[None], beside)[-1].reshape(2, -1)
        column = np.clip(self._columns(values), 1, self.bins)
        here, step = whole[column], np.where(column < self.bins, whole[column + 1], 0) - whole[column - 1]
        uneven = np.minimum(np.abs(step) / np.maximum(16.0 * here, 1.0), 0.25)  # of a bin: h^2 F''/8, over F'
        width = np.diff(self.scale.back(self.edges))[column - 1]
        with np.errstate(invalid="ignore"):  # on the brink of never nothing is known
            reach = np.where(np.isfinite(high), (high - low) / 2.0, math.nan)
            return np.where(reach == 0.0, 0.0, np.hypot(reach, uneven * width))

    def _within_reach(self, values: Floats) -> NDArray[np.bool_]:
        """Where at least three in four randomisations have draws as far out as a value.

        Further out their spread says nothing of how far the next draws may lie, and the error is unknown.
        """
        columns = self._columns(values)
        filled = self.counts > 0
        first, last = filled.argmax(axis=1), filled.shape[1] - 1 - filled[:, ::-1].argmax(axis=1)
        below = np.count_nonzero(first[:, None] <= columns, axis=0)
        above = np.count_nonzero(last[:, None] >= columns, axis=0)
        return np.minimum(below, above) >= 0.75 * len(filled)

    def _quantiles(self, counts: NDArray[np.int64], levels: Floats) -> Floats:
        """Quantiles of several histograms, and in a last row of all of them together."""
        whole = counts.sum(axis=0)
        filled = np.flatnonzero(whole[:-1])
        if not filled.size:
            return np.full((len(counts) + 1, len(levels)), math.inf)
        some = slice(max(filled[0] - 1, 0), filled[-1] + 1)  # elsewhere nothing is, and most is elsewhere
        cumulative = np.cumsum(np.vstack([counts[:, some], whole[some]]), axis=1).astype(float)
        wanted = (cumulative[:, -1] + np.append(counts[:, -1], whole[-1]))[:, None] * levels
        edges = self.edges[some]
        places: list[Floats] = [np.interp(row, below, edges) for row, below in zip(wanted, cumulative, strict=True)]
        return np.where(wanted > cumulative[:, -1:], math.inf, self._back(np.array(places)))

    def _cumulative(self, counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Edges (on the even scale) and how many finite draws lie at or below each."""
        return self.edges, np.cumsum(counts[:-1]).astype(float)

    @cached_property
    def edges(self) -> Floats:
        """Of the bins, on the even scale."""
        return self._offset + np.arange(self.bins + 1) / self._per_unit

    def _back(self, places: ArrayLike) -> Floats:
        """From the even scale to the quantity; the first edge stands for the bottom.

        Nothing lies beyond what was seen: so a value that all draws share is not spread over its bin.
        """
        values = self.scale.back(places)
        return np.clip(values, self.least, self.most) if self.least <= self.most else values

    @override
    def highest_density(self, mass: float) -> HighestDensitySet:
        """The smallest set that holds so much (`ooms.results.highest_density`)."""
        return self.density.highest_density(mass)

    @cached_property
    def density(self) -> Density:
        """The draws as a smooth density with atoms (`ooms.results.density`)."""
        from ooms.results.density import Density

        return Density([self.model], [1.0])

    @cached_property
    def model(self) -> Model:
        """What a density is made from (`ooms.results.density`)."""
        from ooms.results.density import Model

        return Model.of(self)


_TIED = 0.01
"""Of the draws of a block: so many that share a value are no accident."""
_TIED_LEAST = 8
_ROUNDING = 1e-12
