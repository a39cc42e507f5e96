"""Views side by side: how likely, how far and how fast under each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ooms.comparing.several import COMPARED_QUANTITIES
from ooms.documents.document import (
    Block,
    Document,
    Figure,
    Notice,
    Paragraph,
    Section,
    Source,
    Sources,
    Table,
    left,
    right,
)
from ooms.documents.words import MONTE_CARLO, positions, warnings_of
from ooms.forecasting.late import LATE, never_or_late
from ooms.outcomes import parse_quantity
from ooms.outcomes.words import outcome_words
from ooms.results.numbers import brief, plus_minus

if TYPE_CHECKING:
    from ooms.comparing.compare import Comparison
    from ooms.comparing.pools.pooling import Pool

__all__ = ["debate", "document", "how", "named", "notices"]

_SHORT_UNITS = {
    "x today's pace": "x today's",
    "x today's training compute": "x today's",
    "years of recent progress": "years",
}


def document(comparison: Comparison) -> Document:
    """The probabilities, and then the medians and intervals: a row a view in each."""
    blocks = notices(comparison)
    if comparison.events:
        blocks.append(_chances(comparison))
    if comparison.quantities:
        blocks.append(_quantities(comparison, comparison.quantities))
    return Document("", "", [Section("debate", "", [*blocks, how(comparison.draws, comparison.seed)])])


def debate(comparison: Comparison) -> Section:
    """A picture and tables of several views, from the same draws by parameter name."""
    from ooms.pictures.registry import REGISTRY

    ordered = comparison.sorted()
    views = [ordered.forecast(label).view for label in ordered.views]
    picture = REGISTRY["views"].picture
    blocks = [
        Figure("views", picture.title, picture.caption, picture.said(ordered), picture.of(ordered), wide=True),
        _chances(ordered),
        _quantities(ordered, COMPARED_QUANTITIES[:5]),
        Sources([Source(f"{v.position} \u2013 {v.title}", v.citation, v.url) for v in views]),
    ]
    return Section("debate", "Positions side by side", blocks)


def notices(result: Comparison | Pool) -> list[Block]:
    """What was changed in all views, and warnings."""
    lines = warnings_of(forecast.view for forecast in result.forecasts.values())
    return [Notice(lines)] if lines else []


def how(draws: int, seed: int) -> Paragraph:
    """How several views were worked out, and how to read that."""
    return Paragraph(
        f"{draws:,} quasi-random draws a position, seed {seed}. Probabilities are credences under each position, not "
        "facts; errors are Monte Carlo errors only. All positions use the same draws by parameter name, so that "
        "differences between them are not noise.",
        aside=True,
    )


def named(result: Comparison | Pool) -> dict[str, str]:
    """Each view as people call it."""
    return positions({label: forecast.view for label, forecast in result.forecasts.items()})


def _chances(comparison: Comparison) -> Table:
    far, names = _farthest(comparison), named(comparison)
    rows = list[tuple[str, ...]]()
    for view in comparison.views:
        chances = [comparison.probability(view, event) for event in comparison.events]
        late = [never_or_late(comparison.forecast(view), far)] if far else []
        rows.append((names[view], *(plus_minus(chance, percent=True) for chance in (*chances, *late))))
    never = [f"{outcome_words(far).removeprefix('time to ')} never, or after {LATE:g} years"] if far else []
    columns = (*left("Position"), *right(*map(outcome_words, comparison.events), *never))
    return Table("How likely, by position, %", columns, rows, MONTE_CARLO, apart=True)


def _farthest(comparison: Comparison) -> str:
    """The time to the most OOMs that was asked, if any was."""
    times = [name for name in comparison.quantities if name.startswith("time to") and name.split()[2][0].isdigit()]
    return max(times, key=lambda name: float(name.split()[2]), default="")


def _quantities(comparison: Comparison, quantities: Sequence[str]) -> Table:
    names = named(comparison)
    rows = [(names[view], *(_spread(comparison, view, name) for name in quantities)) for view in comparison.views]
    units = [_SHORT_UNITS.get(unit, unit) for name in quantities for unit in [parse_quantity(name).unit]]
    headings = [f"{outcome_words(name)},\n{unit}" for name, unit in zip(quantities, units, strict=True)]
    rough = any("~" in cell for row in rows for cell in row)
    note = "~: its Monte Carlo error is larger than the number itself, or unknown." if rough else ""
    title = "How far, how soon, how fast, by position: median (90 % equal-tailed interval)"
    return Table(title, (*left("Position"), *right(*headings)), rows, note, apart=True)


def _spread(comparison: Comparison, view: str, name: str) -> str:
    """Median and interval; no interval where all is one."""
    quantity = comparison.forecast(view).quantities[name][0]
    low, middle, high = comparison.quantiles(view, name, (0.05, 0.5, 0.95))
    positive = quantity.scale.bottom >= 0
    ends = [brief(end, quantity.unit, quantity.endless, most=2, positive=positive) for end in (low, high)]
    shown = brief(middle, quantity.unit, quantity.endless, positive=positive)
    return shown if {*ends} == {shown} else f"{shown} ({(' to ' if low.value < 0 else '\u2013').join(ends)})"
