"""Cells taken together, against mixtures whose distribution is known in closed form."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from ooms.batch.addresses import LEVELS
from ooms.batch.mixture_quantiles import Mixture, mixed_probability
from ooms.outcomes.scale import Scale
from ooms.results.sketch import Sketch

LEVEL = np.array(LEVELS)


class Knots(NamedTuple):
    """What one cell keeps."""

    levels: np.ndarray
    values: np.ndarray
    errors: np.ndarray
    never: float


def mixed_quantile(cells, level, *, logarithmic):
    _, *kept = map(np.stack, zip(*cells, strict=True))
    return Mixture(LEVEL, *kept, logarithmic=logarithmic).quantile(level)


def lognormal(median, sigma, never=0.0, error=0.0):
    """What a cell would keep of a lognormal that never comes in some draws."""
    inside = LEVEL / (1.0 - never)
    values = np.where(inside < 1.0, median * np.exp(sigma * norm.ppf(np.minimum(inside, 0.9999))), math.inf)
    finite = np.isfinite(values)
    return Knots(LEVEL, values, np.where(finite, error * np.where(finite, values, 0.0), math.nan), never)


def exactly(cells, level):
    """The quantile of the mixture, from the closed form."""

    def over(log):
        shares = [(1 - never) * norm.cdf((log - math.log(median)) / sigma) for median, sigma, never in cells]
        return sum(shares) / len(cells) - level

    return math.exp(brentq(over, -50, 50, xtol=1e-13))


CELLS = st.lists(
    st.tuples(st.floats(0.1, 50.0), st.floats(0.2, 2.0), st.sampled_from([0.0, 0.2, 0.5])), min_size=1, max_size=5
)


@given(CELLS, st.floats(0.05, 0.95))
@settings(max_examples=80, deadline=None)
def test_quantiles_of_a_mixture_are_those_of_the_closed_form(cells, level):
    found = mixed_quantile([lognormal(*cell) for cell in cells], level, logarithmic=True).value
    finite = 1.0 - sum(never for *_, never in cells) / len(cells)
    if level > finite + 0.01:
        assert found == math.inf
    elif level < finite - 0.02:
        # as a probability, which is what the lines between quantiles blur: by less than a tenth of a point, and by half
        # a point where what is finite ends between two levels
        blur = 6e-3 if any(never for *_, never in cells) else 1e-3
        low, high = (exactly(cells, p) for p in (level - blur, level + blur))
        assert low <= found <= high


@given(st.floats(0.1, 50.0), st.floats(0.2, 2.0), st.sampled_from([0.0, 0.3]))
@settings(max_examples=40, deadline=None)
def test_one_cell_alone_has_the_quantiles_that_it_keeps(median, sigma, never):
    cell = lognormal(median, sigma, never, error=0.01)
    for level, value, error in [*zip(LEVEL, cell.values, cell.errors, strict=True)][::8]:
        assert mixed_quantile([cell], level, logarithmic=True).value == value
        found = mixed_quantile([cell, cell], level, logarithmic=True)
        if level == 1 - never:  # the most that is finite, or what never comes
            continue
        assert found.value == value
        if math.isfinite(value) and 0.01 < level < 1 - never - 0.01:
            assert found.standard_error == pytest.approx(error)


def test_what_all_cells_share_is_not_spread():
    cells = [Knots(LEVEL, np.full(len(LEVEL), value), np.zeros(len(LEVEL)), 0.0) for value in (2.0, 4.0, 32.0)]
    found = [mixed_quantile(cells, level, logarithmic=True).value for level in (0.05, 0.33, 0.34, 0.66, 0.67, 0.95)]
    assert found == [2.0, 2.0, 4.0, 4.0, 32.0, 32.0]
    assert mixed_quantile(cells, 0.5, logarithmic=True).standard_error == 0.0


@pytest.mark.parametrize("level", [1e-6, 0.9999, 0.99999])
def test_beyond_the_levels_that_are_kept_it_is_the_outermost_quantile(level):
    cell = lognormal(1.0, 1.0)
    expected = cell.values[0] if level < 0.5 else cell.values[-1]
    for cells in ([cell], [cell, cell]):
        assert mixed_quantile(cells, level, logarithmic=True).value == pytest.approx(expected)


@pytest.mark.slow
def test_of_many_cells_only_the_values_that_matter_are_looked_at():
    rng = np.random.default_rng(2)
    parts = [
        (median, 0.8, never) for median, never in zip(rng.uniform(0.1, 9, 300), rng.choice([0, 0.3], 300), strict=True)
    ]
    cells = [lognormal(*part) for part in parts]
    for level in (0.05, 0.5, 0.8):
        low, high = (exactly(parts, p) for p in (level - 2e-3, level + 2e-3))
        assert low <= mixed_quantile(cells, level, logarithmic=True).value <= high
    assert mixed_quantile(cells, 0.95, logarithmic=True).value == math.inf


def test_zeros_and_what_never_comes_stay_what_they_are():
    zero = Knots(LEVEL, np.zeros(len(LEVEL)), np.zeros(len(LEVEL)), 0.0)
    never = Knots(LEVEL, np.full(len(LEVEL), math.inf), np.full(len(LEVEL), math.nan), 1.0)
    cells = [zero, lognormal(1.0, 0.5), never]
    assert mixed_quantile(cells, 0.2, logarithmic=True).value == 0.0
    assert mixed_quantile(cells, 0.5, logarithmic=True).value == pytest.approx(1.0, rel=2e-3)
    assert mixed_quantile(cells, 0.7, logarithmic=True).value == math.inf
    assert mixed_quantile([never], 0.5, logarithmic=True).value == math.inf


def test_cells_that_differ_in_what_they_were_made_of_against_their_draws():
    rng = np.random.default_rng(0)
    draws = [rng.normal(mean, sd, 2**16) for mean, sd in ((-1.0, 0.5), (2.0, 1.5))]
    cells = []
    for one in draws:
        sketch = Sketch(Scale(-20.0, 20.0, bottom=-20.0), 16)
        sketch.add(one)
        table = sketch.quantile_table(LEVELS)
        cells.append(Knots(LEVEL, table[:, 0], table[:, 1], 0.0))
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        found = mixed_quantile(cells, level, logarithmic=False)
        low, high = np.quantile(np.concatenate(draws), (level - 1e-3, level + 1e-3))
        assert low <= found.value <= high
        assert 0.0 < found.standard_error < 0.1


def test_the_error_of_a_mean_is_that_of_what_the_cells_share():
    rng = np.random.default_rng(1)
    common = rng.normal(0.0, 0.01, 16)
    together = mixed_probability(0.3 + common + np.zeros((50, 1)))
    assert together.standard_error == pytest.approx(np.std(common, ddof=1) / 4)
    apart = mixed_probability(0.3 + rng.normal(0.0, 0.01, (50, 16)))
    assert apart.standard_error < 0.001
