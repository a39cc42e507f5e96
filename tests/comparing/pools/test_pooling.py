"""Opinion pools: closed forms, properties that define the pools, true errors, and the pool as a prior file."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ooms
from ooms.comparing.pools import pool
from ooms.comparing.pools.disagreement import split
from ooms.comparing.pools.mixture import rows_by_weight
from ooms.comparing.pools.panel import EQUAL, GIVEN
from ooms.comparing.pools.rules import jackknife, linear, logarithmic
from ooms.comparing.pools.sketches import linear_sketch, logarithmic_density
from ooms.outcomes.scale import Scale
from ooms.problems import UserError
from ooms.results.credence import estimate
from ooms.results.sketch import Sketch

EVENT = "5 ooms in 1 year"
BASE, HOULDEN = ooms.load("davidson-2025"), ooms.load("davidson-houlden-2025")
SLOW = pytest.mark.slow
NAMES = ["davidson-2025", "davidson-houlden-2025"]
# without cheaper experiments and taste that climbs, progress accelerates at the start if and only if r > 1
HALF = HOULDEN.replace(returns="uniform(0.5, 1.5)")
MOST = HOULDEN.replace(returns="uniform(0.8, 1.8)")

probabilities = st.floats(1e-6, 1 - 1e-6)


@st.composite
def opinions(draw, least=1):
    """Probabilities of a few views, and their weights."""
    count = draw(st.integers(least, 6))
    p = draw(st.lists(probabilities, min_size=count, max_size=count))
    w = np.array(draw(st.lists(st.floats(0.01, 1.0), min_size=count, max_size=count)))
    return np.array(p), w / w.sum()


def small(views, draws=2**10, **options):
    return pool(views, **({"draws": draws, "threads": 1, "events": [EVENT], "quantities": ()} | options))


@pytest.fixture(scope="module")
def both():
    return pool(NAMES, draws=2**13, threads=1, weights=[3, 1])


def test_two_opinions_in_closed_form():
    assert linear([0.2, 0.8], [0.25, 0.75]) == pytest.approx(0.65)
    odds = (0.2 / 0.8) ** 0.25 * (0.8 / 0.2) ** 0.75
    assert logarithmic([0.2, 0.8], [0.25, 0.75]) == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize("rule", [linear, logarithmic])
@given(opinions())
def test_a_pool_lies_between_its_views(rule, given_opinions):
    p, w = given_opinions
    assert min(p) - 1e-9 <= rule(p, w) <= max(p) + 1e-9


@pytest.mark.parametrize("rule", [linear, logarithmic])
@given(opinions(), probabilities)
def test_views_that_agree_pool_to_what_they_say(rule, given_opinions, said):
    _, w = given_opinions
    assert rule(np.full(len(w), said), w) == pytest.approx(said, rel=1e-9)


@pytest.mark.parametrize("rule", [linear, logarithmic])
@given(opinions(), st.randoms(use_true_random=False))
def test_the_order_of_views_does_not_matter(rule, given_opinions, random):
    p, w = given_opinions
    order = list(range(len(p)))
    random.shuffle(order)
    assert rule(p[order], w[order]) == pytest.approx(rule(p, w), rel=1e-9)


@pytest.mark.parametrize("rule", [linear, logarithmic])
@given(opinions())
def test_an_event_and_its_complement_stay_complements(rule, given_opinions):
    p, w = given_opinions
    assert rule(1 - p, w) == pytest.approx(1 - rule(p, w), abs=1e-9)


@given(opinions(), st.floats(0.02, 50.0))
def test_the_logarithmic_pool_is_externally_bayesian(given_opinions, likelihood_ratio):
    """Evidence that all read alike: updating before pooling is updating after it."""
    p, w = given_opinions

    def updated(chance):
        return likelihood_ratio * chance / (likelihood_ratio * chance + 1 - chance)

    assert logarithmic(updated(p), w) == pytest.approx(updated(logarithmic(p, w)), rel=1e-6)


def test_only_a_view_with_weight_has_a_veto():
    assert logarithmic([0.0, 0.7], [0.1, 0.9]) == 0.0
    assert logarithmic([1.0, 0.7], [0.1, 0.9]) == 1.0
    assert logarithmic([0.0, 0.7], [0.0, 1.0]) == pytest.approx(0.7)
    assert math.isnan(logarithmic([0.0, 1.0], [0.5, 0.5]))
    assert logarithmic([1e-320, 0.5], [1.0, 0.0]) == pytest.approx(1e-320, rel=1e-2)


def test_the_jackknife_of_a_mean_is_the_error_of_a_mean():
    each = np.random.default_rng(0).normal(size=(2, 16))
    found = jackknife(each, lambda means: 0.3 * means[0] + 0.7 * means[1])
    assert found == pytest.approx(estimate(0.3 * each[0] + 0.7 * each[1]), rel=1e-12)


def test_the_jackknife_knows_the_error_of_log_odds():
    """Delta method: the error of log(p/(1-p)) is that of p over p(1-p)."""
    each = 0.3 + 0.001 * np.random.default_rng(1).normal(size=(1, 16))
    found = jackknife(each, lambda means: math.log(means[0] / (1 - means[0])))
    assert found.standard_error == pytest.approx(estimate(each[0]).standard_error / (0.3 * 0.7), rel=0.01)


@given(opinions(least=2))
def test_total_variance_is_the_variance_of_the_mixture(given_opinions):
    p, w = given_opinions
    within, between = split(p, p * (1 - p), w)
    mean = linear(p, w)
    assert within + between == pytest.approx(mean * (1 - mean), rel=1e-9)


@given(opinions(), st.integers(1, 5000))
def test_rows_follow_the_weights(given_opinions, rows):
    _, w = given_opinions
    counts = rows_by_weight(w.tolist(), rows)
    assert sum(counts) == rows
    assert np.all(np.abs(np.array(counts) - w * rows) < 1)


def test_probabilities_in_closed_form():
    two = small([HALF, MOST], weights=[1, 3], events=["accelerates at the start"], draws=2**12)
    assert two.probability("accelerates at the start").value == pytest.approx(0.25 * 0.5 + 0.75 * 0.8, abs=1e-3)
    odds = 1.0 * 4.0**0.75
    logged = two.with_method("logarithmic").probability("accelerates at the start")
    assert logged.value == pytest.approx(odds / (1 + odds), abs=1e-3)
    spread = two.spread("accelerates at the start")
    assert spread.between.value == pytest.approx(0.25 * 0.75 * 0.3**2, abs=1e-3)
    assert spread.within.value == pytest.approx(0.25 * 0.25 + 0.75 * 0.16, abs=1e-3)


def test_the_error_is_from_draws_that_the_views_share(both):
    each = [np.array(f.event(EVENT).by_randomisation) for f in both.forecasts.values()]
    assert both.probability(EVENT) == pytest.approx(estimate(0.75 * each[0] + 0.25 * each[1]), rel=1e-9)
    for forecast, values in zip(both.forecasts.values(), each, strict=True):
        assert forecast.probability(EVENT) == pytest.approx(estimate(values))


@pytest.mark.sweep(1)
@pytest.mark.parametrize("method", ["linear", "logarithmic"])
def test_errors_are_true(method):
    best = small(NAMES, 2**15, method=method).probability(EVENT).value
    found = [small(NAMES, 2**9, method=method, seed=seed).probability(EVENT) for seed in range(1, 21)]
    z = np.array([(value - best) / error for value, error in found])
    assert 0.6 < math.sqrt(np.mean(z**2)) < 1.6


@pytest.mark.parametrize("method", ["linear", "logarithmic"])
def test_all_the_weight_on_one_view_gives_that_view(both, method):
    one = both.with_weights([0, 1]).with_method(method)
    alone = both.forecasts[NAMES[1]]
    assert one.probability(EVENT) == pytest.approx(alone.probability(EVENT), rel=1e-9)
    for quantity in ("ooms after 1 year", "time to 5 ooms"):
        for q in (0.1, 0.5, 0.9):
            (mine,), (theirs,) = one.quantiles(quantity, q), alone.quantiles(quantity, q)
            assert mine.value == pytest.approx(theirs.value, rel=1e-6)
        assert one.never(quantity).value == pytest.approx(alone.never(quantity).value)
    assert set(one.leave_one_out(EVENT)) == {NAMES[0]}
    assert one.leave_one_out(EVENT)[NAMES[0]].change == (0.0, 0.0)


@pytest.mark.parametrize("method", ["linear", "logarithmic"])
def test_equal_views_pool_to_themselves(tmp_path, method):
    (tmp_path / "twin.toml").write_text('extends = "davidson-2025"\n')
    two = small(["davidson-2025", tmp_path / "twin.toml"], method=method, quantities=["ooms after 1 year"])
    alone = two.forecasts["davidson-2025"]
    assert two.probability(EVENT) == pytest.approx(alone.probability(EVENT), rel=1e-9)
    for q in (0.05, 0.5, 0.95):
        (mine,), (theirs,) = two.quantiles("ooms after 1 year", q), alone.quantiles("ooms after 1 year", q)
        assert mine.value == pytest.approx(theirs.value, rel=1e-6)
    if method == "linear":
        assert two.spread(EVENT).share_between == pytest.approx((0.0, 0.0), abs=1e-12)


@pytest.mark.parametrize("method", ["linear", "logarithmic"])
def test_leaving_one_of_two_out_leaves_the_other(both, method):
    pooled = both.with_method(method)
    for left_out, left in zip(NAMES, NAMES[::-1], strict=True):
        found = pooled.leave_one_out(EVENT)[left_out]
        assert found.probability == pytest.approx(both.forecasts[left].probability(EVENT), rel=1e-9)
        assert found.change.value == pytest.approx(found.probability.value - pooled.probability(EVENT).value)


def test_leaving_one_out_scales_the_other_weights_up():
    three = small([*NAMES, BASE.replace(rho=-0.4)], weights=[1, 2, 5])
    p = [f.probability(EVENT).value for f in three.forecasts.values()]
    found = [left.probability.value for left in three.leave_one_out(EVENT).values()]
    assert found == pytest.approx([(2 * p[1] + 5 * p[2]) / 7, (p[0] + 5 * p[2]) / 6, (p[0] + 2 * p[1]) / 3])


def test_the_linear_pool_of_a_quantity_is_the_mixture(both):
    for quantity, at in (("ooms after 1 year", 4.0), ("time to 5 ooms", 1.0)):
        shares = [f.sketch(quantity).at_most(at).value for f in both.forecasts.values()]
        assert both.sketch(quantity).at_most(at).value == pytest.approx(0.75 * shares[0] + 0.25 * shares[1], rel=1e-9)
        (middle,) = both.quantiles(quantity, 0.5)
        halves = [f.sketch(quantity).at_most(middle.value).value for f in both.forecasts.values()]
        assert 0.75 * halves[0] + 0.25 * halves[1] == pytest.approx(0.5, abs=1e-9)
    low, high, mass, kind = both.interval("ooms after 1 year", 0.8)
    for end, quantile in zip((low, high), both.quantiles("ooms after 1 year", [0.1, 0.9]), strict=True):
        assert end == pytest.approx(quantile, rel=1e-9)
    assert (mass, kind) == (0.8, "eti")


def test_what_never_comes_is_pooled_too():
    two = small(["davidson-2025", "davidson-houlden-2025+constant-returns"], quantities=["time to 12 ooms"])
    never = [f.never("time to 12 ooms").value for f in two.forecasts.values()]
    assert never[0] > 0.3
    assert two.never("time to 12 ooms").value == pytest.approx(sum(never) / 2)
    logged = two.with_method("logarithmic")
    assert logged.never("time to 12 ooms").value < two.never("time to 12 ooms").value
    assert math.isinf(two.quantiles("time to 12 ooms", 0.99)[0].value)


def test_the_logarithmic_pool_of_normals_is_normal():
    """Precisions add up by weight: ln f ~ N(1, 0.5^2) and N(2, 1) with equal weights."""
    views = [HOULDEN.replace(initial_speedup=f"lognormal({math.exp(m)}, {s})") for m, s in ((1.0, 0.5), (2.0, 1.0))]
    two = small(views, 2**16, events=(), quantities=["initial speed-up"], method="logarithmic")
    precision = 0.5 * (1 / 0.5**2 + 1)
    mean, sd = 0.5 * (1.0 / 0.5**2 + 2.0) / precision, precision**-0.5
    for q, z in ((0.1, -1.2815516), (0.5, 0.0), (0.9, 1.2815516)):
        (found,) = two.quantiles("initial speed-up", q)
        assert math.log(found.value) == pytest.approx(mean + sd * z, abs=0.01)
        assert 0 < found.standard_error < 0.02 * found.value
    assert two.sketch("initial speed-up").at_most(math.exp(mean)).value == pytest.approx(0.5, abs=0.01)
    ((low, high),) = two.interval("initial speed-up", 0.8, "hdi").intervals
    assert low.value < math.exp(mean) < high.value
    assert two.never("initial speed-up").value == 0.0


@pytest.mark.parametrize("power", [10, 12, 14, pytest.param(16, marks=SLOW), pytest.param(18, marks=SLOW)])
def test_a_logarithmic_pool_follows_a_view_far_into_its_tail(power):
    """9 : 1 of a wide and a narrow lognormal: the 5 % quantile is far below the narrow one's draws."""
    stated = {"lognormal(p5=2, p95=20)": (2.0, 20.0), "lognormal(p5=10, p95=30)": (10.0, 30.0)}
    views = [HOULDEN.replace(initial_speedup=text) for text in stated]
    asked = {"events": (), "quantities": ["initial speed-up"], "method": "logarithmic", "weights": [9, 1]}
    pooled = small(views, 2**power, **asked)
    middles = [0.5 * math.log(low * high) for low, high in stated.values()]
    sds = [0.5 * math.log(high / low) / 1.6448536269514722 for low, high in stated.values()]
    precisions = [0.9 / sds[0] ** 2, 0.1 / sds[1] ** 2]
    sd = sum(precisions) ** -0.5
    mean = sd**2 * (precisions[0] * middles[0] + precisions[1] * middles[1])
    assert [round(math.exp(mean + z * sd), 1) for z in (-1.6448536, 0, 1.6448536)] == [3.3, 8.8, 23.8]
    quantiles = pooled.quantiles("initial speed-up", [0.05, 0.5, 0.95])
    for found, z in zip(quantiles, (-1.6448536, 0, 1.6448536), strict=True):
        assert abs(found.value - math.exp(mean + z * sd)) < 4 * found.standard_error
        assert found.standard_error < 0.02 * found.value


