r"""The density of draws as a smooth curve, from a histogram for each independent randomisation.

The logarithm of the density, g, maximises the likelihood of the draws less a penalty for roughness,

.. math:: \sum_j p_j g_j - \int e^g \mathrm{d}y - \frac{\lambda}{2} \int s^5 g'''^2 \mathrm{d}y

(Silverman 1982). Normal, exponential and uniform densities, cut off or not, have no roughness: of these it asks for
nothing but their two moments, and beyond the draws g goes on as a parabola. s is the local distance between
draws, so that what is narrow may be as finely shaped as what is wide. How much is smoothed, lambda, is what best
foretells each randomisation from the others, so that draws that are more even than independent ones are smoothed less.

Source
------
Silverman, B. W. (1982). On the estimation of a probability density function by the maximum penalized likelihood method.
Annals of Statistics 10, 795-810.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve", "smooth"]

Floats = NDArray[np.float64]

_MASS = 1.0 / 100.0
"""Of the draws: what a cell holds, unless it gets too wide."""
_WIDTH = 1.0 / 100.0
"""Of the range: how wide a cell is at most."""
_LEAST_CELLS = 8
"""With fewer the histogram says nothing of the shape, and the density is taken to be even in each."""
_POWERS = (math.inf, *(8.0 - 0.5 * k for k in range(31)))
"""Powers of ten of lambda: from a parabola to next to no smoothing."""
_HOPELESS = 5
"""Steps past the best lambda after which no better one is looked for; the curve there shows what smoothing has done.

Widths that are smoothed over go like lambda^(1/6): there they are 6.8 times smaller in the square, 2.6 times in
themselves. Where the density is smooth, next to all of the bias of smoothing is gone; where it falls to 0 at a bound,
an end is off in proportion to the width, and 1 - 1 / 2.6 = 62 % of that are gone.
"""
_LOST = 1e6
"""What a curve misses that is no density at all."""
_BEYOND = 0.35
"""Of the range: how far past its last draw a tail is followed in the fit, where its emptiness counts."""
_TAIL_CELLS = 12
_NEAR = 256
"""Draws next to an end from which it is judged (`_ends_there`)."""
_EVEN = 0.4
"""Of the mean over the quarters of their stretch: what an end has in each."""
_MISFIT = 1.5
"""Root of the draws times the largest error of a distribution function: with more, a curve is none of these draws.

Independent draws are as far from their own distribution in 1 case in 45 (Kolmogorov), and from one fitted to them in
next to none.
"""
_GAIN, _SURE = 1e-14, 1e-8
"""Of the likelihood, by a step: no more to be had, and so little that all of the step is right."""
_FINE = 0.01
"""An error of a distribution function that is none to mind, however many draws there are."""


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Shares of each randomisation's draws in cells, their borders, and how many draws there are in all."""

    shares: Floats
    borders: Floats
    draws: float

    def curve(self, ends: tuple[bool, bool], certain: tuple[bool, bool]) -> Curve:
        """The curve with ends here and tails there; what it would be with no end but the certain ones comes with it."""
        reach = float(self.borders[0]), float(self.borders[-1])
        shares, borders = _with_tails(self.shares, self.borders, ends)
        logs = _Fit(shares, borders, ends, self.draws).best(_POWERS)
        if logs is None:
            return _uneven(self.shares, self.borders, self.draws)
        return Curve(borders, logs, ends, reach, self if ends != certain else None, certain)


