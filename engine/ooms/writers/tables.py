"""Tables that fit the terminal: nothing is ever cut off.

Names and numbers stay whole, texts wrap between words. Where a table is too wide, an error goes below its number and a
unit below its name, or columns go into further tables with the same names at the left. Only where a single name and a
single number are wider than the terminal is one of them folded.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ooms.documents.document import Kind, Style, Table

__all__ = ["show_table"]

_FRAME, _GAP = 2, 2  # columns at both edges, and between two columns of a table
_HEADING = 13  # columns at which the heading of numbers is broken between words
_LABEL = 40  # columns of a name that is kept whole
_TEXT = 22  # columns that a text is glad to have
_WORD = 11  # columns at which the words in a column of numbers are broken, where room is scarce
_BAR = 40  # columns of the longest bar

_STYLES: Mapping[Style, str] = {"sum": "bold", "good": "green", "bad": "bold red", "aside": "dim"}


@dataclass(frozen=True)
class _Column:
    """A column: its heading, its cells, and how it may be broken."""

    heading: str
    kind: Kind
    cells: Sequence[str]

    @property
    def wraps(self) -> bool:
        return self.kind in ("text", "topic", "unit")

    def shown(self, k: int, tall: bool) -> str:
        """A cell, in a tall table with its error or interval on a line of its own."""
        cell = self.cells[k]
        if self.kind != "number" or not tall:
            return cell
        for mark in (" ± ", " ("):
            if mark in cell:
                return cell.replace(mark, f"\n{mark[1:]}", 1)
        return "\n".join(_broken(cell, _WORD))

    def justified(self, text: str, width: int) -> str:
        """Lines of numbers set to the right; rich would take spaces after them away."""
        if self.kind != "number":
            return text
        return "\n".join(" " * (width - cell_len(line)) + line for line in text.split("\n"))

    def wish(self, tall: bool) -> int:
        """Width at which no cell wraps."""
        return max((_longest(self.shown(k, tall).split("\n")) for k in range(len(self.cells))), default=0)

    def least(self, tall: bool) -> int:
        """Width that it needs at least."""
        word = _longest(self.heading.split())
        need = self.wish(tall)
        if self.wraps:
            words = _longest([word for cell in self.cells for word in cell.split()])
            need = min(need, max(min(words, _TEXT), 0 if tall else _TEXT))
        return max(word, need) if tall else max(need, _longest(_broken(self.heading, max(self.breadth, word))))

    @property
    def breadth(self) -> int:
        """Columns that its heading may take for itself."""
        return max(_HEADING, self.wish(tall=False)) if self.kind == "number" else _HEADING


def _longest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _broken(text: str, width: int) -> list[str]:
    """Lines of a text, broken between words."""
    return [
        line
        for part in text.split("\n")
        for line in textwrap.wrap(part, width, break_on_hyphens=False, break_long_words=False) or [""]
    ]


def show_table(console: Console, table: Table) -> None:
    """Print a table, as one or as several."""
    room = console.width - _FRAME
    for columns, tall in _arranged(_columns(table, room), room, apart=table.apart):
        if table.caption:
            console.print(Text(table.caption, style="italic"))
        shown, widths = RichTable(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True), _widths(columns, tall, room)
        for column, width in zip(columns, widths, strict=True):
            breadth = min(width, column.breadth) if column.kind == "number" else width
            heading = column.justified("\n".join(_broken(column.heading, breadth)), width)
            shown.add_column(heading, width=width, overflow="fold")
        for k in range(len(table.rows)):
            style = _STYLES[table.styles[k]] if k in table.styles else ""
            cells = (
                Text(column.justified(column.shown(k, tall), width))
                for column, width in zip(columns, widths, strict=True)
            )
            shown.add_row(*cells, style=style, end_section=k in table.ends)
        console.print(shown)


def _columns(table: Table, room: int) -> list[_Column]:
    """Columns with their cells: the first is a label, intervals begin below each other, bars are drawn."""
    cells = [[row[k] for row in table.rows] for k in range(len(table.columns))]
    columns = list[_Column]()
    for column, each in zip(table.columns, cells, strict=True):
        kind = "label" if not columns and column.kind == "text" else column.kind
        columns.append(_Column(column.title, "topic" if kind == "label" and _longest(each) > _LABEL else kind, each))
    columns = [replace(c, cells=_aligned(c.cells)) if c.kind == "number" else c for c in columns]
    others = _taken([column for column in columns if column.kind != "bar"], tall=False) + _GAP
    return [replace(c, cells=_bars(c.cells, room - others)) if c.kind == "bar" else c for c in columns]


def _aligned(cells: Sequence[str]) -> list[str]:
    """Cells whose intervals, ``1.2 (0.3 to 4)``, begin below each other in a column set to the right."""
    interval = max((cell_len(cell) - cell.index(" (") for cell in cells if " (" in cell), default=0)
    return [cell + " " * (interval - (cell_len(cell) - cell.index(" (") if " (" in cell else 0)) for cell in cells]


def _bars(cells: Sequence[str], room: int) -> list[str]:
    """Bars as long as the numbers before their percent signs, which follow them."""
    numbers = [float(cell.removesuffix(" %")) for cell in cells]
    after = _longest(cells) + 1
    wide, most = max(1, min(_BAR, room - after)), max(numbers, default=0.0) or 1.0
    pairs = zip(numbers, cells, strict=True)
    return [f"{'█' * round(wide * number / most):<{wide}}{cell:>{after}}" for number, cell in pairs]


def _arranged(columns: list[_Column], room: int, *, apart: bool) -> list[tuple[list[_Column], bool]]:
    """The columns of each table, and whether it is tall."""
    if _taken(columns, tall=False) <= room:
        return [(columns, False)]
    tables = _split(columns, room, tall=False)
    if apart and all(_taken(each, tall=False) <= room for each in tables):
        return [(each, False) for each in tables]
    columns = _with_units_below(columns)
    tables = [columns] if _taken(columns, tall=True) <= room else _split(columns, room, tall=True)
    return [(each, True) for each in tables]


def _with_units_below(columns: list[_Column]) -> list[_Column]:
    """Each unit below the name of its row."""
    label, *others = columns
    for unit in (column for column in others if column.kind == "unit"):
        cells = [f"{name}\n  {of}" if of else name for name, of in zip(label.cells, unit.cells, strict=True)]
        label = _Column(f"{label.heading}\n  {unit.heading}", "topic", cells)
    return [label, *(column for column in others if column.kind != "unit")]


def _split(columns: Sequence[_Column], room: int, *, tall: bool) -> list[list[_Column]]:
    """As many columns in each table as there is room for, but one at least."""
    labels = [column for column in columns if column.kind in ("label", "topic")]
    tables: list[list[_Column]] = []
    for column in columns:
        if column not in labels:
            if not tables or _taken([*tables[-1], column], tall=tall) > room:
                tables.append([*labels])
            tables[-1].append(column)
    return tables or [labels]


def _taken(columns: Sequence[_Column], tall: bool) -> int:
    """Width that the columns need, with what is between them."""
    return sum(column.least(tall) + _GAP for column in columns) - _GAP


def _widths(columns: Sequence[_Column], tall: bool, room: int) -> list[int]:
    """The width of each column: texts share what is left over; the widest gives way where there is too little."""
    widths = [column.least(tall) for column in columns]
    spare = room - _taken(columns, tall)
    while spare < 0 and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
        spare += 1
    pairs = zip(columns, widths, strict=True)
    lacking = [max(0, column.wish(tall) - width) if column.wraps else 0 for column, width in pairs]
    given = min(max(spare, 0), sum(lacking))
    for k, lack in enumerate(lacking):
        if lack:
            share = -(-given * lack // sum(lacking[k:]))
            widths[k] += share
            given -= share
    return widths
