"""Progress left of the last decade, had its inputs been scarcer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, override

import numpy as np

from ooms.calibrating.likelihoods.support import Side
from ooms.calibrating.links.base import Link, Quantity, State
from ooms.files.forms import Number, Positive
from ooms.model.history import log_overall, log_progress_left
from ooms.model.units import LN10

__all__ = ["Decade"]

_YEARS = 10.0
_STEPS = 4
"""Straight lines that stand for a path: ln(output) bends so little that more hardly help (tests/calibrating/links)."""


@dataclass(frozen=True)
class Decade(Link):
    r"""Share of a decade's overall progress that is left with fewer researchers, or dearer compute: an effect.

    Software progress was steady at g0 for the decade while ideas got harder (`ooms.model.history`). Half the
    researchers are half the workforce throughout. Compute that got 5 and not 20 times cheaper is a path: experiments
    fall behind by (5/20)^t, and so does the part of the rest of progress that came from cheaper hardware.

    Parameters
    ----------
    input : "workforce" or "compute_cost"
        What was scarcer.
    factor : float
        Of the workforce: how much of it there was.
    growth_from, growth_to : float
        Of compute: how many times cheaper it got in truth, and in the question.
    hardware_part : number or latent
        Of compute: the part of the rest of progress (more training compute) that came from its falling cost.
    foresight : number or latent
        How far an answer counts that ideas which were not found would have stayed easier to find: 1 as the model does,
        near 0 hardly, which makes progress over the decade proportional to its pace.
    """

    kind: ClassVar[str] = "decade"
    effect: ClassVar[bool] = True
    words: ClassVar[str] = "progress left of a decade"
    example: ClassVar[Mapping[str, object]] = {"input": "workforce", "factor": 0.5}

    input: Literal["workforce", "compute_cost"]
    factor: Positive = 1.0
    growth_from: Annotated[float, Number(least=1.0)] = 1.0
    growth_to: Annotated[float, Number(least=1.0)] = 1.0
    hardware_part: Quantity = 1.0
    foresight: Quantity = 1.0

    @override
    def complaint(self) -> tuple[str, str] | None:
        if self.input == "workforce" and self.factor == 1.0:
            return "does not say how many researchers there were", "give factor = 0.5 for half of them"
        if self.input == "compute_cost" and not 1.0 < self.growth_from != self.growth_to:
            remedy = "give growth_from = 20, growth_to = 5: 5 times cheaper in a decade instead of 20"
            return "does not say how the cost of compute fell", remedy
        for key, value in (("hardware_part", self.hardware_part), ("foresight", self.foresight)):
            if not isinstance(value, str) and value > 1.0:
                return f"{key} = {value:g} is above 1, and it is a share", "give a number up to 1"
        return None

    @override
    def side(self, supports: Mapping[str, tuple[float, float]]) -> Side:
        scarcer = self.factor < 1.0 if self.input == "workforce" else self.growth_to < self.growth_from
        return -1 if scarcer else 1

    @property
    @override
    def latents(self) -> tuple[str, ...]:
        return tuple(q for q in (self.hardware_part, self.foresight) if isinstance(q, str))

    @property
    @override
    def shares(self) -> tuple[str, ...]:
        return self.latents

    @property
    @override
    def needs(self) -> frozenset[str]:
        return frozenset(
            {
                "rho",
                "rho_discrepancy",
                "compute_share",
                "parallelizability",
                "compute_exponent",
                "experiment_efficiency",
                "difficulty",
                "labour_per_training",
                "software_growth",
                "software_share",
            }
        )

    @override
    def value(self, state: State) -> Any:
        per_oom = state.of(self.foresight) * state["difficulty"] * state["labour_per_training"] * LN10
        software = log_progress_left(self._outputs(state), per_oom, state["software_growth"] * _YEARS)
        return log_overall(software, self._log_rest(state), state["software_share"])

    def _outputs(self, state: State) -> list[Any]:
        """Ln of research output at evenly spaced times, relative to what it was then."""
        if self.input == "workforce":
            return [state.log_output(state["parallelizability"] * math.log(self.factor), np.zeros(()))] * 2
        behind = state["compute_exponent"] * math.log(self.growth_to / self.growth_from)
        return [state.log_output(np.zeros(()), behind * (i / _STEPS)) for i in range(_STEPS + 1)]

    def _log_rest(self, state: State) -> Any:
        if self.input == "workforce":
            return np.zeros(())
        lost = 1.0 - math.log(self.growth_to) / math.log(self.growth_from)
        return np.log1p(-state.of(self.hardware_part) * lost)
