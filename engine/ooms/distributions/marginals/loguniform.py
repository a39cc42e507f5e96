"""Log-uniform distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Flat, Law, LogOf
from ooms.distributions.marginals.solve import line
from ooms.distributions.normal import Floats

__all__ = ["Loguniform"]


@dataclass(frozen=True)
class Loguniform(Continuous):
    """Log-uniform distribution: ``ln x`` is uniform, ``ppf(u) = low (high / low)^u``.

    Parameters
    ----------
    low, high : float
        Ends of the support, both above zero.

    Examples
    --------
    >>> round(Loguniform(0.4, 3.6).middle, 12)
    1.2
    """

    family: ClassVar[str] = "loguniform"
    example: ClassVar[Mapping[str, object]] = {"distribution": "loguniform", "low": 0.4, "high": 3.6}
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)
    domain: ClassVar[tuple[float | str, float | str]] = (0.0, np.inf)

    low: float
    high: float

    @override
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @override
    def _problems(self) -> list[Found]:
        return positive(low=self.low) + increasing(low=self.low, high=self.high)

    @override
    def _law(self) -> Law:
        return LogOf(Flat(float(np.log(self.low)), float(np.log(self.high))))

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        low, width = line(chances, np.log(values))
        return {"low": float(np.exp(low)), "high": float(np.exp(low + width))}
