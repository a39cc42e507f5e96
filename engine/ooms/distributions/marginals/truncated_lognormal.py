"""Truncated lognormal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Law, LogOf, Truncated
from ooms.distributions.marginals.words import written
from ooms.distributions.normal import Floats

__all__ = ["TruncatedLognormal"]


@dataclass(frozen=True)
class TruncatedLognormal(Continuous):
    """Truncated lognormal distribution: a lognormal variable, given that it lies between `lower` and `upper`.

    ``ln x`` is a truncated normal variable. Quantiles, if given, are those of the truncated variable.

    Parameters
    ----------
    median, sigma : float
        Median before truncation, and standard deviation of ``ln x`` before truncation.
    lower, upper : float, optional
        Ends of the support; 0 and none if not given.

    Examples
    --------
    >>> capped = TruncatedLognormal.fit({0.1: 3, 0.9: 13}, upper=20)
    >>> print(capped, capped.ppf(0.9).round(9))
    truncated_lognormal(p10=3, p90=13, upper=20) 13.0
    """

    family: ClassVar[str] = "truncated_lognormal"
    example: ClassVar[Mapping[str, object]] = {"distribution": "truncated_lognormal", "p10": 3, "p90": 13, "upper": 20}
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)
    beside_quantiles: ClassVar[tuple[str, ...]] = ("lower", "upper")
    domain: ClassVar[tuple[float | str, float | str]] = ("lower", "upper")
    may_be_infinite: ClassVar[tuple[str, ...]] = ("upper",)

    median: float
    sigma: float
    lower: float = 0.0
    upper: float = np.inf

    @override
    def support(self) -> tuple[float, float]:
        return self.lower, self.upper

    @override
    def _problems(self) -> list[Found]:
        found = positive(median=self.median, sigma=self.sigma) + increasing(lower=self.lower, upper=self.upper)
        if self.lower < 0:
            what = f"lower = {written(self.lower)} is below 0"
            found.append(("lower", what, "give lower at or above 0, or leave it out"))
        return found or self._truncated().problems()

    def _truncated(self) -> Truncated:
        return Truncated(float(np.log(self.median)), self.sigma, *_logs(self.lower, self.upper))

    @override
    def _law(self) -> Law:
        return LogOf(self._truncated())

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        mean, sigma = Truncated.fit(chances, np.log(values), *_logs(fixed["lower"], fixed["upper"]))
        return {"median": float(np.exp(mean)), "sigma": sigma, **fixed}



def _logs(lower: float, upper: float) -> tuple[float, float]:
    return float(np.log(lower)) if lower > 0 else -np.inf, float(np.log(upper))
