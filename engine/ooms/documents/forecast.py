"""A forecast: credences in plain words, with their errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ooms.documents.document import Block, Column, Document, Notice, Paragraph, Section, Style, Table, left, right
from ooms.documents.glossary import endings, units
from ooms.documents.words import MONTE_CARLO
from ooms.outcomes import HEADLINE, RESOURCE_QUANTITIES, parse_quantity
from ooms.outcomes.words import outcome_words
from ooms.results.credence import Estimate
from ooms.results.numbers import (
    brief,
    in_words,
    never_share,
    percent,
    plus_minus,
    quantile_cell,
    rounded,
    signed,
    spoken,
)  # fmt: skip

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.forecasting.forecast import Forecast

__all__ = ["QUANTITIES", "answer", "answers", "document"]

QUANTITIES = (
    "time to 1 oom", "time to 3 ooms", "time to 5 ooms", "time to 10 ooms", "ooms after 3 months", "ooms after 1 year",
    "ooms after 4 years", "years of progress after 1 year", "initial speed-up", "max speed", "peak pace",
    "ooms at fizzle", "labour share at the start",
)  # fmt: skip
"""What the table of quantities shows in a report."""

_SHOWN = (
    "time to 1 oom", "time to 3 ooms", "time to 5 ooms", "time to 10 ooms",
    "ooms after 3 months", "ooms after 6 months", "ooms after 1 year", "ooms after 2 years", "ooms after 4 years",
    "years of progress after 1 year", "initial speed-up", "peak pace", "time to peak pace", "ooms at fizzle",
    "acceleration at the start", "labour share at the start", *RESOURCE_QUANTITIES,
)  # fmt: skip
"""What it shows of many quantities where nothing is chosen."""

_YEAR = "ooms after 1 year"
_FARTHEST = 12  # whole OOMs that the table of shares tells apart


def document(forecast: Forecast) -> Document:
    """Everything worth reading first."""
    view = forecast.view
    blocks = _notices(view)
    if forecast.events:
        blocks.append(_credences(forecast, forecast.events))
    if forecast.quantities:
        few = len(forecast.quantities) <= len(_SHOWN)
        blocks.append(_quantities(forecast, [name for name in forecast.quantities if few or name in _SHOWN]))
    if _YEAR in forecast.quantities:
        blocks.append(_shares(forecast))
    blocks += [Paragraph(line, aside=True) for line in units(forecast)]
    how = f"{forecast.draws:,} quasi-random draws \u00b7 seed {forecast.seed}"
    about = f"{view.stated_position} \u00b7 {view.name} \u00b7 {how}"
    return Document(view.title or view.name, about, [Section("answer", "", blocks)])


def answer(forecast: Forecast, events: tuple[str, ...]) -> Section:
    """Credences and quantities of the view that a report is about."""
    blocks: list[Block] = [Paragraph(_lead(forecast), lead=True), Paragraph(_meant(forecast)), *_notices(forecast.view)]
    return Section("answer", "The answer", [*blocks, _credences(forecast, events), _quantities(forecast, QUANTITIES)])


def answers(forecast: Forecast, stated: Forecast | None = None) -> list[str]:
    """A line an event: ``31.87 %``; of a what-if with the view as stated: ``12.21 % (as stated 31.87; -19.66)``.

    The error of the difference is that of the difference itself (`ooms.Comparison.difference`).

    Examples
    --------
    >>> import ooms
    >>> view = ooms.load("davidson-2025")
    >>> event = "accelerates at the start"
    >>> stated, changed = (ooms.forecast(v, draws=2**12, events=[event]) for v in (view, view.replace(returns=0.4)))
    >>> answers(changed, stated)[0].partition("; ")[0]
    'progress speeds itself up at the start: 0.15 % (as stated 54.6'
    """
    return [f"{outcome_words(event)}: {_answer(forecast, event, stated)}" for event in forecast.events]


def _answer(forecast: Forecast, event: str, stated: Forecast | None) -> str:
    if stated is None:
        return percent(forecast.probability(event))
    difference = forecast.difference(event, stated)
    chances = (each.probability(event) for each in (forecast, stated))
    after, before = (plus_minus(p, percent=True).partition(" ")[0] if p.value else "0" for p in chances)
    return f"{after} % (as stated {before}; {signed(difference, percent=True)})"


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
        f"In the first year after AI has taken over all AI R&D, hardware held as the position has it, software gains "
        f"{shown[1]} OOMs at the median (90 % equal-tailed interval {shown[0]} to {shown[2]}). One OOM is ten times "
        "more effective training compute. These are credences under one position, not facts; what follows says where "
        "every number comes from, and which assumption moves it most. The error after \u00b1 is the Monte Carlo "
        "standard error: how well the question was computed, not how right the assumptions are."
    )


def _notices(view: View) -> list[Block]:
    """What was changed, warnings, and that a calibration is not to be relied on."""
    changed = [f"changed: {'; '.join(view.changes)}"] if view.changes else []
    notices: list[Block] = [Notice(lines) for lines in (changed, [f"warning: {w}" for w in view.warnings]) if lines]
    if view.calibration is not None and view.calibration.failed:
        unsound = "UNSOUND: the calibration behind this position failed its checks. Do not rely on these numbers."
        notices.append(Notice([unsound, *(f"{text}." for text in view.calibration.failed)], danger=True))
    return notices


def _credences(forecast: Forecast, events: Iterable[str]) -> Table:
    rows = list[tuple[str, ...]]()
    for event in events:
        result = forecast.event(event)
        chance = plus_minus(result.probability, percent=True)
        rows.append((outcome_words(event), chance, in_words(result.probability.value), endings(result)))
    note = f"Events count from full automation of AI R&D unless they say anywhere. {MONTE_CARLO}"
    columns = (Column("Event", "topic"), *right("Probability, %"), *left("In words", "If not"))
    return Table("How likely", columns, rows, note)


def _quantities(forecast: Forecast, names: Sequence[str]) -> Table:
    rows = list[tuple[str, ...]]()
    for name in names:
        quantity, sketch = forecast.quantities.get(name) or (parse_quantity(name), forecast.sketch(name))
        cells = [quantile_cell(quantity, sketch.quantile(level)) for level in (0.05, 0.5, 0.95)]
        never = never_share(sketch.never, quantity.endless)
        central = brief(Estimate(forecast.central(name), 0.0), quantity.unit, quantity.endless)
        rows.append((outcome_words(name), quantity.unit, *cells, never, central))
    note = (
        "From 5 % to 95 % is the 90 % equal-tailed credence interval. Never: share of draws in which it never "
        "comes, or what else it is without an end. Speeds are over today's human-only pace. *: run with every input at "
        "its median, which is not the median of the distribution."
    )
    columns = (*left("Quantity"), Column("Unit", "unit"), *right("5 %", "Median", "95 %", "Never", "Median inputs*"))
    return Table("How far, how soon, how fast", columns, rows, note)


def _shares(forecast: Forecast) -> Table:
    """Shares by whole OOMs gained after 1 year, and the chance of at least so many."""
    sketch = forecast.sketch(_YEAR)
    below = [0.0] + [sketch.at_most(n).value for n in range(1, _FARTHEST + 1)]
    shares = [b - a for a, b in pairwise([*below, 1.0])]
    rows = [
        (f"{n} to {n + 1}" if n < _FARTHEST else f"{n} or more", f"{100 * share:.0f} %",
         f"{100 * (1 - below[n]):.0f} %")
        for n, share in enumerate(shares)
    ]  # fmt: skip
    columns = (*left("OOMs"), Column("Share of draws", "bar"), *right("At least so many"))
    five: dict[int, Style] = dict.fromkeys(range(5, _FARTHEST + 1), "sum")
    return Table("OOMs gained after 1 year", columns, rows, styles=five)
