"""Shifted lognormal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Gauss, Law, LogOf, Shifted
from ooms.distributions.marginals.solve import line
from ooms.distributions.normal import Floats, ndtri

__all__ = ["ShiftedLognormal"]


@dataclass(frozen=True)
class ShiftedLognormal(Continuous):
    """Shifted lognormal distribution: ``ppf(u) = shift + median exp(sigma ndtri(u))``.

    Quantiles are those of the whole variable; in a prior file ``excess_p10`` and ``excess_p90`` are those of the part
    above the shift, as in "1 + lognormal with 80 % in [1, 200]". The shift is 1 beside quantiles that do not name it.

    Parameters
    ----------
    shift : float
        Lower end of the support.
    median, sigma : float
        Median of ``x - shift``, and standard deviation of its logarithm.

    References
    ----------
    AI Futures Project (2025). AI 2027 takeoff forecast: multipliers elicited as one plus a lognormal.

    Examples
    --------
    >>> multiplier = ShiftedLognormal.fit({0.1: 2, 0.9: 201})
    >>> multiplier.shift, round(multiplier.median, 6)
    (1.0, 14.142136)
    """

    family: ClassVar[str] = "shifted_lognormal"
    example: ClassVar[Mapping[str, object]] = {
        "distribution": "shifted_lognormal",
        "shift": 1,
        "excess_p10": 1,
        "excess_p90": 200,
    }
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)
    beside_quantiles: ClassVar[tuple[str, ...]] = ("shift",)
    beside_defaults: ClassVar[Mapping[str, float]] = {"shift": 1.0}
    domain: ClassVar[tuple[float | str, float | str]] = ("shift", np.inf)
    excess_over: ClassVar[str | None] = "shift"

    shift: float
    median: float
    sigma: float

    @override
    def support(self) -> tuple[float, float]:
        return self.shift, np.inf

    @override
    def _problems(self) -> list[Found]:
        return positive(median=self.median, sigma=self.sigma)

    @override
    def _law(self) -> Law:
        return Shifted(LogOf(Gauss(float(np.log(self.median)), self.sigma)), self.shift)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        mean, sigma = line(ndtri(chances), np.log(values - fixed["shift"]))
        return {"shift": fixed["shift"], "median": float(np.exp(mean)), "sigma": sigma}
