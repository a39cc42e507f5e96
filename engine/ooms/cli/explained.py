"""Why two views differ, as a person reads it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ooms.results.numbers import plus_minus, signed
from ooms.writers.tables import Sheet
from ooms.writers.terminal import hanging, terminal

if TYPE_CHECKING:
    from ooms.comparing.explain import Explanation

__all__ = ["show_explanation"]


def show_explanation(explanation: Explanation) -> None:
    """Print the way from one view to the other: how far each group of parameters moves the probability.

    Parameters
    ----------
    explanation : Explanation
        From `ooms.explain`.
    """
    console = terminal()
    views = explanation.a, explanation.b
    console.print(Text(f"P({explanation.event}): from {views[0].name} to {views[1].name}", style="bold"))
    for view in views:
        if view.changes:
            console.print(Text(f"{view.name}, changed: " + "; ".join(view.changes), style="yellow"))
        for warning in view.warnings:
            console.print(Text(f"warning: {view.name}: {warning}", style="bold yellow"))
    _sheet(explanation).show(console)
    if not explanation.contributions:
        console.print("The model takes the same inputs from both: there is nothing to explain.")
        _notes(console, explanation)
        return
    for name, text in explanation.differences.items():
        console.print(Text(name, style="bold"))
        for said in text.split("; "):
            hanging(console, said, "  ", further="    ")
    _notes(console, explanation)
    note = (
        "Contributions are Shapley values: averages over all orders in which the groups can be changed. They add up to "
        "the difference exactly. Alone: only this group is changed. Last: all others are changed before it. Errors are "
        f"Monte Carlo errors from {explanation.draws:,} quasi-random draws, seed {explanation.seed}."
    )
    console.print(Text(f"\n{note}", style="dim"))


def _notes(console: Console, explanation: Explanation) -> None:
    for text in explanation.notes:
        hanging(console, text, "without effect: ", style="yellow")


def _sheet(explanation: Explanation) -> Sheet:
    a, b = explanation.a.name, explanation.b.name
    if a == b:
        a, b = f"{a} (the first)", f"{b} (the second)"
    sheet = Sheet("Percentage points, with Monte Carlo standard errors")
    sheet.label("what is changed")
    for heading in ("contribution", "alone", "last"):
        sheet.number(heading)
    sheet.row(a, plus_minus(explanation.start, percent=True), "", "", style="bold")
    for name, moved in explanation.contributions.items():
        others = explanation.alone[name], explanation.last[name]
        count = len(explanation.correlations.get(name, ()))
        tied = f" (with {'a correlation' if count == 1 else f'{count} correlations'})" if count else ""
        sheet.row(f"  {name}{tied}", *(signed(each, percent=True) for each in (moved, *others)))
    sheet.row(b, plus_minus(explanation.end, percent=True), "", "", style="bold")
    return sheet
