"""A speed-up that ramps up from its own start: Davidson & Houlden's gradual boost."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from plain_model import CENTRAL, inputs_of
from scipy.integrate import solve_ivp

from ooms.model.trajectory import solve

BOOST = CENTRAL | {
    "rho": 0.0, "experiment_efficiency": 0.0, "taste_multiplier": 1.0, "initial_speedup": 8.0, "ramp_years": 5.0,
    "software_limit": 15.0, "returns": 1.7,
}  # fmt: skip


def inputs(*draws, start=0.1):
    return replace(inputs_of([dict(d) for d in draws]), ramp_start=np.full(len(draws), start))


def slope(d, start, x, t):
    """dx/dt by the formulas: today's pace, times 1 + f, times what cheaper labour adds and harder ideas take."""
    f = start * (d["initial_speedup"] / start) ** min(t / d["ramp_years"], 1.0)
    lam = d["parallelizability"] * (1 - d["compute_share"])
    beta, u, limit = lam / d["returns"], d["labour_per_training"], d["software_limit"]
    labour = lam * u * math.log(10) * x
    harder = beta * u * math.log(10) * limit * -math.log1p(-x / limit)
    return d["software_growth"] * (1 + f) * math.exp(labour - harder)


@pytest.mark.parametrize("start", [0.1, 1.0, 20.0])
def test_times_agree_with_adaptive_integration(start):
    draws = [BOOST, BOOST | {"initial_speedup": 30.0, "returns": 0.9}, BOOST | {"ramp_years": 1.0}]
    path = solve(inputs(*draws, start=start), 6)
    for k, d in enumerate(draws):
        done = solve_ivp(lambda t, x, d=d: [slope(d, start, x[0], t)], (0, 60), [0.0], rtol=1e-9, atol=1e-12,
                         events=[lambda t, x, n=n: x[0] - n for n in (1, 3, 5)])  # fmt: skip
        for n, times in zip((1, 3, 5), done.t_events, strict=True):
            if len(times):
                assert path.time_to(n)[k] == pytest.approx(times[0], rel=2e-3)


def test_a_ramp_starts_at_one_plus_its_start_and_ends_at_one_plus_its_end():
    d = BOOST | {"returns": 1.0, "software_limit": 1e6}  # at r = 1 nothing but the ramp moves the pace
    x = solve(inputs(d), 24)
    today = d["software_growth"]
    assert x.progress_after(1e-3)[0] == pytest.approx(1.1 * today * 1e-3, rel=1e-3)
    assert x.progress_after(6.0)[0] - x.progress_after(5.5)[0] == pytest.approx(9.0 * today * 0.5, rel=2e-3)


def test_a_stretch_must_end_within_the_horizon():
    path = solve(inputs(BOOST), 14)
    ends = path.time_to(4.0)
    free = path.fastest(2.0)
    assert path.fastest(2.0, 1e6) == pytest.approx(free)
    assert np.isinf(path.fastest(2.0, float(path.time_to(2.0)[0]) * 0.99))
    # up to the time of 4 OOMs the fastest 2 OOMs are some of the first 4
    within = path.fastest(2.0, float(ends[0]))
    slowest = path.time_to(4.0) - path.time_to(2.0)
    assert free <= within <= slowest + 1e-9
