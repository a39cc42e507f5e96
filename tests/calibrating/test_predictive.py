"""Posterior predictive checks: closed forms for normal answers, ties, infinite values, and independence of items."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from ooms.calibrating.predictive import REPLICATIONS, ItemDraws, check, log_likelihood, replicate, simulated, spread_out


def checks(items, seed=0, count=REPLICATIONS):
    """The posterior predictive checks of all items."""
    return tuple(found for one in items for found in check(one, simulated(one, replicate(one, seed, count))))



class Normal:
    """Answers that scatter normally about the centre, each with an effect of its own."""

    kind = "normal"

    def __init__(self, answers, statistic=None):
        self.answers, self.statistic = np.asarray(answers, dtype=float), statistic

    def data(self):
        return {"answers": self.answers}

    def log_likelihood(self, centre, nuisance, data):
        z = (data["answers"] - centre[..., None] - nuisance["effects"]) / nuisance["spread"][..., None]
        return -0.5 * z * z - np.log(nuisance["spread"][..., None]) - 0.5 * np.log(2 * np.pi)

    def simulate(self, centre, nuisance, rng):
        return {"answers": rng.normal(centre + nuisance["effects"], nuisance["spread"], len(self.answers))}

    def statistics(self, data):
        x = data["answers"]
        return {"mean": float(x.mean()), "largest": float(x.max())} if self.statistic is None else self.statistic(x)


def drawn(answers, centre=0.0, draws=4000, item="one", statistic=None, spread=1.0):
    likelihood = Normal(answers, statistic)
    nuisance = {"spread": np.full(draws, spread), "effects": np.zeros((draws, len(answers)))}
    return ItemDraws("survey", item, likelihood, np.full(draws, float(centre)), nuisance)


def test_the_log_likelihood_is_that_of_every_answer_under_every_draw():
    rng = np.random.default_rng(0)
    centre, spread, effects = rng.normal(size=7), rng.uniform(0.5, 2, 7), rng.normal(size=(7, 3))
    one = ItemDraws("s", "i", Normal([0.1, 2.0, -1.0]), centre, {"spread": spread, "effects": effects})
    expected = scipy.stats.norm.logpdf([0.1, 2.0, -1.0], centre[:, None] + effects, spread[:, None])
    assert log_likelihood(one) == pytest.approx(expected, rel=1e-12)
    assert log_likelihood(one).shape == (7, 3)


@pytest.mark.parametrize("mean", [-0.6, 0.0, 0.3, 1.0])
def test_tails_and_intervals_are_those_of_the_known_distribution(mean):
    """The mean of 4 standard normal answers is normal with a standard deviation of a half."""
    one = drawn([mean] * 4)
    count = 4000
    found = {c.statistic: c for c in check(one, simulated(one, replicate(one, seed=3, count=count)))}
    expected = scipy.stats.norm.cdf(mean, scale=0.5)
    assert found["mean"].tail == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / count) + 1e-4)
    interval = found["mean"].low, found["mean"].median, found["mean"].high
    assert interval == pytest.approx(scipy.stats.norm.ppf([0.05, 0.5, 0.95], scale=0.5), abs=0.05)
    assert found["largest"].tail == pytest.approx(scipy.stats.norm.cdf(mean) ** 4, abs=0.035)
    assert (found["mean"].observed, found["mean"].simulations) == (pytest.approx(mean), count)
    assert found["largest"].name == "survey.one: largest"


def test_a_well_made_model_has_uniform_tails():
    """Answers drawn from the model itself: the tail probability of a fixed centre is uniform."""
    rng = np.random.default_rng(2)
    tails = [
        c.tail for _ in range(150) for c in checks([drawn(rng.normal(size=5))], count=200) if c.statistic == "mean"
    ]
    assert scipy.stats.kstest(tails, "uniform").pvalue > 0.01


def test_ties_count_half():
    def sign(x):
        return {"positive": float(x[0] > 0)}

    (up,) = checks([drawn([1.0], statistic=sign)], count=2000)
    (down,) = checks([drawn([-1.0], statistic=sign)], count=2000)
    assert (up.tail, down.tail) == (pytest.approx(0.75, abs=0.03), pytest.approx(0.25, abs=0.03))
    (always,) = checks([drawn([5.0], statistic=lambda _: {"one": 0.1 + 0.2})])
    assert always.tail == 0.5


def test_infinite_and_undefined_values_are_taken_as_they_are():
    def odds(x):
        return {"odds": float(np.inf if x[0] > 0 else x[0]), "none": float("nan")}

    first, second = checks([drawn([1.0], statistic=odds)], count=2000)
    assert (first.observed, first.high) == (np.inf, np.inf)
    assert np.isfinite(first.low)
    assert first.tail == pytest.approx(0.75, abs=0.03)
    assert np.isnan(second.tail)
    assert np.isnan(second.median)
    sometimes = drawn([1.0], statistic=lambda x: {"root": float(np.sqrt(x[0]) if x[0] >= 0 else np.nan)})
    (found,) = checks([sometimes], count=2000)
    assert found.simulations == pytest.approx(1000, abs=100)


def test_items_do_not_disturb_each_other_and_a_seed_repeats():
    one, two = drawn([0.5, 1.0], item="one"), drawn([0.5, 1.0], item="two")
    alone, both = replicate(one, 1), [replicate(d, 1) for d in (two, one)]
    assert np.array_equal(alone["answers"], both[1]["answers"])
    assert not np.any(alone["answers"] == both[0]["answers"])
    assert not np.any(alone["answers"] == replicate(one, 2)["answers"])
    assert alone["answers"].shape == (1000, 2)


def test_every_draw_gives_its_own_data_set():
    centre = np.arange(0.0, 1000.0, 10.0)
    nuisance = {"spread": np.full(100, 1e-9), "effects": np.tile([0.0, 5.0], (100, 1))}
    found = replicate(ItemDraws("s", "i", Normal([0.0, 0.0]), centre, nuisance), count=10)["answers"]
    assert found[:, 0] == pytest.approx(centre[spread_out(100, 10)], abs=1e-6)
    assert found[:, 1] == pytest.approx(centre[spread_out(100, 10)] + 5, abs=1e-6)
    assert spread_out(100, 10).tolist() == list(range(0, 100, 10))
