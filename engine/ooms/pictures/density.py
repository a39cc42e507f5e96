"""Densities of draws for pictures: kernel estimates, reflected at ends that nothing can lie beyond."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Axis", "axis_of", "density", "even_ticks", "ticks"]

Floats = NDArray[np.float64]

_BINS = 2000
_POINTS = 100
_SHARPEST = 150.0  # no kernel is narrower than an axis over this: what stood still is a spike that can be seen
_FEWEST = 100.0  # independent draws: of fewer, or where nobody can tell, kernels grow no wider
_OUTSIDE = 0.005  # of the draws, at each end of an axis
_NEAR = 0.08  # of an axis: a hard end that is so near belongs to it
_SPAN = 5.0  # from here on, the ratio of the ends of a 90 % interval asks for a log axis


class Axis(NamedTuple):
    """Where a quantity is shown: from low to high, evenly or evenly in logs, and the ends it cannot pass."""

    low: float
    high: float
    logarithmic: bool
    floor: float  # nothing lies beyond this end or the next; infinite if there is no such end
    ceiling: float

    def even(self, values: float | Floats) -> Floats:
        """To the scale on which the axis is even."""
        array = np.asarray(values, dtype=np.float64)
        if not self.logarithmic:
            return array
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(array, 0.0))

    def points(self) -> Floats:
        """Where densities are worked out, from end to end."""
        places = np.linspace(self.even(self.low), self.even(self.high), _POINTS)
        return np.exp(places) if self.logarithmic else places


def axis_of(prior: Floats, posterior: Floats, ends: tuple[float, float]) -> Axis:
    """The axis that holds 99 % and more of both, logarithmic for what is positive, spans much, and is no share."""
    levels = (_OUTSIDE, 0.05, 0.95, 1.0 - _OUTSIDE)
    both = np.array([np.quantile(draws[np.isfinite(draws)], levels) for draws in (prior, posterior)])
    low, high = float(both[:, 0].min()), float(both[:, 3].max())
    share = ends[0] >= 0 and high <= 1  # between 0 and 1 people expect even steps
    span = both[:, 2].max() / both[:, 1].min() if low > 0 and ends[0] >= 0 else 0.0
    axis = Axis(low, high, bool(span > _SPAN and not share), *ends)
    first, last = (float(x) for x in axis.even(np.array([low, high])))
    margin = (last - first or abs(last) or 1.0) * _NEAR
    floor, ceiling = (float(x) for x in axis.even(np.array(ends)))
    first = floor if first - floor < margin else first
    last = ceiling if ceiling - last < margin else last
    first, last = (first, last) if first < last else (first - margin, last + margin)
    low, high = (math.exp(first), math.exp(last)) if axis.logarithmic else (first, last)
    return axis._replace(low=low, high=high)


def density(draws: Floats, axis: Axis, effective: float | None = None) -> Floats:
    """Density of draws at the points of an axis, per unit of the scale on which the axis is even.

    A Gaussian kernel of Silverman's width, reflected at the hard ends, over a histogram fine enough not to be seen; the
    draws know as much as `effective` independent ones (default: as many as they are).

    Examples
    --------
    >>> axis = Axis(0.0, 1.0, False, 0.0, 1.0)
    >>> float(np.round(density(np.linspace(0, 1, 5001), axis), 2).min())
    1.0
    """
    values = axis.even(draws)
    values = values[np.isfinite(values)]
    thinnest = float(axis.even(axis.high) - axis.even(axis.low)) / _SHARPEST
    width = max(_bandwidth(values, effective or len(values)), thinnest)
    counts, edges = np.histogram(values, bins=_BINS, range=_inside(values, axis, width))
    kept, centres = counts > 0, 0.5 * (edges[1:] + edges[:-1])
    sources, weights = centres[kept], counts[kept] / len(draws)
    points = axis.even(axis.points())[:, None]
    heights = _kernels(points - sources, width)
    for end in (float(axis.even(axis.floor)), float(axis.even(axis.ceiling))):
        if math.isfinite(end):
            heights += _kernels(points - (2.0 * end - sources), width)
    return heights @ weights


def _inside(values: Floats, axis: Axis, width: float) -> tuple[float, float]:
    """The stretch whose draws can be seen: the axis and some kernels' widths beyond, but no farther than draws go."""
    low = max(float(axis.even(axis.low)) - 5.0 * width, float(values.min()))
    high = min(float(axis.even(axis.high)) + 5.0 * width, float(values.max()))
    return (low, high) if low < high else (low - 0.1 * width, low + 0.1 * width)


def _bandwidth(values: Floats, effective: float) -> float:
    quartiles = np.quantile(values, (0.25, 0.75))
    spread = min(float(np.std(values)), float(quartiles[1] - quartiles[0]) / 1.34)
    return 0.9 * (spread or float(np.std(values))) * max(effective, _FEWEST) ** -0.2


def _kernels(distances: Floats, width: float) -> Floats:
    return np.exp(-0.5 * (distances / width) ** 2) / (width * math.sqrt(2.0 * math.pi))


def ticks(axis: Axis) -> list[float]:
    """Round numbers along an axis: from two to five.

    Examples
    --------
    >>> ticks(Axis(-1.9, 0.9, False, -9, 9)), ticks(Axis(0.4, 3.6, True, 0, 9)), ticks(Axis(2, 4000, True, 0, 9e9))
    ([-1.5, -1.0, -0.5, 0.0, 0.5], [0.5, 1.0, 2.0], [10.0, 100.0, 1000.0])
    """
    return _log_ticks(axis.low, axis.high) if axis.logarithmic else even_ticks(axis.low, axis.high)


def even_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most so many multiples of 1, 2 or 5 times a power of ten, from low to high."""
    rough = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (rough * times for times in (1, 2, 5, 10, 20)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [float(f"{k * step:.6g}") for k in range(first, last + 1)]
    return [low, high]


def _log_ticks(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for leading in ((1, 2, 5), (1, 3), (1,)):
        steps = [float(f"{k}e{power}") for power in powers for k in leading]
        inside = [x for x in steps if low * 0.999 <= x <= high * 1.001]
        if len(inside) <= 5:
            break
    return inside[:: max(-(-len(inside) // 5), 1)]
