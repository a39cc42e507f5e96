"""Eth & Davidson, "Will AI R&D automation cause a software intelligence explosion?" (March 2025), by doublings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from numbers_of import claims

import ooms
from ooms.literature.reproducing import reproduce

NAME = "eth-davidson-2025"
DAYS = [row.ours.value for row in reproduce(NAME, draws=256).rows if "doubling at r" in row.what]
PUBLISHED = [claim.low for what, claim in claims(NAME).items() if "doubling at r" in what]
FACTOR = 2 ** (1 / 0.7 - 1)


def test_their_days_are_their_factor_rounded_and_each_day_rounded_before_the_next():
    days = [30]
    while len(days) < len(PUBLISHED):
        days.append(int(days[-1] * round(FACTOR, 2) + 0.5))
    assert days == PUBLISHED


def test_ours_are_those_of_their_recurrence():
    assert pytest.approx([30 * FACTOR**k for k in range(5)], rel=2e-5) == DAYS


def test_the_published_days_differ_from_the_exact_ones_by_rounding_only():
    for published, before, claim in zip(PUBLISHED[1:], PUBLISHED, list(claims(NAME).values())[1:], strict=False):
        assert abs(published - FACTOR * before) <= 0.5 + before * abs(round(FACTOR, 2) - FACTOR)
        assert claim.tolerance < 0.02 * published


@pytest.mark.parametrize("r", [0.5, 0.7, 1.5, 2.0])
def test_each_doubling_takes_the_same_multiple_of_the_last(r):
    view = ooms.load(NAME).replace(returns=r, declining_returns=False)
    names = [f"time of doubling {n}" for n in range(1, 6)]
    forecast = ooms.forecast(view, draws=256, events=[], quantities=[], keep_draws=False)
    for before, after in pairwise(forecast.central(name) for name in names):
        assert after / before == pytest.approx(2 ** (1 / r - 1), rel=1e-6)


def test_progress_accelerates_from_returns_of_one():
    """The boundary of the whole debate: half of a loguniform belief from 0.5 to 2 lies above it."""
    got = ooms.forecast(NAME, draws=2**12, events=["accelerates at the start"], quantities=[], keep_draws=False)
    assert got.probability("accelerates at the start").value == pytest.approx(0.5, abs=0.01)