def random_normals(rng):
    """Weights, means and standard deviations of two or three normals that overlap."""
    count = int(rng.integers(2, 4))
    return rng.dirichlet(np.full(count, 3.0)), rng.uniform(0.5, 2.5, count), rng.uniform(0.4, 1.2, count)


def pool_of_normals(method, weights, means, sds, q):
    """Quantile of their pool: precisions add up by weight, or distribution functions do."""
    if method == "logarithmic":
        precision = weights @ sds**-2.0
        return NormalDist(float(weights @ (means / sds**2) / precision), float(precision**-0.5)).inv_cdf(q)
    parts = [(w, NormalDist(m, s)) for w, m, s in zip(weights.tolist(), means.tolist(), sds.tolist(), strict=True)]
    low, high = -20.0, 20.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if sum(w * part.cdf(middle) for w, part in parts) < q else (low, middle)
    return low


def pooled_draws(method, weights, means, sds, draws, seed):
    """Of independent draws of normals."""
    rng, sketches = np.random.default_rng(seed), []
    for mean, sd in zip(means, sds, strict=True):
        sketches.append(Sketch(Scale(-20.0, 20.0, bottom=-20.0), 16))
        sketches[-1].add(rng.normal(mean, sd, draws))
    return (linear_sketch if method == "linear" else logarithmic_density)(sketches, weights)


