"""What a picture is: rows of plain data, worked out from a result, and a chart drawn from rows alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ooms.pictures.marks import title_above
from ooms.pictures.theme import TITLE, theme

__all__ = ["Frame", "Picture"]

type Frame = tuple[Sequence[str], Sequence[str]]
"""Lines of a title, and small lines below it that say how it was made and how to read it."""


@dataclass(frozen=True)
class Picture:
    """A picture: what its file gives as ``PICTURE``.

    Parameters
    ----------
    title : str
        What it answers.
    caption : str
        How to read it, in a report.
    rows : callable
        From a result, and an event where one may be chosen, to what is drawn: plain data.
    chart : callable
        From rows alone to the chart, without a title.
    words : callable
        From rows to the picture in words: its main numbers, for those who cannot see it.
    frame : callable, optional
        From rows to what stands above the chart (default: title and caption).
    """

    title: str
    caption: str
    rows: Callable[..., Any]
    chart: Callable[[Any], Any]
    words: Callable[[Any], str]
    frame: Callable[[Any], Frame] | None = None

    def of(self, result: Any, event: str | None = None) -> Any:
        """The chart of a result with its title and its words."""
        rows = self._rows(result, event)
        return self.framed(rows, self.frame(rows) if self.frame else ([self.title], [self.caption]), self.words(rows))

    def said(self, result: Any, event: str | None = None) -> str:
        """The picture in words."""
        return self.words(self._rows(result, event))

    def _rows(self, result: Any, event: str | None) -> Any:
        return self.rows(result) if event is None else self.rows(result, event)

    def framed(self, rows: Any, frame: Frame, words: str) -> Any:
        """The chart under its title."""
        title, small = frame
        return self.chart(rows).properties(
            title=title_above(title, small, TITLE), background="white", padding=14, config=theme(), description=words
        )
