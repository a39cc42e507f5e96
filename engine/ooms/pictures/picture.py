"""What a picture of a comparison, a calibration or a study is; one of a forecast has more (`forecast.base`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Picture"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: what its file gives as ``PICTURE``.

    Parameters
    ----------
    title : str
        What it answers.
    caption : str
        How to read it, in a report.
    of : callable
        From a result, and an event where one may be chosen, to the chart with its title and its words.
    said : callable
        From the same to the picture in words: its main numbers, for who cannot see it.
    """

    title: str
    caption: str
    of: Callable[..., Any]
    said: Callable[..., str]
