"""A report as Markdown, for pasting into a post: the same words and tables, and pictures in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ooms.documents.document import (
    Block,
    Bullets,
    Code,
    Column,
    Document,
    Explorer,
    Figure,
    Notice,
    Paragraph,
    Section,
    Sources,
    Table,
    printed,
)

__all__ = ["markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&!])")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_LIKE_A_LIST = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def markdown(document: Document) -> str:
    """The report as text."""
    lines = [f"# {_plain(document.title)}", ""]
    lines += [_plain(document.subtitle), ""] if document.subtitle else []
    lines += [f"*{_plain(document.byline)}*", ""] if document.byline else []
    for section in printed(document):
        lines += _section(section)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {_plain(section.title)}", "")
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterable[str]:
    match block:
        case Paragraph(text, lead):
            return (f"**{_plain(text)}**" if lead else _plain(text), "")
        case Notice(lines):
            return (*(f"> **{_plain(line)}**  " for line in lines), "")
        case Bullets(items):
            return (
                *(f"- **{_plain(name)}**: {_plain(text)}" if name else f"- {_plain(text)}" for name, text in items),
                "",
            )
        case Code(text):
            return ("```", text.replace("```", "` ` `"), "```", "")
        case Sources(items):
            each = ((s.text, s.url, f"({s.use})" if s.use else "") for s in items)
            return (
                *(f"- {' '.join(filter(None, (_plain(text), _link(url), _plain(use))))}" for text, url, use in each),
                "",
            )
        case Table():
            return _table(block)
        case Figure():
            return (f"**{_plain(block.title)}** {_plain(block.said)}", "")
        case Explorer():
            return ()


def _table(table: Table) -> Iterator[str]:
    yield from (f"**{_plain(table.caption)}**", "")
    yield _row([column.title for column in table.columns])
    yield f"|{'|'.join(map(_rule, table.columns))}|"
    yield from (_row(row) for row in table.rows)
    yield ""
    if table.note:
        yield from (f"*{_plain(table.note)}*", "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _rule(column: Column) -> str:
    return " ---: " if column.align == "right" else " --- "


def _link(url: str) -> str:
    return f"<{url}>" if re.fullmatch(r"https?://[^\s<>]+", url) else _plain(url)


def _plain(text: str) -> str:
    r"""Text that Markdown shows as it is, on one line.

    Examples
    --------
    >>> _plain("a_b | <script> *x*")
    'a\\_b \\| \\<script\\> \\*x\\*'
    """
    line = " ".join(_UNSEEN.sub("\ufffd", text).split())
    return _LIKE_A_LIST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))
