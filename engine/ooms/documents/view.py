"""What is believed: every parameter of a view with its unit, its distribution and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ooms.documents.document import Block, Bullets, Paragraph, Section, Table, left, right
from ooms.documents.pictures import figure
from ooms.parameters import known

if TYPE_CHECKING:
    from ooms.beliefs.view import Belief, View
    from ooms.forecasting.forecast import Forecast

__all__ = ["beliefs", "parameters"]


_LONGEST = 160
"""Characters of a distribution that are worth reading."""


def beliefs(forecast: Forecast) -> Section:
    """Densities and sources of the beliefs, and what is left at its neutral value."""
    view = forecast.view
    blocks: list[Block] = [Paragraph(text) for text in (view.description,) if text]
    if view.changes:
        blocks.append(Bullets([("What if, changed for this report", "; ".join(view.changes))]))
    if forecast.inputs:
        blocks.append(figure(forecast, "beliefs"))
    blocks.append(parameters(view))
    if view.correlations:
        rows = [(c.first, c.second, f"{c.spearman:+g}") for c in view.correlations]
        blocks.append(Table("Spearman rank correlations", (*left("Of", "with"), *right("correlation")), rows))
    blocks.append(Bullets(_variants(view)))
    return Section("beliefs", "Assumptions", blocks)


def parameters(view: View) -> Table:
    """Every parameter that a view states."""
    rows = [
        (name, _unit(name), _distribution(belief), known(name).meaning, _source(view, name))
        for name, belief in view.beliefs.items()
    ]
    note = "Grades of sources: P primary text, C primary code, A abstract, S second-hand, J judgement."
    return Table(
        f"Beliefs of {view.label}",
        left("Parameter", "Symbol, unit", "Distribution", "Meaning", "Source"),
        rows,
        note,
    )


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
    return parameter.symbol + f", {parameter.unit}" * (parameter.unit != "-")


def _source(view: View, name: str) -> str:
    belief = view.beliefs[name]
    grade = f" [{belief.grade}]" if belief.grade else ""
    return f"{belief.source}{grade}{' ' * bool(belief.note)}{belief.note}"


def _switch(value: bool | str) -> str:
    return value if isinstance(value, str) else "yes" if value else "no"


def _variants(view: View) -> list[tuple[str, str]]:
    neutral = ", ".join(f"{name} = {value:g}" for name, value in view.neutral.items())
    return [
        ("Returns decline towards the software limit", "yes" if view.declining_returns else "no: constant, no limit"),
        ("Retraining slows gains down", _switch(view.retraining)),
        ("Returns are adjusted for compute's share", _switch(view.compute_adjustment)),
        ("Not mentioned by the view, and at their neutral values", neutral or "none"),
    ]
