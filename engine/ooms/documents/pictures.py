"""The pictures of a forecast as sections, each with its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ooms.documents.document import Block, Figure, Paragraph, Section, Table, left, right
from ooms.outcomes import HEADLINE
from ooms.outcomes.spans import counted
from ooms.outcomes.words import outcome_words
from ooms.pictures.forecast.exceedance import STEPS_OF_PROGRESS, WINDOWS, event
from ooms.pictures.registry import REGISTRY
from ooms.problems import UserError
from ooms.results.numbers import plus_minus

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["drivers", "figure", "outcomes"]

_OUTCOMES = ("progress", "exceedance", "times", "fan", "pace")


def figure(forecast: Forecast, name: str) -> Figure:
    """A picture of a forecast as a part of a report."""
    picture = REGISTRY[name].picture
    rows, said = picture.rows(forecast), picture.said(forecast)
    live = name if picture.live else ""
    return Figure(
        name, picture.title, picture.caption, said, picture.chart(rows), live, wide=not live, rows=rows if live else {}
    )


def outcomes(forecast: Forecast) -> Section:
    """How far, how likely, how long, how it goes on, and how much labour can do."""
    blocks: list[Block] = []
    for name in _OUTCOMES:
        blocks.append(figure(forecast, name))
        if name == "exceedance":
            blocks.append(_exceedance(forecast))
    return Section("outcomes", "How far, how soon", blocks)


def _exceedance(forecast: Forecast) -> Table:
    rows = [
        (
            counted(n, "OOM"),
            *(plus_minus(forecast.probability(event(n, window)), percent=True) for window in WINDOWS),
        )
        for n in STEPS_OF_PROGRESS
    ]
    columns = (*left("At least"), *right(*(f"within {window}" for window in WINDOWS)))
    return Table("Probability of at least n OOMs within a window, %", columns, rows)


def drivers(forecast: Forecast) -> Section:
    """Which inputs drive the answer."""
    try:
        found = forecast.drivers(HEADLINE)
    except UserError as error:  # all draws end alike
        (problem,) = error.problems
        return Section("drivers", "Which inputs drive the answer", (Paragraph(f"{problem.place}: {problem.what}."),))
    if not found:
        return Section("drivers", "Which inputs drive the answer", ())
    rows: Sequence[Sequence[str]] = [
        (
            driver.name,
            plus_minus(driver.importance, percent=True),
            *(plus_minus(chance, percent=True) for chance in driver.by_quartile),
            " | ".join(f"{value:.3g}" for value in driver.quartiles),
        )
        for driver in found
    ]
    columns = (
        *left("Input"),
        *right("Importance, %", "1st quarter, %", "2nd, %", "3rd, %", "4th, %", "ends of quarters"),
    )
    note = (
        "Importance is the correlation ratio (first-order index) Var E[event | input] / Var[event], in percent of the "
        "variance: it is meaningful under correlated inputs, but then parts of it are shared. Columns: probability of "
        f"{outcome_words(HEADLINE)} where the input lies in that quarter of its draws."
    )
    table = Table("Inputs by importance", columns, rows, note)
    return Section("drivers", "Which inputs drive the answer", (figure(forecast, "drivers"), table))
