"""Skewed log-uniform distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Halves, Law, LogOf
from ooms.distributions.marginals.solve import NoSolutionError
from ooms.distributions.normal import Floats

__all__ = ["SkewedLoguniform"]


@dataclass(frozen=True)
class SkewedLoguniform(Continuous):
    """Skewed log-uniform distribution: half the probability on each side of a best guess, each half log-uniform.

    ``ln ppf(u)`` runs in a straight line from ``ln low`` at 0 to ``ln mode`` at 1/2 and on to ``ln high`` at 1. The
    best guess is the median, and the density jumps there. It can be given by two quantiles, one on each side, beside
    the mode, or by three of which the middle one is p50.

    Parameters
    ----------
    low, mode, high : float
        Lower end, best guess (the median), upper end; all above zero.

    References
    ----------
    Davidson, T. (2023). What a compute-centric framework says about takeoff speeds. Open Philanthropy.

    Examples
    --------
    >>> SkewedLoguniform(1, 10, 1000).ppf(np.array([0.25, 0.5, 0.75])).round(6).tolist()
    [3.162278, 10.0, 100.0]
    """

    family: ClassVar[str] = "skewed_loguniform"
    example: ClassVar[Mapping[str, object]] = {"distribution": "skewed_loguniform", "low": 1, "mode": 10, "high": 1000}
    quantile_counts: ClassVar[tuple[int, ...]] = (2, 3)
    beside_quantiles: ClassVar[tuple[str, ...]] = ("mode",)
    domain: ClassVar[tuple[float | str, float | str]] = (0.0, np.inf)

    low: float
    mode: float
    high: float

    @override
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @override
    def _problems(self) -> list[Found]:
        return positive(low=self.low) + increasing(low=self.low, mode=self.mode, high=self.high)

    @override
    def _law(self) -> Law:
        return LogOf(Halves(*np.log([self.low, self.mode, self.high]).tolist()))

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        mode = fixed.get("mode", values[1])
        if not chances[0] < 0.5 < chances[-1] or ("mode" not in fixed and chances[1] != 0.5):
            raise NoSolutionError("one quantile is needed on each side of p50")
        reach = (np.log(values[[0, -1]]) - np.log(mode)) / np.abs(2.0 * chances[[0, -1]] - 1.0)
        low, high = mode * np.exp(reach)
        return {"low": float(low), "mode": float(mode), "high": float(high)}
