"""A view as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from ooms.parameters import known
from ooms.writers.tables import Sheet
from ooms.writers.terminal import terminal

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["show_view"]

_GRADES = "P primary text, C primary code, A abstract, S second-hand, J our judgement"


def show_view(view: View) -> None:
    """Print what a view believes, and why."""
    console = terminal()
    console.print(Text(view.title, style="bold"))
    if view.citation:
        console.print(Text(view.citation + (f" {view.url}" if view.url else ""), style="dim"))
    if view.description:
        console.print(Text(view.description.strip()))
    _beliefs(view).show(console)
    for pair in view.correlations:
        console.print(f"rank correlation of {pair.first} and {pair.second}: {pair.spearman:g}")
    console.print(
        f"returns decline to the limit: {_switch(view.declining_returns)} · retraining: {_switch(view.retraining)} · "
        f"returns at fixed hardware: {'as stated' if view.compute_adjustment else 'no, to all research input'}"
    )
    if view.neutral:
        unsaid = ", ".join(f"{name} = {value:g}" for name, value in view.neutral.items())
        console.print(Text(f"not mentioned, so neutral: {unsaid}", style="dim"))
    if view.options:
        _options(view).show(console)
    for warning in view.warnings:
        console.print(Text("warning: " + warning, style="bold yellow"))
    console.print(Text(f"grades: {_GRADES}", style="dim"))


def _switch(position: bool | str) -> str:
    return position if isinstance(position, str) else "yes" if position else "no"


def _beliefs(view: View) -> Sheet:
    """A row a parameter."""
    sheet = Sheet()
    sheet.label("parameter")
    for heading in ("belief", "unit", "source"):
        sheet.text(heading)
    for name, belief in view.beliefs.items():
        grade = f" [{belief.grade}]" if belief.grade else ""
        sheet.row(name, str(belief.marginal), known(name).unit, belief.source + grade)
    return sheet


def _options(view: View) -> Sheet:
    """What can be switched on, and how."""
    sheet = Sheet(f"Options: ooms forecast {view.name.partition('+')[0]}+OPTION")
    sheet.label("option")
    sheet.text("what it is")
    for name, option in view.options.items():
        sheet.row(name, option.title + (" (on)" if name in view.chosen else ""))
    return sheet
