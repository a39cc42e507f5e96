"""Several views as one: their pool, what it is without each of them, and where they disagree."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ooms.comparing.pools.rules import METHODS
from ooms.documents.comparison import named, notices
from ooms.documents.document import Block, Document, Paragraph, Section, Style, Table, left, right
from ooms.outcomes import parse_quantity
from ooms.outcomes.words import outcome_words
from ooms.problems import UserError
from ooms.results.credence import Distribution, Estimate
from ooms.results.numbers import never_share, percent, plus_minus, quantile_cell, signed

if TYPE_CHECKING:
    from ooms.comparing.pools.pooling import Pool

__all__ = ["document"]

_HOW = (
    "The linear pool is the weighted mean of probabilities, the logarithmic one that of log odds; without a "
    "position, the weights of the others are scaled up. What a position rules out has no part in a logarithmic pool "
    "(none: nothing is left). Errors are Monte Carlo errors only, and all positions share their draws."
)


def document(pool: Pool) -> Document:
    """The pool of every event and quantity that was asked for."""
    count = len(pool.forecasts)
    blocks: list[Block] = [Paragraph(pool.weighting), *notices(pool)]
    for event in pool.events:
        blocks += [_event(pool, event), *map(Paragraph, _below(pool, event))]
    blocks += [_quantity(pool, quantity) for quantity in pool.quantities]
    about = f"{pool.draws:,} quasi-random draws a position \u00b7 seed {pool.seed}"
    title = f"{pool.method.capitalize()} pool of {count} position{'s' if count > 1 else ''}"
    return Document(title, about, [Section("pool", "", [*blocks, Paragraph(_HOW, aside=True)])])


def _event(pool: Pool, event: str) -> Table:
    """A row a view and a pool."""
    without, names = pool.leave_one_out(event), named(pool)
    rows = list[tuple[str, ...]]()
    for name, forecast in pool.forecasts.items():
        others = ("-", "-")
        if name in without:
            others = plus_minus(without[name].probability, percent=True), signed(without[name].change, percent=True)
        chance = plus_minus(forecast.probability(event), percent=True)
        rows.append((names[name], f"{pool.weights[name]:.3g}", chance, *others))
    for method in METHODS:
        chance = plus_minus(pool.probability_by(method, event), percent=True, endless="none")
        rows.append((f"{method} pool", "", chance, "", ""))
    count = len(names)
    used: dict[int, Style] = {count + list(METHODS).index(pool.method): "sum"}
    columns = (*left("Position"), *right("Weight", "Probability, %", "Pool without it, %", "Change, points"))
    return Table(outcome_words(event), columns, rows, "", used, [count - 1])


def _below(pool: Pool, event: str) -> list[str]:
    """What divides the views, and who decides alone."""
    share = pool.with_method("linear").spread(event).share_between
    lines: list[str] = []
    if math.isfinite(share.value):
        within = Estimate(1.0 - share.value, share.standard_error)
        parts = f"{percent(share)} disagreement between positions, {percent(within)} uncertainty within them"
        lines.append(f"Spread: {parts}")
    vetoes, names = pool.with_method("logarithmic").vetoes(event), named(pool)
    says = (f"{names[name]} says {pool.forecasts[name].probability(event).value:g} in all its draws" for name in vetoes)
    return lines + ([f"Veto in the logarithmic pool: {', '.join(says)}"] if vetoes else [])


def _quantity(pool: Pool, name: str) -> Table:
    """A row a view and the pool."""
    quantity, names = parse_quantity(name), named(pool)
    sketches: dict[str, Distribution | None] = {names[v]: f.sketch(name) for v, f in pool.forecasts.items()}
    try:
        sketches[f"{pool.method} pool"] = pool.sketch(name)
    except UserError:  # no value is possible under all views
        sketches[f"{pool.method} pool"] = None
    rows = list[tuple[str, ...]]()
    for label, sketch in sketches.items():
        cells = ["none"] * 4
        if sketch is not None:
            cells = [quantile_cell(quantity, sketch.quantile(q)) for q in (0.05, 0.5, 0.95)]
            cells.append(never_share(sketch.never))
        rows.append((label, *cells))
    columns = (*left("Position"), *right("5 %", "Median", "95 %", quantity.endless.capitalize()))
    last: dict[int, Style] = {len(rows) - 1: "sum"}
    return Table(f"{outcome_words(name)}, {quantity.unit}", columns, rows, "", last, [len(rows) - 2])
