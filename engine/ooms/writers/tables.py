"""Tables that fit the terminal: nothing is ever cut off.

Names and numbers stay whole, texts wrap between words. Where a table is too wide, an error goes below its number, or
columns go into further tables with the same names at the left. Only where a single name and a single number are wider
than the terminal is one of them folded.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["Sheet"]

_FRAME, _GAP = 2, 2  # columns at both edges, and between two columns of a table
_HEADING = 13  # columns at which a heading is broken between words
_TEXT = 24  # columns that a text is glad to have
_WORD = 11  # columns at which the words in a column of numbers are broken, where room is scarce


@dataclass
class _Column:
    """A column: its heading, its cells so far, and how it may be broken."""

    heading: str
    kind: Literal["label", "number", "text"]
    justify: Literal["left", "right"]
    wraps: bool = False
    broad: int = _HEADING
    joined: bool = False
    style: str = ""
    cells: list[str | Text] = field(default_factory=list[str | Text])

    def shown(self, k: int, tall: bool) -> str | Text:
        """A cell, in a tall table with its error on a line of its own."""
        cell = self.cells[k]
        if self.kind != "number" or not tall or isinstance(cell, Text):
            return cell
        return cell.replace(" ± ", "\n± ") if " ± " in cell else "\n".join(_broken(cell, _WORD))

    def wish(self, tall: bool) -> int:
        """Width at which no cell wraps."""
        return max((_longest(str(self.shown(k, tall)).split("\n")) for k in range(len(self.cells))), default=0)

    def least(self, tall: bool) -> int:
        """Width that it needs at least."""
        word = _longest(self.heading.split())
        need = self.wish(tall)
        if self.wraps:
            words = max((_longest(str(cell).split()) for cell in self.cells), default=0)
            need = min(need, max(min(words, _TEXT), 0 if tall else _TEXT))
        return max(word, need) if tall else max(need, _longest(_broken(self.heading, max(self.broad, word))))


def _longest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _broken(text: str, width: int) -> list[str]:
    """Lines of a text, broken between words."""
    return [
        line
        for part in text.split("\n")
        for line in textwrap.wrap(part, width, break_on_hyphens=False, break_long_words=False) or [""]
    ]


class Sheet:
    """A table of names, numbers and texts.

    Parameters
    ----------
    title : str
        What is said above it.
    several : bool
        Whether several tables are better than numbers on two lines, where one is too wide.
    tall : bool
        Whether errors are below their numbers in any case.
    """

    def __init__(self, title: str = "", *, several: bool = False, tall: bool = False) -> None:
        self.title, self._several, self._tall = title, several, tall
        self._columns: list[_Column] = []
        self._styles: list[str] = []
        self._rules: set[int] = set()

    def label(self, heading: str, *, wraps: bool = False) -> None:
        """A column of names, which each table has at its left."""
        self._columns.append(_Column(heading, "label", "left", wraps))

    def number(self, heading: str, *, broad: int = _HEADING) -> None:
        """A column of numbers, whose heading is broken where it is broader than that."""
        self._columns.append(_Column(heading, "number", "right", broad=broad))

    def beside(self, heading: str) -> None:
        """A column that stays with the one before it, dim."""
        self._columns.append(_Column(heading, "number", "left", joined=True, style="dim"))

    def text(self, heading: str, *, justify: Literal["left", "right"] = "left") -> None:
        """A column of texts."""
        self._columns.append(_Column(heading, "text", justify, wraps=True))

    def row(self, *cells: str | Text, style: str = "") -> None:
        """A cell for each column; a number's error follows `` ± ``."""
        for column, cell in zip(self._columns, cells, strict=True):
            column.cells.append(cell)
        self._styles.append(style)

    def rule(self) -> None:
        """Set the rows that follow apart."""
        self._rules.add(len(self._styles) - 1)

    def holds(self, text: str) -> bool:
        """Whether that is in any cell."""
        return any(text in str(cell) for column in self._columns for cell in column.cells)

    def show(self, console: Console) -> None:
        """Print it, as one table or as several."""
        tables, tall = self._arranged(console.width - _FRAME)
        for columns in tables:
            if self.title:
                console.print(Text(self.title, style="italic"))
            console.print(self._table(columns, tall, console.width - _FRAME))

    def _arranged(self, room: int) -> tuple[list[list[_Column]], bool]:
        """The columns of each table, and whether the tables are tall."""
        for tall in (False, True)[self._tall :]:
            if _taken(self._columns, tall) <= room:
                return [self._columns], tall
            tables = self._split(tall, room)
            if tall or (self._several and all(_taken(columns, tall) <= room for columns in tables)):
                return tables, tall
        raise AssertionError("a tall table is split at the latest")

    def _split(self, tall: bool, room: int) -> list[list[_Column]]:
        """As many columns in each table as there is room for, but one at least."""
        labels = [column for column in self._columns if column.kind == "label"]
        tables: list[list[_Column]] = []
        for group in self._groups():
            if not tables or _taken([*tables[-1], *group], tall) > room:
                tables.append([*labels])
            tables[-1] += group
        return tables or [labels]

    def _groups(self) -> list[list[_Column]]:
        """Columns that are not taken apart."""
        groups: list[list[_Column]] = []
        for column in self._columns:
            if column.joined:
                groups[-1].append(column)
            elif column.kind != "label":
                groups.append([column])
        return groups

    def _table(self, columns: Sequence[_Column], tall: bool, room: int) -> Table:
        table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
        for column, width in zip(columns, _widths(columns, tall, room), strict=True):
            broad = min(width, column.broad) if column.kind == "number" else width
            heading = "\n".join(_broken(column.heading, broad))
            table.add_column(heading, width=width, justify=column.justify, style=column.style, overflow="fold")
        for k, style in enumerate(self._styles):
            table.add_row(*(column.shown(k, tall) for column in columns), style=style, end_section=k in self._rules)
        return table


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
