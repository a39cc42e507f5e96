"""Views beside one another, as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ooms.results.numbers import brief, never_share, plus_minus
from ooms.writers.tables import Sheet
from ooms.writers.terminal import saved, terminal

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.comparing.compare import Comparison

__all__ = ["closing", "heading", "show_comparison"]

_NARROW = 8  # columns at which the name of a quantity is broken between words
_UP_TO = "\N{EN DASH}"
_SHORT_UNITS = {
    "x today's pace": "x today's",
    "x today's training compute": "x today's",
    "years of recent progress": "years",
}
_CREDENCES = (
    "Probabilities are credences under each view, not facts; errors are Monte Carlo errors only. All views use the "
    "same draws by parameter name, so that differences between views are not noise."
)


def show_comparison(comparison: Comparison, written: Sequence[Path] = ()) -> None:
    """Print the probabilities, and then the medians and intervals: a row a view in each.

    Parameters
    ----------
    comparison : Comparison
        From `ooms.compare`.
    written : sequence of Path
        Files that it was written to.
    """
    console = terminal()
    heading(console, (f.view for f in comparison.forecasts.values()))
    if comparison.events:
        _probabilities(comparison).show(console)
    if comparison.quantities:
        sheet = _quantities(comparison)
        sheet.show(console)
        if sheet.holds("~"):
            console.print(Text("~ its Monte Carlo error is larger than the number itself, or unknown", style="dim"))
    closing(console, comparison.draws, comparison.seed, written)


def heading(console: Console, views: Iterable[View]) -> None:
    """What was changed, if it is the same everywhere, and warnings.

    Parameters
    ----------
    console : Console
        Where to.
    views : iterable of View
        The views that are shown.
    """
    views = list(views)
    changes = {view.changes for view in views}
    if len(changes) == 1 and (same := changes.pop()):
        console.print(Text("changed in every view: " + "; ".join(same), style="yellow"))
    for view in views:
        for warning in view.warnings:
            console.print(Text(f"warning: {view.name}: {warning}", style="bold yellow"))


def closing(console: Console, draws: int, seed: int, written: Sequence[Path] = ()) -> None:
    """How it was worked out, how to read it, and where it was written to."""
    console.print(Text(f"{draws:,} quasi-random draws a view, seed {seed}. {_CREDENCES}", style="dim"))
    saved(console, "Saved to", written)


def _probabilities(comparison: Comparison) -> Sheet:
    far = _farthest(comparison)
    sheet = Sheet("Probability, %, with Monte Carlo standard error", several=True)
    sheet.label("view")
    for name in (*comparison.events, *([f"never {far.removeprefix('time to ')}"] if far else [])):
        sheet.number(name)
    for view in comparison.views:
        chances = [plus_minus(comparison.probability(view, event), percent=True) for event in comparison.events]
        never = [never_share(comparison.never(view, far)).removesuffix(" %")] if far else []
        sheet.row(view, *chances, *never)
    return sheet


def _farthest(comparison: Comparison) -> str:
    """The time to the most OOMs that was asked, if any was."""
    times = [name for name in comparison.quantities if name.startswith("time to") and name.split()[2][0].isdigit()]
    return max(times, key=lambda name: float(name.split()[2]), default="")


def _quantities(comparison: Comparison) -> Sheet:
    """Medians and 90 % intervals: as many quantities in a table as the terminal has room for."""
    sheet = Sheet("Median, and 90 % equal-tailed interval", several=True)
    sheet.label("view")
    found = next(iter(comparison.forecasts.values())).quantities
    for name in comparison.quantities:
        unit = found[name][0].unit
        unit = _SHORT_UNITS.get(unit, unit)
        sheet.number(f"{name}\n{unit}", broad=max(_NARROW, len(unit)))
        sheet.beside(f"5{_UP_TO}95 %")
    for view in comparison.views:
        sheet.row(view, *(text for name in comparison.quantities for text in _spread(comparison, view, name)))
    return sheet


def _spread(comparison: Comparison, view: str, name: str) -> tuple[str, str]:
    """Median and interval; no interval where all is one."""
    quantity = comparison.forecast(view).quantities[name][0]
    low, middle, high = comparison.quantiles(view, name, (0.05, 0.5, 0.95))
    positive = quantity.scale.bottom >= 0
    ends = [brief(end, quantity.unit, quantity.endless, most=2, positive=positive) for end in (low, high)]
    shown = brief(middle, quantity.unit, quantity.endless, positive=positive)
    between = " to " if low.value < 0 else _UP_TO
    return shown, "" if {*ends} == {shown} else between.join(ends)
