"""Probability over two numeric axes: a map of cells, light to dark, with contours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from ooms.pictures.density import Axis as Scale
from ooms.pictures.rows import Row
from ooms.pictures.study.cells import Axis, Cells, Place
from ooms.pictures.study.contours import contours
from ooms.pictures.study.facets import Facets, chance_axis, missing_key, number_axis, scale_of, tooltip
from ooms.pictures.study.frame import StudyPicture
from ooms.pictures.study.shades import MISSING, MISSING_LINE, RAMP, shade
from ooms.pictures.theme import INK, QUIET, SMALL
from ooms.problems import Problem, UserError

__all__ = ["LEVELS", "PICTURE", "as_map"]

Floats = NDArray[np.float64]

LEVELS = (1.0, 5.0, 10.0, 25.0, 50.0, 75.0)
"""Percent of the contours: those of the debate, whose numbers are rarely sharper."""

_BESIDE = 62.0 + 84.0  # pixels of the axis at the left and of the colours at the right
_SIZE = 790.0, (430.0, 300.0, 210.0)
_MOST = 20_000  # cells: more cannot be seen, and would make files that browsers cannot open
_EDGE = 26.0  # pixels from the edge of a panel to the label of a contour
_SHORTEST = 60.0  # pixels of a contour that is labelled
_TRIED = 41  # places along a contour that are tried for its label
_DARK = 0.42  # of the ramp: from here on, lines are white


def as_map(cells: Cells) -> Any:
    """The two longest axes of numbers along x and y, and colours for probabilities.

    Raises
    ------
    UserError
        There are no two axes of numbers, or more cells than a picture can hold.
    """
    numeric = cells.longest(numeric=True)
    if len(numeric) < 2:
        what = f"a map needs two axes of numbers, and there {'is one' if numeric else 'is none'}"
        raise UserError([Problem("data", what, "try lines" if numeric else "try dots")])
    along, across = numeric[:2]
    if len(cells.rows) > _MOST:
        what = f"{len(cells.rows):,} cells are more than one picture can show"
        remedy = f"choose at most {_MOST:,} first, such as data.isel({cells.axes[along].name}=slice(None, None, 2))"
        raise UserError([Problem("data", what, remedy)])
    others = [k for k in range(len(cells.axes)) if k not in (along, across)]
    facets = Facets(cells, others, _BESIDE, _SIZE)
    columns, lines = _Side(cells.axes[along]), _Side(cells.axes[across])
    rows, grids = list[Row](), dict[Place, tuple[Row, Floats]]()
    for at, row in cells.rows.items():
        i, j = at[along], at[across]
        panel, grid = grids.setdefault(
            tuple(at[k] for k in others),
            (facets.panel(at), np.full((len(columns.edges) - 1, len(lines.edges) - 1), np.nan)),
        )
        grid[i, j] = chance = row.get("chance", np.nan)
        edges = {"x": columns.edges[i], "x2": columns.edges[i + 1], "y": lines.edges[j], "y2": lines.edges[j + 1]}
        rows.append(row | panel | edges | ({} if np.isnan(chance) else {"tone": shade(chance / cells.top)}))
    for panel, grid in grids.values():
        rows += [row | panel for row in _contours(grid, (columns, lines), (facets.width, facets.height), cells.top)]

    x = alt.X("x:Q", **number_axis(columns.axis, columns.scale, (0.0, facets.width), "" if others else columns.axis.title))
    y = alt.Y("y:Q", **number_axis(lines.axis, lines.scale, (facets.height, 0.0), lines.axis.title))
    # a ramp of several colours needs as many places to be even between them
    ramp = alt.Scale(domain=[cells.top * k / (len(RAMP) - 1) for k in range(len(RAMP))], range=list(RAMP), interpolate="rgb")
    ticks = chance_axis(cells.top, (0, 1))["axis"]
    key = alt.Legend(
        title="probability", type="gradient", orient="right", offset=18, gradientLength=200, gradientThickness=14, values=ticks.values,
        labelExpr=ticks.labelExpr, titleFontSize=SMALL, titleFontWeight="normal", titlePadding=8, labelColor=QUIET,
        labelFontSize=SMALL,
    )  # fmt: skip
    colour = alt.Color("chance:Q", scale=ramp, legend=key)
    base = alt.Chart().encode(x=x, y=y)
    cell = base.encode(x2="x2:Q", y2="y2:Q", tooltip=tooltip())
    # an edge in its own colour, or the paper shows between cells
    filled = cell.transform_filter("isNumber(datum.probability)").mark_rect(strokeWidth=0.6)
    tone = alt.Stroke("tone:N", scale=None)
    layers = [filled.encode(color=colour, stroke=tone)]
    if cells.missing:
        unknown = cell.transform_filter("datum.probability === null")
        layers.append(unknown.mark_rect(color=MISSING).encode(**missing_key(cells, "square", MISSING)))
        layers.append(unknown.mark_rule(color=MISSING_LINE, strokeWidth=1))
    for dark, ink in ((True, "#ffffff"), (False, INK)):
        named = base.transform_filter(f"datum.level {'>' if dark else '<='} {_DARK * cells.top}")
        labels = named.transform_filter("isString(datum.text)").encode(text="text:N")
        bold: dict[str, Any] = {"fontSize": SMALL, "fontWeight": "bold"}
        layers += [
            named.transform_filter("isNumber(datum.line)").mark_line(strokeWidth=1.3, clip=True, color=ink).encode(detail="line:N", order="k:Q"),
            labels.mark_text(**bold, strokeWidth=6, strokeJoin="round").encode(stroke=tone),  # of the map around it
            labels.mark_text(**bold, color=ink),
        ]
    return facets.drawn(layers, rows, columns.axis.title)


class _Side:
    """An axis of cells: its scale, and edges halfway between neighbours, and as far beyond the ends."""

    def __init__(self, axis: Axis) -> None:
        scale = scale_of(axis.values)
        self.axis, self.even = axis, scale.even(np.array(axis.values))
        middles = 0.5 * (self.even[1:] + self.even[:-1])
        edges = np.array([2 * self.even[0] - middles[0], *middles, 2 * self.even[-1] - middles[-1]])
        self.start, self.span = edges[0], edges[-1] - edges[0]
        self.logarithmic = scale.logarithmic
        self.edges: list[float] = self.back(edges).tolist()
        self.scale: Scale = scale._replace(low=self.edges[0], high=self.edges[-1])

    def back(self, even: Any) -> Any:
        """From the scale on which the axis is even to its numbers."""
        return np.exp(even) if self.logarithmic else even


def _contours(grid: Floats, sides: tuple[_Side, _Side], size: tuple[float, float], top: float) -> Iterator[Row]:
    """Points of contours, and a label for each that is long enough."""
    columns, lines = sides
    taken, count = list[Floats](), 0
    for level in LEVELS:
        for line in contours(columns.even, lines.even, grid, level):
            x, y = columns.back(line[:, 0]).tolist(), lines.back(line[:, 1]).tolist()
            for k in range(len(line)):
                yield {"x": x[k], "y": y[k], "level": level, "line": count, "k": k}
            best = _free(line, sides, size, taken)
            if best is not None:
                x, y = float(columns.back(best[0])), float(lines.back(best[1]))
                yield {"x": x, "y": y, "level": level, "text": f"{level:g} %", "tone": shade(level / top)}
            count += 1


def _free(line: Floats, sides: tuple[_Side, _Side], size: tuple[float, float], taken: list[Floats]) -> Floats | None:
    """Where on a line there is room for a label: away from others and from edges, and then nearest to its middle."""

    def pixels(points: Floats) -> Floats:
        return (points - [side.start for side in sides]) / [side.span for side in sides] * np.array(size)

    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(pixels(line), axis=0).T))])
    if along[-1] < _SHORTEST:
        return None
    shares = np.linspace(0.2, 0.8, _TRIED)
    points = np.column_stack([np.interp(shares * along[-1], along, places) for places in line.T])
    tried = pixels(points)
    room = np.minimum(np.min(np.minimum(tried, np.array(size) - tried), axis=1) / _EDGE, 1.0)
    for other in taken:
        room = np.minimum(room, np.hypot(*(tried - other).T) / (2.0 * _EDGE))
    best = np.argmax(room - np.abs(shares - 0.5))
    taken.append(tried[best])
    return points[best]


PICTURE = StudyPicture(as_map, bars=lambda _: False)
