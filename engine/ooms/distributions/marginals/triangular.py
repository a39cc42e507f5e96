"""Triangular distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.solve import newton
from ooms.distributions.marginals.twins import Twin, wide
from ooms.distributions.normal import Floats

__all__ = ["Triangular"]


@dataclass(frozen=True)
class Triangular(Continuous):
    """Triangular distribution: density rising in a straight line from `low` to `mode` and falling to `high`.

    ``ppf(u) = low + sqrt(u (high - low) (mode - low))`` up to the mode, and its mirror image above. It can be given by
    two quantiles beside the mode, or by three quantiles.

    Parameters
    ----------
    low, mode, high : float
        Lower end, most probable value, upper end; the mode may be at an end.

    Examples
    --------
    >>> Triangular(0, 1, 4).ppf(0.25), round(Triangular.fit({0.1: 1, 0.9: 4}, mode=2).high, 6)
    (array(1.), 5.342992)
    """

    family: ClassVar[str] = "triangular"
    example: ClassVar[Mapping[str, object]] = {"distribution": "triangular", "low": 0, "mode": 1, "high": 4}
    quantile_counts: ClassVar[tuple[int, ...]] = (2, 3)
    beside_quantiles: ClassVar[tuple[str, ...]] = ("mode",)

    low: float
    mode: float
    high: float

    @override
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @override
    def _problems(self) -> list[Found]:
        return increasing(low=self.low, high=self.high) or increasing(
            strictly=False, low=self.low, mode=self.mode, high=self.high
        )

    @override
    def _ppf(self, u: Floats) -> Floats:
        return _ppf(self.low, self.mode, self.high, u)

    @override
    def _cdf(self, x: Floats) -> Floats:
        width = self.high - self.low
        rising = (x - self.low) ** 2 / (width * (self.mode - self.low) or 1.0)
        falling = 1.0 - (self.high - x) ** 2 / (width * (self.high - self.mode) or 1.0)
        return np.where(x < self.mode, rising, falling)

    @override
    def _log_density(self, x: Any, m: Any) -> Any:
        rising = (x - self.low) / ((self.mode - self.low) or 1.0)
        falling = (self.high - x) / ((self.high - self.mode) or 1.0)
        height = np.where(x < self.mode, rising, falling if self.mode < self.high else 1.0)
        return np.log(2.0 / (self.high - self.low)) + np.log(height)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        unit, given = float(values[-1] - values[0]), fixed.get("mode")
        first, last = values[0], values[-1]
        if given is not None:
            first, last = min(first, given), max(last, given)

        def ends(unknown: Floats) -> tuple[float, float, float]:
            low, high = float(first - unit * np.exp(unknown[0])), float(last + unit * np.exp(unknown[1]))
            return low, low + (high - low) / (1.0 + float(np.exp(-unknown[2]))) if given is None else given, high

        start = np.log(np.array([0.3, 0.3, 1.0])[: 2 if given is not None else 3])
        low, mode, high = ends(newton(lambda unknown: (_ppf(*ends(unknown), chances) - values) / unit, start))
        return {"low": low, "mode": mode, "high": high}

    @override
    def twin(self, pm: Any) -> Twin:
        low, mode, high = wide(self.low, self.mode, self.high)
        return pm.Triangular.dist(lower=low, c=mode, upper=high)


def _ppf(low: float, mode: float, high: float, u: Floats) -> Floats:
    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u * width < mode - low, rising, falling)
