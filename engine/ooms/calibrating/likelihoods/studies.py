"""Estimates of one quantity by several studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.likelihoods.base import Data, Likelihood
from ooms.calibrating.likelihoods.ranges import KEYS, Range, ends, in_range, middles, read_range, report
from ooms.calibrating.likelihoods.reading import Table
from ooms.model.arrays import floats

__all__ = ["Studies", "Study"]

_FORM = '{name = "Who and when", value = 0.5}'
_ROUNDING = 0.05


@dataclass(frozen=True)
class Study:
    """The range that a study's estimate lies in, and the standard error of its logarithm (0 if none is given)."""

    name: str
    range: Range
    se: float = 0.0


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
    keys: ClassVar[tuple[str, ...]] = ("studies",)
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

    studies: tuple[Study, ...]

    @override
    def sizes(self) -> Mapping[str, int | None]:
        return {"heterogeneity": None}

    @override
    def data(self) -> Data:
        return ends(tuple(study.range for study in self.studies))

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
        errors = np.array([study.se for study in self.studies])
        return np.sqrt(floats(nuisance["heterogeneity"])[..., None] ** 2 + errors**2)

    @override
    @classmethod
    def _read(cls, table: Table) -> Studies | None:
        studies: list[Study] = []
        for each in table.tables("studies", ("name", *KEYS, "rounding", "se"), _FORM):
            name = each.text("name") if each.needs("name", 'name it: name = "Who and when"') else None
            value, range_ = read_range(each)
            se = each.number("se")
            rounding = each.number("rounding", below=value or np.inf) if "rounding" in each else _ROUNDING
            for key in ("rounding", "se"):
                if key in each and range_ is not None:
                    each.wrong(key, f"{key} stands beside a range", f"leave out {key}, or give a value")
            if value is not None and rounding is not None:
                if rounding < value:
                    range_ = Range(value - rounding, value + rounding)
                elif "rounding" not in each:
                    each.wrong(
                        "rounding", f"value = {value:g} is below the usual rounding of {rounding:g}", "give rounding"
                    )
            if name is not None and range_ is not None:
                error = each.log_error("se", se / value) if se is not None and value is not None else 0.0
                studies.append(Study(name, range_, error or 0.0))
        return cls(tuple(studies))
