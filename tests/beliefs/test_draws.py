"""Draws: what they depend on, what they do not depend on, and that they are draws of what the view believes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import Sampler, central_inputs
from ooms.beliefs.reparametrisation import FEEDBACK
from ooms.beliefs.smoothing import Smoothing
from ooms.beliefs.view import checked
from ooms.distributions.copula import Correlation
from ooms.distributions.marginals import Fixed
from ooms.model.labour import log_taste
from ooms.model.returns import returns_from_difficulty
from ooms.parameters import PARAMETERS
from ooms.problems import UserError

BASE = ooms.load("davidson-2025")
RANDOM = sorted(n for n, b in BASE.beliefs.items() if not isinstance(b.marginal, Fixed))

OTHERWISE = {
    "rho": "uniform(-0.9, -0.1)",
    "compute_share": "beta(2, 2, low=0.2, high=0.8)",
    "workforce": "lognormal(p10=5, p90=200)",
    "speed": "lognormal(p10=5, p90=200)",
    "skill": "loguniform(1, 3)",
    "parallelizability": 0.6,
    "taste_start": "discrete([-1, 0, 1], [1, 2, 1])",
    "taste_multiplier": "loguniform(2, 9)",
    "compute_exponent": "uniform(0.4, 0.9)",
    "experiment_efficiency": "triangular(0, 0, 1)",
    "returns": "lognormal(p10=0.5, p90=3)",
    "returns_total": "loguniform(0.8, 7)",
    "software_limit": "loguniform(6, 16)",
    "software_growth": "mixture([uniform(0.2, 0.5), lognormal(p10=0.4, p90=1.5)], [1, 3])",
    "hardware_growth": "normal(0, 0.1)",
    "ramp_years": "loguniform(0.1, 2)",
    "sigma": "uniform(0.4, 0.9)",
    "max_speed": "loguniform(5, 100)",
    "software_limit_years": "uniform(6, 16)",
}  # fmt: skip
"""Something else to believe about each of these, alone."""

CHANGES = st.sets(st.sampled_from(sorted(OTHERWISE)), min_size=1, max_size=6)
SPELT = [{"rho", "sigma", "max_speed"}, {"returns", "returns_total"}, {"software_limit", "software_limit_years"}]


def correlated(view, *pairs):
    """The view with these (first, second, spearman) correlations."""
    return checked(replace(view, correlations=tuple(Correlation(*p) for p in pairs)), view.name)


@cache
def changed(names):
    return BASE.replace(**{n: OTHERWISE[n] for n in names})


def compatible(names):
    """The names without those that state a parameter a second time."""
    kept = []
    for name in sorted(names):
        if not any(name in group and group & set(kept) for group in SPELT):
            kept.append(name)
    return tuple(kept)


def values(view, count=256, start=0, **how):
    return Sampler(view, **how).block(start, count).values


@given(names=CHANGES)
@settings(max_examples=40, deadline=None)
def test_other_parameters_come_and_go_without_changing_a_bit(names):
    view = changed(compatible(names))
    before, after = values(BASE), values(view)
    same = [n for n in RANDOM if view.beliefs.get(n) is BASE.beliefs[n]]
    assert same
    for name in same:
        assert np.array_equal(before[name], after[name]), name
    for name in compatible(names):
        assert name in after


@given(name=st.sampled_from(RANDOM))
@settings(max_examples=20, deadline=None)
def test_fixing_a_parameter_changes_no_other(name):
    view = BASE.replace(**{name: BASE.beliefs[name].marginal.middle})
    before, after = values(BASE), values(view)
    for other in set(RANDOM) - {name}:
        assert np.array_equal(before[other], after[other])
    assert after[name].ndim == 0


def test_the_order_of_the_parameters_does_not_matter():
    backwards = replace(BASE, beliefs=dict(reversed(BASE.beliefs.items())))
    before, after = values(BASE), values(backwards)
    assert all(np.array_equal(before[n], after[n]) for n in RANDOM)


def test_another_view_with_the_same_belief_draws_the_same():
    other = ooms.load("davidson-houlden-2025")
    assert other.beliefs["returns"].marginal == BASE.beliefs["returns"].marginal
    assert np.array_equal(values(BASE)["returns"], values(other)["returns"])


@pytest.mark.parametrize("view", [BASE, changed(compatible(OTHERWISE))])
def test_more_draws_begin_with_the_same_ones(view):
    small, large = values(view, 256), values(view, 1024)
    for name, drawn in large.items():
        assert np.array_equal(drawn[:256] if drawn.ndim else drawn, small[name])


@given(log_size=st.integers(0, 5), order=st.randoms(use_true_random=False), pairs=st.booleans())
@settings(max_examples=25, deadline=None)
def test_blocks_of_any_size_in_any_order_are_pieces_of_the_whole(log_size, order, pairs):
    view = correlated(BASE, ("rho", "returns", 0.5), ("software_growth", "rho", -0.3)) if pairs else BASE
    sampler, size = Sampler(view, seed=3), 16 << log_size
    starts = list(range(0, 512, size))
    order.shuffle(starts)
    blocks = {start: sampler.block(start, size) for start in starts}
    whole = Sampler(view, seed=3).block(0, 512)
    for name in RANDOM:
        pieces = np.concatenate([blocks[start].values[name] for start in sorted(starts)])
        assert np.array_equal(pieces, whole.values[name])
    if pairs:
        means = np.concatenate([blocks[start].rate_given_others.mean for start in sorted(starts)])
        assert np.array_equal(means, whole.rate_given_others.mean)


@given(seed=st.integers(0, 2**62))
@settings(max_examples=15, deadline=None)
def test_a_seed_repeats_and_another_differs(seed):
    once, again, other = values(BASE, seed=seed), values(BASE, seed=seed), values(BASE, seed=seed + 1)
    for name in RANDOM:
        assert np.array_equal(once[name], again[name])
        assert not np.any(once[name] == other[name])


def test_draw_j_belongs_to_a_randomisation_of_its_own():
    four = values(BASE, 64, randomisations=4)["rho"].reshape(-1, 4)
    eight = values(BASE, 128, randomisations=8)["rho"].reshape(-1, 8)
    assert np.array_equal(eight[:, :4], four)


@pytest.mark.parametrize("name", RANDOM)
def test_quantiles_of_the_draws_are_those_of_the_belief(name):
    drawn, marginal = np.sort(values(BASE, 1 << 14)[name]), BASE.beliefs[name].marginal
    ranks = marginal.cdf(drawn)
    assert ranks == pytest.approx((np.arange(drawn.size) + 0.5) / drawn.size, abs=0.002)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("name", sorted(set(OTHERWISE) - {"taste_start", "parallelizability"}))
def test_quantiles_of_other_families(name):
    view = changed((name,))
    drawn, marginal = np.sort(values(view, 1 << 14)[name]), view.beliefs[name].marginal
    assert marginal.cdf(drawn) == pytest.approx((np.arange(drawn.size) + 0.5) / drawn.size, abs=0.002)


def test_discrete_beliefs_have_their_frequencies():
    drawn = values(changed(("taste_start",)), 1 << 12)["taste_start"]
    assert [np.mean(drawn == v) for v in (-1, 0, 1)] == pytest.approx([0.25, 0.5, 0.25], abs=0.002)


PAIRS = (("rho", "returns", 0.7), ("returns", "software_growth", -0.4), ("taste_start", "software_limit", 0.25))


def test_spearman_coefficients_and_margins_are_as_believed():
    drawn = values(correlated(BASE, *PAIRS), 1 << 14)
    for first, second, spearman in PAIRS:
        assert scipy.stats.spearmanr(drawn[first], drawn[second]).statistic == pytest.approx(spearman, abs=0.01)
    for one, other in (("rho", "software_growth"), ("rho", "taste_start"), ("rho", "parallelizability")):
        assert scipy.stats.spearmanr(drawn[one], drawn[other]).statistic == pytest.approx(0, abs=0.01)
    for name in RANDOM:
        ranks = BASE.beliefs[name].marginal.cdf(np.sort(drawn[name]))
        assert ranks == pytest.approx((np.arange(1 << 14) + 0.5) / (1 << 14), abs=0.005)


@given(pair=st.sampled_from([(a, b) for a in RANDOM for b in RANDOM if a < b]), spearman=st.floats(-0.95, 0.95))
@settings(max_examples=30, deadline=None)
def test_correlations_leave_all_others_alone(pair, spearman):
    before, after = values(BASE), values(correlated(BASE, (*pair, spearman)))
    for name in set(RANDOM) - set(pair):
        assert np.array_equal(before[name], after[name])
    kept = [name for name in pair if np.array_equal(before[name], after[name])]
    assert kept  # the first to be drawn keeps its own numbers


def test_one_more_in_a_group_changes_only_those_after_it():
    two = values(correlated(BASE, ("rho", "returns", 0.5)))
    three = values(correlated(BASE, ("rho", "returns", 0.5), ("returns", "software_limit", 0.5)))
    assert np.array_equal(two["rho"], three["rho"])
    assert np.array_equal(two["returns"], three["returns"])


@pytest.fixture
def joint(tmp_path):
    """A view with three parameters from rows of a file."""
    rows = np.random.default_rng(0).uniform([-0.5, 0.4, 6], [-0.1, 3.6, 16], (40, 3))
    text = "\n".join(["rho, returns,software_limit", *(",".join(map(repr, map(float, row))) for row in rows), ""])
    (tmp_path / "draws.csv").write_text(text)
    tables = [
        f'[parameters.{name}]\ndistribution = "empirical"\ndraws = "draws.csv"\nsource = "a fit"\n'
        for name in ("rho", "returns", "software_limit")
    ]
    path = tmp_path / "joint.toml"
    path.write_text('extends = "davidson-2025"\n' + "\n".join(tables))
    return ooms.load(path), rows


def test_joint_draws_keep_their_rows_together(joint):
    view, rows = joint
    drawn = values(view, 1 << 12)
    found = np.stack([drawn["rho"], drawn["returns"], drawn["software_limit"]], axis=1)
    which = np.argmin(np.abs(found[:, :1] - rows[:, 0]), axis=1)
    assert np.array_equal(found, rows[which])
    counts = np.bincount(which, minlength=len(rows))
    assert counts == pytest.approx(np.full(len(rows), (1 << 12) / len(rows)), abs=20)


def test_joint_draws_leave_the_others_alone(joint):
    before, after = values(BASE), values(joint[0])
    for name in set(RANDOM) - {"rho", "returns", "software_limit"}:
        assert np.array_equal(before[name], after[name])


def test_taking_one_parameter_out_of_the_joint_draws_keeps_the_rest(joint):
    before, after = values(joint[0]), values(joint[0].replace(returns=1.0))
    assert np.array_equal(before["rho"], after["rho"])
    assert np.array_equal(before["software_limit"], after["software_limit"])


def test_fixed_values_are_single_numbers_and_random_ones_one_for_each_draw():
    block = Sampler(BASE).block(0, 128)
    for name, belief in BASE.beliefs.items():
        assert block.values[name].shape == (() if isinstance(belief.marginal, Fixed) else (128,))
    assert block.inputs.draws == 128
    for name in PARAMETERS:
        value = getattr(block.inputs, name)
        if name in block.values:
            assert np.array_equal(value, block.values[name])
        elif name == "difficulty":
            assert value.shape == (128,)  # from returns
        else:
            assert value is None or value == PARAMETERS[name].neutral


def test_without_declining_returns_there_is_no_limit():
    assert np.isinf(Sampler(BASE.replace(declining_returns=False)).block(0, 16).inputs.software_limit)


def test_central_inputs_are_medians():
    said, inputs = central_inputs(BASE)
    assert said["rho"] == -0.1
    assert said["returns"] == pytest.approx(1.2)
    i = {name: getattr(inputs, name).item() for name in ("difficulty", *FEEDBACK)}
    assert returns_from_difficulty(*i.values()) == pytest.approx(1.2)
    assert inputs.draws == 1


def test_routes_reach_the_model(tmp_path):
    path = tmp_path / "routed.toml"
    path.write_text("""
