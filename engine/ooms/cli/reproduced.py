"""Published numbers beside ours, as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from ooms.literature.reproducing import VERDICTS
from ooms.results.numbers import plus_minus, rounded
from ooms.writers.tables import Sheet
from ooms.writers.terminal import Footnotes, terminal

if TYPE_CHECKING:
    from ooms.literature.reproducing import NumberCheck, Reproduction

__all__ = ["show_reproduction"]

_STYLES = {"agrees": "green", "goes in": "green", "differs": "bold red", "other reading": "cyan", "out of reach": "dim"}
_FINEST = 0.05  # of the tolerance: differences are shown no finer


def show_reproduction(found: Reproduction, *, sources: bool) -> None:
    """Print a table a view, and below it the reasons and remarks that it points to by letter.

    Parameters
    ----------
    found : Reproduction
        From `ooms.reproduce`.
    sources : bool
        Whether to say where each number was published.
    """
    console = terminal()
    for view, rows in groupby(found.rows, key=lambda row: row.view):
        console.print(Text(view, style="bold"))
        notes = Footnotes()
        _numbers(rows, notes, sources=sources).show(console)
        notes.show(console)
        console.print()
    counted = ", ".join(f"{count} {verdict}" for verdict, count in found.counts.items() if count)
    line = f"{len(found.rows)} rows: {counted} · {found.draws:,} quasi-random draws a forecast · seed {found.seed}"
    console.print(Text(line, style="bold green" if found.agrees else "bold red"))
    for verdict, meaning in VERDICTS.items():
        if found.counts[verdict]:
            console.print(Text(f"{verdict}: {meaning}", style="dim"))


def _numbers(rows: Iterable[NumberCheck], notes: Footnotes, *, sources: bool) -> Sheet:
    sheet = Sheet()
    sheet.label("number", wraps=True)
    sheet.text("published", justify="right")
    for heading in ("ours", "difference"):
        sheet.number(heading)
    sheet.text("tolerance")
    sheet.text("verdict")
    for row in rows:
        told = [] if row.reading else [row.because, row.note, f"source: {row.source}" if sources else ""]
        marks = " ".join(notes.mark(text) for text in told if text)
        published = "" if row.reading else row.published
        tolerance = "" if row.reading or row.ours is None else f"{row.tolerance:.3g} "
        ours = ("-", "-") if row.ours is None else (plus_minus(row.ours, endless="unlimited"), _apart(row))
        what = f"  {row.reading}" if row.reading else row.what
        sheet.row(what, published, *ours, tolerance + marks, Text(row.verdict, style=_STYLES[row.verdict]))
    return sheet


def _apart(row: NumberCheck) -> str:
    """``-0.49``: with the digits that the error supports and the tolerance needs."""
    if row.difference == 0 or row.ours is None:
        return "0"
    digits = rounded(row.difference, max(row.ours.standard_error, row.tolerance * _FINEST), most=2)
    if not float(digits):
        return "0"
    return f"{'+' if row.difference > 0 else ''}{digits}"