def pooled_views(method, weights, means, sds, draws, seed):
    """Of quasi-random draws of views that believe lognormals."""
    views = [
        HOULDEN.replace(initial_speedup=f"lognormal({math.exp(m)}, {s})") for m, s in zip(means, sds, strict=True)
    ]
    options = {"events": (), "quantities": ["initial speed-up"], "weights": weights.tolist(), "seed": seed}
    return small(views, draws, method=method, **options).sketch("initial speed-up")


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("power", "seeds"), [(10, 5), *(pytest.param(power, 40, marks=SLOW) for power in (10, 12, 14, 16, 18))]
)
@pytest.mark.parametrize("made", [pooled_draws, pooled_views], ids=["normals", "lognormals"])
@pytest.mark.parametrize("method", ["linear", "logarithmic"])
def test_random_pools_in_closed_form_with_true_errors(method, made, power, seeds):
    """Differences over their errors spread about 1, whatever is pooled: errors say neither too little nor too much."""
    z = []
    for seed in range(seeds):
        weights, means, sds = random_normals(np.random.default_rng([seed, 1]))
        found = made(method, weights, means, sds, 2**power, seed)
        for q in (0.1, 0.5, 0.9):
            value, error = found.quantile(q)
            truth = pool_of_normals(method, weights, means, sds, q)
            z.append((value - (math.exp(truth) if made is pooled_views else truth)) / error)
    assert np.max(np.abs(z)) < 5.0
    assert 0.6 < np.sqrt(np.mean(np.square(z))) < (1.3 if seeds > 10 else 1.6)