@dataclass(frozen=True, eq=False)
class Curve:
    """A log density on the even scale of a quantity: of all draws, and without each randomisation in turn.

    Parameters
    ----------
    edges : array, shape (cells + 1,)
        Of the cells.
    logs : array, shape (randomisations + 3, cells)
        Log density in the middle of each cell: of all draws, without each randomisation, and of all draws with less
        smoothing and with as much as they allow. Its integral is the share of the draws that are finite and no atoms.
    ends : tuple of bool
        Whether the distribution ends at its first and its last draw, rather than in tails.
    reach : tuple of float
        The first and the last draw.
    cells : _Cells, optional
        What it was fitted to, if it has ends that are not certain.
    certain : tuple of bool
        Which ends do not hang on how the draws lie.
    even : bool
        Whether it is even in each cell.
    """

    edges: Floats
    logs: Floats
    ends: tuple[bool, bool]
    reach: tuple[float, float]
    cells: _Cells | None = None
    certain: tuple[bool, bool] = (True, True)
    even: bool = False

    @cached_property
    def opened(self) -> Curve:
        """What it would be if the distribution went on where its draws suggest that it ends."""
        return self.cells.curve(self.certain, self.certain) if self.cells else self

    def nodes(self, low: float, high: float) -> Floats:
        """Places between which it is nearly straight, over all of its support that lies between two limits."""
        inner = (self.edges[:-1] + np.arange(_PARTS)[:, None] / _PARTS * np.diff(self.edges)).ravel()
        parts, wide = [inner, self.edges[-1:]], self.edges[-1] - self.edges[0]
        steps = wide * (np.geomspace(1.0, 9.0, 120) - 1.0) / 8.0
        just = 1e-9 * wide  # where a distribution ends, nothing is right outside of it
        parts.append(self.edges[0] - (np.array([just]) if self.ends[0] else steps[1:]))
        parts.append(self.edges[-1] + (np.array([just]) if self.ends[1] else steps[1:]))
        places = np.concatenate(parts)
        return np.unique(np.clip(places, low, high))

    def at(self, places: Floats) -> Floats:
        """Log density at some places, shape (randomisations + 3, places); minus infinity where nothing can be."""
        middles = (self.edges[1:] + self.edges[:-1]) / 2.0
        if self.even:
            cell = np.clip(np.searchsorted(self.edges, places, side="right") - 1, 0, len(middles) - 1)
            found = self.logs[:, cell]
        else:
            found = _hermite(middles, self.logs, places, self.ends)
        outside = (self.ends[0] & (places < self.edges[0])) | (self.ends[1] & (places > self.edges[-1]))
        return np.where(outside, -math.inf, found)


_PARTS = 4
"""Nodes in a cell."""
_SIMPSON = np.array([1.0, *[4.0, 2.0] * (_PARTS - 1), 4.0, 1.0]) / (6.0 * _PARTS)


def smooth(
    counts: Floats, edges: Floats, reach: tuple[float, float], draws: float, bounds: Sequence[float] = ()
) -> Curve:
    """The curve of a histogram.

    Parameters
    ----------
    counts : array, shape (randomisations, bins)
        Shares of each randomisation's draws.
    edges : array, shape (bins + 1,)
        Of the bins, on the even scale.
    reach : tuple of float
        The first and the last draw.
    draws : float
        How many draws there are in all.
    bounds : sequence of float
        Where it ends for certain, if its draws reach there: ends of the scale, and values that many draws share.
    """
    shares, borders = _cells(counts, edges, reach)
    draws = draws * float(shares.sum(axis=1).mean())
    if len(borders) - 1 < _LEAST_CELLS:
        return _uneven(shares, borders, draws)
    low, high, near = float(borders[0]), float(borders[-1]), 1.5 * float(edges[1] - edges[0])
    certain = any(abs(low - bound) < near for bound in bounds), any(abs(high - bound) < near for bound in bounds)
    judged = _ends_there(counts, edges, (low, high), draws)
    ends = certain[0] or judged[0], certain[1] or judged[1]
    return _Cells(shares, borders, draws).curve(ends, certain)


def _uneven(shares: Floats, borders: Floats, draws: float) -> Curve:
    """Even in each cell: of few, or where no curve is sound. An empty one holds what draws cannot exclude."""
    mean = shares.mean(axis=0)
    others = mean - (shares - mean) / (len(shares) - 1)
    logs = np.log(np.maximum(np.vstack([mean, others, mean, mean]), 1.0 / (draws * mean.size)) / np.diff(borders))
    return Curve(borders, logs, (True, True), (float(borders[0]), float(borders[-1])), even=True)


