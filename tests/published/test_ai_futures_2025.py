"""AI Futures Model (December 2025): the conversions that it is stated with, and its taste-only singularity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numbers_of import value
from scipy.optimize import brentq

from ooms.beliefs.reparametrisation import resolve

NAME = "ai-futures-2025"
DRAWS = 400_000


def zeta(labour_ceiling, compute_ceiling, slowdown):
    """As their code writes it: k = (B/A)^rho, zeta = ln((1 + k) M^rho - k) / (rho ln N), N = 0.1, M = 1/slowdown."""

    def both(rho):
        return labour_ceiling**rho + compute_ceiling**rho - 1

    rho = brentq(both, -60, -1e-6, xtol=1e-15, rtol=1e-14)
    k = (compute_ceiling / labour_ceiling) ** rho
    return rho, np.log((1 + k) * (1 / slowdown) ** rho - k) / (rho * np.log(0.1))


@given(st.floats(1.5, 200), st.floats(5, 4e4), st.floats(1.05, 10))
def test_their_formula_and_ours_agree(labour_ceiling, compute_ceiling, slowdown):
    stated = {"labour_ceiling": labour_ceiling, "compute_ceiling": compute_ceiling, "compute_slowdown": slowdown}
    got = resolve({name: np.array(v) for name, v in stated.items()})
    rho, exponent = zeta(labour_ceiling, compute_ceiling, slowdown)
    assert got["rho"] == pytest.approx(rho, rel=1e-9)
    assert got["compute_exponent"] == pytest.approx(exponent, rel=1e-6)


def test_the_default_configuration():
    rho, exponent = zeta(1 + 200**0.5, 1 + 1e6**0.5, 2.8)
    assert rho == pytest.approx(value(NAME, "rho from the two ceilings"), abs=0.0005)
    assert exponent == pytest.approx(value(NAME, "returns to experiment compute zeta"), abs=0.0005)


def lognormal(rng, low, high):
    """From its 80 % interval."""
    return np.exp(np.log(low * high) / 2 + np.log(high / low) / (2 * 1.2815516) * rng.standard_normal(DRAWS))


def doubling_ratios(share):
    """b = 2^(beta/m - 1), m = slope log10(b_taste)/3.09 per OOM of software, with labour held still."""
    rng = np.random.default_rng(2)
    slope, taste = lognormal(rng, 0.7, 6.9), 1 + lognormal(rng, 0.7, 10.4)
    growth = lognormal(rng, 0.4, 2.5)  # beta is 0.318 over it, and the slope share over it
    m = slope * share(growth) * np.log10(taste) / 3.0902 / growth
    with np.errstate(over="ignore"):
        return 2.0 ** (0.318 / growth / m - 1)


@pytest.mark.parametrize("share", [lambda g: 0.625, lambda g: g / (g + 0.6)], ids=["fixed", "sampled"])
def test_the_taste_only_singularity(share):
    b = doubling_ratios(share)
    assert 100 * np.mean(b < 1) == pytest.approx(value(NAME, "taste alone: doublings get faster, b < 1"), abs=2)
    assert 100 * np.mean(b < 0.7) == pytest.approx(
        value(NAME, "taste alone: as fast as AI 2027's median, b < 0.7"), abs=2
    )
    assert np.median(b) == pytest.approx(1.2, abs=0.15)