def sketched(values, low=-20.0, high=20.0):
    sketch = Sketch(Scale(low, high, bottom=low), 16)
    sketch.add(values)
    return sketch


@pytest.mark.parametrize("seed", range(3))
def test_a_small_mode_at_the_edge_is_no_veto(seed):
    """.97 N(0, 1) + .03 N(-8, 1) and N(-11, 1), half and half: N(-9.5, 1) wherever the main mode is nothing."""
    rng = np.random.default_rng(seed)
    two = np.where(rng.random(2**12) < 0.03, -8.0, 0.0) + rng.normal(size=2**12)
    views = [sketched(two), sketched(rng.normal(-11.0, 1.0, 2**12))]
    found = logarithmic_density(views, np.array([0.5, 0.5])).quantiles([0.05, 0.5, 0.95])
    for (value, error), truth in zip(found, (-11.145, -9.5, -7.855), strict=True):
        assert abs(value - truth) < 3.0 * error
        assert error < 0.8


def test_what_lies_past_an_end_that_draws_suggest_is_part_of_the_error():
    """U(0, 1) may go on past 1 by as little as draws tell; a view that lies there would then have much of the pool."""
    rng = np.random.default_rng(0)
    views = [sketched(rng.uniform(0.0, 1.0, 2**10)), sketched(rng.normal(1.3, 0.2, 2**10))]
    found = logarithmic_density(views, np.array([0.5, 0.5])).quantile(0.95)
    assert found.value < 1.0 < found.value + 3.0 * found.standard_error


