"""Time as a function of progress, and what is read off it, against quadrature and closed forms."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from plain_model import (
    CENTRAL,
    LN10,
    PLAUSIBLE,
    VARIANTS,
    inputs_of,
    log_pace,
    random_draws,
    slowness,
    time_between,
    times_to,
)
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq, minimize_scalar

from ooms.model.inputs import Inputs, Route
from ooms.model.path import Trajectory
from ooms.model.trajectory import solve

TOP = 6
LONG = 1e4  # years beyond which nobody needs digits

EVERYDAY = {
    "main": {},
    "tasteful": {"taste_slope": lambda rng: rng.uniform(0, 0.5)},
    "unlimited": {"software_limit": math.inf},
    "routes": VARIANTS["routes"],
    "all": VARIANTS["all"] | {"taste_slope": lambda rng: rng.uniform(0, 0.5)},
    "short of the limit": {"software_limit": lambda rng: rng.uniform(1.1, 6)},
}


PLAUSIBLY = {
    "main": {},
    "tasteful": {"taste_slope": lambda rng: rng.uniform(0, 0.5)},
    "unlimited": {"software_limit": math.inf},
    "speed-up": VARIANTS["speed-up"],
}


def solved(draws, top=TOP, *, dense=True) -> Trajectory:
    return solve(inputs_of(draws), top, dense=dense)


def every(function, draws, *args):
    return np.array([function(d, *args) for d in draws])


def left(draws, x):
    """OOMs from x to each draw's limit."""
    return np.array([d["software_limit"] for d in draws]) - x


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


# the fastest stretch


def fastest_by_brute_force(d, length):
    """The shortest window of that length that ends somewhat before the limit."""
    starts = np.linspace(0, d["software_limit"] - 0.3 - length, 60)
    windows = [time_between(d, s, s + length) for s in starts]
    best = int(np.argmin(windows))
    low, high = starts[max(best - 1, 0)], starts[min(best + 1, 59)]
    found: Any = minimize_scalar(lambda s: time_between(d, s, s + length), bounds=(low, high), method="bounded")
    return min(windows[best], found.fun)


@pytest.mark.parametrize("length", [0.5, 1.0, 2.41])
@pytest.mark.parametrize(("believed", "tolerance"), [(PLAUSIBLE, 2e-3), ({}, 0.05)])
def test_the_fastest_stretch_is_the_shortest_window_anywhere(believed, tolerance, length):
    draws = random_draws(19, 24, **believed | {"software_limit": lambda rng: rng.uniform(6, 11.8)})
    exact = every(fastest_by_brute_force, draws, length)
    soon = exact < 10
    assert solved(draws, 12).fastest(length)[soon] == pytest.approx(exact[soon], rel=tolerance)


def test_where_the_pace_only_falls_the_fastest_stretch_is_the_first():
    draws = random_draws(32, 30, **PLAUSIBLE | {"returns": 0.4, "rho": -0.2})
    trajectory = solved(draws, 12)
    for length in (0.5, 1.0, 2.41):
        first = trajectory.time_to(length)
        assert trajectory.fastest(length) == pytest.approx(first, rel=0.02)


def test_a_stretch_longer_than_the_way_to_the_limit_never_ends():
    draws = random_draws(20, 20, software_limit=lambda rng: rng.uniform(0.5, 3.9))
    assert np.all(np.isinf(solved(draws, 8).fastest(4.0)))


def test_each_draw_may_ask_for_its_own_stretch():
    draws = random_draws(21, 30)
    trajectory = solved(draws, 9)
    lengths = np.linspace(0.05, 6, 30)
    assert trajectory.fastest(lengths) == pytest.approx(
        [trajectory.fastest(n)[i] for i, n in enumerate(lengths)], rel=1e-6
    )


def test_the_fastest_stretch_never_takes_longer_than_the_first():
    draws = random_draws(22, 300)
    trajectory = solved(draws, 9)
    for n in (1.0, 2.0, 3.0):
        first = trajectory.time_to(n)
        assert np.all((trajectory.fastest(n) <= first * (1 + 1e-9)) | np.isinf(first))


# the peak and the fizzle


def rising_then_falling(seed, count):
    draws = random_draws(
        seed, 20 * count, returns=lambda rng: rng.uniform(1, 3), software_limit=lambda rng: rng.uniform(3, 8)
    )
    return [d for d in draws if d["software_limit"] < 8 and log_pace(d, 0.5) > log_pace(d, 0)][:count]


def peak_by_brute_force(d):
    x = np.linspace(0, d["software_limit"] - 1e-9, 400)
    logs = [log_pace(d, one) for one in x]
    best = int(np.argmax(logs))
    found: Any = minimize_scalar(
        lambda s: -log_pace(d, s), bounds=(x[max(best - 1, 0)], x[best + 1]), method="bounded", options={"xatol": 1e-9}
    )
    return math.exp(-found.fun) / d["software_growth"], time_between(d, 0, found.x)


