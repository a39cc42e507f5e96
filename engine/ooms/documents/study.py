"""A batch study: its picture, its most and least likely cells, and what it asked; and any table of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ooms.batch.axes import Label, label_text
from ooms.batch.table import Row, StudyTable, study_table
from ooms.documents.document import (
    Block,
    Bullets,
    Column,
    Document,
    Figure,
    Footnotes,
    Notice,
    Paragraph,
    Section,
    Table,
    right,
)  # fmt: skip
from ooms.documents.words import MONTE_CARLO
from ooms.outcomes.words import outcome_words
from ooms.pictures.words import position_named
from ooms.results.numbers import brief, never_share, plus_minus

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.outcomes import Quantity

__all__ = ["document", "point_text", "study"]

_ROWS = 40  # cells that a report shows: of more, those at both ends


def document(data: Dataset, table: StudyTable, *, most: int) -> Document:
    """The first rows, what all rows have in common, and what the numbers are."""
    notes, axes = Footnotes(), _varied(table)
    common = [f"{axis} = {label_text(table.rows[0].where[axis], 6)}" for axis in table.axes if axis not in axes]
    blocks: list[Block] = [Paragraph(f"in all rows: {', '.join(common)}")] if common and table.rows else []
    if table.over:
        together = f"cells along {', '.join(table.over)} are taken together, all with the same weight"
        blocks.append(Paragraph(together))
    rows = table.rows[:most]

    def name(row: Row) -> list[str]:
        return _name(row, axes, notes)

    if table.events:
        blocks.append(_probabilities("Probabilities, %", table.events, rows, axes, name))
    blocks += [_quantiles(quantity, table, rows, axes, name) for quantity in table.quantities]
    blocks += notes.blocks
    rest = len(table.rows) - most
    if rest > 0:
        blocks.append(Notice([f"{rest:,} more rows: use --rows {len(table.rows)}, --where or -o"]))
    how = f"{data.attrs['draws']:,} quasi-random draws a cell, seed {data.attrs['seed']}"
    blocks.append(Paragraph(how, aside=True))
    return Document(str(data.attrs["title"]), "", [Section("table", "", blocks)])


def study(name: str, data: Dataset, number: int) -> Section:
    """What a study found."""
    from ooms.pictures.registry import REGISTRY

    title = str(data.attrs.get("title") or name)
    event = str(data["event"].to_numpy()[0])
    table = study_table(data).sorted()
    done = [row for row in table.rows if row.done]
    blocks: list[Block] = [Paragraph(str(data.attrs["description"]))] if data.attrs.get("description") else []
    if done:
        blocks.append(Paragraph(_lead(done, event), lead=True))
    if len(done) < len(table.rows):
        blocks.append(Notice([f"{len(table.rows) - len(done)} of {len(table.rows)} cells are not done: {name}."]))
    if done:
        picture = REGISTRY["study"].picture
        chart = picture.of(data, event)
        figure = f"P({outcome_words(event)})"
        words = str(chart.description)
        blocks += [
            Figure(f"study-{number}", figure, picture.caption, words, chart, wide=True, paper=True),
            _both_ends(table, done, event),
        ]
    blocks.append(Bullets(_facts(data, name)))
    return Section(f"study-{number}", f"A study: {title}", blocks)


def _varied(table: StudyTable) -> list[str]:
    """Axes in which rows differ."""
    return [axis for axis in table.axes if len({label_text(row.where[axis], 6) for row in table.rows}) > 1]


def _labels(axes: Sequence[str]) -> list[Column]:
    return [Column(axis, "label") for axis in axes or ("cells",)]


def _probabilities(
    caption: str, events: Iterable[str], rows: Iterable[Row], axes: Sequence[str], name: Callable[[Row], list[str]],
    note: str = "",
) -> Table:  # fmt: skip
    events, cells = list(events), list[Sequence[str]]()
    for row in rows:
        chances = [plus_minus(row.probabilities[event], percent=True) if row.done else "" for event in events]
        cells.append((*name(row), *chances))
    note = f"{note} {MONTE_CARLO}".strip()
    return Table(caption, (*_labels(axes), *right(*map(outcome_words, events))), cells, note, apart=True)


def _quantiles(
    quantity: Quantity, table: StudyTable, rows: Iterable[Row], axes: Sequence[str], name: Callable[[Row], list[str]]
) -> Table:
    interval = f"{100 * table.mass:.6g} % equal-tailed credence interval"
    caption = f"{outcome_words(quantity.name)}, {quantity.unit}: {interval}"
    columns = (*_labels(axes), *right(*table.headings, quantity.endless))
    return Table(caption, columns, [(*name(row), *_cells(quantity, row)) for row in rows], apart=True)


def _cells(quantity: Quantity, row: Row) -> list[str]:
    if not row.done:
        return [""] * 4
    spread = row.spreads[quantity.name]
    positive = quantity.scale.bottom >= 0
    ends = (spread.low, spread.median, spread.high)
    shown = [brief(end, quantity.unit, quantity.endless, positive=positive) for end in ends]
    return [*shown, never_share(spread.never)]


def _name(row: Row, axes: Sequence[str], notes: Footnotes) -> list[str]:
    """What the row is called; with a letter where cells are missing."""
    names = [label_text(row.where[axis], 6) for axis in axes] or [f"{row.cells:,}" if row.cells > 1 else "the only one"]
    missing = row.cells - row.done
    if missing:
        left_out = f"{missing:,} of {row.cells:,} cells {'is' if missing == 1 else 'are'} left out"
        why = "no numbers" if row.cells == 1 else left_out
        names[0] += f" {notes.mark(f'{why}: {"; ".join(row.problems)}')}"
    return names


def _lead(done: Sequence[Row], event: str) -> str:
    most, least = done[0], min(done, key=lambda row: row.probabilities[event].value)  # of several alike the first
    high, low = (plus_minus(row.probabilities[event], percent=True) for row in (most, least))
    ends = f"from {low} % ({_where(least)}) to {high} % ({_where(most)})"
    return f"P({outcome_words(event)}) runs {ends} over {len(done)} cells."


def _where(row: Row) -> str:
    return ", ".join(f"{axis} = {point_text(axis, value)}" for axis, value in row.where.items())


def point_text(axis: str, point: Label) -> str:
    """A point of an axis for readers: positions by author and year."""
    return position_named(point) if axis == "view" and isinstance(point, str) else label_text(point, 6)


def _both_ends(table: StudyTable, done: Sequence[Row], event: str) -> Table:
    """All cells, or the most and the least likely of many."""
    half = _ROWS // 2
    few = done if len(done) <= _ROWS else [*done[:half], *done[-half:]]
    axes = _varied(table) or list(table.axes)
    note = "" if len(few) == len(done) else f"The {half} most and the {half} least likely of {len(done)} cells."

    def name(row: Row) -> list[str]:
        return [point_text(axis, row.where[axis]) for axis in axes]

    return _probabilities(f"Cells, by P({outcome_words(event)}), %", table.events, few, axes, name, note)


def _facts(data: Dataset, name: str) -> list[tuple[str, str]]:
    axes = [f"{dim} ({size})" for dim, size in data["probability"].sizes.items() if dim != "event"]
    events = ", ".join(map(outcome_words, map(str, data["event"].to_numpy())))
    known = {"draws": "Simulated futures a cell", "seed": "Seed", "ooms_version": "Version of ooms"}
    how = [(title, str(data.attrs[key])) for key, title in known.items() if key in data.attrs]
    return [("Store", name), ("Axes", ", ".join(axes)), ("Events", events), *how]
