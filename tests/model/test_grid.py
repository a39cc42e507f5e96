"""The quadrature rule, and the panels it is used on."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial.legendre import Legendre

from ooms.model.grid import LADDER, NODES, WEIGHTS, panels


def test_the_rule_integrates_polynomials_up_to_its_degree():
    for degree in range(2 * len(NODES) - 2):
        assert np.sum(WEIGHTS * NODES**degree) == pytest.approx(1 / (degree + 1), rel=1e-14)


def test_the_rule_fails_one_degree_further():
    degree = 2 * len(NODES) - 2
    assert abs(np.sum(WEIGHTS * (2 * NODES - 1) ** degree) - 1 / (degree + 1)) > 1e-4


def test_the_rule_is_gauss_lobatto():
    """Inner nodes are the roots of P'_{n-1}, weights 2 / (n (n-1) P_{n-1}^2), by numpy's Legendre series."""
    n = len(NODES)
    p = Legendre.basis(n - 1)
    roots = np.concatenate([[-1.0], np.sort(p.deriv().roots().real), [1.0]])
    assert pytest.approx((roots + 1) / 2, abs=1e-14) == NODES
    assert pytest.approx(1 / (n * (n - 1) * p(roots) ** 2), rel=1e-13) == WEIGHTS


def test_the_rule_agrees_with_numpys_gauss_legendre_on_a_smooth_function():
    x, w = np.polynomial.legendre.leggauss(20)
    exact = np.sum(w / 2 * np.exp(-(x + 1) / 2 * 3))
    assert np.sum(WEIGHTS * np.exp(-3 * NODES)) == pytest.approx(exact, rel=1e-10)


@given(st.floats(0.1, 30), st.floats(-50, 500))
def test_no_panel_is_longer_than_an_oom_nor_than_its_share_of_what_is_left(limit, steepness):
    whole, share = panels(np.asarray(limit), np.asarray(steepness), 24)
    left = limit - whole
    assert 0 < share <= 1 - math.exp(-1)
    assert whole == 0 or share * (left + 1) * (1 + 1e-12) >= 1
    assert whole == 24 or share * left <= 1 + 1e-12


@pytest.mark.parametrize("steepness", [0.3, 0.99, 3.0, 12.0, 40.0])
def test_panels_towards_a_limit_integrate_the_power_with_which_the_pace_falls(steepness):
    """The integral of (1 - x/X)^-s in closed form, panel by panel."""
    limit = 7.3
    whole, share = panels(np.asarray(limit), np.asarray(steepness), 24)
    ends = [*np.arange(whole + 1.0), *(limit - (limit - whole) * (1 - share) ** np.arange(1, LADDER + 1))]

    def exact(x):
        return limit * np.expm1((1 - steepness) * np.log1p(-x / limit)) / (steepness - 1)

    for low, high in pairwise(ends):
        got = (high - low) * np.sum(WEIGHTS * (1 - (low + (high - low) * NODES) / limit) ** -steepness)
        assert got == pytest.approx(exact(high) - exact(low), rel=1e-3)


def test_no_limit_is_panels_of_one_oom_all_the_way():
    assert panels(np.asarray(np.inf), np.asarray(5.0), 24)[0] == 24
