"""Truncated normal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.truncation import Truncation, fit_truncation, no_mass
from ooms.distributions.marginals.twins import Twin, from_density
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
        return found or no_mass(self._part)

    @cached_property
    def _part(self) -> Truncation:
        return Truncation(self.mean, self.sd, self.lower, self.upper)

    @override
    def _ppf(self, u: Floats) -> Floats:
        return self._part.ppf(u)

    @override
    def _cdf(self, x: Floats) -> Floats:
        return self._part.cdf(x)

    @override
    def _logpdf(self, x: Floats) -> Floats:
        return self._part.logpdf(x)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        mean, sd = fit_truncation(chances, values, fixed["lower"], fixed["upper"])
        return {"mean": mean, "sd": sd, **fixed}

    @override
    def twin(self, pm: Any) -> Twin:
        def logp(x: Any) -> Any:
            return pm.math.switch((x >= self.lower) & (x <= self.upper), self._part.logpdf(x), -np.inf)

        return from_density(pm, logp, self.ppf)
