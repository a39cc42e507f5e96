"""Every reading against an adaptive solver: a small instance of `make accuracy`; its reference in closed form."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from accuracy import Reference, case, cases, compared, plain, solve, way
from trajectories import power_law

from ooms.beliefs.draws import Sampler, central_inputs

SOME = {
    "davidson-2025": 0, "davidson-houlden-2025": 4, "davidson-houlden-2025+retraining": 2, "finite-resources": 3,
    "davidson-2025+long-run": 8, "davidson-houlden-2025+gradual-boost": 14, "davidson-2025, shock": 1,
    "economists-2025+long-run": 10, "finite-resources+smarter-faster": 14,
    "epoch-2025+long-run": 0, "compute-bound+long-run": 76, "epoch-2025+open": 56, "economists-2025+other-routes": 94,
}  # fmt: skip
"""Views, and the first of two draws of each."""


@pytest.mark.sweep(3)
@pytest.mark.parametrize("name", SOME)
def test_every_reading_is_within_a_hundredth_or_a_two_hundredth_of_an_oom(name):
    for rows in compared(case(name), SOME[name], 2, 128):
        for row in rows:
            assert row.error < 1, row


SLOW_AT_FIRST = {
    "workforce": "loguniform(0.01, 3)", "speed": "loguniform(0.3, 10)", "rho": "uniform(-0.4, 0.1)",
    "hardware_growth": "uniform(-0.4, 0.6)",
}  # fmt: skip


@pytest.mark.parametrize(
    ("view", "changes", "block", "draw"),
    [
        ("davidson-2025", SLOW_AT_FIRST | {"returns": "uniform(0.8, 4)"}, 512, 274),
        ("davidson-2025", SLOW_AT_FIRST | {"returns": "uniform(0.5, 5)"}, 512, 50),
        ("davidson-2025", {"hardware_growth": "uniform(0.3, 1.5)"}, 2048, 909),
        ("ai-futures-2025", {"hardware_growth": "uniform(0, 1)"}, 1024, 948),
        ("whitfill-wu-2025+long-run", {}, 512, 10),  # a dip within a step
    ],
)
def test_a_fizzle_is_where_the_pace_itself_falls_back(view, changes, block, draw):
    """Rows within a step only say about what the pace is, and a pace may come to exceed today's within one."""
    inputs, top = Sampler(case(view).replace(**changes)).block(0, block).inputs, way(case(view))
    exact = Reference(plain(inputs, draw), top).fizzle()
    assert solve(inputs, top).fizzle()[draw] == pytest.approx(exact, abs=0.005)


@pytest.mark.parametrize(
    "slow_at_first",
    [
        {"difficulty": 0.9956460279357062, "workforce": 0.937920480976665, "hardware_growth": 1.6331640444029416},
        {"difficulty": 0.5127870578824724, "workforce": 0.9314609419690633, "taste_slope": 0.8485586617556258},
    ],
    ids=["hardware grows", "taste grows"],
)
def test_a_pace_above_todays_between_two_rows_only_fizzles_after_its_peak(slow_at_first):
    """At its peak it is 1.0005 of today's, and at every row below."""
    central = central_inputs(case("davidson-2025"))[1]
    arrays = {name: np.array([value]) for name, value in (slow_at_first | {"speed": 1.0}).items()}
    inputs = replace(central, **arrays)
    path = solve(inputs, 24)
    assert path.peak().pace[0] == pytest.approx(1.0005, abs=1e-4)
    assert np.max(-path.rows.logs[np.isfinite(path.rows.logs)]) < np.log(inputs.software_growth)
    assert path.fizzle()[0] == pytest.approx(Reference(plain(inputs, 0), 24).fizzle(), abs=0.005)


@pytest.mark.slow
def test_every_reading_of_every_shipped_view():
    for name in cases():
        errors = [row.error for rows in compared(case(name), 0, 32, 32) for row in rows]
        assert np.max(errors) < 1, name


@pytest.mark.parametrize("returns", [0.6, 2.0])
def test_the_reference_follows_a_power_law(returns):
    d, g, c = power_law(returns)
    reference = Reference(d | {"retraining": False}, 12)
    assert reference.time_to(5.5) == pytest.approx(-math.expm1(-5.5 * c) / (g * c), rel=1e-5)
    assert reference.progress_after(0.1) == pytest.approx(-math.log1p(-0.1 * g * c) / c, rel=1e-5)
