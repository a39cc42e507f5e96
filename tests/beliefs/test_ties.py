"""Rank correlations with ties: attained as stated, against closed forms, SciPy's bivariate normal and draws."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import Sampler
from ooms.beliefs.smoothing import rate_exceeds
from ooms.distributions.copula import Copula, Correlation
from ooms.distributions.marginals import Beta, Discrete, Empirical, Fixed, Lognormal, Mixture, Normal, Uniform
from ooms.distributions.ties import largest_spearman, pearson_from_spearman, score_correlation, ties
from ooms.problems import UserError

COIN, SMOOTH = Discrete([1, 2], [1, 1]), Lognormal(3, 1)
SPEARMAN = [-0.86, -0.5, -0.01, 0.3, 0.5, 0.8, 0.866]


@pytest.fixture(scope="module")
def points():
    return np.clip(scipy.stats.qmc.Sobol(2, seed=1).random(1 << 16), 1e-12, 1 - 1e-12)


def attained(first, second, spearman, points):
    """Spearman's coefficient of draws, with mid-ranks."""
    u = {"a": points[:, 0], "b": points[:, 1]}
    marginals = {"a": first, "b": second}
    u = Copula.of(["a", "b"], [Correlation("a", "b", spearman)], marginals).correlate(u)
    return scipy.stats.spearmanr(first.ppf(u["a"]), second.ppf(u["b"])).statistic


@given(spearman=st.floats(-0.999, 0.999))
def test_variables_without_ties_have_the_closed_form_to_the_last_bit(spearman):
    pearson = score_correlation(Normal(0, 1), SMOOTH, spearman)
    assert pearson == pearson_from_spearman(spearman) == 2 * np.sin(np.pi * spearman / 6)
    assert abs(pearson) < 1
    assert 6 / np.pi * np.arcsin(pearson / 2) == pytest.approx(spearman, abs=1e-12)  # the textbook formula, backwards
    assert pearson_from_spearman(-spearman) == -pearson


@pytest.mark.parametrize("spearman", [*SPEARMAN, 0.99, -0.999])
def test_two_coins_follow_sheppards_formula(spearman):
    pearson = score_correlation(COIN, Discrete([0, 7], [5, 5]), spearman)
    assert 2 / np.pi * np.arcsin(pearson) == pytest.approx(spearman, abs=1e-4)


@pytest.mark.parametrize("spearman", SPEARMAN)
def test_a_coin_and_a_variable_without_ties_have_a_closed_form(spearman):
    """P(Z > 0, W > N) with N an independent normal score: the coefficient is sqrt(12) asin(r / sqrt 2) / pi."""
    for pearson in (score_correlation(COIN, SMOOTH, spearman), score_correlation(SMOOTH, COIN, spearman)):
        assert np.sqrt(12) / np.pi * np.arcsin(pearson / np.sqrt(2)) == pytest.approx(spearman, abs=1e-4)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=4), st.lists(st.integers(1, 9), min_size=2, max_size=4),
       st.floats(-0.999, 0.999))  # fmt: skip
def test_discrete_variables_against_the_bivariate_normal_distribution(first, second, share):
    a, b = Discrete(range(len(first)), first), Discrete(range(len(second)), second)
    spearman = share * largest_spearman(a, b, share < 0)
    pearson = score_correlation(a, b, spearman)
    edges = [np.concatenate([[0], np.cumsum(w) / np.sum(w)]) for w in (first, second)]
    z = [np.clip(scipy.stats.norm.ppf(e), -9, 9) for e in edges]
    normal = scipy.stats.multivariate_normal(cov=[[1, pearson], [pearson, 1]], allow_singular=True)
    below = normal.cdf(np.stack(np.meshgrid(*z, indexing="ij"), axis=-1))
    cells = np.diff(np.diff(below, axis=0), axis=1)
    ranks = [(e[1:] + e[:-1]) / 2 - 0.5 for e in edges]
    deviations = [np.sqrt(np.sum(r**2 * np.diff(e))) for r, e in zip(ranks, edges, strict=True)]
    assert ranks[0] @ cells @ ranks[1] / np.prod(deviations) == pytest.approx(spearman, abs=2e-4)


