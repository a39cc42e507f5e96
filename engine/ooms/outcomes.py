"""What can be asked of a trajectory: events with a probability, and quantities with a distribution.

Both are named by text that reads as English: ``5 ooms in 1 year``, ``3 years in 4 months anywhere``,
``time to 5 ooms``, ``ooms after 1 year``.

Units: an *OOM* is an order of magnitude of effective training compute from software. A *year* of progress is a year of
recent overall AI progress, of which software was `software_share`. A *doubling* is one of labour-equivalent software.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ooms.credence import Scale
from ooms.model.inputs import Inputs
from ooms.model.pace import ClockedPace, Pace
from ooms.model.path import Trajectory, Workspace
from ooms.model.retraining import RetrainedPace
from ooms.model.trajectory import solve
from ooms.problems import Problem, UserError, did_you_mean

__all__ = ["CODES", "DEFAULT_EVENTS", "DEFAULT_QUANTITIES", "Event", "Quantity", "Run", "parse_event", "parse_quantity"]

Floats = NDArray[np.float64]
Unit = Literal["ooms", "years", "doublings"]

FARTHEST = 60.0
"""OOMs beyond which nothing can be asked."""

WAY = 24
"""OOMs to which draws that meet no limit before are followed; progress beyond counts as endless."""

CODES: Mapping[str, str] = {
    "reached": "the progress came within the window",
    "not by the horizon": "it comes, but later: ask for a longer window",
    "stalled": "the pace falls so far that it never comes",
    "beyond the software limit": "it lies beyond the limits of software: raise software_limit to ask for it",
}
"""How a draw can end, for an event from the start, and what that means."""


class Run:
    """One block of draws, solved as far as what is asked of it needs.

    Parameters
    ----------
    inputs : Inputs
        The draws.
    top : int
        How far to follow them, OOMs.
    dense : bool
        Whether more than times to whole OOMs is asked.
    workspace : Workspace, optional
        Memory to use again.
    """

    def __init__(self, inputs: Inputs, top: int, dense: bool, workspace: Workspace | None = None) -> None:
        self.inputs, self._top, self._dense, self._workspace = inputs, top, dense, workspace
        self._progress: dict[float, Floats] = {}

    @cached_property
    def trajectory(self) -> Trajectory:
        """Times to progress."""
        return solve(self.inputs, self._top, dense=self._dense, workspace=self._workspace)

    @cached_property
    def pace(self) -> Pace:
        """The equation at the start."""
        if self.inputs.retraining:
            return RetrainedPace(self.inputs, 1)
        return ClockedPace(self.inputs) if self.inputs.has_clock else Pace(self.inputs)

    @cached_property
    def peak(self) -> tuple[Floats, Floats]:
        """Highest pace, and when."""
        return self.trajectory.peak()

    def progress_after(self, years: float) -> Floats:
        """OOMs gained by then; worked out once."""
        if years not in self._progress:
            self._progress[years] = self.trajectory.progress_after(years)
        return self._progress[years]

    def spread(self, values: Floats) -> Floats:
        """One value a draw, also where all draws share it."""
        return np.broadcast_to(values, self.inputs.draws)

    def initial_speedup(self) -> Floats:
        """Pace at the start over today's human-only pace."""
        pace = self.pace
        if isinstance(pace, ClockedPace):
            zero = np.zeros(self.inputs.draws)
            log = pace.still(zero) + pace.moving(zero, zero, pace.start()) - pace.log_today
        else:
            log = pace.log_relative(0.0)
        return self.spread(np.exp(log))


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
    """

    text: str
    amount: float
    unit: Unit
    window: float
    anywhere: bool = False

    @property
    def is_acceleration(self) -> bool:
        """Whether it asks for the sign of kappa at the start."""
        return self.amount == 0.0

    @property
    def whole_ooms(self) -> bool:
        """Whether times to whole OOMs are enough to answer it."""
        return self.is_acceleration or (self.unit == "ooms" and self.amount.is_integer() and not self.anywhere)

    @property
    def scales_with_rate(self) -> bool:
        """Whether the baseline rate only stretches the time it takes."""
        return self.unit != "years" and not self.is_acceleration

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
        return run.trajectory.fastest(length) if self.anywhere else run.trajectory.time_to(length)

    def codes(self, run: Run, years: Floats) -> NDArray[np.intp]:
        """How each draw ends, as positions in `CODES`."""
        limit = np.broadcast_to(run.inputs.software_limit, years.shape)
        stalled = np.where(self.ooms(run.inputs) >= limit, 3, 2)
        return np.where(years <= self.window, 0, np.where(np.isfinite(years), 1, stalled))


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something with a distribution: ``time to 5 ooms``.

    Parameters
    ----------
    name, unit : str
        As shown.
    scale : Scale
        Where its distribution is resolved.
    values : callable
        From a `Run` to one value a draw; +inf where it never comes.
    reach : float or None
        OOMs it needs to be followed to; None for the whole way.
    whole_ooms : bool
        Whether times to whole OOMs are enough.
    endless : str
        What an infinite value means.
    """

    name: str
    unit: str
    scale: Scale
    values: Callable[[Run], Floats]
    reach: float | None = None
    whole_ooms: bool = False
    endless: str = "never"


