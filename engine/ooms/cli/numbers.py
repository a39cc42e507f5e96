"""Whole numbers on the command line: digits alone, never rounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import Token

__all__ = ["Whole"]

_DIGITS = re.compile(r"[+-]?[0-9]{1,1000}")


def _whole(_: type, tokens: Sequence[Token]) -> int:
    """The number, or what is wrong with its text (cyclopts itself rounds 1.5 to 2)."""
    (token,) = tokens
    if _DIGITS.fullmatch(token.value) is None:
        raise ValueError(f"{token.value!r} is not a whole number; give digits alone, such as 1000")
    return int(token.value)


Whole = Annotated[int, Parameter(converter=_whole)]
"""The type of a flag that takes a whole number."""
