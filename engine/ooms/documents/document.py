"""A result as plain data: sections of paragraphs, tables, pictures and sources, which every format writes its own way.

All text in it is untrusted: names and notes come from prior files that anybody may have written. Formats escape it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from altair import TopLevelMixin

__all__ = [
    "Block", "Bullets", "Code", "Column", "Document", "Explorer", "Figure", "Footnotes", "Notice", "Paragraph",
    "Section", "Source", "Sources", "Style", "Table", "left", "printed", "right",
]  # fmt: skip


@dataclass(frozen=True)
class Paragraph:
    """Text; the lead is the one sentence to take away, an aside what may be left unread."""

    text: str
    lead: bool = False
    aside: bool = False


@dataclass(frozen=True)
class Notice:
    """What must not be overlooked, in lines; in danger, that a result is not to be relied on."""

    lines: Sequence[str]
    danger: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list; of each item a first part may stand out."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Code:
    """What to type, as it is."""

    text: str


Kind = Literal["label", "topic", "text", "unit", "number", "bar"]
"""What the cells of a column are."""

Style = Literal["sum", "good", "bad", "aside"]
"""What a row is among others."""


@dataclass(frozen=True)
class Column:
    """The heading of a column, and what its cells are.

    Parameters
    ----------
    title : str
        The heading.
    kind : str
        ``label``, a name, which the first column holds in any case; ``topic``, such a name in words; ``text``;
        ``unit``, of the numbers of its row; ``number``, whose error follows `` ± `` and whose interval is in brackets;
        ``bar``, a number in percent that may be drawn as a bar.
    """

    title: str
    kind: Kind = "text"

    @property
    def align(self) -> Literal["left", "right"]:
        """The side to which its cells are set."""
        return "right" if self.kind in ("number", "bar") else "left"


def left(*titles: str) -> tuple[Column, ...]:
    """Columns of words."""
    return tuple(Column(title) for title in titles)


def right(*titles: str) -> tuple[Column, ...]:
    """Columns of numbers."""
    return tuple(Column(title, "number") for title in titles)


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell of each names the row.

    Parameters
    ----------
    caption : str
        What it shows.
    columns, rows : sequence
        Headings, and a text for each of them in every row.
    note : str
        How to read it.
    styles : mapping of int to str
        What is special about rows, by their numbers.
    ends : collection of int
        Rows after which others of another sort begin.
    apart : bool
        Whether each column of numbers has a meaning without the others, so that it may stand in a table of its own.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    note: str = ""
    styles: Mapping[int, Style] = field(default_factory=dict[int, Style])
    ends: Collection[int] = ()
    apart: bool = False


class Footnotes:
    """Remarks below a table, each made once and pointed to by a letter."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def mark(self, text: str) -> str:
        """The letter of a remark: a, b, ..., z, aa, ab, ...; nothing for none."""
        if not text:
            return ""
        if text not in self._texts:
            self._texts.append(text)
        return _letter(self._texts.index(text))

    @property
    def blocks(self) -> list[Block]:
        """All of them, if there are any."""
        return [Bullets([(_letter(k), text) for k, text in enumerate(self._texts)])] if self._texts else []


def _letter(index: int) -> str:
    first, last = divmod(index, 26)
    return (_letter(first - 1) if first else "") + chr(ord("a") + last)


@dataclass(frozen=True)
class Figure:
    """A picture.

    Parameters
    ----------
    name : str
        Unique in the report; of letters, digits and hyphens.
    title, caption : str
        What it answers, and how to read it.
    said : str
        The picture in words.
    chart : altair chart
        Without a title of its own if it fits any width, with one if it is wide.
    live : str
        Which rows a page can work out again from draws (`ooms.writers.explorer`); nothing for none.
    wide : bool
        Whether it has a width of its own, larger than a phone.
    paper : bool
        Whether its colours are for a light ground only.
    rows : mapping
        Of a picture that is live: what it is drawn from, by the name of the data set.
    narrow : altair chart, optional
        The same for a phone.
    """

    name: str
    title: str
    caption: str
    said: str
    chart: TopLevelMixin
    live: str = ""
    wide: bool = False
    paper: bool = False
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict[str, Any])
    narrow: TopLevelMixin | None = None

    @property
    def untitled(self) -> tuple[TopLevelMixin, str]:
        """The chart without a title of its own, since the report has one, and what stood below that title."""
        from altair import Undefined

        chart: Any = self.chart
        if chart.title is Undefined:
            return chart, ""
        below = chart.title.to_dict().get("subtitle", ()) if hasattr(chart.title, "to_dict") else ()
        lines = [below] if isinstance(below, str) else below
        bare = chart.copy(deep=False)
        bare.title = Undefined
        other = " ".join(line for line in lines if line not in self.caption)
        return bare, other.replace(self.caption, "").strip() if self.caption else other


@dataclass(frozen=True)
class Source:
    """A work, what it is cited for, and where it is."""

    text: str
    use: str = ""
    url: str = ""


@dataclass(frozen=True)
class Sources:
    """Works."""

    items: Sequence[Source]


@dataclass(frozen=True)
class Explorer:
    """Draws that a page lets its reader choose among (`ooms.writers.explorer`), and how that is done, in words."""

    text: str
    data: Mapping[str, Any]


Block = Paragraph | Notice | Bullets | Code | Table | Figure | Sources | Explorer


@dataclass(frozen=True)
class Section:
    """A part of a document under its heading, if it has one; the name is unique in the document."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """A report, or a result.

    Parameters
    ----------
    title, subtitle : str
        What it is about.
    sections : sequence of Section
        In order.
    command : str
        What to type to make the same again.
    author, date, byline : str
        Who made it and when (``2026-11-29``), if that is said; and the line that says so, with versions and draws.
    one_page : bool
        Whether it has to fit one page of paper.
    """

    title: str
    subtitle: str
    sections: Sequence[Section]
    command: str = ""
    author: str = ""
    date: str = ""
    byline: str = ""
    one_page: bool = False

    @property
    def figures(self) -> list[Figure]:
        """All pictures, in order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Figure)]


def printed(document: Document) -> list[Section]:
    """The sections that paper and text have: not those whose reader only chooses among draws."""
    return [section for section in document.sections if not all(isinstance(b, Explorer) for b in section.blocks)]
