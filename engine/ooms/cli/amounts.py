"""Times and sizes as a person reads them."""

from __future__ import annotations

__all__ = ["duration", "size"]

_STEPS = ((60.0, "s", 1.0), (3600.0, "min", 60.0), (48 * 3600.0, "h", 3600.0), (float("inf"), "days", 86400.0))
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def duration(seconds: float) -> str:
    """How long that is, to two digits.

    Examples
    --------
    >>> [duration(s) for s in (0.3, 48.2, 200, 7300, 1e6)]
    ['0.3 s', '48 s', '3.3 min', '2.0 h', '12 days']
    """
    number, unit = next((seconds / each, unit) for end, unit, each in _STEPS if seconds < end)
    return f"{number:.1f} {unit}" if number < 10 else f"{number:.0f} {unit}"


def size(count: float) -> str:
    """How many bytes that is, to two digits.

    Examples
    --------
    >>> [size(b) for b in (900, 12_345, 1.2e9)]
    ['900 B', '12 kB', '1.2 GB']
    """
    power = 0
    while count >= 1000.0 and power < len(_UNITS) - 1:
        count, power = count / 1000.0, power + 1
    return f"{count:.1f} {_UNITS[power]}" if 0 < count < 10 and power else f"{count:.0f} {_UNITS[power]}"
