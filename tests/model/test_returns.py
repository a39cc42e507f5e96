"""Ideas getting harder, and ways to state returns."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ooms.model.returns import difficulty, difficulty_from_returns, returns_from_growth, returns_from_total

LN10 = math.log(10)
shares = st.floats(0, 0.99)
positive = st.floats(0.01, 100)
exponents = st.floats(0.01, 1)


def test_nothing_is_harder_at_the_start():
    assert difficulty(0.0, 0.25, 2.0, [0.2, 10.0, math.inf]).tolist() == [0.0, 0.0, 0.0]


def test_difficulty_follows_its_formula():
    assert difficulty(4.0, 0.25, 2.0, 10.0) == pytest.approx(0.25 * 2 * 10 * LN10 * -math.log(0.6), rel=1e-14)


def test_difficulty_is_finite_just_below_the_limit():
    for limit in (0.2, 1.0, 10.0, 29.7):
        d = difficulty(np.nextafter(limit, 0), 0.25, 2.0, limit).item()
        assert math.isfinite(d)
        assert d == pytest.approx(0.25 * 2 * LN10 * limit * math.log(2**53), rel=0.05)


def test_difficulty_is_infinite_at_and_beyond_the_limit():
    assert difficulty([10.0, 10.0001, 1e9], 0.25, 2.0, 10.0).tolist() == [math.inf] * 3


def test_the_limit_holds_also_where_ideas_get_easier():
    assert difficulty([10.0, 11.0], -0.1, 2.0, 10.0).tolist() == [math.inf] * 2


def test_difficulty_without_a_limit_is_a_straight_line():
    x = np.array([0.0, 0.5, 3.0, 1e6])
    assert difficulty(x, 0.25, 2.0, math.inf) == pytest.approx(0.5 * LN10 * x, rel=1e-15)


def test_a_far_limit_is_no_limit():
    assert difficulty(5.0, 0.25, 2.0, 1e12) == pytest.approx(difficulty(5.0, 0.25, 2.0, math.inf), rel=1e-11)


@given(st.floats(0, 40), positive, st.floats(0.1, 4), st.floats(0.2, 40) | st.just(math.inf))
def test_difficulty_is_never_nan_and_never_negative(x, exponent, u, limit):
    assert difficulty(x, exponent, u, limit) >= 0


@given(st.floats(0.01, 0.98), positive, st.floats(0.2, 40))
def test_difficulty_grows_as_beta_over_what_is_left(part, exponent, limit):
    x, step = part * limit, 1e-5 * limit
    rise = difficulty([x - step, x + step], exponent, 2.0, limit)
    assert np.diff(rise).item() / (2 * step) == pytest.approx(exponent * 2 * LN10 / (1 - part), rel=1e-5)


def test_difficulty_from_returns_follows_its_formula():
    expected = 0.6 * 0.5 / 1.2 + 0.5 * 0.65 * 0.4
    assert difficulty_from_returns(1.2, 0.6, 0.5, 0.65, 0.4) == pytest.approx(expected, rel=1e-15)


@given(exponents, shares, exponents, st.floats(-1, 2), positive)
def test_returns_mean_doublings_at_the_cobb_douglas_point(lam, a, zeta, gamma, r):
    """The pace accelerates there (kappa > 0) exactly if r > 1, whatever the experiment efficiency."""
    beta = difficulty_from_returns(r, lam, a, zeta, gamma).item()
    kappa = lam * (1 - a) + zeta * gamma * a - beta
    assert kappa == pytest.approx(lam * (1 - a) * (1 - 1 / r), abs=1e-12)


def test_returns_to_all_inputs_shrink_by_the_share_of_labour():
    assert returns_from_total(1.2, 0.67) == pytest.approx(0.396, rel=1e-12)
    assert returns_from_total([1.0, 2.0], [0.0, 0.5]).tolist() == [1.0, 1.0]


@given(positive, positive, positive, exponents, shares, exponents, st.floats(0.1, 4), st.floats(-1, 2))
def test_returns_from_growth_keep_past_growth_steady(g_l, g_k, g_s, lam, a, zeta, u, gamma):
    """On a balanced growth path, more researchers and more experiments just offset ideas getting harder."""
    r = returns_from_growth(g_l, g_k, g_s, lam, a, zeta, u).item()
    beta = difficulty_from_returns(r, lam, a, zeta, gamma).item()
    inputs = (1 - a) * lam * g_l + a * zeta * (g_k + gamma * u * g_s)
    assert inputs == pytest.approx(beta * u * g_s, rel=1e-9, abs=1e-9)


def test_ho_and_whitfills_rates_give_their_returns():
    """r_total = .955 at growth rates 1.3, .85 and 1.1 with a compute share of .67; a third of it at fixed compute."""
    r = returns_from_growth(0.85, 1.3, 1.1, 1.0, 0.67, 1.0, 1.0)
    assert r == pytest.approx(returns_from_total(0.955, 0.67), rel=1e-3)
