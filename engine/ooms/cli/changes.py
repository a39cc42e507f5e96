"""Views as they are named on the command line, and ``--set``: what-ifs as text, ``returns ~ loguniform(0.4, 3.6)``."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ooms.problems import Problems, UserError

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.problems import Problem

__all__ = ["changed_view", "changed_views", "parse_changes", "unwarned"]

_CHANGE = re.compile(r"\s*([A-Za-z_][\w.]*)\s*[=~]\s*(.+?)\s*")
_CHANGED_VIEW = "the changed view"  # what `View.replace` calls it
_SWITCH: dict[str, str | bool] = {"true": True, "false": False}


def parse_changes(texts: Iterable[str], problems: Problems) -> dict[str, str | bool]:
    """Names and new beliefs, for `View.replace`; texts that cannot be read are added to `problems`.

    Examples
    --------
    >>> parse_changes(["rho=-0.4", "returns ~ loguniform(0.4, 3.6)", "retraining=true"], Problems())
    {'rho': '-0.4', 'returns': 'loguniform(0.4, 3.6)', 'retraining': True}
    """
    changes = dict[str, str | bool]()
    for text in texts:
        found = _CHANGE.fullmatch(text)
        if found is None:
            problems.add(
                "--set", f"{text!r} cannot be read", 'write it like "rho=-0.4" or "returns ~ loguniform(0.4, 3.6)"'
            )
        elif found[1] in changes:
            problems.add("--set", f"{found[1]} is set twice", "keep one of them")
        else:
            changes[found[1]] = _SWITCH.get(found[2].lower(), found[2])
    return changes


@contextmanager
def unwarned() -> Generator[None]:
    """`View.warnings` are shown, and so not issued."""
    import warnings

    from ooms.beliefs.view import BeliefWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)
        yield


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
    from ooms.beliefs.library import shipped
    from ooms.beliefs.reader import load

    wanted = parse_changes(changes, problems)
    found: dict[str, View] = {}
    wrong: list[Problem] = []
    with unwarned():
        for name in dict.fromkeys([*names, *(shipped() if and_shipped else ())]):
            try:
                view = load(name)
                found[name] = view.replace(**wanted) if wanted else view
            except UserError as error:
                wrong += (replace(p, place=p.place.replace(_CHANGED_VIEW, f"{name}, changed")) for p in error.problems)
    problems.extend(dict.fromkeys(wrong))  # what is wrong with a change is the same for every view
    return found
