"""Each likelihood against a second way to work it out."""

import itertools

import numpy as np
import pytest
from scipy import integrate, stats

from ooms.calibrating.likelihoods import KINDS
from ooms.calibrating.likelihoods.order_densities import log_density, median_score
from ooms.problems import Problems, UserError


def parsed(kind, **table):
    problems = Problems()
    made = KINDS[kind].parse(table, "here", problems)
    problems.raise_if_any()
    return made


def terms(likelihood, centre, **nuisance):
    return likelihood.log_likelihood(centre, nuisance, likelihood.data())


def test_a_statement_is_normal_in_logs():
    assert terms(parsed("statement", value=1.3, sd=0.2), 0.1) == pytest.approx(stats.norm.logpdf(np.log(1.3), 0.1, 0.2))
    soft = parsed("statement", low=1.15, high=1.3)
    between = stats.norm.cdf(np.log(1.3), 0.1, 0.2) - stats.norm.cdf(np.log(1.15), 0.1, 0.2)
    assert terms(soft, 0.1, softness=0.2) == pytest.approx(np.log(between))
    assert terms(parsed("statement", below=2), 0.1, softness=0.2) == pytest.approx(
        stats.norm.logcdf(np.log(2), 0.1, 0.2)
    )


def test_studies_add_their_errors_to_their_differences():
    found = parsed(
        "studies",
        studies=[
            {"name": "A", "value": 0.72, "se": 0.09},
            {"name": "B", "above": 1},
            {"name": "C", "value": 0.4, "rounding": 0.01},
        ],
    )
    sd = np.array([np.hypot(0.3, 0.125), 0.3, 0.3])
    low, high = np.log([0.67, 1, 0.39]), np.array([np.log(0.77), np.inf, np.log(0.41)])
    expected = np.log(stats.norm.cdf(high, -0.5, sd) - stats.norm.cdf(low, -0.5, sd))
    np.testing.assert_allclose(terms(found, -0.5, heterogeneity=0.3), expected, rtol=1e-9)


def test_domains_add_their_errors_to_their_differences():
    found = parsed("domains", **KINDS["domains"].example)
    errors = np.array([0.15 / 0.83, np.log(2.4 / 0.8) / (2 * stats.norm.ppf(0.95)), 0.2])
    expected = stats.norm.logpdf(np.log([0.83, 1.4, 1.1]), 0.2, np.hypot(0.5, errors))
    np.testing.assert_allclose(terms(found, 0.2, between=0.5, noise=0.2), expected, rtol=1e-9)


def test_a_respondents_answers_share_an_effect():
    """Integrated over the respondent's effect, two answers are normal with its variance in common."""
    asked = parsed(
        "interval", answers=[{"respondent": "R", "low": 2, "high": 3}, {"respondent": "R", "low": 3, "high": 5}]
    )
    x, w = np.polynomial.hermite_e.hermegauss(60)
    found = asked.log_likelihood(
        np.full(60, 1.0),
        {"between": np.full(60, 0.4), "within": np.full(60, 0.3), "respondent": x[:, None]},
        asked.data(),
    )
    together = w @ np.exp(found.sum(axis=-1)) / w.sum()
    law = stats.multivariate_normal([1, 1], [[0.25, 0.16], [0.16, 0.25]])
    expected = law.cdf(np.log([3, 5]), lower_limit=np.log([2, 3]))
    assert together == pytest.approx(expected, rel=1e-4)


def heaped_by_hand(centre, spread, careless, anchored, anchor_1, tens, fives, anchors):
    """Probability of every category, one at a time."""

    def below(percent):
        if percent <= 0:
            return 0.0
        if percent >= 100:
            return 1.0
        mean = np.log((1 - np.exp(centre)) / np.exp(centre))
        return stats.norm.cdf(np.log(percent / (100 - percent)), mean, spread)

    found = []
    for answer in range(101):
        meant = 0.0
        for step, share in ((10, tens), (5, (1 - tens) * fives), (1, (1 - tens) * (1 - fives))):
            if answer % step == 0:
                meant += share * (below(answer + step / 2) - below(answer - step / 2))
        suggested = {anchors[0]: anchor_1, anchors[1]: 1 - anchor_1}.get(answer, 0.0)
        found.append(careless / 102 + (1 - careless) * (anchored * suggested + (1 - anchored) * meant))
    return np.array([*found, careless / 102])


