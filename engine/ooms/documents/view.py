"""What a position assumes: every parameter of a view with its unit, its distribution and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ooms.documents.document import (
    Block,
    Bullets,
    Column,
    Document,
    Notice,
    Paragraph,
    Section,
    Source,
    Sources,
    Table,
    left,
    right,
)
from ooms.documents.words import graded
from ooms.parameters import known

if TYPE_CHECKING:
    from ooms.beliefs.view import Belief, View
    from ooms.forecasting.forecast import Forecast

__all__ = ["beliefs", "document", "parameters"]


_LONGEST = 160
"""Characters of a distribution that are worth reading."""


def document(view: View) -> Document:
    """What a view believes, and why; and what can be switched on."""
    blocks: list[Block] = []
    if view.citation:
        blocks.append(Sources([Source(view.citation, url=view.url)]))
    if view.description:
        blocks.append(Paragraph(" ".join(view.description.split())))
    blocks += _stated(view, meanings=False)
    if view.options:
        blocks.append(_options(view))
    if view.warnings:
        blocks.append(Notice([f"warning: {warning}" for warning in view.warnings]))
    return Document(view.title or view.name, "", [Section("beliefs", "", blocks)])


def beliefs(forecast: Forecast) -> Section:
    """Densities and sources of the beliefs, and what is left at its neutral value."""
    from ooms.documents.pictures import figure

    view = forecast.view
    blocks: list[Block] = [Paragraph(text) for text in (view.description,) if text]
    if view.changes:
        blocks.append(Bullets([("What if, changed for this report", "; ".join(view.changes))]))
    if forecast.inputs:
        blocks.append(figure(forecast, "beliefs"))
    return Section("beliefs", "Assumptions, and why", [*blocks, *_stated(view)])


def _stated(view: View, *, meanings: bool = True) -> list[Block]:
    blocks: list[Block] = [parameters(view, meanings=meanings)]
    if view.correlations:
        rows = [(c.first, c.second, f"{c.spearman:+g}") for c in view.correlations]
        columns = (Column("Of", "label"), Column("With", "label"), *right("Correlation"))
        blocks.append(Table("Spearman rank correlations", columns, rows))
    return [*blocks, Bullets(_variants(view))]


def parameters(view: View, *, meanings: bool = True) -> Table:
    """Every parameter that a view states; what each means is for readers who have no list of them."""
    rows = [
        (name, _unit(name), _distribution(belief), *([known(name).meaning] if meanings else []), _source(view, name))
        for name, belief in view.beliefs.items()
    ]
    texts = ("Distribution", *(["Meaning"] if meanings else []), "Source")
    columns = (*left("Parameter"), Column("Symbol, unit", "unit"), *left(*texts))
    return Table(f"Assumptions of {view.position}", columns, rows)


def _distribution(belief: Belief) -> str:
    """The distribution as a prior file states it; of joint draws, and of long tables, what they come to."""
    text = str(belief.marginal)
    if belief.joint is None and len(text) <= _LONGEST:
        return text
    low, middle, high = (f"{value:.3g}" for value in belief.marginal.ppf(np.array([0.05, 0.5, 0.95])).tolist())
    what = belief.marginal.family if belief.joint is None else f"joint draws ({belief.joint})"
    return f"{what}: median {middle}, 90 % equal-tailed interval {low} to {high}"


def _unit(name: str) -> str:
    parameter = known(name)
    return parameter.symbol if parameter.unit == "-" else f"{parameter.symbol}, {parameter.unit}"


def _source(view: View, name: str) -> str:
    belief = view.beliefs[name]
    return " ".join(filter(None, (graded(belief.source, belief.grade), belief.note)))


def _options(view: View) -> Table:
    """What can be switched on, and how."""
    rows = [(name, option.title + (" (on)" if name in view.chosen else "")) for name, option in view.options.items()]
    return Table(f"Options: ooms forecast {view.name.partition('+')[0]}+OPTION", left("Option", "What it is"), rows)


def _switch(value: bool | str) -> str:
    return value if isinstance(value, str) else "yes" if value else "no"


def _variants(view: View) -> list[tuple[str, str]]:
    neutral = ", ".join(f"{name} = {value:g}" for name, value in view.neutral.items())
    return [
        ("Returns decline towards the software limit", "yes" if view.declining_returns else "no: constant, no limit"),
        ("Retraining slows gains down", _switch(view.retraining)),
        ("Returns are adjusted for compute's share", _switch(view.compute_adjustment)),
        ("Not mentioned by the position, and at their neutral values", neutral or "none"),
    ]