def _cells(counts: Floats, edges: Floats, reach: tuple[float, float]) -> tuple[Floats, Floats]:
    """Shares in cells of whole bins, and the cells' edges: narrow where many draws are, and nowhere too wide."""
    whole = counts.sum(axis=0)
    filled = np.flatnonzero(whole)
    first, last = int(filled[0]), int(filled[-1]) + 1
    borders = edges[first : last + 1].copy()
    borders[0], borders[-1] = max(borders[0], reach[0]), min(borders[-1], reach[1])
    widest = np.full(last - first, _WIDTH * (borders[-1] - borders[0]) * (1.0 + 1e-9))
    cuts = _cuts(whole[first:last], borders, widest)
    # next to narrow cells others are hardly wider, for no curve leaps
    cuts = _cuts(whole[first:last], borders, _graded(np.repeat(np.diff(borders[cuts]), np.diff(cuts)), borders))
    return np.add.reduceat(counts[:, first:last], cuts[:-1], axis=1), borders[cuts]


def _cuts(whole: Floats, borders: Floats, widest: Floats) -> list[int]:
    """Where cells begin, and the last one ends, of bins with so many draws, in cells of such widths at most."""
    full = _MASS * whole.sum()
    places, most = borders.tolist(), widest.tolist()
    cuts, held = [0], 0.0
    for k, count in enumerate(whole.tolist()):
        held += count
        if held >= full or places[min(k + 2, len(most))] - places[cuts[-1]] > most[k]:
            cuts.append(k + 1)
            held = 0.0
    cuts[-1:] = [len(most)] if len(cuts) > 1 else [0, len(most)]  # what is left goes to the last
    return cuts


def _graded(widths: Floats, borders: Floats) -> Floats:
    """Widths in bins, made smaller until they grow by no more than part of the distance."""
    middles = _GROWTH * (borders[1:] + borders[:-1]) / 2.0
    upwards = middles + np.minimum.accumulate(widths - middles)
    downwards = np.minimum.accumulate((widths + middles)[::-1])[::-1] - middles
    return np.minimum(upwards, downwards) * (1.0 + 1e-9)


_GROWTH = 1.0


def _with_tails(shares: Floats, borders: Floats, ends: tuple[bool, bool]) -> tuple[Floats, Floats]:
    """The same with empty cells where there are tails."""
    steps = _BEYOND * (borders[-1] - borders[0]) * np.arange(1, _TAIL_CELLS + 1) / _TAIL_CELLS
    empty = np.zeros((len(shares), _TAIL_CELLS))
    if not ends[0]:
        shares, borders = np.hstack([empty, shares]), np.concatenate([borders[0] - steps[::-1], borders])
    if not ends[1]:
        shares, borders = np.hstack([shares, empty]), np.concatenate([borders, borders[-1] + steps])
    return shares, borders


def _ends_there(counts: Floats, edges: Floats, reach: tuple[float, float], draws: float) -> tuple[bool, bool]:
    """Whether the distribution ends at its first and at its last draw, rather than thin out beyond.

    Next to an end at which the density is above 0, each quarter of a short stretch holds much the same. In a tail the
    outermost quarter holds hardly anything, and between a small mode far out and the others there is one that does. Of
    fewer draws than a thousand no end can be told from a tail.
    """
    if draws < 4 * _NEAR:
        return False, False
    within = np.clip(edges, *reach)
    up_to = np.append(0.0, np.cumsum(counts.mean(axis=0)))
    up_to *= draws / up_to[-1]
    near, far = np.interp([_NEAR, draws - _NEAR], up_to, within)
    least = 8.0 * (edges[1] - edges[0])  # nothing is known of how draws lie within a bin
    stretches = (reach[0], max(near, reach[0] + least)), (min(far, reach[1] - least), reach[1])
    up_to_quarters: list[Floats] = [np.interp(np.linspace(low, high, 5), within, up_to) for low, high in stretches]
    first, last = (bool(held.min() >= _EVEN * held.mean()) for held in map(np.diff, up_to_quarters))
    return first, last