def test_a_pool_of_few_draws_has_no_false_end():
    """64 draws of a normal are taken for cut off in 8 % of cases by their first few alone."""
    z, middles, sds = [], (0.5 * math.log(40), 0.5 * math.log(300)), []
    for high, low in ((20.0, 2.0), (30.0, 10.0)):
        sds.append(0.5 * math.log(high / low) / 1.6448536269514722)
    precisions = [0.9 / sds[0] ** 2, 0.1 / sds[1] ** 2]
    sd = sum(precisions) ** -0.5
    mean = sd**2 * sum(p * m for p, m in zip(precisions, middles, strict=True))
    for seed in (12, 13, 14, 15):
        rng = np.random.default_rng(seed)
        views = [sketched(rng.normal(m, s, 64)) for m, s in zip(middles, sds, strict=True)]
        for q in (0.05, 0.5):
            value, error = logarithmic_density(views, np.array([0.9, 0.1])).quantile(q)
            z.append((value - mean - sd * NormalDist().inv_cdf(q)) / error)
    assert np.max(np.abs(z)) < 4.0


def test_atoms_that_rounding_alone_tells_apart_are_one():
    rng = np.random.default_rng(0)
    mixed = [np.where(rng.random(2**12) < share, 3.0, rng.normal(3.0, 1.0, 2**12)) for share in (0.4, 0.6)]
    apart = np.where(mixed[1] == 3.0, np.nextafter(3.0, 4.0), mixed[1])
    half = np.array([0.5, 0.5])
    same = logarithmic_density([sketched(v) for v in mixed], half).quantiles([0.2, 0.5, 0.9])
    found = logarithmic_density([sketched(mixed[0]), sketched(apart)], half).quantiles([0.2, 0.5, 0.9])
    for a, b in zip(found, same, strict=True):
        assert a == pytest.approx(b, rel=1e-6, abs=1e-9)
    assert found[1].value == pytest.approx(3.0, rel=1e-12)
    odds = math.sqrt(0.4 * 0.6) / math.sqrt(0.6 * 0.4)
    both = logarithmic_density([sketched(mixed[0]), sketched(apart)], half)
    assert both.at_most(3.0).value - both.at_most(2.999).value == pytest.approx(odds / (1 + odds), abs=0.02)


