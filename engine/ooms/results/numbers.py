"""How numbers are written, everywhere: with the digits that their Monte Carlo errors support, and no more.

One policy for terminals, pages, pictures and reports. JSON and NetCDF keep numbers as they are (`ooms.results.plain`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ooms.outcomes import Quantity
    from ooms.results.credence import Estimate

__all__ = ["brief", "diagnostic", "duration", "elapsed", "finest_place", "in_percent", "in_words",
           "narrowing", "never_share", "percent", "plain", "plus_minus", "quantile_cell", "rounded", "signed",
           "size", "spoken"]  # fmt: skip


_SMALL, _LARGE = 1e-5, 1e6  # outside of these numbers are written with a power of ten
_PLACES = 5  # decimals that a 0 is given at most


def rounded(value: float, standard_error: float, *, most: int = 4, least: int = 0, large: float = _LARGE) -> str:
    """The value with the digits that its error supports: none finer than the error's first.

    Parameters
    ----------
    value, standard_error : float
        The number and its error; an error of 0 leaves `most` significant digits, one that is unknown or infinite 1.
    most, least : int
        Significant digits to show at most, and at least: with 1, only 0 is shown as 0.
    large : float
        From here on it is written with a power of ten.

    Examples
    --------
    >>> rounded(0.31847, 0.0021), rounded(12345.6, 300.0), rounded(3.14159, 0.0), rounded(8.123e8, 2e6)
    ('0.318', '12300', '3.142', '8.12e8')
    >>> rounded(2.34e-9, 1e-11), rounded(3e-151, 3e-149), rounded(4e8, 2e9), rounded(4e8, 2e9, least=1)
    ('2.34e-9', '0', '0', '4e8')
    """
    if not math.isfinite(value):
        return "infinite" if value > 0 else str(value)
    if value == 0:
        return "0"
    places = finest_place(value, standard_error, most=most, least=least)
    shown = round(value, -places) + 0.0  # no -0
    if shown == 0:
        return f"{0.0:.{-places if 0 <= -places <= _PLACES else 0}f}"
    if _SMALL <= abs(shown) < large:
        return f"{shown:.{max(-places, 0)}f}"
    mantissa, _, power = f"{shown:.{max(_leading(shown, 15) - places, 0)}e}".partition("e")
    return f"{mantissa}e{int(power)}"


def finest_place(value: float, standard_error: float, *, most: int = 4, least: int = 0) -> int:
    """Power of ten of the last digit that `rounded` shows of a number other than 0."""
    if not math.isfinite(standard_error):
        return _leading(value, 1)
    place = _leading(value, most) - most + 1
    if standard_error > 0:
        place = max(place, _leading(standard_error, 1))
    return min(place, _leading(value, least) - least + 1) if least else place


def _leading(value: float, digits: int) -> int:
    """Power of ten of the first digit, once rounded to so many."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


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
    >>> from ooms.results.credence import Estimate
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
    return f"{shown} ± {rounded(error, 0.0, most=1, large=_MUCH if powers else _LARGE)}"


_MUCH = 1e4
"""From here on a power of ten reads better, where numbers are many."""
_NEGLIGIBLE = 1e-6
"""Percent below which a probability is not worth its digits: the far tail of a prior that nobody meant."""


def _nothing(error: float) -> str:
    """0 with the decimals of its error."""
    return rounded(error / 100.0, error)


_MOST_YEARS = 1000.0
"""Over so many years only that is said: no forecast of a pace that starts now means anything beyond."""


def _very_late(value: float, unit: str) -> str:
    """``>1,000`` for so many years that only that is of use; nothing for any other number."""
    return f">{_MOST_YEARS:,.0f}" if unit == "years" and _MOST_YEARS < value < math.inf else ""


def quantile_cell(quantity: Quantity, estimate: Estimate) -> str:
    """``1.22 ± 0.02``: a quantile of a quantity and its standard error; only 0 is 0 where nothing can be below it."""
    if late := _very_late(estimate.value, quantity.unit):
        return late
    return plus_minus(estimate, endless=quantity.endless, positive=quantity.scale.bottom >= 0)


def percent(chance: Estimate) -> str:
    """``31.87 ± 0.01 %``: a probability and its standard error.

    Examples
    --------
    >>> from ooms.results.credence import Estimate
    >>> percent(Estimate(0.20512, 0.0091)), percent(Estimate(0.0, 0.0)), percent(Estimate(0.2, math.nan))
    ('20.5 ± 0.9 %', '0 %', '20 ± ? %')
    """
    return f"{plus_minus(chance, percent=True)} %"


