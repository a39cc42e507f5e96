"""Why two views differ, as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ooms.cli.numbers import plus_minus, signed
from ooms.credence import Estimate

if TYPE_CHECKING:
    from ooms.debate.explaining import Explanation

__all__ = ["show_explanation"]

_ROUNDING = 1e-12
"""A smaller change of a probability is none."""


def show_explanation(explanation: Explanation) -> None:
    """Print the way from one view to the other: how far each group of parameters moves the probability.

    Parameters
    ----------
    explanation : Explanation
        From `ooms.explain`.
    """
    console = Console(highlight=False)
    views = explanation.a, explanation.b
    console.print(Text(f"P({explanation.event}): from {views[0].name} to {views[1].name}", style="bold"))
    for view in views:
        if view.changes:
            console.print(Text(f"{view.name}, changed: " + "; ".join(view.changes), style="yellow"))
    console.print(_table(explanation))
    if not explanation.contributions:
        console.print("The model takes the same inputs from both: there is nothing to explain.")
        return
    for name, text in explanation.differences.items():
        console.print(Text(name, style="bold"))
        for said in text.split("; "):
            console.print(Text(f"  {said}"))
    note = (
        "Contributions are Shapley values: averages over all orders in which the groups can be changed. They add up to "
        "the difference exactly. Alone: only this group is changed. Last: all others are changed before it. Errors are "
        f"Monte Carlo errors from {explanation.draws:,} quasi-random draws, seed {explanation.seed}."
    )
    console.print(Text(f"\n{note}", style="dim"))


def _table(explanation: Explanation) -> Table:
    a, b = explanation.a.name, explanation.b.name
    if a == b:
        a, b = f"{a} (the first)", f"{b} (the second)"
    table = Table(box=SIMPLE_HEAD, title="Percentage points, with Monte Carlo standard errors", title_justify="left")
    table.add_column("what is changed", overflow="fold")
    for heading in ("contribution", "alone", "last"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row(a, Text(plus_minus(explanation.start, percent=True), style="bold"), "", "")
    for name, moved in explanation.contributions.items():
        others = explanation.alone[name], explanation.last[name]
        table.add_row(f"  {name}", *map(_moved, (moved, *others)))
    table.add_row(b, Text(plus_minus(explanation.end, percent=True), style="bold"), "", "")
    return table


def _moved(estimate: Estimate) -> str:
    """``+13.67 ± 0.05``, in percentage points."""
    value, error = estimate
    return signed(Estimate(0.0 if abs(value) < _ROUNDING else value, error), percent=True)
