"""Views as they are named on the command line, and ``--set``: what-ifs as text, ``returns ~ loguniform(0.4, 3.6)``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ooms.beliefs.changes import parse_changes, unusable, unwarned
from ooms.problems import Problems, UserError

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.problems import Problem

__all__ = ["changed_view", "changed_views"]

_CHANGED_VIEW = "the changed view"  # what `View.replace` calls it


def changed_view(view: str, changes: Iterable[str], problems: Problems) -> View | None:
    """The view with its what-ifs, or None and all that is wrong with it and them in `problems`."""
    return changed_views([view], changes, problems).get(view)


def changed_views(
    names: Sequence[str], changes: Iterable[str], problems: Problems, *, and_shipped: bool = False
) -> dict[str, View]:
    """Views by the names they were given, each with the what-ifs; all that is wrong with any goes to `problems`.

    `View.warnings` are for the caller to show; none is issued.

    Parameters
    ----------
    names : sequence of str
        Views, as on the command line.
    changes : iterable of str
        What-ifs, for every view.
    problems : Problems
        Collects.
    and_shipped : bool
        Whether all shipped views follow, those that are not named already.
    """
    from ooms.beliefs.reader import load
    from ooms.files.library import shipped

    wanted = parse_changes(changes, problems)
    found: dict[str, View] = {}
    wrong: list[Problem] = []
    with unwarned():
        for name in dict.fromkeys([*names, *(shipped() if and_shipped else ())]):
            try:
                view = load(name)
            except UserError as error:
                wrong += (*error.problems, *unusable(wanted))
                continue
            try:
                found[name] = view.replace(**wanted) if wanted else view
            except UserError as error:
                wrong += (replace(p, place=p.place.replace(_CHANGED_VIEW, f"{name}, changed")) for p in error.problems)
    problems.extend(dict.fromkeys(wrong))  # what is wrong with a change is the same for every view
    return found