def test_heaped_categories_are_those_worked_out_by_hand_and_sum_to_one():
    asked = parsed("heaped", **KINDS["heaped"].example)
    scatter = {"spread": 1.1, "careless": 0.03, "anchored": 0.2, "anchor_1": 0.6, "tens": 0.5, "fives": 0.7}
    for centre in (-0.01, -0.35, -3.0, -40.0):
        found = asked.probabilities(centre, scatter)
        assert found.sum() == pytest.approx(1.0, abs=1e-13)
        assert np.all(found > 0)
        if centre > -30:  # further out the direct formula has no digits left
            np.testing.assert_allclose(found, heaped_by_hand(centre, **scatter, anchors=(20, 50)), rtol=1e-9)


def test_heaped_counts_keep_everybody():
    asked = parsed("heaped", counts={"0.001": 1, "20": 38, "66": 1, "10000": 1, "-3": 2})
    count = asked.data()["count"]
    assert (count[0], count[20], count[66], count[101], count.sum()) == (1, 38, 1, 3, 43)


# order statistics


def density(n, centre=0.2, spread=0.5, **logs):
    data = {name: np.array([value]) for name, value in logs.items()}
    return float(np.exp(log_density(np.array([centre]), np.array([spread]), data, n))[0])


@pytest.mark.sweep(6)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 8, 31, 130])
@pytest.mark.parametrize("spread", [0.05, 0.5, 1.5])
def test_the_density_of_a_median_is_one_in_all(n, spread):
    total, _ = integrate.quad(
        lambda x: density(n, spread=spread, median=x), 0.2 - 9 * spread, 0.2 + 9 * spread, points=[0.2]
    )
    assert total == pytest.approx(1.0, abs=1e-7)


@pytest.mark.parametrize("n", [2, 3, 4, 6, 7])
def test_the_median_is_distributed_as_in_simulated_samples(n):
    answers = np.exp(np.random.default_rng(n).normal(0.2, 0.8, (4000, n)))
    grid = np.linspace(0.2 - 5, 0.2 + 5, 2001)
    data = {"median": grid[:, None]}
    heights = np.exp(log_density(np.full((2001, 1), 0.2), np.full((2001, 1), 0.8), data, n))[:, 0]
    below = integrate.cumulative_simpson(heights, x=grid, initial=0.0)
    assert stats.kstest(np.log(np.median(answers, axis=1)), lambda x: np.interp(x, grid, below)).pvalue > 1e-3


@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_all_three_statistics_integrate_to_the_density_of_the_median(n):
    """Over the ends on both sides of it, by quadrature on the triangle-free square below and above the median."""
    x, w = np.polynomial.legendre.leggauss(60)
    median, reach = 0.35, 5.0
    low, high = median - reach * (x + 1) / 2, median + reach * (x + 1) / 2
    lows, highs = (each.ravel() for each in np.meshgrid(low, high, indexing="ij"))
    weights = np.outer(w, w).ravel() * (reach / 2) ** 2
    data = {"minimum": lows[:, None], "median": np.full((3600, 1), median), "maximum": highs[:, None]}
    heights = np.exp(log_density(np.full((3600, 1), 0.2), np.full((3600, 1), 0.5), data, n))[:, 0]
    # an even sample's median is a mean: its ends start at some distance, and the quadrature sees a kink there
    assert weights @ heights == pytest.approx(density(n, median=median), rel=1e-6 if n % 2 else 2e-3)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("n", [3, 4, 6, 9])
