"""Sobol points: the published sequence, its nets after scrambling, and independence of everything that is named."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from ooms.distributions.sobol import DIMENSIONS, direction_numbers, scrambled, uniforms

NO_SHIFT = np.zeros(1, dtype=np.uint64)
SEEDS = st.integers(0, 2**63)


def plain(dimension, count):
    """Unscrambled points; they lie in the middle of cells of 2^-52, so 0 becomes 2^-53."""
    return uniforms(direction_numbers(dimension)[:, None], NO_SHIFT, 0, count)


def points(name, dimension, count, seed=0, randomisations=1):
    return uniforms(*scrambled(name, dimension, seed, randomisations), 0, count).reshape(count, randomisations)


def test_plain_points_are_those_of_scipy_in_gray_order():
    count = 1 << 12
    published = scipy.stats.qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random(count)
    gray = np.arange(count) ^ (np.arange(count) >> 1)
    ours = np.stack([plain(dimension, count)[gray] for dimension in range(DIMENSIONS)], axis=1)
    assert np.array_equal(ours, published + 2.0**-53)


def test_every_direction_number_is_that_of_scipy():
    published = scipy.stats.qmc.Sobol(DIMENSIONS, scramble=False, bits=32)._sv  # points reach only the first few bits
    ours = np.stack([direction_numbers(dimension) for dimension in range(DIMENSIONS)])
    assert np.array_equal(ours >> np.uint64(32), published)


def test_direction_numbers_are_odd_multiples_of_their_own_bit():
    units = np.uint64(1) << np.arange(63, 31, -1, dtype=np.uint64)
    for dimension in range(DIMENSIONS):
        v = direction_numbers(dimension)
        assert v.dtype == np.uint64
        assert np.all(v & units == units), dimension
        assert not np.any(v & (units - np.uint64(1))), dimension


@pytest.mark.parametrize("k", [0, 1, 4, 10])
def test_each_interval_of_length_2_to_minus_k_holds_one_of_2_to_k_points(k):
    for dimension in range(DIMENSIONS):
        cells = np.floor(points("x", dimension, 1 << k, seed=7, randomisations=3) * (1 << k))
        assert np.all(np.sort(cells, axis=0) == np.arange(1 << k)[:, None]), dimension


@pytest.mark.slow
@given(seed=SEEDS, k=st.integers(0, 10), names=st.tuples(st.text(max_size=5), st.text(max_size=5)), data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_first_two_dimensions_make_a_net(seed, k, names, data):
    wide = data.draw(st.integers(0, k))
    start = data.draw(st.integers(0, 5)) << k
    columns = [uniforms(*scrambled(name, d, seed, 1), start, 1 << k) for d, name in enumerate(names)]
    cells = np.floor(columns[0] * (1 << wide)) * (1 << (k - wide)) + np.floor(columns[1] * (1 << (k - wide)))
    assert sorted(cells.astype(int)) == list(range(1 << k))


@given(seed=SEEDS, dimension=st.integers(0, DIMENSIONS - 1), name=st.text(max_size=9), k=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_points_are_strictly_between_0_and_1(seed, dimension, name, k):
    drawn = points(name, dimension, 1 << k, seed, 4)
    assert np.all((drawn > 0) & (drawn < 1))


def test_the_outermost_points_that_exist_are_inside():
    ends = np.array([0, 2**64 - 1], dtype=np.uint64)
    low, high = uniforms(np.zeros((32, 2), dtype=np.uint64), ends, 0, 1)
    assert low == 2.0**-53
    assert high == 1 - 2.0**-53


def test_one_point_of_many_randomisations_is_uniform():
    for index in (0, 5):
        drawn = uniforms(*scrambled("rho", 0, 3, 4000), index, 1)
        assert scipy.stats.kstest(drawn, "uniform").pvalue > 1e-3


def test_points_are_uniform_to_far_better_than_random():
    for dimension in range(DIMENSIONS):
        drawn = points("x", dimension, 1 << 12)[:, 0]
        assert abs(drawn.mean() - 0.5) < 1e-4
        assert abs(drawn.var() - 1 / 12) < 1e-4


def test_names_randomisations_and_seeds_are_independent():
    """The same point of the same dimension, in 1000 seeds: nothing is left of the dimension."""
    seeds, index = range(1000), 5
    tables = [scrambled(name, 0, seed, 3) for name in ("rho", "returns") for seed in seeds]
    drawn = np.stack([uniforms(*table, index, 1) for table in tables]).reshape(2, len(seeds), 3)
    columns = [*drawn[0].T, *drawn[1].T, np.roll(drawn[0, :, 0], 1)]  # names, randomisations, the seed before
    correlation = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(correlation).max() < 4.5 / np.sqrt(len(seeds))


def test_errors_of_randomisations_are_independent():
    """So that their spread is an honest standard error: errors of 2^6 points at the mean of u^3, in 500 seeds."""
    errors = np.stack([np.mean(points("rho", 2, 1 << 6, seed, 4) ** 3, axis=0) - 0.25 for seed in range(500)])
    correlation = np.corrcoef(errors.T) - np.eye(4)
    assert np.abs(correlation).max() < 4.5 / np.sqrt(500)
    assert abs(errors.mean()) < 4.5 * errors.std() / np.sqrt(errors.size)


def test_dimensions_are_independent():
    drawn = np.stack([points(f"p{d}", d, 1 << 14)[:, 0] for d in range(DIMENSIONS)])
    correlation = np.corrcoef(drawn) - np.eye(DIMENSIONS)
    assert np.abs(correlation).max() < 0.02


@pytest.mark.parametrize("other", [("speed", 5, 0), ("rho", 5, 1)])
def test_another_name_or_seed_gives_other_points(other):
    assert not np.any(points("rho", 5, 64, 0) == points(*other[:2], 64, other[2]))


def test_randomisations_differ_and_do_not_depend_on_how_many_there_are():
    four, nine = points("rho", 5, 64, 0, 4), points("rho", 5, 64, 0, 9)
    assert np.array_equal(nine[:, :4], four)
    assert len({tuple(column) for column in nine.T}) == 9


@given(k=st.integers(0, 8), block=st.integers(0, 8), r=st.integers(1, 5))
@settings(max_examples=40, deadline=None)
def test_blocks_are_pieces_of_the_whole(k, block, r):
    size = 1 << min(k, block)
    table = scrambled("rho", 3, 11, r)
    whole = uniforms(*table, 0, 1 << k)
    pieces = [uniforms(*table, start, size) for start in range(0, 1 << k, size)]
    assert np.array_equal(np.concatenate(pieces), whole)


def test_points_far_out_can_be_addressed():
    table = scrambled("rho", 3, 0, 2)
    far = uniforms(*table, 1 << 31, 8)
    assert np.array_equal(far[8:], uniforms(*table, (1 << 31) + 4, 4))
    assert not np.any(np.isin(far, uniforms(*table, 0, 1 << 10)))


def test_points_of_a_release_never_change():
    """A forecast can be repeated from its seed: these must not change without a new version of the key."""
    drawn = uniforms(*scrambled("rho", 0, 0, 2), 0, 2)
    assert [float(x).hex() for x in drawn] == FROZEN


FROZEN = [
    "0x1.c0fdb433a2b3bp-1",
    "0x1.368dffe2bfe30p-5",
    "0x1.5767f7cc9db86p-2",
    "0x1.0e8c53ffc082fp-1",
]
