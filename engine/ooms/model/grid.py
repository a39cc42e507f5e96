"""Where trajectories are known: rows of progress, in panels, and the quadrature rule that fills them.

A panel is one OOM long, and near a software limit, where ideas get infinitely hard, never longer than a share of what
is left. Panels are integrated by one Gauss-Lobatto rule of seven nodes (exact for polynomials of degree 11), and their
rows are those nodes.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["LADDER", "NODES", "ROWS", "WEIGHTS", "panels"]

Floats = NDArray[np.float64]

ROWS = 6
"""Rows per panel."""

LADDER = 6
"""Panels between the last whole OOM and the limit: they leave e^-6 of the way, or let the pace fall by e^-48."""

_FARTHEST_TURN, _STEEPEST = 1.0, 8.0

_a, _b = sqrt(5 / 11 - 2 / 11 * sqrt(5 / 3)), sqrt(5 / 11 + 2 / 11 * sqrt(5 / 3))
_wa, _wb = (124 + 7 * sqrt(15)) / 350, (124 - 7 * sqrt(15)) / 350

NODES = (np.array([-1.0, -_b, -_a, 0.0, _a, _b, 1.0]) + 1.0) / 2.0
"""Gauss-Lobatto nodes of a panel, as parts of its length."""

WEIGHTS = np.array([1 / 21, _wb, _wa, 256 / 525, _wa, _wb, 1 / 21]) / 2.0
"""Their weights."""


def panels(limit: Floats, steepness: Floats, top: int) -> tuple[NDArray[np.intp], Floats]:
    r"""How many panels of one OOM come first, and the share of what is left to the limit that every later one takes.

    Near its limit X a pace falls as :math:`(X - x)^s`. The rule is good to 3e-4 where that is at most e^8, and where
    its singularity is no nearer to the panel's end than half its length: panels turn :math:`-\ln(X - x)` by at most

    .. math:: \delta = \min(1, 8/|s|), \qquad \text{a share } 1 - e^{-\delta} \text{ of what is left.}

    Parameters
    ----------
    limit, steepness : array
        X, OOM, and s.
    top : int
        OOMs that are followed.

    Examples
    --------
    >>> whole, share = panels(np.array([11.0, np.inf]), np.array([12.0, 1.0]), 16)
    >>> whole.tolist(), share.round(3).tolist()
    ([9, 16], [0.487, 0.632])
    """
    with np.errstate(divide="ignore", over="ignore"):
        share = -np.expm1(-np.minimum(_FARTHEST_TURN, _STEEPEST / np.abs(steepness)))
        whole = np.floor(limit - 1.0 / share) + 1.0
    return np.clip(whole, 0, top).astype(np.intp), share
