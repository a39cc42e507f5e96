"""``--set``: what-ifs as text, ``rho=-0.4`` or ``returns ~ loguniform(0.4, 3.6)``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ooms.problems import Problems, UserError

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["changed_view", "parse_changes"]

_CHANGE = re.compile(r"\s*([A-Za-z_][\w.]*)\s*[=~]\s*(.+?)\s*")
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


def changed_view(view: str, changes: Iterable[str], problems: Problems) -> View | None:
    """The view with its what-ifs, or None and all that is wrong with it and them in `problems`.

    `View.warnings` are for the caller to show; none is issued.
    """
    import warnings

    from ooms.beliefs.reader import load
    from ooms.beliefs.view import BeliefWarning

    wanted = parse_changes(changes, problems)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)
        try:
            believed = load(view)
            return believed.replace(**wanted) if wanted else believed
        except UserError as error:
            problems.extend(error.problems)
            return None
