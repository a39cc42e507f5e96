"""Documents in a terminal, and other text there: as it is, never read as markup, and broken between words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ooms.documents.document import (
    Block,
    Bullets,
    Code,
    Document,
    Explorer,
    Figure,
    Notice,
    Paragraph,
    Sources,
    Table,
)  # fmt: skip
from ooms.writers.tables import show_table

__all__ = ["hanging", "saved", "show", "show_blocks", "show_warnings", "terminal"]


def terminal(*, stderr: bool = False) -> Console:
    """A console that prints what users write as they wrote it: ``[red]`` and ``:smile:`` are no commands."""
    return Console(highlight=False, markup=False, emoji=False, stderr=stderr)


def show(document: Document, written: Iterable[Path | str] = ()) -> None:
    """Print a document, and where it was saved."""
    console = terminal()
    if document.title:
        hanging(console, document.title, "", style="bold")
    if document.subtitle:
        hanging(console, document.subtitle, "", style="dim")
    for k, section in enumerate(document.sections):
        if section.title:
            if k or document.title:
                console.print()
            hanging(console, section.title, "", style="bold")
        show_blocks(console, section.blocks)
    saved(console, "Saved to", written)


def show_blocks(console: Console, blocks: Iterable[Block]) -> None:
    """Print parts of a document."""
    before: Block | None = None
    for block in blocks:
        aside = isinstance(block, Paragraph) and block.aside
        apart = aside != (isinstance(before, Paragraph) and before.aside) or isinstance(block, Table)
        if apart and before is not None and not isinstance(before, Table):  # which ends in an empty line
            console.print()
        before = block
        match block:
            case Paragraph(text, lead, aside):
                hanging(console, text, "", style="bold" if lead else "dim" if aside else "")
            case Notice(lines, danger):
                for line in lines:
                    hanging(console, line, "", "    ", style="bold red" if danger else "bold yellow")
            case Bullets(items):
                for name, text in items:
                    hanging(console, text, f"{name}: " if name else "", "    ")
            case Code(text):
                console.print(Text(text), soft_wrap=True)
            case Table():
                show_table(console, block)
                if block.note:
                    hanging(console, block.note, "", style="dim")
                    console.print()
            case Sources(items):
                for source in items:
                    use = f"({source.use})" if source.use else ""
                    hanging(console, " ".join(filter(None, (source.text, source.url, use))), "", "    ")
            case Figure():
                hanging(console, block.said, f"{block.title}: ", "    ")
            case Explorer():
                pass


def show_warnings(console: Console, warnings: Iterable[str]) -> None:
    """Print warnings, each below its own start."""
    for warning in warnings:
        hanging(console, warning, "warning: ", style="bold yellow")


def hanging(console: Console, text: str, first: str, further: str = "", style: str = "") -> None:
    """Print a text after `first`, with its further lines after `further`, or else below its own start."""
    further = further or " " * len(first)
    width = max(console.width, len(further) + 1)
    lines = textwrap.wrap(first + text, width, subsequent_indent=further, break_on_hyphens=False) if text else [first]
    console.print(Text("\n".join(lines), style=style))


def saved(console: Console, said: str, paths: Iterable[Path | str]) -> None:
    """Say where files are, or what to type; it is left to the terminal to break, so that it can be copied."""
    for path in paths:
        console.print(Text(f"{said} {path}"), soft_wrap=True)
