"""Distributions of a quantity, pooled: from the histograms of the views, which share their bins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import override

import numpy as np
from numpy.typing import NDArray

from ooms.credence import Estimate, Interval, IntervalKind, Sketch
from ooms.debate.pools.rules import geometric_histogram, jackknifed, merged_bins

__all__ = ["LogarithmicSketch", "linear_sketch", "shares_of"]

Floats = NDArray[np.float64]

_WHOLE = 2.0**52
"""What a randomisation's shares are counted in: fine enough for any weights, and sums stay exact."""


def _sketch_of(like: Sketch, shares: Floats) -> Sketch:
    """A sketch with these shares, shape (randomisations, bins + 2), for counts."""
    made = Sketch(like.scale, len(shares), like.bins)
    made.counts = np.rint(shares * _WHOLE).astype(np.int64)
    return made


def shares_of(sketch: Sketch) -> Floats:
    """Share of the draws in each column of a sketch, shape (randomisations, bins + 2)."""
    return sketch.counts / sketch.counts.sum(axis=1, keepdims=True)


def linear_sketch(sketches: Sequence[Sketch], weights: Floats) -> Sketch:
    r"""Distribution of a quantity in the linear pool: the mixture of the views' distributions.

    .. math:: F(y) = \sum_i w_i F_i(y)

    Parameters
    ----------
    sketches : sequence of Sketch
        One for each view, of the same quantity, from the same randomisations.
    weights : array
        They add up to 1.
    """
    mixed = sum(weight * shares_of(sketch) for weight, sketch in zip(weights, sketches, strict=True))
    made = _sketch_of(sketches[0], np.asarray(mixed))
    made.least, made.most = min(s.least for s in sketches), max(s.most for s in sketches)
    return made


class LogarithmicSketch(Sketch):
    """Distribution of a quantity in the logarithmic pool: histograms multiplied bin by bin (`geometric_histogram`).

    Bins hold about 1/128 of the linear pool each; the bottom and never are bins of their own. Errors are from leaving
    out one randomisation at a time.

    Parameters
    ----------
    sketches : sequence of Sketch
        One for each view, of the same quantity, from the same randomisations.
    weights : array
        They add up to 1; views with weight 0 have no say.
    """

    def __init__(self, sketches: Sequence[Sketch], weights: Floats) -> None:
        like, heard = sketches[0], weights > 0
        super().__init__(like.scale, len(like.counts), like.bins)
        weights = weights[heard]
        each = np.stack([shares_of(s) for s, is_heard in zip(sketches, heard, strict=True) if is_heard])
        starts = merged_bins(weights @ each.mean(axis=1))

        def pooled(rows: Floats) -> Sketch:
            histogram = geometric_histogram(rows.mean(axis=1), weights, starts)
            return _sketch_of(like, np.stack([histogram, histogram]))

        self.exists = not np.any(np.isnan(geometric_histogram(each.mean(axis=1), weights, starts)))
        """Whether there is a bin in which all views have draws."""
        if self.exists:
            self._whole = pooled(each)
            self._others = [s for s in map(pooled, _each_left_out(each)) if s.counts.sum() > 0]
            self.counts = np.repeat(self._whole.counts[:1], len(self.counts), axis=0)

    @property
    @override
    def never(self) -> Estimate:
        """Share in which it never comes (is infinite)."""
        return self._jackknifed(lambda sketch: sketch.never.value)

    @override
    def at_most(self, value: float) -> Estimate:
        """Share at or below a value."""
        return self._jackknifed(lambda sketch: sketch.at_most(value).value)

    @override
    def quantiles(self, levels: Sequence[float]) -> list[Estimate]:
        """Values below which such shares lie; infinite if that reaches into what never comes."""
        return [self._jackknifed(lambda sketch, q=q: sketch.quantile(q).value) for q in levels]

    @override
    def interval(self, mass: float, kind: IntervalKind) -> Interval:
        """Equal-tailed or highest-density interval of that mass."""
        lower = self._jackknifed(lambda sketch: sketch.interval(mass, kind).lower.value)
        upper = self._jackknifed(lambda sketch: sketch.interval(mass, kind).upper.value)
        return Interval(lower, upper, mass, kind)

    def _jackknifed(self, number: Callable[[Sketch], float]) -> Estimate:
        return jackknifed(number(self._whole), [number(sketch) for sketch in self._others])


def _each_left_out(each: Floats) -> list[Floats]:
    """The shares, shape (views, randomisations, columns), less one randomisation at a time."""
    return [np.delete(each, r, axis=1) for r in range(each.shape[1])]
