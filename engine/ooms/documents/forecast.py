"""The answer first: credences in plain words, with their errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ooms.documents.document import Block, Column, Notice, Paragraph, Section, Table, left, right
from ooms.documents.glossary import endings
from ooms.outcomes import HEADLINE, parse_quantity
from ooms.pictures.words import event_name
from ooms.results.numbers import in_words, never_share, plus_minus, quantile_cell, rounded, spoken

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.forecasting.forecast import Forecast

__all__ = ["QUANTITIES", "answer"]

QUANTITIES = (
    "time to 1 oom", "time to 3 ooms", "time to 5 ooms", "time to 10 ooms", "ooms after 3 months", "ooms after 1 year",
    "ooms after 4 years", "years of progress after 1 year", "initial speed-up", "max speed", "peak pace",
    "ooms at fizzle", "labour share at the start",
)  # fmt: skip
"""What the table of quantities shows."""


def answer(forecast: Forecast, events: tuple[str, ...]) -> Section:
    """Credences and quantities of the view that a report is about."""
    blocks: list[Block] = [Paragraph(_lead(forecast), lead=True), Paragraph(_meant(forecast))]
    if warned := _warned(forecast.view):
        blocks.append(Notice(warned))
    return Section("answer", "The answer", [*blocks, _credences(forecast, events), _quantities(forecast)])


def _lead(forecast: Forecast) -> str:
    answer = spoken(forecast.probability(HEADLINE))
    return (
        f"{answer[:1].upper()}{answer[1:]} on the assumptions of {forecast.view.position}: that is the probability of "
        "at least 5 OOMs of effective training compute from software alone in under a year."
    )


def _meant(forecast: Forecast) -> str:
    low, middle, high = forecast.quantiles("ooms after 1 year", (0.05, 0.5, 0.95))
    far = "over 24"
    shown = [rounded(*e, most=2) if e.value <= 24 else far for e in (low, middle, high)]
    return (
        f"In the first year after AI has taken over all AI R&D, hardware held as the view has it, software gains "
        f"{shown[1]} OOMs at the median (90 % equal-tailed interval {shown[0]} to {shown[2]}). One OOM is ten times "
        "more effective training compute. These are credences under one view, not facts; what follows says where "
        "every number comes from, and which belief moves it most. The error after \u00b1 is the Monte Carlo standard "
        "error: how well the question was computed, not how right the beliefs are."
    )


def _warned(view: View) -> list[str]:
    lines = [f"Warning: {warning}" for warning in view.warnings]
    if view.calibration is not None and view.calibration.failed:
        lines.append("UNSOUND: the calibration behind this view failed its checks. Do not rely on these numbers.")
        lines += [f"{text}." for text in view.calibration.failed]
    return lines


def _credences(forecast: Forecast, events: tuple[str, ...]) -> Table:
    rows = [
        (
            event_name(event),
            plus_minus(found.probability, percent=True),
            in_words(found.probability.value),
            endings(found),
        )
        for event in events
        for found in [forecast.event(event)]
    ]
    note = "Events count from full automation of AI R&D unless they say anywhere. \u00b1: Monte Carlo standard error."
    columns = (Column("Event"), Column("Probability, %", "right"), Column("In words"), Column("How the others end"))
    return Table("How likely", columns, rows, note)


def _quantities(forecast: Forecast) -> Table:
    rows = list[tuple[str, ...]]()
    for name in QUANTITIES:
        sketch = forecast.sketch(name)
        quantity = parse_quantity(name)
        cells = [quantile_cell(quantity, sketch.quantile(level)) for level in (0.05, 0.5, 0.95)]
        rows.append((event_name(name), quantity.unit, *cells, never_share(sketch.never, quantity.endless)))
    note = (
        "From 5 % to 95 % is the 90 % equal-tailed credence interval. Never: share of draws in which it never "
        "comes, or what else it is without an end. Speeds are over today's human-only pace."
    )
    columns = (*left("Quantity", "Unit"), *right("5 %", "Median", "95 %", "Never"))
    return Table("How far, how soon, how fast", columns, rows, note)
