"""What-ifs as text, ``returns ~ loguniform(0.4, 3.6)``, for the command line and for study files."""

from __future__ import annotations

import re
import warnings
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace

from ooms.beliefs.names import SYMBOLS
from ooms.problems import Problem, Problems, UserError, within

__all__ = ["parse_changes", "unusable", "unwarned"]

_NAME = "|".join([r"[^\W\d][\w.']*", *map(re.escape, SYMBOLS)])  # the symbol of a parameter may be no word
_CHANGE = re.compile(rf"\s*({_NAME})\s*[=~]\s*(.+?)\s*")
_SWITCH: dict[str, str | bool] = {"true": True, "false": False}


def parse_changes(texts: Iterable[str], problems: Problems, place: str = "changes") -> dict[str, str | bool]:
    """Names and new beliefs, for `View.replace`; texts that cannot be read are added to `problems`.

    Of a name that is set more than once the first belief is given back, and what is wrong with the others is added too.

    Examples
    --------
    >>> parse_changes(["rho=-0.4", "returns ~ loguniform(0.4, 3.6)", "retraining=true"], Problems())
    {'rho': '-0.4', 'returns': 'loguniform(0.4, 3.6)', 'retraining': True}
    """
    changes = dict[str, list[str]]()
    for text in texts:
        found = _CHANGE.fullmatch(text)
        if found is None:
            problems.add(
                place, f"{text!r} cannot be read", 'write it like "rho=-0.4" or "returns ~ loguniform(0.4, 3.6)"'
            )
        else:
            changes.setdefault(found[1], []).append(found[2])
    at = within(place, "") if ": " in place else ""  # in a file; else named as by `View.replace`
    for name, values in changes.items():
        if len(values) > 1:
            often = "twice" if len(values) == 2 else f"{len(values)} times"
            problems.add(place, f"{name} is set {often}: {', '.join(values)}", "keep one of them")
            first, *others = (unusable({name: _change(value)}) for value in values)
            wrong = dict.fromkeys(problem for found in others for problem in found if problem not in first)
            problems.extend(replace(problem, place=at + problem.place) for problem in wrong)
    return {name: _change(value) for name, (value, *_) in changes.items()}


def _change(value: str) -> str | bool:
    return _SWITCH.get(value.lower(), value)


def unusable(changes: Mapping[str, str | bool]) -> tuple[Problem, ...]:
    """What is wrong with what-ifs by themselves, whatever view they are for."""
    from ooms.beliefs.view import View

    try:
        View("", {}, unread=frozenset({"extends"})).changed(changes)
    except UserError as error:
        return tuple(replace(p, place=p.place.removeprefix("the changed view: parameters.")) for p in error.problems)
    return ()


@contextmanager
def unwarned() -> Generator[None]:
    """`View.warnings` are shown, and so not issued."""
    from ooms.beliefs.view import BeliefWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)
        yield
