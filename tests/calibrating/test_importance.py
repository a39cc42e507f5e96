"""Importance weights: exact where that can be worked out, refused where they would mislead."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ooms.calibrating.importance import FEWEST, Weights, weigh
from ooms.distributions.normal import ndtri


def normal(n, seed=0):
    return np.random.default_rng(seed).standard_normal(n)


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.8])
def test_a_shifted_normal_is_found_again(shift):
    """From N(0, 1) to N(m, 1): the mean is m and the effective share exp(-m^2)."""
    x = normal(20000)
    found = weigh(shift * x - shift**2 / 2)
    mean = found.mean(x)
    assert mean.value == pytest.approx(shift, abs=4 * mean.standard_error + 1e-9)
    assert found.effective / 20000 == pytest.approx(math.exp(-(shift**2)), rel=0.1)
    assert found.refusal == ""


def test_its_error_is_as_large_as_it_says():
    off, said = [], []
    for seed in range(200):
        x = normal(2000, seed)
        mean = weigh(0.5 * x - 0.125).mean(x)
        off.append(mean.value - 0.5)
        said.append(mean.standard_error)
    assert np.std(off) == pytest.approx(np.mean(said), rel=0.2)


def test_autocorrelation_makes_it_larger():
    x, found = normal(2000), weigh(np.zeros(2000))
    worth = weigh(np.zeros(2000), 0.25)
    assert worth.mean(x).standard_error == pytest.approx(2 * found.mean(x).standard_error)
    assert worth.effective == pytest.approx(500)
    assert weigh(np.zeros(2000), 0.05).refusal.startswith("only 100 effective draws are left of 2000")


def test_the_error_of_a_change_is_as_large_as_it_says():
    off, said = [], []
    for seed in range(200):
        x = normal(2000, seed)
        change = weigh(0.5 * x - 0.125).change(x)
        off.append(change.value - 0.5)
        said.append(change.standard_error)
    assert np.std(off) == pytest.approx(np.mean(said), rel=0.2)


def test_a_change_that_rests_on_few_draws_is_refused():
    x = normal(6000)
    far = weigh(4.0 * x - 8.0)
    assert not far.pareto_k < 0.7
    assert "Pareto k" in far.refusal
    narrow = weigh(np.where(np.abs(x) < 0.01, 0.0, -np.inf))
    assert narrow.effective < FEWEST
    assert "effective draws are left of 6000" in narrow.refusal


def test_a_heavy_tail_is_refused_though_many_draws_seem_effective():
    """Ratios with an infinite variance: Pareto, shape 1/k with k = 0.9."""
    u = np.random.default_rng(1).random(6000)
    found = weigh(-0.9 * np.log(u))
    assert found.pareto_k > 0.7
    assert found.refusal


@pytest.mark.parametrize("ratios", [np.full(1000, -np.inf), np.full(1000, np.nan)])
def test_where_nothing_is_possible_it_is_refused(ratios):
    found = weigh(ratios)
    assert math.isinf(found.pareto_k)
    assert found.refusal


@pytest.mark.parametrize("count", [16, 800, 4096, 7])
def test_rows_are_there_as_often_as_weights_say(count):
    x = normal(1000)
    found = weigh(0.5 * x)
    rows = found.rows(count)
    assert len(rows) == count
    often = np.bincount(rows, minlength=1000)
    assert np.all(np.abs(often - count * found.weights) <= 1 + 1e-9)


def test_pieces_of_rows_keep_to_pieces_of_the_chains():
    """Row k is from piece k % 16 of the draws, which is what a forecast's error rests on."""
    rows = Weights(np.full(3200, 1 / 3200), 0.0).rows(1600).reshape(-1, 16)
    for piece in range(16):
        assert set(rows[:, piece] // 200) == {piece}


def test_uniform_draws_under_another_uniform():
    """rho uniform(-0.2, 0) under uniform(-0.1, 0): half the draws, all alike."""
    u = (np.arange(4000) + 0.5) / 4000
    found = weigh(np.where(u > 0.5, math.log(2.0), -np.inf))
    assert found.effective == pytest.approx(2000)
    assert found.mean(ndtri(u)).value == pytest.approx(math.sqrt(2 / math.pi), abs=0.01)
