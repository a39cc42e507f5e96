"""The axes of a study, read and checked: what varies, value by value, and what each value is called."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, cast, override

import numpy as np

from ooms.beliefs.checks import check_domains
from ooms.beliefs.names import no_parameter
from ooms.beliefs.options import SWITCHES
from ooms.beliefs.reparametrisation import rivals
from ooms.beliefs.view import AS_CODED, Belief, View
from ooms.distributions.marginals import Fixed, Marginal, parse
from ooms.distributions.marginals.words import written
from ooms.files.forms import Number, Spot, Table, Whole, Wrong, read, shown
from ooms.parameters import known, known_names
from ooms.problems import Problem, Problems, UserError

__all__ = ["Axis", "Change", "Label", "Range", "check_once", "checked_change", "grid_axis", "is_change",
           "label_text", "zipped_axis"]  # fmt: skip

type Label = float | bool | str
"""What a point of an axis is called; all points of one axis by the same kind of thing."""

type Change = float | bool | str
"""What a parameter or switch becomes (`View.replace`): a number, a switch position, or a distribution as text."""

_RESERVED = frozenset({
    "view", "event", "end", "quantity", "level", "randomisation", "draw", "state", "problem", "cell", "cells", "unit",
    "probability", "probability_error", "probability_by_randomisation", "share", "quantile", "quantile_error", "never",
    "never_error", "seconds",
})  # fmt: skip
"""Names that the dataset of a study has use for itself."""

_MOST = 100_000
"""Points of a range."""


@dataclass(frozen=True)
class Range(Table):
    """Values evenly from end to end, or evenly in logs: ``{low = 0.4, high = 3.6, points = 25, scale = "log"}``.

    Parameters
    ----------
    low, high : float
        Its ends.
    points : int
        How many values, with the ends.
    scale : "linear" or "log"
        Whether they are evenly spread as they are, or in their logs.
    """

    example: ClassVar[Mapping[str, object]] = {"low": 0.4, "high": 3.6, "points": 25, "scale": "log"}

    low: Annotated[float, Number()]
    high: Annotated[float, Number()]
    points: Annotated[int, Whole(2, _MOST, remedy=f"give how many values, from 2 to {_MOST:,}")]
    scale: Literal["linear", "log"] = "linear"

    @override
    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterator[Wrong]:
        low, high = given.get("low"), given.get("high")
        if low is not None and high is not None and not low < high:
            yield "", f"low = {low:g} is not below high = {high:g}", "give low below high"
        elif low is not None and high is not None and low <= 0.0 and given.get("scale") == "log":
            yield "low", f"low = {low:g} has no logarithm", 'give one above 0, or scale = "linear"'

    def values(self) -> list[float]:
        """All of them; those between the ends to 12 digits, so that they can be named."""
        with np.errstate(over="ignore", invalid="ignore"):  # beyond the largest number: told like any value
            spread = np.geomspace if self.scale == "log" else np.linspace
            between = spread(self.low, self.high, self.points)[1:-1].tolist()
        return [self.low, *(float(f"{value:.12g}") + 0.0 for value in between), self.high]


@dataclass(frozen=True)
class Axis:
    """One axis of a study.

    Parameters
    ----------
    name : str
        A dimension of the study's dataset: ``view``, a parameter or switch, or the name of what is zipped.
    labels : tuple of float, bool or str
        The coordinate: what each point is called.
    points : tuple of mapping
        What changes at each point, for `View.replace`; nothing along ``view``.
    beside : mapping of str to tuple
        Further coordinates along it: the values of what is zipped.
    """

    name: str
    labels: tuple[Label, ...]
    points: tuple[Mapping[str, Change], ...]
    beside: Mapping[str, tuple[Label, ...]] = field(default=MappingProxyType({}))

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of what changes along it."""
        return tuple(self.points[0]) if self.points else ()