def test_never_that_no_draw_shows_is_part_of_the_error():
    """One view: never in half of its draws; the other in none of 4096, which tells from 1 in 4096 by nothing."""
    rng = np.random.default_rng(0)
    often, not_seen = np.where(rng.random(2**12) < 0.5, math.inf, rng.normal(size=2**12)), rng.normal(size=2**12)
    value, error = logarithmic_density([sketched(often), sketched(not_seen)], np.array([0.5, 0.5])).never
    odds = math.sqrt(2.0**-12 / (1 - 2.0**-12))
    assert value == 0.0
    assert error == pytest.approx(odds / (1 + odds), rel=0.05)


def test_a_view_without_weight_is_not_in_a_linear_pool():
    rng = np.random.default_rng(0)
    far = np.where(rng.random(2**10) < 0.5, 12.0, rng.uniform(11.0, 13.0, 2**10))
    alone, other = sketched(rng.normal(size=2**10)), sketched(far)
    found = linear_sketch([alone, other], np.array([1.0, 0.0]))
    assert (found.least, found.most, found.ties) == (alone.least, alone.most, {})


def test_the_ties_of_a_linear_pool_are_those_of_merged_draws():
    first, second = (sketched(np.full(2**8, value)) for value in (3.001, 3.001 + 1e-9))
    for views in ((first, second), (second, first)):
        assert list(linear_sketch(views, np.array([0.5, 0.5])).ties.values()) == [3.001]


def test_views_too_far_apart_for_draws_to_tell_are_refused():
    views = [HOULDEN.replace(initial_speedup=f"lognormal({m}, 0.05)") for m in (2, 20)]
    two = small(views, 2**12, events=(), quantities=["initial speed-up"], method="logarithmic")
    with pytest.raises(UserError, match="draws cannot tell"):
        two.quantiles("initial speed-up", 0.5)


def test_views_with_nothing_in_common_have_no_logarithmic_pool():
    views = [HOULDEN.replace(initial_speedup="uniform(2, 3)"), HOULDEN.replace(initial_speedup="uniform(20, 30)")]
    two = small(views, quantities=["initial speed-up"], events=["accelerates"], method="logarithmic")
    with pytest.raises(UserError, match="no value is possible under all views"):
        two.quantiles("initial speed-up", 0.5)
    never, always = HOULDEN.replace(returns="uniform(0.2, 0.9)"), HOULDEN.replace(returns="uniform(1.1, 2)")
    apart = small([never, always], events=["accelerates at the start"], method="logarithmic")
    assert len(apart.vetoes("accelerates at the start")) == 2
    with pytest.raises(UserError, match=r"uniform\(0\.2, 0\.9\)\) says 0 and .* says 1"):
        apart.probability("accelerates at the start")
    assert np.isnan(apart.data["probability"].item())
    assert apart.with_method("linear").probability("accelerates at the start").value == 0.5
    assert apart.with_method("linear").vetoes("accelerates at the start") == ()


def test_a_rare_event_has_no_false_veto():
    """Seen in some randomisations and not in others: the pool is of what was seen in all of them."""
    rare = HOULDEN.replace(returns="uniform(0.2, 1.001)")
    two = small([rare, HALF], events=["accelerates at the start"], method="logarithmic", draws=2**12)
    each = two.forecasts[next(iter(two.forecasts))].event("accelerates at the start")
    assert 0 < each.probability.value < 0.01
    found = two.probability("accelerates at the start")
    odds = math.sqrt(each.probability.value / (1 - each.probability.value))
    assert found.value == pytest.approx(odds / (1 + odds), rel=0.01)
    assert found.standard_error > 0


def test_an_event_that_no_draw_shows_is_no_veto_without_an_error():
    """In 1 of 8000 draws, so in none of 1024: pooled with a half it is 1.1 %, not 0."""
    chance = 1e-4 / 0.8001
    asked = {"events": ["accelerates at the start"], "method": "logarithmic"}
    two = small([HOULDEN.replace(returns="uniform(0.2, 1.0001)"), HALF], **asked)
    value, error = two.probability("accelerates at the start")
    odds = math.sqrt(chance / (1 - chance))
    assert (value, odds / (1 + odds)) == (0.0, pytest.approx(0.01106, abs=1e-5))
    assert odds / (1 + odds) < 2.0 * error < 0.1
    (left, _) = two.leave_one_out("accelerates at the start").values()
    assert left.change.standard_error == pytest.approx(error, rel=0.2)


