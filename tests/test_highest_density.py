"""Highest-density sets against exact ones, and their errors against the spread they claim to know."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ooms.credence import Scale, Sketch
from ooms.density import Density, Model

SCALE, TIMES = Scale(-20.0, 40.0, bottom=-20.0), Scale(1e-6, 1e9, logarithmic=True)
TWO = ((0.5, 5.0, 0.5), (0.5, 13.0, 1.0))  # weight, mean, standard deviation
WIDE = np.linspace(-20.0, 40.0, 600_001)


def normals(parts, draws, seed):
    rng = np.random.default_rng(seed)
    part = rng.choice(len(parts), draws, p=[p[0] for p in parts])
    return np.array([p[1] for p in parts])[part] + np.array([p[2] for p in parts])[part] * rng.normal(size=draws)


def of_normals(parts, x):
    return sum(w * np.exp(-(((x - m) / s) ** 2) / 2) / s for w, m, s in parts)


def sketch_of(values, scale=SCALE):
    sketch = Sketch(scale, 16)
    sketch.add(values)
    return sketch


def exact(density, mass, x=WIDE):
    """Ends of the highest-density set of a density (times any factor) at the places of a fine grid."""
    parts = density * np.gradient(x)
    order = np.argsort(-density, kind="stable")
    inside = np.zeros(len(x) + 2, dtype=int)
    inside[1 + order[: np.searchsorted(np.cumsum(parts[order]), mass * parts.sum()) + 1]] = 1
    edges = np.flatnonzero(np.diff(inside)).reshape(-1, 2)
    return [float(x[k]) for first, last in edges for k in (first, last - 1)]


def ends(found):
    return [end for piece in found.intervals for end in piece]


def test_the_exact_set_of_two_modes():
    assert exact(of_normals(TWO, WIDE), 0.5) == pytest.approx([4.39, 5.61, 12.71, 13.29], abs=0.006)
    assert exact(of_normals(TWO, WIDE), 0.9) == pytest.approx([4.06, 5.94, 11.53, 14.47], abs=0.006)


@pytest.mark.parametrize("mass", [0.5, 0.9])
def test_two_modes_are_two_pieces(mass):
    found = sketch_of(normals(TWO, 2**14, 0)).highest_density(mass)
    assert (found.never, found.mass, found.holds) == (False, mass, (mass, 0.0))
    for end, truth in zip(ends(found), exact(of_normals(TWO, WIDE), mass), strict=True):
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


FAMILIES = {
    "normal": (lambda rng, n: rng.normal(1.0, 1.5, n), lambda x: of_normals(((1.0, 1.0, 1.5),), x), (-11.0, 13.0)),
    "exponential": (lambda rng, n: rng.exponential(size=n), lambda x: np.exp(-x), (0.0, 25.0)),
    "beta": (lambda rng, n: rng.beta(2.0, 5.0, n), lambda x: x * (1.0 - x) ** 4, (0.0, 1.0)),
    "gamma": (lambda rng, n: rng.gamma(3.0, size=n), lambda x: x**2 * np.exp(-x), (0.0, 30.0)),
    "two normals": (lambda rng, n: rng.permutation(normals(TWO, n, rng)), lambda x: of_normals(TWO, x), (0.0, 20.0)),
}
"""Draws, the density times any factor, and where it is above 0: in tails, cut off, and falling to 0 at a bound."""


@pytest.mark.parametrize(
    ("families", "seeds"),
    [(("normal", "exponential", "beta"), 4), pytest.param(tuple(FAMILIES), 200, marks=pytest.mark.exhaustive)],
)
def test_errors_of_the_ends_are_true(families, seeds):
    """Of ends from 16 randomisations, 95 % lie within 2.13 standard errors if these are right (Student's t)."""
    held = dict[tuple[str, float, int], list[bool]]()
    for family in families:
        draw, density, limits = FAMILIES[family]
        x = np.linspace(*limits, 200_001)
        truths = {mass: exact(density(x), mass, x) for mass in (0.5, 0.8, 0.95)}
        for seed in range(seeds):
            values = draw(np.random.default_rng(seed), 2**12)
            scale = Scale(limits[0] - 1.0, limits[1] + 1.0, bottom=limits[0] - 1.0)
            smooth = Density([Model.of(sketch_of(values, scale))], [1.0])
            for mass, truth in truths.items():
                found = ends(smooth.highest_density(mass))
                if len(found) == len(truth):  # now and then two modes are taken for more or for one
                    for k, ((value, error), true) in enumerate(zip(found, truth, strict=True)):
                        held.setdefault((family, mass, k), []).append(abs(value - true) < 2.131 * error)
    shares = {end: float(np.mean(each)) for end, each in held.items()}
    assert 0.9 <= np.mean(list(shares.values())) <= (0.98 if seeds > 100 else 1.0), shares
    if seeds > 100:
        assert min(shares.values()) > 0.8, shares  # 85 % where it falls to 0 at a bound
        assert min(map(len, held.values())) > 0.9 * seeds, held.keys()


def random_mixture(rng, *, logarithmic):
    """Two or three normals, or lognormals, so far apart that the valleys between them are no matter of noise."""
    count = int(rng.integers(2, 4))
    spreads = rng.uniform(0.4, 1.0, count) * (0.5 if logarithmic else 1.0)
    apart = rng.uniform(5.0, 8.0, count - 1) * np.maximum(spreads[1:], spreads[:-1])
    means = rng.uniform(-2.0, 2.0) + np.append(0.0, np.cumsum(apart))
    weights = rng.uniform(1.0, 2.0, count)
    return tuple(zip((weights / weights.sum()).tolist(), means.tolist(), spreads.tolist(), strict=True))


@pytest.mark.parametrize("mixtures", [4, pytest.param(100, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("logarithmic", [False, True], ids=["normals", "lognormals"])
def test_random_mixtures_against_exact_sets(mixtures, logarithmic):
    z, seen = list[float](), set[int]()
    for seed in range(mixtures):
        rng = np.random.default_rng(seed)
        parts = random_mixture(rng, logarithmic=logarithmic)
        never = rng.uniform(0.1, 0.5) if seed % 2 else 0.0
        values = normals(parts, 2**13, rng)
        y = np.linspace(-6.0, 24.0, 300_001)
        x, density = (np.exp(y), of_normals(parts, y) / np.exp(y)) if logarithmic else (y, of_normals(parts, y))
        values = np.where(rng.random(2**13) < never, math.inf, np.exp(values) if logarithmic else values)
        smooth = Density([Model.of(sketch_of(values, TIMES if logarithmic else SCALE))], [1.0])
        share = smooth.never.value  # of these draws: its own error is another test
        for mass in (0.55, 0.75, 0.95):
            wanted = (mass - share) / (1.0 - share)
            truth, near = exact(density, wanted, x), [exact(density, wanted + d, x) for d in (-0.03, 0.03)]
            if not all(len(other) == len(truth) for other in near):  # a piece is about to come or to go
                continue
            found = smooth.highest_density(mass)
            assert found.never == (never > 0)
            assert len(ends(found)) == len(truth), (seed, mass, str(found), truth)
            seen.add(len(truth))
            z += [(e.value - t) / e.standard_error for e, t in zip(ends(found), truth, strict=True)]
    assert {2, 4} <= seen
    assert np.mean(np.abs(z) < 4.0) >= (0.99 if mixtures > 10 else 1.0), z
