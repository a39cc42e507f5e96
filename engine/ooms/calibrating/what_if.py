"""Instant what-if: other priors, or surveys counted more or less, by weighing the stored draws anew."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.reparametrisation import rivals
from ooms.beliefs.view import View
from ooms.calibrating.importance import Weights, weigh
from ooms.distributions.marginals import Empirical, Marginal, parse
from ooms.outcomes import parse_event
from ooms.parameters import known, known_names
from ooms.problems import Problem, Problems, UserError, did_you_mean
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.documents.document import Document

__all__ = ["WhatIf", "moved", "survey_weights", "what_if"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WhatIf:
    """The answer under other priors or weights of surveys, from the stored draws.

    Parameters
    ----------
    event : str
        What it is the probability of.
    changes : tuple of str
        What was changed.
    surveys : tuple of str
        Those that still count.
    before, after, difference : Estimate
        The probability under the calibration as it stands, under the changes, and by how much they move it.
    weights : Weights
        Of the stored draws, with their effective number and Pareto k.
    calibration : Calibration
        Whose draws they are.
    """

    event: str
    changes: tuple[str, ...]
    surveys: tuple[str, ...]
    before: Estimate
    after: Estimate
    difference: Estimate
    weights: Weights
    calibration: Calibration

    @property
    def view(self) -> View:
        """The changed posterior as a view, for everything else that a forecast can tell; it says what was changed."""
        found, said = self.calibration.view, "; ".join(self.changes)
        assert found.calibration is not None, "a calibrated view says where it comes from"
        rows = self.weights.rows(found.calibration.draws)
        beliefs = dict(found.beliefs)
        for name in self.calibration.names:
            draws = tuple(self.calibration.posterior[name][rows].tolist())
            note = f"weighed anew with {said}; before that, {beliefs[name].note}"
            beliefs[name] = replace(beliefs[name], marginal=Empirical(draws), note=note)
        worth = max(1, int(self.weights.effective))
        return replace(
            found,
            title=f"{found.title}, weighed anew",
            description=f"Weighed anew with {said}. Before that: {found.description}",
            beliefs=MappingProxyType(beliefs),
            changes=(*found.changes, *self.changes),
            calibration=replace(found.calibration, surveys=self.surveys, effective=worth),
        )

    def document(self) -> Document:
        """What it says, as sections of plain data (`ooms.documents`)."""
        from ooms.documents.calibration import what_if

        return what_if(self)

    def plain(self) -> dict[str, Any]:
        """The answer in plain form, as ``--json`` has it."""
        from ooms.calibrating.plain import what_if_plain

        return what_if_plain(self)


def survey_weights(calibration: Calibration, weights: Mapping[str, float]) -> Weights:
    """Weights of the stored draws with other powers of surveys' likelihoods, whether or not they can be relied on."""
    return weigh(_by_surveys(calibration, weights), calibration.relative)


def what_if(
    calibration: Calibration, event: str, weights: Mapping[str, float], priors: Mapping[str, str | Marginal]
) -> WhatIf:
    """See `ooms.calibrating.calibration.Calibration.what_if`."""
    problems = Problems()
    text = _event(event, problems)
    _check_weights(calibration, weights, problems)
    read = {name: _marginal(calibration, name, given, problems) for name, given in priors.items()}
    if not weights and not priors:
        problems.add("what-if", "changes nothing", 'give a prior (rho="uniform(-0.5, 0)") or a weight of a survey')
    problems.raise_if_any()
    marginals = {name: problems.sound(marginal) for name, marginal in read.items()}
    ratios = _by_surveys(calibration, weights)
    for name, marginal in marginals.items():
        x = calibration.posterior[name]
        ratios = ratios + marginal.logpdf(x) - calibration.base.beliefs[name].marginal.logpdf(x)
    found = weigh(ratios, calibration.relative)
    changes = (
        *(f"{name} ~ {marginal}" for name, marginal in marginals.items()),
        *(f"weight of {survey} = {weight:g}" for survey, weight in weights.items()),
    )
    if found.refusal:
        place = f"what-if {', '.join(changes)}"
        raise UserError([Problem(place, found.refusal, _remedy(calibration, marginals, weights))])
    after, difference = moved(calibration, text, found)
    left = tuple(survey for survey in calibration.surveys if weights.get(survey, 1.0) > 0)
    return WhatIf(text, changes, left, calibration.after(text), after, difference, found, calibration)


