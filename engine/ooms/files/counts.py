"""Whole numbers as people write them: ``65536``, ``1_000_000``, ``2^16``, ``2**16``, ``1e6``."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["count"]

_DIGITS = re.compile(r"[+-]?[0-9]{1,1000}|[0-9]{1,3}(?:[_,][0-9]{3}){1,10}")
_POWER = re.compile(r"(2|10)\s*(?:\^|\*\*)\s*([0-9]{1,2})")
_SCIENTIFIC = re.compile(r"[0-9]{1,20}(?:\.[0-9]{0,20})?e\+?[0-9]{1,2}")


def count(text: str) -> int | None:
    """The whole number that a text writes; None where it writes none. Nothing is rounded.

    Examples
    --------
    >>> [count(text) for text in ("65536", "1_000_000", "2^16", "2**16", "1e6", "1.5e3")]
    [65536, 1000000, 65536, 65536, 1000000, 1500]
    >>> [count(text) for text in ("1.5", "2^x", "", "1_0", "1.25e1")]
    [None, None, None, None, None]
    """
    tidy = text.strip().lower()
    if _DIGITS.fullmatch(tidy):
        return int(tidy.replace("_", "").replace(",", ""))
    if power := _POWER.fullmatch(tidy):
        return int(power[1]) ** int(power[2])
    if _SCIENTIFIC.fullmatch(tidy):
        value = Decimal(tidy)
        return int(value) if value == value.to_integral_value() else None
    return None