def test_a_censored_end_is_the_integral_over_what_is_beyond_it(n):
    for spread in (0.2, 0.7):
        kept = {"median": 0.1, "minimum": -0.3, "spread": spread}
        beyond, _ = integrate.quad(lambda x, kept=kept: density(n, maximum=x, **kept), 0.4, 8.0, limit=200)
        one = np.ones(1)
        assert density(n, maximum=0.4, maximum_censored=1.0, **kept) == pytest.approx(beyond, rel=1e-7)
        assert density(n, maximum=0.4, maximum_censored=0.0, **kept) == pytest.approx(density(n, maximum=0.4, **kept))
        mirrored = {"median": 0.1, "maximum": 0.5, "spread": spread}
        below, _ = integrate.quad(lambda x, kept=mirrored: density(n, minimum=x, **kept), -8.0, -0.2, limit=200)
        assert density(n, minimum=-0.2, minimum_censored=float(one[0]), **mirrored) == pytest.approx(below, rel=1e-6)


@pytest.mark.parametrize("n", [2, 3, 6])
def test_ends_without_a_median(n):
    law = stats.norm(0.2, 0.5)
    low, high = -0.3, 0.6
    inside = law.cdf(high) - law.cdf(low)
    both = n * (n - 1) * law.pdf(low) * law.pdf(high) * inside ** (n - 2)
    assert density(n, minimum=low, maximum=high) == pytest.approx(both)
    assert density(n, maximum=high) == pytest.approx(n * law.pdf(high) * law.cdf(high) ** (n - 1))
    assert density(n, minimum=low) == pytest.approx(n * law.pdf(low) * law.sf(low) ** (n - 1))
    assert density(n, maximum=high, maximum_censored=1.0) == pytest.approx(1 - law.cdf(high) ** n)
    assert density(n, minimum=low, minimum_censored=1.0) == pytest.approx(1 - law.sf(low) ** n)
    one_known = n * law.pdf(low) * (law.sf(low) ** (n - 1) - inside ** (n - 1))
    assert density(n, minimum=low, maximum=high, maximum_censored=1.0) == pytest.approx(one_known)
    other_known = n * law.pdf(high) * (law.cdf(high) ** (n - 1) - inside ** (n - 1))
    assert density(n, minimum=low, maximum=high, minimum_censored=1.0) == pytest.approx(other_known)


def test_an_even_sample_of_four_by_brute_force():
    """n = 4 with all three known: the two middle answers lie symmetrically about the median, on the raw scale."""
    law = stats.lognorm(0.5, scale=np.exp(0.2))
    low, median, high = 0.7, 1.3, 2.0

    def integrand(d):
        return 24 * law.pdf(low) * law.pdf(median - d) * law.pdf(median + d) * law.pdf(high) * 2

    expected, _ = integrate.quad(integrand, 0, min(median - low, high - median))
    found = density(4, minimum=np.log(low), median=np.log(median), maximum=np.log(high))
    assert found / (low * median * high) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("n", "error"), [(1, 1e-12), (3, 2e-3), (25, 4e-5), (185, 1e-6)])
