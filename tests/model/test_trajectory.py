"""Time as a function of progress: against adaptive quadrature, and in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from plain_model import (
    CENTRAL,
    LN10,
    PLAUSIBLE,
    log_pace,
    random_draws,
    slowness,
    time_between,
    times_to,
)
from scipy.integrate import quad
from scipy.optimize import brentq
from trajectories import COBB_DOUGLAS, EVERYDAY, LONG, PLAUSIBLY, TOP, every, left, power_law, solved


@pytest.mark.parametrize("variant", PLAUSIBLY)
def test_times_to_whole_ooms_are_the_integral(variant):
    draws = random_draws(11, 60, **PLAUSIBLE | PLAUSIBLY[variant])
    exact = np.array([times_to(d, [1, 2, 3, 4, 5, 6]) for d in draws]).T
    trajectory = solved(draws, dense=False)
    for n in range(1, 7):
        wanted = (exact[n - 1] < LONG) & (left(draws, n) > 2)
        assert trajectory.time_to(n)[wanted] == pytest.approx(exact[n - 1][wanted], rel=2e-6)


@pytest.mark.parametrize("variant", EVERYDAY)
def test_times_are_the_integral_for_wide_beliefs_too(variant):
    """rho from -1.5 to 0.6, ten thousand copies or a tenth, limits anywhere: some draws turn within a panel."""
    draws = random_draws(11, 60, **EVERYDAY[variant])
    exact = np.array([times_to(d, [1, 2, 3, 4, 5, 6]) for d in draws]).T
    trajectory = solved(draws, dense=False)
    for n in range(1, 7):
        wanted, far = exact[n - 1] < LONG, left(draws, n) > 1
        errors = np.abs(trajectory.time_to(n)[wanted] / exact[n - 1][wanted] - 1)
        assert np.all(errors[far[wanted]] < 1e-3)
        assert np.all(errors < 0.15)
        assert np.quantile(errors, 0.5, method="lower") < 1e-5 if wanted.any() else True


@pytest.mark.parametrize("variant", EVERYDAY)
def test_times_are_infinite_exactly_where_progress_never_comes(variant):
    draws = random_draws(11, 60, **EVERYDAY[variant])
    limits = np.array([d["software_limit"] for d in draws])
    for n in range(1, 7):
        assert np.array_equal(np.isfinite(solved(draws).time_to(n)), n < limits)


def test_with_and_without_the_dense_rows_times_are_the_same():
    draws = random_draws(12, 40, **EVERYDAY["short of the limit"])
    for n in range(TOP + 1):
        assert np.array_equal(solved(draws).time_to(n), solved(draws, dense=False).time_to(n))


def test_without_the_dense_rows_only_whole_ooms_are_known():
    with pytest.raises(ValueError, match="dense=True"):
        solved([CENTRAL], dense=False).time_to(1.5)


@pytest.mark.parametrize(("believed", "tolerance"), [(PLAUSIBLE, 3e-3), ({}, 1e-2)])
def test_times_to_fractions_of_an_oom(believed, tolerance):
    draws = random_draws(13, 60, **believed)
    trajectory = solved(draws)
    for x in (0.02, 0.31, 0.5, 1.77, 2.93, 4.45, 5.99):
        exact = every(lambda d, x=x: times_to(d, [x])[0], draws)
        wanted = (left(draws, x) > 1) & (exact < 100)
        assert trajectory.time_to(x)[wanted] == pytest.approx(exact[wanted], rel=tolerance)


def test_each_draw_may_ask_for_its_own_progress():
    draws = random_draws(14, 40)
    trajectory = solved(draws)
    x = np.linspace(0, 5.9, 40)
    assert trajectory.time_to(x) == pytest.approx([trajectory.time_to(one)[i] for i, one in enumerate(x)], rel=1e-12)


def test_no_progress_takes_no_time():
    assert solved(random_draws(14, 20)).time_to(0.0).tolist() == [0.0] * 20


@pytest.mark.parametrize(("believed", "tolerance"), [(PLAUSIBLE, 2e-3), ({}, 5e-3)])
def test_progress_is_the_inverse_of_time(believed, tolerance):
    draws = random_draws(15, 40, **believed)
    trajectory = solved(draws)
    for years in (0.01, 0.25, 1.0, 4.0, 20.0):
        for d, got in zip(draws, trajectory.progress_after(years), strict=True):
            end = min(TOP, d["software_limit"] - 1.5)
            if time_between(d, 0, end) > years:
                reached = brentq(lambda s, d=d, years=years: time_between(d, 0, s) - years, 0, end)
                assert got == pytest.approx(reached, abs=tolerance)
            elif d["software_limit"] > TOP + 1.5:
                assert got == math.inf
            else:
                assert got > end - 0.01


def test_progress_after_no_time_is_none():
    assert solved(random_draws(15, 20)).progress_after(0.0).tolist() == [0.0] * 20


def test_progress_after_each_draws_own_time_gives_back_the_progress():
    draws = random_draws(16, 60)
    trajectory = solved(draws)
    for x in (0.4, 2.0, 2.5):
        times = trajectory.time_to(x)
        fine = times < LONG
        assert trajectory.progress_after(times)[fine] == pytest.approx(x, abs=1e-9)


@pytest.mark.parametrize("limit", [4.0, 4.02, 4.3, 4.49, 4.51, 4.98])
def test_close_to_the_limit_time_is_still_known(limit):
    draws = random_draws(17, 30, software_limit=limit)
    trajectory = solved(draws)
    for x in (3.0, limit - 0.5, limit - 0.3):
        exact = every(lambda d, x=x: times_to(d, [x])[0], draws)
        fine = exact < LONG
        assert trajectory.time_to(x)[fine] == pytest.approx(exact[fine], rel=0.05)


def test_progress_after_eternity_stays_below_the_limit():
    draws = random_draws(18, 40, software_limit=lambda rng: rng.uniform(0.2, 5.9))
    limits = np.array([d["software_limit"] for d in draws])
    for years in (1.0, 1e3, 1e9):
        assert np.all(solved(draws).progress_after(years) <= limits)


# closed forms


@pytest.mark.parametrize("returns", [0.3, 0.7, 0.95, 1.05, 1.5, 4.0])
def test_cobb_douglas_time_is_a_power_law(returns):
    d, g, c = power_law(returns)
    trajectory = solved([d], 12)
    for n in range(1, 13):
        assert trajectory.time_to(n).item() == pytest.approx(-math.expm1(-c * n) / (g * c), rel=1e-9)


def test_cobb_douglas_time_is_exact_between_rows_too():
    """ln(dT/dx) is a straight line there, as the interpolation takes it to be."""
    d, g, c = power_law(1.5)
    for x in (0.1, 0.77, 3.33):
        assert solved([d]).time_to(x).item() == pytest.approx(-math.expm1(-c * x) / (g * c), rel=1e-8)


def test_constant_returns_of_one_are_linear_progress():
    d, g, c = power_law(1.0)
    assert c == 0
    trajectory = solved([d])
    assert [trajectory.time_to(n).item() for n in (1, 2.5, 6)] == pytest.approx([1 / g, 2.5 / g, 6 / g], rel=1e-12)
    assert trajectory.progress_after(3 / g).item() == pytest.approx(3.0, rel=1e-9)


def test_returns_above_one_end_in_finite_time():
    d, g, c = power_law(2.0)
    trajectory = solved([d], 40)
    total = 1 / (g * c)
    assert trajectory.time_to(40).item() == pytest.approx(total, rel=1e-9)
    assert trajectory.progress_after(total * 1.001).item() == math.inf
    assert trajectory.progress_after(0.9 * total).item() == pytest.approx(-math.log(0.1) / c, rel=1e-6)


def test_returns_below_one_are_logarithmic_progress():
    d, g, c = power_law(0.6)
    trajectory = solved([d], 12)
    for years in (0.1, 1.0, 10.0, 1000.0):
        assert trajectory.progress_after(years).item() == pytest.approx(math.log1p(-g * c * years) / -c, rel=1e-6)


def test_cobb_douglas_with_a_limit_is_a_beta_integral():
    """dx/dt = g e^{c x} (1 - x/X)^{b X}, with r = infinity in c: the integral by scipy on the closed integrand."""
    d = COBB_DOUGLAS | {"software_limit": 8.0}
    lam, u, a = d["parallelizability"], d["labour_per_training"], d["compute_share"]
    g, c, b = math.exp(log_pace(d, 0)), lam * (1 - a) * u * LN10, lam * (1 - a) / d["returns"] * u * LN10
    for n in (1, 4, 6):
        exact = quad(lambda x: math.exp(-c * x) * (1 - x / 8.0) ** (-b * 8.0) / g, 0, n, epsrel=1e-12)[0]
        assert solved([d], 8).time_to(n).item() == pytest.approx(exact, rel=1e-6)


def test_all_times_are_inversely_proportional_to_the_baseline_rate():
    draws = random_draws(26, 50)
    fast = [d | {"software_growth": 7 * d["software_growth"]} for d in draws]
    slow, quick = solved(draws), solved(fast)
    for n in (1, 2.5, 3):
        assert quick.time_to(n) * 7 == pytest.approx(slow.time_to(n), rel=1e-9)
    assert quick.fastest(1.0) * 7 == pytest.approx(slow.fastest(1.0), rel=1e-9)
    assert quick.peak()[0] == pytest.approx(slow.peak()[0], rel=1e-9)


# sanity of the twin itself


def test_the_plain_twin_integrates_what_it_says():
    d = power_law(1.0)[0]
    assert time_between(d, 0, 3) == pytest.approx(3 * slowness(d, 0), rel=1e-12)
