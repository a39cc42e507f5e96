"""One number or range, stated once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.arrays import normal_logpdf
from ooms.calibrating.likelihoods.base import Data, Likelihood
from ooms.calibrating.likelihoods.ranges import Range, Stated, complaints, ends, in_range, middles, report
from ooms.calibrating.likelihoods.support import ROUNDING, Side, position, positions, values
from ooms.files.forms import Positive
from ooms.model.arrays import floats

__all__ = ["Statement"]


@dataclass(frozen=True, kw_only=True)
class Statement(Stated, Likelihood):
    r"""One statement about a multiplier or a level, by a laboratory or a study.

    .. math:: \ln y \sim N(c, s^2)

    where y is the number stated, or lies in the range stated, and s is the `sd` it was given with. A statement without
    one has a nuisance parameter in its place, the `softness`: how literally to take it. Where what was asked bounds it,
    it scatters on the log of the effect (`ooms.calibrating.likelihoods.support`); one with an `sd` of its own is an
    estimate, which can miss on either side.

    Parameters
    ----------
    value : float or None
        The number.
    low, high, below, above : float or None
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
    # Judgement: what a statement means is off by 10 % if it is careful, and by half if it is a manner of speaking.
    defaults: ClassVar[Mapping[str, str]] = {"softness": "lognormal(p10=0.1, p90=0.5)"}
    # Judgement: by how much it is more is off by a third if it is careful, and by a factor of 4 if it is not.
    effect_defaults: ClassVar[Mapping[str, str]] = {"softness": "lognormal(p10=0.3, p90=1.4)"}
    example: ClassVar[Mapping[str, object]] = {"low": 1.15, "high": 1.3}

    sd: Positive | None = None

    @override
    def sizes(self) -> Mapping[str, int | None]:
        return {"softness": None} if self.sd is None else {}

    @override
    def data(self) -> Data:
        if (range_ := self._range) is not None:
            return ends((range_,), self._own_side)
        return {"value": positions([self.value or 1.0], self._own_side)}

    @override
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        centre, scale = position(centre, self._own_side)[..., None], self._scale(nuisance)[..., None]
        if self._range:
            return in_range(centre, scale, data)
        return normal_logpdf((data["value"] - centre) / scale) - np.log(scale)

    @override
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        answer = position(centre, self._own_side) + self._scale(nuisance) * rng.standard_normal(1)
        return report(answer, self.data(), rng) if self._range else {"value": answer}

    @override
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        middle = middles(data, self._own_side) if self._range else values(data["value"], self._own_side)
        return {"value": float(middle[0])}

    @property
    def _own_side(self) -> Side:
        return self.side if self.sd is None else 0

    @property
    def _range(self) -> Range | None:
        """The range it lies in, if it is no exact number; of a number at the bound, what is rounded to it."""
        if self.range is not None or self.value is None or self._own_side * (self.value - 1.0) > 0:
            return self.range
        return Range(self.value / (1 + ROUNDING), self.value * (1 + ROUNDING)) if self._own_side else None

    @override
    def _complaints(self) -> list[tuple[str, str]]:
        return complaints([("it was stated", range_)] if (range_ := self._range) else [], self._own_side)

    def _scale(self, nuisance: Mapping[str, Any]) -> Any:
        return floats(nuisance["softness"] if self.sd is None else self.sd)
