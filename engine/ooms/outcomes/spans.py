"""Numbers and spans of time in the names of events and quantities: ``5``, ``4 months``."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["FARTHEST", "LEAST", "LONGEST", "NUMBER", "SPAN", "WAY", "counted", "span"]

FARTHEST = 60.0
"""OOMs beyond which nothing can be asked."""

LEAST = 1e-9
"""OOMs, years and doublings below which an amount or a time is lost in the rounding of what it is measured along."""

LONGEST = 1e9
"""Years beyond which nothing can be asked."""

WAY = 24
"""OOMs to which draws that meet no limit before are followed; progress beyond counts as endless."""

NUMBER = r"(\d+(?:\.\d*)?|\.\d+)"
SPAN = rf"(?:(?:an?|one)\s|{NUMBER})?\s*(years?|yrs?|y|months?|mos?|weeks?|wks?|w|days?|d)"
_UNITS = {"y": ("year", 1.0), "m": ("month", 1 / 12), "w": ("week", 7 / 365.25), "d": ("day", 1 / 365.25)}


def counted(number: float, noun: str) -> str:
    """``1 year``, ``2 years``; digits alone, as `NUMBER` reads them."""
    return f"{Decimal(f'{number:.15g}'):f} {noun}{'' if number == 1 else 's'}"


def span(number: str | None, unit: str) -> tuple[float, str]:
    """What `SPAN` reads, in years, and what it is called; without a number, one of the unit.

    Examples
    --------
    >>> span("6", "months"), span(None, "y")
    ((0.5, '6 months'), (1.0, '1 year'))
    """
    noun, years = _UNITS[unit[0]]
    count = float(number or 1)
    return count * years, counted(count, noun)
