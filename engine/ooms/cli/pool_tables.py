"""A pool as a person reads it in a terminal."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.text import Text

from ooms.cli.compared import heading
from ooms.comparing.pools.pooling import METHODS
from ooms.outcomes import parse_quantity
from ooms.problems import UserError
from ooms.results.credence import Distribution, Estimate
from ooms.results.numbers import never_share, percent, plus_minus, quantile_cell, signed
from ooms.writers.tables import Sheet
from ooms.writers.terminal import saved, terminal

if TYPE_CHECKING:
    from ooms.comparing.pools.pooling import Method, Pool

__all__ = ["probability", "show"]


def show(pool: Pool, written: Path | None = None) -> None:
    """Print the pool of every event and quantity that was asked for."""
    console = terminal()
    _heading(console, pool)
    for event in pool.events:
        _event(pool, event).show(console)
        for line in _below(pool, event):
            console.print(Text(line))
        console.print()
    for quantity in pool.quantities:
        _quantity(pool, quantity).show(console)
    console.print(
        Text(
            "The linear pool is the weighted mean of probabilities, the logarithmic one that of log odds; without a "
            "view, the weights of the others are scaled up. What a view rules out has no part in a logarithmic pool "
            "(none: nothing is left). Errors are Monte Carlo errors only, and all views share their draws.",
            style="dim",
        )
    )
    if written is not None:
        saved(console, f"With its draws in {written.with_suffix('.csv').name}, written to", [written])


def _heading(console: Console, pool: Pool) -> None:
    count = len(pool.forecasts)
    console.print(Text(f"{pool.method.capitalize()} pool of {count} view{'s' * (count > 1)}", style="bold"))
    console.print(Text(pool.weighting, style="yellow"))
    heading(console, (forecast.view for forecast in pool.forecasts.values()))
    console.print(Text(f"{pool.draws:,} quasi-random draws a view · seed {pool.seed}", style="dim"))


def _called(pool: Pool) -> dict[str, str]:
    """Each view by the name alone, where no other has it; what was changed in all of them stands above."""
    names = Counter(forecast.view.name for forecast in pool.forecasts.values())
    changes = {forecast.view.changes for forecast in pool.forecasts.values()}
    alone = len(changes) == 1 and max(names.values()) == 1
    return {name: forecast.view.name if alone else name for name, forecast in pool.forecasts.items()}


def _event(pool: Pool, event: str) -> Sheet:
    """A row a view and a pool."""
    sheet = Sheet(event)
    sheet.label("view")
    for title in ("weight", "probability, %", "pool without it, %", "change, points"):
        sheet.number(title)
    left = pool.leave_one_out(event)
    called = _called(pool)
    for name, forecast in pool.forecasts.items():
        without = ("-", "-")
        if name in left:
            without = plus_minus(left[name].probability, percent=True), signed(left[name].change, percent=True)
        weight = f"{pool.weights[name]:.3g}"
        sheet.row(called[name], weight, plus_minus(forecast.probability(event), percent=True), *without)
    sheet.rule()
    for method in METHODS:
        found = plus_minus(probability(pool, method, event), percent=True, endless="none")
        sheet.row(f"{method} pool", "", found, "", "", style="bold" if method == pool.method else "")
    return sheet


def _below(pool: Pool, event: str) -> list[str]:
    """What divides the views, and who decides alone."""
    share = pool.with_method("linear").spread(event).share_between
    within = Estimate(1.0 - share.value, share.standard_error)
    lines: list[str] = []
    if math.isfinite(share.value):
        parts = f"{percent(share)} disagreement between views, {percent(within)}"
        lines.append(f"Spread: {parts} uncertainty within them")
    vetoes = pool.with_method("logarithmic").vetoes(event)
    says = (f"{name} says {pool.forecasts[name].probability(event).value:g} in all its draws" for name in vetoes)
    return lines + ([f"Veto in the logarithmic pool: {', '.join(says)}"] if vetoes else [])


def _quantity(pool: Pool, name: str) -> Sheet:
    """A row a view and the pool."""
    quantity = parse_quantity(name)
    sheet = Sheet(f"{name}, {quantity.unit}")
    sheet.label("view")
    for title in ("5 %", "median", "95 %", quantity.endless):
        sheet.number(title)
    sketches: dict[str, Distribution | None] = {
        view: forecast.sketch(name) for view, forecast in pool.forecasts.items()
    }
    try:
        sketches[f"{pool.method} pool"] = pool.sketch(name)
    except UserError:  # no value is possible under all views
        sketches[f"{pool.method} pool"] = None
    called = _called(pool)
    for view, sketch in sketches.items():
        cells = ["none"] * 4
        if sketch is not None:
            cells = [quantile_cell(quantity, sketch.quantile(q)) for q in (0.05, 0.5, 0.95)]
            cells.append(never_share(sketch.never))
        sheet.row(called.get(view, view), *cells, style="" if view in called else "bold")
    return sheet


def probability(pool: Pool, method: str, event: str) -> Estimate:
    """Probability of an event in the pool by that method; not a number where there is no such pool."""
    try:
        return pool.with_method(cast("Method", method)).probability(event)
    except UserError:
        return Estimate(math.nan, math.nan)
