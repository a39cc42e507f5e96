"""A pool as a person reads it in a terminal, and as JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ooms.cli.numbers import plus_minus, signed
from ooms.credence import LEVELS, Estimate, Sketch
from ooms.debate.pools.pooling import METHODS
from ooms.outcomes import parse_quantity
from ooms.problems import UserError

if TYPE_CHECKING:
    from ooms.debate.pools.pooling import Pool

__all__ = ["as_json", "show"]

_ROOMY = 120  # columns that tables need to show everything
_NAME = 21  # columns for the name of a view, before it is broken


def show(pool: Pool, written: Path | None = None) -> None:
    """Print the pool of every event and quantity that was asked for."""
    console = Console(highlight=False)
    _heading(console, pool)
    narrow = console.width < _ROOMY
    for event in pool.events:
        console.print(_event(pool, event, narrow=narrow))
        for line in _below(pool, event):
            console.print(Text(line))
        console.print()
    for quantity in pool.quantities:
        console.print(_quantity(pool, quantity, narrow=narrow))
    console.print(
        Text(
            "The linear pool is the weighted mean of probabilities, the logarithmic one that of log odds; without a "
            "view, the weights of the others are scaled up. What a view rules out has no part in a logarithmic pool "
            "(none: nothing is left). Errors are Monte Carlo errors only, and all views share their draws.",
            style="dim",
        )
    )
    if written is not None:
        console.print(f"Written to {written}, with its draws in {written.with_suffix('.csv').name}")


def _heading(console: Console, pool: Pool) -> None:
    count = len(pool.forecasts)
    console.print(Text(f"{pool.method.capitalize()} pool of {count} view{'s' * (count > 1)}", style="bold"))
    console.print(Text(pool.weighting, style="yellow"))
    for name, forecast in pool.forecasts.items():
        for warning in forecast.view.warnings:
            console.print(Text(f"warning: {name}: {warning}", style="bold yellow"))
    console.print(Text(f"{pool.draws:,} quasi-random draws a view · seed {pool.seed}", style="dim"))


def _event(pool: Pool, event: str, *, narrow: bool) -> Table:
    """A line a view and a pool; in a narrow terminal without what follows from the rest."""
    headings = ["weight", "probability, %", "pool without it, %", "change, points"]
    table = _table(event, headings[:2] + headings[3:] if narrow else headings)
    left = pool.leave_one_out(event)
    for name, forecast in pool.forecasts.items():
        cells = [f"{pool.weights[name]:.3g}", plus_minus(forecast.probability(event), percent=True)]
        if not narrow:
            cells.append(plus_minus(left[name].probability, percent=True) if name in left else "-")
        table.add_row(name, *cells, signed(left[name].change, percent=True) if name in left else "-")
    table.add_section()
    for method in METHODS:
        found = plus_minus(_probability(pool, method, event), percent=True, endless="none")
        table.add_row(f"{method} pool", "", found, style="bold" if method == pool.method else "")
    return table


def _table(title: str, headings: list[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, collapse_padding=True)
    table.add_column("view", overflow="fold", min_width=_NAME)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _below(pool: Pool, event: str) -> list[str]:
    """What divides the views, and who decides alone."""
    share = pool.with_method("linear").spread(event).share_between
    within = Estimate(1.0 - share.value, share.standard_error)
    lines: list[str] = []
    if math.isfinite(share.value):
        parts = f"{plus_minus(share, percent=True)} % disagreement between views, {plus_minus(within, percent=True)} %"
        lines.append(f"Spread: {parts} uncertainty within them")
    vetoes = pool.with_method("logarithmic").vetoes(event)
    says = (f"{name} says {pool.forecasts[name].probability(event).value:g} in all its draws" for name in vetoes)
    return lines + ([f"Veto in the logarithmic pool: {', '.join(says)}"] if vetoes else [])


def _quantity(pool: Pool, name: str, *, narrow: bool) -> Table:
    """A line a view and the pool; in a narrow terminal without errors, but with no more digits than they support."""
    quantity = parse_quantity(name)
    table = _table(f"{name}, {quantity.unit}", ["5 %", "median", "95 %", quantity.endless])
    sketches: dict[str, Sketch | None] = {view: forecast.sketch(name) for view, forecast in pool.forecasts.items()}
    try:
        sketches[f"{pool.method} pool"] = pool.sketch(name)
    except UserError:  # no value is possible under all views
        sketches[f"{pool.method} pool"] = None
    shown = _alone if narrow else plus_minus
    for view, sketch in sketches.items():
        if sketch is None:
            table.add_row(view, *["none"] * 4, style="bold")
            continue
        quantiles = [shown(sketch.quantile(q), endless=quantity.endless) for q in (0.05, 0.5, 0.95)]
        never = f"{shown(sketch.never, True)} %" if sketch.never.value else "-"
        table.add_row(view, *quantiles, never, style="" if view in pool.forecasts else "bold")
    return table


def _alone(estimate: Estimate, percent: bool = False, endless: str = "never") -> str:
    return plus_minus(estimate, percent, endless).partition(" ±")[0]


def _probability(pool: Pool, method: Any, event: str) -> Estimate:
    try:
        return pool.with_method(method).probability(event)
    except UserError:
        return Estimate(math.nan, math.nan)


def as_json(pool: Pool) -> str:
    """Views, weights, events and quantities; null stands for infinite, or for what does not exist."""
    return json.dumps(
        {
            "method": pool.method,
            "views": [{"view": name, "weight": weight} for name, weight in pool.weights.items()],
            "weighting": pool.weighting,
            "draws": pool.draws,
            "seed": pool.seed,
            "events": [_event_entry(pool, event) for event in pool.events],
            "quantities": [_quantity_entry(pool, name) for name in pool.quantities],
        },
        indent=2,
        allow_nan=False,
    )


def _event_entry(pool: Pool, event: str) -> dict[str, Any]:
    left = pool.leave_one_out(event)
    spread = pool.with_method("linear").spread(event)
    return {
        "event": event,
        **{method: _entry(_probability(pool, method, event)) for method in METHODS},
        "views": [
            {
                "view": name,
                **_entry(forecast.probability(event)),
                "pool_without_it": _entry(left[name].probability) if name in left else None,
                "change": _entry(left[name].change, "value") if name in left else None,
            }
            for name, forecast in pool.forecasts.items()
        ],
        "vetoes": list(pool.with_method("logarithmic").vetoes(event)),
        "spread": {
            "variance": _entry(spread.total, "value"),
            "between": _entry(spread.between, "value"),
            "within": _entry(spread.within, "value"),
            "share_between": _entry(spread.share_between, "value"),
        },
    }


def _quantity_entry(pool: Pool, name: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "unit": parse_quantity(name).unit}
    try:
        sketch = pool.sketch(name)
    except UserError:
        return entry | {"never": None, "quantiles": None}
    quantiles = {f"{q:g}": _number(sketch.quantile(q).value) for q in LEVELS}
    return entry | {"never": sketch.never.value, "quantiles": quantiles}


def _entry(estimate: Estimate, name: str = "probability") -> dict[str, float | None]:
    return {name: _number(estimate.value), "standard_error": _number(estimate.standard_error)}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
