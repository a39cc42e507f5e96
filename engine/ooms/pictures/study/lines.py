"""Probability along a numeric axis: a line for each point of a second axis, a panel for each point of others."""

from __future__ import annotations

from typing import Any

import altair as alt

from ooms.pictures.rows import Row, data
from ooms.pictures.study.cells import Cells
from ooms.pictures.study.facets import CROSS, Facets, Series, chance_axis, missing_key, number_axis, scale_of, tooltip
from ooms.pictures.study.frame import StudyPicture
from ooms.pictures.theme import STRIPE
from ooms.problems import Problem, UserError

__all__ = ["PICTURE", "in_lines"]

_LEFT = 62.0  # pixels of the axis of probabilities
_PAD = 9.0  # pixels between the edge of a panel and its first point
_SIZE = 560.0, (330.0, 230.0, 170.0)
_STRIP = 11.0  # pixels of a line of crosses


def in_lines(cells: Cells) -> Any:
    """The longest axis of numbers along x, the next short one told by colours.

    Raises
    ------
    UserError
        No axis is of numbers.
    """
    if not (numeric := cells.longest(numeric=True)):
        raise UserError([Problem("data", "no axis has two numbers or more, along which a line could go", "try dots")])
    axis = cells.axes[numeric[0]]
    values = axis.values or ()
    by, others = cells.by_colour(numeric[0])
    series, facets = Series.of(None if by is None else cells.axes[by]), Facets(cells, others, _LEFT, _SIZE)
    strip = _STRIP * len(series.labels) if cells.missing else 0.0
    bottom = facets.height - strip  # below it, crosses stand for what is not known
    rows = list[Row]()
    for at, row in cells.rows.items():
        m = 0 if by is None else at[by]
        place = {"x": values[at[numeric[0]]], "series": series.labels[m], **facets.panel(at)}
        rows.append(row | place | {"strip": -cells.top * _STRIP * (m + 0.5) / bottom})  # less than nothing
    ends = (_PAD, facets.width - _PAD)
    x = alt.X("x:Q", **number_axis(axis, scale_of(values), ends, "" if others else axis.title))
    chances = chance_axis(cells.top, (bottom, 0))
    y = alt.Y("chance:Q", **chances)
    base = alt.Chart().encode(x=x, y=y, color=series.colour(), tooltip=tooltip())
    layers = [
        base.mark_line(strokeWidth=2),  # broken where nobody knows how it goes on: it has no chance
        base.mark_rule(strokeWidth=1.5).encode(y=alt.Y("low:Q", **chances), y2="high:Q"),
        base.mark_point(filled=True, size=34, opacity=1, stroke="white", strokeWidth=0.6).encode(shape=series.shape()),
    ]
    if cells.missing:
        band = alt.Chart(data([{}])).mark_rect(color=STRIPE)
        crosses = base.transform_filter("datum.probability === null").mark_point(
            shape=CROSS, filled=False, strokeWidth=1.8, size=40
        )
        layers.insert(0, band.encode(y=alt.value(bottom), y2=alt.value(facets.height)))
        layers.append(crosses.encode(y=alt.Y("strip:Q", **chances), **missing_key(cells)))
    return facets.drawn(layers, rows, axis.title)


PICTURE = StudyPicture(in_lines)
