"""When the baseline rate and the taste at the start may be integrated out, and that this is done right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

import ooms
from ooms.beliefs.draws import Sampler, model_inputs
from ooms.beliefs.smoothing import Smoothing
from ooms.beliefs.view import checked
from ooms.distributions.copula import Correlation
from ooms.outcomes import Run, parse_event

BASE = ooms.load("davidson-2025")


def correlated(view, *pairs):
    return checked(replace(view, correlations=tuple(Correlation(*pair) for pair in pairs)), "correlated.toml")


def free(view) -> tuple[bool, bool]:
    smoothing = Smoothing(Sampler(view))
    return smoothing.rate_is_free, smoothing.taste_is_free


NEITHER = {
    "fixed rate": {"software_growth": 0.6},
    "growing hardware": {"hardware_growth": 0.1},
    "shrinking hardware": {"hardware_growth": -0.1},
    "hardware that may move": {"hardware_growth": "normal(0, 0.1)"},
    "ramp": {"ramp_years": 1.0},
    "random ramp": {"ramp_years": "uniform(0.5, 2)"},
    "shock": {"hardware_shock": 0.1, "hardware_shock_year": 0.5},
    "reorganisation": {"rho_long_run": -0.05, "adjustment_years": 5.0},
    "limit in years": {"software_limit_years": "uniform(6, 16)"},
}
RATE_ONLY = {
    "climbing taste": {"taste_slope": 0.5, "labour_per_training": 1.0},
    "taste that may climb": {"taste_slope": "uniform(0, 0.5)", "labour_per_training": 1.0},
    "fixed taste": {"taste_start": 0.0},
    "ceiling at the top human": {"taste_limit": 1e-16},
    "ceiling just above the top human": {"taste_limit": 1e-9},
}
BOTH = {
    "base": {},
    "still hardware": {"hardware_growth": 0.0},
    "retraining": {"retraining": True},
    "no limit": {"declining_returns": False},
    "other taste": {"taste_start": "normal(0.5, 0.8)", "taste_multiplier": 4.0},
    "random gain": {"labour_per_training": "uniform(1, 2)"},
}


@pytest.mark.parametrize("changes", NEITHER.values(), ids=NEITHER)
def test_where_the_rate_does_more_than_stretch_time_nothing_is_free(changes):
    assert free(BASE.replace(**changes)) == (False, False)


@pytest.mark.parametrize("changes", RATE_ONLY.values(), ids=RATE_ONLY)
def test_taste_that_climbs_or_is_certain_is_not_integrated_out(changes):
    assert free(BASE.replace(**changes)) == (True, False)


@pytest.mark.parametrize("changes", BOTH.values(), ids=BOTH)
def test_otherwise_both_are_free(changes):
    assert free(BASE.replace(**changes)) == (True, True)


@pytest.mark.parametrize("limit", [1e-16, 1e-9, 1e-3, 1.0])
def test_with_a_low_ceiling_of_taste_too_the_chance_is_the_share_of_hits(limit):
    """With a taste of nearly 0 a draw takes for ever: it tells nothing of how long it would take with another."""
    view = BASE.replace(taste_limit=limit)
    event = ooms.forecast(view, draws=4096, events=["5 ooms in 1 year"], quantities=[]).events["5 ooms in 1 year"]
    hits = event.shares["reached"]
    assert event.probability.value == pytest.approx(hits, abs=4 * np.sqrt(hits * (1 - hits) / 4096))


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("rho", "software_growth", 0.3), (True, True)),
        (("rho", "returns", 0.3), (True, True)),
        (("taste_start", "rho", 0.3), (True, False)),
        (("taste_start", "software_growth", 0.3), (True, False)),
    ],
)
def test_correlations_tie_the_taste_but_not_the_rate(pair, expected):
    assert free(correlated(BASE, pair)) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("rho", "software_growth"), (False, False)),
        (("rho", "taste_start"), (True, False)),
        (("rho", "returns"), (True, True)),
    ],
)
def test_joint_draws_are_not_free(tmp_path, columns, expected):
    rows = {"rho": (-0.1, -0.2), "software_growth": (0.5, 0.9), "taste_start": (-1.0, 1.0), "returns": (1.0, 2.0)}
    lines = [",".join(columns), *(",".join(str(rows[name][i]) for name in columns) for i in (0, 1))]
    (tmp_path / "d.csv").write_text("\n".join(lines))
    tables = "\n".join(f'{n} = {{distribution = "empirical", draws = "d.csv", source = "a fit"}}' for n in columns)
    (tmp_path / "joint.toml").write_text(f'extends = "davidson-2025"\n[parameters]\n{tables}\n')
    assert free(ooms.load(tmp_path / "joint.toml")) == expected


VIEWS = {
    "base": BASE,
    "rate tied": correlated(BASE, ("software_growth", "returns", 0.6), ("rho", "software_growth", -0.3)),
    "taste tied": correlated(BASE, ("taste_start", "rho", 0.5)),
    "rate and taste tied": correlated(BASE, ("software_growth", "taste_start", 0.5)),
    "other families": BASE.replace(software_growth="uniform(0.2, 1.8)", taste_start="uniform(-1.5, 1.5)"),
    "climbing taste": BASE.replace(taste_slope=0.3, labour_per_training=1.0),
}
EVENTS = ("5 ooms in 1 year", "2.5 ooms in 3 months", "12 doublings in 6 months anywhere")


@pytest.mark.sweep(1)
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_the_chance_is_that_of_drawing_the_rest_again(view):
    """Brute force: 2**14 new rates (and tastes, if they are free) for each of some draws, all else kept."""
    sampler = Sampler(view)
    smoothing, block = Smoothing(sampler), sampler.block(0, 64)
    chances = {}
    for text in EVENTS:
        event, run = parse_event(text), Run(block.inputs, 16, dense=True)
        chances[text] = smoothing.chance(run.spread(event.years_taken(run)), event.window, block)
    n, rng = 1 << 14, np.random.default_rng(0)
    for draw in range(8):
        given = block.rate_given_others
        mean = float(np.broadcast_to(given.mean, 64)[draw])
        rate = scipy.stats.norm.cdf(mean + given.sd * rng.standard_normal(n))
        again = {name: np.asarray(v[draw] if np.ndim(v) else v) for name, v in block.values.items()}
        again["software_growth"] = view.beliefs["software_growth"].marginal.ppf(rate)
        if smoothing.taste_is_free:
            again["taste_start"] = view.beliefs["taste_start"].marginal.ppf(rng.random(n))
        inputs = model_inputs(view, again)
        run = Run(inputs, 16, dense=True)
        for text in EVENTS:
            event = parse_event(text)
            frequency = np.mean(event.years_taken(run) <= event.window)
            chance = chances[text][draw]
            error = max(np.sqrt(chance * (1 - chance) / n), 1 / n)
            assert abs(frequency - chance) <= 4.5 * error + 2e-5, (text, draw)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("text", EVENTS)
def test_chances_have_the_mean_of_the_hits(view, text):
    sampler = Sampler(view)
    block, event = sampler.block(0, 1 << 15), parse_event(text)
    run = Run(block.inputs, 16, dense=True)
    years = run.spread(event.years_taken(run))
    chance = Smoothing(sampler).chance(years, event.window, block)
    assert chance.shape == years.shape
    assert np.all((chance >= 0) & (chance <= 1 + 1e-12))
    assert np.mean(chance) == pytest.approx(np.mean(years <= event.window), abs=0.006)


def test_what_never_comes_has_no_chance():
    sampler = Sampler(BASE)
    block = sampler.block(0, 64)
    assert np.all(Smoothing(sampler).chance(np.full(64, np.inf), 1.0, block) == 0)
    assert Smoothing(sampler).chance(np.full(64, 1e-300), 1.0, block) == pytest.approx(1.0, abs=1e-12)


def test_a_longer_window_is_likelier():
    sampler = Sampler(VIEWS["rate tied"])
    block = sampler.block(0, 1024)
    run = Run(block.inputs, 5, dense=False)
    years = parse_event("5 ooms in 1 year").years_taken(run)
    chances = [Smoothing(sampler).chance(years, window, block) for window in (0.1, 0.5, 1.0, 4.0)]
    assert np.all(np.diff(chances, axis=0) >= 0)


ONLY_RATE = {
    "uniform": {"taste_start": "uniform(-3, 3)"},
    "atoms": {"taste_start": "discrete([-2, 0, 3], [0.3, 0.3, 0.4])"},
    "wide taste": {"taste_start": "normal(0, 2)"},
    "narrow rate": {"software_growth": "lognormal(0.7, 0.05)", "taste_multiplier": 100.0},
    "rate with ends": {"software_growth": "loguniform(0.4, 1.5)"},
}


@pytest.mark.parametrize("changes", ONLY_RATE.values(), ids=ONLY_RATE)
def test_the_taste_is_only_integrated_where_the_rule_holds(changes):
    view = BASE.replace(**changes)
    assert free(view) == (True, False)
    result = ooms.forecast(view, draws=2**15, events=["5 ooms in 1 year"], quantities=[]).event("5 ooms in 1 year")
    assert result.probability.value == pytest.approx(result.shares["reached"], abs=0.003)


def test_a_taste_that_is_worth_nothing_is_not_integrated():
    """At a multiplier of 1 everybody's taste is the same, and the rate alone is integrated."""
    view = ooms.load("davidson-2025").replace(taste_multiplier=1.0)  # a warning would be an error here
    f = ooms.forecast(view, draws=2**10, quantities=[])
    fixed = ooms.forecast(view.replace(taste_start=0.0), draws=2**10, quantities=[])
    assert f.event("5 ooms in 1 year").smoothed
    assert f.probability("5 ooms in 1 year") == fixed.probability("5 ooms in 1 year")