class _Fit:
    """Shares in cells, and the curves through them for any lambda."""

    def __init__(self, shares: Floats, borders: Floats, ends: tuple[bool, bool], draws: float) -> None:
        self.shares, self.borders, self.ends, self.draws = shares, borders, ends, draws
        self.widths = np.diff(borders)
        self.middles = (borders[1:] + borders[:-1]) / 2.0
        self.mean = shares.mean(axis=0)
        self.third = _third_differences(self.middles, self.widths)
        self.roughness = self.third.T @ self.third

    def best(self, powers: Sequence[float]) -> Floats | None:
        """The sound curves, with rows as in `Curve`, for the lambda that best foretells each randomisation."""
        log = np.full(len(self.mean), math.log(self.mean.sum() / self.widths.sum()))
        curves, misses = list[tuple[Floats, Floats]](), list[Floats]()
        rough: Floats | None = None
        far = max(_MISFIT / math.sqrt(self.draws), _FINE)
        for power in powers:
            log, curvature, directions = self._parabola(log) if math.isinf(power) else self._at(log, 10.0**power)
            pulls = directions.T @ ((self.shares - self.mean) / (len(self.shares) - 1)).T
            others = log - (directions @ np.linalg.solve(curvature, pulls)).T
            with np.errstate(over="ignore"):
                total = np.log(np.exp(others) @ self._widths(log))
            missed = self.mean.sum() * total - np.sum(self.shares * others, axis=1)
            sound = self._misfit(log) < far
            rough = log if sound else rough
            curves.append((log, others))
            misses.append(np.where(np.isfinite(missed) & sound, missed, _LOST))
            if len(curves) > int(np.argmin(np.sum(misses, axis=1))) + _HOPELESS and rough is log:
                break
        if rough is None:
            return None
        sums = np.sum(misses, axis=1)
        best = int(np.argmin(sums))
        # more smoothing is not ruled out if it misses more by no more than twice what such differences spread
        worse = np.array(misses) - misses[best]
        allowed = worse.sum(axis=1) <= 2.0 * np.std(worse, axis=1, ddof=1) * math.sqrt(len(worse[0]))
        smoothest = int(np.argmax(allowed & (np.max(misses, axis=1) < _LOST)))
        # the choice too is made without each randomisation, so that what hangs on it is part of the error
        choices: list[int] = np.argmin(sums[:, None] - np.array(misses), axis=0).tolist()
        apart = [curves[choice][1][r] for r, choice in enumerate(choices)]
        return np.vstack([curves[best][0], *apart, rough, curves[smoothest][0]])

    def _misfit(self, log: Floats) -> float:
        """The largest error of a curve's distribution function at borders of cells, integrated as `Density` does."""
        parts = np.linspace(-0.5, 0.5, 2 * _PARTS + 1)
        places = (self.middles[:, None] + self.widths[:, None] * parts).ravel()
        with np.errstate(over="ignore"):
            heights = np.exp(_hermite(self.middles, log[None], places, self.ends)[0]).reshape(-1, len(parts))
            held = self.widths * (heights @ _SIMPSON)
        apart = np.max(np.abs(np.cumsum(np.minimum(held, _LOST) - self.mean))) / self.mean.sum()
        return float(np.nan_to_num(apart, nan=_LOST))

    def _parabola(self, log: Floats) -> tuple[Floats, Floats, Floats]:
        """The parabola, which is where ever more smoothing leads; what it minimises has this second derivative."""
        along = (self.middles - self.middles.mean()) / np.ptp(self.middles)
        basis = np.stack([np.ones_like(along), along, along * along], axis=1)
        return self._minimum(log, 0.0, basis)

    def _at(self, log: Floats, strength: float) -> tuple[Floats, Floats, Floats]:
        """The curve for a lambda, likewise."""
        return self._minimum(log, strength, np.eye(len(log)))

    def _minimum(self, log: Floats, strength: float, basis: Floats) -> tuple[Floats, Floats, Floats]:
        """Newton's method in the span of a basis: the curve, the second derivative, and the basis."""
        whole = len(basis) == basis.shape[1]
        penalty = strength * self.roughness if whole else 0.0
        curvature = basis
        for _ in range(3):  # the widths follow from the curve, and change little
            widths, size = self._widths(log), math.inf
            for _ in range(50):
                masses = widths * np.exp(log)
                slope = masses - self.mean + strength * (self.third.T @ (self.third @ log))
                curvature = penalty + (np.diag(masses) if whole else basis.T @ (masses[:, None] * basis))
                step = np.linalg.solve(curvature, slope if whole else basis.T @ slope)
                step = step if whole else basis @ step
                before, size, gain = size, float(np.max(np.abs(step))), float(slope @ step)
                log = log - self._part(log, step, gain, widths, strength) * step
                if size < 1e-8 or (size < 1e-3 and size > before / 2.0):  # there, or as near as rounding lets it come
                    break
                if gain < _GAIN:  # where nothing is, it falls for ever
                    break
        return log, curvature, basis

    def _part(self, log: Floats, step: Floats, gain: float, widths: Floats, strength: float) -> float:
        """How much of a step to take: half of it, and half again, until it brings nearer."""
        part, bent, turned = 1.0, self.third @ log, self.third @ step
        masses, fall = widths * np.exp(log), self.mean @ step
        with np.errstate(over="ignore", invalid="ignore"):
            while gain > _SURE and part > 1e-6:
                change = masses @ np.expm1(-part * step) + part * fall
                change += strength * part * float((0.5 * part * turned - bent) @ turned)
                if change <= -part * gain / 4.0:
                    break
                part /= 2.0
        return part

    def _widths(self, log: Floats) -> Floats:
        """Widths by which the density in the middle of a cell is multiplied for its mass, from slope and bend."""
        slope = np.gradient(log, self.middles)
        bend = np.gradient(slope, self.middles)
        return self.widths * (1.0 + np.clip(self.widths**2 / 24.0 * (bend + slope * slope), -0.5, 0.5))