def test_no_draw_differing_does_not_make_the_error_zero():
    assert small(NAMES, events=["40 ooms in 1 day"]).probability("40 ooms in 1 day") == (0.0, 2**-10)


def test_spread_of_a_quantity_in_closed_form():
    views = [HOULDEN.replace(initial_speedup=f"lognormal({math.exp(m)}, {s})") for m, s in ((1.0, 0.5), (2.0, 1.0))]
    found = small(views, 2**14, weights=[1, 3], events=()).spread("initial speed-up")
    assert found.within.value == pytest.approx(0.25 * 0.25 + 0.75 * 1.0, rel=0.01)
    assert found.between.value == pytest.approx(0.25 * 0.75 * 1.0, rel=0.01)
    assert found.total.value == pytest.approx(found.within.value + found.between.value, rel=1e-12)
    assert found.share_between.value == pytest.approx(found.between.value / found.total.value)
    assert found.unit == "ln of x today's pace"
    assert "between the views" in str(found)


def test_spread_of_progress_is_that_of_the_mixed_draws(both):
    kept = [ooms.forecast(n, draws=2**13, events=(), quantities=["ooms after 1 year"]).kept for n in NAMES]
    values = [k["ooms after 1 year"] for k in kept]
    mean = 0.75 * values[0].mean() + 0.25 * values[1].mean()
    total = 0.75 * np.mean((values[0] - mean) ** 2) + 0.25 * np.mean((values[1] - mean) ** 2)
    found = both.spread("ooms after 1 year")
    assert found.total.value == pytest.approx(total, rel=1e-3)
    assert found.between.value == pytest.approx(0.1875 * (values[0].mean() - values[1].mean()) ** 2, rel=0.01)
    assert found.unit == "OOM"


def test_spread_refuses_what_has_no_variance(both):
    with pytest.raises(UserError, match=r"(?s)is infinite \(over 24\) in \d\d(\.\d)? % of .*acceleration at the start"):
        small(["davidson-houlden-2025+constant-returns"]).spread("ooms after 1 year")
    with pytest.raises(UserError, match="logarithmic pool is no mixture"):
        both.with_method("logarithmic").spread(EVENT)
    with pytest.raises(UserError, match="neither an event nor a quantity"):
        both.spread("oms after 1 year")


def test_weights_on_any_scale_and_in_any_form(both):
    same = {"davidson-2025": 0.75, "davidson-houlden-2025": 0.25}
    for views, weights in ((NAMES, [30, 10]), (NAMES, same), ({n: 3e300 * w for n, w in same.items()}, None)):
        found = small(views, weights=weights, draws=256)
        assert found.weights == pytest.approx(same)
        assert found.weighting == GIVEN
    path = Path(__file__).parents[3] / "priors/views/davidson-2025.toml"
    assert small([path, HOULDEN], weights={str(path): 3, NAMES[1]: 1}, draws=256).weights == pytest.approx(same)
    changed = small([BASE, BASE.replace(rho=-0.4)], draws=256)
    assert list(changed.weights) == ["davidson-2025", "davidson-2025 (rho = -0.4)"]


def test_a_name_that_views_share_is_no_name_of_one_of_them():
    views = [BASE.replace(rho=-0.4), BASE.replace(rho=-0.5)]
    labels = ["davidson-2025 (rho = -0.4)", "davidson-2025 (rho = -0.5)"]
    assert small(views, weights={labels[0]: 3, labels[1]: 1}).weights == {labels[0]: 0.75, labels[1]: 0.25}
    with pytest.raises(UserError, match="davidson-2025 has a weight but is not among the views"):
        small(views, weights={"davidson-2025": 3, labels[1]: 1})
    with_base = small([BASE, views[0]], weights={"davidson-2025": 3, labels[0]: 1})
    assert with_base.weights == {"davidson-2025": 0.75, labels[0]: 0.25}


def test_equal_weights_are_named_as_a_choice():
    found = small(NAMES, draws=256)
    assert found.weights == dict.fromkeys(NAMES, 0.5)
    assert EQUAL in repr(found)
    assert found.data.attrs["weighting"] == EQUAL == found.weighting
    assert EQUAL in found.prior(64).description
    assert all(EQUAL in belief.source for belief in found.prior(64).beliefs.values())
    assert EQUAL not in repr(small(NAMES, weights=[1, 1], draws=256))
    assert found.with_weights([1, 2]).with_weights(None).weighting == EQUAL