_NEARLY_NONE = 0.001


def in_percent(chance: Estimate) -> str:
    """A probability for a label: whole percents, or one decimal where it is small, never finer than its error.

    Examples
    --------
    >>> from ooms.results.credence import Estimate
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


def signed(estimate: Estimate, percent: bool = False) -> str:
    """``+3.1 ± 0.2``: a change of a probability and its standard error; what only rounding made is 0.

    Examples
    --------
    >>> from ooms.results.credence import Estimate
    >>> signed(Estimate(0.0312, 0.002), percent=True), signed(Estimate(-0.2, 0.002)), signed(Estimate(0.0, 0.0))
    ('+3.1 ± 0.2', '-0.200 ± 0.002', '0')
    >>> signed(Estimate(3e-17, 5e-15), percent=True)
    '0'
    """
    value, error = (0.0 if abs(number) < _ROUNDING else number for number in estimate)
    shown = plus_minus(type(estimate)(value, error), percent)
    return f"+{shown}" if value > 0 and float(shown.partition(" ")[0]) > 0 else shown


_ROUNDING = 1e-12
"""A smaller change of a probability is none."""


def never_share(estimate: Estimate, endless: str = "never") -> str:
    """``0.45 ± 0.01 %``: the share of draws in which something never comes, or is endless; a dash for none of them.

    Examples
    --------
    >>> from ooms.results.credence import Estimate
    >>> never_share(Estimate(0.0049, 0.0001)), never_share(Estimate(0.0, 0.0))
    ('0.49 ± 0.01 %', '-')
    >>> never_share(Estimate(0.5, 0.001), endless="unlimited")
    '50.0 ± 0.1 % unlimited'
    """
    if not estimate.value:
        return "-"
    return percent(estimate) if endless == "never" else f"{percent(estimate)} {endless}"


def brief(estimate: Estimate, unit: str = "", endless: str = "never", most: int = 3, positive: bool = False) -> str:
    """``3.74``: a number alone, for tables of many; ``~9`` where its error is larger than it, or unknown.

    From 10,000 on it is written with a power of ten. Over 1,000 years only that is said.

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
    >>> from ooms.results.credence import Estimate
    >>> [brief(Estimate(*x), "years") for x in ((3.7412, 0.02), (412.0, 3.0), (1.2e30, 4e28), (math.inf, math.nan))]
    ['3.74', '412', '>1,000', 'never']
    >>> brief(Estimate(1.234e12, 3e10), "dollars"), brief(Estimate(5.2, 8.0), "years", positive=True)
    ('1.23e12', '~5')
    """
    value, error = estimate
    if not math.isfinite(value):
        return endless
    if late := _very_late(value, unit):
        return late
    shown = rounded(value, error, most=most, least=int(positive), large=_MUCH)
    return f"~{shown}" if not math.isfinite(error) or (positive and error > value > 0) else shown


_DAYS = 365.25
_UNITS = (
    ("years", 1.0, 0.95, 3),
    ("months", 1 / 12, 1.0, 2),
    ("weeks", 7 / _DAYS, 1.0, 2),
    ("days", 1 / _DAYS, 0.0, 2),
)
"""Units of time: their length, how many of them there are at least, and significant digits."""


def duration(years: Estimate) -> str:
    """``2.5 months``: a time with the digits that its error supports, in the unit that people would use.

    Examples
    --------
    >>> from ooms.results.credence import Estimate
    >>> duration(Estimate(2.46, 0.02)), duration(Estimate(0.21, 0.0004)), duration(Estimate(math.inf, math.nan))
    ('2.46 years', '2.5 months', 'never')
    >>> duration(Estimate(0.001, 1e-6)), duration(Estimate(4e7, 1e5))
    ('0.4 days', 'over 1,000 years')
    """
    value, error = years
    if not math.isfinite(value):
        return "never"
    if value > _MOST_YEARS:
        return f"over {_MOST_YEARS:,.0f} years"
    unit, length, _, most = next(each for each in _UNITS if value >= each[1] * each[2])
    most = 1 if value < 1 / _DAYS else most
    return f"{rounded(value / length, error / length, most=most, least=1)} {unit}"


def narrowing(share: float, error: float) -> str:
    """How much narrower it became, in whole percents; "no narrower" where that is within two errors of nothing.

    Parameters
    ----------
    share, error : float
        The contraction (`ooms.calibrating.prior_posterior.contraction`) and its standard error.

    Examples
    --------
    >>> narrowing(0.646, 0.01), narrowing(-0.26, 0.02), narrowing(0.02, 0.02)
    ('65 % narrower', '26 % wider', 'no narrower')
    """
    if not abs(share) > 2.0 * error:  # what is no number, too
        return "no narrower"
    return f"{rounded(100.0 * abs(share), max(1.0, 100.0 * error))} % {'narrower' if share > 0 else 'wider'}"


def plain(value: float) -> str:
    """``0.31``: a number without an error, in two digits; a dash for none.

    Examples
    --------
    >>> plain(0.3141), plain(math.nan)
    ('0.31', '-')
    """
    return rounded(value, 0.0, most=2) if math.isfinite(value) else "-"


def diagnostic(value: float) -> str:
    """A diagnostic of a sampler: R-hat rounded up to 3 decimals, counts rounded down, shares to 4 decimals.

    Examples
    --------
    >>> diagnostic(1.01002), diagnostic(399.7), diagnostic(0.0045), diagnostic(0.28), diagnostic(math.nan)
    ('1.011', '399', '0.0045', '0.28', 'undefined')
    """
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else "infinite"
    if abs(value) < 1.0:
        return f"{value:.4f}".rstrip("0").removesuffix(".")
    return (
        f"{math.floor(value)}" if abs(value) >= 10 or value == int(value) else f"{math.ceil(value * 1000) / 1000:.3f}"
    )


_PARTS = (2, 3, 4, 5, 10)
"""What people count chances in."""


def in_words(chance: float) -> str:
    """A probability as people say it.

    Examples
    --------
    >>> [in_words(p) for p in (0.3187, 0.42, 0.66, 0.06)]
    ['about 1 in 3', 'about 2 in 5', 'about 2 in 3', 'about 1 in 17']
    >>> [in_words(p) for p in (0.97, 0.00001, 0.9999)]
    ['all but about 1 in 33', 'less than 1 in 1,000', 'all but less than 1 in 1,000']
    """
    if chance > 0.95:
        return f"all but {in_words(1 - chance)}" if chance < 1 else "always, in these draws"
    if chance < 0.001:
        return "less than 1 in 1,000" if chance > 0 else "never, in these draws"
    if chance < 0.05:
        count = 1 / chance
        return (
            f"about 1 in {count:.0f}" if count < 100 else f"about 1 in {round(count, -1 if count < 1000 else -2):.0f}"
        )
    if chance < 0.09:
        return f"about 1 in {1 / chance:.0f}"
    best = min(_PARTS, key=lambda n: abs(round(chance * n) / n - chance) + 0.004 * n + (not 0 < round(chance * n) < n))
    return f"about {round(chance * best)} in {best}"


def spoken(chance: Estimate) -> str:
    """A probability in words, with its percents where they add to these.

    Examples
    --------
    >>> from ooms.results.credence import Estimate
    >>> spoken(Estimate(0.3187, 0.0001)), spoken(Estimate(0.0, 0.0001)), spoken(Estimate(0.0, 0.01))
    ('about 1 in 3 (32 %)', 'less than 1 in 1,000', 'never, in these draws (<0.1 %)')
    """
    if chance.value < _NEARLY_NONE and chance.standard_error < _NEARLY_NONE:
        return in_words(_NEARLY_NONE / 2)
    return f"{in_words(chance.value)} ({in_percent(chance)})"


_STEPS = ((60.0, "s", 1.0), (3600.0, "min", 60.0), (48 * 3600.0, "h", 3600.0), (float("inf"), "days", 86400.0))
_BYTES = ("B", "kB", "MB", "GB", "TB", "PB")


def elapsed(seconds: float) -> str:
    """How long that is, to two digits.

    Examples
    --------
    >>> [elapsed(s) for s in (0.3, 48.2, 200, 7300, 1e6)]
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
    while count >= 1000.0 and power < len(_BYTES) - 1:
        count, power = count / 1000.0, power + 1
    return f"{count:.1f} {_BYTES[power]}" if 0 < count < 10 and power else f"{count:.0f} {_BYTES[power]}"
