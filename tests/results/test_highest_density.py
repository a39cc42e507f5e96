"""Highest-density sets against exact ones, and their errors against the spread they claim to know."""

from __future__ import annotations

import math

import numpy as np
import pytest

import ooms
from ooms.files.library import shipped
from ooms.outcomes import DEFAULT_QUANTITIES
from ooms.outcomes.scale import Scale
from ooms.results.density import Density, Model
from ooms.results.sketch import Sketch

SLOW = pytest.mark.slow
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


@pytest.mark.sweep(1)
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("families", "seeds"),
    [(("normal", "exponential", "beta"), 4), pytest.param(tuple(FAMILIES), 200, marks=pytest.mark.slow)],
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
        assert min(shares.values()) > 0.7, shares  # 77 % where it falls to 0 at a bound as a square does
        assert min(map(len, held.values())) > 0.9 * seeds, held.keys()


def random_mixture(rng, *, logarithmic):
    """Two or three normals, or lognormals, so far apart that the valleys between them are no matter of noise."""
    count = int(rng.integers(2, 4))
    spreads = rng.uniform(0.4, 1.0, count) * (0.5 if logarithmic else 1.0)
    apart = rng.uniform(5.0, 8.0, count - 1) * np.maximum(spreads[1:], spreads[:-1])
    means = rng.uniform(-2.0, 2.0) + np.append(0.0, np.cumsum(apart))
    weights = rng.uniform(1.0, 2.0, count)
    return tuple(zip((weights / weights.sum()).tolist(), means.tolist(), spreads.tolist(), strict=True))


@pytest.mark.parametrize("mixtures", [4, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("logarithmic", [False, True], ids=["normals", "lognormals"])
def test_random_mixtures_against_exact_sets(mixtures, logarithmic):
    z, seen, joined = list[float](), list[int](), list[object]()
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
            seen.append(len(truth))
            if len(ends(found)) != len(truth):  # modes are taken for one if the valley between holds a handful of draws
                joined.append((seed, mass, str(found), truth))
                continue
            z += [(e.value - t) / e.standard_error for e, t in zip(ends(found), truth, strict=True)]
    assert {2, 4} <= {*seen}
    assert len(joined) <= 0.02 * len(seen), joined
    assert np.mean(np.abs(z) < 4.0) >= (0.99 if mixtures > 10 else 1.0), z


def check_against_draws(found, values, draws_allowed):
    """Pieces in order, with errors that are known, and as many of the draws as was asked for."""
    ends_found = [end.value for end in ends(found)]
    assert ends_found == sorted(ends_found), found
    assert all(math.isfinite(end.value) and 0 <= end.standard_error < math.inf for end in ends(found)), found
    just = 1e-12  # a value that many share has them all but for rounding
    held = sum(
        np.sum((values >= low.value * (1 - just)) & (values <= high.value * (1 + just)))
        for low, high in found.intervals
    )
    held += found.never * np.sum(np.isinf(values))
    assert abs(held / len(values) - found.holds.value) <= draws_allowed / len(values), (found, held / len(values))


@pytest.mark.parametrize(
    ("view", "draws"), [("davidson-2025", 2**9), *(
        pytest.param(view, 2**12, marks=SLOW) for view in shipped()
    )]
)
def test_sets_of_every_shipped_quantity_hold_their_mass_of_the_draws(view, draws):
    """No tail rises outwards, and none reaches 0 on a logarithmic scale because the density there is infinite."""
    asked = [*DEFAULT_QUANTITIES, "peak pace"][:: 3 if draws == 2**9 else 1]
    forecast = ooms.forecast(view, draws=draws, threads=1, events=(), quantities=asked, keep_draws=True)
    for quantity in asked:
        found, values = forecast.interval(quantity, 0.8, "hdi"), np.asarray(forecast.kept[quantity])
        sketch = forecast.sketch(quantity)
        values = np.where(values <= sketch.scale.low, sketch.scale.bottom, values)
        values = np.where(np.isfinite(values), np.minimum(values, sketch.scale.high), values)
        check_against_draws(found, values, 4.0 * math.sqrt(0.8 * 0.2 * len(values)))


def test_the_peak_pace_has_a_set_with_two_ends():
    """The shortest 80 % of its draws are 0.58 to 27.4; one draw far out once made a tail that rose outwards."""
    forecast = ooms.forecast("davidson-2025", draws=2**12, threads=1, events=(), quantities=["peak pace"])
    ((low, high),) = forecast.interval("peak pace", 0.8, "hdi").intervals
    assert low.value == pytest.approx(0.7, abs=0.3)
    assert high.value == pytest.approx(27.5, abs=1.5)
    assert low.standard_error < 0.3
    assert high.standard_error < 2.0


def small_samples(seed):
    """Some dozens of draws of what is hard: narrow beside wide, infinite at its ends, in clusters, with heavy tails."""
    rng = np.random.default_rng(seed)
    draws = int(rng.choice([64, 128, 256]))
    kind, scale = seed % 5, Scale(-20.0, 40.0, bottom=-20.0)
    if kind == 0:
        sd, share = 10.0 ** rng.uniform(-2.0, 0.0), rng.uniform(0.2, 0.8)
        values = np.where(rng.random(draws) < share, rng.normal(0.0, sd, draws), rng.normal(20.0, 3.0, draws))
    elif kind == 1:
        shape = rng.uniform(0.4, 2.0, 2)
        values, scale = rng.beta(*shape, draws), Scale(-1.0, 2.0, bottom=-1.0)
    elif kind == 2:
        centres = rng.uniform(-5.0, 25.0, 4)
        values = rng.choice(centres, draws) + rng.normal(size=draws) * 10.0 ** rng.uniform(-1.5, 0.3)
    elif kind == 3:
        values = rng.standard_t(2.0, draws)
    else:
        values, scale = rng.lognormal(0.0, rng.uniform(0.1, 2.0), draws), TIMES
    return values, scale


@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(5, 60), marks=SLOW)], ids=["few", "many"])
def test_sets_of_few_draws_hold_their_mass_of_them(seeds):
    for seed in seeds:
        values, scale = small_samples(seed)
        sketch = sketch_of(values, scale)
        values = np.where(values <= scale.low, scale.bottom, np.minimum(values, scale.high))
        for mass in (0.5, 0.8):
            allowed = 5.0 * math.sqrt(mass * (1.0 - mass) * len(values)) + 2.0
            check_against_draws(sketch.highest_density(mass), values, allowed)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_narrow_mode_beside_a_wide_one_is_found_in_few_draws(seed):
    """Half N(0, 0.05), half N(20, 3): half of it lies about 0, a hundredth of the range wide."""
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(64) < 0.5, rng.normal(0.0, 0.05, 64), rng.normal(20.0, 3.0, 64))
    first, *_ = sketch_of(values).highest_density(0.4).intervals
    assert -1.0 < first[0].value < 0.0 < first[1].value < 1.0


