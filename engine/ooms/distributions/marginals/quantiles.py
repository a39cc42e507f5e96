"""Quantiles in a distribution table: ``p10 = 3``, ``excess_p10 = 3``, or ``interval = [3, 13]`` and ``mass = 0.8``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.words import read_quantile_key, written
from ooms.files.forms import Number, Spot
from ooms.problems import Problems

__all__ = ["Quantiles", "is_quantile", "read_quantiles"]

_INTERVAL = ("interval", "mass")
_EXCESS = "excess_"
_NUMBER = Number(finite=False)  # what is infinite is told with the others that the family cannot have


@dataclass(frozen=True)
class Quantiles:
    """Quantiles as read: cumulative probability -> value, and the prefix of their keys; `ok` if all could be read."""

    values: Mapping[float, float]
    prefix: str
    ok: bool


def is_quantile(family: type[Marginal], key: str) -> bool:
    """Whether a key of a table of this family belongs to its interval form."""
    return key in _INTERVAL or _chance(family, key) is not None


def read_quantiles(
    family: type[Marginal], table: Mapping[str, object], place: str, problems: Problems
) -> Quantiles | None:
    """The quantiles in a table, or None if it has none; what is wrong with them is added to `problems`."""
    before = len(problems)
    named = {key: value for key, value in table.items() if _chance(family, key) is not None}
    if named and any(key in table for key in _INTERVAL):
        problems.add(place, f"both {', '.join(named)} and an interval are given", "give the one or the other")
        return Quantiles({}, "", ok=False)
    if any(key in table for key in _INTERVAL):
        values = _interval(table, place, problems)
        return Quantiles(values, "", ok=len(problems) == before)
    values = _named(family, named, place, problems)
    excess = [key for key in named if key.startswith(_EXCESS)]
    if excess and len(excess) < len(named):
        what = f"{', '.join(named)} mix quantiles of the variable and of its excess"
        problems.add(place, what, "give all of one kind")
    return Quantiles(values, _EXCESS if excess else "", ok=len(problems) == before) if named else None


def _chance(family: type[Marginal], key: str) -> float | None:
    return read_quantile_key(key.removeprefix(_EXCESS) if family.excess_over else key)


def _named(family: type[Marginal], named: Mapping[str, object], place: str, problems: Problems) -> dict[float, float]:
    values: dict[float, float] = {}
    for key, value in named.items():
        chance, read = cast(float, _chance(family, key)), _NUMBER.read(value, Spot(f"{place}.{key}", problems, key))
        if chance in values:
            problems.add(f"{place}.{key}", f"{key} names a quantile that is already given", "give it once")
        if read is not None:
            values[chance] = read
    return values


def _interval(table: Mapping[str, object], place: str, problems: Problems) -> dict[float, float]:
    ends, mass = table.get("interval"), _mass(table, place, problems)
    if "interval" not in table:
        problems.add(f"{place}.interval", "interval is missing beside mass", "give interval = [low, high]")
        return {}
    pair = cast(list[object], ends) if isinstance(ends, list | tuple) else []
    if len(pair) != 2:
        problems.add(f"{place}.interval", f"interval = {ends!r} is not a pair", "give interval = [low, high]")
        return {}
    low, high = (_NUMBER.read(end, Spot(f"{place}.interval[{i}]", problems)) for i, end in enumerate(pair))
    if low is None or high is None:
        return {}
    if not low < high:
        what = f"interval = [{written(low)}, {written(high)}] does not increase"
        problems.add(f"{place}.interval", what, "give the lower end first, and the upper end above it")
    tail = round((1.0 - mass) / 2.0, 12) if mass is not None else 0.1
    return {tail: low, round(1.0 - tail, 12): high}


def _mass(table: Mapping[str, object], place: str, problems: Problems) -> float | None:
    remedy = "give the probability that the interval holds, such as mass = 0.8"
    if "mass" not in table:
        problems.add(f"{place}.mass", "mass is missing beside interval", remedy)
        return None
    mass = _NUMBER.read(table["mass"], Spot(f"{place}.mass", problems, "mass"))
    if mass is not None and not 0.0 < mass < 1.0:
        problems.add(f"{place}.mass", f"mass = {written(mass)} is not between 0 and 1", remedy)
        return None
    return mass
