"""One question under every definition that the sources use: named, and never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ooms.comparing.readings import MEASURES, WINDOW
from ooms.documents.comparison import how
from ooms.documents.document import Block, Bullets, Column, Document, Notice, Section, Table, right
from ooms.documents.words import position, warnings_of
from ooms.outcomes.words import outcome_words
from ooms.results.numbers import plus_minus

if TYPE_CHECKING:
    from ooms.comparing.readings import Readings

__all__ = ["document"]

_ADJUSTMENT = (
    "returns are at fixed hardware. Without: they are taken as returns to labour and compute together, and used as if "
    "they were at fixed hardware, r/(1 - a)."
)


def document(readings: Sequence[Readings]) -> Document:
    """The answers of each view under every definition."""
    warned = warnings_of(each.view for each in readings)
    blocks: list[Block] = [Notice(warned)] if warned else []
    for each in readings:
        blocks.append(_table(each))
        if each.unadjusted:
            text = f"with and without the compute adjustment are the same: {each.unadjusted}"
            blocks.append(Notice([f"{position(each.view)}: {text}"]))
    words = [
        *((f"{outcome_words(measure)} in {WINDOW}", meaning) for measure, meaning in MEASURES.items()),
        ("with the compute adjustment", _ADJUSTMENT),
        ("from the start", "the first year after full automation. Anywhere: the fastest year on the way."),
    ]
    blocks += [Bullets(words), how(readings[0].draws, readings[0].seed)]
    return Document("", "", [Section("definitions", "", blocks)])


def _table(readings: Readings) -> Table:
    rows: dict[tuple[str, str], list[str]] = {}
    for reading in readings:
        adjustment = ("with" if reading.adjusted else "without") + (", as stated" if reading.stated else "")
        rows.setdefault((adjustment, reading.where), []).append(plus_minus(reading.probability, percent=True))
    columns = (Column("Compute adjustment", "label"), Column("Counted", "label"), *right(*map(outcome_words, MEASURES)))
    cells = [(*labels, *numbers) for labels, numbers in rows.items()]
    return Table(f"{position(readings.view)}: probability of so much in {WINDOW}, %", columns, cells)
