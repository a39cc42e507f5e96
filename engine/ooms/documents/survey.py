"""Surveys: what they asked and found, and how that is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, cast

from ooms.distributions.marginals.words import written
from ooms.documents.document import Block, Bullets, Column, Document, Notice, Paragraph, Section, Table, left, right
from ooms.documents.words import graded, grades

if TYPE_CHECKING:
    from ooms.calibrating.surveys import Item, Survey
    from ooms.catalogue import SurveyEntry

__all__ = ["document", "overview"]


def overview(surveys: Iterable[SurveyEntry]) -> Document:
    """A row a survey."""
    rows = [
        (s.name, s.title, str(s.items), s.n or "-", s.informs or "-", s.likelihood or "-", grades(s.grade),
         "yes" if s.fitted else "no")
        for s in surveys
    ]  # fmt: skip
    columns = (
        *left("Survey", "Title"), *right("Items", "n"), *left("Informs", "Likelihood", "Grade"),
        Column("Fitted", "number"),
    )  # fmt: skip
    more = Paragraph("More of one, and why it is not fitted: ooms surveys show NAME", aside=True)
    return Document("", "", [Section("surveys", "", [Table("", columns, rows), more])])


def document(survey: Survey) -> Document:
    """What a survey asked and found, and how it is used."""
    from ooms.beliefs.references import address_of, citation_of, shipped_references

    known = {**shipped_references(), **survey.references}
    blocks: list[Block] = [Bullets([("who answered", survey.population), ("bias group", survey.bias)])]
    if not survey.fitted:
        blocks.append(Notice([f"not fitted: {survey.why_not}"]))
    if survey.note:
        blocks.append(Paragraph(_line(survey.note)))
    sections = [Section(survey.name, "", blocks)]
    for name, latent in survey.latents.items():
        facts = [("prior", str(latent.marginal)), ("source", graded(_line(latent.source), latent.grade))]
        sections.append(Section(name, f"{name}, a quantity of this survey alone", [Bullets(facts)]))
    sections += [Section(item.name, item.name, [Bullets(list(_facts(item)))]) for item in survey.items.values()]
    source = f"{citation_of(survey.cites, known)} {address_of(survey.cites, known)}".strip()
    return Document(survey.title, source, sections)


def _facts(item: Item) -> Iterator[tuple[str, str]]:
    """What there is to say of an item, under its headings."""
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
    yield "source", graded(_line(item.source), item.grade)
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
