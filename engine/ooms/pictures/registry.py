"""Every picture by name: what it is of, and what it shows. A picture is one file, and one line here.

The file is ``pictures/KIND/NAME.py`` and holds ``PICTURE``: title, caption, chart and words. Whatever else knows
pictures by name reads this list: ``ooms plot``, ``forecast.plot``, reports. Nothing here imports Altair.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

__all__ = ["REGISTRY", "Entry", "Of", "pictures_of"]

Of = Literal["a view", "views", "a calibration", "a study"]

_ROOMS: Mapping[Of, str] = MappingProxyType(
    {"a view": "forecast", "views": "comparison", "a calibration": "calibration", "a study": "study"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the registry.

    Examples
    --------
    >>> REGISTRY["fan"].module
    'ooms.pictures.forecast.fan'
    """

    name: str  # as in ``ooms plot NAME`` and ``result.plot.NAME()``; the file has it, too
    of: Of
    shows: str
    by_event: bool = False  # whether one may choose the event that it shows the probability of
    draws: int = 2**16  # as many as ``ooms plot`` takes unless told

    @property
    def module(self) -> str:
        """Where the file is."""
        return f"ooms.pictures.{_ROOMS[self.of]}.{self.name}"

    @property
    def picture(self) -> Any:
        """What the file holds (`ooms.pictures.picture.Picture`); imports Altair."""
        return importlib.import_module(self.module).PICTURE

    def draw(self, result: Any, event: str | None = None) -> Any:
        """The chart of a result, as it is shown where nothing stands beside it."""
        return self.picture.of(result, event) if self.by_event else self.picture.of(result)


_ENTRIES = (  # of a kind, in the order in which a report shows them
    Entry("progress", "a view", "how far software gets in a year"),
    Entry("exceedance", "a view", "how likely at least n OOMs are, within a month to 4 years"),
    Entry("times", "a view", "how long 1 to 12 OOMs take, and how often they never come"),
    Entry("fan", "a view", "progress over 4 years, with single draws"),
    Entry("pace", "a view", "how far more labour speeds research up at today's compute, and its ceilings"),
    Entry("beliefs", "a view", "prior densities of all inputs"),
    # of quarters of draws it takes quarters again, so that it needs more
    Entry("drivers", "a view", "which inputs drive the answer", draws=2**17),
    Entry("positions", "views", "how likely, a line a position, by author", by_event=True),
    Entry("views", "views", "how likely, how soon and how fast, a row a view", by_event=True),
    Entry("calibration", "a calibration", "what was learnt, from whom, and whether the answers fit", by_event=True),
    Entry("learnt", "a calibration", "prior against posterior"),
    Entry("contributions", "a calibration", "what each survey did to the probability", by_event=True),
    Entry("checks", "a calibration", "answers beside what the calibrated model simulates"),
    Entry("study", "a study", "probability over the study's own axes, as map, lines or dots", by_event=True),
    Entry("map", "a study", "probability over two axes of numbers, with contours", by_event=True),
    Entry("lines", "a study", "probability along an axis of numbers, a line a point of another axis", by_event=True),
    Entry("dots", "a study", "probability in rows of dots, a row a point of an axis", by_event=True),
)

REGISTRY: Mapping[str, Entry] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""Every picture by its name: what ``ooms plot`` takes."""


def pictures_of(of: Of, registry: Mapping[str, Entry] = REGISTRY) -> dict[str, Entry]:
    """The pictures of one kind of result, in the order in which a report shows them.

    Examples
    --------
    >>> list(pictures_of("a calibration"))
    ['calibration', 'learnt', 'contributions', 'checks']
    """
    return {name: entry for name, entry in registry.items() if entry.of == of}
