"""The innermost loop: `Pace.shape_inside` for a whole block, in place, in as few passes over memory as NumPy allows.

Fresh memory for every intermediate result costs as much as the arithmetic. So the plain case (one route, a flat taste,
a limit for every draw) is worked out in two arrays that are used again; any other case goes through `Pace` itself.
Operations come in the same order, so that a draw's result does not depend on the block it comes in.
`tests/model/test_kernel.py` holds the two equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ooms.model.pace import Pace
from ooms.model.retraining import RetrainedPace

__all__ = ["Kernel"]

Floats = NDArray[np.float64]


class Kernel:
    """ln(dT/dx) less the level, for a block of draws at one x after the other.

    Parameters
    ----------
    pace : Pace
        The equation.
    scratch : array, shape (draws,)
        Memory to work in.
    """

    def __init__(self, pace: Pace, scratch: Floats) -> None:
        self._pace, self._scratch = pace, scratch
        routes = bool(pace.inputs.routes)
        self._plain = (
            pace.tame and pace.taste_is_flat and pace.all_limited and not routes and not isinstance(pace, RetrainedPace)
        )
        self._slope, self._intercept = pace.tilt.slope, pace.tilt.intercept
        self._labour_weight = 1.0 - pace.inputs.compute_share
        self._minus_per_rho = np.negative(pace.per_rho)
        self._cheaper = np.asarray(-pace.compute.slope) if np.any(pace.compute.slope) else None

    def __call__(self, x: Floats | float, out: Floats) -> None:
        """Fill `out` with the value at x, which lies below every draw's limit."""
        if not self._plain:
            np.negative(self._pace.shape_inside(x), out=out)
            return
        y, pace = self._scratch, self._pace
        np.multiply(self._slope, x, out=y)
        y += self._intercept
        np.expm1(y, out=y)
        y *= self._labour_weight
        np.log1p(y, out=y)
        np.multiply(y, self._minus_per_rho, out=out)
        if self._cheaper is not None:
            np.multiply(self._cheaper, x, out=y)
            out += y
        np.multiply(pace.per_limit, x, out=y)
        np.log1p(y, out=y)
        y *= pace.steepness
        out -= y