_TIMES = Scale(1e-6, 1e18, logarithmic=True)
_OOMS = Scale(0.0, FARTHEST)
_FACTORS = Scale(1e-12, 1e15, logarithmic=True)
_UNITLESS = Scale(-20.0, 20.0, bottom=-20.0)

_NUMBER = r"(\d+(?:\.\d*)?|\.\d+)"
_SPAN = rf"{_NUMBER}?\s*(years?|months?|weeks?|days?)"
_DAYS = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25}
_EVENT = re.compile(rf"{_NUMBER}\s*(ooms?|years?|doublings?)\s+in\s+{_SPAN}(?:\s+(anywhere|from the start))?")
_UNITS: Mapping[str, Unit] = {"oom": "ooms", "year": "years", "doubling": "doublings"}
ACCELERATES = "accelerates at the start"

DEFAULT_EVENTS = ("5 ooms in 1 year", "3 years in 1 year", "10 years in 1 year", ACCELERATES)
"""Asked for unless others are: Davidson's definition first."""


def _count(number: float, noun: str) -> str:
    """``1 year``, ``2 years``."""
    return f"{number:.15g} {noun}{'' if number == 1 else 's'}"


def _span(number: str | None, unit: str) -> float:
    return float(number or 1) * _DAYS[unit.rstrip("s")]


def parse_event(text: str) -> Event:
    """Read an event: progress in OOMs, years of progress or doublings, in a time; ``anywhere`` for the fastest stretch.

    Raises
    ------
    UserError
        The text cannot be read, or asks for something that has no meaning.

    Examples
    --------
    >>> parse_event("3 years in 4 months anywhere")
    Event(text='3 years in 4 months anywhere', amount=3.0, unit='years', window=0.3333333333333333, anywhere=True)
    """
    tidy = " ".join(text.lower().split())
    if tidy in (ACCELERATES, "accelerates"):
        return Event(ACCELERATES, 0.0, "ooms", 0.0)
    found = _EVENT.fullmatch(tidy)
    if found is None:
        remedy = f'write it like "5 ooms in 1 year", "3 years in 4 months anywhere" or "{ACCELERATES}"'
        raise UserError([Problem("event", f"{text!r} cannot be read", remedy)])
    amount, unit, span, span_unit, where = found.groups()
    name = f"{_count(float(amount), unit.rstrip('s'))} in {_count(float(span or 1), span_unit.rstrip('s'))}"
    anywhere = where == "anywhere"
    event = Event(
        name + " anywhere" * anywhere, float(amount), _UNITS[unit.rstrip("s")], _span(span, span_unit), anywhere
    )
    if not 0 < event.amount <= FARTHEST * 20 or (event.unit == "ooms" and event.amount > FARTHEST) or event.window <= 0:
        remedy = f"ask for more than 0 and at most {FARTHEST:g} OOMs, in more than no time"
        raise UserError([Problem("event", f"{text!r} asks for nothing that can be followed", remedy)])
    return event


