"""What a published number asks of the model: the chance of an event, or a place in the distribution of something."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ooms.beliefs.names import no_parameter
from ooms.outcomes import Event, Quantity, parse_event, parse_quantity
from ooms.parameters import known, known_names
from ooms.problems import Problem, Problems, UserError

__all__ = ["CENTRAL", "Question", "read_question"]

Kind = Literal["event", "quantity", "parameter"]
KINDS: tuple[Kind, ...] = ("event", "quantity", "parameter")

CENTRAL = "central"
"""One run with every parameter at its own median."""

_PER: Mapping[tuple[str, str], float] = {
    ("years", "months"): 12.0,
    ("years", "weeks"): 365.25 / 7,
    ("years", "days"): 365.25,
    ("share", "%"): 100.0,
    ("-", "%"): 100.0,
}
"""Units that a number may be published in, of one of ours."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a forecast or of beliefs.

    Parameters
    ----------
    kind, text : str
        ``event``, ``quantity`` or ``parameter``, and which.
    at : float, "central" or None
        Which quantile; or the value where every parameter is at its own median.
    above, below : float or None
        Instead: the chance of more, or of less.
    unit : str
        Of the published number.
    factor : float
        What ours is multiplied by, to be in that unit.
    """

    kind: Kind
    text: str
    at: float | Literal["central"] | None
    above: float | None
    below: float | None
    unit: str
    factor: float

    @property
    def event(self) -> Event | None:
        """The event whose chance is asked for."""
        return parse_event(self.text) if self.kind == "event" else None

    @property
    def quantity(self) -> Quantity | None:
        """The quantity whose distribution is asked for; None if one run will do."""
        return parse_quantity(self.text) if self.kind == "quantity" and self.at != CENTRAL else None

    @property
    def threshold(self) -> float:
        """The value beyond which a chance is asked for."""
        value = self.above if self.above is not None else self.below
        assert value is not None, "only asked where a chance is"
        return value

    def __str__(self) -> str:
        if self.kind == "event":
            return f"P({self.text})"
        if self.above is not None or self.below is not None:
            return f"P({self.text} {'>' if self.above is not None else '<'} {self.threshold:g})"
        return f"{self.text}, {CENTRAL if self.at == CENTRAL else f'{100 * float(self.at or 0):g} %'}"


def read_question(table: Mapping[str, Any], unit: str | None, place: str, problems: Problems) -> Question | None:
    """The question that a published number puts, or None with what is wrong with it added to `problems`."""
    kinds: list[Kind] = [kind for kind in KINDS if table.get(kind) is not None]
    if len(kinds) != 1:
        what = f"{' and '.join(kinds)} are two questions" if kinds else "no question is put"
        problems.add(place, what, f"give exactly one of {', '.join(KINDS)}")
        return None
    (kind,) = kinds
    before = len(problems)
    text = _name(kind, table[kind], f"{place}.{kind}", problems)
    part = _part(kind, table, place, problems)
    if len(problems) > before or text is None:
        return None
    own = "share" if "at" not in part else parse_quantity(text).unit if kind == "quantity" else known(text).unit
    unit = unit or (own if "at" in part else "%")
    same = unit == own or (unit == "x" and own.startswith("x "))
    factor = 1.0 if same else _PER.get((own, unit))
    if factor is None:
        units = [own, *(to for of, to in _PER if of == own), *(["x"] if own.startswith("x ") else [])]
        what = f"{kind} {text!r} cannot be had in {unit!r}"
        problems.add(f"{place}.unit", what, f"use {' or '.join(map(repr, units))}")
        return None
    return Question(kind, text, part.get("at"), part.get("above"), part.get("below"), unit, factor)


def _name(kind: Kind, text: object, place: str, problems: Problems) -> str | None:
    """The name of what is asked about, in its usual form."""
    if not isinstance(text, str):
        problems.add(place, f"{text!r} is not text", "give text in quotes")
    elif kind == "parameter":
        if text in known_names():
            return text
        problems.add(place, *no_parameter(text))
    else:
        try:
            return parse_event(text).text if kind == "event" else parse_quantity(text).name
        except UserError as error:
            problems.extend(Problem(place, p.what, p.remedy) for p in error.problems)
    return None


def _part(kind: Kind, table: Mapping[str, Any], place: str, problems: Problems) -> dict[str, Any]:
    """Which part of the distribution is asked for: a quantile, the central run, or the chance beyond a value."""
    keys = [key for key in ("at", "above", "below") if table.get(key) is not None]
    if kind == "event":
        for key in keys:
            problems.add(f"{place}.{key}", f"{key} says nothing about an event, which has a chance", f"leave out {key}")
        return {}
    if len(keys) != 1:
        what = f"{' and '.join(keys)} are two questions" if keys else f"it is not said what of the {kind} is meant"
        problems.add(place, what, 'give one of at = 0.5 (the median), at = "central", above = 1 and below = 1')
        return {}
    (key,) = keys
    value = table[key]
    if key == "at" and value == CENTRAL:
        return {"at": CENTRAL}
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        remedy = 'give a number, or at = "central"' if key == "at" else "give a number"
        problems.add(f"{place}.{key}", f"{key} = {value!r} is not a number", remedy)
    elif key == "at" and not (0 <= value <= 1 if kind == "parameter" else 0 < value < 1):
        remedy = f'give a probability such as 0.5, or at = "{CENTRAL}"'
        problems.add(f"{place}.at", f"at = {value:g} is not between 0 and 1", remedy)
    else:
        return {key: float(value)}
    return {}
