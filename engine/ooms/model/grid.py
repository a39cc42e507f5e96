"""Where trajectories are known: rows of progress, in panels of one OOM, and the quadrature rules that fill them.

Below a draw's software limit a panel is integrated by one Gauss-Lobatto rule of seven nodes (exact for polynomials of
degree 11), and its rows are those nodes. The last panel before the limit, where ideas get infinitely hard, is cut into
six equal pieces with a rule of four nodes each, and its rows are the ends of the pieces.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

__all__ = ["FINE_NODES", "FINE_WEIGHTS", "MARGIN", "NODES", "ROWS", "WEIGHTS", "row_positions"]

Floats = NDArray[np.float64]

ROWS = 6
"""Rows per OOM."""

MARGIN = 0.5
"""OOMs that must lie between a panel's end and the limit for the panel to be integrated whole."""

_a, _b = sqrt(5 / 11 - 2 / 11 * sqrt(5 / 3)), sqrt(5 / 11 + 2 / 11 * sqrt(5 / 3))
_wa, _wb = (124 + 7 * sqrt(15)) / 350, (124 - 7 * sqrt(15)) / 350

NODES = (np.array([-1.0, -_b, -_a, 0.0, _a, _b, 1.0]) + 1.0) / 2.0
"""Gauss-Lobatto nodes of a panel, in OOM from its start."""

WEIGHTS = np.array([1 / 21, _wb, _wa, 256 / 525, _wa, _wb, 1 / 21]) / 2.0
"""Their weights."""

FINE_NODES = (np.array([-1.0, -1 / sqrt(5), 1 / sqrt(5), 1.0]) + 1.0) / 2.0
"""Gauss-Lobatto nodes of a piece, in pieces from its start."""

FINE_WEIGHTS = np.array([1.0, 5.0, 5.0, 1.0]) / 12.0
"""Their weights."""


def row_positions(top: int) -> Floats:
    """Progress at every row up to `top` OOM, shape (2, rows): in pieces (0), and in whole panels (1)."""
    pieces = np.arange(top * ROWS + 1) / ROWS
    whole = np.append((np.arange(top)[:, None] + NODES[:-1]).ravel(), float(top))
    return np.stack([pieces, whole])