def ends_of(values, scale=SCALE):
    """Whether the curve ends at its first and last draw."""
    curve = Model.of(sketch_of(values, scale)).curve
    assert curve is not None
    return curve.ends


BOUNDED = {
    "uniform": (lambda rng, n: rng.uniform(0.0, 1.0, n), (True, True)),
    "falling": (lambda rng, n: rng.beta(1.0, 3.0, n), (True, None)),
    "rising": (lambda rng, n: rng.beta(4.0, 1.0, n), (None, True)),
    "exponential": (lambda rng, n: rng.exponential(size=n), (True, False)),
    "half a normal": (lambda rng, n: np.abs(rng.normal(size=n)), (True, False)),
    "normal": (lambda rng, n: rng.normal(size=n), (False, False)),
    "small mode": (lambda rng, n: np.where(rng.random(n) < 0.03, -8.0, 0.0) + rng.normal(size=n), (False, False)),
    "heavy tails": (lambda rng, n: rng.standard_t(6.0, n), (False, False)),
}
"""Draws, and where the distribution ends for all that they tell."""


@pytest.mark.sweep(8)
@pytest.mark.parametrize("draws", [2**10, 2**12, 2**14])
@pytest.mark.parametrize("family", BOUNDED)
@pytest.mark.parametrize("seeds", [2, pytest.param(100, marks=pytest.mark.slow)])
def test_ends_are_told_from_tails_and_from_small_modes(family, draws, seeds):
    draw, wanted = BOUNDED[family]
    found = [ends_of(draw(np.random.default_rng(seed), draws)) for seed in range(seeds)]
    right = [all(want in (None, have) for want, have in zip(wanted, each, strict=True)) for each in found]
    assert np.mean(right) > 0.97


def test_few_draws_have_no_ends_but_those_of_the_scale_and_at_atoms():
    rng = np.random.default_rng(0)
    assert ends_of(rng.uniform(0.0, 1.0, 512)) == (False, False)
    assert ends_of(rng.uniform(-0.2, 1.2, 512), Scale(0.0, 1.0)) == (True, True)
    assert ends_of(np.maximum(rng.normal(3.0, 1.0, 512), 3.0)) == (True, False)
