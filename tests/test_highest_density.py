"""Highest-density sets against exact ones, and their errors against the spread they claim to know."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ooms.credence import Scale, Sketch

SCALE, TIMES = Scale(-20.0, 40.0, bottom=-20.0), Scale(1e-6, 1e9, logarithmic=True)
TWO = ((0.5, 5.0, 0.5), (0.5, 13.0, 1.0))  # weight, mean, standard deviation


def normals(parts, draws, seed):
    rng = np.random.default_rng(seed)
    part = rng.choice(len(parts), draws, p=[p[0] for p in parts])
    return np.array([p[1] for p in parts])[part] + np.array([p[2] for p in parts])[part] * rng.normal(size=draws)


def sketch_of(values, scale=SCALE):
    sketch = Sketch(scale, 16)
    sketch.add(values)
    return sketch


def exact(parts, mass):
    """Ends of the highest-density set of a mixture of normals, from a fine grid."""
    x = np.linspace(-20.0, 40.0, 600_001)
    f = sum(w * np.exp(-(((x - m) / s) ** 2) / 2) / s for w, m, s in parts) / math.sqrt(2 * math.pi)
    ordered = np.sort(f)[::-1]
    level = ordered[np.searchsorted(np.cumsum(ordered) * (x[1] - x[0]), mass)]
    inside = np.concatenate([[False], f >= level, [False]])
    edges = np.flatnonzero(np.diff(inside.astype(int))).reshape(-1, 2)
    return [float(x[k]) for first, last in edges for k in (first, last - 1)]


def ends(found):
    return [end for piece in found.intervals for end in piece]


def test_the_exact_set_of_two_modes():
    assert exact(TWO, 0.5) == pytest.approx([4.39, 5.61, 12.71, 13.29], abs=0.006)
    assert exact(TWO, 0.9) == pytest.approx([4.06, 5.94, 11.53, 14.47], abs=0.006)


@pytest.mark.parametrize("mass", [0.5, 0.9])
def test_two_modes_are_two_pieces(mass):
    found = sketch_of(normals(TWO, 2**14, 0)).highest_density(mass)
    assert (found.never, found.mass, found.holds) == (False, mass, (mass, 0.0))
    for end, truth in zip(ends(found), exact(TWO, mass), strict=True):
        assert abs(end.value - truth) < 4 * end.standard_error
        assert end.standard_error < 0.2


@pytest.mark.parametrize("draws", [2**8, 2**12])
def test_noise_makes_no_modes(draws):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        for values in (rng.normal(size=draws), rng.uniform(size=draws), rng.exponential(size=draws)):
            assert len(sketch_of(values).highest_density(0.5).intervals) == 1


def test_never_comes_first_and_nothing_jumps_as_the_mass_passes_it():
    rng = np.random.default_rng(0)
    sketch = sketch_of(np.where(np.arange(2**14) // 16 % 5 < 2, math.inf, rng.lognormal(0, 1, 2**14)), TIMES)
    never = sketch.never.value
    few = sketch.highest_density(never - 0.02)
    assert (few.intervals, few.never, few.holds.value) == ((), True, pytest.approx(never))
    assert str(few).startswith("infinite (highest-density set: nothing smaller than its ")
    before = (math.inf, -math.inf)
    for more in (0.001, 0.02, 0.19, 0.21, 0.4):
        found = sketch.highest_density(never + more)
        ((low, high),) = found.intervals
        assert found.never
        assert low.value <= before[0]
        assert high.value >= before[1]
        assert np.diff([sketch.at_most(v).value for v in (low.value, high.value)]) == pytest.approx(more, abs=0.02)
        before = low.value, high.value


def test_values_that_many_draws_share_come_first_too():
    rng = np.random.default_rng(0)
    sketch = sketch_of(np.where(rng.random(2**14) < 0.3, 3.0, rng.lognormal(0, 1, 2**14)), TIMES)
    assert ends(sketch.highest_density(0.2)) == [(3.0, 0.0), (3.0, 0.0)]
    found = sketch.highest_density(0.5)
    assert len(found.intervals) == 2
    assert found.intervals[1] == ((3.0, 0.0), (3.0, 0.0))
    assert "and 3.000 (50% highest-density set)" in str(found)
    assert len(sketch.highest_density(0.95).intervals) == 1  # 3 is inside


@pytest.mark.parametrize("seeds", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_errors_of_the_ends_are_true(seeds):
    """With 16 randomisations 93.6 % lie within 2 standard errors."""
    z, truth = [], exact(((1.0, 2.0, 1.5),), 0.8)
    for seed in range(seeds):
        found = sketch_of(normals(((1.0, 2.0, 1.5),), 2**12, seed)).highest_density(0.8)
        z.append([(end.value - t) / end.standard_error for end, t in zip(ends(found), truth, strict=True)])
    held = np.mean(np.abs(z) < 2.131)
    assert held >= (0.9 if seeds > 100 else 0.75)
    assert np.std(z) < 1.5
