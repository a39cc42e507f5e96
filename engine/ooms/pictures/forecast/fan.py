"""Progress over time: bands of the draws, their median, and a few single draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from ooms.beliefs.draws import Sampler
from ooms.forecasting.horizon import way
from ooms.forecasting.late import never_or_late
from ooms.outcomes import Run
from ooms.outcomes.spans import counted
from ooms.pictures.forecast.base import QUANTILES, WIDTH, Chart, Picture, end_label, named
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import ACCENT, MARK, QUIET, STEPS, TINT
from ooms.results.numbers import in_percent

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["DAYS", "PICTURE", "SINGLE", "quantity_after"]

_END = 4.0
_POINTS = 24
DAYS = tuple(round(365.25 * _END * (k / _POINTS) ** 1.5) for k in range(1, _POINTS + 1))
"""Days after which progress is drawn: closer together early on, where it is fast."""

SINGLE = 16
"""Draws that are drawn one by one: the first of each randomisation."""
_LEAST, _MOST = 8, 16  # OOMs at the top of the axis


def quantity_after(days: int) -> str:
    """The quantity of progress after so many days."""
    return f"ooms after {counted(days, 'day')}"


def _rows(forecast: Forecast) -> Rows:
    end = forecast.sketch(quantity_after(DAYS[-1]))
    top = float(max(_LEAST, math.ceil(min(end.quantile(0.95).value + 1, _MOST))))
    table = [
        [min(e.value, top) for e in forecast.quantiles(quantity_after(days), [*QUANTILES.values()])] for days in DAYS
    ]
    bands: list[Row] = [dict.fromkeys(("year", *QUANTILES), 0.0)]
    for days, row in zip(DAYS, table, strict=True):
        bands.append({"year": days / 365.25, **dict(zip(QUANTILES, row, strict=True))})
    text = f"below 5 OOMs after 4 years: {in_percent(end.at_most(5.0))}, never or after 100 years: {_never(forecast)}"
    return {"bands": bands, "lines": _lines(forecast, top), "note": [{"text": text}], "frame": [{"top": top}]}


def _never(forecast: Forecast) -> str:
    return in_percent(never_or_late(forecast, "time to 5 ooms"))


def _lines(forecast: Forecast, top: float) -> list[Row]:
    """The first draws, each as a line."""
    sampler = Sampler(forecast.view, forecast.seed)
    block = sampler.block(0, SINGLE)
    run = Run(block.inputs, way(forecast.view), dense=True)
    along = [np.zeros(SINGLE), *(np.broadcast_to(run.progress_after(days / 365.25), SINGLE) for days in DAYS)]
    years = [0.0, *(days / 365.25 for days in DAYS)]
    return [
        {"draw": draw, "year": year, "ooms": min(float(progress[draw]), top)}
        for year, progress in zip(years, along, strict=True)
        for draw in range(SINGLE)
    ]


def _chart(rows: Rows) -> Chart:
    x = alt.X("year:Q", axis=alt.Axis(title="Years since full automation of AI R&D", tickCount=5),
              scale=alt.Scale(domain=[0, _END], nice=False))  # fmt: skip
    scale = alt.Scale(domain=[0, rows["frame"][0]["top"]], nice=False)
    bands = alt.Chart(named(rows, "bands")).encode(x=x)

    def band(low: str, high: str, colour: str) -> alt.Chart:
        y = alt.Y(f"{low}:Q", scale=scale, axis=alt.Axis(title="OOMs gained, from software alone", tickCount=8))
        return bands.mark_area(color=colour, opacity=1).encode(y=y, y2=f"{high}:Q")

    single = alt.Chart(named(rows, "lines")).mark_line(strokeWidth=0.8, color=QUIET, opacity=0.65, clip=True)
    five = alt.Chart(alt.InlineData(values=[{"at": 5}], name="five")).mark_rule(color=MARK, strokeDash=[4, 3])
    median = bands.mark_line(strokeWidth=3, color=STEPS[3]).encode(y="q50:Q")
    layers = [
        band("q05", "q95", TINT), band("q25", "q75", STEPS[0]), five.encode(y="at:Q"),
        single.encode(x="year:Q", y="ooms:Q", detail="draw:N"), median,
        end_label(rows, "note", ACCENT, fontWeight="bold", dy=-14),
    ]  # fmt: skip
    return alt.LayerChart(layer=layers, width=WIDTH, height=300)


def _said(forecast: Forecast) -> str:
    def told(quantity: str, when: str) -> str:
        low, middle, high = (f"{e.value:.2g}" if e.value <= 24 else "over 24"
                             for e in forecast.quantiles(quantity, (0.05, 0.5, 0.95)))  # fmt: skip
        return f"After {when}: median {middle} OOMs, 90 % equal-tailed interval {low} to {high}."

    never = f"In {_never(forecast)} of the simulated futures 5 OOMs take more than 100 years or never come."
    return f"{told('ooms after 1 year', 'one year')} {told(quantity_after(DAYS[-1]), '4 years')} {never}"


PICTURE = Picture(
    "How does progress go on?",
    "Line: median. Inner and outer band: 50 % and 90 % equal-tailed intervals at each date. Thin lines: single simulated futures; "
    "what goes on above the picture is drawn at its top.",
    _rows,
    _chart,
    _said,
    quantities=("time to 5 ooms", "ooms after 1 year", *(quantity_after(days) for days in DAYS)),
)
