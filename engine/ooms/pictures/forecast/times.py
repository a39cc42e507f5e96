"""How long to n OOMs: medians and intervals, and the share that comes late or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from ooms.forecasting.late import LATE, never_or_late
from ooms.outcomes.spans import counted
from ooms.pictures.forecast.base import QUANTILES, WIDTH, Chart, Picture, named
from ooms.pictures.marks import named_ticks
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import ACCENT, INK, MARK, SMALL, STEPS
from ooms.results.numbers import duration, in_percent

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["FIRST", "LAST", "PICTURE", "time_to"]

FIRST, LAST = 1 / 365.25, LATE
"""Years where the axis starts and ends."""

_TICKS = {FIRST: "1 day", 7 / 365.25: "1 week", 1 / 12: "1 month", 1.0: "1 year", 10.0: "10 years", LAST: "100 years"}
_COLUMN = 118  # pixels of the shares at the right
_HEIGHT = 24  # of a row


def time_to(n: int) -> str:
    """The quantity of the time to n OOMs."""
    return f"time to {counted(n, 'oom')}"


def _rows(forecast: Forecast) -> Rows:
    rows = list[Row]()
    for n in range(1, 13):
        sketch = forecast.sketch(time_to(n))
        values = [e.value for e in sketch.quantiles([*QUANTILES.values()])]
        inside = [min(max(value, FIRST), LAST) for value in values]
        rows.append({
            "n": n, "label": counted(n, "OOM"),
            **dict(zip(QUANTILES, inside, strict=True)),
            "middle": values[2] if FIRST <= values[2] <= LAST else None,
            "earlier": values[0] < FIRST, "later": values[4] > LAST,
            "never": in_percent(never_or_late(forecast, time_to(n))),
        })  # fmt: skip
    return {"rows": rows}


def _chart(rows: Rows) -> Chart:
    labels = [row["label"] for row in rows["rows"]]
    x_axis = named_ticks(_TICKS, title="Time since full automation of AI R&D", labelOverlap=True, labelFlush=False)
    scale = alt.Scale(type="log", domain=[FIRST, LAST], nice=False, range=[0, alt.ExprRef(f"width - {_COLUMN}")])
    base = alt.Chart(named(rows, "rows")).encode(
        y=alt.Y("label:N", sort=labels, axis=alt.Axis(title=None, ticks=False))
    )

    def line(low: str, high: str, width: float, colour: str) -> alt.Chart:
        marked = base.transform_filter(f"datum.{low} < datum.{high}").mark_rule(strokeWidth=width, color=colour)
        return marked.encode(x=alt.X(f"{low}:Q", scale=scale, axis=x_axis), x2=f"{high}:Q")

    def arrow(flag: str, shape: str, at: float) -> alt.Chart:
        marked = base.transform_filter(f"datum.{flag}").mark_point(shape=shape, size=24, filled=True, color=STEPS[2])
        return marked.encode(x=alt.X(datum=at, scale=scale))

    year = alt.Chart(alt.InlineData(values=[{"at": 1.0}], name="year")).mark_rule(color=MARK).encode(x="at:Q")
    dot = base.transform_filter("datum.middle != null").mark_circle(size=58, opacity=1, color=INK)
    share = base.mark_text(align="right", color=ACCENT, fontSize=SMALL).encode(
        x=alt.value(alt.ExprRef("width - 4")), text="never:N"
    )  # fmt: skip
    heading = alt.Chart(alt.InlineData(values=[{"text": "never, or > 100 years"}], name="heading")).mark_text(
        align="right", baseline="bottom", fontWeight="bold", color=ACCENT, fontSize=SMALL, dy=-4
    ).encode(x=alt.value(alt.ExprRef("width - 4")), y=alt.value(0), text="text:N")  # fmt: skip
    layers = [
        year, line("q05", "q95", 1.6, STEPS[2]), line("q25", "q75", 5, STEPS[1]), dot.encode(x="middle:Q"),
        arrow("earlier", "triangle-left", FIRST), arrow("later", "triangle-right", LAST), share, heading,
    ]  # fmt: skip
    return alt.LayerChart(layer=layers, width=WIDTH, height=_HEIGHT * len(labels))


def _said(forecast: Forecast) -> str:
    def told(n: int) -> str:
        low, middle, high = (duration(e) for e in forecast.quantiles(time_to(n), (0.05, 0.5, 0.95)))
        never = in_percent(never_or_late(forecast, time_to(n)))
        times = f"median {middle}, 90 % equal-tailed interval {low} to {high}"
        return f"{counted(n, 'OOM')}: {times}; never or after 100 years: {never}."

    return " ".join(map(told, (1, 5, 10)))


PICTURE = Picture(
    "How long do so many OOMs take?",
    "Dot: median. Thick line: 50 %, thin line: 90 % equal-tailed interval. Arrow: goes on beyond the axis. Right: "
    "share of simulated futures in which it takes more than 100 years or never comes.",
    _rows,
    _chart,
    _said,
    quantities=tuple(time_to(n) for n in range(1, 13)),
)
