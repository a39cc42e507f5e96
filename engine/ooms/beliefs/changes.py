"""What-ifs as text, ``returns ~ loguniform(0.4, 3.6)``, for the command line and for study files."""

from __future__ import annotations

import re
import warnings
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from ooms.problems import Problems

__all__ = ["parse_changes", "unwarned"]

_CHANGE = re.compile(r"\s*([A-Za-z_][\w.]*)\s*[=~]\s*(.+?)\s*")
_SWITCH: dict[str, str | bool] = {"true": True, "false": False}


def parse_changes(texts: Iterable[str], problems: Problems, place: str = "--set") -> dict[str, str | bool]:
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
                place, f"{text!r} cannot be read", 'write it like "rho=-0.4" or "returns ~ loguniform(0.4, 3.6)"'
            )
        elif found[1] in changes:
            problems.add(place, f"{found[1]} is set twice", "keep one of them")
        else:
            changes[found[1]] = _SWITCH.get(found[2].lower(), found[2])
    return changes


@contextmanager
def unwarned() -> Generator[None]:
    """`View.warnings` are shown, and so not issued."""
    from ooms.beliefs.view import BeliefWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)
        yield
