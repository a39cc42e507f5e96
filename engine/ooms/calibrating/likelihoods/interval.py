"""Individual answers, some of them ranges, from people of whom each may answer several times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.likelihoods.base import Data, Likelihood
from ooms.calibrating.likelihoods.ranges import KEYS, Range, complaints, ends, in_range, middles, read_range, report
from ooms.calibrating.likelihoods.reading import Table
from ooms.calibrating.likelihoods.support import ROUNDING, position
from ooms.model.arrays import floats

__all__ = ["Answer", "Interval"]

_FORM = '{respondent = "R1", low = 2, high = 2.5}'


@dataclass(frozen=True)
class Answer:
    """The range that somebody's answer lies in."""

    respondent: str
    range: Range


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

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> answers = [{"respondent": "R1", "low": 2, "high": 2.5}, {"respondent": "R2", "above": 3}]
    >>> asked = Interval.parse({"answers": answers}, "here", Problems())
    >>> asked.log_likelihood(np.log(2.0), {"within": 0.5}, asked.data()).round(3).tolist()
    [-1.758, -1.567]
    """

    kind: ClassVar[str] = "interval"
    keys: ClassVar[tuple[str, ...]] = ("answers", "rounding")
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

    answers: tuple[Answer, ...]

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
        return tuple(answer.range for answer in self.answers)

    @override
    def _complaints(self) -> list[tuple[str, str]]:
        named = ((f"{answer.respondent} says {_words(answer.range)}", answer.range) for answer in self.answers)
        return complaints(named, self.side)

    @override
    @classmethod
    def _read(cls, table: Table) -> Interval | None:
        rounding = table.number("rounding") if "rounding" in table else ROUNDING
        answers: list[Answer] = []
        for each in table.tables("answers", ("respondent", *KEYS), _FORM):
            respondent = each.text("respondent") if each.needs("respondent", 'name who: respondent = "R1"') else None
            value, range_ = read_range(each)
            if value is not None and rounding is not None:
                range_ = Range(value / (1 + rounding), value * (1 + rounding))
            if respondent is not None and range_ is not None:
                answers.append(Answer(respondent, range_))
        return cls(tuple(answers))


def _words(range_: Range) -> str:
    return f"{range_.low:.3g} to {range_.high:.3g}"
