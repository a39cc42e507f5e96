"""A calibration as a whole: what was learnt, from whom, and whether the answers could have come from the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from ooms.outcomes import HEADLINE
from ooms.pictures.calibration.checks import answers
from ooms.pictures.calibration.contributions import influence
from ooms.pictures.calibration.frame import framed, headline, instead
from ooms.pictures.calibration.learnt import learning, most_narrowed
from ooms.pictures.picture import Picture
from ooms.pictures.words import event_name

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["PICTURE"]


def _of(calibration: Calibration, event: str | None = None) -> alt.VConcatChart:
    """All parts below each other; of a file without the effects of single surveys on the event it says so."""
    event = event or HEADLINE
    if calibration.known_contributions(event) is not None:
        surveys = influence(calibration, event)
    else:  # a picture must not refit every survey unasked
        surveys = instead(f"What each survey did to P({event_name(event)}) was not worked out.")
    parts = [*learning(calibration), surveys, answers(calibration)]
    return framed(calibration, headline(calibration, event), parts, _said(calibration, event))


def _said(calibration: Calibration, event: str | None = None) -> str:
    return f"{headline(calibration, event or HEADLINE)}. {most_narrowed(calibration)}"


PICTURE = Picture(
    "What was learnt, from whom, and do the answers fit?",
    "Grey: before the surveys. Colour: after.",
    _of,
    _said,
)
