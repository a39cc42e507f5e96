"""The Gaussian copula: Spearman coefficients as asked for, margins untouched, and what smoothing takes from it."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from ooms.distributions.copula import Copula, Correlation, groups, matrix
from ooms.distributions.marginals import Uniform

NAMES = ["a", "b", "c"]
PAIRS = [Correlation("a", "b", 0.6), Correlation("c", "b", -0.3)]
SMOOTH = dict.fromkeys(NAMES, Uniform(0, 1))


@pytest.fixture(scope="module")
def independent():
    points = scipy.stats.qmc.Sobol(3, seed=1).random(1 << 14)
    return dict(zip(NAMES, np.clip(points, 1e-9, 1 - 1e-9).T, strict=True))


@pytest.mark.parametrize("spearman", [-0.99, -0.5, 0.0, 0.3, 0.9])
def test_spearman_of_two(independent, spearman):
    drawn = Copula.of(["a", "b"], [Correlation("a", "b", spearman)], SMOOTH).correlate(independent)
    assert scipy.stats.spearmanr(drawn["a"], drawn["b"]).statistic == pytest.approx(spearman, abs=0.002)


def test_spearman_of_three_with_a_pair_left_out(independent):
    drawn = Copula.of(NAMES, PAIRS, SMOOTH).correlate(independent)
    found = scipy.stats.spearmanr(np.stack([drawn[n] for n in NAMES]), axis=1).statistic
    assert found == pytest.approx(np.array([[1, 0.6, 0], [0.6, 1, -0.3], [0, -0.3, 1]]), abs=0.005)


def test_each_stays_uniform(independent):
    for column in Copula.of(NAMES, PAIRS, SMOOTH).correlate(independent).values():
        assert np.all((column > 0) & (column < 1))
        assert scipy.stats.kstest(column, "uniform").statistic < 0.005


def test_the_first_keeps_its_own_numbers(independent):
    drawn = Copula.of(NAMES, PAIRS, SMOOTH).correlate(independent)
    assert drawn["a"] is independent["a"]


def test_a_name_more_leaves_those_before_it_alone(independent):
    two = Copula.of(["a", "b"], PAIRS, SMOOTH).correlate(independent)
    three = Copula.of(NAMES, PAIRS, SMOOTH).correlate(independent)
    assert np.array_equal(two["b"], three["b"])


@given(size=st.integers(1, 50), start=st.integers(0, 100))
@settings(max_examples=30)
def test_a_draw_does_not_depend_on_its_block(size, start):
    u = {n: np.random.default_rng(i).random(200) for i, n in enumerate(NAMES)}
    copula = Copula.of(NAMES, PAIRS, SMOOTH)
    whole = copula.correlate(u)
    part = copula.correlate({n: v[start : start + size] for n, v in u.items()})
    for name in NAMES:
        assert np.array_equal(part[name], whole[name][start : start + size])


def test_the_last_given_the_others(independent):
    names, pairs = ["a", "c", "b"], PAIRS
    copula = Copula.of(names, pairs, SMOOTH)
    given_others = copula.last_given_others(independent)
    z = {n: scipy.stats.norm.ppf(v) for n, v in copula.correlate(independent).items()}
    r = matrix(names, pairs, SMOOTH)
    weights = np.linalg.solve(r[:2, :2], r[:2, 2])  # the regression of the last score on the others
    assert given_others.mean == pytest.approx(weights @ np.stack([z["a"], z["c"]]), abs=1e-9)
    assert given_others.sd == pytest.approx(np.sqrt(1 - r[2, :2] @ weights), abs=1e-12)
    rest = (z["b"] - given_others.mean) / given_others.sd
    assert scipy.stats.kstest(rest, "norm").statistic < 0.005
    assert abs(np.corrcoef(rest, z["a"])[0, 1]) < 0.005


def test_impossible_coefficients():
    pairs = [Correlation("a", "b", 0.9), Correlation("b", "c", 0.9), Correlation("a", "c", -0.9)]
    with pytest.raises(np.linalg.LinAlgError):
        Copula.of(NAMES, pairs, SMOOTH)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], []),
        (["ab"], ["ab"]),
        (["ab", "cd"], ["ab", "cd"]),
        (["ab", "cd", "bc"], ["abcd"]),
        (["ab", "cd", "ef", "be"], ["cd", "abef"]),
    ],
)
def test_groups_hang_together(pairs, expected):
    found = groups([Correlation(p[0], p[1], 0.1) for p in pairs])
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))
