"""What is wrong with something a user gave: every problem at once, each with its place and its remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Problem", "Problems", "UserError", "did_you_mean", "printable", "within"]


_UNPRINTABLE = {n: "\N{REPLACEMENT CHARACTER}" for n in (*range(32), *range(127, 160)) if chr(n) not in "\n\t"}
"""Control characters, which users can give too: in a terminal they could pass for something that the program says."""


def printable(text: str) -> str:
    r"""The text with a mark in place of every control character but line ends and tabs.

    Examples
    --------
    >>> ascii(printable("--set\x1b[31m"))
    "'--set\\ufffd[31m'"
    """
    return text.translate(_UNPRINTABLE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to do about it.

    Parameters
    ----------
    place : str
        Where, as a path a person can follow: ``davidson-2025.toml: parameters.returns.p90``.
    what : str
        What is wrong, with the offending value in it.
    remedy : str
        What to do, as an imperative: ``give p90 above p10``.
    """

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return printable(f"{self.place}: {self.what}\n    -> {self.remedy}")


class UserError(ValueError):
    """Something the user gave cannot be used; carries every problem found, not only the first.

    Parameters
    ----------
    problems : iterable of Problem
        All of them, in the order in which a reader of the input meets them.

    Examples
    --------
    >>> from ooms.problems import Problem, UserError
    >>> print(UserError([Problem("my.toml: parameters.rho", "rho = 1.5 is not below 1", "give a value below 1")]))
    my.toml: parameters.rho: rho = 1.5 is not below 1
        -> give a value below 1
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Problems:
    """A collector: checks add to it and go on, and `raise_if_any` ends with all of them in one `UserError`."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, place: str, what: str, remedy: str) -> None:
        """Note one problem and go on."""
        self._found.append(Problem(place, what, remedy))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        self._found.extend(problems)

    @property
    def found(self) -> tuple[Problem, ...]:
        """All of them, so far."""
        return tuple(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def sound[T](self, value: T | None) -> T:
        """The value that was read, or `UserError` with all problems that were met on the way.

        Readers give None, and say why, where there is nothing that can be used.

        Examples
        --------
        >>> Problems().sound("rho")
        'rho'
        """
        self.raise_if_any()
        if value is None:
            raise AssertionError("there is no value, and no problem says why")
        return value

    def raise_if_any(self) -> None:
        """Raise `UserError` with all problems, or return if there are none."""
        if self._found:
            raise UserError(self._found)


def within(place: str, what: str) -> str:
    """The place of something in a file, or in a part of it.

    Examples
    --------
    >>> within("my.toml", "options.wide"), within("my.toml: options.wide", "parameters.rho")
    ('my.toml: options.wide', 'my.toml: options.wide.parameters.rho')
    """
    return f"{place}.{what}" if ": " in place else f"{place}: {what}"


_FEW = 25
"""Names that can be listed in a remedy."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Remedy text for a misspelt word: the nearest known ones, or all of them if none is near and they are few.

    Examples
    --------
    >>> did_you_mean("lognornal", ["lognormal", "normal", "beta"])
    'did you mean lognormal or normal?'
    >>> did_you_mean("qq", ["beta", "fixed"])
    'use one of: beta, fixed'
    """
    known = list(known)
    near = difflib.get_close_matches(word, known, n=2, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"use one of: {', '.join(known)}" if len(known) <= _FEW else f"use one of the {len(known)} that there are"