def test_asking_later_and_reweighting_are_asking_first(both):
    other = pool(NAMES, draws=2**13, weights=[1, 4], events=(), quantities=(), threads=2)
    again = both.with_weights({NAMES[0]: 1, NAMES[1]: 4})
    assert other.probability(EVENT) == again.probability(EVENT)
    assert other.quantiles("time to 5 ooms", [0.1, 0.5]) == again.quantiles("time to 5 ooms", [0.1, 0.5])


def test_progress_is_told_over_all_views():
    told = []
    small(NAMES, 2**15, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2**16, 2**16)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_data_has_everything(both):
    data = both.data
    assert list(data["view"].values) == NAMES
    assert data["probability"].sel(event=EVENT).item() == both.probability(EVENT).value
    assert data["probability_error"].sel(event=EVENT).item() == both.probability(EVENT).standard_error
    assert data["without"].sel(view=NAMES[0], event=EVENT).item() == both.leave_one_out(EVENT)[NAMES[0]][0].value
    assert (
        data["quantile"].sel(quantity="time to 5 ooms", level=0.5).item() == both.quantiles("time to 5 ooms", 0.5)[0][0]
    )
    assert data["share_between"].sel(event=EVENT).item() == both.spread(EVENT).share_between.value
    assert data["weight"].values.tolist() == [0.75, 0.25]
    assert data["unit"].values.tolist() == ["years", "OOM"]
    assert "share_between" not in both.with_method("logarithmic").data


WRONG = {
    "unknown view": ({"views": ["davidson-2024"]}, "did you mean davidson-2025"),
    "no view": ({"views": []}, "no view is named"),
    "twice": ({"views": ["davidson-2025", BASE]}, "two views are called davidson-2025"),
    "negative": ({"weights": [1, -1]}, "-1 for davidson-houlden-2025 is no weight"),
    "infinite": ({"weights": [1, math.inf]}, "inf for davidson-houlden-2025 is no weight"),
    "not a number": ({"weights": [1, math.nan]}, "nan for davidson-houlden-2025 is no weight"),
    "text": ({"weights": [1, "2"]}, "'2' for davidson-houlden-2025 is not a number"),
    "all zero": ({"weights": [0, 0]}, "all weights are 0"),
    "too few": ({"weights": [1]}, "there are 1 weights for 2 views"),
    "not named": ({"weights": {"davidson-2025": 1, "davidson-houlden": 1}}, "davidson-houlden has a weight but is not"),
    "missing": ({"weights": {"davidson-2025": 1}}, "davidson-houlden-2025 has no weight"),
    "weights twice": ({"views": {"davidson-2025": 1}, "weights": [1]}, "weights are given twice"),
    "method": ({"method": "geometric"}, "there is no method 'geometric'"),
    "event": ({"events": ["5 oms"]}, "'5 oms' cannot be read"),
    "draws": ({"draws": 1000}, "give 1024"),
}


@pytest.mark.parametrize(("changes", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(changes, said):
    with pytest.raises(UserError) as caught:
        pool(**({"views": NAMES} | changes))
    assert said in str(caught.value)
    assert all(problem.remedy for problem in caught.value.problems)


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(UserError) as caught:
        pool(["davidson-2025", "davidson-2025", "nobody"], weights={"davidson-2025": -1, "x": 1, "nobody": 1},
             method="mean", draws=3, events=["?"], quantities=["?"])  # fmt: skip
    text = str(caught.value)
    for said in ("two views", "nobody", "'mean'", "draws = 3", "'?' cannot be read", "no quantity '?'"):
        assert said in text
    with pytest.raises(UserError) as caught:
        small(NAMES, weights={"davidson-2025": -1, "x": 1}, draws=256)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("weights", [[1], [1, -1], {"x": 1}])
def test_wrong_weights_later(both, weights):
    with pytest.raises(UserError):
        both.with_weights(weights)


def test_wrong_questions_later(both):
    with pytest.raises(UserError, match="not between 0 and 1"):
        both.quantiles("time to 5 ooms", [0.5, 2])
    with pytest.raises(UserError, match="no interval of kind"):
        both.interval("time to 5 ooms", 0.5, "x")
    with pytest.raises(UserError, match="there is no method"):
        both.with_method("x")
    with pytest.raises(UserError, match="there is no quantity"):
        both.quantiles("time to oms", 0.5)
