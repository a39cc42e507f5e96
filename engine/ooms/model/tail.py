r"""The last stretch before a limit X, where the pace falls as a power of what is left: :math:`(X - x)^s`.

Everything else that moves the pace stands still there, and times are in closed form.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.model.production import nonzero

__all__ = ["Tail"]

Floats = NDArray[np.float64]


class Tail(NamedTuple):
    """Progress, time and ln(dT/dx) at its start, the limit, and the power s with which the pace falls.

    With r = (X - x) / (X - x0), the part that is left, dT/dx = e^l0 r^-s. So T = t0 + e^l0 (X - x0) (r^-c - 1) / c with
    c = s - 1, which `time_at` gives and `progress_at` solves for r; where c is 0 that is -ln r, as a limit.
    """

    x0: Floats
    t0: Floats
    l0: Floats
    limit: Floats
    steepness: Floats

    @classmethod
    def of(cls, x: Floats, log: Floats, x0: Floats, t0: Floats, l0: Floats, limit: Floats) -> Tail:
        """From ln(dT/dx) at its start and somewhere before."""
        steepness = (l0 - log) / np.log((limit - x) / (limit - x0))
        return cls(x0, t0, l0, limit, np.where(np.isfinite(steepness), np.maximum(steepness, 0.0), 1.0))

    def time_at(self, x: Floats) -> Floats:
        """When progress is x."""
        c, whole = nonzero(self.steepness - 1.0), self.limit - self.x0
        return self.t0 + np.exp(self.l0) * whole * np.expm1(-c * np.log((self.limit - x) / whole)) / c

    def slowness_at(self, x: Floats) -> Floats:
        """ln(dT/dx) at x."""
        return self.l0 - self.steepness * np.log((self.limit - x) / (self.limit - self.x0))

    def progress_at(self, t: Floats) -> Floats:
        """How much progress there is at t."""
        c, whole = nonzero(self.steepness - 1.0), self.limit - self.x0
        waited = (t - self.t0) * np.exp(-self.l0) / whole
        return self.limit - whole * np.exp(-np.log1p(np.maximum(c * waited, -1.0)) / c)

    def progress_when(self, log: Floats) -> Floats:
        """Where ln(dT/dx) is that much."""
        return self.limit - (self.limit - self.x0) * np.exp(-(log - self.l0) / nonzero(self.steepness))
