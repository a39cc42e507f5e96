"""Whole numbers on the command line, never rounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.files.counts import count

if TYPE_CHECKING:
    from cyclopts import Token

__all__ = ["Draws", "Whole"]

_DIGITS = re.compile(r"[+-]?[0-9]{1,1000}")


def _whole(_: type, tokens: Sequence[Token]) -> int:
    """The number, or what is wrong with its text (cyclopts itself rounds 1.5 to 2)."""
    (token,) = tokens
    if _DIGITS.fullmatch(token.value) is None:
        raise ValueError(f"{token.value!r} is not a whole number; give digits alone, such as 1000")
    return int(token.value)


def _draws(_: type, tokens: Sequence[Token]) -> int:
    (token,) = tokens
    draws = count(token.value)
    if draws is None:
        raise ValueError(f"{token.value!r} is not a whole number; give digits or a power, such as 65536 or 2^16")
    return draws


Whole = Annotated[int, Parameter(converter=_whole)]
"""The type of a flag that takes a whole number: digits alone."""

Draws = Annotated[int, Parameter(converter=_draws)]
"""The type of a flag that takes a number of draws: ``65536``, ``2^16``, ``1e6``, ``1_000_000``."""
