"""Davidson & Houlden, "How quick and big would a software intelligence explosion be?" (August 2025).

Their discrete recurrence is written down here a second time and run on the very draws that the model is run on.

Their tables come from at most a few thousand simulations: at 1,000 the standard error is about 1.2 points near 18 %,
and the same number is 18 % in one table and 17 % in the others. Only one significant figure is meant seriously.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import ooms
from ooms.beliefs.draws import Sampler
from ooms.model.trajectory import solve
from ooms.outcomes import Run, parse_event

DRAWS = 2**13
FARTHEST = 20  # OOMs: 16 years of 1.204 each, and a little
SLOWEST = 48.0  # months that a doubling may take

# published, months, their speed-up, and the event in our words
CASES = {
    "3 years in 1 year anywhere": (57, 12, 3),
    "3.25 years in 4 months anywhere": (41, 4, 10),
    "10 years in 1 year anywhere": (18, 12, 10),
    "10 years in 4 months anywhere": (12, 4, 30),
}
RETRAINING = dict(zip(CASES, (57.2, 40.2, 17.6, 12.4), strict=True))
"""By the paper's formula."""


@cache
def view(retraining=False):
    return ooms.load("davidson-houlden-2025").replace(retraining=retraining)


@cache
def block():
    return Sampler(view(), 7).block(0, DRAWS)


@cache
def run(retraining=False):
    """The same draws under both variants: retraining changes no belief."""
    drawn = block() if not retraining else Sampler(view(retraining), 7).block(0, DRAWS)
    return Run(drawn.inputs, FARTHEST, True)


@cache
def doubling_times(retraining=False):
    """Months that every doubling takes, shape (doublings, draws); infinite once software has stopped."""
    v = {name: np.broadcast_to(value, DRAWS) for name, value in block().values.items()}
    total = np.floor(8 * v["software_limit_years"]).astype(int)
    r, p, months = v["returns"].copy(), v["labour_exponent"], 3.0 / v["initial_speedup"]
    going = np.ones(DRAWS, dtype=bool)
    times = [months]
    for doubling in range(1, total.max()):
        r = r - v["returns"] / total
        going = going & (doubling < total) & (r > 1e-9)
        change = p * (1 / np.where(r > 1e-9, r, 1.0) - 1)
        if retraining:
            change = change / (1 + np.abs(change))
        months = np.where(going, months * 2.0 ** np.where(going, change, 0.0), np.inf)
        going = going & (months <= SLOWEST)
        times.append(np.where(going, months, np.inf))
    return np.array(times)


def theirs(months, speedup, retraining=False):
    """Whether some run of n consecutive doublings takes less than the window."""
    n = int(months / 12 * 8 * speedup)
    ends = np.concatenate([np.zeros((1, DRAWS)), np.cumsum(doubling_times(retraining), axis=0)])
    with np.errstate(invalid="ignore"):
        return np.any(ends[n:] - ends[:-n] < months, axis=0)


def ours(event, retraining=False):
    parsed = parse_event(event)
    return parsed.years_taken(run(retraining)) <= parsed.window


def test_their_runs_of_doublings_are_the_years_they_are_called():
    assert [int(m / 12 * 8 * s) for _, m, s in CASES.values()] == [24, 26, 80, 80]


@pytest.mark.parametrize("event", CASES)
def test_the_continuous_model_agrees_with_their_recurrence(event):
    _, months, speedup = CASES[event]
    assert 100 * ours(event).mean() == pytest.approx(100 * theirs(months, speedup).mean(), abs=1.0)


@pytest.mark.parametrize("event", CASES)
def test_the_continuous_model_agrees_draw_by_draw(event):
    _, months, speedup = CASES[event]
    assert np.mean(ours(event) != theirs(months, speedup)) < 0.015


@pytest.mark.parametrize("event", CASES)
def test_their_recurrence_gives_their_numbers(event):
    published, months, speedup = CASES[event]
    assert 100 * theirs(months, speedup).mean() == pytest.approx(published, abs=1.3)


@pytest.mark.parametrize("event", CASES)
def test_the_forecast_gives_their_numbers(event):
    published = CASES[event][0]
    got = ooms.forecast(view(), draws=2**14, events=[event], quantities=[]).probability(event)
    assert 100 * got.value == pytest.approx(published, abs=1.3)


@pytest.mark.parametrize("event", CASES)
def test_retraining_agrees_with_their_recurrence_by_the_papers_formula(event):
    _, months, speedup = CASES[event]
    exact = 100 * theirs(months, speedup, retraining=True).mean()
    assert exact == pytest.approx(RETRAINING[event], abs=0.7)
    assert 100 * ours(event, retraining=True).mean() == pytest.approx(exact, abs=1.0)


def test_returns_exceed_one_in_about_three_of_five_draws():
    returns = view().beliefs["returns"].marginal
    assert 1 - returns.cdf(np.array(1.0)).item() == pytest.approx(0.583, abs=5e-4)
    assert np.mean(block().values["returns"] > 1) == pytest.approx(0.583, abs=2e-3)


def test_progress_accelerates_exactly_if_returns_exceed_one_by_a_little():
    """At x = 0 kappa = p (1 - 1/r): rho = 0 makes r = 1 the boundary."""
    kappa = run().pace.kappa(0.0)
    assert np.array_equal(kappa > 0, block().values["returns"] > 1)


def test_one_of_their_years_is_eight_doublings():
    inputs = block().inputs
    year = inputs.software_growth / inputs.software_share
    assert year * inputs.labour_per_training / np.log10(2) == pytest.approx(8.0, rel=1e-12)


def test_limits_are_counted_in_their_years():
    limits = block().inputs.software_limit
    assert limits.min() == pytest.approx(6 * 1.2041, rel=1e-2)
    assert limits.max() == pytest.approx(16 * 1.2041, rel=1e-2)


def test_the_first_doubling_takes_three_months_over_the_speedup():
    inputs = block().inputs
    doubling = np.log10(2) / inputs.labour_per_training
    got = solve(inputs, 2).time_to(np.broadcast_to(doubling, DRAWS))
    exact = 0.25 / block().values["initial_speedup"]
    # within the doubling the continuous model already speeds up or slows down, by at most half of what one step does
    assert np.median(got / exact) == pytest.approx(1.0, abs=0.03)