def moved(calibration: Calibration, event: str, weights: Weights) -> tuple[Estimate, Estimate]:
    """The probability of an event under other weights of the stored draws, and by how much they move it.

    The stored draws say by how much. What it is moved from is the one answer of the calibration, which rests on more.
    """
    difference, base = weights.change(calibration.chances(event)), calibration.after(event)
    moved = min(max(base.value + difference.value, 0.0), 1.0)
    return Estimate(moved, math.hypot(base.standard_error, difference.standard_error)), difference


def _by_surveys(calibration: Calibration, weights: Mapping[str, float]) -> Floats:
    """Log of what other weights of surveys make of each draw's density."""
    found = np.zeros(len(next(iter(calibration.posterior.values()))))
    for survey, weight in weights.items():
        for values in calibration.of_survey(survey).values():
            found = found + (weight - 1.0) * values
    return found


def _event(text: str, problems: Problems) -> str:
    try:
        return parse_event(text).text
    except UserError as error:
        problems.extend(error.problems)
        return ""


def _check_weights(calibration: Calibration, weights: Mapping[str, object], problems: Problems) -> None:
    for survey, weight in weights.items():
        if survey not in calibration.surveys:
            what = f"{survey!r} is not among the surveys of this calibration"
            problems.add("weight", what, did_you_mean(survey, calibration.surveys))
        if not (isinstance(weight, int | float) and 0 <= weight < math.inf):
            remedy = "give 0 to leave it out, 1 to count it as it is, 0.5 to count it half"
            problems.add(f"weight of {survey}", f"{weight!r} is not a number of 0 or more", remedy)


def _marginal(calibration: Calibration, name: str, given: str | Marginal, problems: Problems) -> Marginal | None:
    """The new prior of a sampled parameter; None with what is wrong added to `problems`."""
    beliefs = calibration.base.beliefs
    if name not in calibration.names:
        _note_unsampled(calibration, name, problems)
        return None
    if any(name in (pair.first, pair.second) for pair in calibration.base.correlations):
        what = f"{name} is correlated with another parameter, so that its prior is not its own"
        problems.add(name, what, f"calibrate with the change: {calibration.asked.command([f'{name} ~ ...'])}")
        return None
    marginal = given if isinstance(given, Marginal) else parse(given, name, problems, known(name))
    if marginal is None:
        return None
    if marginal.discrete:
        then = f'ooms forecast FILE --set "{name}={given}"'
        remedy = f"give a narrow distribution; or, for what follows if it is so: {then}"
        problems.add(name, f"{marginal} has no density to weigh draws by", remedy)
        return None
    parameter, (low, high) = known(name), marginal.support()
    if not parameter.holds(low, high):
        problems.add(name, f"{marginal} reaches outside of {parameter.domain()}", "narrow it")
        return None
    least, most = beliefs[name].marginal.support()
    if low < least or high > most:
        what = f"{marginal} reaches beyond {least:g} to {most:g}, where the prior put everything: there are no draws"
        remedy = f"stay within; or {_remedy(calibration, {name: marginal}, {})}"
        problems.add(name, what, remedy)
        return None
    return marginal


def _note_unsampled(calibration: Calibration, name: str, problems: Problems) -> None:
    if name in calibration.base.beliefs:
        what = f"{name} was not sampled: no survey speaks of it"
        problems.add(name, what, f"change it in the calibrated file: ooms forecast FILE --set {name}=...")
        return
    stated = [n for n in rivals(name) if n in calibration.names] if name in known_names() else []
    if stated:
        problems.add(name, f"the calibrated view states {' and '.join(stated)} instead", f"give {stated[0]}")
    else:
        problems.add(name, f"there is no {name} in this calibration", did_you_mean(name, calibration.names))


def _remedy(
    calibration: Calibration, priors: Mapping[str, Marginal | None], weights: Mapping[str, float]
) -> str:
    """The command that calibrates with the change; there is none for a survey that counts in part."""
    partly = [survey for survey, weight in weights.items() if weight not in (0.0, 1.0)]
    if partly:
        return f"weigh {' and '.join(partly)} less far from 1, or leave it out"
    left = [s for s in calibration.surveys if weights.get(s, 1.0) > 0]
    changes = [f"{name} ~ {marginal}" for name, marginal in priors.items()]
    fewer = left if len(left) < len(calibration.surveys) else None
    return f"calibrate with the change: {calibration.asked.command(changes, fewer)}"
