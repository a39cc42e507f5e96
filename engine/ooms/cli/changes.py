"""``--set``: what-ifs as text, ``rho=-0.4`` or ``returns ~ loguniform(0.4, 3.6)``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ooms.problems import Problems

__all__ = ["parse_changes"]

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
