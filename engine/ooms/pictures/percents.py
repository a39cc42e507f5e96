"""Probabilities as labels."""

from __future__ import annotations

from ooms.results.credence import Estimate, rounded

__all__ = ["in_percent"]

_NEARLY_NONE = 0.001


def in_percent(chance: Estimate) -> str:
    """A probability for a label: whole percents, or one decimal where it is small, never finer than its error.

    Examples
    --------
    >>> [in_percent(Estimate(*x)) for x in ((0.3187, 0.0001), (0.0662, 0.0001), (0.00015, 1e-6))]
    ['32 %', '6.6 %', '<0.1 %']
    >>> [in_percent(Estimate(*x)) for x in ((0.9971, 0.0001), (0.99996, 1e-5), (1.0, 0.0))]
    ['99.7 %', '>99.9 %', '100 %']
    """
    value, error = chance
    if error == 0 and value in (0.0, 1.0):
        return f"{100 * value:g} %"
    if value < _NEARLY_NONE:
        return "<0.1 %"
    if value > 1 - _NEARLY_NONE:
        return ">99.9 %"
    finest = 1.0 if 0.0995 <= value <= 0.9905 else 0.1
    return f"{rounded(100 * value, max(finest, 100 * error))} %"
