"""Whatever the parameters, the order of the draws and their blocks: no nonsense, and no draw changes another."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from plain_model import (
    CENTRAL,
    inputs_of,
    random_draws,
    varied,
)
from trajectories import EVERYDAY, solved

from ooms.model.inputs import Route
from ooms.model.path import Trajectory
from ooms.model.trajectory import solve

# whatever the parameters


def wide(**more):
    """Parameters far beyond what anybody believes."""

    def power(low, high):
        return st.floats(low, high).map(lambda e: 10.0**e)

    return st.fixed_dictionaries(
        {
            "rho": st.floats(-60, 0.9) | st.just(0.0),
            "compute_share": st.floats(0, 0.999),
            "workforce": power(-3, 12),
            "speed": power(-3, 4),
            "skill": power(-3, 3),
            "parallelizability": st.floats(0.01, 1),
            "taste_multiplier": power(0, 2),
            "taste_start": st.floats(-8, 8),
            "taste_slope": st.floats(-3, 7) | st.just(0.0),
            "taste_ceiling": power(2.5, 9),
            "compute_exponent": st.floats(0.01, 1),
            "experiment_efficiency": st.floats(-1, 2),
            "hardware_growth": st.just(0.0),
            "returns": power(-2, 2),
            "software_limit": st.floats(0.2, 30) | st.just(math.inf),
            "software_growth": power(-2, 2),
            "labour_per_training": st.floats(0.1, 4),
            "software_share": st.just(0.5),
            **more,
        }
    )


QUICKLY = settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Shrinking a failure takes minutes here."""


def everything(trajectory: Trajectory):
    yield from (trajectory.time_to(n) for n in (0, 1, 4, trajectory.top, 0.3, 2.71))
    yield from (trajectory.progress_after(years) for years in (0.0, 1e-6, 1.0, 1e6))
    yield from (trajectory.fastest(n) for n in (0.05, 1.0, 2.71, 7.0))
    yield from trajectory.peak()
    yield trajectory.fizzle()


EXTREME = {
    "main": wide(),
    "retraining": wide(),
    "clock": wide(hardware_growth=st.floats(-2, 2)),
    "dates": wide(
        ramp_years=st.floats(0.01, 20),
        hardware_shock=st.floats(-3, 3).map(lambda e: 10.0**e),
        hardware_shock_year=st.floats(0, 10),
        hardware_growth=st.floats(-1, 1),
    ),
    "reorganisation": wide(rho_long_run=st.floats(-20, 0.9), adjustment_years=st.floats(0.1, 100)),
}


@pytest.mark.sweep(1)
@pytest.mark.parametrize("kind", EXTREME)
def test_nothing_is_ever_nan_or_negative(kind):
    @QUICKLY
    @given(st.lists(EXTREME[kind], min_size=2, max_size=4))
    def check(draws):
        trajectory = solve(inputs_of(draws, retraining=kind == "retraining"), 12)
        for values in everything(trajectory):
            assert values.shape == (len(draws),)
            assert np.all(values >= 0)  # NaN is not

    check()


@pytest.mark.sweep(1)
@pytest.mark.parametrize("kind", EXTREME)
def test_times_rise_with_progress_and_end_at_the_limit(kind):
    @QUICKLY
    @given(st.lists(EXTREME[kind], min_size=2, max_size=4))
    def check(draws):
        trajectory = solve(inputs_of(draws, retraining=kind == "retraining"), 12)
        limits = np.array([d["software_limit"] for d in draws])
        times = np.array([trajectory.time_to(n) for n in np.arange(0, 12.1, 0.25)])
        assert np.all(times[1:] >= times[:-1] * (1 - 1e-12))
        for n, time in zip(np.arange(0, 12.1, 0.25), times, strict=True):
            assert np.all(np.isinf(time[limits <= n]))

    check()


@given(st.floats(0.05, 11.9), st.floats(0.1, 3))
@QUICKLY
def test_progress_is_never_negative_nor_past_the_limit(limit, returns):
    trajectory = solved([CENTRAL | {"software_limit": limit, "returns": returns}], 12)
    for years in (1e-9, 0.1, 10.0, 1e12):
        assert 0 <= trajectory.progress_after(years).item() <= limit


@pytest.mark.sweep(4)
@pytest.mark.parametrize("clock", [{}, {"hardware_growth": 0.1}, {"ramp_years": 1.0}])
@pytest.mark.parametrize("limit", [0.25, 3.0, 4.7, 11.9])
def test_no_draw_passes_its_limit_where_ideas_get_easier(limit, clock):
    """Dearer experiments (gamma below 0) and high returns make beta negative: the pace grows up to the limit."""
    easier = {"experiment_efficiency": -1.0, "returns": 100.0, "software_limit": limit}
    trajectory = solved([CENTRAL | easier | clock], 12)
    times = np.array([trajectory.time_to(n).item() for n in np.arange(0, 12.1, 0.25)])
    assert np.array_equal(np.isfinite(times), np.arange(0, 12.1, 0.25) < limit)
    assert trajectory.progress_after(1e9).item() <= limit