def with_atoms(kind, weight, seed):
    rng = np.random.default_rng(seed)
    at, sd = rng.normal(size=2), abs(rng.normal()) + 0.1
    return [
        Discrete([0, 1], [weight, 1 - weight]),
        Mixture([Fixed(at[0]), Normal(at[1], sd)], [weight, 1 - weight]),
        Mixture([Fixed(0), Lognormal(3, sd), Discrete([1, 50], [2, 1])], [weight, 0.5, 0.4]),
        Mixture([Uniform(0, 1), Mixture([Fixed(1), Uniform(1, 3)], [1, 1])], [1 - weight, weight]),
        Empirical(rng.integers(0, 2 + 20 * weight, 200)),
        Empirical(rng.normal(size=60)),
        Beta(2, 3),
        Beta(1e-3, 1e-3),  # rounds to 1 in half of the draws
    ][kind]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.floats(0.05, 0.95), st.floats(-0.98, 0.98), st.integers(0, 99))
def test_stated_is_attained(points, first, second, weight, share, seed):
    a, b = with_atoms(first, weight, seed), with_atoms(second, 1 - weight, seed + 1)
    spearman = share * largest_spearman(a, b, share < 0)
    assert attained(a, b, spearman, points) == pytest.approx(spearman, abs=2e-3)  # half of it for the draws


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), [(a, b) for a in range(8) for b in range(a, 8)])
def test_stated_is_attained_by_every_pair(points, first, second):
    for seed, share in enumerate([-0.995, 0.6, 0.97]):
        test_stated_is_attained.hypothesis.inner_test(points, first, second, 0.2 + 0.2 * seed, share, seed)


@pytest.mark.parametrize(
    ("first", "second", "falling", "largest"),
    [
        (COIN, SMOOTH, False, np.sqrt(3) / 2),
        (COIN, SMOOTH, True, np.sqrt(3) / 2),
        (COIN, Discrete([1, 2], [9, 1]), False, 1 / 3),
        (Discrete([1, 2], [1, 9]), Discrete([1, 2], [9, 1]), True, 1.0),
        (Discrete([1, 2, 3], [1, 1, 1]), Discrete([1, 2, 3], [1, 1, 1]), False, 1.0),
        (Mixture([Fixed(0), Uniform(0, 1)], [45, 55]), SMOOTH, True, np.sqrt(1 - 0.45**3)),
        (SMOOTH, Normal(0, 1), True, 1.0),
        (Fixed(2), SMOOTH, False, 0.0),
        (Normal(1, 1e-17), SMOOTH, False, 0.0),
        (Discrete([1, 2], [1e7, 1]), COIN, False, 0.0),
    ],
)
def test_largest_coefficients(points, first, second, falling, largest):
    assert largest_spearman(first, second, falling) == pytest.approx(largest, abs=1e-4)
    if largest:
        u = points[:, 0]
        x, y = first.ppf(u), second.ppf(1 - u if falling else u)
        assert abs(scipy.stats.spearmanr(x, y).statistic) == pytest.approx(largest, abs=1e-3)


def test_ties_are_where_quantiles_are_equal():
    nested = Mixture([Mixture([Fixed(1), Uniform(0, 2)], [1, 1]), Discrete([1, 5], [1, 1])], [1, 1])
    assert np.array(ties(nested)) == pytest.approx(np.array([[0.125, 0.625], [0.75, 1.0]]), abs=1e-12)
    assert ties(Empirical(range(200))) == ties(SMOOTH) == ()
    (low, high), = ties(Discrete([1, 2], [999, 1]))  # fmt: skip
    assert (low, high) == pytest.approx((0, 0.999), abs=1e-12)


