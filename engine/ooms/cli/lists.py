"""What there is to name: ``ooms views``, ``surveys``, ``studies``, ``events``, ``quantities``, ``parameters``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cyclopts import Group

from ooms.cli.options import Json

if TYPE_CHECKING:
    from ooms.outcomes import Event

__all__ = ["GROUP", "LISTS", "Listing", "events", "parameters", "quantities", "show", "studies", "views"]


GROUP = Group("Lists")
"""Where the help names them."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of names.

    Parameters
    ----------
    columns : tuple of str
        Headings; the first is the name.
    rows : sequence of tuple
        A cell a column: text, whole numbers, or None for nothing.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[str | int | None, ...]]

    def records(self) -> list[dict[str, str | int | None]]:
        """A mapping a row, by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def _views() -> Listing:
    from ooms.beliefs.reader import load
    from ooms.files.library import shipped, shipped_calibrations

    loaded = {name: load(name) for name in (*shipped(), *shipped_calibrations())}
    rows = [(name, view.title, len(view.options) or None) for name, view in loaded.items()]
    return Listing(("view", "title", "options"), rows)


def _surveys() -> Listing:
    from ooms.calibrating.surveys import load_survey, shipped_surveys

    surveys = map(load_survey, shipped_surveys())
    rows = [(s.name, s.title, len(s.items), "yes" if s.fitted else "no") for s in surveys]
    return Listing(("survey", "title", "items", "fitted"), rows)


def _studies() -> Listing:
    from ooms.batch.study import load_study, shipped_studies

    studies = map(load_study, shipped_studies())
    return Listing(("study", "title", "cells"), [(study.name, study.title, study.size) for study in studies])


_EVENTS = (
    "max speed above 10",
    "5 ooms in 1 year anywhere", "3 years in 4 months anywhere within 4 years",
    "10 doublings in 1 year",
)  # fmt: skip
"""Beside those that are asked by default: every form that an event has."""

_QUANTITIES = ("time of doubling 5",)


def _events() -> Listing:
    from ooms.outcomes import DEFAULT_EVENTS, parse_event

    names = (*DEFAULT_EVENTS, *_EVENTS)
    rows = [(name, _meaning(parse_event(name)), "yes" if name in DEFAULT_EVENTS else "no") for name in names]
    return Listing(("event", "the question", "by default"), rows)


def _meaning(event: Event) -> str:
    """What an event asks, in a sentence."""
    if event.is_acceleration:
        return "Does progress speed itself up from day one?"
    if event.bound is not None:
        return f"Is {event.text}, in its unit (ooms quantities)?"
    of = {
        "ooms": "orders of magnitude of effective training compute",
        "years": "years of progress at the recent pace",
        "doublings": "doublings of labour-equivalent software",
    }[event.unit]
    where = "in any stretch of" if event.anywhere else "within"
    end = "" if event.horizon == float("inf") else f", before {event.horizon:g} years are over"
    return f"Do {event.amount:g} {of} come {where} {event.text.partition(' in ')[2].partition(' anywhere')[0]}{end}?"


def _quantities() -> Listing:
    from ooms.outcomes import DEFAULT_QUANTITIES, RESOURCE_QUANTITIES, parse_quantity

    names = (*DEFAULT_QUANTITIES, *_QUANTITIES, *RESOURCE_QUANTITIES)
    rows = [(name, parse_quantity(name).unit, "yes" if name in DEFAULT_QUANTITIES else "no") for name in names]
    return Listing(("quantity", "unit", "by default"), rows)


def _parameters() -> Listing:
    from ooms.parameters import PARAMETERS, SPELLINGS

    rows = [(p.name, p.symbol, p.unit, p.domain(), p.meaning) for p in (*PARAMETERS.values(), *SPELLINGS.values())]
    return Listing(("parameter", "symbol", "unit", "domain", "meaning"), rows)


LISTS: Mapping[str, tuple[Callable[[], Listing], str]] = {
    "views": (_views, "What each believes: ooms priors show VIEW"),
    "surveys": (_surveys, "What each asked and found: ooms surveys show SURVEY"),
    "studies": (_studies, "What each would run: ooms batch check STUDY"),
    "events": (_events, "Any amount and any time can be asked for: ooms forecast --event EVENT"),
    "quantities": (_quantities, "Any amount and any time can be asked for: ooms forecast --quantity QUANTITY"),
    "parameters": (_parameters, "Try another value: ooms forecast --set PARAMETER=VALUE"),
}
"""Every list by its name, and what to do with a name of it."""


def show(name: str, *, json: bool = False) -> None:
    """Print a list: as a table, or as JSON, a record a row.

    Parameters
    ----------
    name : str
        One of `LISTS`.
    json : bool
        Whether as JSON.
    """
    make, use = LISTS[name]
    listing = make()
    if json:
        from json import dumps

        print(dumps(listing.records(), indent=2, ensure_ascii=False))
        return
    from rich.text import Text

    from ooms.writers.tables import Sheet
    from ooms.writers.terminal import terminal

    console, sheet = terminal(), Sheet()
    for k, heading in enumerate(listing.columns):
        numbers = any(isinstance(row[k], int) for row in listing.rows)
        (sheet.number if numbers else sheet.text if k else sheet.label)(heading)
    for row in listing.rows:
        sheet.row(*("-" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell for cell in row))
    sheet.show(console)
    console.print(Text(use, style="dim"))


def views(*, json: Json = False) -> None:
    """The shipped views, and those that were calibrated against surveys.

    Example to copy:

      ooms views
    """
    show("views", json=json)


def studies(*, json: Json = False) -> None:
    """The shipped studies: combinations of views, assumptions and events that `ooms batch` runs.

    Example to copy:

      ooms studies
    """
    show("studies", json=json)


def events(*, json: Json = False) -> None:
    """What can be given a probability: the events that are asked by default, and every form that one can have.

    Example to copy:

      ooms events
    """
    show("events", json=json)


def quantities(*, json: Json = False) -> None:
    """What can be given a distribution: quantities and their units.

    Example to copy:

      ooms quantities
    """
    show("quantities", json=json)


def parameters(*, json: Json = False) -> None:
    """What views believe something about: symbol, unit, domain and meaning of every parameter.

    Example to copy:

      ooms parameters
    """
    show("parameters", json=json)