def _third_differences(middles: Floats, widths: Floats) -> Floats:
    """The matrix that makes g into s^(5/2) g''' dy^(1/2), s the width of cells, smoothed."""
    count = len(middles)
    third = np.zeros((count - 3, count))
    rows = np.arange(count - 3)
    for k in range(4):
        apart = np.prod([middles[k : count - 3 + k] - middles[m : count - 3 + m] for m in range(4) if m != k], axis=0)
        third[rows, rows + k] = 6.0 / apart
    window = np.ones(13) / 13.0
    local = np.exp(np.convolve(np.pad(np.log(widths), 6, mode="edge"), window, "valid"))[1:-2]
    return third * np.sqrt(local**5 * np.gradient(middles)[1:-2])[:, None]


def _hermite(x: Floats, logs: Floats, places: Floats, ends: tuple[bool, bool]) -> Floats:
    """Cubic interpolation whose slopes are those of parabolas through three points; a parabola outside.

    Next to a much narrower cell such a slope would overshoot: it makes no more of a cell than thrice its own rise and
    1. A tail falls outwards, at least by 1 over the range, and does not bend upwards.
    """
    slopes = np.gradient(logs, x, axis=1, edge_order=2)
    steepest = (1.0 + 3.0 * np.abs(np.diff(logs, axis=1))) / np.diff(x)
    steepest = np.minimum(np.hstack([steepest[:, :1], steepest]), np.hstack([steepest, steepest[:, -1:]]))
    slopes = np.clip(slopes, -steepest, steepest)
    index = np.clip(np.searchsorted(x, places) - 1, 0, len(x) - 2)
    wide = x[index + 1] - x[index]
    t = (places - x[index]) / wide
    g0, g1, s0, s1 = logs[:, index], logs[:, index + 1], slopes[:, index] * wide, slopes[:, index + 1] * wide
    found = g0 + t * (s0 + t * (3.0 * (g1 - g0) - 2.0 * s0 - s1 + t * (2.0 * (g0 - g1) + s0 + s1)))
    for side, at, near in ((0, 0, 1), (1, len(x) - 1, len(x) - 2)):
        out = places < x[0] if side == 0 else places > x[-1]
        if out.any():
            along = places[out] - x[at]
            slope, bend = slopes[:, at], (slopes[:, at] - slopes[:, near]) / (x[at] - x[near])
            if not ends[side]:
                least = 1.0 / (x[0] - x[-1] if side else x[-1] - x[0])
                slope, bend = (np.minimum if side else np.maximum)(slope, least), np.minimum(bend, 0.0)
            found[:, out] = logs[:, at, None] + slope[:, None] * along + 0.5 * bend[:, None] * along**2
    return found
