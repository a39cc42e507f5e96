"""Probability along a numeric axis: a line for each point of a second axis, a panel for each point of others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt

from ooms.pictures.rows import Row, data
from ooms.pictures.study.cells import Cells
from ooms.pictures.study.frame import Layout, picture_of
from ooms.pictures.study.panels import (
    CHANCE_LABEL,
    Panel,
    below,
    coloured,
    entries_of,
    key,
    panelled,
    scale_of,
    tooltip,
)
from ooms.pictures.theme import FAINT, INK, STRIPE
from ooms.problems import Problem, UserError

__all__ = ["PICTURE", "in_lines"]

_LEFT = 62.0  # pixels of the axis of probabilities
_PAD = 9.0  # pixels between the edge of a panel and its first point
_TALL = (330.0, 230.0, 170.0)
_WIDEST = 560.0
_STRIP = 11.0  # pixels of a line of crosses


def in_lines(cells: Cells) -> Layout:
    """The key and the panels: the longest axis of numbers along x, the next short one told by colours.

    Raises
    ------
    UserError
        No axis is of numbers.
    """
    if not cells.numeric:
        raise UserError([Problem("data", "no axis has two numbers or more, along which a line could go", "try dots")])
    along = cells.numeric[0]
    by, others = cells.by_colour(along)
    series = None if by is None else cells.axes[by]
    colours = coloured(series)

    def draw(panel: Panel) -> alt.LayerChart:
        return _panel(cells, panel, along, by, colours)

    entries = entries_of("line", series, colours, cells.missing)
    panels = panelled(cells, others, draw, left=_LEFT, size=(_WIDEST, _TALL))
    return Layout([*([key(entries, _LEFT)] if entries else []), panels], bars=True)


def _panel(
    cells: Cells, panel: Panel, along: int, by: int | None, colours: Sequence[tuple[str, str]]
) -> alt.LayerChart:
    axis, width, height = cells.axes[along], panel.width, panel.height
    assert axis.values is not None  # a line has numbers along it
    strip = _STRIP * len(colours) if cells.missing else 0.0
    bottom = height - strip  # below it, crosses stand for what is not known: the scale goes on to less than nothing
    done, missing, run = list[Row](), list[Row](), 0
    for m, (colour, shape) in enumerate(colours):
        for k, value in enumerate(axis.values.tolist()):
            at = panel.at | {along: k} | ({} if by is None else {by: m})
            row = cells.row(tuple(at[number] for number in range(len(cells.axes))))
            row |= {"x": value, "colour": colour, "shape": shape, "run": run}
            if row["probability"] is None:
                run += 1  # the line is broken: nobody knows how it goes on
                missing.append(row | {"chance": -cells.top * _STRIP * (m + 0.5) / bottom})
            else:
                done.append(row)
        run += 1
    x = below(axis, scale_of(axis.values), "x", (_PAD, width - _PAD), axis.title if panel.last else None)
    scale = alt.Scale(domain=[0, cells.top], range=[bottom, 0], nice=False)
    y = alt.Y("chance:Q", scale=scale, axis=_chances(cells.top, first=panel.first))
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(data(done)).encode(x=x, color=colour, tooltip=tooltip())
    layers = [
        alt.Chart(data([{}])).mark_rect(color=STRIPE, opacity=1 if strip else 0).encode(
            x=alt.value(0), x2=alt.value(width), y=alt.value(bottom), y2=alt.value(height)
        ),
        base.mark_line(strokeWidth=2, clip=False).encode(y=y, detail="run:N"),
        base.mark_rule(strokeWidth=1.5).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q"),
        base.mark_point(filled=True, size=34, opacity=1, stroke="white", strokeWidth=0.6).encode(
            y=y, shape=alt.Shape("shape:N", scale=None)
        ),
    ]  # fmt: skip
    if missing:
        crosses = alt.Chart(data(missing)).mark_text(text="\u00d7", fontSize=13, fontWeight="bold")
        layers.append(crosses.encode(x=x, y=y, color=colour, tooltip=tooltip()))
    return alt.LayerChart(layer=[*layers, *panel.headed(_PAD)], width=width, height=height)


def _chances(top: float, *, first: bool) -> alt.Axis:
    """The axis of probabilities, with words only at the left."""
    steps = [top * k / 4 for k in range(5)]
    if math.isclose(top / 10 ** math.floor(math.log10(top)), 5):
        steps = [top * k / 5 for k in range(6)]
    return alt.Axis(
        values=[float(f"{step:.6g}") for step in steps], labels=first, labelExpr=CHANCE_LABEL, grid=True,
        gridColor=FAINT, ticks=False, title="probability" if first else None, titleColor=INK,
        titleFontWeight="normal", titlePadding=8,
    )  # fmt: skip


PICTURE = picture_of(in_lines)
