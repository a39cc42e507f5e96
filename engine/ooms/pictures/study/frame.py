"""What stands around every picture of a batch study: its title, which study, how sure, and its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt
import numpy as np

from ooms.pictures.marks import title_above
from ooms.pictures.picture import Picture
from ooms.pictures.study.cells import Cells, cells_of, highest_of, together
from ooms.pictures.study.panels import MARGIN
from ooms.pictures.theme import TITLE, theme
from ooms.pictures.words import harmless, wrapped
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["Layout", "picture_of"]

_LETTERS = 170  # of a small line across the picture
_TITLE_LETTERS = 105
_VISIBLE = 0.01  # of the axis of probabilities: four standard errors that are as long can be seen beside a dot


class Layout(NamedTuple):
    """The parts of a picture, and whether it has bars for errors."""

    charts: Sequence[Any]
    bars: bool


def picture_of(layout: Callable[[Cells], Layout]) -> Picture:
    """The picture of a study that is laid out so."""

    def of(data: Dataset, event: str | None = None) -> alt.VConcatChart:
        cells = cells_of(data, event)
        by = [f"by {together([axis.name for axis in cells.axes])}"] if cells.axes else []
        charts, bars = layout(cells)
        lines = wrapped(" ".join([f"P({cells.event})", *by]), _TITLE_LETTERS, 2)
        return alt.VConcatChart(
            vconcat=list(charts), spacing=12, title=title_above(lines, _caption(cells, data, bars=bars), TITLE),
            description=_described(cells), padding=MARGIN, background="white", config=theme(),
        )  # fmt: skip

    def said(data: Dataset, event: str | None = None) -> str:
        return _described(cells_of(data, event))

    return Picture("How likely, over the study's own axes?", _CAPTION, of, said)


_CAPTION = "Credences under each cell's beliefs, not facts."


def _caption(cells: Cells, data: Dataset, *, bars: bool) -> list[str]:
    """Which study, how many draws, how sure: the small lines; some pictures have bars for errors."""
    title, attributes = harmless(str(data.attrs.get("title", ""))), data.attrs
    told = list[str]()
    if "draws" in attributes:
        told.append(f"{int(attributes['draws']):,} draws a cell")
    if "seed" in attributes:
        told.append(f"seed {int(attributes['seed'])}")
    errors = cells.error[np.isfinite(cells.error)]
    if errors.size:
        most = 100.0 * float(errors.max())
        seen = bars and 4.0 * most > _VISIBLE * cells.top
        points = "percentage point" + "s" * (f"{most:.1g}" != "1")
        told.append(f"standard errors up to {most:.1g} {points}" + " (bars: \u00b1 2 of them)" * seen)
    shared = "; ".join(cells.fixed)
    first = ". ".join(text for text in (title.rstrip("."), f"In all cells: {shared}" * bool(shared)) if text)
    first = first.replace("?. ", "? ").replace("!. ", "! ")
    last = f"{', '.join(told)}. Credences under each cell\u2019s beliefs, not facts."
    return [line for line in (*wrapped(first, _LETTERS, 2), *wrapped(last, _LETTERS, 2)) if line]


def _described(cells: Cells) -> str:
    """The main numbers in a sentence, for those who cannot see the picture."""
    over = together([axis.name for axis in cells.axes]) or "one cell"
    ends = highest_of(cells)
    if ends is None:
        return f"Probability of {cells.event} over {over}: no cell was worked out."
    low, high = (f"{_chance(cells, place)} at {cells.words(place)}" for place in ends)
    missing = f"; {cells.missing}" * bool(cells.missing)
    return f"Probability of {cells.event} over {over}: lowest {low}, highest {high}{missing}."


def _chance(cells: Cells, place: tuple[int, ...]) -> str:
    return in_percent(Estimate(float(cells.probability[place]), float(cells.error[place])))