def is_change(name: str, place: str, problems: Problems) -> bool:
    """Whether that is the name of a parameter or switch; a problem if it is not."""
    known = (*known_names(), *SWITCHES)
    if name not in known:
        problems.add(place, *no_parameter(name, SWITCHES))
    return name in known


def grid_axis(name: str, values: object, place: str, problems: Problems) -> Axis | None:
    """The axis of one parameter or switch, from a list of values or a range; None if anything is wrong with it."""
    before = len(problems)
    is_change(name, place, problems)
    listed = values
    if isinstance(values, dict):
        spread = read(Range, cast("dict[str, object]", values), Spot(place, problems))
        listed = spread and spread.values()
    if listed is not None and not isinstance(listed, list):
        remedy = f"write it as a list, {name} = [...], or as a range, {name} = {{low = 0, high = 1, points = 5}}"
        problems.add(place, f"{name} = {shown(cast("object", values))} is neither a list nor a range", remedy)
    if len(problems) > before or listed is None:
        return None
    changes = _values(name, cast("list[object]", listed), place, problems)
    if len(problems) > before:  # what cannot be read is no label
        return None
    labels = _labels(changes, place, problems)
    return None if len(problems) > before else Axis(name, labels, tuple({name: change} for change in changes))


def zipped_axis(name: str, columns: Mapping[str, object], place: str, problems: Problems) -> Axis | None:
    """The axis of several changes at once, from lists of the same length; None if anything is wrong with it."""
    before = len(problems)
    if name in known_names() or name in SWITCHES:
        problems.add(place, f"{name} is a parameter", "call the axis something else: it changes several at once")
    elif name.lower() in _RESERVED or not name.isidentifier():
        problems.add(place, f"{name} cannot be the name of an axis", "call it something else, in letters and digits")
    lists = _lists(columns, place, problems)
    if len(problems) > before:
        return None
    changes = {key: _values(key, values, f"{place}.{key}", problems) for key, values in lists.items() if key != "label"}
    if not changes:
        problems.add(place, "changes nothing", "give lists of values for some parameters")
    if len(problems) > before:
        return None
    points = tuple(dict(zip(changes, row, strict=True)) for row in zip(*changes.values(), strict=True))
    given = cast("list[Change]", lists["label"]) if "label" in lists else [_described(point) for point in points]
    labels = _labels(given, f"{place}.label", problems)
    beside = {key: _kind(values) for key, values in changes.items()}
    return None if len(problems) > before else Axis(name, labels, points, MappingProxyType(beside))


def label_text(label: Label, digits: int) -> str:
    """What a point is called, in words; a number with so many digits.

    Examples
    --------
    >>> label_text(True, 6), label_text(-1 / 3, 6), label_text("uniform(-0.2, 0)", 6)
    ('true', '-0.333333', 'uniform(-0.2, 0)')
    """
    if isinstance(label, bool):
        return str(label).lower()
    return label if isinstance(label, str) else f"{label:.{digits}g}"


def check_once(changed: Iterable[tuple[str, str]], problems: Problems) -> None:
    """Add what is changed more than once, in the same or another spelling, to `problems`.

    Parameters
    ----------
    changed : iterable of (str, str)
        Names of parameters and switches, and where each is changed.
    problems : Problems
        Collects.
    """
    for (name, place), (other, where) in combinations(changed, 2):
        if name == other:
            problems.add(where, f"{name} is changed here and at {place.partition(': ')[2]}", "keep one of them")
        elif name in rivals(other):
            what = f"{other} states the same as {name}, which is changed at {place.partition(': ')[2]}"
            problems.add(where, what, "keep one of them")


def _described(point: Mapping[str, Change]) -> str:
    """``hardware_growth = 0.5, hardware_shock = 0.1``."""
    return ", ".join(f"{name} = {_written(change)}" for name, change in point.items())


def _written(change: Change) -> str:
    if isinstance(change, bool):
        return str(change).lower()
    return change if isinstance(change, str) else written(change)


