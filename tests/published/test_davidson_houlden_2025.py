"""Davidson & Houlden, "How quick and big would a software intelligence explosion be?" (August 2025).

Their discrete recurrence (`recurrence`) is run on the very draws that the continuous model is run on, in every variant.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import recurrence
from numbers_of import claims

import ooms
from ooms.beliefs.draws import Sampler
from ooms.model.trajectory import solve
from ooms.outcomes import Run, parse_event

NAME = "davidson-houlden-2025"
DRAWS = 2**13

# months and their speed-up, by our words for it
CASES = {
    "3 years in 1 year anywhere": (12, 3),
    "3.25 years in 4 months anywhere": (4, 10),
    "10 years in 1 year anywhere": (12, 10),
    "10 years in 4 months anywhere": (4, 30),
}

# option of the view, and what it is in their recurrence
VARIANTS = {
    "": {},
    "retraining": {"retraining": "paper"},
    "retraining-as-coded": {"retraining": "code"},
    "gradual-boost": {"gradual": True},
    "constant-returns": {"constant": True, "wall": False},
}

PUBLISHED = {"": "", "retraining-as-coded": "retraining", "gradual-boost": "gradual boost"}
"""The tables: whose recurrence gives them, and how their numbers' names start."""


@cache
def view(option):
    return ooms.load(f"{NAME}+{option}" if option else NAME)


@cache
def block(option):
    return Sampler(view(option), 7).block(0, DRAWS)


@cache
def run(option):
    return Run(block(option).inputs, 36 if option == "constant-returns" else 24, True)


@cache
def months(option, **others):
    return recurrence.ends(block(option).values, DRAWS, **{**VARIANTS[option], **others})


def theirs(option, event):
    return recurrence.succeeds(months(option), *CASES[event])


def ours(option, event):
    parsed = parse_event(f"{event} within 4 years" if option == "gradual-boost" else event)
    return parsed.years_taken(run(option)) <= parsed.window


def test_their_runs_of_doublings_are_the_years_they_are_called():
    assert [recurrence.doublings(*case) for case in CASES.values()] == [24, 26, 80, 80]


@pytest.mark.sweep(2)
@pytest.mark.parametrize("event", CASES)
@pytest.mark.parametrize("option", VARIANTS)
def test_the_continuous_model_agrees_with_their_recurrence(option, event):
    assert 100 * ours(option, event).mean() == pytest.approx(100 * theirs(option, event).mean(), abs=1.0)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("event", CASES)
@pytest.mark.parametrize("option", VARIANTS)
def test_the_continuous_model_agrees_draw_by_draw(option, event):
    assert np.mean(ours(option, event) != theirs(option, event)) < 0.02


@pytest.mark.parametrize("option", PUBLISHED)
def test_their_recurrence_gives_their_tables(option):
    start = f"{PUBLISHED[option]}: " if option else ""
    for event in CASES:
        (claim,) = (
            claim
            for what, claim in claims(NAME, start).items()
            if claim.case.question.text.removesuffix(" within 4 years") == event and (start or ": " not in what)
        )
        got = 100 * theirs(option, event).mean()
        assert claim.low - claim.tolerance <= got <= claim.high + claim.tolerance, (event, got)


def test_the_two_readings_of_retraining_part_as_the_notes_say():
    """About 3 points for 10 years in 4 months, and the published number between the two."""
    event = "10 years in 4 months anywhere"
    paper, code = (100 * theirs(option, event).mean() for option in ("retraining", "retraining-as-coded"))
    assert code - paper == pytest.approx(2.8, abs=0.4)
    assert paper < claims(NAME)["retraining: 10 years in 4 months, anywhere"].low < code


def test_constant_returns_stop_at_a_wall_in_their_code():
    """No published row; with the wall two of the four are far from those without."""
    walled = months("constant-returns", wall=True)
    got = [100 * recurrence.succeeds(walled, *case).mean() for case in CASES.values()]
    assert got == pytest.approx([64.8, 55.4, 32.7, 27.4], abs=0.8)
    assert 100 * ours("constant-returns", "10 years in 1 year anywhere").mean() > 50


def test_a_boost_in_a_straight_line_does_not_give_the_published_row():
    """The paper's pseudo-code: 64 where the table has 59, which the exponential boost of the code gives."""
    values = block("gradual-boost").values
    boost, p, r0 = (values[name] for name in ("initial_speedup", "labour_exponent", "returns"))
    ceiling = 8 * values["software_limit_years"]
    t, r, step, now = np.zeros(DRAWS), r0.copy(), np.full(DRAWS, 3 / 1.1), np.full(DRAWS, 0.1)
    found, going = [t], np.ones(DRAWS, dtype=bool)
    for doubling in range(int(ceiling.max()) + 1):
        going = going & (t < 48) & (doubling < ceiling) & (r > 0)
        t = np.where(going, t + step, t)
        found.append(np.where(going, t, np.inf))
        r = r - r0 / ceiling
        then = 0.1 + (boost - 0.1) * np.minimum(t, 60) / 60
        x = np.minimum(p * (1 / np.where(r > 0, r, 1) - 1), recurrence.LONG)
        step, now = step * 2.0**x * (1 + now) / (1 + then), then
    got = 100 * recurrence.succeeds(np.array(found), 12, 3).mean()
    assert got == pytest.approx(64.5, abs=1.0)


def test_returns_exceed_one_in_about_three_of_five_draws():
    returns = view("").beliefs["returns"].marginal
    assert 1 - returns.cdf(np.array(1.0)).item() == pytest.approx(0.583, abs=5e-4)
    assert np.mean(block("").values["returns"] > 1) == pytest.approx(0.583, abs=2e-3)


def test_progress_accelerates_exactly_if_returns_exceed_one_by_a_little():
    """At x = 0 kappa = p (1 - 1/r): rho = 0 makes r = 1 the boundary."""
    kappa = run("").pace.kappa(0.0)
    assert np.array_equal(kappa > 0, block("").values["returns"] > 1)


def test_one_of_their_years_is_eight_doublings():
    inputs = block("").inputs
    year = inputs.software_growth / inputs.software_share
    assert year * inputs.labour_per_training / np.log10(2) == pytest.approx(8.0, rel=1e-12)


def test_limits_are_counted_in_their_years():
    limits = block("").inputs.software_limit
    assert limits.min() == pytest.approx(6 * 1.2041, rel=1e-2)
    assert limits.max() == pytest.approx(16 * 1.2041, rel=1e-2)


def test_the_first_doubling_takes_three_months_over_the_speedup():
    inputs = block("").inputs
    doubling = np.log10(2) / inputs.labour_per_training
    got = solve(inputs, 2).time_to(np.broadcast_to(doubling, DRAWS))
    exact = 0.25 / block("").values["initial_speedup"]
    # within the doubling the continuous model already speeds up or slows down, by at most half of what one step does
    assert np.median(got / exact) == pytest.approx(1.0, abs=0.03)
