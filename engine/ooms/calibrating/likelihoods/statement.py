"""One number or range, stated once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.arrays import normal_logpdf
from ooms.calibrating.likelihoods.base import Data, Likelihood
from ooms.calibrating.likelihoods.ranges import KEYS, Range, in_range, log_ends, middles, read_range, report
from ooms.calibrating.likelihoods.reading import Table
from ooms.model.arrays import floats

__all__ = ["Statement"]


@dataclass(frozen=True)
class Statement(Likelihood):
    r"""One statement about a multiplier or a level, by a laboratory or a study.

    .. math:: \ln y \sim N(c, s^2)

    where y is the number stated, or lies in the range stated, and s is the `sd` it was given with. A statement without
    one has a nuisance parameter in its place, the `softness`: how literally to take it.

    Parameters
    ----------
    value : float or None
        The number.
    range : Range or None
        The range, if it is no number.
    sd : float or None
        Standard deviation of ln y, if that is known.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> said = Statement.parse({"low": 1.15, "high": 1.3}, "here", Problems())
    >>> said.log_likelihood(np.log(1.2), {"softness": 0.1}, said.data()).round(3).tolist()
    [-0.792]
    """

    kind: ClassVar[str] = "statement"
    keys: ClassVar[tuple[str, ...]] = (*KEYS, "sd")
    # Judgement: what a statement means is off by 10 % if it is careful, and by half if it is a manner of speaking.
    defaults: ClassVar[Mapping[str, str]] = {"softness": "lognormal(p10=0.1, p90=0.5)"}
    example: ClassVar[Mapping[str, object]] = {"low": 1.15, "high": 1.3}

    value: float | None = None
    range: Range | None = None
    sd: float | None = None

    @override
    def sizes(self) -> Mapping[str, int | None]:
        return {"softness": None} if self.sd is None else {}

    @override
    def data(self) -> Data:
        return log_ends((self.range,)) if self.range else {"value": np.log([self.value or 1.0])}

    @override
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        centre, scale = floats(centre)[..., None], self._scale(nuisance)[..., None]
        if self.range:
            return in_range(centre, scale, data)
        return normal_logpdf((data["value"] - centre) / scale) - np.log(scale)

    @override
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        answer = centre + self._scale(nuisance) * rng.standard_normal(1)
        return report(answer, self.data(), rng) if self.range else {"value": answer}

    @override
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        return {"value": float((middles(data) if self.range else np.exp(data["value"]))[0])}

    def _scale(self, nuisance: Mapping[str, Any]) -> Any:
        return floats(nuisance["softness"] if self.sd is None else self.sd)

    @override
    @classmethod
    def _read(cls, table: Table) -> Statement | None:
        value, range_ = read_range(table)
        return cls(value, range_, table.number("sd"))
