"""Numbers as a person reads them: with the digits that their Monte Carlo errors support, and no more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ooms.results.credence import Distribution, Estimate, finest_place, rounded

if TYPE_CHECKING:
    from ooms.outcomes import Quantity

__all__ = ["brief", "finite", "never_share", "plus_minus", "quantile_cell", "signed"]


def finite(value: float) -> float | None:
    """The number for JSON, which has none for what is infinite or unknown: null."""
    return value if math.isfinite(value) else None


def plus_minus(estimate: Estimate, percent: bool = False, endless: str = "never", positive: bool = False) -> str:
    """``31.87 ± 0.01``: a number and its standard error, with the digits that the error supports.

    Parameters
    ----------
    estimate : Estimate
        The number and its error.
    percent : bool
        Whether to show it in percent (without the sign).
    endless : str
        What an infinite value means.
    positive : bool
        Whether it is a quantile of what is never below 0: then only 0 is shown as 0, however large the error.

    Examples
    --------
    >>> plus_minus(Estimate(0.31868, 0.00012), percent=True), plus_minus(Estimate(0.0, 0.00002), percent=True)
    ('31.87 ± 0.01', '0.000 ± 0.002')
    >>> plus_minus(Estimate(8e-21, 8e-21), percent=True)
    '<1e-6'
    >>> plus_minus(Estimate(2.01e-8, 1e-9)), plus_minus(Estimate(9.1e8, 2e9), positive=True)
    ('2.0e-8 ± 1e-9', '9e8 ± 2e9')
    >>> plus_minus(Estimate(math.inf, math.nan))
    'never'
    """
    value, error = estimate
    if not math.isfinite(value):
        return endless
    scale = 100.0 if percent else 1.0
    value, error = value * scale, error * scale
    if percent and value > 0 and value + 2.0 * error < _NEGLIGIBLE:
        return f"<{rounded(_NEGLIGIBLE, 0.0, most=1)}"
    if not math.isfinite(error):
        return f"{rounded(value, error)} ± ?"
    if error <= 0:
        return rounded(value, error)
    if value:  # an error is never shown finer than its number
        error = max(error, 10.0 ** finest_place(value, error))
    shown = rounded(value, error, least=int(positive)) if value else _nothing(error)
    powers = "e" in shown and error >= 1.0  # both with powers of ten, or neither
    return f"{shown} ± {rounded(error, 0.0, most=1, large=_MUCH if powers else _MILLION)}"


_MUCH, _MILLION = 1e4, 1e6
_NEGLIGIBLE = 1e-6
"""Percent below which a probability is not worth its digits: the far tail of a prior that nobody meant."""


def _nothing(error: float) -> str:
    """0 with the decimals of its error."""
    return rounded(error / 100.0, error)


def quantile_cell(quantity: Quantity, sketch: Distribution, level: float) -> str:
    """``1.22 ± 0.02``: a quantile of a quantity and its standard error; only 0 is 0 where nothing can be below it."""
    return plus_minus(sketch.quantile(level), endless=quantity.endless, positive=quantity.scale.bottom >= 0)


def signed(estimate: Estimate, percent: bool = False) -> str:
    """``+3.1 ± 0.2``: a change of a probability and its standard error; what only rounding made is 0.

    Examples
    --------
    >>> signed(Estimate(0.0312, 0.002), percent=True), signed(Estimate(-0.2, 0.002)), signed(Estimate(0.0, 0.0))
    ('+3.1 ± 0.2', '-0.200 ± 0.002', '0')
    >>> signed(Estimate(3e-17, 5e-15), percent=True)
    '0'
    """
    change = Estimate(*(0.0 if abs(number) < _ROUNDING else number for number in estimate))
    shown = plus_minus(change, percent)
    return "+" * (change.value > 0 and float(shown.partition(" ")[0]) > 0) + shown


_ROUNDING = 1e-12
"""A smaller change of a probability is none."""


def never_share(estimate: Estimate, endless: str = "never") -> str:
    """``0.45 ± 0.01 %``: the share of draws in which something never comes, or is endless; a dash for none of them.

    Examples
    --------
    >>> never_share(Estimate(0.0049, 0.0001)), never_share(Estimate(0.0, 0.0))
    ('0.49 ± 0.01 %', '-')
    >>> never_share(Estimate(0.5, 0.001), endless="unlimited")
    '50.0 ± 0.1 % unlimited'
    """
    if not estimate.value:
        return "-"
    shown = plus_minus(estimate, percent=True)
    return f"{shown} %" if endless == "never" else f"{shown} % {endless}"


_TOO_MANY_YEARS = 1e9


def brief(estimate: Estimate, unit: str = "", endless: str = "never", most: int = 3, positive: bool = False) -> str:
    """``3.74``: a number alone, for tables of many; ``~9`` where its error is larger than it, or unknown.

    From 10,000 on it is written with a power of ten. Of so many years only that power is of use, and from 1e9 not even
    that.

    Parameters
    ----------
    estimate : Estimate
        The number and its error.
    unit : str
        What it counts.
    endless : str
        What an infinite value means.
    most : int
        Significant digits to show at most.
    positive : bool
        Whether it is a quantile of what is never below 0: then only 0 is shown as 0, however large the error.

    Examples
    --------
    >>> [brief(Estimate(*x), "years") for x in ((3.7412, 0.02), (812345.0, 3e4), (1.2e30, 4e28), (math.inf, math.nan))]
    ['3.74', '8e5', '>1e9', 'never']
    >>> brief(Estimate(1.234e12, 3e10), "dollars"), brief(Estimate(5.2, 8.0), "years", positive=True)
    ('1.23e12', '~5')
    """
    value, error = estimate
    if not math.isfinite(value):
        return endless
    years = unit == "years"
    if years and value >= _TOO_MANY_YEARS:
        return f">{_TOO_MANY_YEARS:.0e}".replace("+0", "")
    if years and abs(value) >= _MUCH:
        most = 1
    vague = not math.isfinite(error) or (positive and error > value > 0)
    return "~" * vague + rounded(value, error, most=most, least=int(positive), large=_MUCH)
