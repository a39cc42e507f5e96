"""Events: some progress within some time, with a probability. ``5 ooms in 1 year``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ooms.model.inputs import Inputs
from ooms.outcomes.quantities import Quantity, parse_quantity
from ooms.outcomes.run import Run
from ooms.outcomes.spans import FARTHEST, LEAST, LONGEST, NUMBER, SPAN, counted, span
from ooms.outcomes.words import typed_name
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
class Bound:
    """That a quantity which is known at the start lies above a number, or below: ``max speed above 10``."""

    quantity: Quantity
    above: bool
    number: float

    @property
    def text(self) -> str:
        """As it is asked."""
        return f"{self.quantity.name} {'above' if self.above else 'below'} {_plain(self.number)}"

    @property
    def otherwise(self) -> str:
        """How the draws end for which it does not hold."""
        return f"{_plain(self.number)} or {'below' if self.above else 'above'}"

    def holds(self, run: Run) -> NDArray[np.bool]:
        """Whether it does, draw by draw."""
        values = self.quantity.values(run)
        return values > self.number if self.above else values < self.number


def _plain(number: float) -> str:
    """The number in digits alone."""
    return f"{Decimal(f'{number:.15g}'):f}"


@dataclass(frozen=True, slots=True)
class Event:
    """Some progress within some time: ``5 ooms in 1 year``.

    Parameters
    ----------
    text : str
        As the user wrote it, tidied.
    amount, unit : float, str
        How much progress; 0 stands for what is known at the start.
    window : float
        Years.
    anywhere : bool
        Whether the fastest stretch along the way counts, instead of the first.
    horizon : float
        Years after which no stretch counts any more.
    bound : Bound, optional
        Of an event that is known at the start: what is asked of a quantity.
    """

    text: str
    amount: float
    unit: Unit
    window: float
    anywhere: bool = False
    horizon: float = math.inf
    bound: Bound | None = None

    @property
    def end(self) -> str:
        """Name of the column of draws that says how each ends; the event's own says whether it is reached."""
        return f"{self.text}{END}"

    @property
    def is_acceleration(self) -> bool:
        """Whether it asks for the sign of kappa at the start."""
        return self.at_start and self.bound is None

    @property
    def at_start(self) -> bool:
        """Whether it is known at the start, without any progress."""
        return self.amount == 0.0

    @property
    def until(self) -> float:
        """Years from the start after which nothing can move it."""
        return 0.0 if self.at_start else self.horizon if self.anywhere else self.window

    @property
    def whole_ooms(self) -> bool:
        """Whether times to whole OOMs are enough to answer it."""
        return self.at_start or (self.unit == "ooms" and self.amount.is_integer() and not self.anywhere)

    @property
    def scales_with_rate(self) -> bool:
        """Whether the baseline rate only stretches the time it takes."""
        return self.unit != "years" and not self.at_start and math.isinf(self.horizon)

    def ooms(self, inputs: Inputs) -> Floats:
        """How much progress it asks for, in OOMs of effective training compute."""
        if self.unit == "ooms":
            return np.asarray(self.amount)
        if self.unit == "doublings":
            return np.asarray(self.amount * math.log10(2.0) / inputs.labour_per_training)
        return np.asarray(self.amount * inputs.software_growth / inputs.software_share)

    def years_taken(self, run: Run) -> Floats:
        """Years that the progress takes; 0 or infinity for what is known at the start."""
        if self.bound is not None:
            return np.where(self.bound.holds(run), 0.0, np.inf)
        if self.at_start:
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


_AT_LEAST = r"(?:(?:at least|more than|over|>=?|\u2265)\s*)?"  # a share of the draws has no atom at an amount or a time
_WITHIN = r"(?:within|in)\s*(?:(?:less than|under|at most|no more than|up to|<=?|\u2264)\s*)?"
_EVENT = re.compile(
    rf"{_AT_LEAST}{NUMBER}\s*(ooms?|years?|doublings?)\s+{_WITHIN}{SPAN}(?:\s+(anywhere|from the start))?"
    rf"(?:\s+within\s+{SPAN})?"
)
_BOUND = re.compile(
    rf"(.+?)\s*(?:(above|over|more than|greater than|>)|below|under|less than|<)\s*(-?){NUMBER}\s*(?:x|times)?"
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
    Event(text='3 years in 4 months anywhere', amount=3.0, unit='years', window=0.333..., anywhere=True, horizon=inf...)
    """
    tidy = typed_name(" ".join(text.lower().split()))
    if tidy in (ACCELERATES, "accelerates"):
        return Event(ACCELERATES, 0.0, "ooms", 0.0)
    found = _EVENT.fullmatch(tidy)
    if found is None and (bound := _BOUND.fullmatch(tidy)):
        return _bounded(text, *bound.groups())
    if found is None:
        remedy = f'write it like "5 ooms in 1 year", "3 years in 4 months anywhere" or "{ACCELERATES}"'
        raise UserError([Problem("event", f"{text!r} cannot be read", remedy)])
    amount, unit, number, number_unit, where, limit, limit_unit = found.groups()
    window, words = span(number, number_unit)
    name = f"{counted(float(amount), unit.rstrip('s'))} in {words}"
    anywhere = where == "anywhere"
    horizon, until = span(limit, limit_unit) if limit_unit else (math.inf, "")
    if limit_unit and not anywhere:
        remedy = "write anywhere within 4 years, or leave the within out"
        raise UserError([Problem("event", f"{text!r}: within is about stretches anywhere along the way", remedy)])
    name += " anywhere" * anywhere
    if limit_unit:
        name += f" within {until}"
    event = Event(name, float(amount), _UNITS[unit.rstrip("s")], window, anywhere, horizon)
    most = FARTHEST if event.unit == "ooms" else FARTHEST * 20
    times = (event.window, event.horizon) if limit_unit else (event.window,)
    if not LEAST <= event.amount <= most or not all(LEAST <= time <= LONGEST for time in times):
        remedy = (
            f"ask for more than 0 and at most {FARTHEST:g} OOMs, in more than no time and at most {LONGEST:g} years; "
            f"of neither less than {LEAST:g}"
        )
        raise UserError([Problem("event", f"{text!r} asks for nothing that can be followed", remedy)])
    return event


def _bounded(text: str, name: str, above: str | None, sign: str, number: str) -> Event:
    """The event that a quantity lies above or below a number."""
    try:
        quantity = parse_quantity(name)
    except UserError as error:
        raise UserError([Problem("event", f"{text!r}: {p.what}", p.remedy) for p in error.problems]) from None
    if quantity.until > 0.0:
        what = f"{text!r} asks about a quantity that is not known at the start"
        raise UserError([Problem("event", what, f'ask for its distribution, quantity "{quantity.name}"')])
    bound = Bound(quantity, above is not None, float(sign + number))
    return Event(bound.text, 0.0, "ooms", 0.0, bound=bound)