def test_the_peak_is_the_highest_pace_and_its_time():
    draws = rising_then_falling(23, 30)
    pace, years, _ = solved(draws, 9).peak()
    exact = every(peak_by_brute_force, draws)
    assert pace == pytest.approx(exact[:, 0], rel=5e-3)
    assert years == pytest.approx(exact[:, 1], rel=0.1)


def test_a_pace_that_only_falls_peaks_at_the_start():
    draws = random_draws(24, 40, rho=0.0, returns=0.5)
    pace, years, _ = solved(draws).peak()
    assert np.log(pace) == pytest.approx(
        every(log_pace, draws, 0.0) - np.log([d["software_growth"] for d in draws]), abs=1e-9
    )
    assert years.tolist() == [0.0] * 40


def test_progress_fizzles_where_the_pace_falls_back_to_todays():
    draws = rising_then_falling(25, 40)
    got = solved(draws, 9).fizzle()
    for d, one in zip(draws, got, strict=True):
        x = np.linspace(0, d["software_limit"] - 1e-9, 400)
        slow = [log_pace(d, s) < math.log(d["software_growth"]) for s in x]
        k = int(np.argmax(slow))
        if k == 0:
            assert one == 0.0
            continue
        exact = brentq(lambda s, d=d: log_pace(d, s) - math.log(d["software_growth"]), x[k - 1], x[k])
        assert one == pytest.approx(exact, abs=0.05)


def test_what_is_slower_than_today_from_the_start_fizzles_there():
    slow = CENTRAL | {"workforce": 0.1, "speed": 0.1, "returns": 0.6}
    assert solved([slow]).fizzle().tolist() == [0.0]


def test_what_never_falls_back_does_not_fizzle():
    fast = CENTRAL | {"rho": 0.0, "returns": 2.0, "software_limit": math.inf}
    assert solved([fast]).fizzle().tolist() == [math.inf]


# closed forms

COBB_DOUGLAS = CENTRAL | {"rho": 0.0, "software_limit": math.inf, "experiment_efficiency": 0.0}


def power_law(returns, start=0.8):
    """Cobb-Douglas without a limit: dx/dt = g exp(c x), and the parameters that give it."""
    d = COBB_DOUGLAS | {"returns": returns, "software_growth": start}
    lam, u, a = d["parallelizability"], d["labour_per_training"], d["compute_share"]
    return d, math.exp(log_pace(d, 0.0)), lam * (1 - a) * (1 - 1 / returns) * u * LN10


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


# whatever the parameters


def wide(**more):
    """Parameters far beyond what anybody believes."""

    def power(low, high):
        return st.floats(low, high).map(lambda e: 10.0**e)

    return st.fixed_dictionaries(
        {
            "rho": st.floats(-60, 0.9) | st.just(0.0),
            "compute_share": st.floats(0, 0.999),
            "workforce": power(-3, 12),
            "speed": power(-3, 4),
            "skill": power(-3, 3),
            "parallelizability": st.floats(0.01, 1),
            "taste_multiplier": power(0, 2),
            "taste_start": st.floats(-8, 8),
            "taste_slope": st.floats(-3, 7) | st.just(0.0),
            "taste_ceiling": power(2.5, 9),
            "compute_exponent": st.floats(0.01, 1),
            "experiment_efficiency": st.floats(-1, 2),
            "hardware_growth": st.just(0.0),
            "returns": power(-2, 2),
            "software_limit": st.floats(0.2, 30) | st.just(math.inf),
            "software_growth": power(-2, 2),
            "labour_per_training": st.floats(0.1, 4),
            "software_share": st.just(0.5),
            **more,
        }
    )


