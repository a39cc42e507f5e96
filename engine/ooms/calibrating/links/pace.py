"""Pace with other inputs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, override

import numpy as np

from ooms.calibrating.likelihoods.support import Side
from ooms.calibrating.links.base import Link, Quantity, State, side_of
from ooms.model.history import log_overall
from ooms.model.labour import TOP_HUMAN_SD, log_labour, log_taste

__all__ = ["Pace"]


@dataclass(frozen=True)
class Pace(Link):
    """Pace of progress with so many times today's workforce, speed, skill or compute, relative to today's: an effect.

    Parameters
    ----------
    workforce, speed, skill, compute : number or latent
        Multiples of today's parallel researchers, of their speed, of their engineering skill and of experiment compute.
    researchers : "median" or "best"
        Whether all choose their experiments as well as the best of a thousand.
    progress : "software" or "overall"
        Whose pace. Of overall progress only software's part is affected.

    Examples
    --------
    >>> state = State({"rho": -0.2, "compute_share": 0.5, "parallelizability": 1.0, "labour_per_training": 1.0,
    ...                "compute_exponent": 1.0}, {}, 1.0, True, 1.0)
    >>> np.exp(Pace(workforce=1000).value(state)).round(2).item()
    10.44
    """

    kind: ClassVar[str] = "pace"
    effect: ClassVar[bool] = True
    words: ClassVar[str] = "pace with other inputs"
    example: ClassVar[Mapping[str, object]] = {"compute": 10}

    workforce: Quantity = 1.0
    speed: Quantity = 1.0
    skill: Quantity = 1.0
    compute: Quantity = 1.0
    researchers: Literal["median", "best"] = "median"
    progress: Literal["software", "overall"] = "software"

    @override
    def complaint(self) -> tuple[str, str] | None:
        if self.researchers == "median" and (self.workforce, self.speed, self.skill, self.compute) == (1.0,) * 4:
            return "changes nothing: the pace is today's whatever is believed", "give compute = 10, or another input"
        return None

    @override
    def side(self, supports: Mapping[str, tuple[float, float]]) -> Side:
        given = [q if isinstance(q, str) else (q, q) for q in (self.workforce, self.speed, self.skill, self.compute)]
        best = [(1.0, math.inf)] if self.researchers == "best" else []  # taste multiplies by 1 or more
        return side_of([*(supports[each] if isinstance(each, str) else each for each in given), *best])

    @property
    @override
    def latents(self) -> tuple[str, ...]:
        return tuple(q for q in (self.workforce, self.speed, self.skill, self.compute) if isinstance(q, str))

    @property
    @override
    def needs(self) -> frozenset[str]:
        needed: set[str] = set()
        if (self.workforce, self.speed, self.skill, self.compute) != (1.0, 1.0, 1.0, 1.0):
            needed |= {"rho", "rho_discrepancy", "compute_share"}
        needed |= {"parallelizability"} if self.workforce != 1.0 else set()
        needed |= {"compute_exponent"} if self.compute != 1.0 else set()
        needed |= {"taste_multiplier", "taste_ceiling"} if self.researchers == "best" else set()
        return frozenset(needed | ({"software_share"} if self.progress == "overall" else set()))

    @override
    def value(self, state: State) -> Any:
        people = (state.of(self.workforce), state.of(self.speed), state.of(self.skill))
        labour = log_labour(*people, state["parallelizability"], state["labour_per_training"]).intercept
        pace = state.log_output(labour, state["compute_exponent"] * np.log(state.of(self.compute)))
        if self.researchers == "best":
            pace = pace + log_taste(TOP_HUMAN_SD, state["taste_multiplier"], state["taste_ceiling"])
        return pace if self.progress == "software" else log_overall(pace, np.zeros(()), state["software_share"])