def test_the_rest_of_the_draw_says_what_it_should_of_a_rate_with_atoms(points):
    """The chance that the rate is above x, given a coin it goes with, against counts, for either side of the coin."""
    rate = Mixture([Fixed(0.5), Lognormal(1, 0.7), Fixed(2)], [3, 5, 2])
    u = {"coin": points[:, 0], "rate": points[:, 1]}
    copula = Copula.of(["coin", "rate"], [Correlation("coin", "rate", -0.6)], {"coin": COIN, "rate": rate})
    chance_given = copula.last_given_others(u)
    drawn = copula.correlate(u)
    coin, rates = COIN.ppf(drawn["coin"]), rate.ppf(drawn["rate"])
    for x in (0.3, 0.49, 0.51, 1.0, 1.99, 2.01):
        for side in (1, 2):
            smooth = rate_exceeds(np.full(rates.shape, x), rate, chance_given)[coin == side]
            assert smooth.mean() == pytest.approx(np.mean(rates[coin == side] >= x), abs=2e-3)


TIES = """
extends = "davidson-2025"
[parameters.labour_per_training]
distribution = "discrete"
values = [1, 2]
weights = [0.5, 0.5]
source = "either only more copies, or smarter ones too"
[[correlations]]
between = ["labour_per_training", "returns"]
spearman = 0.5
"""


def test_a_prior_file_with_ties_gets_what_it_states(load):
    drawn = Sampler(load(TIES)).block(0, 2**16).values
    found = scipy.stats.spearmanr(drawn["labour_per_training"], drawn["returns"]).statistic
    assert found == pytest.approx(0.5, abs=1e-3)  # .414 before ties were reckoned with


@pytest.mark.parametrize(("stated", "most"), [("0.87", "0.866"), ("-0.95", "-0.866")])
def test_a_coefficient_that_ties_do_not_allow_is_refused_with_the_largest(says, load, stated, most):
    what = (f"spearman = {stated} cannot be attained: draws of the same value of labour_per_training share a rank, "
            f"so {most} is the largest")  # fmt: skip
    remedy = f"give {most} or closer to 0, or distributions without equal values"
    says(TIES.replace("spearman = 0.5", f"spearman = {stated}"),
         ("correlations (labour_per_training, returns)", what, remedy))  # fmt: skip
    assert load(TIES.replace("spearman = 0.5", f"spearman = {most}")).correlations[0].spearman == float(most)


def test_a_variable_of_one_value_has_no_ranks(says):
    one = TIES.replace("values = [1, 2]\nweights = [0.5, 0.5]", "values = [2]\nweights = [1]")
    says(one, ("correlations (labour_per_training, returns)",
               "labour_per_training is 2 in all but a few of 10^6 draws", "drop it, or let it vary"))  # fmt: skip


def test_ties_can_keep_coefficients_from_holding_together(complaints):
    """.7 twice and .45 go together for ranks without ties; two coins need more of their scores."""
    three = TIES.replace("spearman = 0.5", "spearman = 0.85") + """
[[correlations]]
between = ["labour_per_training", "software_limit"]
spearman = 0.85
[[correlations]]
between = ["returns", "software_limit"]
spearman = 0.6
"""  # fmt: skip
    ((place, what, _),) = complaints(three)
    assert place == "my.toml: correlations"
    assert "cannot hold together (ties in labour_per_training ask for stronger ones underneath)" in what


def test_what_ifs_are_checked_too():
    view = ooms.load("davidson-2025").replace(labour_per_training="discrete([1, 2], [1, 1])")
    tied = dataclasses.replace(view, correlations=(Correlation("labour_per_training", "returns", 0.8),))
    assert tied.replace(rho=-0.1).correlations
    with pytest.raises(UserError, match=r"so 0\.519 is the largest"):
        tied.replace(labour_per_training="discrete([1, 2], [9, 1])")
