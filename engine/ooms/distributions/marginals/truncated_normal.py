"""Truncated normal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Law, Truncated
from ooms.distributions.normal import Floats

__all__ = ["TruncatedNormal"]


@dataclass(frozen=True)
class TruncatedNormal(Continuous):
    """Truncated normal distribution: a normal variable, given that it lies between `lower` and `upper`.

    ``ppf(u) = mean + sd ndtri(Phi(a) + u (Phi(b) - Phi(a)))`` with `a`, `b` the ends in standard units. Quantiles, if
    given, are those of the truncated variable.

    Parameters
    ----------
    mean, sd : float
        Mean and standard deviation before truncation.
    lower, upper : float, optional
        Ends of the support; none if not given.

    Examples
    --------
    >>> half = TruncatedNormal(0, 1, lower=0)
    >>> print(half, round(half.middle, 6))
    truncated_normal(0, 1, lower=0) 0.67449
    """

    family: ClassVar[str] = "truncated_normal"
    example: ClassVar[Mapping[str, object]] = {"distribution": "truncated_normal", "mean": 0.3, "sd": 0.5, "lower": 0}
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)
    beside_quantiles: ClassVar[tuple[str, ...]] = ("lower", "upper")
    domain: ClassVar[tuple[float | str, float | str]] = ("lower", "upper")
    may_be_infinite: ClassVar[tuple[str, ...]] = ("lower", "upper")

    mean: float
    sd: float
    lower: float = -np.inf
    upper: float = np.inf

    @override
    def support(self) -> tuple[float, float]:
        return self.lower, self.upper

    @override
    def _problems(self) -> list[Found]:
        found = positive(sd=self.sd) + increasing(lower=self.lower, upper=self.upper)
        return found or Truncated(self.mean, self.sd, self.lower, self.upper).problems()

    @override
    def _law(self) -> Law:
        return Truncated(self.mean, self.sd, self.lower, self.upper)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        mean, sd = Truncated.fit(chances, values, fixed["lower"], fixed["upper"])
        return {"mean": mean, "sd": sd, **fixed}
