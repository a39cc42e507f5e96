"""How likely at least n OOMs within some time: exceedance curves for several windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from ooms.outcomes.spans import counted
from ooms.pictures.forecast.base import WIDTH, Chart, Picture, named, percent_axis
from ooms.pictures.rows import Rows
from ooms.pictures.theme import MARK, STEPS
from ooms.results.numbers import in_percent, percent

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["PICTURE", "STEPS_OF_PROGRESS", "WINDOWS"]

WINDOWS = ("1 month", "3 months", "1 year", "4 years")
"""Windows, shortest first."""

STEPS_OF_PROGRESS = tuple(range(1, 13))
"""OOMs."""


def event(n: int, window: str) -> str:
    """The event of at least n OOMs within a window."""
    return f"{counted(n, 'oom')} in {window}"


def _rows(forecast: Forecast) -> Rows:
    points = [
        {"n": n, "window": window, "chance": 100 * chance.value, "error": 100 * chance.standard_error,
         "shown": percent(chance)}
        for window in WINDOWS
        for n in STEPS_OF_PROGRESS
        for chance in [forecast.probability(event(n, window))]
    ]  # fmt: skip
    return {"points": points}


def _chart(rows: Rows) -> Chart:
    colour = alt.Color("window:N", scale=alt.Scale(domain=list(WINDOWS), range=list(STEPS)), sort=list(WINDOWS),
                       legend=alt.Legend(orient="top", title="within", titleOrient="left", symbolType="stroke",
                                         symbolStrokeWidth=3))  # fmt: skip
    steps = list(STEPS_OF_PROGRESS)
    base = alt.Chart(named(rows, "points")).encode(
        x=alt.X("n:Q", axis=alt.Axis(title="At least so many OOMs", values=steps, format="d", grid=False),
                scale=alt.Scale(domain=[0.7, 12.3], nice=False)),
        y=alt.Y("chance:Q", axis=percent_axis("Probability"), scale=alt.Scale(domain=[0, 100])),
        color=colour,
        tooltip=[alt.Tooltip("n:Q", title="OOMs"), alt.Tooltip("window:N", title="within"),
                 alt.Tooltip("shown:N", title="probability")],
    )  # fmt: skip
    at = alt.Chart(alt.InlineData(values=[{"n": 5}], name="five")).mark_rule(color=MARK, strokeDash=[4, 3])
    layers = [at.encode(x="n:Q"), base.mark_line(strokeWidth=2.5), base.mark_circle(size=42, opacity=1)]
    return alt.LayerChart(layer=layers, width=WIDTH, height=270)


def _said(forecast: Forecast) -> str:
    def told(n: int) -> str:
        chances = [f"{in_percent(forecast.probability(event(n, window)))} within {window}" for window in WINDOWS]
        return f"At least {counted(n, 'OOM')}: {', '.join(chances)}."

    return " ".join(map(told, (1, 5, 10)))


PICTURE = Picture(
    "How likely are at least so many OOMs, how soon?",
    "Probability of at least n OOMs within a window, counted from full automation of AI R&D. Dashed: 5 OOMs.",
    _rows,
    _chart,
    _said,
    events=tuple(event(n, window) for window in WINDOWS for n in STEPS_OF_PROGRESS),
)
