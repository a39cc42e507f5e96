"""Trajectories with calendar time against an adaptive solver in the form dt/dx = 1/pace."""

from __future__ import annotations

import math

import numpy as np
import pytest
from plain_model import CENTRAL, PLAUSIBLE, VARIANTS, inputs_of, random_draws, slowness
from scipy.integrate import solve_ivp

from ooms.model.stepping import step
from ooms.model.trajectory import solve

TOP = 5
PATIENCE = 50.0  # years

CLOCKS = {
    "growth": {"hardware_growth": lambda rng: rng.uniform(0.05, 0.8)},
    "shrinking": {"hardware_growth": lambda rng: rng.uniform(-0.8, -0.05)},
    "ramp": {"ramp_years": lambda rng: rng.uniform(0.2, 4)},
    "ramped speed-up": {
        "ramp_years": lambda rng: rng.uniform(0.2, 4),
        "initial_speedup": lambda rng: 10 ** rng.uniform(0, 1.5),
    },
    "shock": {
        "hardware_shock": lambda rng: 10 ** rng.uniform(-2, 1),
        "hardware_shock_year": lambda rng: rng.uniform(0, 1),
    },
    "reorganisation": {
        "rho_long_run": lambda rng: rng.uniform(-0.3, 0.2),
        "adjustment_years": lambda rng: rng.uniform(1, 60),
    },
}
CLOCKS["all"] = {
    k: v for name, clock in CLOCKS.items() if name not in ("shrinking", "ramped speed-up") for k, v in clock.items()
}
CLOCKS["all with routes"] = CLOCKS["all"] | VARIANTS["routes"]


def time_to(d, end):
    """Years to that much progress, date by date; infinite if it takes longer than we wait."""
    dates = [d[name] for name in ("ramp_years", "hardware_shock_year") if d.get(name)]
    stops = [*sorted(date for date in dates if date < PATIENCE), PATIENCE]
    x, t = 0.0, 0.0
    for stop in stops:
        # up to the stop the formula is the one that held just before it
        def right(x, y, stop=stop):
            return [slowness(d, x, min(y[0], math.nextafter(stop, 0)))]

        def there(_, y, stop=stop):
            return y[0] - stop

        there.terminal, there.direction = True, 1
        out = solve_ivp(right, (x, end), [t], rtol=1e-9, atol=1e-13, events=there, first_step=1e-5)
        x, t = out.t[-1], out.y[0][-1]
        if out.status == 0:
            return t
        t = stop
    return math.inf


@pytest.mark.sweep(3)
@pytest.mark.parametrize("clock", CLOCKS)
def test_times_solve_the_equation_with_calendar_time(clock):
    draws = random_draws(41, 16, **PLAUSIBLE | CLOCKS[clock])
    trajectory = solve(inputs_of(draws), TOP)
    for n in (1, 3, 5):
        exact = np.array([time_to(d, n) for d in draws])
        reached = np.isfinite(exact)
        assert reached.mean() > 0.2
        assert trajectory.time_to(n)[reached] == pytest.approx(exact[reached], rel=1e-3)
        assert np.all(trajectory.time_to(n)[~reached] > 0.99 * PATIENCE)


@pytest.mark.parametrize("clock", ["growth", "ramp", "shock"])
def test_fractions_and_progress_are_read_off_the_same_times(clock):
    draws = random_draws(42, 10, **PLAUSIBLE | CLOCKS[clock])
    trajectory = solve(inputs_of(draws), TOP)
    exact = np.array([time_to(d, 1.7) for d in draws])
    reached = np.isfinite(exact)
    assert trajectory.time_to(1.7)[reached] == pytest.approx(exact[reached], rel=0.02)
    for i in np.flatnonzero(reached):
        assert trajectory.progress_after(exact[i])[i] == pytest.approx(1.7, abs=0.02)


@pytest.mark.parametrize(
    "idle",
    [
        {"hardware_shock": 1.0, "hardware_shock_year": 0.3},
        {"hardware_shock": 0.01, "hardware_shock_year": 1e9},
        {"ramp_years": 1e-12},
        {"rho_long_run": -0.1, "adjustment_years": 3.0, "rho": -0.1},
        {"hardware_growth": 1e-13},
    ],
)
def test_a_clock_without_effect_leaves_the_quadrature(idle):
    draws = random_draws(43, 60, **PLAUSIBLE | {k: v for k, v in idle.items() if k == "rho"})
    still = solve(inputs_of(draws), TOP)
    clocked = solve(inputs_of([d | idle for d in draws]), TOP)
    for n in range(1, TOP + 1):
        usual = still.time_to(n) < 1e4
        assert clocked.time_to(n)[usual] == pytest.approx(still.time_to(n)[usual], rel=1e-3)
        assert np.median(np.abs(clocked.time_to(n)[usual] / still.time_to(n)[usual] - 1)) < 3e-5