QUICKLY = settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Shrinking a failure takes minutes here."""


def everything(trajectory: Trajectory):
    yield from (trajectory.time_to(n) for n in (0, 1, 4, trajectory.top, 0.3, 2.71))
    yield from (trajectory.progress_after(years) for years in (0.0, 1e-6, 1.0, 1e6))
    yield from (trajectory.fastest(n) for n in (0.05, 1.0, 2.71, 7.0))
    yield from trajectory.peak()
    yield trajectory.fizzle()


EXTREME = {
    "main": wide(),
    "retraining": wide(),
    "clock": wide(hardware_growth=st.floats(-2, 2)),
    "dates": wide(
        ramp_years=st.floats(0.01, 20),
        hardware_shock=st.floats(-3, 3).map(lambda e: 10.0**e),
        hardware_shock_year=st.floats(0, 10),
        hardware_growth=st.floats(-1, 1),
    ),
    "reorganisation": wide(rho_long_run=st.floats(-20, 0.9), adjustment_years=st.floats(0.1, 100)),
}


@pytest.mark.parametrize("kind", EXTREME)
def test_nothing_is_ever_nan_or_negative(kind):
    @QUICKLY
    @given(st.lists(EXTREME[kind], min_size=2, max_size=4))
    def check(draws):
        trajectory = solve(inputs_of(draws, retraining=kind == "retraining"), 12)
        for values in everything(trajectory):
            assert values.shape == (len(draws),)
            assert np.all(values >= 0)  # NaN is not

    check()


@pytest.mark.parametrize("kind", EXTREME)
def test_times_rise_with_progress_and_end_at_the_limit(kind):
    @QUICKLY
    @given(st.lists(EXTREME[kind], min_size=2, max_size=4))
    def check(draws):
        trajectory = solve(inputs_of(draws, retraining=kind == "retraining"), 12)
        limits = np.array([d["software_limit"] for d in draws])
        times = np.array([trajectory.time_to(n) for n in np.arange(0, 12.1, 0.25)])
        assert np.all(times[1:] >= times[:-1] * (1 - 1e-12))
        for n, time in zip(np.arange(0, 12.1, 0.25), times, strict=True):
            assert np.all(np.isinf(time[limits <= n]))

    check()


@given(st.floats(0.05, 11.9), st.floats(0.1, 3))
@QUICKLY
def test_progress_is_never_negative_nor_past_the_limit(limit, returns):
    trajectory = solved([CENTRAL | {"software_limit": limit, "returns": returns}], 12)
    for years in (1e-9, 0.1, 10.0, 1e12):
        assert 0 <= trajectory.progress_after(years).item() <= limit


@pytest.mark.parametrize("clock", [{}, {"hardware_growth": 0.1}, {"ramp_years": 1.0}])
@pytest.mark.parametrize("limit", [0.25, 3.0, 4.7, 11.9])
def test_no_draw_passes_its_limit_where_ideas_get_easier(limit, clock):
    """Dearer experiments (gamma below 0) and high returns make beta negative: the pace grows up to the limit."""
    easier = {"experiment_efficiency": -1.0, "returns": 100.0, "software_limit": limit}
    trajectory = solved([CENTRAL | easier | clock], 12)
    times = np.array([trajectory.time_to(n).item() for n in np.arange(0, 12.1, 0.25)])
    assert np.array_equal(np.isfinite(times), np.arange(0, 12.1, 0.25) < limit)
    assert trajectory.progress_after(1e9).item() <= limit


@pytest.mark.parametrize("name", [n for n in CENTRAL if n not in ("hardware_growth", "software_share")])
def test_any_parameter_may_vary_alone(name):
    values = np.array([0.95, 1.0, 1.05]) * CENTRAL[name] if CENTRAL[name] else np.array([-0.3, 0.0, 0.3])
    varied = Inputs(**{**{n: np.asarray(v) for n, v in CENTRAL.items()}, name: values})
    spelt_out = solved([CENTRAL | {name: v} for v in values], 12)
    for got, expected in zip(everything(solve(varied, 12)), everything(spelt_out), strict=True):
        assert got == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("field", range(4))
def test_a_route_may_vary_alone(field):
    route, values = (-0.2, 0.4, 0.3, 0.8), (0.2, 0.3, 0.4)
    varied = [tuple(v if k == field else r for k, r in enumerate(route)) for v in values]
    draws = [CENTRAL | {"routes": [one], "route_elasticity": 2.0} for one in varied]
    fixed = inputs_of(draws[0])
    single = Route(*(np.asarray(values if k == field else r) for k, r in enumerate(route)))
    got = everything(solve(replace(fixed, routes=(single,)), 12))
    for one, expected in zip(got, everything(solved(draws, 12)), strict=True):
        assert one == pytest.approx(expected, rel=1e-10)


def test_a_single_draw_is_solved_like_many():
    one, many = solve(inputs_of(CENTRAL), 12), solved([CENTRAL, CENTRAL], 12)
    for got, expected in zip(everything(one), everything(many), strict=True):
        assert got == pytest.approx(expected[:1], rel=1e-12)


# the order of draws and their blocks

ORDERLY = {
    **EVERYDAY,
    "clock": {"hardware_growth": 0.3, "ramp_years": 1.0},
    "shock": {"hardware_shock": 0.1, "hardware_shock_year": lambda rng: rng.uniform(0, 2)},
    "reorganisation": {"rho_long_run": 0.1, "adjustment_years": 20.0},
}


ARRANGED = [(v, False) for v in ORDERLY] + [(v, True) for v in EVERYDAY]


@pytest.mark.parametrize(("variant", "retraining"), ARRANGED)
def test_results_do_not_depend_on_the_order_of_the_draws(variant, retraining):
    inputs = inputs_of(random_draws(27, 41, **ORDERLY[variant]), retraining=retraining)
    order = np.random.default_rng(0).permutation(41)
    first, second = solve(inputs, 8), solve(inputs.take(order), 8)
    for got, expected in zip(everything(second), everything(first), strict=True):
        assert np.array_equal(got, expected[order])


BLOCKS = (slice(0, 1), slice(7, 24), slice(24, 40))


@pytest.mark.parametrize(("variant", "retraining"), ARRANGED)
def test_results_do_not_depend_on_the_block_they_come_in(variant, retraining):
    inputs = inputs_of(random_draws(28, 40, **ORDERLY[variant]), retraining=retraining)
    together = list(everything(solve(inputs, 8)))
    for block in BLOCKS:
        for got, expected in zip(everything(solve(inputs.take(block), 8)), together, strict=True):
            assert np.array_equal(got, expected[block])


def test_a_draws_own_stretch_does_not_depend_on_what_others_ask_for():
    inputs, lengths = inputs_of(random_draws(28, 40)), np.linspace(0.1, 9, 40)
    together = solve(inputs, 12)
    for block in BLOCKS:
        part = solve(inputs.take(block), 12)
        assert np.array_equal(part.fastest(lengths[block]), together.fastest(lengths)[block])
        assert np.array_equal(part.time_to(lengths[block]), together.time_to(lengths)[block])


@pytest.mark.parametrize(
    "odd", [{"rho": -60.0, "workforce": 1e-12, "speed": 1e-3}, {"compute_share": 0.0}, {"rho": 0.9, "speed": 1e200}]
)
@pytest.mark.parametrize("clock", [{}, {"hardware_growth": 0.3}])
def test_one_odd_draw_changes_no_other(odd, clock):
    """Formulas that overflow for one draw may be replaced for that draw only."""
    draws = random_draws(31, 60, **clock)
    alone = everything(solved(draws, 12))
    beside = everything(solved([*draws, CENTRAL | clock | odd], 12))
    for got, expected in zip(beside, alone, strict=True):
        assert np.array_equal(got[:-1], expected)


def test_a_farther_top_changes_no_time():
    draws = random_draws(29, 60)
    near, far = solved(draws, 6), solved(draws, 12)
    for n in (1, 2.5, 4, 6):
        assert np.array_equal(near.time_to(n), far.time_to(n))


# retraining


def damped(kappa: float) -> float:
    return kappa / (1 + abs(kappa))


def retrained_times(d, ends):
    """The log pace integrated from kappa / (1 + |kappa|), and time beside it, by an ODE solver."""
    per = LN10 * d["labour_per_training"]
    step = 1e-6

    def right(x, y):
        x = min(max(x, step), d["software_limit"] - 2 * step)
        kappa = (log_pace(d, x + step) - log_pace(d, x - step)) / (2 * step * per)
        return [per * damped(kappa), math.exp(-y[0])]

    out = solve_ivp(right, (0, ends[-1]), [log_pace(d, 0.0), 0.0], t_eval=ends, method="LSODA", rtol=1e-9, atol=1e-12)
    return out.y[1]


@pytest.mark.parametrize("variant", EVERYDAY)
def test_retraining_damps_the_acceleration(variant):
    draws = random_draws(30, 12, **EVERYDAY[variant])
    trajectory = solve(inputs_of(draws, retraining=True), TOP)
    for i, d in enumerate(draws):
        ends = [n for n in range(1, TOP + 1) if n <= d["software_limit"] - 0.5]
        if ends:
            got = [trajectory.time_to(n)[i] for n in ends]
            assert got == pytest.approx(retrained_times(d, np.array(ends, dtype=float)), rel=1e-4)


def test_retraining_slows_what_accelerates_and_eases_what_decelerates():
    up, down = power_law(2.0)[0], power_law(0.5)[0]
    plain, retrained = (solve(inputs_of([up, down], retraining=on), TOP).time_to(5) for on in (False, True))
    assert retrained[0] > plain[0]
    assert retrained[1] < plain[1]


def test_constant_returns_under_retraining_are_a_power_law():
    d, g, c = power_law(2.0)
    per = LN10 * d["labour_per_training"]
    c = per * damped(c / per)
    got = solve(inputs_of([d], retraining=True), TOP)
    assert got.time_to(5).item() == pytest.approx(-math.expm1(-5 * c) / (g * c), rel=1e-9)


# sanity of the twin itself


def test_the_plain_twin_integrates_what_it_says():
    d = power_law(1.0)[0]
    assert time_between(d, 0, 3) == pytest.approx(3 * slowness(d, 0), rel=1e-12)
