"""Contours on a grid by marching squares; by hand, for Vega's own know neither gaps nor uneven axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["contours"]

Floats = NDArray[np.float64]

type _Edge = tuple[int, int, int]
"""A side of a square: 0 along x or 1 along y, and the point of the grid it starts from."""

_SIDES = {
    1: "lb", 2: "br", 3: "lr", 4: "rt", 6: "bt", 7: "lt", 8: "lt", 9: "bt", 11: "rt", 12: "lr", 13: "br", 14: "lb",
}  # fmt: skip
"""Sides that the line joins (bottom, right, top, left), by which corners are above: SW 1, SE 2, NE 4, NW 8."""

_SADDLES = {(5, True): "brlt", (5, False): "lbrt", (10, True): "lbrt", (10, False): "brlt"}
"""Of opposite corners above, by whether the middle is, too: two pieces of the line."""


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
    for first, second in _pieces(values, level):
        joined.setdefault(first, []).append(second)
        joined.setdefault(second, []).append(first)
    lines = [np.array([_crossing(edge, x, y, values, level) for edge in chain]) for chain in _chains(joined)]
    return [line for line in map(_without_repeats, lines) if len(line) > 1]


def _pieces(values: Floats, level: float) -> Iterator[tuple[_Edge, _Edge]]:
    """Sides of squares that a straight piece of the line connects."""
    above = (values >= level).astype(np.int64)
    case = above[:-1, :-1] + 2 * above[1:, :-1] + 4 * above[1:, 1:] + 8 * above[:-1, 1:]
    centre = (values[:-1, :-1] + values[1:, :-1] + values[1:, 1:] + values[:-1, 1:]) / 4.0
    for i, j in np.argwhere((case % 15 != 0) & np.isfinite(centre)).tolist():
        edges = {"b": (0, i, j), "r": (1, i + 1, j), "t": (0, i, j + 1), "l": (1, i, j)}
        kind = int(case[i, j])
        sides = _SIDES.get(kind) or _SADDLES[kind, bool(centre[i, j] >= level)]
        yield edges[sides[0]], edges[sides[1]]
        if len(sides) > 2:
            yield edges[sides[2]], edges[sides[3]]


def _chains(joined: dict[_Edge, list[_Edge]]) -> list[list[_Edge]]:
    """Pieces put together: first those with ends, then those that close."""
    left, chains = set(joined), list[list[_Edge]]()
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
        chains.append(chain)
    return chains


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
