"""Panels of a study's picture: a panel for each point of what is neither along an axis nor a colour, and the key."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from ooms.pictures.density import Axis as Scale
from ooms.pictures.density import even_ticks, ticks
from ooms.pictures.marks import WIDTH
from ooms.pictures.rows import Row, data
from ooms.pictures.study.cells import Axis, Cells, together
from ooms.pictures.study.shades import KINDS, MISSING, MISSING_LINE, SHAPES, ordered
from ooms.pictures.theme import INK, MARK, QUIET, SMALL
from ooms.problems import Problem, UserError

__all__ = [
    "CHANCE_LABEL", "GAP", "MARGIN", "Entry", "Panel", "below", "coloured", "crossed", "entries_of", "key", "panelled",
    "scale_of", "text_width", "tooltip",
]  # fmt: skip

_NUMBER = "replace(format(datum.value, '~g'), 'e+', 'e')"  # Vega would round a plain format to the steps of ticks

CHANCE_LABEL = "format(datum.value, '~g') + ' %'"
"""Labels of an axis of percents."""

GAP, MARGIN = 20.0, 12.0
"""Pixels between panels, and around the picture."""

_COLUMNS, _ROWS = 5, 12
_LETTER, _CAPITAL, _NARROW = 5.8, 7.6, 3.2  # pixels of letters
_WIDE = 11.0  # of one that East Asian scripts write twice as wide
_LONGEST = 300.0  # pixels of a text of the key, which is cut off there
_LINE = 17.0  # pixels of a line of the key
_EVEN = 0.01  # of a gap: neighbours that differ by less in that are even
_FEW = 12  # values of an axis that are its ticks themselves
_APART, _ROUND_APART = 12.0, 40.0  # pixels between labels of ticks at least; between round numbers, about


class Panel(NamedTuple):
    """Where a panel stands.

    Parameters
    ----------
    at : dict of int to int
        Point, by the number of the axis.
    heading : str
        What it shows.
    width, height : float
        Pixels.
    first, last : bool
        Whether it is at the left, and whether none is below it.
    """

    at: dict[int, int]
    heading: str
    width: float
    height: float
    first: bool
    last: bool

    def headed(self, x: float) -> list[alt.Chart]:
        """The heading, if there is one, so many pixels from the left: a mark above, for a title makes room for axes."""
        if not self.heading:
            return []
        words = alt.Chart(data([{"text": self.heading}])).mark_text(
            align="left", dy=-11, fontSize=SMALL, fontWeight="bold", limit=self.width - x, color=INK
        )
        return [words.encode(x=alt.value(x), y=alt.value(0), text="text:N")]


def panelled(
    cells: Cells, axes: Sequence[int], draw: Callable[[Panel], Any], *, left: float, right: float = 0.0,
    size: tuple[float, Sequence[float]], before: Sequence[Any] = (),
) -> alt.VConcatChart:  # fmt: skip
    """Panels in columns and rows, one for each point of at most two axes.

    Parameters
    ----------
    cells : Cells
        The study.
    axes : sequence of int
        Numbers of the axes.
    draw : callable
        Makes a panel.
    left, right : float
        Pixels that are kept for what stands beside the panels.
    size : (float, sequence of float)
        The widest a panel may be; and its height in one row, in two, in more.
    before : sequence of chart
        What stands before each row of them, inside `left`; it ends `GAP` before the first panel.

    Raises
    ------
    UserError
        There are too many; says what to choose.
    """
    places, columns = _grid(cells, axes)
    rows = -(-len(places) // columns)
    room = math.floor((WIDTH - 2.0 * MARGIN - left - right - GAP * (columns - 1)) / columns)
    width = min(size[0], room)
    height = size[1][min(rows, len(size[1])) - 1]
    drawn = [
        draw(Panel(at, _heading(cells, at, width), width, height, k % columns == 0, k + columns >= len(places)))
        for k, at in enumerate(places)
    ]
    lines = [
        alt.HConcatChart(hconcat=[*before, *drawn[k : k + columns]], spacing=GAP, bounds="flush")
        for k in range(0, len(drawn), columns)
    ]
    return alt.VConcatChart(vconcat=lines, spacing=GAP)


def _grid(cells: Cells, axes: Sequence[int]) -> tuple[list[dict[int, int]], int]:
    """Points of all panels, row by row, and how many stand in a row."""
    sizes = [len(cells.axes[k].labels) for k in axes]
    if len(axes) == 2 and sizes[0] > _COLUMNS >= sizes[1]:
        axes, sizes = axes[::-1], sizes[::-1]
    across = sizes[0] if sizes else 1
    if len(axes) < 2:
        lines = -(-across // _COLUMNS)
        columns = -(-across // lines)
    else:
        lines, columns = sizes[1], across
    if len(axes) > 2 or lines > _ROWS or columns > _COLUMNS:
        told = together([f"{cells.axes[k].name} ({len(cells.axes[k].labels)} values)" for k in axes])
        most = max(axes, key=lambda k: len(cells.axes[k].labels))
        remedy = f"choose a slice first, such as data.isel({cells.axes[most].name}=[0])"
        raise UserError([Problem("data", f"one picture cannot show panels for {told}", remedy)])
    if len(axes) < 2:
        return [dict.fromkeys(axes, k) for k in range(across)], columns
    return [{axes[0]: k, axes[1]: m} for m in range(lines) for k in range(columns)], columns


def _heading(cells: Cells, at: dict[int, int], width: float) -> str:
    """What a panel shows, with symbols where names are too long, and only the points where these are, too."""
    points = [(cells.axes[k], m) for k, m in at.items()]
    ways = (
        ", ".join(axis.at(m) for axis, m in points),
        ", ".join(f"{axis.short} = {axis.labels[m]}" for axis, m in points),
        ", ".join(axis.labels[m] for axis, m in points),
    )
    return next((way for way in ways if text_width(way) <= width), ways[-1])


# -- axes -----------------------------------------------------------------------------------------------------------


def scale_of(values: Any) -> Scale:
    """The axis of numbers: even in logs where they stand more evenly there."""
    low, high = float(values[0]), float(values[-1])
    logarithmic = low > 0 and high > 3 * low and _uneven(np.log(values)) < _uneven(values)
    return Scale(low, high, logarithmic, -math.inf, math.inf)


def _uneven(values: Any) -> float:
    gaps = np.diff(values)
    return float(gaps.std() / gaps.mean())


def below(axis: Axis, scale: Scale, field: str, ends: tuple[float, float], title: str | None) -> alt.X:
    """A numeric axis below a panel, between two places, pixels; it may have no title."""
    return alt.X(f"{field}:Q", scale=_scaled(scale, ends), axis=_ticked(axis, scale, abs(ends[1] - ends[0]), title))


def crossed(axis: Axis, scale: Scale, field: str, ends: tuple[float, float], title: str | None) -> alt.Y:
    """The same at the left of a panel, without labels if it has no title."""
    shown = _ticked(axis, scale, abs(ends[1] - ends[0]), title)
    shown = shown if title else alt.Axis(title=None, labels=False, ticks=False, grid=False)
    return alt.Y(f"{field}:Q", scale=_scaled(scale, ends), axis=shown)


def _scaled(scale: Scale, ends: tuple[float, float]) -> alt.Scale:
    kind = "log" if scale.logarithmic else "linear"
    return alt.Scale(type=kind, domain=[scale.low, scale.high], range=list(ends), nice=False, zero=False)


def _ticked(axis: Axis, scale: Scale, length: float, title: str | None) -> alt.Axis:
    return alt.Axis(
        values=_ticks(axis, scale, length), labelExpr=_NUMBER, grid=False, title=title, labelOverlap=False,
        labelFlush=False, labelBound=False, ticks=True, tickColor=MARK, titleColor=INK, titleFontWeight="normal",
        titlePadding=6,
    )  # fmt: skip


def _ticks(axis: Axis, scale: Scale, length: float) -> list[float]:
    """The points themselves where they are few, as many as have room; else, or if they are even, round numbers."""
    values = list[float]() if axis.values is None else [float(value) for value in axis.values]
    room = max(map(text_width, axis.labels)) + _APART
    short = all(math.isclose(float(f"{value:.3g}"), value, rel_tol=1e-9, abs_tol=1e-12) for value in values)
    even = _uneven(scale.even(np.array(values))) < _EVEN and length < room * (len(values) - 1)
    if len(values) > _FEW or not short or even:
        return ticks(scale) if scale.logarithmic else even_ticks(scale.low, scale.high, int(length / _ROUND_APART))
    span = float(scale.even(scale.high) - scale.even(scale.low))
    kept = list[float]()
    for value in (values[0], values[-1], *values[1:-1]):
        places = [abs(float(scale.even(value) - scale.even(other))) / span * length for other in kept]
        if all(place >= room for place in places):
            kept.append(value)
    return sorted(kept)


def tooltip() -> list[alt.Tooltip]:
    """Where a cell is and what it says."""
    return [alt.Tooltip("where:N", title="cell"), alt.Tooltip("shown:N", title="probability")]


# -- the key --------------------------------------------------------------------------------------------------------


def coloured(axis: Axis | None) -> list[tuple[str, str]]:
    """Colour and shape of each point: light to dark for numbers, unlike ones for what has no order."""
    if axis is None:
        return [(KINDS[0], SHAPES[0])]
    if axis.values is not None:
        return [(colour, SHAPES[0]) for colour in ordered(len(axis.labels))]
    return [(KINDS[k], SHAPES[k]) for k in range(len(axis.labels))]


class Entry(NamedTuple):
    """An entry of the key: what is drawn (``line``, ``dot``, ``cross``, ``hatched``, or only ``text``), and words."""

    kind: str
    text: str
    colour: str = INK
    shape: str = "circle"


def entries_of(
    kind: str, axis: Axis | None, colours: Sequence[tuple[str, str]], missing: str
) -> list[Entry]:
    """The key of an axis whose points have colours and shapes, and of what was not worked out, if anything was not."""
    found = list[Entry]()
    if axis is not None:
        found.append(Entry("text", axis.title))
        found += [Entry(kind, label, *look) for label, look in zip(axis.labels, colours, strict=True)]
    return [*found, Entry("cross", missing, MISSING_LINE)] if missing else found


def text_width(text: str) -> float:
    """About as many pixels as a small text takes."""
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    return _NARROW if letter in " .,:;'|!()[]fijlrtI" else _CAPITAL if letter.isupper() or letter in "mw%" else _LETTER


def key(entries: Sequence[Entry], left: float) -> alt.LayerChart:
    """What colours and marks stand for, in lines above the panels, so many pixels from the left."""
    rows, x, line, width = list[Row](), 0.0, 0, WIDTH - 2.0 * MARGIN - left
    for entry in entries:
        mark = 0.0 if entry.kind == "text" else 16.0
        room = mark + min(text_width(entry.text), _LONGEST) + 20.0
        if x and x + room > width:
            x, line = 0.0, line + 1
        place = {"x": x + 6.0, "left": x, "right": x + 12.0, "text_x": x + mark}
        rows.append({**place, "y": _LINE * (line + 0.5), "kind": entry.kind, "text": entry.text,
                     "colour": entry.colour, "shape": entry.shape})  # fmt: skip
        x += room
    height = _LINE * (line + 1)

    def x_of(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, width], range=[0, width], nice=False))

    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False))
    colour = alt.Color("colour:N", scale=None)

    def of(*kinds: str) -> alt.Chart:
        return alt.Chart(data([row for row in rows if row["kind"] in kinds])).encode(y=y)

    tone = alt.Color("tone:N", scale=None)
    toned = data([row | {"tone": INK if row["kind"] == "text" else QUIET} for row in rows])
    words = alt.Chart(toned).mark_text(align="left", fontSize=SMALL, limit=_LONGEST).encode(
        x=x_of("text_x"), y=y, text="text:N", color=tone
    )  # fmt: skip
    layers = [
        of("line").mark_rule(strokeWidth=2).encode(x=x_of("left"), x2="right:Q", color=colour),
        of("line", "dot").mark_point(filled=True, size=45, opacity=1).encode(
            x=x_of("x"), color=colour, shape=alt.Shape("shape:N", scale=None)
        ),
        of("cross").mark_text(text="\u00d7", fontSize=14, fontWeight="bold").encode(x=x_of("x"), color=colour),
        of("hatched").mark_square(size=130, color=MISSING, opacity=1).encode(x=x_of("x")),
        of("hatched").mark_text(text="\u2571", fontSize=10, color=MISSING_LINE).encode(x=x_of("x")),
        words,
    ]
    return alt.LayerChart(layer=layers, width=width, height=height)
