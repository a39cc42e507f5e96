"""What there is to name: ``ooms views``, ``surveys``, ``studies``, ``events``, ``quantities``, ``parameters``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cyclopts import Group

from ooms.cli.options import Json

__all__ = ["GROUP", "LISTS", "events", "parameters", "quantities", "show", "studies", "views"]


GROUP = Group("Lists")
"""Where the help names them."""


LISTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "views": (("name", "title", "options"), "What each believes: ooms priors show VIEW"),
    "surveys": (("name", "title", "items", "fitted"), "What each asked and found: ooms surveys show SURVEY"),
    "studies": (("name", "title", "cells"), "What each would run: ooms batch check STUDY"),
    "events": (("name", "description", "default"), "Any amount and any time: ooms forecast --event EVENT"),
    "quantities": (("name", "unit", "default"), "Any amount and any time: ooms forecast --quantity QUANTITY"),
    "parameters": (("name", "symbol", "unit", "domain", "description"), "Try another: ooms forecast --set NAME=VALUE"),
}
"""Every list of `ooms.catalogue` by its name: what of it a table shows, and what to do with a name of it."""


def show(name: str, *, json: bool = False) -> None:
    """Print a list: as a table, or as JSON, a record a row.

    Parameters
    ----------
    name : str
        One of `LISTS`.
    json : bool
        Whether as JSON.
    """
    from ooms import catalogue

    columns, use = LISTS[name]
    entries: Sequence[Any] = getattr(catalogue, name)()
    if json:
        from json import dumps

        print(dumps([entry._asdict() for entry in entries], indent=2, ensure_ascii=False))
        return
    from ooms.documents.document import Column, Paragraph, Table
    from ooms.writers.terminal import show_blocks, terminal

    rows = [[getattr(entry, column) for column in columns] for entry in entries]
    headings = [
        Column((heading if k else name).capitalize(), "number" if any(type(row[k]) is int for row in rows) else "text")
        for k, heading in enumerate(columns)
    ]
    table = Table("", headings, [[_cell(value) for value in row] for row in rows])
    show_blocks(terminal(), [table, Paragraph(use, aside=True)])


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) and value else str(value or "-")


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
