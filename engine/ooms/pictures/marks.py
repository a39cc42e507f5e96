"""What several pictures are made of: rows on stripes, columns of text, headings, upright lines, titles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from ooms.pictures.rows import Row, data, down
from ooms.pictures.theme import INK, LABEL, QUIET, SMALL, STRIPE

__all__ = [
    "WIDTH", "Along", "heading", "named_ticks", "rows_panel", "section", "text_column", "title_above", "upright",
    "upright_band",
]  # fmt: skip

WIDTH = 960.0
"""Pixels across, as wide as a README shows."""

type Along = Callable[[str], alt.X]
"""From a field to where it lies along x."""

_HEADING = 9.0  # pixels from the rows up to the heading of a column


def heading(
    text: str, x: float, n: int, align: Any = "left", colour: str = INK, *, up: float = _HEADING, size: float = SMALL
) -> alt.Chart:
    """Words above a column of `n` rows, so many pixels up."""
    above = alt.Chart(data([{"y": -0.5, "text": text}])).mark_text(
        align=align, dy=-up, fontSize=size, fontWeight="bold", color=colour
    )
    return above.encode(y=down("y", n), x=alt.value(x), text="text:N")


def text_column(
    rows: Sequence[Row], size: tuple[float, float], field: str, title: str, *, align: Any = "left",
    bold: bool = False, colour: str = INK,
) -> alt.LayerChart:  # fmt: skip
    """A column of text that is cut off where the next begins.

    Parameters
    ----------
    rows : sequence of dict
        With ``y``, the number of the row, ``group``, and the text as `field`.
    size : tuple of float
        Width of the column and height of a row, pixels.
    field, title : str
        What is shown, and the words above, in one line or two.
    align : str
        ``left`` or ``right``.
    bold : bool
        Whether it is read first.
    colour : str
        Of the text.
    """
    n, width = len(rows), size[0]
    x = 6.0 if align == "left" else width - 8.0
    style: dict[str, Any] = {"fontSize": LABEL if bold else SMALL, "fontWeight": "bold" if bold else "normal"}
    texts = data([{"y": row["y"], field: row[field]} for row in rows])
    marks = alt.Chart(texts).mark_text(align=align, limit=width - 10.0, color=colour, **style)
    tooltip = [alt.Tooltip(f"{field}:N", title=title.replace("\n", " "))]
    shown = marks.encode(y=down("y", n), x=alt.value(x), text=f"{field}:N", tooltip=tooltip)
    lines = title.splitlines()[::-1]
    above = [heading(line, x, n, align, colour, up=_HEADING + 13.0 * k) for k, line in enumerate(lines)]
    return rows_panel([shown, *above], rows, size)


def rows_panel(marks: Sequence[alt.Chart], rows: Sequence[Row], size: tuple[float, float]) -> alt.LayerChart:
    """Marks on a stripe for every other group of rows; `size` is the width and the height of a row."""
    n, (width, height) = len(rows), size
    groups: dict[int, list[float]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row["y"])
    striped = [{"top": min(ys) - 0.5, "bottom": max(ys) + 0.5} for group, ys in groups.items() if group % 2 == 0]
    stripe = alt.Chart(data(striped)).mark_rect(color=STRIPE).encode(
        y=down("top", n), y2="bottom:Q", x=alt.value(0), x2=alt.value(width)
    )  # fmt: skip
    return alt.LayerChart(layer=[stripe, *marks], width=width, height=height * n)


def upright(places: Sequence[float], n: int, along: Along, colour: str, **style: Any) -> alt.Chart:
    """Lines down all rows: an axis' own would lie below the stripes."""
    rows = [{"x": x, "top": -0.5, "bottom": n - 0.5} for x in places]
    mark = alt.Chart(data(rows)).mark_rule(color=colour, **style)
    return mark.encode(x=along("x"), y=down("top", n), y2="bottom:Q")


def upright_band(ends: tuple[float, float], n: int, along: Along, colour: str) -> alt.Chart:
    """A band down all rows."""
    row = {"low": ends[0], "high": ends[1], "top": -0.5, "bottom": n - 0.5}
    mark = alt.Chart(data([row])).mark_rect(color=colour)
    return mark.encode(x=along("low"), x2="high:Q", y=down("top", n), y2="bottom:Q")


def named_ticks(ticks: Mapping[float, str], **more: Any) -> alt.Axis:
    """An axis with ticks, ascending, that have words of ours."""
    middles = [0.5 * (first + second) for first, second in pairwise(ticks)]
    *cases, last = [f"'{text}'" for text in ticks.values()]
    label = "".join(f"datum.value < {middle} ? {text} : " for middle, text in zip(middles, cases, strict=True)) + last
    return alt.Axis(values=list(ticks), labelExpr=label, **({"title": None, "labelOverlap": False} | more))


def title_above(lines: Sequence[str], caption: Sequence[str], size: float, limit: float = WIDTH) -> alt.TitleParams:
    """A title of that font size, and small lines below it, cut off at the width of the picture."""
    return alt.TitleParams(
        list(lines), subtitle=list(caption), fontSize=size, subtitleFontSize=SMALL, subtitleColor=QUIET,
        subtitlePadding=6, anchor="start", frame="bounds", offset=15, limit=limit,
    )  # fmt: skip


def section(charts: Sequence[Any], title: str, caption: Sequence[str]) -> alt.HConcatChart:
    """A part of a picture: charts beside each other, under a title and lines that say how to read it."""
    return alt.HConcatChart(hconcat=list(charts), spacing=0, title=title_above([title], caption, LABEL + 2.5))
