"""Probability over labels: a row of dots for each, a colour for each point of a second axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from ooms.pictures.marks import rows_panel
from ooms.pictures.rows import Row, data, down
from ooms.pictures.study.cells import Cells
from ooms.pictures.study.frame import Layout, picture_of
from ooms.pictures.study.panels import (
    CHANCE_LABEL,
    GAP,
    Panel,
    coloured,
    entries_of,
    key,
    panelled,
    text_width,
    tooltip,
)
from ooms.pictures.study.shades import MISSING_LINE
from ooms.pictures.theme import FAINT, INK, LABEL, QUIET, SMALL
from ooms.problems import Problem, UserError
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent

__all__ = ["PICTURE", "in_dots"]

_ROW, _DOT = 25.0, 14.5  # pixels of a row with one dot, and of every dot
_NAMES = 240.0  # pixels of the longest name, which is cut off there
_PAD, _PAD_RIGHT = 12.0, 50.0  # pixels to the edges of a panel; at its right, the last number needs room
_WIDEST = 800.0
_MOST = 60  # rows


def in_dots(cells: Cells) -> Layout:
    """The key and the panels, names at the left: the longest axis of labels has rows, the next short one colours.

    Raises
    ------
    UserError
        There are more rows than a picture can hold.
    """
    down_rows = next(iter([*cells.labelled, *cells.numeric]), None)
    by, others = cells.by_colour(down_rows)
    axis = None if down_rows is None else cells.axes[down_rows]
    names = (", ".join(cells.fixed) or "the only cell",) if axis is None else axis.labels
    if axis is not None and len(names) > _MOST:
        remedy = f"choose a slice first, such as data.isel({axis.name}=slice(0, {_MOST}))"
        raise UserError([Problem("data", f"{len(names)} values of {axis.name} are too many rows", remedy)])
    series = None if by is None else cells.axes[by]
    colours = coloured(series)
    order = _order(cells, down_rows)
    height = max(_ROW, _DOT * len(colours) + 7.0)
    left = min(_NAMES, math.ceil(14.0 + LABEL / SMALL * max(map(text_width, names))))

    def draw(panel: Panel) -> Any:
        return _panel(cells, panel, (down_rows, by), order, colours, height)

    entries = entries_of("dot", series, colours, cells.missing)
    column = _names([names[k] for k in order], left, height)
    size = _WIDEST, (height * len(names),)
    panels = panelled(cells, others, draw, left=left, size=size, before=[column])
    return Layout([*([key(entries, 0.0)] if entries else []), panels], bars=True)


def _order(cells: Cells, axis: int | None) -> list[int]:
    """Which rows stand where: views by their highest probability, for they have no order; all else as in the study."""
    if axis is None:
        return [0]
    n = len(cells.axes[axis].labels)
    if cells.axes[axis].name != "view":
        return list(range(n))
    highest = np.nan_to_num(np.moveaxis(cells.probability, axis, 0).reshape(n, -1), nan=-1.0).max(axis=1)
    return np.argsort(-highest, kind="stable").tolist()


def _panel(
    cells: Cells, panel: Panel, axes: tuple[int | None, int | None], order: Sequence[int],
    colours: Sequence[tuple[str, str]], height: float,
) -> alt.LayerChart:  # fmt: skip
    down_rows, by = axes
    done, missing = list[Row](), list[Row]()
    for y, k in enumerate(order):
        for m, (colour, shape) in enumerate(colours):
            at = panel.at | ({} if down_rows is None else {down_rows: k}) | ({} if by is None else {by: m})
            place = tuple(at[number] for number in range(len(cells.axes)))
            offset = (m - 0.5 * (len(colours) - 1)) * _DOT / height
            row = cells.row(place) | {"y": y + offset, "colour": colour, "shape": shape}
            if row["probability"] is None:
                missing.append(row | {"text": "\u00d7 not worked out"})
                continue
            text = in_percent(Estimate(float(cells.probability[place]), float(cells.error[place])))
            done.append(row | {"text": text})
    n, width = len(order), panel.width
    scale = alt.Scale(domain=[0, cells.top], range=[_PAD, width - _PAD_RIGHT], nice=False)
    ticks = [cells.top * k / 4 for k in range(5)]
    axis = alt.Axis(
        values=ticks, labelExpr=CHANCE_LABEL, grid=False, ticks=False, titleFontWeight="normal",
        title="probability" if panel.last else None, titleColor=INK, labelFlush=False,
    )  # fmt: skip
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(data(done)).encode(y=down("y", n), color=colour, tooltip=tooltip())
    x = alt.X("chance:Q", scale=scale, axis=axis)
    at_end = alt.X("high:Q", scale=scale, axis=axis)
    unknown = alt.Chart(data(missing)).mark_text(align="left", fontSize=SMALL, color=MISSING_LINE)
    marks = [
        # an axis' own grid would lie below the stripes
        alt.Chart(data([{"tick": tick} for tick in ticks])).mark_rule(color=FAINT).encode(
            x=alt.X("tick:Q", scale=scale, axis=axis)
        ),
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"),
        base.mark_point(filled=True, size=48, opacity=1).encode(x=x, shape=alt.Shape("shape:N", scale=None)),
        base.mark_text(align="left", dx=8, fontSize=SMALL).encode(x=at_end, text="text:N", color=alt.value(QUIET)),
        unknown.encode(y=down("y", n), x=alt.value(_PAD), text="text:N", tooltip=tooltip()),
    ]
    rows = [{"y": y, "group": y} for y in range(n)]
    return rows_panel([*marks, *panel.headed(_PAD)], rows, (width, height))


def _names(names: Sequence[str], width: float, height: float) -> alt.LayerChart:
    """The column of names; its stripes go on to the panel."""
    rows = [{"y": y, "group": y, "name": name} for y, name in enumerate(names)]
    text = alt.Chart(data(rows)).mark_text(align="left", fontSize=LABEL, limit=width - 8.0)
    shown = text.encode(
        y=down("y", len(rows)), x=alt.value(6.0), text="name:N", tooltip=[alt.Tooltip("name:N", title="row")]
    )
    return rows_panel([shown], rows, (width + 1.0, height)).properties(width=width - GAP)


PICTURE = picture_of(in_dots)