def _time_to(amount: str) -> Quantity:
    ooms = float(amount)
    if not 0 < ooms <= FARTHEST:
        remedy = f"ask for more than 0 and at most {FARTHEST:g} OOMs"
        raise UserError([Problem("quantity", f"time to {ooms:g} ooms cannot be followed", remedy)])
    return Quantity(
        f"time to {_count(ooms, 'oom')}",
        "years",
        _TIMES,
        lambda run: run.trajectory.time_to(ooms),
        ooms,
        whole_ooms=ooms.is_integer(),
    )


def _after(kind: str, number: str | None, unit: str) -> Quantity:
    years, span = _span(number, unit), _count(float(number or 1), unit.rstrip("s"))
    if kind == "ooms":
        return Quantity(
            f"ooms after {span}", "OOM", _OOMS, lambda run: run.progress_after(years), endless=f"over {WAY}"
        )
    return Quantity(
        f"years of progress after {span}",
        "years of recent progress",
        _FACTORS,
        lambda run: run.progress_after(years) * run.inputs.software_share / run.inputs.software_growth,
        endless=f"over {WAY} OOMs",
    )


_NAMED: Mapping[str, Quantity] = {
    quantity.name: quantity
    for quantity in (
        Quantity("initial speed-up", "x today's pace", _FACTORS, Run.initial_speedup, 0.0, whole_ooms=True),
        Quantity("peak pace", "x today's pace", _FACTORS, lambda run: run.peak[0], endless=f"beyond {WAY} OOMs"),
        Quantity("time to peak pace", "years", _TIMES, lambda run: run.peak[1], endless=f"beyond {WAY} OOMs"),
        Quantity("ooms at fizzle", "OOM", _OOMS, lambda run: run.trajectory.fizzle(), endless=f"over {WAY}"),
        Quantity("acceleration at the start", "kappa", _UNITLESS, lambda run: run.spread(run.pace.kappa(0.0)), 0.0,
                 whole_ooms=True),
        Quantity("labour share at the start", "share", Scale(0.0, 1.0),
                 lambda run: run.spread(run.pace.labour_share(0.0)), 0.0, whole_ooms=True),
    )
}  # fmt: skip

_TIME_TO = re.compile(rf"time to {_NUMBER} ooms?")
_AFTER = re.compile(rf"(ooms|years of progress) after {_SPAN}")

DEFAULT_QUANTITIES = (
    *(f"time to {n} oom{'s' * (n > 1)}" for n in range(1, 13)),
    *(f"ooms after {span}" for span in ("3 months", "6 months", "1 year", "2 years", "4 years")),
    "years of progress after 1 year",
    *_NAMED,
)
"""Asked for unless others are."""


def parse_quantity(text: str) -> Quantity:
    """Read the name of a quantity.

    Raises
    ------
    UserError
        There is no such quantity; says what there is.

    Examples
    --------
    >>> parse_quantity("time to 5 ooms").unit
    'years'
    """
    tidy = " ".join(text.lower().split())
    if tidy in _NAMED:
        return _NAMED[tidy]
    if found := _TIME_TO.fullmatch(tidy):
        return _time_to(found[1])
    if found := _AFTER.fullmatch(tidy):
        return _after(found[1], found[2], found[3])
    known = ("time to 5 ooms", "ooms after 1 year", "years of progress after 1 year", *_NAMED)
    raise UserError([Problem("quantity", f"there is no quantity {text!r}", did_you_mean(tidy, known))])
