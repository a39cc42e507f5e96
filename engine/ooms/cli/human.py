"""The forecast as a person reads it in a terminal."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ooms.documents.glossary import endings, units
from ooms.outcomes import RESOURCE_QUANTITIES
from ooms.results.credence import Estimate
from ooms.results.numbers import brief, never_share, plus_minus, quantile_cell
from ooms.writers.tables import Sheet
from ooms.writers.terminal import hanging, saved, terminal

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["show"]

_SHOWN = (
    "time to 1 oom", "time to 3 ooms", "time to 5 ooms", "time to 10 ooms",
    "ooms after 3 months", "ooms after 6 months", "ooms after 1 year", "ooms after 2 years", "ooms after 4 years",
    "years of progress after 1 year", "initial speed-up", "peak pace", "time to peak pace", "ooms at fizzle",
    "acceleration at the start", "labour share at the start", *RESOURCE_QUANTITIES,
)  # fmt: skip
_HISTOGRAM = "ooms after 1 year"
_WIDE = 40  # columns of the longest bar
_BESIDE_BAR = 33  # columns of what stands around it
_ROOMY = 140  # columns that a table needs to show each quantity on one line
_CENTRAL = "* one run with every parameter at its own median: not the median of the distribution"


def show(forecast: Forecast, written: Path | None = None) -> None:
    """Print everything worth reading first."""
    console = terminal()
    _heading(console, forecast)
    if forecast.events:
        _events(forecast).show(console)
    if forecast.quantities:
        _quantities(forecast, narrow=console.width < _ROOMY).show(console)
        console.print(Text(_CENTRAL, style="italic"))
    if _HISTOGRAM in forecast.quantities:
        _histogram(console, forecast)
    for line in units(forecast):
        hanging(console, line.strip(), " " * (len(line) - len(line.lstrip())), style="dim")
    saved(console, "Saved to", [written] if written is not None else ())


def _heading(console: Console, forecast: Forecast) -> None:
    view = forecast.view
    console.print(Text(view.title or view.name, style="bold"))
    if view.changes:
        console.print(Text("changed: " + "; ".join(view.changes), style="yellow"))
    for warning in view.warnings:
        console.print(Text("warning: " + warning, style="bold yellow"))
    console.print(Text(f"{view.name} · {forecast.draws:,} quasi-random draws · seed {forecast.seed}", style="dim"))


def _events(forecast: Forecast) -> Sheet:
    sheet = Sheet("Probabilities, with Monte Carlo standard errors")
    sheet.label("event")
    sheet.number("probability, %", broad=_WIDE)
    sheet.text("how the others end")
    for name, result in forecast.events.items():
        sheet.row(name, plus_minus(result.probability, percent=True), endings(result))
    return sheet


def _quantities(forecast: Forecast, narrow: bool) -> Sheet:
    """A line a quantity, or in a narrow terminal two, with units and errors below."""
    title = "Quantiles, with standard errors (from 5 % to 95 % is the 90 % equal-tailed credence interval)"
    sheet = Sheet(title, tall=narrow)
    sheet.label("quantity, unit" if narrow else "quantity", wraps=narrow)
    if not narrow:
        sheet.text("unit")
    for level in ("5 %", "median", "95 %", "never", "central\nrun*"):
        sheet.number(level)
    few = len(forecast.quantities) <= len(_SHOWN)
    for name, (quantity, sketch) in forecast.quantities.items():
        if few or name in _SHOWN:
            alone = forecast.central(name)
            sheet.row(
                *((f"{name}\n  {quantity.unit}",) if narrow else (name, quantity.unit)),
                *(quantile_cell(quantity, sketch.quantile(q)) for q in (0.05, 0.5, 0.95)),
                never_share(sketch.never, quantity.endless),
                brief(Estimate(alone, 0.0), quantity.unit, quantity.endless),
            )
    return sheet


def _histogram(console: Console, forecast: Forecast) -> None:
    """Shares by whole OOMs gained after 1 year, and the chance of at least so many."""
    sketch = forecast.sketch(_HISTOGRAM)
    below = [0.0] + [sketch.at_most(n).value for n in range(1, 13)]
    shares = [b - a for a, b in pairwise(below)] + [1.0 - below[-1]]
    most = max(shares)
    wide = max(1, min(_WIDE, console.width - _BESIDE_BAR))
    console.print(Text("OOMs gained after 1 year: share of draws, and the chance of at least so many", style="italic"))
    for n, share in enumerate(shares):
        label = f"{n:>3}-{n + 1:<3}" if n < 12 else f"{n:>3}+   "
        bar = "█" * round(wide * share / most)
        style = "cyan" if n >= 5 else "blue"
        chance = f"{1.0 - below[n]:>5.0%} at least {n}" if n else ""
        console.print(Text.assemble(f" {label} ", (f"{bar:<{wide}}", style), f" {share:>4.0%}  {chance}"))
    console.print()
