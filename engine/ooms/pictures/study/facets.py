"""Facets of a study's picture: a panel for each point of what is neither along an axis nor a colour; and the key."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from ooms.pictures.density import Axis as Scale
from ooms.pictures.density import even_ticks, ticks
from ooms.pictures.marks import WIDTH
from ooms.pictures.rows import Row, data
from ooms.pictures.study.cells import Axis, Cells, Place, together
from ooms.pictures.study.shades import KINDS, MISSING_LINE, SHAPES, ordered
from ooms.pictures.theme import FAINT, INK, MARK, SMALL
from ooms.problems import Problem, UserError

__all__ = ["CROSS", "Facets", "Series", "chance_axis", "missing_key", "number_axis", "scale_of", "text_width", "tooltip"]

_CHANCE = "format(datum.value, '~g') + ' %'"
_NUMBER = "replace(format(datum.value, '~g'), 'e+', 'e')"  # Vega would round a plain format to the steps of ticks

_GAP, _MARGIN = 20.0, 28.0  # pixels between panels, and beside the picture
_COLUMNS, _ROWS = 5, 12
_LONGEST = 300  # pixels of a text of the key, which is cut off there
_EVEN = 0.01  # of a gap: neighbours that differ by less in that are even
_FEW = 12  # values of an axis that are its ticks themselves
_APART, _ROUND_APART = 12.0, 40.0  # pixels between labels of ticks at least; between round numbers, about


class Facets:
    """A panel for each point of at most two axes, in rows and columns of one size.

    Parameters
    ----------
    cells : Cells
        The study.
    axes : sequence of int
        Numbers of the axes.
    beside : float
        Pixels that are kept for what stands beside the panels.
    size : (float, sequence of float)
        The widest a panel may be; and its height in one row, in two, in more.

    Raises
    ------
    UserError
        There are too many; says what to choose.
    """

    def __init__(self, cells: Cells, axes: Sequence[int], beside: float, size: tuple[float, Sequence[float]]) -> None:
        sizes = [len(cells.axes[k].labels) for k in axes]
        if len(axes) == 2 and sizes[0] > _COLUMNS >= sizes[1]:
            axes, sizes = axes[::-1], sizes[::-1]
        count = math.prod(sizes)
        lines = sizes[1] if len(axes) > 1 else -(-count // _COLUMNS)
        self.cells, self.axes, self.columns = cells, axes, -(-count // lines)
        if len(axes) > 2 or lines > _ROWS or self.columns > _COLUMNS:
            told = together([f"{cells.axes[k].name} ({len(cells.axes[k].labels)} values)" for k in axes])
            most = max(axes, key=lambda k: len(cells.axes[k].labels))
            remedy = f"choose a slice first, such as data.isel({cells.axes[most].name}=[0])"
            raise UserError([Problem("data", f"one picture cannot show panels for {told}", remedy)])
        room = math.floor((WIDTH - _MARGIN - beside - _GAP * (self.columns - 1)) / self.columns)
        self.width, self.height = min(size[0], room), size[1][min(lines, len(size[1])) - 1]
        self._headings = self._headed()

    def panel(self, at: Place) -> Row:
        """The panel of a cell: its number, row by row, and its heading."""
        number = sum(at[k] * step for k, step in zip(self.axes, (1, self.columns), strict=False))
        return {"panel": self._headings[tuple(at[k] for k in self.axes)], "number": number}

    def _headed(self) -> dict[Place, str]:
        """What panels show, with symbols where names are too long for any, and only the points where these are, too."""
        axes = [self.cells.axes[k] for k in self.axes]
        places = list(np.ndindex(*(len(axis.labels) for axis in axes)))
        for before in (lambda axis: f"{axis.name} = ", lambda axis: f"{axis.short} = ", lambda _: ""):
            starts = [before(axis) for axis in axes]
            headings = {
                place: ", ".join(f"{start}{axis.labels[k]}" for start, axis, k in zip(starts, axes, place, strict=True))
                for place in places
            }
            if max(map(text_width, headings.values())) <= self.width:
                break
        return headings

    def drawn(self, layers: Sequence[alt.Chart], rows: Sequence[Row], below: str) -> Any:
        """The layers, for the rows of each panel; `below` is what is along x."""
        chart = alt.LayerChart(layer=list(layers), width=self.width, height=self.height, data=data(rows))
        if not self.axes:
            return chart
        heading = alt.Header(
            title=below or None, titleOrient="bottom", titleFontSize=SMALL, titleFontWeight="normal", titleColor=INK,
            labelAnchor="start", labelFontSize=SMALL, labelFontWeight="bold", labelColor=INK, labelLimit=self.width,
        )  # fmt: skip
        by = alt.Facet("panel:N", sort=alt.EncodingSortField("number", op="min"), header=heading)
        chart.data = alt.Undefined
        panels = chart.facet(facet=by, columns=self.columns, data=data(rows), spacing=_GAP)
        return panels.resolve_axis(x="independent")


# -- axes -----------------------------------------------------------------------------------------------------------


def scale_of(values: Any) -> Scale:
    """The axis of numbers: even in logs where they stand more evenly there."""
    low, high = float(values[0]), float(values[-1])
    logarithmic = low > 0 and high > 3 * low and _uneven(np.log(values)) < _uneven(values)
    return Scale(low, high, logarithmic, -math.inf, math.inf)


def _uneven(values: Any) -> float:
    gaps = np.diff(values)
    return float(gaps.std() / gaps.mean())


def number_axis(axis: Axis, scale: Scale, ends: tuple[float, float], title: str) -> Row:
    """Scale and axis of numbers between two places, pixels, for an encoding."""
    shown = alt.Axis(
        values=_ticks(axis, scale, abs(ends[1] - ends[0])), labelExpr=_NUMBER, grid=False, title=title or None,
        labelOverlap=False, labelFlush=False, labelBound=False, ticks=True, tickColor=MARK, titleColor=INK,
        titleFontWeight="normal", titlePadding=6,
    )  # fmt: skip
    kind = "log" if scale.logarithmic else "linear"
    numbers = alt.Scale(type=kind, domain=[scale.low, scale.high], range=list(ends), nice=False, zero=False)
    return {"scale": numbers, "axis": shown}


def _ticks(axis: Axis, scale: Scale, length: float) -> list[float]:
    """The points themselves where they are few, as many as have room; else, or if they are even, round numbers."""
    values = list(axis.values or ())
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


def chance_axis(top: float, ends: tuple[float, float], title: str = "probability") -> Row:
    """The same of probabilities, in percent from 0 to `top`."""
    steps = 5 if f"{top:e}".startswith("5") else 4
    shown = alt.Axis(
        values=[float(f"{top * k / steps:.6g}") for k in range(steps + 1)], labelExpr=_CHANCE, grid=True,
        gridColor=FAINT, ticks=False, title=title or None, titleColor=INK, titleFontWeight="normal", titlePadding=8,
        labelFlush=False,
    )  # fmt: skip
    return {"scale": alt.Scale(domain=[0, top], range=list(ends), nice=False), "axis": shown}


def tooltip() -> list[alt.Tooltip]:
    """Where a cell is and what it says."""
    return [alt.Tooltip("where:N", title="cell"), alt.Tooltip("shown:N", title="probability")]


def text_width(text: str) -> float:
    """About as many pixels as a small text takes."""
    def width(letter: str) -> float:
        if unicodedata.east_asian_width(letter) in "WF":
            return 11.0
        return 3.2 if letter in " .,:;'|!()[]fijlrtI" else 7.6 if letter.isupper() or letter in "mw%" else 5.8

    return sum(map(width, text))


# -- the key --------------------------------------------------------------------------------------------------------


class Series(NamedTuple):
    """What colours stand for: points of an axis, or all cells.

    Parameters
    ----------
    labels, colours, shapes : sequence of str
        What each point is called, and how it is drawn: light to dark for numbers, unlike for what has no order.
    legend : Legend or None
        The key.
    """

    labels: Sequence[str]
    colours: Sequence[str]
    shapes: Sequence[str]
    legend: alt.Legend | None

    @classmethod
    def of(cls, axis: Axis | None) -> Series:
        """The series of an axis."""
        if axis is None:
            return cls([""], KINDS[:1], SHAPES[:1], None)
        n = len(axis.labels)
        widest = min(max(map(text_width, axis.labels)), _LONGEST) + 30.0
        key = _key(title=axis.title, titleOrient="left", columns=max(1, min(n, int((WIDTH - 250.0) / widest))))
        if axis.values is not None:
            return cls(axis.labels, ordered(n), SHAPES[:1] * n, key)
        return cls(axis.labels, KINDS[:n], SHAPES[:n], key)

    def colour(self) -> alt.Color:
        """Colours of the field ``series``."""
        scale = alt.Scale(domain=list(self.labels), range=list(self.colours))
        return alt.Color("series:N", scale=scale, legend=self.legend)

    def shape(self) -> alt.Shape:
        """Shapes of the same, for a print in grey."""
        scale = alt.Scale(domain=list(self.labels), range=list(self.shapes))
        return alt.Shape("series:N", scale=scale, legend=self.legend)


def _key(**more: Any) -> alt.Legend:
    return alt.Legend(
        orient="top", direction="horizontal", labelFontSize=SMALL, labelLimit=_LONGEST, titleFontSize=SMALL,
        titleFontWeight="normal", titleColor=INK, offset=12, symbolOpacity=1, symbolSize=60, **more,
    )  # fmt: skip


CROSS = "M-1,-1L1,1M1,-1L-1,1"
"""The shape of what was not worked out, in a picture without cells that could be grey."""


def missing_key(cells: Cells, symbol: str = CROSS, colour: str = MISSING_LINE) -> dict[str, alt.Opacity]:
    """The encoding of what was not worked out that says so in the key."""
    legend = _key(
        title=None, symbolType=symbol, symbolFillColor=colour, symbolStrokeColor=colour, symbolStrokeWidth=2
    )  # fmt: skip
    return {"opacity": alt.Opacity("state:N", scale=alt.Scale(domain=[cells.missing], range=[1]), legend=legend)}
