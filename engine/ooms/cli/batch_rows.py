"""A table of a study as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ooms.batch.axes import label_text
from ooms.batch.table import Row, StudyTable
from ooms.results.numbers import brief, never_share, plus_minus
from ooms.writers.tables import Sheet
from ooms.writers.terminal import Footnotes, hanging, saved, terminal

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.outcomes import Quantity

__all__ = ["show_table"]


def show_table(data: Dataset, table: StudyTable, *, most: int, written: Sequence[Path] = ()) -> None:
    """Print the first rows, what all rows have in common, and what the numbers are."""
    console, notes = terminal(), Footnotes()
    console.print(Text(str(data.attrs["title"]), style="bold"))
    shared = {axis: {label_text(row.where[axis], 6) for row in table.rows} for axis in table.axes}
    common = [f"{axis} = {next(iter(labels))}" for axis, labels in shared.items() if len(labels) == 1]
    if common:
        hanging(console, ", ".join(common), "in all rows: ")
    if table.over:
        together = f"cells along {', '.join(table.over)} are taken together, all with the same weight"
        hanging(console, together, "")
    varied = [axis for axis, labels in shared.items() if len(labels) > 1]
    for sheet in _sheets(table, varied, most, notes):
        sheet.show(console)
    notes.show(console)
    _below(console, data, table, most)
    saved(console, "Saved to", written)


def _sheets(table: StudyTable, varied: list[str], most: int, notes: Footnotes) -> list[Sheet]:
    """A table of all probabilities, and one a quantity."""
    found: list[Sheet] = []
    rows = table.rows[:most]
    if table.events:
        sheet = _started("Probabilities, %, with Monte Carlo standard errors", varied)
        for event in table.events:
            sheet.number(event)
        for row in rows:
            chances = [plus_minus(row.probabilities[e], percent=True) if row.done else "" for e in table.events]
            sheet.row(*_names(row, varied, notes), *chances)
        found.append(sheet)
    return [*found, *(_of(quantity, table, rows, varied, notes) for quantity in table.quantities)]


def _of(quantity: Quantity, table: StudyTable, rows: tuple[Row, ...], varied: list[str], notes: Footnotes) -> Sheet:
    interval = f"{100 * table.mass:.6g} % equal-tailed credence interval"
    sheet = _started(f"{quantity.name}, {quantity.unit}: {interval}", varied)
    for heading in (*table.headings, "never"):
        sheet.number(heading)
    for row in rows:
        sheet.row(*_names(row, varied, notes), *_cells(quantity, row))
    return sheet


def _cells(quantity: Quantity, row: Row) -> list[str]:
    if not row.done:
        return ["", "", "", ""]
    spread = row.spreads[quantity.name]
    positive = quantity.scale.bottom >= 0
    ends = (spread.low, spread.median, spread.high)
    shown = [brief(end, quantity.unit, quantity.endless, positive=positive) for end in ends]
    return [*shown, never_share(spread.never, quantity.endless)]


def _started(title: str, varied: list[str]) -> Sheet:
    sheet = Sheet(title, several=True)
    for axis in varied or ["cells"]:
        sheet.label(axis)
    return sheet


def _names(row: Row, varied: list[str], notes: Footnotes) -> list[str]:
    """What the row is called; with a letter where cells are missing."""
    alone = f"{row.cells:,}" if row.cells > 1 else "the only one"
    names = [label_text(row.where[axis], 6) for axis in varied] or [alone]
    missing = row.cells - row.done
    if missing:
        names[0] += f" {notes.mark(f'{_left_out(missing, row)}: {"; ".join(row.problems)}')}"
    return names


def _left_out(missing: int, row: Row) -> str:
    """How many cells a row lacks."""
    if row.cells == 1:
        return "no numbers"
    return f"{missing:,} of {row.cells:,} cells {'is' if missing == 1 else 'are'} left out"


def _below(console: Console, data: Dataset, table: StudyTable, most: int) -> None:
    rest = len(table.rows) - most
    if rest > 0:
        hanging(console, f"{rest:,} more rows: use --rows {len(table.rows)}, --where or -o", "", style="yellow")
    hanging(console, f"{data.attrs['draws']:,} quasi-random draws a cell, seed {data.attrs['seed']}", "", style="dim")
