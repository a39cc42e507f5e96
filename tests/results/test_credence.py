"""Sketches against the samples they summarise, and errors against the spread they claim to know."""

from __future__ import annotations

import math
from decimal import Decimal
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ooms.distributions.normal import ndtri
from ooms.outcomes.scale import Scale
from ooms.results.credence import Estimate, Interval, estimate
from ooms.results.numbers import rounded
from ooms.results.sketch import Sketch

TIMES = Scale(1e-6, 1e9, logarithmic=True)
OOMS = Scale(0.0, 60.0)
SIGNED = Scale(-20.0, 20.0, bottom=-20.0)
LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


def samples(kind: str, n: int = 1 << 14, seed: int = 0) -> tuple[Scale, np.ndarray]:
    rng = np.random.default_rng(seed)
    if kind == "lognormal":
        return TIMES, rng.lognormal(0.3, 1.5, n)
    if kind == "mixture":
        return TIMES, np.where(rng.random(n) < 0.3, rng.lognormal(-4, 0.2, n), rng.lognormal(3, 0.5, n))
    if kind == "normal":
        return SIGNED, rng.normal(-1, 2, n)
    if kind == "atom at the bottom":
        return OOMS, np.where(rng.random(n) < 0.37, 0.0, rng.gamma(3.0, 1.5, n))
    if kind == "some never come":
        return TIMES, np.where(rng.random(n) < 0.4, np.inf, rng.lognormal(0, 1, n))
    assert kind == "atom and never"
    u = rng.random(n)
    return OOMS, np.where(u < 0.2, 0.0, np.where(u < 0.5, np.inf, rng.uniform(2, 12, n)))


KINDS = ("lognormal", "mixture", "normal", "atom at the bottom", "some never come", "atom and never")


def sketch_of(scale: Scale, values: np.ndarray, randomisations: int = 16) -> Sketch:
    sketch = Sketch(scale, randomisations)
    sketch.add(values)
    return sketch


def bin_up(sketch: Sketch, value: float) -> tuple[float, float]:
    """From a bin below a value to a bin above it."""
    scale, width = sketch.scale, 1 / sketch._per_unit
    if scale.logarithmic:
        return value * math.exp(-1.01 * width), value * math.exp(1.01 * width)
    return value - 1.01 * width, value + 1.01 * width


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("q", LEVELS)
def test_quantiles_are_those_of_the_draws_within_a_bin(kind, q):
    scale, values = samples(kind)
    sketch = sketch_of(scale, values)
    found = sketch.quantile(q).value
    ordered = np.sort(values)
    below, above = (float(ordered[rank]) for rank in (math.floor(q * len(values)) - 1, math.ceil(q * len(values))))
    if np.isinf(below):
        assert found == math.inf
    elif np.isfinite(above):
        assert bin_up(sketch, below)[0] <= found <= bin_up(sketch, above)[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mass", [0.3, 0.5, 0.8, 0.9])
def test_equal_tailed_intervals_are_two_quantiles(kind, mass):
    sketch = sketch_of(*samples(kind))
    interval = sketch.interval(mass)
    ends = sketch.quantile((1 - mass) / 2), sketch.quantile((1 + mass) / 2)
    np.testing.assert_array_equal((interval.lower, interval.upper), ends)  # for which nan is nan
    assert (interval.mass, interval.kind) == (mass, "eti")


def test_an_interval_with_more_mass_than_comes_ends_with_never():
    interval = sketch_of(*samples("some never come")).interval(0.9)
    assert interval.upper.value == math.inf
    assert 0 < interval.lower.value < math.inf
    assert "infinite] (90% equal-tailed interval)" in str(interval)


@pytest.mark.parametrize("draws", [256, 1024, 4096])
def test_errors_cover_or_are_unknown_however_far_out_a_quantile_is(draws):
    """Beyond what half of the randomisations have seen, the spread of all of them tells nothing."""
    for level in (0.001, 0.01, 0.05, 0.95, 0.99, 0.999):
        truth = math.exp(0.3 + 1.5 * float(ndtri(level)))
        found = [sketch_of(*samples("lognormal", draws, seed)).quantile(level) for seed in range(60)]
        held = [abs(value - truth) <= 2.5 * error for value, error in found if not math.isnan(error)]
        assert np.mean(held or [1.0]) >= 0.85
        if draws * min(level, 1 - level) < 4:
            assert len(held) <= 6


@pytest.mark.parametrize("kind", KINDS)
def test_never_is_the_share_of_infinite_draws(kind):
    scale, values = samples(kind)
    never = sketch_of(scale, values).never
    assert never.value == pytest.approx(np.mean(np.isinf(values)), abs=1e-15)
    by_randomisation = np.isinf(values).reshape(-1, 16).mean(axis=0)
    assert never.standard_error == pytest.approx(np.std(by_randomisation, ddof=1) / 4, abs=1e-15)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [0.01, 0.5, 1.0, 3.3, 11.0])