def test_the_range_of_a_median_is_binomial(n, error):
    z = np.linspace(-6, 6, 241) / np.sqrt(n)
    exact = stats.binom.sf(n // 2, n, stats.norm.cdf(z))
    assert np.max(np.abs(stats.norm.cdf(median_score(z, n)) - exact)) < error
    assert np.all(np.diff(median_score(z, n)) > 0)


def test_the_range_of_a_poll_is_its_binomial_probability():
    poll = parsed("order_statistics", n=185, median={"low": 1.2, "high": 2})
    for centre, spread in itertools.product(np.log([1.15, 1.5, 2.1]), (0.4, 0.8)):
        ends = stats.norm.cdf(np.log([1.2, 2.0]), centre, spread)
        exact = np.diff(stats.binom.sf(92, 185, ends))
        assert terms(poll, centre, spread=spread) == pytest.approx(np.log(exact), abs=2e-3)


def test_simulated_polls_report_what_was_reported():
    poll = parsed("order_statistics", n=6, minimum=1.01, median=1.18, maximum={"above": 1.5})
    rng = np.random.default_rng(5)
    for _ in range(200):
        data = poll.simulate(0.2, {"spread": 0.2}, rng)
        assert data["minimum"] < data["median"]
        if data["maximum_censored"]:
            assert data["maximum"] == np.log(1.5)
        else:
            assert data["median"] < data["maximum"] <= np.log(1.5)


# bounded answers


def bounded(side, kind, **table):
    problems = Problems()
    made = parsed(kind, **table).bounded(side, "here", problems)
    problems.raise_if_any()
    assert made is not None
    return made


def logit(p):
    return np.log(p / (1 - p))


def test_bounded_answers_scatter_on_the_log_of_the_effect():
    """Of a slowdown what is left over what is lost is lognormal; of a speed-up the gain is."""
    slow = bounded(-1, "interval", answers=[{"respondent": "A", "low": 0.4, "high": 0.6}])
    expected = stats.norm.cdf(logit(0.6), logit(0.7), 0.8) - stats.norm.cdf(logit(0.4), logit(0.7), 0.8)
    assert terms(slow, np.log(0.7), within=0.8) == pytest.approx(np.log(expected))
    fast = bounded(1, "statement", value=1.5)
    assert terms(fast, np.log(1.2), softness=0.8) == pytest.approx(stats.norm.logpdf(np.log(0.5), np.log(0.2), 0.8))
    lowest = bounded(1, "order_statistics", n=4, minimum=1.1)
    law = stats.norm(np.log(0.2), 0.8)
    expected = np.log(4) + law.logpdf(np.log(0.1)) + 3 * law.logsf(np.log(0.1))
    assert terms(lowest, np.log(1.2), spread=0.8) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("side", "kind", "table", "scatter"),
    [
        (-1, "order_statistics", {"n": 6, "minimum": 0.2, "median": 0.6, "maximum": 1.0}, "spread"),
        (-1, "order_statistics", {"n": 7, "median": 1.0}, "spread"),
        (1, "order_statistics", {"n": 6, "minimum": 1.0, "median": 1.2}, "spread"),
        (-1, "interval", {"answers": [{"respondent": "A", "value": 1.0}]}, "within"),
        (1, "interval", {"answers": [{"respondent": "A", "value": 1}]}, "within"),
        (-1, "statement", {"value": 1}, "softness"),
        (1, "statement", {"value": 1}, "softness"),
    ],
)
def test_no_effect_at_all_is_an_answer(side, kind, table, scatter):
    """An answer of exactly 1 has the probability of what is rounded to it, and is told as 1."""
    asked = bounded(side, kind, **table)
    assert np.isfinite(terms(asked, side * 0.4, **{scatter: 0.9})).all()
    assert 1.0 in asked.statistics(asked.data()).values() or kind == "order_statistics"
    if len(table) == 1:
        slow, fast = stats.norm(logit(0.6), 0.9), stats.norm(np.log(0.6), 0.9)
        rounded = slow.sf(logit(1 / 1.05)) if side < 0 else fast.cdf(np.log(0.05))
        centre = np.log(0.6) if side < 0 else np.log(1.6)
        assert terms(asked, centre, **{scatter: 0.9}) == pytest.approx(np.log(rounded))


def test_the_highest_of_six_slowdowns_of_1_is_told_as_1_and_is_the_chance_of_being_rounded_to_it():
    asked = bounded(-1, "order_statistics", n=6, minimum=0.2, median=0.6, maximum=1.0)
    told = {"lowest answer": 0.2, "median answer": 0.6, "highest answer": 1.0}
    assert asked.statistics(asked.data()) == pytest.approx(told)
    edge = logit(1 / 1.05)
    kept = {"minimum": logit(0.2), "median": logit(0.6)}
    beyond, _ = integrate.quad(lambda u: shares(6, 0.5, 1.2, maximum=u, **kept), edge, 30.0, limit=200)
    assert terms(asked, np.log(1 / (1 + np.exp(-0.5))), spread=1.2) == pytest.approx(np.log(beyond), abs=1e-6)


