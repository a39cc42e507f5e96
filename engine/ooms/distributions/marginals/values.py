"""Reading the values of a distribution table: numbers, lists, words and nested tables, with what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from ooms.problems import Problems

if TYPE_CHECKING:
    from ooms.distributions.marginals.base import Marginal

__all__ = ["Nested", "number", "read_value"]

type Nested = Callable[[Mapping[str, object], str, Problems], Marginal | None]


def number(value: object, place: str, problems: Problems) -> float | None:
    """A number as a float, or None and a problem if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        problems.add(place, f"{_shown(value)} is not a number", "give a number, without quotes")
        return None
    try:
        return float(value)
    except OverflowError:
        problems.add(place, "the number is too large for a computer's floating-point numbers", "give a smaller number")
        return None


def read_value(kind: str, value: object, place: str, problems: Problems, nested: Nested) -> object:
    """A parameter's value, or None and problems; `kind` is the type of the family's field, as written there."""
    match kind:
        case "float":
            return number(value, place, problems)
        case "str":
            if not isinstance(value, str):
                problems.add(place, f"{_shown(value)} is not text", "give a word in quotes")
                return None
            return value
        case "tuple[float, ...]":
            return _list(value, place, problems, "numbers", lambda item, at: number(item, at, problems))
        case _:
            return _list(value, place, problems, "distributions", lambda item, at: _table(item, at, problems, nested))


def _list(
    value: object, place: str, problems: Problems, what: str, read: Callable[[object, str], object]
) -> tuple[object, ...] | None:
    if not isinstance(value, list | tuple):
        problems.add(place, f"{_shown(value)} is not a list", f"give a list of {what} in brackets")
        return None
    items = cast(list[object], value)
    return tuple(read(item, f"{place}[{i}]") for i, item in enumerate(items))


def _table(value: object, place: str, problems: Problems, nested: Nested) -> object:
    if not isinstance(value, Mapping):
        problems.add(place, f"{_shown(value)} is not a distribution", 'give a table, {distribution = "...", ...}')
        return None
    return nested(cast(Mapping[str, object], value), place, problems)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