def test_at_most_is_the_share_at_or_below(kind, value):
    scale, values = samples(kind)
    sketch = sketch_of(scale, values)
    low, high = (np.mean(values <= v) for v in bin_up(sketch, value))
    assert low - 1e-9 <= sketch.at_most(value).value <= high + 1e-9


def test_at_most_the_bottom_counts_what_sits_there():
    sketch = sketch_of(OOMS, np.repeat([0.0, 1.0, 2.0, np.inf], 16))
    assert sketch.at_most(0.0).value == 0.25
    assert sketch.at_most(60.0).value == 0.75
    assert sketch.quantile(0.2).value == 0.0
    assert sketch.quantile(0.9).value == math.inf


@given(
    kind=st.sampled_from(KINDS),
    cuts=st.lists(st.integers(1, 127), max_size=5, unique=True),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_blocks_in_any_split_and_order_give_the_same_counts(kind, cuts, order):
    scale, values = samples(kind, 2048)
    whole = sketch_of(scale, values)
    blocks = np.split(values, [16 * cut for cut in sorted(cuts)])
    order.shuffle(blocks)
    streamed, left, right = (Sketch(scale, 16) for _ in range(3))
    for i, block in enumerate(blocks):
        streamed.add(block)
        (left, right)[i % 2].add(block)
    left.merge(right)
    assert np.array_equal(streamed.counts, whole.counts)
    assert np.array_equal(left.counts, whole.counts)
    assert whole.counts.sum() == len(values)


def test_draw_j_is_counted_in_randomisation_j_mod_r():
    values = np.tile(np.arange(4.0), 8)
    sketch = sketch_of(OOMS, values, 4)
    assert np.array_equal(sketch.counts.sum(axis=1), [8, 8, 8, 8])
    assert np.array_equal(np.argmax(sketch.counts, axis=1), np.ceil(np.arange(4) * 4096 / 60))


@given(values=st.lists(st.floats(0, 1e300) | st.just(math.inf), min_size=8, max_size=64), q=st.floats(0.01, 0.98))
@settings(max_examples=200, deadline=None)
def test_quantiles_rise_and_no_draw_is_lost(values, q):
    assume(len(values) % 4 == 0)
    sketch = sketch_of(TIMES, np.array(values), 4)
    assert sketch.counts.sum() == len(values)
    low, high = sketch.quantile(q).value, sketch.quantile(q + 0.01).value
    assert low <= high
    assert not math.isnan(low)
    assert sketch.never.value == pytest.approx(np.mean(np.isinf(values)))


@given(q=st.floats(0.001, 0.999), kind=st.sampled_from(KINDS))
@settings(max_examples=100, deadline=None)
def test_at_most_undoes_the_quantile(q, kind):
    sketch = sketch_of(*samples(kind, 4096))
    value = sketch.quantile(q).value
    if math.isfinite(value):
        assert sketch.at_most(value).value >= q - 1e-9


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    ("kind", "q"),
    [("lognormal", 0.1), ("lognormal", 0.5), ("normal", 0.95), ("some never come", 0.3), ("mixture", 0.6)],
)
def test_two_standard_errors_hold_the_true_quantile_95_times_in_100(kind, q):
    """With 16 randomisations the ratio is Student's t with 15 degrees of freedom: 93.6 % lie within 2."""
    truth = np.quantile(samples(kind, 1 << 21, seed=999)[1], q)
    estimates = [sketch_of(*samples(kind, 1 << 12, seed)).quantile(q) for seed in range(200)]
    held = np.mean([abs(e.value - truth) <= 2 * e.standard_error for e in estimates])
    assert 0.885 <= held <= 0.985  # three binomial standard errors around 0.936
    spread = np.std([e.value for e in estimates], ddof=1)
    assert np.sqrt(np.mean([e.standard_error**2 for e in estimates])) == pytest.approx(spread, rel=0.2)


