"""Beta distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.inverse import SmoothInverse
from ooms.distributions.marginals.solve import line, newton
from ooms.distributions.marginals.twins import Twin, transformed, wide
from ooms.distributions.normal import Floats, ndtri

__all__ = ["Beta"]

_LOG_NEGLIGIBLE = -72.0


@dataclass(frozen=True)
class Beta(Continuous):
    """Beta distribution between `low` and `high`: density proportional to ``(x - low)^(a-1) (high - x)^(b-1)``.

    Inverted numerically in ``y = ln((x - low) / (high - x))``, whose density ``a y - (a + b) ln(1 + e^y)`` is smooth on
    the whole line.

    Parameters
    ----------
    a, b : float
        Shapes, above zero.
    low, high : float, optional
        Ends of the support; 0 and 1 if not given.

    Examples
    --------
    >>> float(Beta(2, 5).ppf(0.9).round(9)), round(Beta.fit({0.1: 0.2, 0.9: 0.6}).a, 6)
    (0.510316307, 3.699522)
    """

    family: ClassVar[str] = "beta"
    example: ClassVar[Mapping[str, object]] = {"distribution": "beta", "a": 2, "b": 5}
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)
    beside_quantiles: ClassVar[tuple[str, ...]] = ("low", "high")
    domain: ClassVar[tuple[float | str, float | str]] = ("low", "high")

    a: float
    b: float
    low: float = 0.0
    high: float = 1.0

    @override
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @override
    def _problems(self) -> list[Found]:
        return positive(a=self.a, b=self.b) + increasing(low=self.low, high=self.high)

    @cached_property
    def _inverse(self) -> SmoothInverse:
        return _tabled(self.a, self.b)

    @override
    def _ppf(self, u: Floats) -> Floats:
        x = self._inverse.value(ndtri(u))
        np.negative(x, out=x)
        np.minimum(x, 709.0, out=x)
        np.exp(x, out=x)
        x += 1.0
        np.divide(self.high - self.low, x, out=x)
        x += self.low
        return x

    @override
    def _cdf(self, x: Floats) -> Floats:
        return self._inverse.cdf(np.log(x - self.low) - np.log(self.high - x))

    @override
    def _log_density(self, x: Any, m: Any) -> Any:
        left = np.zeros_like(x) if self.a == 1 else (self.a - 1) * np.log(x - self.low)
        right = np.zeros_like(x) if self.b == 1 else (self.b - 1) * np.log(self.high - x)
        return left + right - _log_beta(self.a, self.b) - (self.a + self.b - 1) * np.log(self.high - self.low)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        y = np.log(values - fixed["low"]) - np.log(fixed["high"] - values)
        z = ndtri(chances)
        mean, sd = line(z, y)
        logs = np.arange(-4.0, 5.0, 2.0)
        starts = [np.array([log_a, log_b]) for log_a in logs for log_b in logs]
        starts.append(np.logaddexp(0.0, np.array([mean, -mean])) - 2.0 * np.log(sd))  # nearly normal in log odds

        def residual(logs: Floats) -> Floats:
            return _log_odds(*np.exp(logs).tolist()).score(y) - z

        with np.errstate(all="ignore"):
            nearest = min(starts, key=lambda start: float(np.nan_to_num(np.max(np.abs(residual(start))), nan=np.inf)))
        a, b = np.exp(newton(residual, nearest))
        return {"a": float(a), "b": float(b), **fixed}

    @override
    def twin(self, pm: Any) -> Twin:
        a, b, low, width = wide(self.a, self.b, self.low, self.high - self.low)
        return transformed(pm, lambda size: low + width * pm.Beta.dist(a, b, size=size))


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _log_odds(a: float, b: float) -> SmoothInverse:
    log_beta = _log_beta(a, b)
    low = (_LOG_NEGLIGIBLE + math.log(a) + log_beta) / a
    high = -(_LOG_NEGLIGIBLE + math.log(b) + log_beta) / b
    centre, scale = math.log(a / b), min(1.0, math.sqrt(1 / a + 1 / b))

    def log_f(y: Floats) -> Floats:
        return a * np.minimum(y, 0.0) - b * np.maximum(y, 0.0) - (a + b) * np.log1p(np.exp(-np.abs(y)))

    return SmoothInverse(log_f, centre, scale, min(low, centre - 40 * scale), max(high, centre + 40 * scale))


@lru_cache(maxsize=64)
def _tabled(a: float, b: float) -> SmoothInverse:
    """The same, kept with its table for equal distributions."""
    return _log_odds(a, b)
