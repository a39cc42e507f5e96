"""What stands around every picture of a batch study: its title, which study, how sure, and its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ooms.pictures.picture import Picture
from ooms.pictures.study.cells import Cells, cells_of, together
from ooms.pictures.words import wrapped

__all__ = ["StudyPicture"]

_CREDENCES = "Credences under each cell\u2019s assumptions, not facts."
_LETTERS = 170  # of a small line across the picture
_TITLE_LETTERS = 105
_VISIBLE = 0.01  # of the axis of probabilities: four standard errors that are as long can be seen beside a dot


class StudyPicture(Picture):
    """A picture of a study that is laid out so, with bars for errors unless it says otherwise."""

    def __init__(self, layout: Callable[[Cells], Any], bars: Callable[[Cells], bool] = lambda _: True) -> None:
        def frame(cells: Cells) -> tuple[Sequence[str], Sequence[str]]:
            by = [f"by {together([axis.name for axis in cells.axes])}"] if cells.axes else []
            return wrapped(" ".join([f"P({cells.event})", *by]), _TITLE_LETTERS, 2), _caption(cells, bars=bars(cells))

        super().__init__(
            "How likely, over the study's own axes?", _CREDENCES,
            cells_of, layout, _said, frame,
        )  # fmt: skip


def _caption(cells: Cells, *, bars: bool) -> list[str]:
    """Which study, how many draws, how sure: the small lines."""
    facts = list(cells.made)
    errors = [row["error"] for row in cells.known if row["error"] is not None]
    if errors:
        most = 100.0 * max(errors)
        points = "percentage point" if f"{most:.1g}" == "1" else "percentage points"
        seen = " (bars: \u00b1 2 of them)" if bars and 4.0 * most > _VISIBLE * cells.top else ""
        facts.append(f"standard errors up to {most:.1g} {points}{seen}")
    shared = f"In all cells: {'; '.join(cells.fixed)}" if cells.fixed else ""
    first = ". ".join(text for text in (cells.title.rstrip("."), shared) if text)
    first = first.replace("?. ", "? ").replace("!. ", "! ")
    last = f"{', '.join(facts)}. {_CREDENCES}"
    return [line for line in (*wrapped(first, _LETTERS, 2), *wrapped(last, _LETTERS, 2)) if line]


def _said(cells: Cells) -> str:
    """The main numbers in a sentence, for those who cannot see the picture."""
    over = together([axis.name for axis in cells.axes]) or "one cell"
    ranked = sorted(cells.known, key=lambda row: row["probability"])
    if not ranked:
        return f"Probability of {cells.event} over {over}: no cell was worked out."
    low, high = (f"{row['label']} at {row['where']}" for row in (ranked[0], ranked[-1]))
    missing = f"; {cells.missing}" if cells.missing else ""
    return f"Probability of {cells.event} over {over}: lowest {low}, highest {high}{missing}."
