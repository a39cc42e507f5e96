"""Which inputs drive the answer: the probability of 5 OOMs in a year by quartile of each input, and its importance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt

from ooms.outcomes import HEADLINE
from ooms.pictures.forecast.base import WIDTH, Chart, Picture, named, percent_axis
from ooms.pictures.forecast.beliefs import input_name
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import ACCENT, MARK, QUIET, SMALL, STEPS
from ooms.pictures.words import harmless
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, percent, rounded

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["PICTURE", "importance"]

_QUARTILES = ("lowest", "second", "third", "highest")
_COLUMN = 76  # pixels of the importance at the right
_HEIGHT = 30  # of a row
_WIDTH_OF_KEY = 300  # of its entries beside each other


def importance(found: Estimate) -> str:
    """An importance in percent of the variance, with the digits that its error supports.

    Examples
    --------
    >>> importance(Estimate(0.4312, 0.004)), importance(Estimate(-0.0001, 0.0002)), importance(Estimate(0.021, 0.001))
    ('43 %', '0.0 %', '2.1 %')
    """
    value, error = (100 * x for x in found)
    if math.isnan(value):
        return "-"
    finest = 1.0 if value >= 9.95 else 0.1
    shown = rounded(max(value, 0.0), max(error, finest))
    return f"{shown if float(shown) else '0.0'} %"


def _rows(forecast: Forecast) -> Rows:
    whole = forecast.probability(HEADLINE).value
    dots, texts = list[Row](), list[Row]()
    for driver in forecast.drivers(HEADLINE):
        name = harmless(input_name(driver.name))
        dots += [
            {"input": name, "quarter": quarter, "chance": 100 * chance.value, "error": 100 * chance.standard_error,
             "shown": percent(chance)}
            for quarter, chance in zip(_QUARTILES, driver.by_quartile, strict=True)
        ]  # fmt: skip
        chances = [100 * chance.value for chance in driver.by_quartile]
        texts.append({"input": name, "low": min(chances), "high": max(chances), "text": importance(driver.importance)})
    top = min(100.0, 1.05 * max([10.0, *(row["high"] for row in texts)]))
    return {"dots": dots, "inputs": texts, "whole": [{"at": 100 * whole}], "frame": [{"top": top}]}


def _chart(rows: Rows) -> Chart:
    names = [row["input"] for row in rows["inputs"]]
    y = alt.Y("input:N", sort=names, axis=alt.Axis(title=None, ticks=False, labelLimit=190))
    scale = alt.Scale(
        domainMin=0, domainMax=alt.ExprRef("top"), nice=True, range=[8, alt.ExprRef(f"width - {_COLUMN}")]
    )
    x_axis = percent_axis("P(5 OOMs in 1 year), by quarter of the input")
    texts = alt.Chart(named(rows, "inputs")).encode(y=y)
    across = texts.mark_rule(color=MARK, strokeWidth=1.5).encode(
        x=alt.X("low:Q", scale=scale, axis=x_axis), x2="high:Q"
    )
    # on a phone names take half the width, and four entries beside each other would be cut off
    narrow = alt.ExprRef(f"width < {_WIDTH_OF_KEY} ? 2 : 4")
    key = alt.Legend(orient="top", title="quarter of the input", symbolType="circle", columns=narrow)
    shades = alt.Scale(domain=list(_QUARTILES), range=list(STEPS))
    colour = alt.Color("quarter:N", sort=list(_QUARTILES), scale=shades, legend=key)
    dots = alt.Chart(named(rows, "dots")).mark_circle(size=90, opacity=1, stroke="white", strokeWidth=0.5).encode(
        x=alt.X("chance:Q", scale=scale), y=y, color=colour,
        tooltip=[alt.Tooltip("input:N"), alt.Tooltip("quarter:N"), alt.Tooltip("shown:N", title="probability")],
    )  # fmt: skip
    whole = alt.Chart(named(rows, "whole")).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(
        x=alt.X("at:Q", scale=scale)
    )  # fmt: skip
    share = texts.mark_text(align="right", color=ACCENT, fontWeight="bold", fontSize=SMALL).encode(
        x=alt.value(alt.ExprRef("width - 4")), text="text:N"
    )  # fmt: skip
    heading = alt.Chart(alt.InlineData(values=[{"text": "importance"}], name="heading")).mark_text(
        align="right", baseline="bottom", fontWeight="bold", color=ACCENT, fontSize=SMALL, dy=-4
    ).encode(x=alt.value(alt.ExprRef("width - 4")), y=alt.value(0), text="text:N")  # fmt: skip
    height = _HEIGHT * max(len(names), 1)
    drawn = alt.LayerChart(layer=[whole, across, dots, share, heading], width=WIDTH, height=height)
    return drawn.add_params(alt.param(name="top", value=rows["frame"][0]["top"]))


def _said(forecast: Forecast) -> str:
    def told(name: str, share: Estimate, chances: tuple[Estimate, ...]) -> str:
        low, high = in_percent(chances[0]), in_percent(chances[-1])
        return f"{input_name(name)}: {low} in its lowest quarter, {high} in its highest, importance {importance(share)}"

    found = forecast.drivers(HEADLINE)
    if not found:
        return "Every input is fixed."
    each = "; ".join(told(d.name, d.importance, d.by_quartile) for d in found)
    return f"Probability of 5 OOMs in 1 year by quarters of each input. {each}."


PICTURE = Picture(
    "Which inputs drive the answer?",
    "Dots: probability in each quarter of the input's values. Dashed: in all. Importance: share of the variance of "
    "whether 5 OOMs come in 1 year that knowing this input alone would take away, correlations included.",
    _rows,
    _chart,
    _said,
    events=(HEADLINE,),
    of_inputs=True,
)
