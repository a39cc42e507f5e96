"""The quadrature rules."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial.legendre import Legendre

from ooms.model.grid import FINE_NODES, FINE_WEIGHTS, NODES, ROWS, WEIGHTS, row_positions

RULES = {"panel": (NODES, WEIGHTS), "piece": (FINE_NODES, FINE_WEIGHTS)}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_integrates_polynomials_up_to_its_degree(name):
    nodes, weights = RULES[name]
    for degree in range(2 * len(nodes) - 2):
        assert np.sum(weights * nodes**degree) == pytest.approx(1 / (degree + 1), rel=1e-14)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_fails_one_degree_further(name):
    nodes, weights = RULES[name]
    degree = 2 * len(nodes) - 2
    assert abs(np.sum(weights * (2 * nodes - 1) ** degree) - 1 / (degree + 1)) > 1e-4


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_gauss_lobatto(name):
    """Inner nodes are the roots of P'_{n-1}, weights 2 / (n (n-1) P_{n-1}^2), by numpy's Legendre series."""
    nodes, weights = RULES[name]
    n = len(nodes)
    p = Legendre.basis(n - 1)
    roots = np.concatenate([[-1.0], np.sort(p.deriv().roots().real), [1.0]])
    assert nodes == pytest.approx((roots + 1) / 2, abs=1e-14)
    assert weights == pytest.approx(1 / (n * (n - 1) * p(roots) ** 2), rel=1e-13)


def test_a_rule_agrees_with_numpys_gauss_legendre_on_a_smooth_function():
    x, w = np.polynomial.legendre.leggauss(20)
    exact = np.sum(w / 2 * np.exp(-(x + 1) / 2 * 3))
    assert np.sum(WEIGHTS * np.exp(-3 * NODES)) == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("top", [1, 2, 7, 13])
def test_rows_run_from_nothing_to_the_top_and_meet_at_whole_ooms(top):
    pieces, whole = row_positions(top)
    assert pieces.shape == whole.shape == (top * ROWS + 1,)
    assert np.all(np.diff(pieces) > 0)
    assert np.all(np.diff(whole) > 0)
    assert pieces[::ROWS] == pytest.approx(np.arange(top + 1), abs=1e-15)
    assert np.array_equal(whole[::ROWS], np.arange(top + 1))
