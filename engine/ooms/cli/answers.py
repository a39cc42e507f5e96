"""The answers to events and no more: a line each, with a what-if beside what the view states."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from ooms.results.numbers import percent, plus_minus, signed
from ooms.writers.terminal import saved, show_warnings, terminal

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast
    from ooms.results.credence import Estimate

__all__ = ["answer", "show_answers"]


def show_answers(forecast: Forecast, before: Forecast | None = None, written: Iterable[Path] = ()) -> None:
    """Print a line an event; warnings of the view go to standard error.

    Parameters
    ----------
    forecast : Forecast
        The answers.
    before : Forecast, optional
        The same view as stated, of the same draws and seed, where what-ifs were given.
    written : iterable of Path
        Files that it was written to.
    """
    show_warnings(terminal(stderr=True), forecast.view.warnings)
    console = terminal()
    for event in forecast.events:
        console.print(Text(f"{event}: {answer(forecast, event, before)}"), soft_wrap=True)
    saved(console, "Saved to", written)


def answer(forecast: Forecast, event: str, before: Forecast | None = None) -> str:
    """``31.87 ± 0.01 %``; beside what the view states, ``12.21 % (as stated 31.87; -19.66 ± 0.01)``.

    The error of the difference is that of the difference itself (`ooms.Comparison.difference`).

    Examples
    --------
    >>> import ooms
    >>> view = ooms.load("davidson-2025")
    >>> stated, changed = (ooms.forecast(each, draws=2**12) for each in (view, view.replace(returns=0.4)))
    >>> answer(changed, "accelerates at the start", stated).partition("; ")[0]
    '0.15 % (as stated 54.6'
    """
    if before is None:
        return percent(forecast.probability(event))
    from ooms.comparing.compare import Comparison

    difference = Comparison({"after": forecast, "before": before}).difference(event, "after", "before")
    after, stated = (_alone(each.probability(event)) for each in (forecast, before))
    return f"{after} % (as stated {stated}; {signed(difference, percent=True)})"


def _alone(chance: Estimate) -> str:
    """Percent without its error: that of the difference stands beside it."""
    return plus_minus(chance, percent=True).partition(" ")[0] if chance.value else "0"
