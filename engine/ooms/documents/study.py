"""A batch study: its picture, its most and least likely cells, and what it asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ooms.batch.table import StudyTable, study_table
from ooms.documents.document import Block, Bullets, Figure, Notice, Paragraph, Section, Table, left, right
from ooms.pictures.registry import REGISTRY
from ooms.pictures.words import event_name
from ooms.results.numbers import plus_minus

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["study"]

_ROWS = 40  # cells that a table shows: of more, those at both ends


def study(name: str, data: Dataset, number: int) -> Section:
    """What a study found."""
    title = str(data.attrs.get("title") or name)
    event = str(data["event"].to_numpy()[0])
    table = study_table(data).sorted()
    done = [row for row in table.rows if row.done]
    blocks: list[Block] = [Paragraph(str(data.attrs["description"]))] if data.attrs.get("description") else []
    if done:
        blocks.append(Paragraph(_lead(table, event), lead=True))
    if len(done) < len(table.rows):
        blocks.append(Notice([f"{len(table.rows) - len(done)} of {len(table.rows)} cells are not done: {name}."]))
    if done:
        picture = REGISTRY["study"].picture
        chart = picture.of(data, event)
        words = str(chart.description)
        title_of_chart = f"P({event_name(event)})"
        blocks += [
            Figure(f"study-{number}", title_of_chart, picture.caption, words, chart, wide=True, paper=True),
            _table(table, event),
        ]
    blocks.append(Bullets(_facts(data, name)))
    return Section(f"study-{number}", f"A study: {title}", blocks)


def _lead(table: StudyTable, event: str) -> str:
    done = [row for row in table.rows if row.done]
    most, least = done[0], done[-1]
    high, low = (plus_minus(row.probabilities[event], percent=True) for row in (most, least))
    ends = f"from {low} % ({_where(least.where)}) to {high} % ({_where(most.where)})"
    return f"P({event_name(event)}) runs {ends} over {len(done)} cells."


def _where(where: Mapping[str, Any]) -> str:
    return ", ".join(f"{axis} = {_written(value)}" for axis, value in where.items())


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table(table: StudyTable, event: str) -> Table:
    done = [row for row in table.rows if row.done]
    few = done if len(done) <= _ROWS else [*done[: _ROWS // 2], *done[-_ROWS // 2 :]]
    axes = [axis for axis in few[0].where if len({str(row.where[axis]) for row in done}) > 1] or list(few[0].where)
    rows = [
        (
            *(_written(row.where[axis]) for axis in axes),
            *(plus_minus(chance, percent=True) for chance in row.probabilities.values()),
        )
        for row in few
    ]
    half = _ROWS // 2
    note = "" if len(few) == len(done) else f"The {half} most and the {half} least likely of {len(done)} cells."
    events = [f"P({event_name(name)}), %" for name in few[0].probabilities]
    return Table(f"Cells, by P({event_name(event)})", (*left(*axes), *right(*events)), rows, note)


def _facts(data: Dataset, name: str) -> list[tuple[str, str]]:
    axes = [f"{dim} ({size})" for dim, size in data["probability"].sizes.items() if dim != "event"]
    events = ", ".join(map(str, data["event"].to_numpy()))
    return [("Store", name), ("Axes", ", ".join(axes)), ("Events", events), *_said(data)]


def _said(data: Dataset) -> list[tuple[str, str]]:
    known = [(key, data.attrs[key]) for key in ("draws", "seed", "ooms_version") if key in data.attrs]
    return [(key.replace("_", " "), str(value)) for key, value in known]
