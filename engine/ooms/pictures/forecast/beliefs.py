"""What is assumed about every input: densities of the priors, with medians and intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from ooms.beliefs.draws import Sampler
from ooms.parameters import known
from ooms.pictures.density import Axis, axis_of, density
from ooms.pictures.forecast.base import WIDTH, Chart, Picture
from ooms.pictures.hills import Curve, Intervals, axis_row, hill_panel
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import STEPS
from ooms.pictures.words import harmless
from ooms.results.numbers import rounded

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["PICTURE", "input_axis", "input_name"]

_COLUMNS = 3
_DRAWS = 2**13
_HEIGHT, _GAP = 78.0, 24.0
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
        "name": harmless(input_name(name)), **axis_row(where), "q05": low, "q50": middle, "q95": high,
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
    curve = Curve("height", {"color": STEPS[0]}, {"color": STEPS[2], "strokeWidth": 1.6})
    panels = list[alt.LayerChart]()
    for head, *points in rows.values():
        intervals = [{"y": 6.0, "low": head["q05"], "at": head["q50"], "high": head["q95"]}]
        columns = {field: [point[field] for point in points] for field in ("at", "height")}
        shown = Intervals(intervals, alt.value(STEPS[3]), 1.6)
        size, ground = (_PANEL, _HEIGHT), (_HEIGHT, 0.13 * _HEIGHT)
        panels.append(hill_panel(head, columns, [curve], shown, size=size, ground=ground))
    return alt.ConcatChart(concat=panels, columns=_COLUMNS, spacing=_GAP)


def _said(forecast: Forecast) -> str:
    heads = [_head(forecast, name, values) for name, values in _drawn_of(forecast)]
    told = [f"{head['name']}: median {head['text']}" for head in heads]
    return f"Medians and 90 % equal-tailed intervals. {'; '.join(told)}." if told else "Every input is fixed."


PICTURE = Picture(
    "What is assumed?",
    "Density of every input that is not fixed, and above it its median and 90 % equal-tailed interval.",
    _rows,
    _chart,
    _said,
    live=False,
    of_inputs=True,
)
