"""What experts say of the outcome, kept for checking: to lay beside a calibration, never fitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ooms.calibrating.surveys import Item, load_survey, shipped_surveys
from ooms.outcomes import Event, parse_event
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["Beside", "asked_of_experts", "laid_beside"]

_EVENT = "event: "


class Beside(NamedTuple):
    """One answer about an outcome, and what the calibration says of it.

    Parameters
    ----------
    survey, item, question, event : str
        What was asked, and the event of a forecast that is nearest to it.
    answered : str
        In words.
    before, after : Estimate
        Probability of the event under prior and posterior.
    """

    survey: str
    item: str
    question: str
    event: str
    answered: str
    before: Estimate
    after: Estimate


def laid_beside(calibration: Calibration) -> list[Beside]:
    """The shipped surveys that are kept for checking, beside the calibration: those about an event of a forecast."""
    about = _about()
    each = zip(about, calibration.both(event.text for _, _, event in about), strict=True)
    return [
        Beside(survey, item.name, item.question, event.text, _words(item), before, after)
        for (survey, item, event), (before, after) in each
    ]


def asked_of_experts() -> list[Event]:
    """The events of a forecast that shipped surveys, kept for checking, are about."""
    return list(dict.fromkeys(event for _, _, event in _about()))


def _about() -> list[tuple[str, Item, Event]]:
    kept = [survey for name in shipped_surveys() if not (survey := load_survey(name)).fitted]
    return [
        (survey.name, item, parse_event(item.outcome.removeprefix(_EVENT)))
        for survey in kept
        for item in survey.items.values()
        if item.outcome.startswith(_EVENT)
    ]


def _words(item: Item) -> str:
    """Answers about a chance in words: ``10 to 40 %``, ``60 % (a model's output)``, ``median answer 41-60 %``."""
    answers: Mapping[str, Any] = item.answers
    if "credence" in answers:
        given = answers["credence"]
        ends = cast("list[float]", given if isinstance(given, list | tuple) else [given])
        return " to ".join(f"{100 * end:g}" for end in ends) + " %"
    if "model_output" in answers:
        return f"{100 * answers['model_output']:g} % (a model's output)"
    if "median_category" in answers:
        return f"median answer {answers['median_category']} %"
    shares = cast("Mapping[str, float]", answers.get("counts") or answers.get("percent") or {})
    ordered = sorted(shares, key=lambda bin_: float(bin_.partition("-")[0]))
    half, below = sum(shares.values()) / 2.0, 0.0
    for bin_ in ordered:
        below += shares[bin_]
        if below >= half:
            return f"median answer {bin_} %"
    return "-"
