"""Published numbers beside ours."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from ooms.documents.document import Bullets, Column, Document, Footnotes, Paragraph, Section, Style, Table, left, right
from ooms.literature.reproducing.verdicts import VERDICTS
from ooms.results.numbers import plus_minus, rounded

if TYPE_CHECKING:
    from ooms.literature.reproducing import NumberCheck, Reproduction

__all__ = ["document"]

_STYLES: dict[str, Style] = {"differs": "bad", "other reading": "aside", "out of reach": "aside"}
_FINEST = 0.05  # of the tolerance: differences are shown no finer


def document(found: Reproduction, *, sources: bool = False) -> Document:
    """A table a view, and below it the reasons, remarks and perhaps sources that it points to by letter."""
    sections = [_section(view, rows, sources) for view, rows in groupby(found.rows, key=lambda row: row.view)]
    counted = ", ".join(f"{count} {verdict}" for verdict, count in found.counts.items() if count)
    how = f"{found.draws:,} quasi-random draws a forecast \u00b7 seed {found.seed}"
    line = f"{len(found.rows)} rows: {counted} \u00b7 {how}"
    words = [(verdict, meaning) for verdict, meaning in VERDICTS.items() if found.counts[verdict]]
    last = Section("verdicts", "", [Paragraph(line, lead=True), Bullets(words)])
    return Document("", "", [*sections, last])


def _section(view: str, rows: Iterable[NumberCheck], sources: bool) -> Section:
    notes, cells, styles = Footnotes(), list[tuple[str, ...]](), dict[int, Style]()
    for k, row in enumerate(rows):
        remarks = [] if row.reading else [row.because, row.note, f"source: {row.source}" if sources else ""]
        marks = " ".join(notes.mark(text) for text in remarks if text)
        published = "" if row.reading else row.published
        tolerance = "" if row.reading or row.ours is None else f"{row.tolerance:.3g} "
        ours = ("-", "-") if row.ours is None else (plus_minus(row.ours, endless="unlimited"), _difference(row))
        name = f"  {row.reading}" if row.reading else row.what
        cells.append((name, published, *ours, tolerance + marks, row.verdict))
        if row.verdict in _STYLES:
            styles[k] = _STYLES[row.verdict]
    numbers = *left("Published"), *right("Ours", "Difference"), *left("Tolerance", "Verdict")
    columns = (Column("Number", "topic"), *numbers)
    return Section(view, view, [Table("", columns, cells, styles=styles), *notes.blocks])


def _difference(row: NumberCheck) -> str:
    """``-0.49``: with the digits that the error supports and the tolerance needs."""
    if row.difference == 0 or row.ours is None:
        return "0"
    digits = rounded(row.difference, max(row.ours.standard_error, row.tolerance * _FINEST), most=2)
    if not float(digits):
        return "0"
    return f"{'+' if row.difference > 0 else ''}{digits}"
