"""A calibration as a whole: what was learnt, from whom, and whether the answers could have come from the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ooms.outcomes import HEADLINE
from ooms.pictures.calibration.checks import answers, check_rows
from ooms.pictures.calibration.contributions import influence, influence_rows
from ooms.pictures.calibration.frame import CalibrationPicture, headline, instead, made
from ooms.pictures.calibration.learnt import learning, learnt_rows, most_narrowed
from ooms.pictures.words import event_name

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.pictures.rows import Rows

__all__ = ["PICTURE"]


def _rows(calibration: Calibration, event: str = HEADLINE) -> Rows:
    title = headline(calibration, event)
    # a picture must not refit every survey unasked
    known = calibration.known_contributions(event) is not None
    surveys = influence_rows(calibration, event) if known else {"ends": [{"event": event_name(event)}]}
    about = made(calibration, title, f"{title}. {most_narrowed(calibration)}")
    return {"made": about, **learnt_rows(calibration), **surveys, **check_rows(calibration)}


def _parts(rows: Rows) -> list[Any]:
    """All parts below each other; of a file without the effects of single surveys on the event it says so."""
    missing = f"What each survey did to P({rows['ends'][0]['event']}) was not worked out."
    surveys = influence(rows) if "surveys" in rows else instead(missing)
    return [*learning(rows), surveys, answers(rows)]


PICTURE = CalibrationPicture(
    "What was learnt, from whom, and do the answers fit?", "Grey: before the surveys. Colour: after.", _rows, _parts
)
