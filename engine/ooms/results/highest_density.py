r"""Highest-density sets: the places where a density is above a level, chosen so that they hold a mass.

.. math:: S = \{x : f(x) \ge c\}, \qquad P(S) = m

Past the last draw it goes on only as far as the density falls. A density from draws has bumps of its own making. Two
modes count as two only if the density between them is lower than at either by several of its standard errors. Between
such modes the density counts as rising to each and falling from it: the geometric mean of the lowest curve above it
that does so and the highest one below it. Masses are those of the density itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ooms.results.credence import Estimate, HighestDensitySet, estimated, jackknifed

if TYPE_CHECKING:
    from ooms.results.density import Density

__all__ = ["highest_density"]

Floats = NDArray[np.float64]

_CLEAR = 4.0
"""Standard errors by which a valley is below its modes."""
_FLOOR = 700.0
"""Below the greatest log density: as good as nothing."""
_HALVINGS = 60
_FINE = 1e-9
"""Of the range: no end is wanted more exactly."""


def highest_density(density: Density, mass: float) -> HighestDensitySet:
    """The smallest set that holds so much.

    Parameters
    ----------
    density : Density
        What is known of the distribution.
    mass : float
        Between 0 and 1.
    """
    atoms = density.atoms | {math.inf: density.never_mass}
    taken, held = dict[float, Floats](), np.zeros(len(density.never_mass))
    for value, share in sorted(atoms.items(), key=lambda atom: -atom[1][0]):
        if held[0] >= mass or not share[0]:
            break
        taken[value], held = share, held + share
    pieces: list[tuple[Estimate, Estimate]] = []
    holds = estimated(held)
    if held[0] < mass:
        pieces, holds = _pieces(density, mass - held), Estimate(mass, 0.0)
    alone = [v for v in taken if math.isfinite(v) and not any(a.value <= v <= b.value for a, b in pieces)]
    pieces += [(Estimate(value, 0.0), Estimate(value, 0.0)) for value in alone]
    return HighestDensitySet(tuple(sorted(pieces)), math.inf in taken, mass, holds)


def _pieces(density: Density, wanted: Floats) -> list[tuple[Estimate, Estimate]]:
    """Where the density is highest, with so much mass, in each row of the density."""
    levels = _log_density(density)
    low, high = np.searchsorted(density.places, density.reach)
    within = slice(low - _falling(levels[0, low::-1]), high + _falling(levels[0, high:]) + 1)
    places, levels, held = density.places[within], levels[:, within], density.cumulative[:, within]
    segments = [_Segment(places, levels, held, first, last) for first, last in _valleys(levels)]
    ends = np.array([_ends(segments, row, wanted[row]) for row in range(len(wanted))])
    found: list[tuple[int, int]] = []  # places of the ends among all: segment and side
    for k, (low, high) in enumerate(ends[0]):
        if high <= low:
            continue
        joined = bool(found) and found[-1][1] == k - 1 and low <= ends[0][k - 1][1] + 1e-9 * np.ptp(places)
        found[-1:] = [(found[-1][0], k)] if joined else [*found[-1:], (k, k)]
    return [
        (_end(density, ends[:, first, 0], 0), _end(density, ends[:, last, 1], 1)) for first, last in found
    ]


def _log_density(density: Density) -> Floats:
    """Of the quantity itself, shape (rows, places); nowhere lower than what is as good as nothing."""
    with np.errstate(divide="ignore"):
        levels = np.log(density.density) - (density.places if density.scale.logarithmic else 0.0)
    return np.maximum(levels, levels.max(axis=1, keepdims=True) - _FLOOR)


def _falling(levels: Floats) -> int:
    """How many places on it still falls."""
    return int(np.argmin(np.append(np.diff(levels) < 0, False)))


def _valleys(levels: Floats) -> list[tuple[int, int]]:
    """First and last place of each mode's segment: modes that stand out clearly, with the valleys between them."""
    heights = np.exp(levels - levels[0].max())
    whole = heights[0]
    rise = np.sign(np.diff(whole))
    moving = np.flatnonzero(rise)
    turns = moving[:-1][rise[moving[:-1]] != rise[moving[1:]]] + 1
    tops = [t for t in turns.tolist() if rise[t - 1] > 0 or _last_move(rise, t) > 0]
    lows = [t for t in turns.tolist() if t not in tops]
    if moving.size and rise[moving[0]] < 0:
        tops.insert(0, 0)
    if moving.size and rise[moving[-1]] > 0:
        tops.append(len(whole) - 1)
    lows = [low for low in lows if tops and tops[0] < low < tops[-1]]
    while lows:
        clear = [min((_clearness(heights, top, low), top) for top in tops[k : k + 2]) for k, low in enumerate(lows)]
        k = min(range(len(lows)), key=lambda k: clear[k][0])
        if clear[k][0] >= _CLEAR:
            break
        lower = min(tops[k : k + 2], key=lambda top: whole[top])
        tops.remove(lower)
        del lows[k]
    cuts = [0, *lows, len(whole) - 1]
    return list(pairwise(cuts))


