"""Number, speed, skill and taste of researchers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ooms.model.labour import TOP_HUMAN_SD, ceiling_from_taste_limit, log_labour, log_taste, log_taste_slope

multipliers = st.floats(1.0, 50.0)
ceilings = st.floats(51.0, 1e9)
standings = st.floats(-5.0, 60.0)


def test_the_top_human_is_the_best_of_a_thousand():
    assert 0.5 * math.erfc(TOP_HUMAN_SD / math.sqrt(2)) == pytest.approx(1e-3, rel=1e-12)


@given(multipliers, ceilings)
def test_taste_of_the_median_human_is_one(m, ceiling):
    assert log_taste(0.0, m, ceiling) == 0.0


@given(multipliers, ceilings)
def test_taste_of_the_top_human_is_the_multiplier(m, ceiling):
    assert log_taste(TOP_HUMAN_SD, m, ceiling) == pytest.approx(math.log(m), rel=1e-10, abs=1e-12)


@given(st.floats(1.5, 50.0), ceilings)
def test_taste_saturates_at_its_ceiling(m, ceiling):
    assert log_taste(1e6, m, ceiling) == pytest.approx(math.log(ceiling), rel=1e-12)


@given(multipliers, ceilings, standings, st.floats(0.0, 5.0))
def test_taste_never_falls_with_standing_nor_passes_its_ceiling(m, ceiling, standing, more):
    low, high = log_taste([standing, standing + more], m, ceiling)
    assert low <= high <= math.log(ceiling) * (1 + 1e-15)


@given(ceilings, standings)
def test_taste_does_not_matter_if_the_best_are_no_better(ceiling, standing):
    assert log_taste(standing, 1.0, ceiling) == 0.0
    assert log_taste_slope(standing, 1.0, ceiling) == 0.0


@given(multipliers, ceilings, standings)
def test_the_slope_of_taste_is_its_derivative(m, ceiling, standing):
    step = 1e-4
    low, high = log_taste([standing - step, standing + step], m, ceiling)
    scale = math.log(ceiling)
    assert (high - low) / (2 * step) == pytest.approx(
        log_taste_slope(standing, m, ceiling).item(), abs=1e-9 * scale, rel=1e-6
    )


def test_taste_far_below_every_human_is_never_nan():
    values = log_taste([-1e3, -1e6, -1e300], 6.0, 1e4)
    assert not np.isnan(values).any()
    assert np.all(values < 0)


def test_a_taste_limit_counts_top_human_steps_beyond_the_top_human():
    assert ceiling_from_taste_limit(3.7, 8.0) == pytest.approx(3.7**9, rel=1e-14)
    assert ceiling_from_taste_limit(3.7, 0.0) == pytest.approx(3.7)


def test_taste_moves_first_by_equal_steps_of_log_where_the_ceiling_is_far():
    """With the ceiling far above, one top-human step multiplies the pace by about m again."""
    assert log_taste(2 * TOP_HUMAN_SD, 4.0, 1e300) == pytest.approx(2 * math.log(4.0), rel=3e-3)


@given(
    st.floats(1e-3, 1e12),
    st.floats(1e-3, 1e3),
    st.floats(1e-3, 1e3),
    st.floats(0.01, 1),
    st.floats(0.1, 4),
    st.floats(0, 12),
)
def test_labour_follows_its_formula(n, v, q, lam, u, x):
    exact = lam * math.log(n * 10 ** (u * x)) + math.log(v) + math.log(q)
    assert log_labour(n, v, q, lam, u).at(x) == pytest.approx(exact, rel=1e-12, abs=1e-12)


def test_todays_lab_has_a_labour_of_one():
    assert log_labour(1.0, 1.0, 1.0, 0.6, 2.0).at(0.0) == 0.0


def test_speed_and_skill_pay_no_parallel_penalty_and_number_does():
    def labour(n, v, q):
        return math.exp(log_labour(n, v, q, 0.5, 2.0).at(0.0).item())

    assert labour(100.0, 1.0, 1.0) == pytest.approx(10.0)
    assert labour(1.0, 100.0, 1.0) == pytest.approx(100.0)
    assert labour(1.0, 1.0, 100.0) == pytest.approx(100.0)


def test_the_first_line_of_labour_keeps_the_shape_of_its_draws():
    line = log_labour(np.array([1.0, 30.0]), 30.0, 1.0, 0.6, 2.0)
    assert line.at(3.0).shape == (2,)
