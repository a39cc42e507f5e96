"""Numbers as a person reads them in a terminal: with the digits that their Monte Carlo errors support, and no more."""

from __future__ import annotations

import math

from ooms.credence import Estimate, rounded

__all__ = ["brief", "never_share", "plus_minus", "signed"]


def plus_minus(estimate: Estimate, percent: bool = False, endless: str = "never") -> str:
    """``31.87 ± 0.01``: a number and its standard error, with the digits that the error supports.

    Parameters
    ----------
    estimate : Estimate
        The number and its error.
    percent : bool
        Whether to show it in percent (without the sign).
    endless : str
        What an infinite value means.

    Examples
    --------
    >>> plus_minus(Estimate(0.31868, 0.00012), percent=True), plus_minus(Estimate(0.0, 0.00002), percent=True)
    ('31.87 ± 0.01', '0.000 ± 0.002')
    >>> plus_minus(Estimate(math.inf, math.nan))
    'never'
    """
    value, error = estimate
    if not math.isfinite(value):
        return endless
    scale = 100.0 if percent else 1.0
    if math.isnan(error):
        return f"{rounded(value * scale, 0.0, most=2)} ± ?"
    error *= scale
    if error <= 0:
        return rounded(value * scale, error)
    if value == 0:  # has no digits of its own: those of its error
        error_shown = rounded(error, error, most=1)
        return f"{0.0:.{len(error_shown.partition('.')[2])}f} ± {error_shown}"
    shown = rounded(value * scale, error)
    least = 10.0 ** -len(shown.partition(".")[2])  # an error is never shown finer than its number
    return f"{shown} ± {rounded(max(error, least), error, most=1)}"


def signed(estimate: Estimate, percent: bool = False) -> str:
    """``+3.1 ± 0.2``: a change and its standard error.

    Examples
    --------
    >>> signed(Estimate(0.0312, 0.002), percent=True), signed(Estimate(-0.2, 0.002)), signed(Estimate(0.0, 0.0))
    ('+3.1 ± 0.2', '-0.200 ± 0.002', '0')
    """
    shown = plus_minus(estimate, percent)
    return "+" * (estimate.value > 0 and float(shown.partition(" ")[0]) > 0) + shown


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


_MUCH, _TOO_MUCH = 1e4, 1e9


def brief(estimate: Estimate, endless: str = "never", most: int = 3) -> str:
    """``3.74``: a number alone, for tables of many.

    From 10,000 only its power of ten is of use, and from 1e9 not even that.

    Parameters
    ----------
    estimate : Estimate
        The number and its error.
    endless : str
        What an infinite value means.
    most : int
        Significant digits to show at most.

    Examples
    --------
    >>> [brief(Estimate(*x)) for x in ((3.7412, 0.02), (812345.0, 3e4), (1.2e30, 4e28), (math.inf, math.nan))]
    ['3.74', '8e5', '>1e9', 'never']
    """
    value, error = estimate
    if not math.isfinite(value):
        return endless
    if value >= _TOO_MUCH:
        return f">{_TOO_MUCH:.0e}".replace("+0", "")
    if abs(value) >= _MUCH:
        mantissa, _, power = f"{value:.0e}".partition("e")
        return f"{mantissa}e{int(power)}"
    return rounded(value, 0.0 if math.isnan(error) else error, most=most)
