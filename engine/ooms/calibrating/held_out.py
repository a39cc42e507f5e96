"""What experts say of the outcome itself: kept for checking, and never fitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ooms.calibrating.surveys import Item, load_survey, shipped_surveys
from ooms.outcomes import Event, parse_event
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["HeldOut", "held_out", "held_out_events"]

_EVENT = "event: "


class HeldOut(NamedTuple):
    """An answer about an outcome, and the probabilities of a calibration.

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


def held_out(calibration: Calibration) -> list[HeldOut]:
    """Answers of the shipped surveys that are not fitted about an event of a forecast, and the calibration's."""
    items = _items()
    pairs = calibration.probabilities(event.text for _, _, event in items)
    return [
        HeldOut(survey, item.name, item.question, event.text, _answer(item.answers), before, after)
        for (survey, item, event), (before, after) in zip(items, pairs, strict=True)
    ]


def held_out_events() -> list[str]:
    """The events of a forecast that shipped surveys, kept for checking, are about."""
    return list(dict.fromkeys(event.text for _, _, event in _items()))


def _items() -> list[tuple[str, Item, Event]]:
    kept = [survey for name in shipped_surveys() if not (survey := load_survey(name)).fitted]
    return [
        (survey.name, item, parse_event(item.outcome.removeprefix(_EVENT)))
        for survey in kept
        for item in survey.items.values()
        if item.outcome.startswith(_EVENT)
    ]


def _answer(answers: Mapping[str, Any]) -> str:
    """An answer about a chance in words: ``10 to 40 %``, ``60 % (a model's output)``, ``median answer 41-60 %``."""
    if "credence" in answers:
        credence = answers["credence"]
        ends = cast("list[float]", credence if isinstance(credence, list | tuple) else [credence])
        return " to ".join(f"{100 * end:g}" for end in ends) + " %"
    if "model_output" in answers:
        return f"{100 * answers['model_output']:g} % (a model's output)"
    if "median_category" in answers:
        return f"median answer {answers['median_category']} %"
    shares = cast("Mapping[str, float]", answers.get("counts") or answers.get("percent") or {})
    half, below = sum(shares.values()) / 2.0, 0.0
    for category in sorted(shares, key=lambda category: float(category.partition("-")[0])):
        below += shares[category]
        if below >= half:
            return f"median answer {category} %"
    return "-"
