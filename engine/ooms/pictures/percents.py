"""Probabilities as labels."""

from __future__ import annotations

from ooms.credence import Estimate, rounded

__all__ = ["in_percent"]

_NEARLY_NONE = 0.001


def in_percent(chance: Estimate) -> str:
    """A probability for a label: whole percents, or one decimal where it is small, never finer than its error.

    Examples
    --------
    >>> [in_percent(Estimate(*x)) for x in ((0.3187, 0.0001), (0.0662, 0.0001), (0.00015, 1e-6))]
    ['32 %', '6.6 %', '<0.1 %']
    """
    value, error = chance
    if value < _NEARLY_NONE:
        return "<0.1 %"
    finest = 1.0 if value >= 0.0995 else 0.1
    return f"{rounded(100 * value, max(finest, 100 * error))} %"
