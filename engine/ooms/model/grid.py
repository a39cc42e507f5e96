"""Where trajectories are known: rows of progress, in panels, and the quadrature rule that fills them.

A panel is one OOM long, and near a software limit, where ideas get infinitely hard, never longer than a share of what
is left (a ladder of shorter and shorter panels). Panels are integrated by one Gauss-Lobatto rule of seven nodes (exact
for polynomials of degree 11), and their rows are those nodes.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["LADDER", "NODES", "ROWS", "WEIGHTS", "ladder", "panels"]

Floats = NDArray[np.float64]
Draws = NDArray[np.intp]

ROWS = 6
"""Rows per panel."""

LADDER = 5
"""Panels of the ladder: they leave e^-5 of the way to the limit, or let the pace fall by e^-45, in whole-OOM strides a
little less."""

_FARTHEST_TURN, _STEEPEST = 1.0, 9.0

_a, _b = sqrt(5 / 11 - 2 / 11 * sqrt(5 / 3)), sqrt(5 / 11 + 2 / 11 * sqrt(5 / 3))
_wa, _wb = (124 + 7 * sqrt(15)) / 350, (124 - 7 * sqrt(15)) / 350

NODES = (np.array([-1.0, -_b, -_a, 0.0, _a, _b, 1.0]) + 1.0) / 2.0
"""Gauss-Lobatto nodes of a panel, as parts of its length."""

WEIGHTS = np.array([1 / 21, _wb, _wa, 256 / 525, _wa, _wb, 1 / 21]) / 2.0
"""Their weights."""


def panels(limit: Floats, steepness: Floats, top: int) -> tuple[Draws, Floats]:
    r"""How many panels of one OOM come first, and the share of what is left to the limit that later ones take at most.

    Near its limit X a pace falls as :math:`(X - x)^s`. The rule is good to 1e-3 where that is at most e^9, and where
    its singularity is no nearer to the panel's end than half its length: panels turn :math:`-\ln(X - x)` by at most

    .. math:: \delta = \min(1, 9/|s|), \qquad \text{a share } 1 - e^{-\delta} \text{ of what is left.}

    Parameters
    ----------
    limit, steepness : array
        X, OOM, and s.
    top : int
        OOMs that are followed.

    Examples
    --------
    >>> whole, share = panels(np.array([11.0, np.inf]), np.array([20.0, 1.0]), 16)
    >>> whole.tolist(), share.round(3).tolist()
    ([9, 16], [0.362, 0.632])
    """
    share = np.empty(np.broadcast_shapes(limit.shape, steepness.shape))  # in place: fresh memory costs more than this
    with np.errstate(divide="ignore", over="ignore"):
        np.divide(-_STEEPEST, np.abs(steepness), out=share)
        np.expm1(np.maximum(share, -_FARTHEST_TURN, out=share), out=share)
        np.negative(share, out=share)
        whole = np.floor(limit - 1.0 / share)
    return np.clip(whole + 1.0, 0, top).astype(np.intp), share


def ladder(start: Floats, limit: Floats, share: Floats) -> Floats:
    """Where the later panels begin and end, shape (LADDER + 1, draws): each at most that share of what is left.

    Whole OOMs on the way are ends of panels.

    Examples
    --------
    >>> ladder(np.array([9.0]), np.array([11.0]), np.array([0.4])).ravel().round(2).tolist()
    [9.0, 9.5, 10.0, 10.33, 10.56, 10.7]
    """
    ends = np.empty((LADDER + 1, len(start)))
    ends[0] = start
    for panel in range(LADDER):
        x = ends[panel]
        goal = np.floor(x) + 1.0
        strides = np.ceil((goal - x) / (share * (limit - x)) * (1.0 - 1e-9))
        ends[panel + 1] = np.where(strides <= 1.0, goal, x + (goal - x) / strides)
    return ends
