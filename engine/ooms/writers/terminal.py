"""What is printed to a terminal: text as it is, never read as markup, and broken between words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.text import Text

__all__ = ["Footnotes", "hanging", "saved", "show_warnings", "terminal"]


def terminal(*, stderr: bool = False) -> Console:
    """A console that prints what users write as they wrote it: ``[red]`` and ``:smile:`` are no commands."""
    return Console(highlight=False, markup=False, emoji=False, stderr=stderr)


def show_warnings(console: Console, warnings: Iterable[str]) -> None:
    """Print warnings, each below its own start."""
    for warning in warnings:
        hanging(console, warning, "warning: ", style="bold yellow")


def hanging(console: Console, text: str, first: str, further: str = "", style: str = "") -> None:
    """Print a text after `first`, with its further lines after `further`, or else below its own start."""
    further = further or " " * len(first)
    lines = textwrap.wrap(
        text,
        max(console.width, len(further) + 1),
        initial_indent=first,
        subsequent_indent=further,
        break_on_hyphens=False,
    )
    console.print(Text("\n".join(lines or [first]), style=style))


def saved(console: Console, said: str, paths: Iterable[Path | str]) -> None:
    """Say where files are, or what to type; it is left to the terminal to break, so that it can be copied."""
    for path in paths:
        console.print(Text(f"{said} {path}"), soft_wrap=True)


class Footnotes:
    """Remarks below a table, each told once and pointed to by a letter."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def mark(self, text: str) -> str:
        """The letter of a remark: a, b, ..., z, aa, ab, ...; nothing for none."""
        if not text:
            return ""
        if text not in self._texts:
            self._texts.append(text)
        return _letter(self._texts.index(text))

    def show(self, console: Console) -> None:
        """Print them all."""
        for i, text in enumerate(self._texts):
            hanging(console, text, f"{_letter(i)}  ", style="dim")


def _letter(index: int) -> str:
    first, last = divmod(index, 26)
    return (_letter(first - 1) if first else "") + chr(ord("a") + last)
