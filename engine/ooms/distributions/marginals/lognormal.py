"""Lognormal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Gauss, Law, LogOf
from ooms.distributions.marginals.solve import line
from ooms.distributions.normal import Floats, ndtri

__all__ = ["Lognormal"]


@dataclass(frozen=True)
class Lognormal(Continuous):
    """Lognormal distribution: ``ln x`` is normal, ``ppf(u) = median exp(sigma ndtri(u))``.

    Parameters
    ----------
    median : float
        Median, above zero.
    sigma : float
        Standard deviation of ``ln x``.

    Examples
    --------
    >>> eighty = Lognormal.fit({0.1: 3, 0.9: 13})
    >>> print(eighty, round(eighty.middle, 6))
    lognormal(p10=3, p90=13) 6.244998
    """

    family: ClassVar[str] = "lognormal"
    example: ClassVar[Mapping[str, object]] = {"distribution": "lognormal", "p10": 3, "p90": 13}
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)
    domain: ClassVar[tuple[float | str, float | str]] = (0.0, np.inf)

    median: float
    sigma: float

    @override
    def support(self) -> tuple[float, float]:
        return 0.0, np.inf

    @override
    def _problems(self) -> list[Found]:
        return positive(median=self.median, sigma=self.sigma)

    @override
    def _law(self) -> Law:
        return LogOf(Gauss(float(np.log(self.median)), self.sigma))

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        mean, sigma = line(ndtri(chances), np.log(values))
        return {"median": float(np.exp(mean)), "sigma": sigma}
