"""Scales that carry a bounded or positive variable to the whole line."""

from __future__ import annotations

from typing import Any

import numpy as np

from ooms.distributions.normal import Floats

__all__ = ["Scale"]


class Scale:
    """Increasing map of the interval from `lower` to `upper` to the line, by way of the logarithm if `log`.

    Methods that a PyMC twin needs take the module to compute with: `numpy` or `pytensor.tensor`.

    Parameters
    ----------
    lower, upper : float
        Ends of the interval; either may be infinite. On the log scale a lower end below 0 is taken for 0.
    log : bool
        Whether to take the logarithm first.

    Examples
    --------
    >>> unit = Scale(0.0, 1.0, False)
    >>> unit.to_line(np.array([0.5, 0.9]), np).round(6).tolist(), unit.from_line(np.array([0.0])).tolist()
    ([0.0, 2.197225], [0.5])
    """

    def __init__(self, lower: float, upper: float, log: bool) -> None:
        self.lower, self.upper, self._log = max(lower, 0.0) if log else lower, upper, log
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = np.log([self.lower, self.upper]) if log else np.array([self.lower, self.upper])
        self._ends: tuple[float, float] = (float(ends[0]), float(ends[1]))

    def to_line(self, x: Any, m: Any) -> Any:
        """Point on the line for a value in the interval."""
        low, high = self._ends
        s = m.log(x) if self._log else x
        t = s if np.isinf(low) and np.isinf(high) else 0.0
        if np.isfinite(low):
            t = t + m.log(s - low)
        return t - m.log(high - s) if np.isfinite(high) else t

    def from_line(self, t: Floats) -> Floats:
        """Value in the interval for a point on the line."""
        low, high = self._ends
        with np.errstate(over="ignore"):
            if np.isfinite(low) and np.isfinite(high):
                s = np.where(t < 0, low + (high - low) / (1 + np.exp(-t)), high - (high - low) / (1 + np.exp(t)))
            elif np.isfinite(low):
                s = low + np.exp(t)
            else:
                s = high - np.exp(-t) if np.isfinite(high) else t
            return np.exp(s) if self._log else s

    def log_slope(self, x: Any, m: Any) -> Any:
        """Logarithm of the derivative of `to_line`."""
        low, high = self._ends
        s = m.log(x) if self._log else x
        total = -s if self._log else 0.0 * s
        if np.isfinite(low):
            total = total - m.log(s - low)
        if np.isfinite(high):
            total = total - m.log(high - s)
        return total + np.log(high - low) if np.isfinite(low) and np.isfinite(high) else total
