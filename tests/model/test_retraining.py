"""Retraining in both readings: the paper's formula, and the one their code computes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_model import CENTRAL, LN10, inputs_of, log_pace, random_draws
from scipy.integrate import solve_ivp
from trajectories import EVERYDAY, TOP, power_law

from ooms.model.retraining import damped, damped_as_coded
from ooms.model.trajectory import solve

FLAT = CENTRAL | {"rho": 0.0, "experiment_efficiency": 0.0, "taste_multiplier": 1.0, "software_limit": np.inf}


@given(st.floats(-50, 0))
def test_both_damp_what_decelerates_alike(kappa):
    k = np.array([kappa])
    assert damped_as_coded(k) == pytest.approx(damped(k), rel=1e-12)


@given(st.floats(1e-6, 0.99))
def test_the_code_makes_what_accelerates_accelerate_more(kappa):
    k = np.array([kappa])
    assert damped_as_coded(k) == pytest.approx(kappa / (1 - kappa), rel=1e-9)
    assert damped(k) < k < damped_as_coded(k)


def test_the_pole_is_held():
    assert np.all(np.isfinite(damped_as_coded(np.array([1.0, 1.0 + 1e-12, 0.999999]))))


@pytest.mark.parametrize("returns", [0.7, 1.0, 1.6])
@pytest.mark.parametrize("reading", [True, "as coded"])
def test_constant_returns_give_a_power_law(returns, reading):
    """With constant kappa k the time of each doubling is 2^-k' times the last, k' what retraining leaves of k."""
    d = FLAT | {"returns": returns}
    kappa = d["parallelizability"] * (1 - d["compute_share"]) * (1 - 1 / returns)
    left = kappa / (1 + abs(kappa)) if reading is True else kappa / abs(1 - kappa)
    path = solve(inputs_of([d], retraining=reading), 6)
    doubling = np.log10(2) / d["labour_per_training"]
    ends = np.array([path.time_to(np.array([n * doubling]))[0] for n in range(1, 6)])
    times = np.diff(ends)
    assert times[1:] / times[:-1] == pytest.approx(2.0**-left, rel=1e-4)


def plainly_damped(kappa: float) -> float:
    return kappa / (1 + abs(kappa))


def retrained_times(d, ends):
    """The log pace integrated from kappa / (1 + |kappa|), and time beside it, by an ODE solver."""
    per = LN10 * d["labour_per_training"]
    step = 1e-6

    def right(x, y):
        x = min(max(x, step), d["software_limit"] - 2 * step)
        kappa = (log_pace(d, x + step) - log_pace(d, x - step)) / (2 * step * per)
        return [per * plainly_damped(kappa), math.exp(-y[0])]

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
    c = per * plainly_damped(c / per)
    got = solve(inputs_of([d], retraining=True), TOP)
    assert got.time_to(5).item() == pytest.approx(-math.expm1(-5 * c) / (g * c), rel=1e-9)
