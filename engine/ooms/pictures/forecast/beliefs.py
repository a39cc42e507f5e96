"""What is believed about every input: densities of the priors, with medians and intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from ooms.beliefs.draws import Sampler
from ooms.parameters import known
from ooms.pictures.density import Axis, axis_of, density, ticks
from ooms.pictures.forecast.base import WIDTH, Chart, Picture
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import INK, LABEL, QUIET, SMALL, STEPS
from ooms.pictures.words import harmless
from ooms.results.numbers import rounded

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["PICTURE", "input_axis", "input_name"]

_COLUMNS = 3
_DRAWS = 2**13
_HEIGHT, _GAP = 78, 24
_PANEL = WIDTH / _COLUMNS - _GAP


def input_name(name: str) -> str:
    """An input with its symbol and unit: ``compute share a``; ``software limit X, OOM``."""
    parameter = known(name)
    symbol = "" if parameter.symbol in (name, parameter.unit) else f" {parameter.symbol}"
    unit = "" if parameter.unit == "-" else f", {parameter.unit}"
    return f"{name.replace('_', ' ')}{symbol}{unit}"


def input_axis(forecast: Forecast, name: str, values: np.ndarray) -> Axis:
    """Where an input is shown: 99 % of its draws, logarithmic where they span much."""
    return axis_of(values, values, forecast.view.beliefs[name].marginal.support())


def _rows(forecast: Forecast) -> Rows:
    """A data set for every random input, whose first row says where it is shown, and what."""
    return {
        name: [_head(forecast, name, values), *_hill(forecast, name, values)] for name, values in _drawn_of(forecast)
    }


def _drawn_of(forecast: Forecast) -> Iterator[tuple[str, np.ndarray]]:
    block = Sampler(forecast.view, forecast.seed).block(0, min(_DRAWS, forecast.draws)).values
    return ((name, block[name]) for name in forecast.inputs)


def _head(forecast: Forecast, name: str, values: np.ndarray) -> Row:
    where = input_axis(forecast, name, values)
    marginal = forecast.view.beliefs[name].marginal
    if forecast.view.beliefs[name].joint is None:
        low, middle, high = marginal.ppf(np.array([0.05, 0.5, 0.95])).tolist()
    else:
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return {
        "name": harmless(input_name(name)), "log": where.logarithmic, "low": where.low, "high": where.high,
        "ticks": ticks(where), "q05": low, "q50": middle, "q95": high,
        "text": f"{_short(middle)} ({_short(low)} to {_short(high)})",
    }  # fmt: skip


def _hill(forecast: Forecast, name: str, values: np.ndarray) -> list[Row]:
    where = input_axis(forecast, name, values)
    heights = density(values, where)
    heights = heights / heights.max()
    return [{"at": x, "height": y} for x, y in zip(where.points().tolist(), heights.tolist(), strict=True)]


def _short(value: float) -> str:
    return rounded(value, 0.0, most=2).replace("-", "\u2212")


def _chart(rows: Rows) -> Chart:
    panels = [_drawn(head, points) for head, *points in rows.values()]
    lines = [panels[k : k + _COLUMNS] for k in range(0, len(panels), _COLUMNS)]
    return alt.VConcatChart(vconcat=[alt.HConcatChart(hconcat=line, spacing=_GAP) for line in lines], spacing=18)


def _drawn(head: Row, points: Sequence[Row]) -> alt.LayerChart:
    scale = alt.Scale(
        type="log" if head["log"] else "linear", domain=[head["low"], head["high"]], nice=False, zero=False
    )
    shown = alt.Axis(values=head["ticks"], format="~g", title=None, labelOverlap=False, labelFlush=True)
    x = alt.X("at:Q", scale=scale, axis=shown)
    up = alt.Scale(domain=[0, 1.15])
    y = alt.Y("height:Q", axis=None, scale=up)
    numbers = "\n".join(["at,height", *(f"{row['at']:.6g},{row['height']:.3g}" for row in points)])
    form = alt.CsvDataFormat(type="csv", parse={"at": "number", "height": "number"})
    hill = alt.Chart(alt.InlineData(values=numbers, format=form)).mark_area(
        color=STEPS[0], line=alt.OverlayMarkDef(color=STEPS[2], strokeWidth=1.6)
    ).encode(x=x, y=y)  # fmt: skip
    ends = {key: min(max(head[key], head["low"]), head["high"]) for key in ("q05", "q50", "q95")}
    middle = alt.Chart(alt.InlineData(values=[ends])).encode(y=alt.value(6))
    across = middle.mark_rule(color=STEPS[3], strokeWidth=1.6).encode(x=alt.X("q05:Q", scale=scale), x2="q95:Q")
    dot = middle.mark_circle(color=STEPS[3], size=34, opacity=1).encode(x=alt.X("q50:Q", scale=scale))
    title = alt.TitleParams(
        head["name"], subtitle=head["text"], fontSize=LABEL, subtitleFontSize=SMALL, subtitleColor=QUIET, color=INK,
        anchor="start", offset=4, limit=_PANEL, frame="group",
    )  # fmt: skip
    return alt.LayerChart(layer=[hill, across, dot], width=_PANEL, height=_HEIGHT, title=title)


def _said(forecast: Forecast) -> str:
    heads = [_head(forecast, name, values) for name, values in _drawn_of(forecast)]
    told = [f"{head['name']}: median {head['text']}" for head in heads]
    return f"Medians and 90 % equal-tailed intervals. {'; '.join(told)}." if told else "Every input is fixed."


PICTURE = Picture(
    "What is believed?",
    "Density of every input that is not fixed, and above it its median and 90 % equal-tailed interval.",
    (),
    (),
    _rows,
    _chart,
    _said,
    live=False,
    of_inputs=True,
)
