"""Words for readers: positions by author and year, grades of sources spelled out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["MONTE_CARLO", "graded", "grades", "positions", "warnings_of"]

_GRADES: Mapping[str, str] = {
    "P": "primary text or data", "C": "primary code", "A": "abstract", "S": "second-hand", "J": "judgement",
}  # fmt: skip

MONTE_CARLO = "\u00b1: Monte Carlo standard error."


def grades(letters: str | None) -> str:
    """How near sources are to who says so: ``PJ`` in words."""
    return ", ".join(_GRADES.get(letter, letter) for letter in letters or "")


def graded(source: str, grade: str | None) -> str:
    """A source and how near it is to who says so: ``Davidson 2025: alpha = 0.5 [primary text or data]``."""
    return f"{source} [{grades(grade)}]" if grade else source


def positions(views: Mapping[str, View], *, alone: bool = False) -> dict[str, str]:
    """Positions by the labels of the views; where two read alike, their labels.

    What was changed in all of them goes without saying, but where they stand alone.
    """
    changed = alone or len({view.changes for view in views.values()}) > 1
    names = {label: view.position if changed else view.stated_position for label, view in views.items()}
    alike = Counter(names.values())
    return {label: name if alike[name] == 1 else label for label, name in names.items()}


def warnings_of(views: Iterable[View]) -> list[str]:
    """What was changed, if it is the same everywhere, and warnings."""
    views = list(views)
    changes = {view.changes for view in views}
    lines = ["changed in every position: " + "; ".join(same) for same in changes if same and len(changes) == 1]
    return lines + [f"warning: {view.name}: {warning}" for view in views for warning in view.warnings]
