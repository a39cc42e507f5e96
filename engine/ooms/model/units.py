"""Small shared vocabulary of the model: ln 10, and a straight line in software progress."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.arrays import floats

__all__ = ["LN10", "Line"]

Floats = NDArray[np.float64]

LN10 = math.log(10.0)


class Line(NamedTuple):
    """A log input as a straight line in software progress x: value at x = 0, and slope per OOM."""

    intercept: Floats
    slope: Floats

    def at(self, x: ArrayLike) -> Floats:
        """Value at x OOMs."""
        return self.intercept + self.slope * floats(x)
