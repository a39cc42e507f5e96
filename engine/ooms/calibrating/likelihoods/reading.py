"""Tables of a survey file read key by key; what is wrong is noted, each at its place, and reading goes on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, cast

from ooms.problems import Problems, did_you_mean

__all__ = ["Table"]

_VAGUE = 700.0
"""Standard error of a logarithm: as wide as all floating-point numbers are."""


class Table:
    """A table of a survey file, with the place where it stands and the collector of what is wrong with it.

    Parameters
    ----------
    table : mapping
        The table.
    place : str
        Where it stands, for the problems.
    problems : Problems
        Collects everything that is wrong.
    known : iterable of str
        The keys that it may have; any other is a problem.

    Examples
    --------
    >>> problems = Problems()
    >>> Table({"valeu": 3}, "my.toml: likelihood", problems, ["value", "sd"]).number("sd")
    >>> problems.raise_if_any()
    Traceback (most recent call last):
    ooms.problems.UserError: my.toml: likelihood.valeu: valeu is not known here
        -> did you mean value?
    """

    def __init__(self, table: Mapping[str, object], place: str, problems: Problems, known: Iterable[str]) -> None:
        self.table = table
        self.place = place
        self.problems = problems
        known = list(known)
        for key in table:
            if key not in known:
                self.wrong(key, f"{key} is not known here", did_you_mean(str(key), known))

    def __contains__(self, key: str) -> bool:
        return key in self.table

    def wrong(self, key: str, what: str, remedy: str) -> None:
        """Note a problem with what stands under the key."""
        self.problems.add(f"{self.place}.{key}" if key else self.place, what, remedy)

    def needs(self, key: str, remedy: str) -> bool:
        """Whether the key is there; a problem if it is not."""
        if key not in self.table:
            self.wrong(key, f"{key} is missing", remedy)
        return key in self.table

    def number(self, key: str, *, above: float = 0.0, below: float = math.inf) -> float | None:
        """The number under the key, strictly between the bounds; None if there is none, or if it is no such number."""
        if key not in self.table:
            return None
        return number(self.table[key], f"{self.place}.{key}", self.problems, key, above=above, below=below)

    def log_error(self, key: str, error: float) -> float | None:
        """The standard error of a logarithm, if an estimate with it says anything; a problem at the key if not."""
        if error < _VAGUE:
            return error
        what = f"the standard error of the logarithm is {error:g}: so vague an estimate says nothing"
        self.wrong(key, what, "leave the estimate out, or give a smaller error")
        return None

    def whole(self, key: str, *, least: int) -> int | None:
        """The whole number under the key; None if there is none, or if it is no whole number or too small."""
        value = self.table.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        if key in self.table:
            self.wrong(key, f"{key} = {_shown(value)} is not a whole number of {least} or more", "give a whole number")
        return None

    def text(self, key: str) -> str | None:
        """The text under the key; None if there is none."""
        value = self.table.get(key)
        if isinstance(value, str) and value:
            return value
        if key in self.table:
            self.wrong(key, f"{key} = {_shown(value)} is not a name", "give a name in quotes")
        return None

    def inner(self, key: str, known: Iterable[str]) -> Table | None:
        """The table under the key; None if it holds something else."""
        value = self.table.get(key)
        if isinstance(value, Mapping):
            return Table(cast("Mapping[str, object]", value), f"{self.place}.{key}", self.problems, known)
        return None

    def items(self, key: str) -> list[object]:
        """The list under the key; empty, and a problem, if there is none."""
        value = self.table.get(key)
        if isinstance(value, list | tuple) and value:
            return list(cast("list[object]", value))
        if key in self.table:
            what = f"{key} = {_shown(self.table[key])} is not a list of one or more"
            self.wrong(key, what, f"write it as a list: {key} = [...]")
        return []

    def tables(self, key: str, known: Iterable[str], form: str) -> list[Table]:
        """The tables listed under the key; empty, and a problem, if there are none.

        Parameters
        ----------
        key : str
            The key.
        known : iterable of str
            The keys that each of them may have.
        form : str
            One of them, as it would be written, for the remedy.
        """
        if not self.needs(key, f"list them: {key} = [{form}]"):
            return []
        known, found = list(known), list[Table]()
        for index, item in enumerate(self.items(key)):
            if isinstance(item, Mapping):
                where = f"{self.place}.{key}[{index}]"
                found.append(Table(cast("Mapping[str, object]", item), where, self.problems, known))
            else:
                self.wrong(f"{key}[{index}]", f"{_shown(item)} is not a table", f"write it as {form}")
        return found


def number(
    value: Any, place: str, problems: Problems, key: str, *, above: float = 0.0, below: float = math.inf
) -> float | None:
    """The value as a number strictly between the bounds, or None with the problem noted."""
    if not isinstance(value, int | float) or isinstance(value, bool) or math.isnan(value) or math.isinf(value):
        problems.add(place, f"{key} = {_shown(value)} is not a number", "give a number, without quotes")
        return None
    if not above < value < below:
        bounds = f"above {above:g}" if value <= above else f"below {below:g}"
        problems.add(place, f"{key} = {value:g} is not {bounds}", f"give a number {bounds}")
        return None
    return float(value)


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
