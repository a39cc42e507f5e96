"""How far software gets in a year: the distribution of OOMs gained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from ooms.outcomes import HEADLINE
from ooms.pictures.forecast.base import WIDTH, Chart, Picture, end_label, named, percent_axis
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import INK, QUIET, STEPS
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, rounded

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["BIN", "PICTURE"]

_QUANTITY, _ENOUGH = "ooms after 1 year", 5.0
BIN = 0.5
"""OOMs of a bar."""
_FEWEST, _MOST = 8.0, 24.0  # OOMs that the axis ends at
_REST = 0.005  # of the draws, that may lie beyond its end
_SIDES = ("below 5 OOMs", "5 OOMs or more")


def _rows(forecast: Forecast) -> Rows:
    sketch = forecast.sketch(_QUANTITY)
    top = next((n for n in range(int(_FEWEST), int(_MOST)) if 1 - sketch.at_most(n).value < _REST), _MOST)
    edges = [k * BIN for k in range(round(top / BIN) + 1)]
    below = [0.0, *(sketch.at_most(edge).value for edge in edges[1:])]
    bars = [
        {"from": low, "to": high, "share": 100 * (b - a), "side": _SIDES[low >= _ENOUGH]}
        for low, high, a, b in zip(edges, edges[1:], below, below[1:], strict=False)
    ]
    quantiles = [e.value for e in sketch.quantiles((0.05, 0.5, 0.95))]
    low, middle, high = (min(value, top) for value in quantiles)
    rest = Estimate(1 - below[-1], sketch.at_most(top).standard_error)
    return {
        "bars": bars,
        "middle": [{"low": low, "median": middle, "high": high, "later": quantiles[2] > top}],
        "enough": [{"at": _ENOUGH, "text": f"5 OOMs or more: {in_percent(forecast.probability(HEADLINE))}"}],
        "rest": _beyond(rest, top),
    }


def _beyond(rest: Estimate, top: float) -> list[Row]:
    return [{"text": f"beyond {top:g} OOMs: {in_percent(rest)} \u2192"}] if rest.value >= _REST / 10 else []


def _chart(rows: Rows) -> Chart:
    top = rows["bars"][-1]["to"]
    x = alt.X("from:Q", axis=alt.Axis(title="OOMs gained in the first year, from software alone", format="d",
                                      values=list(range(int(top) + 1))),
              scale=alt.Scale(domain=[0, top], nice=False))  # fmt: skip
    bars = alt.Chart(named(rows, "bars")).mark_rect(stroke="white", strokeWidth=1).encode(
        x=x, x2="to:Q", y=alt.Y("share:Q", axis=percent_axis("Share of simulated futures"), scale=alt.Scale(nice=True, zero=True)),
        y2=alt.datum(0),
        color=alt.Color("side:N", scale=alt.Scale(domain=list(_SIDES), range=[STEPS[1], STEPS[2]]),
                        legend=alt.Legend(orient="top", title=None, symbolType="square", offset=16)),
        tooltip=[alt.Tooltip("from:Q", title="from, OOMs"), alt.Tooltip("to:Q", title="to, OOMs"),
                 alt.Tooltip("share:Q", format=".2f", title="percent")],
    )  # fmt: skip
    edge = alt.Chart(named(rows, "enough"))
    line = edge.mark_rule(color=INK, strokeWidth=1.5).encode(x="at:Q")
    text = edge.mark_text(align="left", baseline="top", dx=6, dy=4, fontWeight="bold").encode(
        x="at:Q", y=alt.value(0), text="text:N"
    )  # fmt: skip
    middle = alt.Chart(named(rows, "middle")).encode(y=alt.value(-7))
    across = middle.mark_rule(color=QUIET, strokeWidth=2).encode(x="low:Q", x2="high:Q")
    dot = middle.mark_circle(color=QUIET, size=50, opacity=1).encode(x="median:Q")
    rest = end_label(rows, "rest", QUIET, dy=22)
    return alt.LayerChart(layer=[bars, line, text, across, dot, rest], width=WIDTH, height=250)


def _said(forecast: Forecast) -> str:
    sketch = forecast.sketch(_QUANTITY)
    low, middle, high = (
        rounded(*e, most=2) if e.value < _MOST else "over 24" for e in sketch.quantiles((0.05, 0.5, 0.95))
    )
    chance = in_percent(forecast.probability(HEADLINE))
    return (
        f"In the first year the median is {middle} OOMs, with a 90 % equal-tailed interval from {low} to {high}; "
        f"{chance} of the simulated futures gain 5 OOMs or more."
    )


PICTURE = Picture(
    "How far does software get in a year?",
    "Bars: share of simulated futures by half OOMs. Dot and line: median and 90 % equal-tailed interval.",
    _rows,
    _chart,
    _said,
    events=(HEADLINE,),
    quantities=(_QUANTITY,),
)