extends = "davidson-2025"
[parameters]
route_elasticity = {value = 20, source = "strongest link"}
[[routes]]
rho = {distribution = "uniform", low = -0.1, high = 0.1, source = "me"}
compute_share = {value = 0.2, source = "me"}
experiment_efficiency = {value = 1, source = "me"}
productivity = {distribution = "lognormal", p10 = 0.05, p90 = 0.5, source = "me"}
[[routes]]
rho = {distribution = "uniform", low = -0.1, high = 0.1, source = "me"}
compute_share = {value = 0.3, source = "me"}
experiment_efficiency = {value = 0, source = "me"}
productivity = {value = 0.1, source = "me"}
""")
    view = ooms.load(path)
    inputs = Sampler(view).block(0, 64).inputs
    one, two = inputs.routes
    assert (one.compute_share, two.compute_share, two.productivity) == (0.2, 0.3, 0.1)
    assert one.productivity.shape == (64,)
    assert not np.any(one.rho == two.rho)  # each its own column
    assert np.array_equal(inputs.rho, Sampler(BASE).block(0, 64).inputs.rho)


def test_a_spelling_without_meaning_for_some_draws_is_refused_before_any_is_drawn():
    """At rho = 0.5 and a = 0.5 labour alone keeps a quarter of the pace: no exponent slows it down more."""
    BASE.replace(compute_slowdown="loguniform(1.5, 3.99)", rho=0.5)
    with pytest.raises(UserError, match=r"there is no compute_exponent in .* where compute_slowdown = 4.00"):
        BASE.replace(compute_slowdown="loguniform(1.5, 4.001)", rho=0.5)


NOT_FREE = {
    "fixed": {"software_growth": 0.6},
    "moving hardware": {"hardware_growth": 0.1},
    "hardware that may move": {"hardware_growth": "normal(0, 0.1)"},
    "ramp": {"ramp_years": 1.0},
    "shock": {"hardware_shock": 0.1, "hardware_shock_year": 0.5},
    "reorganisation": {"rho_long_run": -0.05, "adjustment_years": 5.0},
    "reorganisation to 0": {"rho_long_run": 0.0, "adjustment_years": 5.0},
    "limit in years": {"software_limit_years": "uniform(6, 16)"},
}


@pytest.mark.parametrize("changes", NOT_FREE.values(), ids=NOT_FREE)
def test_the_rate_is_not_free_where_it_does_more_than_stretch_time(changes):
    assert not Smoothing(Sampler(BASE.replace(**changes))).rate_is_free


def test_the_rate_of_joint_draws_is_not_free(tmp_path):
    (tmp_path / "d.csv").write_text("rho,software_growth\n-0.1,0.5\n-0.2,0.9\n")
    table = '{distribution = "empirical", draws = "d.csv", source = "a fit"}'
    path = tmp_path / "joint.toml"
    path.write_text(f'extends = "davidson-2025"\n[parameters]\nrho = {table}\nsoftware_growth = {table}\n')
    assert not Smoothing(Sampler(ooms.load(path))).rate_is_free


@pytest.mark.parametrize("changes", [{}, {"hardware_growth": 0.0}, {"retraining": True}, {"rho": -0.3}])
def test_the_rate_is_free_otherwise(changes):
    assert Smoothing(Sampler(BASE.replace(**changes))).rate_is_free
    assert Smoothing(Sampler(correlated(BASE, ("rho", "software_growth", 0.3)))).rate_is_free


def chances(view, rates, count=1 << 14):
    """Probability that the baseline rate is at least that in each draw, and the draws."""
    sampler = Sampler(view)
    block = sampler.block(0, count)
    needed = np.broadcast_to(np.asarray(rates, dtype=float), (count,))
    years = needed / block.inputs.software_growth  # what takes a draw these years needs that rate to take one
    return Smoothing(sampler).chance(years, 1.0, block), block.values


STILL = BASE.replace(taste_start=0.0)
GROWTH = BASE.beliefs["software_growth"].marginal


@pytest.mark.parametrize("rate", [0.3, 0.77, 2.0])
def test_the_chance_of_a_rate_without_correlations_is_its_tail(rate):
    found, drawn = chances(STILL, rate)
    assert found == pytest.approx(1 - GROWTH.cdf(rate), abs=1e-12)
    assert np.mean(drawn["software_growth"] >= rate) == pytest.approx(found[0], abs=0.001)


@pytest.mark.parametrize("rate", [0.3, 0.77, 2.0])
def test_the_chance_of_a_rate_given_correlated_draws(rate):
    view = correlated(STILL, ("rho", "software_growth", 0.6), ("returns", "software_growth", -0.3))
    found, drawn = chances(view, rate)
    z = np.stack([scipy.stats.norm.ppf(view.beliefs[n].marginal.cdf(drawn[n])) for n in ("rho", "returns")])
    pearson = 2 * np.sin(np.pi / 6 * np.array([0.6, -0.3]))
    mean, sd = pearson @ z, np.sqrt(1 - pearson @ pearson)
    inside = np.all(np.abs(z) < 3, axis=0)  # ranks from values lose digits at the ends
    expected = scipy.stats.norm.sf((scipy.stats.norm.ppf(GROWTH.cdf(rate)) - mean) / sd)
    assert found[inside] == pytest.approx(expected[inside], abs=1e-6)


@pytest.mark.parametrize("rate", [0.3, 0.77, 2.0])
def test_the_chance_of_a_rate_is_its_frequency_among_like_draws(rate):
    view = correlated(STILL, ("rho", "software_growth", 0.6), ("returns", "software_growth", -0.3))
    found, drawn = chances(view, rate, 1 << 17)
    hit = drawn["software_growth"] >= rate
    rows = np.digitize(drawn["rho"], np.linspace(-0.2, 0, 5)) * 8 + np.digitize(drawn["returns"], [0.6, 1.2, 2.4])
    for row in np.unique(rows):
        like = rows == row
        assert np.mean(hit[like]) == pytest.approx(np.mean(found[like]), abs=0.01)


def test_a_chance_with_taste_integrated_out_is_the_frequency():
    """Progress that takes 1 / (rate taste) years: the chance that it takes at most one, with and without smoothing."""
    sampler = Sampler(BASE)
    block = sampler.block(0, 1 << 15)
    i = block.inputs
    taste = np.exp(log_taste(i.taste_start, i.taste_multiplier, i.taste_ceiling))
    years = 1.0 / (i.software_growth * taste)
    smoothing = Smoothing(sampler)
    assert smoothing.taste_is_free
    assert np.mean(smoothing.chance(years, 1.0, block)) == pytest.approx(np.mean(years <= 1.0), abs=0.002)
