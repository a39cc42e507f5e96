"""Rows of joint draws: each counts the same, and the spread between randomisations says that they are a sample."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import LEAST_ROWS, RANDOMISATIONS, Sampler, joint_rows
from ooms.beliefs.marginals import Empirical
from ooms.beliefs.view import Belief

BASE = ooms.load("davidson-2025")
ONLY = {"rho": -0.1, "returns": 1.0, "software_limit": 10.0, "software_growth": 1.0}


def from_rows(*columns, names=("rho", "returns")):
    joint = {n: Belief(Empirical(tuple(c.tolist())), "rows", joint="rows") for n, c in zip(names, columns, strict=True)}
    return replace(BASE.replace(**ONLY), beliefs={**BASE.replace(**ONLY).beliefs, **joint})


@given(rows=st.integers(1, 5000), log_points=st.integers(0, 8), seed=st.integers(0, 9))
def test_every_row_that_is_used_counts_the_same(rows, log_points, seed):
    """Over an even grid of uniform numbers: all rows but those left over, each as often as the others."""
    own, size = rows // RANDOMISATIONS, RANDOMISATIONS << log_points
    per = own if own >= LEAST_ROWS else rows
    u = np.repeat((np.arange(per) + np.random.default_rng(seed).random(per)) / per, RANDOMISATIONS)
    counts = np.bincount(joint_rows(u, rows, RANDOMISATIONS), minlength=rows)
    if own >= LEAST_ROWS:
        used = RANDOMISATIONS * own
        assert np.all(counts[:used] == 1)
        assert np.all(counts[used:] == 0)
        assert rows - used < RANDOMISATIONS
    else:
        assert np.all(counts == RANDOMISATIONS)
    taken = joint_rows(np.random.default_rng(seed).random(size), rows, RANDOMISATIONS)
    assert np.all((taken >= 0) & (taken < rows))


def test_each_randomisation_has_rows_of_its_own():
    rows = RANDOMISATIONS * LEAST_ROWS + 5
    view = from_rows(-0.2 + 0.1 * np.arange(rows) / rows, np.arange(1.0, rows + 1))
    values = Sampler(view, 1).block(0, 2**12).values
    index = values["returns"] - 1.0
    assert np.array_equal(index % RANDOMISATIONS, np.arange(2**12) % RANDOMISATIONS)
    assert values["rho"] == pytest.approx(-0.2 + 0.1 * index / rows, abs=1e-15)  # whole rows
    assert np.array_equal(np.unique(index), np.arange(RANDOMISATIONS * LEAST_ROWS))


@pytest.mark.parametrize(("rows", "low", "high"), [(4096, 0.8, 1.2), (1024, 0.8, 1.2), (1000, 0.0, 0.4)])
def test_the_standard_error_is_that_of_a_sample_of_rows(rows, low, high):
    """Files of independent draws: the probability of a known event, by file, against the error that each reports.

    With fewer rows than the randomisations can share out, the error says only how well the rows are averaged, which
    goes on falling as draws are added.
    """
    rng, off, said = np.random.default_rng(5), [], []
    for _ in range(120):
        view = from_rows(rng.uniform(-0.2, 0.0, rows), rng.uniform(0.5, 2.0, rows))
        drawn = Sampler(view, 0).block(0, 2**13).values
        event = drawn["rho"] + 0.1 * drawn["returns"] / 1.25 < 0.0  # of probability 1/2 by symmetry
        each = event.reshape(-1, RANDOMISATIONS).mean(axis=0)
        off.append(each.mean() - 0.5)
        said.append(each.std(ddof=1) / math.sqrt(RANDOMISATIONS))
    actual, reported = (math.sqrt(np.mean(np.square(x))) for x in (off, said))
    assert actual == pytest.approx(0.5 / math.sqrt(rows), rel=0.2)
    assert low < reported / actual < high