# -- lists and ranges -------------------------------------------------------------------------------------------------


def _lists(columns: Mapping[str, object], place: str, problems: Problems) -> dict[str, list[object]]:
    """The lists of a zipped table, all of the same length."""
    found: dict[str, list[object]] = {}
    for key, values in columns.items():
        if key == "label" or is_change(key, f"{place}.{key}", problems):
            if not isinstance(values, list):
                what = f"{key} = {shown(values)} is not a list"
                problems.add(f"{place}.{key}", what, f"write it as a list: {key} = [...]")
                continue
            found[key] = cast("list[object]", values)
    counts = {key: len(values) for key, values in found.items()}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{key} has {count}" for key, count in counts.items())
        problems.add(place, f"lists are not equally long: {told}", "give as many values in each")
    return found


# -- values -----------------------------------------------------------------------------------------------------------


def _values(name: str, values: Sequence[object], place: str, problems: Problems) -> list[Change]:
    """The values of one parameter or switch, with everything that is wrong with any of them noted."""
    if not values:
        problems.add(place, "is empty", "give values")
    return [checked_change(name, value, f"{place}[{k}]", problems) for k, value in enumerate(values)]


def checked_change(name: str, value: object, place: str, problems: Problems) -> Change:
    """What a parameter or switch becomes, with what is wrong with it added to `problems`."""
    check = _switched if name in SWITCHES else _believed
    return check(name, value, place, problems)


def _switched(name: str, value: object, place: str, problems: Problems) -> Change:
    if isinstance(value, bool) or (name, value) == ("retraining", AS_CODED):
        return cast("Change", value)
    remedy = "write true or false" + f', or "{AS_CODED}"' * (name == "retraining")
    problems.add(place, f"{name} = {shown(value)} is not a switch position", remedy)
    return False


def _believed(name: str, value: object, place: str, problems: Problems) -> Change:
    """A number inside the parameter's domain, or a distribution inside it as text."""
    marginal: Marginal | None = None
    if isinstance(value, str):
        marginal = parse(value, place, problems, known(name))
    elif not _is_number(value):
        remedy = 'give a number, or a distribution as text: "loguniform(0.4, 3.6)"'
        problems.add(place, f"{name} = {shown(value)} is not a belief", remedy)
    else:
        try:
            marginal = Fixed(float(cast("float", value)))
        except (OverflowError, UserError):
            problems.add(place, f"{name} = {shown(value)} is not a number to compute with", "give a finite number")
    if marginal is None:
        return 0.0
    outside = Problems()
    check_domains(View("", {name: Belief(marginal, "")}), "", outside)
    problems.extend(Problem(place, p.what, p.remedy) for p in outside.found)
    return value.strip() if isinstance(value, str) else float(cast("float", value)) + 0.0  # no -0


def _labels(changes: Sequence[object], place: str, problems: Problems) -> tuple[Label, ...]:
    """What points are called by: their values, all numbers, all switch positions, or all as text."""
    if not all(isinstance(change, bool | str) or _finite(change) is not None for change in changes):
        problems.add(place, "labels are neither numbers nor text", "give finite numbers or text")
        return ()
    labels = _kind(cast("Sequence[Change]", changes))
    for label, times in Counter(labels).items():
        if times > 1:
            often = "twice" if times == 2 else f"{times} times"
            problems.add(place, f"{_written(label)} is there {often}", "name it once")
    return labels


def _kind(changes: Sequence[Change]) -> tuple[Label, ...]:
    """The values if all are numbers or all are switch positions, else all as text."""
    if all(isinstance(change, bool) for change in changes):
        return tuple(changes)
    if all(map(_is_number, changes)):
        return tuple(float(change) for change in changes)
    return tuple(_written(change) for change in changes)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _finite(value: object) -> float | None:
    """The number, if it is one to compute with: TOML's whole numbers may be of any size."""
    try:
        number = float(cast("float", value)) if _is_number(value) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
