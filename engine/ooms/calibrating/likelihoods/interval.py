"""Individual answers, some of them ranges, from people of whom each may answer several times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.likelihoods.base import Data, Likelihood
from ooms.calibrating.likelihoods.ranges import Range, Stated, complaints, ends, in_range, middles, report
from ooms.calibrating.likelihoods.support import ROUNDING, position
from ooms.files.forms import ListOf, Positive, Text
from ooms.model.arrays import floats

__all__ = ["Answer", "Interval"]


@dataclass(frozen=True, kw_only=True)
class Answer(Stated):
    """What somebody answered: a number, or the range that it lies in."""

    example: ClassVar[Mapping[str, object]] = {"respondent": "R1", "low": 2, "high": 2.5}

    respondent: Annotated[str, Text()]


@dataclass(frozen=True)
class Interval(Likelihood):
    r"""Interval-censored lognormal answers, with an effect of every respondent who answers more than once.

    .. math:: \ln y_{ij} \sim N(c + \tau z_i,\ \omega^2), \quad z_i \sim N(0, 1), \quad y_{ij} \in (l_{ij}, h_{ij})

    with tau `between` respondents and omega `within` one. A number stands for the range that is rounded to it. If
    everybody answers once there is one scale only, and it is called `within`. Answers that what was asked bounds
    scatter on the log of the effect (`ooms.calibrating.likelihoods.support`).

    Parameters
    ----------
    answers : tuple of Answer
        Who answered what.
    rounding : float
        How far a number may be from what was meant, as a share of it.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> answers = [{"respondent": "R1", "low": 2, "high": 2.5}, {"respondent": "R2", "above": 3}]
    >>> asked = Interval.parse({"answers": answers}, "here", Problems())
    >>> asked.log_likelihood(np.log(2.0), {"within": 0.5}, asked.data()).round(3).tolist()
    [-1.758, -1.567]
    """

    kind: ClassVar[str] = "interval"
    # Judgement: one person's answers to related questions differ by a factor of 1.2 to 2.7, people by 1.2 to 3.3.
    defaults: ClassVar[Mapping[str, str]] = {
        "between": "lognormal(p10=0.2, p90=1.2)",
        "within": "lognormal(p10=0.15, p90=1)",
    }
    # Judgement: of an effect, one person's answers differ by a factor of 1.2 to 3.7, people's by 1.3 to 5.
    effect_defaults: ClassVar[Mapping[str, str]] = {
        "between": "lognormal(p10=0.3, p90=1.6)",
        "within": "lognormal(p10=0.2, p90=1.3)",
    }
    example: ClassVar[Mapping[str, object]] = {
        "answers": [
            {"respondent": "R1", "value": 1.5},
            {"respondent": "R1", "low": 2.0, "high": 2.5},
            {"respondent": "R2", "below": 4.0},
            {"respondent": "R3", "above": 10.0},
        ]
    }

    answers: Annotated[tuple[Answer, ...], ListOf(least=1)]
    rounding: Positive = ROUNDING

    @override
    def sizes(self) -> Mapping[str, int | None]:
        people = len(self._people)
        return (
            {"within": None} if people == len(self.answers) else {"between": None, "within": None, "respondent": people}
        )

    @override
    def data(self) -> Data:
        return ends(self._ranges(), self.side)

    @override
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        return in_range(self._centres(centre, nuisance), floats(nuisance["within"])[..., None], data)

    @override
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        noise = nuisance["within"] * rng.standard_normal(len(self.answers))
        return report(self._centres(centre, nuisance) + noise, self.data(), rng)

    @override
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        answers = middles(data, self.side)
        found = {
            "median answer": float(np.median(answers)),
            "lowest answer": float(np.min(answers)),
            "highest answer": float(np.max(answers)),
        }
        return found if len(answers) > 1 else {"answer": found["median answer"]}

    @cached_property
    def _people(self) -> list[str]:
        return list(dict.fromkeys(answer.respondent for answer in self.answers))

    def _centres(self, centre: Any, nuisance: Mapping[str, Any]) -> Any:
        centres = position(centre, self.side)[..., None] + np.zeros(len(self.answers))
        if "respondent" not in nuisance:
            return centres
        who = np.array([self._people.index(answer.respondent) for answer in self.answers])
        return centres + floats(nuisance["between"])[..., None] * nuisance["respondent"][..., who]

    def _ranges(self) -> tuple[Range, ...]:
        return tuple(map(self._range, self.answers))

    def _range(self, answer: Answer) -> Range:
        value = answer.value or 1.0
        return answer.range or Range(value / (1 + self.rounding), value * (1 + self.rounding))

    @override
    def _complaints(self) -> list[tuple[str, str]]:
        each = zip(self.answers, self._ranges(), strict=True)
        named = ((f"{answer.respondent} says {lies.low:.3g} to {lies.high:.3g}", lies) for answer, lies in each)
        return complaints(named, self.side)
