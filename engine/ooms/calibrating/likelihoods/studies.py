"""Estimates of one quantity by several studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.likelihoods.base import Data, Likelihood, vague
from ooms.calibrating.likelihoods.ranges import KEYS, Range, Stated, ends, in_range, middles, report
from ooms.files.forms import ListOf, Positive, Text, Wrong
from ooms.model.arrays import floats

__all__ = ["Studies", "Study"]

_ROUNDING = 0.05


@dataclass(frozen=True, kw_only=True)
class Study(Stated):
    """A study's estimate, with its rounding and its standard error if it has one; or the range that it lies in."""

    example: ClassVar[Mapping[str, object]] = {"name": "Who and when", "value": 0.5}

    name: Annotated[str, Text()]
    rounding: Positive | None = None
    se: Positive | None = None

    @override
    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterator[Wrong]:
        yield from super().contradictions(given)
        if "value" not in given and any(key in given for key in KEYS):
            for key in ("rounding", "se"):
                if key in given:
                    yield key, f"{key} stands beside a range", f"leave out {key}, or give a value"
        value, rounding, se = given.get("value"), given.get("rounding", _ROUNDING), given.get("se")
        if value is None:
            return
        if rounding is not None and rounding >= value:
            if "rounding" in given:
                yield "rounding", f"rounding = {rounding:g} is not below {value:g}", f"give a number below {value:g}"
            else:
                what = f"value = {value:g} is below the usual rounding of {rounding:g}"
                yield "rounding", what, "give rounding"
        if se is not None:
            yield from vague("se", se / value)

    @property
    def lies(self) -> Range:
        """The range that the estimate lies in."""
        value, rounding = self.value or 1.0, self.rounding or _ROUNDING
        return self.range or Range(value - rounding, value + rounding)

    @property
    def log_error(self) -> float:
        """Standard error of the logarithm of the estimate; 0 if none is given."""
        return self.se / self.value if self.se and self.value else 0.0


@dataclass(frozen=True)
class Studies(Likelihood):
    r"""Random-effects meta-analysis of ranges: studies differ by more than their errors.

    .. math:: \ln y_i \sim N(c,\ \tau^2 + s_i^2), \quad y_i \in (l_i, h_i)

    with tau the `heterogeneity` and s_i the standard error of ln y_i. A number stands for the range that is rounded to
    it, so that a study without a standard error is no exact one. What is lost in the transfer from the studies'
    field to the model's is a quantity of their survey, and of its link (`relative`), not of this likelihood.

    Parameters
    ----------
    studies : tuple of Study
        Who found what.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> found = [{"name": "A", "low": 0.5, "high": 0.7}, {"name": "B", "below": 1}]
    >>> meta = Studies.parse({"studies": found}, "here", Problems())
    >>> meta.log_likelihood(np.log(0.6), {"heterogeneity": 0.5}, meta.data()).round(3).tolist()
    [-1.334, -0.167]
    """

    kind: ClassVar[str] = "studies"
    # Judgement: studies of one quantity differ by a factor of 1.15 if they agree, and by 2.2 if they do not.
    defaults: ClassVar[Mapping[str, str]] = {"heterogeneity": "lognormal(p10=0.15, p90=0.8)"}
    example: ClassVar[Mapping[str, object]] = {
        "studies": [
            {"name": "A", "value": 0.4, "rounding": 0.05},
            {"name": "B", "value": 0.72, "se": 0.1},
            {"name": "C", "low": 0.5, "high": 0.7},
            {"name": "D", "below": 0.62},
            {"name": "E", "above": 1},
        ]
    }

    studies: Annotated[tuple[Study, ...], ListOf(least=1)]

    @override
    def sizes(self) -> Mapping[str, int | None]:
        return {"heterogeneity": None}

    @override
    def data(self) -> Data:
        return ends(tuple(study.lies for study in self.studies))

    @override
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        return in_range(floats(centre)[..., None], self._scales(nuisance), data)

    @override
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        answers = centre + self._scales(nuisance) * rng.standard_normal(len(self.studies))
        return report(answers, self.data(), rng)

    @override
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        found = middles(data)
        return {
            "median study": float(np.median(found)),
            "lowest study": float(np.min(found)),
            "highest study": float(np.max(found)),
            "share of studies above 1": float(np.mean(found > 1)),
        }

    def _scales(self, nuisance: Mapping[str, Any]) -> Any:
        errors = np.array([study.log_error for study in self.studies])
        return np.sqrt(floats(nuisance["heterogeneity"])[..., None] ** 2 + errors**2)
