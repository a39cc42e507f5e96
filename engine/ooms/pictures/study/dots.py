"""Probability over labels: a row of dots for each, a colour for each point of a second axis."""

from __future__ import annotations

from typing import Any

import altair as alt

from ooms.pictures.rows import Row
from ooms.pictures.study.cells import Axis, Cells
from ooms.pictures.study.facets import CROSS, Facets, Series, chance_axis, missing_key, text_width, tooltip
from ooms.pictures.study.frame import StudyPicture
from ooms.pictures.study.shades import MISSING_LINE
from ooms.pictures.theme import FAINT, INK, LABEL, QUIET, SMALL
from ooms.problems import Problem, UserError

__all__ = ["PICTURE", "in_dots"]

_ROW, _DOT = 25.0, 14.5  # pixels of a row with one dot, and of every dot
_NAMES = 240.0  # pixels of the longest name, which is cut off there
_PAD, _PAD_RIGHT = 12.0, 50.0  # pixels to the edges of a panel; at its right, the last number needs room
_WIDEST = 800.0
_MOST = 60  # rows


def in_dots(cells: Cells) -> Any:
    """The longest axis of labels has rows, the next short one colours.

    Raises
    ------
    UserError
        There are more rows than a picture can hold.
    """
    down = next(iter([*cells.longest(numeric=False), *cells.longest(numeric=True)]), None)
    only = ", ".join(cells.fixed) or "the only cell"
    axis = Axis(only, only, only, (only,), None) if down is None else cells.axes[down]
    if len(axis.labels) > _MOST:
        remedy = f"choose a slice first, such as data.isel({axis.name}=slice(0, {_MOST}))"
        raise UserError([Problem("data", f"{len(axis.labels)} values of {axis.name} are too many rows", remedy)])
    by, others = cells.by_colour(down)
    series = Series.of(None if by is None else cells.axes[by])
    names = _ordered(cells, axis, down)
    height = len(names) * max(_ROW, _DOT * len(series.labels) + 7.0)
    left = min(_NAMES, LABEL / SMALL * max(map(text_width, names)))
    facets = Facets(cells, others, left + 14.0, (_WIDEST, (height,)))
    rows = list[Row]()
    for at, row in cells.rows.items():
        place = {"name": axis.labels[0 if down is None else at[down]], **facets.panel(at)}
        rows.append(row | place | {"series": series.labels[0 if by is None else at[by]]})
    lines = alt.Axis(
        title=None, labelFontSize=LABEL, labelColor=INK, labelLimit=left, labelAlign="left", labelPadding=left + 6.0, tickBand="extent",
        grid=True, gridColor=FAINT, ticks=False,
    )  # fmt: skip
    chances = chance_axis(cells.top, (_PAD, facets.width - _PAD_RIGHT), "" if others else "probability")
    base = alt.Chart().encode(
        y=alt.Y("name:N", sort=None, scale=alt.Scale(domain=names), axis=lines),
        yOffset=alt.YOffset("series:N", sort=None, scale=alt.Scale(domain=list(series.labels), paddingOuter=0.2)),
        color=series.colour(), tooltip=tooltip(),
    )  # fmt: skip
    layers = [
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("low:Q", **chances), x2="high:Q"),
        base.mark_point(filled=True, size=48, opacity=1).encode(x=alt.X("chance:Q", **chances), shape=series.shape()),
        base.mark_text(align="left", fontSize=SMALL, dx=8).encode(
            x=alt.X("high:Q", **chances), text="label:N", color=alt.value(QUIET)
        ),
    ]  # fmt: skip
    if cells.missing:
        unknown = base.transform_filter("datum.probability === null").encode(
            x=alt.value(_PAD), color=alt.value(MISSING_LINE)
        )
        cross = unknown.mark_point(shape=CROSS, filled=False, strokeWidth=1.5, size=30)
        text = unknown.mark_text(align="left", fontSize=SMALL, dx=8)
        layers += [cross.encode(**missing_key(cells)), text.encode(text=alt.value("not worked out"))]
    return facets.drawn(layers, rows, "probability")


def _ordered(cells: Cells, axis: Axis, number: int | None) -> list[str]:
    """Rows from the top: views by their highest probability, for they have no order; all else as in the study."""
    if number is None or axis.name != "view":
        return list(axis.labels)
    highest = [-1.0] * len(axis.labels)
    for at, row in cells.rows.items():
        chance = row["probability"]
        highest[at[number]] = max(highest[at[number]], -1.0 if chance is None else chance)
    return [label for _, label in sorted(zip(highest, axis.labels, strict=True), key=lambda pair: -pair[0])]


PICTURE = StudyPicture(in_dots)
