"""Retraining in both readings: the paper's formula, and the one their code computes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_model import CENTRAL, inputs_of

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
