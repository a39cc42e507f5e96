"""The equation, draw by draw, against its plain twin."""

from __future__ import annotations

import math

import numpy as np
import pytest
from plain_model import CENTRAL, LN10, VARIANTS, Draw, inputs_of, log_pace, output, random_draws, varied

from ooms.model.pace import ClockedPace, Pace

X = (0.0, 0.37, 1.0, 2.4, 2.95)


def every(function, draws, *args):
    return np.array([function(d, *args) for d in draws])


def draws_of(variant: str, count: int = 200):
    return random_draws(1, count, **VARIANTS[variant])


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_pace_follows_the_formulas(variant):
    draws = draws_of(variant)
    pace = Pace(inputs_of(draws))
    for x in X:
        assert pace.log(x) == pytest.approx(every(log_pace, draws, x), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_single_draw_has_the_pace_it_has_among_others(variant):
    draws = draws_of(variant, 5)
    together = Pace(inputs_of(draws)).log(1.3)
    assert together == pytest.approx([Pace(inputs_of(d)).log(1.3).item() for d in draws], rel=1e-13)


def test_the_relative_pace_leaves_out_todays_growth():
    draws = draws_of("tasteful")
    pace = Pace(inputs_of(draws))
    today = np.log([d["software_growth"] for d in draws])
    assert pace.log_relative(1.0) == pytest.approx(pace.log(1.0) - today, rel=1e-12, abs=1e-12)


def test_a_human_lab_goes_at_todays_pace():
    human = CENTRAL | {"workforce": 1.0, "speed": 1.0, "taste_start": 0.0}
    assert Pace(inputs_of(human)).log_relative(0.0) == pytest.approx(0.0, abs=1e-15)


def test_output_is_normalised_to_today():
    draws = random_draws(1, 50, workforce=1.0, speed=1.0, skill=1.0, **VARIANTS["routes"])
    assert Pace(inputs_of(draws)).log_output(0.0) == pytest.approx(np.zeros(50), abs=1e-13)


def test_an_initial_speedup_is_the_pace_at_the_start():
    draws = draws_of("speed-up")
    taste = [
        math.exp(log_pace(d | {"initial_speedup": None}, 0.0)) / d["software_growth"] / output(d, 0.0, 0.0)
        for d in draws
    ]
    speedup = np.array([d["initial_speedup"] for d in draws])
    assert np.exp(Pace(inputs_of(draws)).log_relative(0.0)) == pytest.approx(speedup * taste, rel=1e-10)


def test_the_pace_is_nothing_at_and_beyond_the_limit():
    pace = Pace(inputs_of(CENTRAL | {"software_limit": 3.0}))
    assert [pace.log(x).item() for x in (3.0, 3.1, 50.0)] == [-math.inf] * 3
    assert math.isfinite(pace.log(np.nextafter(3.0, 0)).item())


def test_the_pace_is_nothing_beyond_the_limit_also_where_ideas_get_easier():
    """Dearer experiments (gamma below 0) and high returns make beta negative."""
    pace = Pace(inputs_of(CENTRAL | {"experiment_efficiency": -1.0, "returns": 100.0, "software_limit": 3.0}))
    assert pace.inputs.difficulty < 0
    assert [pace.log(x).item() for x in (3.0, 3.1, 50.0)] == [-math.inf] * 3


def test_some_draws_may_have_a_limit_and_others_none():
    draws = draws_of("main", 40)
    for d in draws[::2]:
        d["software_limit"] = math.inf
    assert Pace(inputs_of(draws)).log(2.4) == pytest.approx(every(log_pace, draws, 2.4), rel=1e-10, abs=1e-10)


def test_x_may_be_an_array_over_the_draws():
    draws = draws_of("tasteful", 40)
    x = np.linspace(0, 2.9, 40)
    exact = [log_pace(d, one) for d, one in zip(draws, x, strict=True)]
    assert Pace(inputs_of(draws)).log(x) == pytest.approx(exact, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("x", [0.4, 2.4])
def test_kappa_is_the_elasticity_of_the_pace_to_software(variant, x):
    draws = draws_of(variant)
    step = 1e-5
    slopes = (every(log_pace, draws, x + step) - every(log_pace, draws, x - step)) / (2 * step)
    per_software = LN10 * np.array([d["labour_per_training"] for d in draws])
    assert Pace(inputs_of(draws)).kappa(x) == pytest.approx(slopes / per_software, abs=1e-5)


def test_kappa_is_minus_infinity_at_and_beyond_the_limit():
    pace = Pace(inputs_of(CENTRAL | {"software_limit": 3.0}))
    assert [pace.kappa(x).item() for x in (3.0, 3.1, 50.0)] == [-math.inf] * 3


def test_with_their_medians_acceleration_changes_sign_near_minus_five_hundredths():
    """model.md: Davidson & Houlden's medians, labour 900 times today's, experiments that do not get cheaper."""
    medians = {"parallelizability": 0.6, "returns": 1.2, "software_limit": math.inf, "experiment_efficiency": 0.0}
    labour = {"workforce": 1.0, "speed": 900.0}
    rhos = np.linspace(-0.2, 0, 2001)
    draws = [CENTRAL | medians | labour | {"rho": rho} for rho in rhos]
    kappa = Pace(inputs_of(draws)).kappa(0.0)
    assert rhos[np.argmax(kappa > 0)] == pytest.approx(-0.05, abs=0.006)


def test_at_the_cobb_douglas_point_progress_accelerates_iff_returns_exceed_one():
    draws = random_draws(2, 200, rho=0.0, taste_slope=0.0)
    kappa = Pace(inputs_of(draws)).kappa(0.0)
    assert np.array_equal(kappa > 0, np.array([d["returns"] > 1 for d in draws]))


def test_labours_share_follows_its_formula():
    draws = draws_of("main")

    def share(d, x):
        software = 10 ** (d["labour_per_training"] * x)
        labour = (d["workforce"] * software) ** d["parallelizability"] * d["speed"] * d["skill"]
        compute = software ** (d["experiment_efficiency"] * d["compute_exponent"])
        parts = (1 - d["compute_share"]) * labour ** d["rho"], d["compute_share"] * compute ** d["rho"]
        return parts[0] / sum(parts)

    assert Pace(inputs_of(draws)).labour_share(1.3) == pytest.approx(every(share, draws, 1.3), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_part_of_the_draws_keeps_their_pace(variant):
    pace = Pace(inputs_of(draws_of(variant)))
    whole = pace.log(1.3)
    assert np.array_equal(pace.part(slice(3, 20)).log(1.3), whole[3:20])
    assert np.array_equal(pace.part(np.array([9, 2, 2])).log(1.3), whole[[9, 2, 2]])


@pytest.mark.parametrize("extra", [{}, {"taste_slope": 0.5}, {"initial_speedup": 8.0}, {"software_limit": math.inf}])
@pytest.mark.parametrize("name", [n for n in CENTRAL if n not in ("hardware_growth", "software_share")])
def test_any_parameter_may_vary_while_all_others_are_single_numbers(name, extra):
    central = CENTRAL | extra
    values = np.array([0.9, 1.0, 1.1]) * central[name] if central[name] else np.array([-0.3, 0.0, 0.3])
    draws = [central | {name: value} for value in values]
    pace = Pace(varied(central, name, values))
    assert np.broadcast_to(pace.log(1.3), 3) == pytest.approx(every(log_pace, draws, 1.3), rel=1e-10)


# with calendar time

CLOCKS: dict[str, Draw] = {
    "growth": {"hardware_growth": lambda rng: rng.uniform(0, 1)},
    "shrinking": {"hardware_growth": lambda rng: rng.uniform(-1, 0)},
    "shock": {
        "hardware_shock": lambda rng: 10 ** rng.uniform(-2, 1),
        "hardware_shock_year": lambda rng: rng.uniform(0, 2),
    },
    "ramp": {"ramp_years": lambda rng: rng.uniform(0.1, 4)},
    "ramped speed-up": {
        "ramp_years": lambda rng: rng.uniform(0.1, 4),
        "initial_speedup": lambda rng: 10 ** rng.uniform(0, 2),
    },
    "reorganisation": {
        "rho_long_run": lambda rng: rng.uniform(-0.5, 0.5),
        "adjustment_years": lambda rng: rng.uniform(1, 30),
    },
}
CLOCKS["all"] = {k: v for clock in CLOCKS.values() for k, v in clock.items()} | {"taste_slope": 0.3}
CLOCKS["all with routes"] = CLOCKS["all"] | VARIANTS["routes"]


def regime_at(pace: ClockedPace, t: np.ndarray):
    regime = pace.start()
    return regime._replace(ramped=pace.ramp <= t, shocked=pace.shock_date <= t)


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_pace_with_calendar_time_follows_the_formulas(clock):
    draws = random_draws(4, 150, **CLOCKS[clock])
    pace = ClockedPace(inputs_of(draws))
    assert pace.inputs.has_clock
    for x, year in ((0.0, 0.0), (0.0, 0.3), (1.3, 0.9), (2.4, 3.0), (2.9, 7.0)):
        t = np.full(len(draws), year)
        log = pace.still(np.full(len(draws), x)) + pace.moving(np.full(len(draws), x), t, regime_at(pace, t))
        assert log == pytest.approx(every(log_pace, draws, x, year), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("clock", [c for c in CLOCKS if "reorganisation" not in c and not c.startswith("all")])
def test_the_drift_is_the_derivative_of_the_pace_with_time(clock):
    draws = random_draws(5, 100, **CLOCKS[clock])
    pace = ClockedPace(inputs_of(draws))
    x, t, step = np.full(100, 0.8), np.full(100, 0.05), 1e-5
    numerical = (every(log_pace, draws, 0.8, 0.05 + step) - every(log_pace, draws, 0.8, 0.05 - step)) / (2 * step)
    steady = np.array([abs(d.get("hardware_shock_year", 9) - 0.05) > 2 * step for d in draws])
    drift = np.broadcast_to(pace.drift(x, t, regime_at(pace, t)), 100)
    assert drift[steady] == pytest.approx(numerical[steady], abs=1e-6, rel=1e-6)


def test_dates_come_in_order_and_then_no_more():
    draws = [
        CENTRAL | {"ramp_years": r, "hardware_shock": 0.5, "hardware_shock_year": s}
        for r, s in ((1, 2), (3, 2), (2, 2))
    ]
    pace = ClockedPace(inputs_of(draws))
    first = pace.next_date(pace.start())
    assert first.tolist() == [1, 2, 2]
    second = pace.next_date(pace.regime(first))
    assert second.tolist() == [2, 3, math.inf]
    assert pace.next_date(pace.regime(second)).tolist() == [math.inf] * 3


def test_without_a_clock_the_clocked_pace_is_the_pace():
    draws = draws_of("all")
    pace, clocked = Pace(inputs_of(draws)), ClockedPace(inputs_of(draws))
    x, t = np.full(len(draws), 1.3), np.full(len(draws), 5.0)
    assert not pace.inputs.has_clock
    assert clocked.still(x) + clocked.moving(x, t, clocked.start()) == pytest.approx(
        pace.log(1.3), rel=1e-12, abs=1e-12
    )
