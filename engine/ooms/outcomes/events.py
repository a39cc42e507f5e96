"""Events: some progress within some time, with a probability. ``5 ooms in 1 year``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ooms.model.inputs import Inputs
from ooms.outcomes.run import Run
from ooms.outcomes.spans import FARTHEST, LEAST, LONGEST, NUMBER, SPAN, counted, years_in
from ooms.problems import Problem, UserError

__all__ = ["ACCELERATES", "CODES", "DEFAULT_EVENTS", "END", "HEADLINE", "Event", "parse_event"]

Floats = NDArray[np.float64]
Unit = Literal["ooms", "years", "doublings"]

CODES: Mapping[str, str] = {
    "reached": "the progress came within the window",
    "not by the horizon": "it comes, but later: ask for a longer window",
    "stalled": "the pace falls so far that it never comes",
    "beyond the software limit": "it lies beyond the limits of software: raise software_limit to ask for it",
}
"""How a draw can end, for an event from the start, and what that means."""

END = " (end)"
"""What the name of a column of draws ends with that says how each draw ends (`Event.end`)."""


@dataclass(frozen=True, slots=True)
class Event:
    """Some progress within some time: ``5 ooms in 1 year``.

    Parameters
    ----------
    text : str
        As the user wrote it, tidied.
    amount, unit : float, str
        How much progress; 0 stands for "accelerates at the start".
    window : float
        Years.
    anywhere : bool
        Whether the fastest stretch along the way counts, instead of the first.
    horizon : float
        Years after which no stretch counts any more.
    """

    text: str
    amount: float
    unit: Unit
    window: float
    anywhere: bool = False
    horizon: float = math.inf

    @property
    def end(self) -> str:
        """Name of the column of draws that says how each ends; the event's own says whether it is reached."""
        return f"{self.text}{END}"

    @property
    def is_acceleration(self) -> bool:
        """Whether it asks for the sign of kappa at the start."""
        return self.amount == 0.0

    @property
    def until(self) -> float:
        """Years from the start after which nothing can move it."""
        return 0.0 if self.is_acceleration else self.horizon if self.anywhere else self.window

    @property
    def whole_ooms(self) -> bool:
        """Whether times to whole OOMs are enough to answer it."""
        return self.is_acceleration or (self.unit == "ooms" and self.amount.is_integer() and not self.anywhere)

    @property
    def scales_with_rate(self) -> bool:
        """Whether the baseline rate only stretches the time it takes."""
        return self.unit != "years" and not self.is_acceleration and math.isinf(self.horizon)

    def ooms(self, inputs: Inputs) -> Floats:
        """How much progress it asks for, in OOMs of effective training compute."""
        if self.unit == "ooms":
            return np.asarray(self.amount)
        if self.unit == "doublings":
            return np.asarray(self.amount * math.log10(2.0) / inputs.labour_per_training)
        return np.asarray(self.amount * inputs.software_growth / inputs.software_share)

    def years_taken(self, run: Run) -> Floats:
        """Years that the progress takes; 0 or infinity for the sign of kappa."""
        if self.is_acceleration:
            return np.where(run.spread(run.pace.kappa(0.0)) > 0, 0.0, np.inf)
        length = self.ooms(run.inputs)
        return run.trajectory.fastest(length, self.horizon) if self.anywhere else run.trajectory.time_to(length)

    def codes(self, run: Run, years: Floats) -> NDArray[np.intp]:
        """How each draw ends, as positions in `CODES`."""
        length = self.ooms(run.inputs)
        # a stretch that ends after the horizon comes too, and if any stretch comes the first does
        late = years if math.isinf(self.horizon) else run.trajectory.time_to(length)
        stalled = np.where(length >= np.broadcast_to(run.inputs.software_limit, years.shape), 3, 2)
        return np.where(years <= self.window, 0, np.where(np.isfinite(late), 1, stalled))


_EVENT = re.compile(
    rf"{NUMBER}\s*(ooms?|years?|doublings?)\s+in\s+{SPAN}(?:\s+(anywhere|from the start))?(?:\s+within\s+{SPAN})?"
)
_UNITS: Mapping[str, Unit] = {"oom": "ooms", "year": "years", "doubling": "doublings"}
ACCELERATES = "accelerates at the start"

HEADLINE = "5 ooms in 1 year"
"""Davidson's definition of a software intelligence explosion."""

DEFAULT_EVENTS = (HEADLINE, "3 years in 1 year", "10 years in 1 year", ACCELERATES)
"""Asked for unless others are: Davidson's definition first."""


def parse_event(text: str) -> Event:
    """Read an event: progress in OOMs, years of progress or doublings, in a time; ``anywhere`` for the fastest stretch.

    ``anywhere within 4 years`` counts only stretches that end by then.

    Raises
    ------
    UserError
        The text cannot be read, or asks for something that has no meaning.

    Examples
    --------
    >>> parse_event("3 years in 4 months anywhere")  # doctest: +ELLIPSIS
    Event(text='3 years in 4 months anywhere', amount=3.0, unit='years', window=0.333..., anywhere=True, horizon=inf)
    """
    tidy = " ".join(text.lower().split())
    if tidy in (ACCELERATES, "accelerates"):
        return Event(ACCELERATES, 0.0, "ooms", 0.0)
    found = _EVENT.fullmatch(tidy)
    if found is None:
        remedy = f'write it like "5 ooms in 1 year", "3 years in 4 months anywhere" or "{ACCELERATES}"'
        raise UserError([Problem("event", f"{text!r} cannot be read", remedy)])
    amount, unit, span, span_unit, where, limit, limit_unit = found.groups()
    name = f"{counted(float(amount), unit.rstrip('s'))} in {counted(float(span or 1), span_unit.rstrip('s'))}"
    anywhere = where == "anywhere"
    horizon = years_in(limit, limit_unit) if limit_unit else math.inf
    if limit_unit and not anywhere:
        remedy = "write anywhere within 4 years, or leave the within out"
        raise UserError([Problem("event", f"{text!r}: within is about stretches anywhere along the way", remedy)])
    name += " anywhere" * anywhere
    if limit_unit:
        name += f" within {counted(float(limit or 1), limit_unit.rstrip('s'))}"
    event = Event(name, float(amount), _UNITS[unit.rstrip("s")], years_in(span, span_unit), anywhere, horizon)
    most = FARTHEST if event.unit == "ooms" else FARTHEST * 20
    times = (event.window, event.horizon) if limit_unit else (event.window,)
    if not LEAST <= event.amount <= most or not all(LEAST <= time <= LONGEST for time in times):
        remedy = (
            f"ask for more than 0 and at most {FARTHEST:g} OOMs, in more than no time and at most {LONGEST:g} years; "
            f"of neither less than {LEAST:g}"
        )
        raise UserError([Problem("event", f"{text!r} asks for nothing that can be followed", remedy)])
    return event
