"""Normal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, positive
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.laws import Gauss, Law
from ooms.distributions.marginals.solve import line
from ooms.distributions.normal import Floats, ndtri

__all__ = ["Normal"]


@dataclass(frozen=True)
class Normal(Continuous):
    """Normal distribution: ``ppf(u) = mean + sd ndtri(u)``.

    Parameters
    ----------
    mean, sd : float
        Mean and standard deviation.

    Examples
    --------
    >>> print(Normal.fit({0.1: 0, 0.9: 1}), round(Normal.fit({0.1: 0, 0.9: 1}).sd, 6))
    normal(p10=0, p90=1) 0.390152
    """

    family: ClassVar[str] = "normal"
    example: ClassVar[Mapping[str, object]] = {"distribution": "normal", "mean": 0, "sd": 1}
    quantile_counts: ClassVar[tuple[int, ...]] = (2,)

    mean: float
    sd: float

    @override
    def support(self) -> tuple[float, float]:
        return -np.inf, np.inf

    @override
    def _problems(self) -> list[Found]:
        return positive(sd=self.sd)

    @override
    def _law(self) -> Law:
        return Gauss(self.mean, self.sd)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        mean, sd = line(ndtri(chances), values)
        return {"mean": mean, "sd": sd}
