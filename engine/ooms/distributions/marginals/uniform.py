"""Uniform distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

from ooms.distributions.marginals.checks import Found, increasing
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Flat, Law
from ooms.distributions.marginals.solve import line
from ooms.distributions.normal import Floats

__all__ = ["Uniform"]


@dataclass(frozen=True)
class Uniform(Continuous):
    """Uniform distribution: ``ppf(u) = low + u (high - low)``.

    Parameters
    ----------
    low, high : float
        Ends of the support.

    Examples
    --------
    >>> Uniform(2, 6).middle, Uniform.fit({0.1: 1, 0.9: 9}).high
    (4.0, 10.0)
    """

    family: ClassVar[str] = "uniform"
    example: ClassVar[Mapping[str, object]] = {"distribution": "uniform", "low": 2, "high": 6}
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)

    low: float
    high: float

    @override
    def support(self) -> tuple[float, float]:
        return self.low, self.high

    @override
    def _problems(self) -> list[Found]:
        return increasing(low=self.low, high=self.high)

    @override
    def _law(self) -> Law:
        return Flat(self.low, self.high)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        low, width = line(chances, values)
        return {"low": low, "high": low + width}
