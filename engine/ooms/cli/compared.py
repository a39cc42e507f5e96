"""Views beside one another, as a person reads them in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ooms.cli.numbers import brief, never_share, plus_minus, signed
from ooms.debate.reading import MEASURES, WINDOW

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.debate.comparing import Comparison
    from ooms.debate.reading import Readings
    from ooms.outcomes import Quantity

__all__ = ["show_comparison", "show_options", "show_readings"]

_WIDE, _NARROW = 13, 8  # columns at which a heading is broken between words
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
    console = Console(highlight=False)
    _heading(console, (f.view for f in comparison.forecasts.values()))
    if comparison.events:
        console.print(_probabilities(comparison, console.width))
    for table in _quantities(comparison, console.width):
        console.print(table)
    _close(console, comparison.draws, comparison.seed, written)


def _heading(console: Console, views: Iterable[View]) -> None:
    """What was changed, if it is the same everywhere, and warnings."""
    views = list(views)
    changes = {view.changes for view in views}
    if len(changes) == 1 and (same := changes.pop()):
        console.print(Text("changed in every view: " + "; ".join(same), style="yellow"))
    for view in views:
        for warning in view.warnings:
            console.print(Text(f"warning: {view.name}: {warning}", style="bold yellow"))


def _close(console: Console, draws: int, seed: int, written: Sequence[Path]) -> None:
    console.print(Text(f"{draws:,} quasi-random draws a view, seed {seed}. {_CREDENCES}", style="dim"))
    for path in written:
        console.print(Text(f"Saved to {path}"))


def _table(title: str) -> Table:
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, collapse_padding=True)
    table.add_column("view", overflow="fold")
    return table


def _lines(name: str, width: int) -> list[str]:
    return textwrap.wrap(name, width, break_on_hyphens=False, break_long_words=False)


def _number(table: Table, lines: Iterable[str]) -> None:
    """A column of numbers."""
    table.add_column("\n".join(lines), justify="right", no_wrap=True)


def _probabilities(comparison: Comparison, width: int) -> Table:
    far = _farthest(comparison)
    names = [*comparison.events, *([f"never {far.removeprefix('time to ')}"] if far else [])]
    rows: list[list[str]] = []
    for view in comparison.views:
        chances = [plus_minus(comparison.probability(view, event), percent=True) for event in comparison.events]
        never = [never_share(comparison.never(view, far)).removesuffix(" %")] if far else []
        rows.append([view, *chances, *never])
    headings = [["view"], *(_lines(name, _WIDE) for name in names)]
    needs = sum(_across([*above, *(row[k] for row in rows)]) for k, above in enumerate(headings))
    table = _table("Probability, %, with Monte Carlo standard error")
    for above in headings[1:]:
        _number(table, above)
    for row in rows:
        table.add_row(*(text.replace(" ± ", "±") if needs > width else text for text in row))
    return table


def _farthest(comparison: Comparison) -> str:
    """The time to the most OOMs that was asked, if any was."""
    times = [name for name in comparison.quantities if name.startswith("time to") and name.split()[2][0].isdigit()]
    return max(times, key=lambda name: float(name.split()[2]), default="")


def _quantities(comparison: Comparison, width: int) -> Iterator[Table]:
    """Medians and 90 % intervals: as many quantities in a table as the terminal has room for."""
    found = next(iter(comparison.forecasts.values())).quantities
    left = _across(["view", *comparison.views])
    names: list[str] = []
    cells: dict[str, list[tuple[str, str]]] = {}
    room = width - left
    for name in comparison.quantities:
        cells[name] = [_spread(comparison, view, name) for view in comparison.views]
        needs = _across([*_above(found[name][0]), *(middle for middle, _ in cells[name])])
        needs += _across([_INTERVAL, *(ends for _, ends in cells[name])])
        if names and needs > room:
            yield _spreads(comparison, names, cells)
            names, room = [], width - left
        names.append(name)
        room -= needs
    if names:
        yield _spreads(comparison, names, cells)


_UP_TO = "\N{EN DASH}"
_INTERVAL = f"5{_UP_TO}95 %"
_SHORT_UNITS = {"x today's pace": "x today's"}


def _above(quantity: Quantity) -> list[str]:
    """Lines of the heading: its name, and its unit."""
    return [*_lines(quantity.name, _NARROW), _SHORT_UNITS.get(quantity.unit, quantity.unit)]


def _across(texts: Iterable[str]) -> int:
    """Columns that a column of a table takes with what is between it and the next."""
    return max(map(len, texts)) + 2


def _spreads(comparison: Comparison, names: list[str], cells: dict[str, list[tuple[str, str]]]) -> Table:
    table = _table("Median, and 90 % equal-tailed interval")
    found = next(iter(comparison.forecasts.values())).quantities
    for name in names:
        _number(table, _above(found[name][0]))
        table.add_column(_INTERVAL, no_wrap=True, style="dim")
    for k, view in enumerate(comparison.views):
        table.add_row(view, *(text for name in names for text in cells[name][k]))
    return table


def _spread(comparison: Comparison, view: str, name: str) -> tuple[str, str]:
    """Median and interval; no interval where all is one."""
    endless = comparison.forecast(view).quantities[name][0].endless
    low, middle, high = comparison.quantiles(view, name, (0.05, 0.5, 0.95))
    ends = brief(low, endless, most=2), brief(high, endless, most=2)
    shown = brief(middle, endless)
    between = " to " if low.value < 0 else _UP_TO
    return shown, "" if {*ends} == {shown} else between.join(ends)


def show_options(comparison: Comparison, groups: Sequence[Sequence[View]], written: Sequence[Path] = ()) -> None:
    """Print, for each view, how far each of its options moves the probability of each event.

    Parameters
    ----------
    comparison : Comparison
        Of all the views and their options.
    groups : sequence of sequence of View
        Each view, followed by itself with one option on.
    written : sequence of Path
        Files that it was written to.
    """
    console = Console(highlight=False)
    _heading(console, (f.view for f in comparison.forecasts.values()))
    for stem, *others in groups:
        console.print(Text(stem.title or stem.name, style="bold"))
        for event in comparison.events if others else ():
            console.print(_options(comparison, event, stem, others))
        shown = {*stem.chosen, *(view.chosen[-1] for view in others)}
        left_out = [name for name in stem.options if name not in shown]
        if left_out:
            console.print(Text(f"Left out, as they do not go with the rest: {', '.join(left_out)}", style="yellow"))
        elif not others:
            console.print(f"{stem.name} has no options.")
    _close(console, comparison.draws, comparison.seed, written)


def _options(comparison: Comparison, event: str, stem: View, others: Sequence[View]) -> Table:
    table = Table(box=SIMPLE_HEAD, title=f"P({event}), %, with Monte Carlo standard error", title_justify="left")
    table.add_column("option", no_wrap=True)
    table.add_column("what it is")
    table.add_column("probability", justify="right", no_wrap=True)
    table.add_column("change, points", justify="right", no_wrap=True)
    table.add_row("none", stem.name, plus_minus(comparison.probability(stem.name, event), percent=True), "")
    for view in others:
        option = view.options[view.chosen[-1]]
        change = signed(comparison.difference(event, view.name, stem.name), percent=True)
        chance = plus_minus(comparison.probability(view.name, event), percent=True)
        table.add_row(f"+{option.name}", option.title, chance, change)
    return table


def show_readings(found: Sequence[Readings]) -> None:
    """Print the answers of each view under every reading: named, and never mixed.

    Parameters
    ----------
    found : sequence of Readings
        A view each.
    """
    console = Console(highlight=False)
    _heading(console, (readings.view for readings in found))
    for readings in found:
        console.print(_readings(readings))
    for measure, meaning in MEASURES.items():
        console.print(Text(f"{measure} in {WINDOW}: {meaning}", style="dim"))
    console.print(
        Text(
            "with the compute adjustment: returns are at fixed hardware. Without: they are taken as returns to labour "
            "and compute together, and used as if they were at fixed hardware, r/(1 - a).\n"
            "from the start: the first year after full automation. anywhere: the fastest year on the way.",
            style="dim",
        )
    )
    _close(console, found[0].draws, found[0].seed, ())


def _readings(readings: Readings) -> Table:
    title = f"{readings.view.name}: probability of so much in {WINDOW}, %, with Monte Carlo standard error"
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, collapse_padding=True)
    table.add_column("compute adjustment", no_wrap=True)
    table.add_column("counted", no_wrap=True)
    for measure in MEASURES:
        _number(table, _lines(measure, _WIDE))
    rows: dict[tuple[str, str], list[str]] = {}
    for reading in readings:
        key = ("with" if reading.adjusted else "without") + ", as stated" * reading.stated, reading.where
        rows.setdefault(key, []).append(plus_minus(reading.probability, percent=True))
    for (adjustment, where), cells in rows.items():
        table.add_row(adjustment, where, *cells)
    return table
