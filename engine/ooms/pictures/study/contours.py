"""Contours of a function on a grid, by marching squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["contours"]

Floats = NDArray[np.float64]

type _Edge = tuple[int, int, int]
"""A side of a square: 0 along x or 1 along y, and the point of the grid it starts from."""

_UNCUT = (0, 15)  # no corner above, or all
_SADDLES = (5, 10)  # opposite corners above


def contours(x: Floats, y: Floats, values: Floats, level: float) -> list[Floats]:
    """Lines along which a function takes a value, each of shape (points, 2); a closed one ends where it began.

    Between neighbours on the grid the function is taken to be straight. Where a square has opposite corners above, the
    mean of its corners says which belong together. Squares with an unknown corner (NaN) are left out.

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 3)
    >>> [line.tolist() for line in contours(x, x, x[:, None] + 0 * x, 0.25)]
    [[[0.25, 0.0], [0.25, 0.5], [0.25, 1.0]]]
    """
    joined: dict[_Edge, list[_Edge]] = {}
    for one, other in _pieces(values, level):
        joined.setdefault(one, []).append(other)
        joined.setdefault(other, []).append(one)
    found = [np.array([_crossing(edge, x, y, values, level) for edge in chain]) for chain in _chains(joined)]
    return [line for line in map(_without_repeats, found) if len(line) > 1]


def _pieces(values: Floats, level: float) -> list[tuple[_Edge, _Edge]]:
    """Sides of squares that a straight piece of the line connects."""
    above = (values >= level).astype(np.int64)
    case = above[:-1, :-1] + 2 * above[1:, :-1] + 4 * above[1:, 1:] + 8 * above[:-1, 1:]
    centre = (values[:-1, :-1] + values[1:, :-1] + values[1:, 1:] + values[:-1, 1:]) / 4.0
    cut = ~np.isin(case, _UNCUT) & np.isfinite(centre)
    found = list[tuple[_Edge, _Edge]]()
    for i, j in np.argwhere(cut).tolist():
        kind = int(case[i, j])
        bottom, right, top, left = (0, i, j), (1, i + 1, j), (0, i, j + 1), (1, i, j)
        if kind in _SADDLES:
            # whether the corners at SE and NW are cut off, each by a piece of its own
            apart = (kind == _SADDLES[0]) == bool(centre[i, j] >= level)
            found += [(bottom, right), (top, left)] if apart else [(left, bottom), (right, top)]
            continue
        sw, se, ne, nw = (bool(kind & bit) for bit in (1, 2, 4, 8))
        sides = ((bottom, sw != se), (right, se != ne), (top, ne != nw), (left, nw != sw))
        one, other = (side for side, crossed in sides if crossed)
        found.append((one, other))
    return found


def _chains(joined: dict[_Edge, list[_Edge]]) -> list[list[_Edge]]:
    """Pieces put together: first those with ends, then those that close."""
    left, found = set(joined), list[list[_Edge]]()
    ends = [edge for edge, others in joined.items() if len(others) == 1]
    for start in (*ends, *joined):
        if start not in left:
            continue
        chain, at = list[_Edge](), start
        while at in left:
            left.remove(at)
            chain.append(at)
            at = next((other for other in joined[at] if other in left), at)
        if len(joined[start]) > 1:
            chain.append(start)
        found.append(chain)
    return found


def _crossing(edge: _Edge, x: Floats, y: Floats, values: Floats, level: float) -> tuple[float, float]:
    """Where on a side the function takes the value."""
    along_y, i, j = edge
    k, m = (i, j + 1) if along_y else (i + 1, j)
    share = (level - values[i, j]) / (values[k, m] - values[i, j])
    return float(x[i] + share * (x[k] - x[i])), float(y[j] + share * (y[m] - y[j]))


def _without_repeats(line: Any) -> Floats:
    """The line without points that repeat the one before: it goes through a point of the grid."""
    new = np.any(np.diff(line, axis=0) != 0.0, axis=1)
    return line[np.concatenate([[True], new])]
