"""Probability over two numeric axes: a map of cells, light to dark, with contours."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
from numpy.typing import NDArray

from ooms.pictures.density import Axis as Scale
from ooms.pictures.rows import Row, data
from ooms.pictures.study.cells import Axis, Cells
from ooms.pictures.study.contours import contours
from ooms.pictures.study.frame import Layout, picture_of
from ooms.pictures.study.panels import (
    CHANCE_LABEL,
    Entry,
    Panel,
    below,
    crossed,
    key,
    panelled,
    scale_of,
    text_width,
    tooltip,
)
from ooms.pictures.study.shades import MISSING, MISSING_LINE, shade
from ooms.pictures.theme import INK, QUIET, SMALL
from ooms.problems import Problem, UserError

__all__ = ["LEVELS", "PICTURE", "as_map"]

Floats = NDArray[np.float64]

LEVELS = (1.0, 5.0, 10.0, 25.0, 50.0, 75.0)
"""Percent of the contours: those of the debate, whose numbers are rarely sharper."""

_LEFT, _RIGHT = 62.0, 84.0  # pixels of the axis at the left and of the colours at the right
_TALL = (430.0, 300.0, 210.0)
_WIDEST = 790.0
_MOST = 20_000  # cells: more cannot be seen, and would make files that browsers cannot open
_STEPS = 120  # of the strip that shows the colours
_EDGE = 26.0  # pixels from the edge of a panel to the label of a contour
_LABEL = 15.0  # pixels of the height of a label
_SHORTEST = 60.0  # pixels of a contour that is labelled
_TRIED = 41  # places along a contour that are tried for its label
_DARK = 0.42  # of the ramp: from here on, lines are white


def as_map(cells: Cells) -> Layout:
    """The key, where there is something to say, and the panels with the colours beside them.

    The two longest axes of numbers are along x and y.

    Raises
    ------
    UserError
        There are no two axes of numbers, or more cells than a picture can hold.
    """
    if len(cells.numeric) < 2:
        what = f"a map needs two axes of numbers, and there {'is one' if cells.numeric else 'is none'}"
        raise UserError([Problem("data", what, "try lines" if cells.numeric else "try dots")])
    along, across = cells.numeric[:2]
    others = [k for k in range(len(cells.axes)) if k not in (along, across)]
    if cells.probability.size > _MOST:
        what = f"{cells.probability.size:,} cells are more than one picture can show"
        remedy = f"choose at most {_MOST:,} first, such as data.isel({cells.axes[along].name}=slice(None, None, 2))"
        raise UserError([Problem("data", what, remedy)])

    def draw(panel: Panel) -> alt.LayerChart:
        return _panel(cells, panel, along, across)

    panels = panelled(cells, others, draw, left=_LEFT, right=_RIGHT, size=(_WIDEST, _TALL))
    beside = alt.HConcatChart(hconcat=[panels, _strip(cells.top)], spacing=18)
    return Layout([*([key([Entry("hatched", cells.missing)], _LEFT)] if cells.missing else []), beside], bars=False)


def _panel(cells: Cells, panel: Panel, along: int, across: int) -> alt.LayerChart:
    columns, rows = cells.axes[along], cells.axes[across]
    (x_scale, x_edges), (y_scale, y_edges) = _sides(columns), _sides(rows)
    done, missing = list[Row](), list[Row]()
    grid = np.full((len(x_edges) - 1, len(y_edges) - 1), np.nan)
    for i, j in np.ndindex(*grid.shape):
        at = panel.at | {along: i, across: j}
        place = tuple(at[number] for number in range(len(cells.axes)))
        row = cells.row(place)
        row |= {"left": x_edges[i], "right": x_edges[i + 1], "low_y": y_edges[j], "high_y": y_edges[j + 1]}
        grid[i, j] = 100.0 * cells.probability[place]
        if row["probability"] is None:
            missing.append(row)
        else:
            done.append(row | {"colour": shade(row["chance"] / cells.top)})
    width, height = panel.width, panel.height

    def x_of(field: str) -> alt.X:
        return below(columns, x_scale, field, (0.0, width), columns.title if panel.last else None)

    def y_of(field: str) -> alt.Y:
        return crossed(rows, y_scale, field, (height, 0.0), rows.title if panel.first else None)

    def celled(chart: alt.Chart) -> alt.Chart:
        return chart.encode(x=x_of("left"), x2="right:Q", y=y_of("low_y"), y2="high_y:Q", tooltip=tooltip())

    colour = alt.Color("colour:N", scale=None)
    # a thin edge in its own colour, or the paper shows between cells
    filled = celled(alt.Chart(data(done)).mark_rect(strokeWidth=0.6))
    layers = [filled.encode(color=colour, stroke=alt.Stroke("colour:N", scale=None))]
    if missing:
        unknown = alt.Chart(data(missing))
        layers += [
            celled(unknown.mark_rect(color=MISSING, stroke=MISSING, strokeWidth=0.6)),
            celled(unknown.mark_rule(color=MISSING_LINE, strokeWidth=1)),
        ]
    points, labels = _drawn(grid, (columns, rows), (x_scale, y_scale), (width, height), cells.top)
    if points:
        drawn = alt.Chart(data(points)).mark_line(strokeWidth=1.3, clip=True)
        named = alt.Chart(data(labels)).encode(x=x_of("x"), y=y_of("y"), text="text:N")
        order = alt.Order("k:Q")
        layers += [
            drawn.encode(x=x_of("x"), y=y_of("y"), detail="line:N", order=order, color=colour),
            named.mark_text(fontSize=SMALL, fontWeight="bold").encode(color=colour),
        ]
    return alt.LayerChart(layer=[*layers, *panel.headed(0.0)], width=width, height=height)


def _sides(axis: Axis) -> tuple[Scale, list[float]]:
    """The scale of an axis of cells, and their edges: halfway between neighbours, and as far beyond the ends."""
    assert axis.values is not None  # a map has numbers along it
    scale = scale_of(axis.values)
    even = scale.even(axis.values)
    middles = 0.5 * (even[1:] + even[:-1])
    edges = np.concatenate([[2 * even[0] - middles[0]], middles, [2 * even[-1] - middles[-1]]])
    back = np.exp(edges) if scale.logarithmic else edges
    return scale._replace(low=float(back[0]), high=float(back[-1])), back.tolist()


def _drawn(
    grid: Floats, axes: tuple[Axis, Axis], scales: tuple[Scale, Scale], size: tuple[float, float], top: float
) -> tuple[list[Row], list[Row]]:
    """Points of contours and their labels."""
    even = [scale.even(np.asarray(axis.values)) for axis, scale in zip(axes, scales, strict=True)]
    starts = np.array([float(scale.even(scale.low)) for scale in scales])
    spans = np.array([float(scale.even(scale.high)) for scale in scales]) - starts
    points, labels, taken, count = list[Row](), list[Row](), list[Floats](), 0

    def placed(at: Floats) -> Row:
        x, y = (float(np.exp(v)) if s.logarithmic else float(v) for v, s in zip(at, scales, strict=True))
        return {"x": x, "y": y}

    for level in LEVELS:
        colour = "#ffffff" if level / top > _DARK else INK
        for line in contours(even[0], even[1], grid, level):
            parts, text = [line], f"{level:g} %"
            pixels = (line - starts) / spans * np.array(size)
            along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(pixels, axis=0).T))])
            if along[-1] >= _SHORTEST:
                best = _free(pixels, along, taken, size)
                taken.append(_at(pixels, along, best))
                labels.append(placed(_at(line, along, best)) | {"text": text, "colour": colour})
                parts = _opened(line, pixels, along, best, text_width(text) + 9.0)
            for part in parts:
                points += [placed(at) | {"line": count, "k": k, "level": level, "colour": colour}
                           for k, at in enumerate(part)]  # fmt: skip
                count += 1
    return points, labels


def _at(line: Floats, along: Floats, place: float) -> Floats:
    """The point that far along a line; `along` says how far along its own points are."""
    return np.array([float(np.interp(place, along, one)) for one in (line[:, 0], line[:, 1])])


def _free(pixels: Floats, along: Floats, taken: Sequence[Floats], size: tuple[float, float]) -> float:
    """How far along a line there is room: away from other labels and edges, and then nearest to its middle."""
    shares = np.linspace(0.2, 0.8, _TRIED)
    tried = np.array([_at(pixels, along, share * along[-1]) for share in shares])
    room = np.minimum(np.min(np.minimum(tried, np.array(size) - tried), axis=1) / _EDGE, 1.0)
    for other in taken:
        room = np.minimum(room, np.hypot(*(tried - other).T) / (2.0 * _EDGE))
    return float(shares[np.argmax(room - np.abs(shares - 0.5))] * along[-1])


def _opened(line: Floats, pixels: Floats, along: Floats, at: float, width: float) -> list[Floats]:
    """A line with a gap that far along it, for a label so wide; `pixels` is the line in pixels."""
    step = _at(pixels, along, at + 1.0) - _at(pixels, along, at - 1.0)
    across, up = np.abs(step) / (np.hypot(*step) or 1.0)
    half = 0.5 * min(width / max(across, 1e-9), _LABEL / max(up, 1e-9))
    parts = list[Floats]()
    for end, kept in ((at - half, along < at - half), (at + half, along > at + half)):
        if kept.any():
            cut = _at(line, along, end)[None]
            parts.append(np.concatenate([line[kept], cut] if end < at else [cut, line[kept]]))
    return parts


def _strip(top: float) -> alt.LayerChart:
    """What colours stand for."""
    rows = [
        {"low": top * k / _STEPS, "high": top * (k + 1) / _STEPS, "colour": shade((k + 0.5) / _STEPS)}
        for k in range(_STEPS)
    ]
    height, width = 200.0, 14.0
    axis = alt.Axis(
        orient="right", values=[top * k / 4 for k in range(5)], labelExpr=CHANCE_LABEL, grid=False, ticks=False,
        title=None, labelColor=QUIET,
    )  # fmt: skip
    y = alt.Y("low:Q", axis=axis, scale=alt.Scale(domain=[0, top], range=[height, 0], nice=False))
    bars = alt.Chart(data(rows)).mark_rect(strokeWidth=0.6).encode(
        x=alt.value(0), x2=alt.value(width), y=y, y2="high:Q", color=alt.Color("colour:N", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
    )  # fmt: skip
    title = alt.TitleParams("probability", fontSize=SMALL, fontWeight="normal", anchor="start", offset=8, color=INK)
    return alt.LayerChart(layer=[bars], width=width, height=height, title=title)


PICTURE = picture_of(as_map)