@pytest.mark.sweep(8)
@pytest.mark.parametrize("name", [n for n in CENTRAL if n not in ("hardware_growth", "software_share")])
def test_any_parameter_may_vary_alone(name):
    values = np.array([0.95, 1.0, 1.05]) * CENTRAL[name] if CENTRAL[name] else np.array([-0.3, 0.0, 0.3])
    inputs = varied(CENTRAL, name, values)
    spelt_out = solved([CENTRAL | {name: v} for v in values], 12)
    for got, expected in zip(everything(solve(inputs, 12)), everything(spelt_out), strict=True):
        assert got == pytest.approx(expected, rel=1e-10)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("field", range(4))
def test_a_route_may_vary_alone(field):
    route, values = (-0.2, 0.4, 0.3, 0.8), (0.2, 0.3, 0.4)
    varied = [tuple(v if k == field else r for k, r in enumerate(route)) for v in values]
    draws = [CENTRAL | {"routes": [one], "route_elasticity": 2.0} for one in varied]
    fixed = inputs_of(draws[0])
    single = Route(*(np.asarray(values if k == field else r) for k, r in enumerate(route)))
    got = everything(solve(replace(fixed, routes=(single,)), 12))
    for one, expected in zip(got, everything(solved(draws, 12)), strict=True):
        assert one == pytest.approx(expected, rel=1e-10)


def test_a_single_draw_is_solved_like_many():
    one, many = solve(inputs_of(CENTRAL), 12), solved([CENTRAL, CENTRAL], 12)
    for got, expected in zip(everything(one), everything(many), strict=True):
        assert got == pytest.approx(expected[:1], rel=1e-12)


# the order of draws and their blocks

ORDERLY = {
    **EVERYDAY,
    "clock": {"hardware_growth": 0.3, "ramp_years": 1.0},
    "shock": {"hardware_shock": 0.1, "hardware_shock_year": lambda rng: rng.uniform(0, 2)},
    "reorganisation": {"rho_long_run": 0.1, "adjustment_years": 20.0},
}


ARRANGED = [(v, False) for v in ORDERLY] + [(v, True) for v in EVERYDAY]


@pytest.mark.sweep(2)
@pytest.mark.parametrize(("variant", "retraining"), ARRANGED)
def test_results_do_not_depend_on_the_order_of_the_draws(variant, retraining):
    inputs = inputs_of(random_draws(27, 41, **ORDERLY[variant]), retraining=retraining)
    order = np.random.default_rng(0).permutation(41)
    first, second = solve(inputs, 8), solve(inputs.take(order), 8)
    for got, expected in zip(everything(second), everything(first), strict=True):
        assert np.array_equal(got, expected[order])


BLOCKS = (slice(0, 1), slice(7, 24), slice(24, 40))


@pytest.mark.sweep(2)
@pytest.mark.parametrize(("variant", "retraining"), ARRANGED)
def test_results_do_not_depend_on_the_block_they_come_in(variant, retraining):
    inputs = inputs_of(random_draws(28, 40, **ORDERLY[variant]), retraining=retraining)
    together = list(everything(solve(inputs, 8)))
    for block in BLOCKS:
        for got, expected in zip(everything(solve(inputs.take(block), 8)), together, strict=True):
            assert np.array_equal(got, expected[block])


def test_a_draws_own_stretch_does_not_depend_on_what_others_ask_for():
    inputs, lengths = inputs_of(random_draws(28, 40)), np.linspace(0.1, 9, 40)
    together = solve(inputs, 12)
    for block in BLOCKS:
        part = solve(inputs.take(block), 12)
        assert np.array_equal(part.fastest(lengths[block]), together.fastest(lengths)[block])
        assert np.array_equal(part.time_to(lengths[block]), together.time_to(lengths)[block])


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    "odd", [{"rho": -60.0, "workforce": 1e-12, "speed": 1e-3}, {"compute_share": 0.0}, {"rho": 0.9, "speed": 1e200}]
)
@pytest.mark.parametrize("clock", [{}, {"hardware_growth": 0.3}])
def test_one_odd_draw_changes_no_other(odd, clock):
    """Formulas that overflow for one draw may be replaced for that draw only."""
    draws = random_draws(31, 60, **clock)
    alone = everything(solved(draws, 12))
    beside = everything(solved([*draws, CENTRAL | clock | odd], 12))
    for got, expected in zip(beside, alone, strict=True):
        assert np.array_equal(got[:-1], expected)


def test_a_farther_top_changes_no_time():
    draws = random_draws(29, 60)
    near, far = solved(draws, 6), solved(draws, 12)
    for n in (1, 2.5, 4, 6):
        assert np.array_equal(near.time_to(n), far.time_to(n))
