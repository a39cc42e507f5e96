"""Surveys as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, cast

from rich.text import Text

from ooms.distributions.marginals.words import written
from ooms.writers.tables import Sheet
from ooms.writers.terminal import hanging, terminal

if TYPE_CHECKING:
    from ooms.calibrating.surveys import Item, Survey
    from ooms.catalogue import SurveyEntry

__all__ = ["show_survey", "show_surveys"]

_GRADES = "P primary text or data, C primary code, A abstract, S second-hand, J our judgement"


def show_surveys(surveys: Iterable[SurveyEntry]) -> None:
    """Print a table with a row for each survey."""
    console = terminal()
    sheet = Sheet()
    sheet.label("survey")
    sheet.text("title")
    sheet.number("items")
    sheet.number("n")
    for heading in ("informs", "likelihood"):
        sheet.text(heading)
    sheet.number("grade")
    sheet.number("fitted")
    for survey in surveys:
        sheet.row(
            survey.name,
            survey.title,
            str(survey.items),
            survey.n or "-",
            survey.informs or "-",
            survey.likelihood or "-",
            survey.grade,
            "yes" if survey.fitted else "no",
        )
    sheet.show(console)
    console.print(Text(f"grades: {_GRADES}", style="dim"))
    console.print(Text("More of one, and why it is not fitted: ooms surveys show NAME", style="dim"))


def show_survey(survey: Survey) -> None:
    """Print what a survey asked and found, and how it is used."""
    from ooms.beliefs.references import address_of, citation_of, shipped_references

    console = terminal()
    known = {**shipped_references(), **survey.references}
    hanging(console, survey.title, "", style="bold")
    hanging(console, f"{citation_of(survey.cites, known)} {address_of(survey.cites, known)}".strip(), "", style="dim")
    hanging(console, survey.population, "who answered: ")
    hanging(console, survey.bias, "bias group: ")
    if not survey.fitted:
        hanging(console, survey.why_not, "not fitted: ", style="yellow")
    if survey.note:
        hanging(console, _line(survey.note), "")
    for name, latent in survey.latents.items():
        console.print()
        console.print(Text(f"{name}, a quantity of this survey alone", style="bold"))
        hanging(console, str(latent.marginal), "  prior: ", "    ")
        hanging(console, _line(latent.source) + (f" [{latent.grade}]" if latent.grade else ""), "  source: ", "    ")
    for item in survey.items.values():
        console.print()
        console.print(Text(item.name, style="bold"))
        for heading, text in _said(item):
            hanging(console, text, f"  {heading}: ", "    ")
    console.print(Text(f"\ngrades: {_GRADES}", style="dim"))


def _said(item: Item) -> Iterator[tuple[str, str]]:
    """What there is to tell of an item, under its headings."""
    yield "asked", _line(item.question) + (f" (n = {item.n})" if item.n is not None else "")
    yield "found" if item.fitted else "found, and not fitted", _value(item.answers)
    if item.link is not None:
        keys = ((key.name, getattr(item.link, key.name), key.default) for key in fields(item.link))
        how = ", ".join(f"{key} = {_value(value)}" for key, value, default in keys if value != default)
        yield "informs", item.link.words + (f": {how}" if how else "")
        if item.link.needs:
            yield "by way of", ", ".join(sorted(item.link.needs))
    if item.likelihood is not None:
        yield "likelihood", item.likelihood.kind + (", self-reported" if item.self_reported else "")
        scalars = {name: nuisance.prior for name, nuisance in item.likelihood.nuisance.items() if nuisance.size is None}
        if scalars:
            yield "scatter, before the answers", "; ".join(f"{name} ~ {prior}" for name, prior in scalars.items())
    if item.outcome:
        yield "lay it beside", item.outcome
    yield "source", f"{_line(item.source)} [{item.grade}]"
    if item.note:
        yield "note", _line(item.note)


def _value(value: object) -> str:
    """Whatever stands in a table of a survey file, in one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_inner(inner)}" for key, inner in cast("Mapping[str, object]", value).items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_inner, cast("list[object]", value)))
    return written(value) if isinstance(value, float) else str(value)


def _inner(value: object) -> str:
    text = _value(value)
    return f"({text})" if isinstance(value, Mapping) else f"[{text}]" if isinstance(value, list | tuple) else text


def _line(text: str) -> str:
    return " ".join(text.split())
