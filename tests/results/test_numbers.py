"""Numbers as they are shown: read back, they are what they were, as far as their errors tell."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ooms.outcomes import parse_quantity
from ooms.results.credence import Estimate
from ooms.results.numbers import brief, duration, percent, plus_minus, quantile_cell, signed
from ooms.results.plain import finite

LOGS = st.floats(-12, 15)


def unit(shown: str) -> float:
    """What one in the first digit of a number is."""
    return 10.0 ** Decimal(shown).adjusted()


@given(value=LOGS, error=LOGS, sign=st.sampled_from((-1, 1)), positive=st.booleans())
@settings(max_examples=500, deadline=None)
def test_a_number_and_its_error_read_back_within_one_in_the_errors_first_digit(value, error, sign, positive):
    found = Estimate(10.0**value * (1 if positive else sign), 10.0**error)
    number, error = plus_minus(found, positive=positive).split(" ± ")
    assert abs(float(number) - found.value) <= unit(error) * (1 + 1e-9)
    assert abs(float(error) - found.standard_error) <= unit(error) * (1 + 1e-9)
    finest = Decimal(number).as_tuple().exponent
    assert isinstance(finest, int)
    assert float(number) == 0 or positive or 10.0**finest <= unit(error) * (1 + 1e-9)
    if positive:
        assert float(number) > 0


@pytest.mark.parametrize(
    ("value", "error", "shown"),
    [
        (2.01e-8, 1e-9, "2.0e-8 ± 1e-9"),
        (2e-6, 1.2e-6, "2e-6 ± 1e-6"),
        (5.3e-13, 1e-14, "5.3e-13 ± 1e-14"),
        (123456.0, 0.5, "123500 ± 100"),
        (8.123e8, 2e6, "8.12e8 ± 2e6"),
        (1.04e6, 7e4, "1.04e6 ± 7e4"),
        (0.31868, 0.00012, "0.3187 ± 0.0001"),
        (12345.6, 300.0, "12300 ± 300"),
        (0.0, 5e-13, "0 ± 5e-13"),
        (0.0, 0.002, "0.000 ± 0.002"),
        (1e-5, 0.002, "0.000 ± 0.002"),  # a probability
        (3.0, 0.0, "3.000"),
        (3.14, math.nan, "3 ± ?"),
        (1353581390.8, math.inf, "1e9 ± ?"),
    ],
)
def test_digits_are_those_that_the_error_supports(value, error, shown):
    assert plus_minus(Estimate(value, error)) == shown


@pytest.mark.parametrize(
    ("value", "error", "shown"),
    [
        (9.1e8, 2e9, "9e8 ± 2e9"),
        (5.2, 30.0, "5 ± 30"),
        (4e8, 2e9, "4e8 ± 2e9"),
        (0.0, 0.2, "0.0 ± 0.2"),
        (0.0, 0.0, "0"),
        (3.74, 0.02, "3.74 ± 0.02"),
    ],
)
def test_a_quantile_of_what_is_positive_is_never_shown_as_0(value, error, shown):
    assert plus_minus(Estimate(value, error), positive=True) == shown


def test_a_change_that_only_rounding_made_is_none():
    assert signed(Estimate(0.0, 5e-15), percent=True) == "0"
    assert signed(Estimate(-2e-17, 5e-15), percent=True) == "0"
    assert signed(Estimate(2e-17, 0.0005), percent=True) == "0.00 ± 0.05"
    assert signed(Estimate(-3e-9, 1e-9), percent=True) == "-3e-7 ± 1e-7"


@pytest.mark.parametrize(
    ("value", "error", "unit", "shown"),
    [
        (1.234e12, 3e10, "dollars", "1.2e12"),
        (1.234e12, 3e12, "dollars", "~1e12"),
        (1.234e12, math.nan, "dollars", "~1e12"),
        (2.3e30, 1e29, "x today's pace", "2.3e30"),
        (2.3e30, 1e29, "years", ">1,000"),
        (2.3e5, 1e4, "years", ">1,000"),
        (5.0, 2e9, "years", "~5"),
        (0.0, 0.3, "years", "0"),
        (math.inf, math.nan, "years", "never"),
        (0.31, 0.001, "OOM", "0.31"),
    ],
)
def test_numbers_without_errors(value, error, unit, shown):
    assert brief(Estimate(value, error), unit, most=2, positive=True) == shown


def test_what_may_have_either_sign_is_0_where_its_error_is_larger():
    assert brief(Estimate(0.001, 0.02), "kappa") == "0.00"
    assert plus_minus(Estimate(0.001, 0.02)) == "0.00 ± 0.02"


def test_a_probability_is_written_alike_wherever_it_stands():
    """Pictures' labels showed digits finer than terminals do."""
    for chance in (Estimate(0.99987, 2e-5), Estimate(0.9999, 1.4e-4), Estimate(0.20512, 0.0091), Estimate(0.0, 0.0)):
        assert percent(chance) == f"{plus_minus(chance, percent=True)} %"
    assert percent(Estimate(0.99987, 2e-5)) == "99.99 ± 0.01 %"


def test_over_a_thousand_years_is_said_alike_everywhere():
    late = Estimate(8.1e5, 2e4)
    time = parse_quantity("time to 5 ooms")
    assert (quantile_cell(time, late), brief(late, "years"), duration(late)) == (">1,000", ">1,000", "over 1,000 years")
    assert quantile_cell(time, Estimate(999.0, 4.0)) == "999 ± 4"
    assert quantile_cell(time, Estimate(math.inf, math.nan)) == "never"


def test_json_has_no_infinity():
    assert [finite(x) for x in (1.5, math.inf, math.nan)] == [1.5, None, None]
