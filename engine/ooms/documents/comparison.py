"""Views side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ooms.comparing.compare import COMPARED_QUANTITIES
from ooms.documents.document import Figure, Section, Source, Sources, Table, left, right
from ooms.forecasting.late import never_or_late
from ooms.outcomes import parse_quantity
from ooms.pictures.registry import REGISTRY
from ooms.pictures.words import event_name
from ooms.results.numbers import brief, plus_minus

if TYPE_CHECKING:
    from ooms.comparing.compare import Comparison

__all__ = ["debate"]


def debate(comparison: Comparison) -> Section:
    """A picture and tables of several views, from the same draws by parameter name."""
    ordered = comparison.sorted()
    views = [ordered.forecast(label).view for label in ordered.views]
    sources = Sources([Source(f"{v.label} \u2013 {v.title}", v.citation, v.url) for v in views])
    return Section(
        "debate", "Positions side by side", [_picture(ordered), _chances(ordered), _quantities(ordered), sources]
    )


def _picture(ordered: Comparison) -> Figure:
    picture = REGISTRY["views"].picture
    return Figure("views", picture.title, picture.caption, picture.said(ordered), picture.of(ordered), wide=True)


def _chances(ordered: Comparison) -> Table:
    rows = [
        (
            view,
            *(plus_minus(ordered.probability(view, event), percent=True) for event in ordered.events),
            plus_minus(never_or_late(ordered.forecast(view), "time to 5 ooms"), percent=True),
        )
        for view in ordered.views
    ]
    columns = (
        *left("View"),
        *right(*(f"{event_name(event)}, %" for event in ordered.events), "5 OOMs never, or after 100 years, %"),
    )
    return Table("How likely, by view", columns, rows, _note(ordered))


def _note(ordered: Comparison) -> str:
    return f"\u00b1: Monte Carlo standard error, of {ordered.draws:,} draws a view, seed {ordered.seed}."


def _quantities(ordered: Comparison) -> Table:
    rows = list[tuple[str, ...]]()
    for view in ordered.views:
        cells = list[str]()
        for name in COMPARED_QUANTITIES[:5]:
            quantity = parse_quantity(name)
            low, middle, high = (
                brief(e, quantity.unit, quantity.endless, positive=quantity.scale.bottom >= 0)
                for e in ordered.quantiles(view, name, (0.05, 0.5, 0.95))
            )
            cells.append(middle if low == middle == high else f"{middle} ({low} to {high})")
        rows.append((view, *cells))
    units = ("years", "years", "years", "x today's", "x today's")
    headings = [f"{event_name(name)}, {unit}" for name, unit in zip(COMPARED_QUANTITIES[:5], units, strict=True)]
    return Table("Medians and 90 % equal-tailed intervals, by view", (*left("View"), *right(*headings)), rows)