def _last_move(rise: Floats, turn: int) -> float:
    moves = rise[:turn][rise[:turn] != 0]
    return float(moves[-1]) if moves.size else 0.0


def _clearness(heights: Floats, top: int, low: int) -> float:
    """How many standard errors a valley is below a mode."""
    depth, error = jackknifed(float(heights[0, top] - heights[0, low]), heights[1:-3, top] - heights[1:-3, low])
    return depth / error if error > 0 else math.inf


class _Segment:
    """A stretch with one mode: for any level where the density is above it."""

    def __init__(self, places: Floats, levels: Floats, cumulative: Floats, first: int, last: int) -> None:
        within = slice(first, last + 1)
        self.places, self.cumulative = places[within], cumulative[:, within]
        self.tops = np.argmax(levels[:, within], axis=1)
        self.up = [_between(row[: top + 1]) for row, top in zip(levels[:, within], self.tops, strict=True)]
        self.down = [_between(row[top:][::-1]) for row, top in zip(levels[:, within], self.tops, strict=True)]

    def ends(self, row: int, level: float) -> tuple[float, float]:
        """Both at the mode where it is lower."""
        top, up, down = self.tops[row], self.up[row], self.down[row]
        low = np.interp(level, up, self.places[: top + 1]) if level > up[0] else self.places[0]
        high = np.interp(level, down, self.places[top:][::-1]) if level > down[0] else self.places[-1]
        return float(low), float(high)

    def mass(self, row: int, ends: Sequence[float]) -> float:
        held: list[Floats] = [np.interp(end, self.places, self.cumulative[row]) for end in ends]
        return float(held[1] - held[0])


def _between(levels: Floats) -> Floats:
    """Between the lowest rising curve above some levels and the highest one below them."""
    return (np.maximum.accumulate(levels) + np.minimum.accumulate(levels[::-1])[::-1]) / 2.0


def _ends(segments: list[_Segment], row: int, wanted: float) -> Floats:
    """Ends in each segment, shape (segments, 2), that hold so much together."""

    def at(level: float) -> Floats:
        return np.array([segment.ends(row, level) for segment in segments])

    def held(ends: Floats) -> float:
        return sum(segment.mass(row, both) for segment, both in zip(segments, ends.tolist(), strict=True))

    low = min(float(min(s.up[row][0], s.down[row][0])) for s in segments) - 1.0
    high = max(float(s.up[row][-1]) for s in segments)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if held(at(middle)) >= wanted else (low, middle)
    wide, narrow = at(low), at(high)
    apart, fine = wide - narrow, _FINE * float(segments[-1].places[-1] - segments[0].places[0])
    least, most = 0.0, 1.0 if held(narrow) < wanted else 0.0
    while (most - least) * float(np.max(np.abs(apart))) > fine:  # where the density is level, part of it
        part = (least + most) / 2.0
        least, most = (least, part) if held(narrow + part * apart) >= wanted else (part, most)
    return narrow + most * apart


def _end(density: Density, places: Floats, side: int) -> Estimate:
    """An end with its error, of which how far a distribution may go on past its last draw is a part.

    That far is exponential with mean 1 / (n f), so its root mean square is the root of 2 times that: all of the error
    where the distribution itself ends, and none where draws lie farther out than that.
    """
    value, error = estimated(density.scale.back(places))
    place, (low, high), outwards = float(places[0]), density.reach, 1 if side else -1
    heights: list[Floats] = [np.interp(min(max(place, low), high), density.places, density.density[0])]
    height = float(heights[0])
    farther = math.sqrt(2.0) / (density.draws * height) if height > 0 else math.inf
    if outwards * (density.reach[side] - place) > farther:
        return Estimate(value, error)
    beyond = float(density.scale.back(place + outwards * min(farther, high - low)))
    return Estimate(value, math.hypot(error, beyond - value))
