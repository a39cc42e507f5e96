"""Where a quantity is resolved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Scale"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a quantity is resolved: from low to high, evenly or evenly in logs."""

    low: float
    high: float
    logarithmic: bool = False
    bottom: float = 0.0
    """What values at or below `low` are shown as."""

    def forward(self, values: Floats) -> Floats:
        """To the scale on which bins are even."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(values) if self.logarithmic else values

    def place(self, value: float) -> float:
        """A value on the even scale; what is at the bottom is at its low end."""
        return float(self.forward(np.array(value if value > self.bottom else self.low)))

    def back(self, places: ArrayLike) -> Floats:
        """From the even scale to the quantity; its low end stands for the bottom."""
        places = np.asarray(places)
        values = np.exp(places) if self.logarithmic else places
        return np.where(places <= self.place(self.bottom), self.bottom, values)
