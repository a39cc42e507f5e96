"""The picture of a batch study: how it is laid out, and what stands above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from ooms.pictures.marks import title_above
from ooms.pictures.study.cells import Cells, cells_of, highest_of, together
from ooms.pictures.study.dots import dots
from ooms.pictures.study.lines import COLOURS, lines
from ooms.pictures.study.maps import maps
from ooms.pictures.study.panels import MARGIN
from ooms.pictures.theme import TITLE, theme
from ooms.pictures.words import harmless, wrapped
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["study_chart"]

_MANY = 8  # values of a numeric axis from which on it is an axis of a map
_LETTERS = 170  # of a small line across the picture
_TITLE_LETTERS = 105
_VISIBLE = 0.01  # of the axis of probabilities: four standard errors that are as long can be seen beside a dot


def study_chart(data: Dataset, event: str | None = None) -> alt.VConcatChart:
    """The probability of an event over the axes of a batch study, as a chart.

    Two numeric axes of 8 values or more make a map with contours. Otherwise the numeric axis with most values is along
    the picture, and the next axis of up to 7 values is told by colours; of labels alone the longest axis has rows.
    Further axes, up to two, have panels. Cells that failed or are still to do are shown as not worked out.

    Parameters
    ----------
    data : Dataset
        From `ooms.open_study`, or a selection of it: ``data.sel(view="davidson-2025")``.
    event : str, optional
        One that the study asked for (default: its first).

    Raises
    ------
    UserError
        The study did not ask for the event; or there are too many axes or values for one picture: says what to choose.
    """
    cells = cells_of(data, event)
    words = [f"P({cells.event})"] + [f"by {together([axis.name for axis in cells.axes])}"] * bool(cells.axes)
    charts, bars = _laid_out(cells)
    title = title_above(wrapped(" ".join(words), _TITLE_LETTERS, 2), _caption(cells, data, bars=bars), TITLE)
    described = alt.VConcatChart(vconcat=charts, spacing=12, title=title, description=_described(cells), padding=MARGIN)
    described = described.properties(background="white")
    described.config = theme()
    return described


def _laid_out(cells: Cells) -> tuple[Sequence[Any], bool]:
    """The parts of the picture, and whether it has bars for errors."""
    sizes = [len(axis.labels) for axis in cells.axes]
    numeric = [k for k, axis in enumerate(cells.axes) if axis.values is not None]
    longest = sorted(numeric, key=lambda k: -sizes[k])  # ties as in the study
    if len(longest) > 1 and sizes[longest[1]] >= _MANY:
        along, across = longest[:2]
        return maps(cells, along, across, [k for k in range(len(sizes)) if k not in (along, across)]), False
    first = longest[0] if numeric else max(range(len(sizes)), key=lambda k: sizes[k], default=None)
    rest = [k for k in range(len(sizes)) if k != first]
    by = next((k for k in rest if sizes[k] <= COLOURS), None)
    others = [k for k in rest if k != by]
    if numeric and first is not None:
        return lines(cells, first, by, others), True
    return dots(cells, first, by, others), True


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
