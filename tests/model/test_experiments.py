"""Experiment compute."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ooms.model.experiments import exponent_from_slowdown, log_compute
from ooms.model.production import ces_from_ceilings, pace


def test_compute_is_one_today_and_stays_there_if_experiments_do_not_get_cheaper():
    line = log_compute(0.65, 0.0, 2.0)
    assert line.at([0.0, 5.0, 12.0]).tolist() == [0.0, 0.0, 0.0]


@given(st.floats(0.01, 1), st.floats(-1, 2), st.floats(0.1, 4), st.floats(0, 12))
def test_compute_follows_its_formula(zeta, gamma, u, x):
    exact = zeta * math.log((10 ** (u * x)) ** gamma)
    assert log_compute(zeta, gamma, u).at(x) == pytest.approx(exact, rel=1e-12, abs=1e-12)


@given(st.floats(0.02, 1), st.floats(-10, 0.9, allow_subnormal=False), st.floats(0.05, 0.95))
def test_the_exponent_is_recovered_from_the_slowdown_it_causes(zeta, rho, share):
    slowdown = 1 / pace(1.0, 0.1**zeta, rho=rho, compute_share=share).item()
    # the slowdown is all there is to see: towards 1 or towards what labour alone keeps up, digits are lost
    kept = (1 - share) ** (1 / rho) if rho > 0 else 0.0
    if slowdown > 1 + 1e-4 and 1 / slowdown > kept * (1 + 1e-4):
        assert exponent_from_slowdown(slowdown, rho, share) == pytest.approx(zeta, rel=1e-7)


@given(st.floats(1.001, 1e3), st.floats(-10, -1e-3), st.floats(0.05, 0.95))
def test_below_rho_zero_the_exponent_gives_back_the_slowdown(slowdown, rho, share):
    zeta = exponent_from_slowdown(slowdown, rho, share)
    assert pace(1.0, 0.1**zeta, rho=rho, compute_share=share) == pytest.approx(1 / slowdown, rel=1e-9)


def test_without_substitution_curvature_the_exponent_is_the_logarithm_over_the_share():
    assert exponent_from_slowdown(10**0.3, 0.0, 0.5) == pytest.approx(0.6, rel=1e-14)


def test_no_exponent_gives_a_slowdown_that_labour_alone_would_avoid():
    """With rho = 1/2 and a = 1/2, no compute at all still leaves a quarter of the pace."""
    assert math.isfinite(exponent_from_slowdown(3.99, 0.5, 0.5))
    assert math.isnan(exponent_from_slowdown(4.01, 0.5, 0.5))


def test_the_ai_futures_models_central_slowdown():
    """Ceilings 15x and 1000x and a slowdown of 2.8 from ten times less compute, by their own formula for zeta."""
    rho, share = ces_from_ceilings(15.0, 1000.0)
    k = (1000.0 / 15.0) ** rho
    theirs = math.log((1 + k) * (1 / 2.8) ** rho - k) / (rho * math.log(0.1))
    assert exponent_from_slowdown(2.8, rho, share) == pytest.approx(theirs, rel=1e-10)
