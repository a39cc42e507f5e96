"""Help texts: broken into lines once, by the terminal; examples on lines of their own, which nothing breaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cyclopts.help import HelpPanel
    from rich.console import Console, ConsoleOptions

__all__ = ["HelpPrinter", "reflowed"]

_BREAK = re.compile(r"(?<=\S)[ \t]*\n(?=\S)")


def reflowed(text: str) -> str:
    r"""The text with each paragraph on one line; indented lines stay as they are.

    Examples
    --------
    >>> print(reflowed("A text that the source\nbreaks.\n\n  ooms forecast\n  ooms plot"))
    A text that the source breaks.
    <BLANKLINE>
      ooms forecast
      ooms plot
    """
    return _BREAK.sub(" ", text)


class HelpPrinter:
    """Prints help as cyclopts does, without the line ends of docstrings. Nothing is imported until it prints."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """Print a panel of options or commands."""
        from cyclopts.help import DefaultFormatter, InlineText
        from rich.text import Text

        for entry in panel.entries:
            text = entry.description
            if isinstance(text, InlineText) and isinstance(text.primary_renderable, Text):
                text.primary_renderable = Text(reflowed(text.primary_renderable.plain))
        DefaultFormatter()(console, options, panel)

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:
        """Print the usage line."""
        from cyclopts.help import DefaultFormatter

        DefaultFormatter().render_usage(console, options, usage)

    def render_description(self, console: Console, options: ConsoleOptions, description: Any) -> None:
        """Print what a command does."""
        from rich.text import Text

        text = getattr(description, "primary_renderable", description)
        if not isinstance(text, Text) or not text.plain.strip():
            return
        for line in reflowed(text.plain.strip()).split("\n"):
            console.print(Text(line), soft_wrap=line.startswith(" "))
        console.print()