def shares(n, centre, spread, **odds):
    data = {name: np.array([value]) for name, value in odds.items()}
    return float(np.exp(log_density(np.array([centre]), np.array([spread]), data, n, shares=True))[0])


@pytest.mark.sweep(4)
@pytest.mark.parametrize("n", [2, 4, 6, 16])
@pytest.mark.parametrize(("centre", "spread"), [(0.3, 0.4), (-3.0, 1.0), (4.0, 3.0)])
def test_the_density_of_a_median_of_shares_is_one_in_all(n, centre, spread):
    total, _ = integrate.quad(
        lambda u: shares(n, centre, spread, median=u), centre - 9 * spread, centre + 9 * spread, points=[0, centre]
    )
    assert total == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("n", [2, 4, 6])
@pytest.mark.parametrize("centre", [-1.0, 1.5])
def test_the_median_of_shares_is_distributed_as_in_simulated_samples(n, centre):
    answers = 1 / (1 + np.exp(-np.random.default_rng(n).normal(centre, 1.2, (4000, n))))
    grid = np.linspace(centre - 8, centre + 8, 1201)
    fixed = np.full((1201, 1), 1.2)
    heights = np.exp(log_density(np.full((1201, 1), centre), fixed, {"median": grid[:, None]}, n, shares=True))[:, 0]
    below = integrate.cumulative_simpson(heights, x=grid, initial=0.0)
    assert stats.kstest(logit(np.median(answers, axis=1)), lambda x: np.interp(x, grid, below)).pvalue > 1e-3


@pytest.mark.parametrize(("low", "median", "high"), [(0.2, 0.6, 0.9), (0.05, 0.3, 0.6)])
def test_four_shares_by_brute_force(low, median, high):
    """n = 4 with all three known: the two middle answers lie symmetrically about the median, on the raw scale."""

    def f(y):
        return stats.norm.pdf(logit(y), 0.2, 0.9) / (y * (1 - y))

    expected, _ = integrate.quad(
        lambda d: 24 * f(low) * f(median - d) * f(median + d) * f(high) * 2, 0, min(median - low, high - median)
    )
    found = shares(4, 0.2, 0.9, minimum=logit(low), median=logit(median), maximum=logit(high))
    jacobian = np.prod([y * (1 - y) for y in (low, median, high)])
    assert found / jacobian == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("side", "kind", "table", "complaint"),
    [
        (-1, "order_statistics", {"n": 6, "median": 1.18}, "median = 1.18, .* at most 1"),
        (1, "order_statistics", {"n": 6, "minimum": 0.8, "median": 1.18}, "minimum = 0.8, .* at least 1"),
        (-1, "order_statistics", {"n": 6, "minimum": 0.2, "median": 1.0}, "median of 1, the bound"),
        (-1, "order_statistics", {"n": 5, "median": {"low": 1.2, "high": 2}}, "at most 1"),
        (-1, "interval", {"answers": [{"respondent": "A", "above": 1.5}]}, "A says 1.5 to inf"),
        (1, "statement", {"value": 0.6}, "at least 1"),
        (1, "heaped", {"counts": {"20": 1}}, "leaves nothing to lose"),
    ],
)
def test_answers_beyond_the_bound_are_refused_with_the_way_to_keep_them(side, kind, table, complaint):
    with pytest.raises(UserError, match=complaint):
        bounded(side, kind, **table)


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("statement", {"value": 1.05, "sd": 0.2}),
        ("studies", {"studies": [{"name": "A", "value": 1.3}]}),
        ("domains", {"domains": [{"domain": "a", "value": 1.2, "se": 0.3}]}),
    ],
)
def test_estimates_with_errors_of_their_own_may_miss_on_either_side(kind, table):
    free, asked = parsed(kind, **table), bounded(-1, kind, **table)
    scatter = dict.fromkeys(free.sizes(), 0.3)
    np.testing.assert_array_equal(terms(asked, -0.1, **scatter), terms(free, -0.1, **scatter))
