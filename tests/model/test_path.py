"""What is read off a solved trajectory: the fastest stretch, the peak and the fizzle, by brute force."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from plain_model import (
    CENTRAL,
    PLAUSIBLE,
    log_pace,
    random_draws,
    time_between,
)
from scipy.optimize import brentq, minimize_scalar
from trajectories import every, solved

# the fastest stretch


def fastest_by_brute_force(d, length):
    """The shortest window of that length that ends somewhat before the limit."""
    starts = np.linspace(0, d["software_limit"] - 0.3 - length, 60)
    windows = [time_between(d, s, s + length) for s in starts]
    best = int(np.argmin(windows))
    low, high = starts[max(best - 1, 0)], starts[min(best + 1, 59)]
    found: Any = minimize_scalar(lambda s: time_between(d, s, s + length), bounds=(low, high), method="bounded")
    return min(windows[best], found.fun)


@pytest.mark.sweep(2)
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
        risen = int(np.argmin(slow))
        k = risen + int(np.argmax(slow[risen:]))
        if k == risen:
            assert one == (0.0 if slow[risen] else math.inf)
            continue
        exact = brentq(lambda s, d=d: log_pace(d, s) - math.log(d["software_growth"]), x[k - 1], x[k])
        assert one == pytest.approx(exact, abs=0.05)


def test_what_is_slower_than_today_from_the_start_fizzles_there():
    slow = CENTRAL | {"workforce": 0.1, "speed": 0.1, "returns": 0.6}
    assert solved([slow]).fizzle().tolist() == [0.0]


def test_a_pace_that_comes_to_exceed_todays_fizzles_when_it_falls_back():
    """It starts at half of today's; brute force on the equation."""
    slow_start = CENTRAL | {"workforce": 0.1, "speed": 1.0, "returns": 3.0, "rho": 0.0, "software_limit": 6.0}
    level = math.log(slow_start["software_growth"])
    x = np.linspace(0, 6 - 1e-9, 20_001)
    above = np.array([log_pace(slow_start, s) > level for s in x])
    assert not above[0]
    assert above.any()
    risen = int(np.argmax(above))
    k = risen + int(np.argmin(above[risen:]))
    assert solved([slow_start], 6).fizzle().tolist() == pytest.approx([x[k]], abs=1e-3)


def test_what_never_falls_back_does_not_fizzle():
    fast = CENTRAL | {"rho": 0.0, "returns": 2.0, "software_limit": math.inf}
    assert solved([fast]).fizzle().tolist() == [math.inf]


def test_without_a_limit_the_fastest_stretch_of_a_rising_pace_is_the_last():
    draws = [d | {"software_limit": math.inf} for d in random_draws(7, 40, **PLAUSIBLE | {"returns": 3.0, "rho": 0.2})]
    trajectory = solved(draws, 12)
    rising = np.isinf(trajectory.peak().pace)
    assert rising.sum() > 20
    last = trajectory.time_to(12.0) - trajectory.time_to(9.0)
    assert trajectory.fastest(3.0)[rising] == pytest.approx(last[rising], rel=1e-6)