@pytest.mark.parametrize("variant", VARIANTS)
def test_steps_without_a_clock_are_the_quadrature(variant):
    draws = random_draws(44, 60, **PLAUSIBLE | VARIANTS[variant])
    inputs = inputs_of(draws)
    quadrature, steps = solve(inputs, TOP), step(inputs, TOP)
    for n in range(1, TOP + 1):
        usual = quadrature.time_to(n) < 1e4
        assert steps.time_to(n)[usual] == pytest.approx(quadrature.time_to(n)[usual], rel=5e-3)


def test_growing_hardware_only_helps_and_shrinking_only_hurts():
    draws = random_draws(45, 200, **PLAUSIBLE)
    shrinking, still, growing = (
        solve(inputs_of([d | {"hardware_growth": h} for d in draws]), TOP).time_to(3) for h in (-0.3, 0.0, 0.3)
    )
    assert np.all(growing <= still * (1 + 1e-4))
    assert np.all(still <= shrinking * (1 + 1e-4))


def test_a_ramp_only_delays():
    draws = random_draws(46, 200, **PLAUSIBLE)
    at_once, ramped = (solve(inputs_of([d | {"ramp_years": r} for d in draws]), TOP).time_to(3) for r in (0.0, 2.0))
    assert np.all(at_once <= ramped * (1 + 1e-4))


def test_an_event_after_the_progress_changes_nothing():
    draws = random_draws(47, 100, **PLAUSIBLE)
    still = solve(inputs_of(draws), TOP).time_to(2)
    late = solve(inputs_of([d | {"hardware_shock": 1e-3, "hardware_shock_year": 2.0} for d in draws]), TOP).time_to(2)
    before = still < 1.9
    assert before.any()
    assert late[before] == pytest.approx(still[before], rel=1e-4)
    assert np.all(late[still > 2.1] > still[still > 2.1])


def test_hardware_alone_waits_for_as_long_as_its_growth_takes():
    """With rho = 0 and r -> 0 all progress waits for hardware; then T has a closed form: dx/dt = g e^{k t - b x}."""
    d = CENTRAL | {
        "rho": 0.0,
        "software_limit": math.inf,
        "experiment_efficiency": 0.0,
        "hardware_growth": 0.4,
        "returns": 0.1,
    }
    lam, zeta, a, u = d["parallelizability"], d["compute_exponent"], d["compute_share"], d["labour_per_training"]
    g, k = 1 / slowness(d, 0.0), ((1 - a) * lam + a * zeta) * 0.4 * math.log(10)
    b = lam * (1 - a) * (1 / d["returns"] - 1) * u * math.log(10)
    trajectory = solve(inputs_of([d]), TOP)
    for n in range(1, TOP + 1):
        exact = math.log1p(k * math.expm1(b * n) / (b * g)) / k
        assert trajectory.time_to(n).item() == pytest.approx(exact, rel=1e-3)


def test_hardware_that_shrinks_too_fast_ends_progress():
    d = CENTRAL | {
        "rho": 0.0,
        "software_limit": math.inf,
        "experiment_efficiency": 0.0,
        "returns": 1.0,
        "hardware_growth": -0.5,
    }
    lam, zeta, a = d["parallelizability"], d["compute_exponent"], d["compute_share"]
    g, k = 1 / slowness(d, 0.0), ((1 - a) * lam + a * zeta) * 0.5 * math.log(10)
    trajectory = solve(inputs_of([d]), 40)  # dx/dt = g e^{-k t}: x ends at g / k
    assert trajectory.time_to(math.floor(g / k)).item() == pytest.approx(
        -math.log1p(-k * math.floor(g / k) / g) / k, rel=1e-3
    )
    assert trajectory.time_to(math.ceil(g / k)).item() == math.inf
    assert trajectory.progress_after(1e6).item() == pytest.approx(g / k, abs=0.17)


def test_a_date_just_before_the_limit_does_not_carry_a_draw_over_it():
    """The pace falls so gently here (beta = 0.001) that a step ends at the limit, and its date lies a hair before."""
    gentle = {"rho": 0.0, "parallelizability": 0.01, "returns": 3.243345063972676, "experiment_efficiency": 0.0}
    d = (
        CENTRAL
        | gentle
        | {
            "software_limit": 5.0,
            "hardware_shock": 0.18631173221400607,
            "hardware_shock_year": 3.8887779236464706,
            "hardware_growth": 0.3133229983804109,
            "ramp_years": 2.893825838823786,
            "workforce": 100000.0,
            "speed": 1.0,
            "skill": 3.1622776601683795,
            "compute_share": 0.6557349102092388,
            "compute_exponent": 0.9267322321552296,
            "taste_multiplier": 1.0,
            "labour_per_training": 1.3565943057250662,
            "software_growth": 1.7876105508640812,
        }
    )
    trajectory = solve(inputs_of([d]), TOP + 1)
    assert trajectory.time_to(5).item() == math.inf
    assert trajectory.time_to(6).item() == math.inf