@pytest.mark.parametrize("power", [8, 12, 16])
def test_randomisations_that_agree_by_chance_say_nothing_of_an_error_of_0(power):
    """Points of one input, one a stratum: each randomisation counts k or k + 1 below a value, at times all k."""
    rng, z, rows = np.random.default_rng(power), [], 2**power // 16
    for _ in range(60):
        sd, normal = rng.uniform(0.4, 1.2), NormalDist()
        even = (np.arange(rows)[:, None] + rng.random((rows, 16))) / rows  # draw j is of randomisation j mod 16
        found = sketch_of(Scale(-20.0, 20.0, bottom=-20.0), sd * ndtri(even.ravel()))
        for q in (0.1, 0.25, 0.5, 0.75, 0.9):
            value, error = found.quantile(q)
            z.append((value - sd * normal.inv_cdf(q)) / error)
    assert np.max(np.abs(z)) < 5.5
    assert 0.6 < np.sqrt(np.mean(np.square(z))) < 1.2


def test_on_the_brink_of_never_an_error_is_unknown():
    values = np.where(np.arange(256) // 16 % 2 == 0, 5.0, math.inf)
    found = sketch_of(Scale(0.0, 60.0), values)
    assert found.quantile(0.25) == (5.0, 0.0)
    value, error = found.quantile(0.5)
    assert (value, math.isnan(error)) == (5.0, True)
    assert found.quantile(0.75)[0] == math.inf


def test_nothing_is_said_of_no_draws():
    value, error = Sketch(Scale(0.0, 60.0), 16).quantile(0.5)
    assert value == math.inf
    assert math.isnan(error)


def test_two_standard_errors_hold_a_share_95_times_in_100():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        found = estimate((rng.random((256, 16)) < 0.3).mean(axis=0))
        held += abs(found.value - 0.3) <= 2 * found.standard_error
    assert 0.895 <= held / 400 <= 0.975


def test_estimate_is_the_mean_and_its_error():
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert found.value == 2.5
    assert found.standard_error == pytest.approx(np.std([1, 2, 3, 4], ddof=1) / 2)


def test_an_infinite_randomisation_leaves_the_error_unknown():
    value, error = estimate([1.0, math.inf])
    assert value == math.inf
    assert math.isnan(error)


@given(
    value=st.floats(-1e12, 1e12, allow_subnormal=False),
    error=st.floats(1e-12, 1e6),
    most=st.integers(1, 6),
)
@settings(max_examples=500, deadline=None)
def test_no_digit_is_finer_than_the_first_of_the_error(value, error, most):
    shown = rounded(value, error, most=most)
    step = 10.0 ** math.floor(math.log10(error))  # place of the error's first digit
    decimals = max(0, -int(Decimal(shown).as_tuple().exponent))
    assert 10.0**-decimals >= step * (1 - 1e-9) or decimals == 0
    if step >= 10:
        assert float(shown) % step == pytest.approx(0, abs=1e-6 * step) or (float(shown) % step) / step > 1 - 1e-6
    assert len("".join(map(str, Decimal(shown).as_tuple().digits)).lstrip("0").rstrip("0")) <= most
    leading = 10.0 ** (math.floor(math.log10(abs(value))) - most + 1) if value else 0.0
    assert abs(float(shown) - value) <= 0.51 * max(10 * step, 10 * leading)
    assert shown != "-0"


@pytest.mark.parametrize(
    ("value", "error", "shown"),
    [
        (0.31847, 0.0021, "0.318"),
        (0.31847, 0.00021, "0.3185"),
        (0.31847, 0.00098, "0.318"),  # rounds to 0.001
        (12345.6, 300.0, "12300"),
        (3.14159, 0.0, "3.142"),
        (9.99996, 0.0, "10.00"),
        (3.14159, math.nan, "3"),
        (3.14159, math.inf, "3"),
        (0.0, 0.1, "0"),
        (-0.2, 3.0, "0"),
        (math.inf, 1.0, "infinite"),
        (5.0, 0.5, "5.0"),
    ],
)
def test_rounded(value, error, shown):
    assert rounded(value, error) == shown


@pytest.mark.parametrize(
    ("estimated", "shown"),
    [
        (Estimate(0.31847, 0.00021), "0.3185 (error 0.0002)"),
        (Estimate(math.inf, math.nan), "infinite"),
        (Estimate(1.0, 0.0), "1"),
        (Estimate(2.6, math.nan), "about 3 (error unknown: draws cannot tell)"),
        (Estimate(1353581390.8, math.nan), "about 1e9 (error unknown: draws cannot tell)"),
        (Estimate(1353581390.8, math.inf), "about 1e9 (error unknown: draws cannot tell)"),
    ],
)
def test_estimates_read_well(estimated, shown):
    assert str(estimated) == shown


def test_an_interval_reads_well():
    interval = Interval(Estimate(1.0614, 0.0018), Estimate(math.inf, math.nan), 0.9)
    assert str(interval) == "[1.061, infinite] (90% equal-tailed interval)"
    unknown = Interval(Estimate(-1.0614, 0.0018), Estimate(12.345, math.nan), 0.9)
    assert str(unknown) == "[-1.061, ~10] (90% equal-tailed interval)"


def test_finite_values_beyond_the_scale_are_not_never():
    sketch = sketch_of(TIMES, np.array([1e-9, 1e-7, 1e12, 1e300] * 4), 4)
    assert sketch.never.value == 0.0
    assert sketch.quantile(0.2).value == 0.0
    assert 0.99e9 < sketch.quantile(0.9).value <= 1e9 * (1 + 1e-12)


def test_finite_values_beyond_the_scale_are_all_at_its_end():
    """Half of N(40, 1) on a scale up to 40: an atom there, and the next 30 % within 0.84 standard deviations below."""
    scale = Scale(-20.0, 40.0, bottom=-20.0)
    values = 40.0 + ndtri((np.arange(2**12) + 0.5) / 2**12)
    sketch = sketch_of(scale, np.random.default_rng(0).permutation(values), 16)
    half = sketch.highest_density(0.4)
    assert half.intervals == (((40.0, 0.0), (40.0, 0.0)),)
    assert half.holds.value == pytest.approx(0.5, abs=1e-3)
    ((low, high),) = sketch.highest_density(0.8).intervals
    assert low.value == pytest.approx(40.0 - 0.8416, abs=0.05)
    assert high.value == pytest.approx(40.0, abs=1e-6)
    beyond = sketch_of(scale, np.arange(64.0) + 50.0, 16)
    assert beyond.quantile(0.5) == (40.0, 0.0)
    assert beyond.highest_density(0.8).intervals == (((40.0, 0.0), (40.0, 0.0)),)


@pytest.mark.parametrize("draws", [64, 1024])
def test_one_finite_draw_is_an_atom(draws):
    found = sketch_of(TIMES, np.where(np.arange(draws) == 5, 2.0, math.inf), 16).highest_density(1.0 - 0.5 / draws)
    assert (found.intervals, found.never) == ((((2.0, 0.0), (2.0, 0.0)),), True)


def test_more_draws_after_a_look_count():
    rng = np.random.default_rng(0)
    sketch, other, whole = Sketch(TIMES, 16), Sketch(TIMES, 16), Sketch(TIMES, 16)
    parts = rng.lognormal(0.0, 1.0, 512), rng.lognormal(1.0, 1.0, 512), rng.lognormal(2.0, 1.0, 512)
    for part in parts:
        whole.add(part)
    sketch.add(parts[0])
    before = sketch.draws, sketch.highest_density(0.5)
    sketch.add(parts[1])
    between = sketch.draws, sketch.highest_density(0.5)
    other.add(parts[2])
    sketch.merge(other)
    after = sketch.draws, sketch.highest_density(0.5)
    assert [before[0], between[0], after[0]] == [512, 1024, 1536]
    assert before[1] != between[1] != after[1] == whole.highest_density(0.5)
    assert sketch.model is sketch.model


@pytest.mark.parametrize("scale", [Scale(1e-6, 1e60, logarithmic=True), Scale(-20.0, 20.0, bottom=-20.0)])
def test_what_all_draws_share_is_not_spread_over_a_bin(scale):
    sketch, other = Sketch(scale, 16), Sketch(scale, 16)
    sketch.add(np.full(256, 5.656854))
    other.add(np.full(256, 5.656854))
    sketch.merge(other)
    for level in (0.001, 0.5, 0.999):
        assert sketch.quantile(level) == (5.656854, 0.0)
    assert sketch.highest_density(0.8).intervals == (((5.656854, 0.0), (5.656854, 0.0)),)


def test_nothing_lies_beyond_what_was_seen():
    values = np.random.default_rng(0).uniform(2.003, 2.007, 2**12)
    sketch = Sketch(Scale(0.0, 60.0), 16)
    sketch.add(values)
    quantiles = [sketch.quantile(q).value for q in (1e-6, 0.25, 0.75, 1 - 1e-6)]
    assert quantiles == sorted(quantiles)
    assert values.min() <= quantiles[0]
    assert quantiles[-1] <= values.max()
