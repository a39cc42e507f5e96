"""A panel for one quantity: words above, two densities, and their intervals below.

Altair copies whatever a chart is made of each time that it is put into another, so that a panel has few layers and
holds the points of its densities as one text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import altair as alt
import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.prior_posterior import Learnt
from ooms.pictures.density import Axis, ticks
from ooms.pictures.marks import WIDTH
from ooms.pictures.rows import data
from ooms.pictures.theme import ACCENT, FAINT, INK, LABEL, MARK, QUIET, SMALL

__all__ = ["COLUMNS", "LETTERS", "Hills", "Words", "key", "panel"]

Floats = NDArray[np.float64]

COLUMNS = 5
"""Panels beside each other."""

LETTERS = 34
"""Of a line of small text across a panel."""

_PANEL = WIDTH / COLUMNS
_LEFT, _RIGHT = 6.0, 22.0  # pixels beside an axis inside its panel
_SUMMIT, _GROUND = 2.0, 62.0  # pixels down to where densities end and start
_INTERVALS = (71.0, 81.0)  # the same, of the intervals before and after
_HEIGHT = 90.0
_LINE = 12.5  # pixels of a line of text
_SOLID, _DASHED = [1.0, 0.0], [4.0, 2.5]


class Words(NamedTuple):
    """What stands above a panel.

    Parameters
    ----------
    name : str
        The quantity and its unit.
    meaning : sequence of str
        What it is, in lines.
    said : str
        What was learnt about it.
    """

    name: str
    meaning: Sequence[str] = ()
    said: str = ""


class Hills(NamedTuple):
    """What a panel shows.

    Parameters
    ----------
    learnt : Learnt
        Quantiles before and after.
    axis : Axis
        Where it is shown.
    before, after : array
        Densities at the points of the axis.
    """

    learnt: Learnt
    axis: Axis
    before: Floats
    after: Floats


def panel(words: Words, hills: Hills, lines: int) -> alt.LayerChart:
    """The panel of a quantity.

    Parameters
    ----------
    words : Words
        What stands above.
    hills : Hills
        What is drawn.
    lines : int
        Room for the meaning.
    """
    top = float(max(hills.before.max(), hills.after.max()))
    layers = [_densities(hills, top), *_intervals(hills, top), *_above(words, lines)]
    return alt.LayerChart(layer=layers, width=_PANEL, height=_HEIGHT)


def key(lines: int) -> alt.LayerChart:
    """A panel that says what the strokes of the others stand for."""
    layers = [*_above(Words("How to read it"), lines)]
    for y, colour, dash, text in (
        (-14.0, MARK, _DASHED, "before the surveys: prior"),
        (6.0, ACCENT, _SOLID, "after them: posterior"),
        (26.0, QUIET, _SOLID, "median, and 90 % interval"),
    ):
        base = alt.Chart(data([{"text": text}])).encode(y=alt.value(y))
        stroke = base.mark_rule(strokeDash=dash, strokeWidth=2, color=colour)
        layers.append(stroke.encode(x=alt.value(_LEFT), x2=alt.value(_LEFT + 30.0)))
        words = base.mark_text(align="left", fontSize=SMALL)
        layers.append(words.encode(x=alt.value(_LEFT + 38.0), text="text:N"))
    dot = alt.Chart(data([{}])).mark_circle(color=QUIET, size=34, opacity=1)
    layers.append(dot.encode(x=alt.value(_LEFT + 15.0), y=alt.value(26.0)))
    return alt.LayerChart(layer=layers, width=_PANEL, height=_HEIGHT)


# -- layers ---------------------------------------------------------------------------------------------------------


def _above(words: Words, lines: int) -> list[alt.Chart]:
    """Name and meaning from the top, and what was learnt right above the densities."""
    top = -_LINE * (lines + 1) - 8.0
    found = [_text(words.name, top - 16.0, LABEL, INK, bold=True)]
    if words.meaning:
        found.append(_text("\n".join(words.meaning), top, SMALL, QUIET))
    if words.said:
        found.append(_text(words.said, -18.0, SMALL, INK))
    return found


def _text(text: str, y: float, size: float, colour: str, *, bold: bool = False) -> alt.Chart:
    mark = alt.Chart(data([{"text": text}])).mark_text(
        align="left", baseline="top", lineBreak="\n", lineHeight=_LINE, fontSize=size, color=colour,
        limit=_PANEL - _LEFT - 2.0, fontWeight="bold" if bold else "normal",
    )  # fmt: skip
    return mark.encode(x=alt.value(_LEFT), y=alt.value(y), text="text:N")


def _densities(hills: Hills, top: float) -> alt.LayerChart:
    """Both on one scale: grey with a dashed edge, and the accent with a solid one."""
    x = _along(hills.axis)
    grey = alt.Chart().mark_area(color=FAINT, opacity=1, line=_edge(MARK, 1.4, _DASHED))
    accent = alt.Chart().mark_area(color=ACCENT, opacity=0.22, line=_edge(ACCENT, 2.0, _SOLID))
    layers = [grey.encode(x=x, y=_up("before", top)), accent.encode(x=x, y=_up("after", top))]
    columns = zip(hills.axis.points(), hills.before, hills.after, strict=True)
    lines = ["at,before,after", *(f"{x:.8g},{before:.4g},{after:.4g}" for x, before, after in columns)]
    numbers = alt.CsvDataFormat(type="csv", parse=dict.fromkeys(("at", "before", "after"), "number"))
    return alt.LayerChart(layer=layers, data=alt.InlineData(values="\n".join(lines), format=numbers))


def _edge(colour: str, width: float, dash: list[float]) -> alt.OverlayMarkDef:
    return alt.OverlayMarkDef(color=colour, strokeWidth=width, strokeDash=dash, opacity=1)


def _intervals(hills: Hills, top: float) -> list[alt.Chart]:
    """The 90 % intervals and their medians, before above after."""
    one, axis = hills.learnt, hills.axis
    rows = [
        {"quantity": one.name, "colour": colour, "level": top * (_GROUND - y) / (_GROUND - _SUMMIT)}
        | {key: float(np.clip(x, axis.low, axis.high)) for key, x in zip(("low", "at", "high"), ends, strict=True)}
        for ends, y, colour in zip((one.prior, one.posterior), _INTERVALS, (MARK, ACCENT), strict=True)
    ]
    base = alt.Chart(data(rows)).encode(y=_up("level", top), color=alt.Color("colour:N", scale=None))
    x = _along(axis)
    low = x.copy()
    low.shorthand = "low:Q"
    return [base.mark_rule(strokeWidth=2).encode(x=low, x2="high:Q"), base.mark_circle(size=34, opacity=1).encode(x=x)]


def _up(field: str, top: float) -> alt.Y:
    scale = alt.Scale(domain=[0.0, top], range=[_GROUND, _SUMMIT], nice=False)
    return alt.Y(f"{field}:Q", axis=None, scale=scale, stack=None)


def _along(axis: Axis) -> alt.X:
    scale = alt.Scale(
        type="log" if axis.logarithmic else "linear", domain=[axis.low, axis.high], nice=False, zero=False,
        range=[_LEFT, _PANEL - _RIGHT],
    )  # fmt: skip
    shown = alt.Axis(values=ticks(axis), format="~g", grid=True, title=None, labelOverlap=False, labelFlush=True)
    return alt.X("at:Q", scale=scale, axis=shown, title=None)
