"""The picture of a batch study: laid out as a map, lines or dots by what its axes are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ooms.pictures.study.cells import Cells
from ooms.pictures.study.dots import in_dots
from ooms.pictures.study.frame import StudyPicture
from ooms.pictures.study.lines import in_lines
from ooms.pictures.study.map import as_map

if TYPE_CHECKING:
    from altair import TopLevelMixin
    from xarray import Dataset

__all__ = ["PICTURE", "study_chart"]

_MANY = 8  # values of a numeric axis from which on it is an axis of a map


def _is_map(cells: Cells) -> bool:
    return sum(len(cells.axes[k].labels) >= _MANY for k in cells.longest(numeric=True)) > 1


def _layout(cells: Cells) -> Any:
    if _is_map(cells):
        return as_map(cells)
    return in_lines(cells) if cells.longest(numeric=True) else in_dots(cells)


PICTURE = StudyPicture(_layout, bars=lambda cells: not _is_map(cells))


def study_chart(data: Dataset, event: str | None = None) -> TopLevelMixin:
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
    return PICTURE.of(data, event)
