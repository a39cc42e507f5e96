"""How much faster with more labour at today's compute: the production function, its spread and its ceilings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from ooms.beliefs.draws import Sampler
from ooms.model.pace import Pace
from ooms.pictures.forecast.base import QUANTILES, WIDTH, Chart, Picture, named
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import ACCENT, STEPS, TINT
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, rounded

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["LABOUR", "PICTURE"]

_FARTHEST = 12
LABOUR = tuple(10.0 ** (k / 3) for k in range(3 * _FARTHEST + 1))
"""Effective labour, over today's."""
_DRAWS = 2**13  # quantiles of a smooth curve need no more
_TOP = 1e6
_POWERS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"


def _rows(forecast: Forecast) -> Rows:
    inputs = Sampler(forecast.view, forecast.seed).block(0, min(_DRAWS, forecast.draws)).inputs
    pace = Pace(inputs)
    curves = list[Row]()
    for labour in LABOUR:
        with np.errstate(over="ignore"):
            values = np.exp(np.broadcast_to(pace.log_output_of(np.asarray(math.log(labour))), (inputs.draws,)))
        quantiles = np.minimum(np.quantile(values, [*QUANTILES.values()]), _TOP).tolist()
        curves.append({"labour": labour, **dict(zip(QUANTILES, quantiles, strict=True))})
    return {"curves": curves, "ceilings": _ceilings(forecast)}


def _ceilings(forecast: Forecast) -> list[Row]:
    """What unlimited researchers give: quantiles that fit below the end of the axis."""
    ceilings = list[Row]()
    for level, name in ((0.05, "5 %"), (0.5, "median"), (0.95, "95 %")):
        speed = forecast.quantiles("max speed", level)[0]
        if speed.value <= _TOP:
            ceilings.append({"at": speed.value, "text": f"ceiling, {name}: {_times(speed)}"})
    same = len(ceilings) > 1 and ceilings[0]["at"] == ceilings[-1]["at"]
    return [{**ceilings[0], "text": ceilings[0]["text"].replace("5 %", "all simulated futures")}] if same else ceilings


def _times(speed: Estimate) -> str:
    return f"{rounded(*speed, most=2, least=1) if speed.value <= _TOP else f'over {_TOP:,.0f}'} times"


def _chart(rows: Rows) -> Chart:
    cases = "['" + "','".join(_POWERS) + "']"
    power = f"'10' + (log(datum.value)/LN10 > 9.5 ? '\u00b9' : '') + {cases}[round(log(datum.value)/LN10) % 10]"
    ticks = [10.0**k for k in range(0, _FARTHEST + 1, 2)]
    x = alt.X(
        "labour:Q",
        scale=alt.Scale(type="log", domain=[1, LABOUR[-1]], nice=False),
        axis=alt.Axis(title="Effective research labour, times today's", values=ticks, labelExpr=power),
    )
    y_axis = alt.Axis(
        title="Pace of research, times today's",
        values=[10.0**k for k in range(7)],
        labelExpr="format(datum.value, ',')",
    )
    scale = alt.Scale(type="log", domain=[1, _TOP], nice=False)
    curves = alt.Chart(named(rows, "curves")).encode(x=x)

    def band(low: str, high: str, colour: str) -> alt.Chart:
        area = curves.mark_area(color=colour, opacity=1, clip=True)
        return area.encode(y=alt.Y(f"{low}:Q", scale=scale, axis=y_axis), y2=f"{high}:Q")

    median = curves.mark_line(strokeWidth=3, color=STEPS[3], clip=True).encode(y="q50:Q")
    ceilings = alt.Chart(named(rows, "ceilings")).encode(y="at:Q")
    lines = ceilings.mark_rule(strokeDash=[5, 3], color=ACCENT)
    text = ceilings.mark_text(align="left", baseline="bottom", dx=4, dy=-2, color=ACCENT).encode(
        x=alt.value(0), text="text:N"
    )  # fmt: skip
    layers = [band("q05", "q95", TINT), band("q25", "q75", STEPS[0]), median, lines, text]
    return alt.LayerChart(layer=layers, width=WIDTH, height=300)


def _said(forecast: Forecast) -> str:
    low, middle, high = (
        "unlimited" if math.isinf(e.value) else _times(e) for e in forecast.quantiles("max speed", (0.05, 0.5, 0.95))
    )
    never = forecast.never("max speed")
    free = f"; without a ceiling in {in_percent(never)} of the simulated futures" if never.value else ""
    return (
        f"With unlimited researchers at today's compute the pace reaches at most {middle} today's at the median, 90 % "
        f"equal-tailed interval {low} to {high}{free}."
    )


PICTURE = Picture(
    "How far does more labour speed research up at today's compute?",
    "Line: median. Inner and outer band: 50 % and 90 % equal-tailed intervals. Dashed: ceilings, the pace with "
    "unlimited researchers. Taste, cheaper experiments and speed-ups on day one that a position states are left out.",
    _rows,
    _chart,
    _said,
    quantities=("max speed",),
)
