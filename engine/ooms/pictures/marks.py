"""What the pictures of a calibration are made of: rows, columns of text, headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from ooms.pictures.rows import Row, data, down
from ooms.pictures.theme import INK, LABEL, QUIET, SMALL, STRIPE

__all__ = ["WIDTH", "heading", "rows_panel", "section", "text_column", "title_above"]

WIDTH = 960.0
"""Pixels across, as wide as a README shows."""

_HEADING = 9.0  # pixels from the rows up to the heading of a column

def heading(text: str, x: float, n: int, align: Any = "left", colour: str = INK) -> alt.Chart:
    """Words above a column."""
    above = alt.Chart(data([{"y": -0.5, "text": text}])).mark_text(
        align=align, dy=-_HEADING, fontSize=SMALL, fontWeight="bold", color=colour
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
        What is shown, and the words above.
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
    shown = marks.encode(y=down("y", n), x=alt.value(x), text=f"{field}:N", tooltip=[alt.Tooltip(f"{field}:N")])
    return rows_panel([shown, heading(title, x, n, align, colour)], rows, size)


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


def title_above(lines: Sequence[str], caption: Sequence[str], size: float) -> alt.TitleParams:
    """A title of that font size, and small lines below it, cut off at the width of the picture."""
    return alt.TitleParams(
        list(lines), subtitle=list(caption), fontSize=size, subtitleFontSize=SMALL, subtitleColor=QUIET,
        subtitlePadding=5, anchor="start", frame="group", offset=15, limit=WIDTH,
    )  # fmt: skip


def section(charts: Sequence[Any], title: str, caption: Sequence[str]) -> alt.HConcatChart:
    """A part of a picture: charts beside each other, under a title and lines that say how to read it."""
    return alt.HConcatChart(hconcat=list(charts), spacing=0, title=title_above([title], caption, LABEL + 2.5))
