"""A view as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ooms.parameters import known

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["show_view"]

_GRADES = "P primary text, C primary code, A abstract, S second-hand, J our judgement"


def show_view(view: View) -> None:
    """Print what a view believes, and why."""
    console = Console(highlight=False)
    console.print(Text(view.title, style="bold"))
    if view.citation:
        console.print(Text(view.citation + (f" {view.url}" if view.url else ""), style="dim"))
    if view.description:
        console.print(Text(view.description.strip()))
    table = Table(box=SIMPLE_HEAD)
    table.add_column("parameter", no_wrap=True)
    table.add_column("belief", overflow="fold")
    table.add_column("unit")
    table.add_column("source", overflow="fold", ratio=1)
    for name, belief in view.beliefs.items():
        grade = f" [{belief.grade}]" if belief.grade else ""
        table.add_row(name, Text(str(belief.marginal)), Text(known(name).unit), Text(belief.source + grade))
    console.print(table)
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
        console.print(_options(view))
    for warning in view.warnings:
        console.print(Text("warning: " + warning, style="bold yellow"))
    console.print(Text(f"grades: {_GRADES}", style="dim"))


def _switch(position: bool | str) -> str:
    return position if isinstance(position, str) else "yes" if position else "no"


def _options(view: View) -> Table:
    """What can be switched on, and how."""
    table = Table(box=SIMPLE_HEAD, title=f"Options: ooms forecast {view.name.partition('+')[0]}+OPTION")
    table.title_justify = "left"
    table.add_column("option", no_wrap=True)
    table.add_column("what it is", overflow="fold")
    for name, option in view.options.items():
        table.add_row(name, Text(option.title + (" (on)" if name in view.chosen else "")))
    return table
