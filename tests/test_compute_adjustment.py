"""With and without the compute adjustment of returns, and the discrepancy of substitution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import Sampler, central_inputs
from ooms.model.production import beyond, rho_from_sigma, sigma_from_rho
from ooms.model.returns import returns_from_difficulty

EVENT = "5 ooms in 1 year"


def drawn(view, name):
    inputs = Sampler(view, 0).block(0, 1024).inputs
    return np.asarray(returns(inputs) if name == "returns" else getattr(inputs, name))


def returns(i):
    feedback = (i.parallelizability, i.compute_share, i.compute_exponent, i.experiment_efficiency)
    return returns_from_difficulty(i.difficulty, *feedback)


@pytest.mark.parametrize("name", ["davidson-2025", "davidson-houlden-2025", "ho-whitfill-2025", "ftm-2023"])
def test_without_it_returns_are_those_to_all_research_input(name):
    view = ooms.load(name)
    adjusted, raw = drawn(view, "returns"), drawn(view.replace(compute_adjustment=False), "returns")
    assert raw == pytest.approx(adjusted / (1 - drawn(view, "compute_share")), rel=1e-12)


def test_returns_total_without_it_is_what_was_stated():
    view = ooms.load("davidson-2025").replace(returns_total=1.7, compute_adjustment=False)
    assert returns(central_inputs(view)[1]) == pytest.approx(1.7, rel=1e-12)


def test_it_makes_an_explosion_likelier():
    view = ooms.load("davidson-houlden-2025")
    chances = [ooms.forecast(v, draws=2**10, quantities=[]).probability(EVENT).value
               for v in (view, view.replace(compute_adjustment=False))]  # fmt: skip
    assert chances[1] > chances[0] + 0.1


@given(rho=st.floats(-5, 0.9), d=st.floats(-2, 2))
def test_the_discrepancy_multiplies_the_elasticity(rho, d):
    assert sigma_from_rho(beyond(rho, d)) == pytest.approx(sigma_from_rho(rho) * np.exp(d), rel=1e-9)
    assert beyond(beyond(rho, d), -d) == pytest.approx(rho, abs=1e-9)


@pytest.mark.parametrize("clock", [{}, {"hardware_growth": 1e-12}])
def test_a_discrepancy_is_the_same_as_another_elasticity(clock):
    view = ooms.load("davidson-2025").replace(**clock)
    shifted = view.replace(sigma=0.7, rho_discrepancy=0.3)
    direct = view.replace(rho=float(rho_from_sigma(0.7 * np.exp(0.3))))
    got, want = (ooms.forecast(v, draws=2**10, quantities=[]).probability(EVENT).value for v in (shifted, direct))
    assert got == pytest.approx(want, abs=1e-9)
