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
from ooms.beliefs.view import Belief
from ooms.distributions.marginals import Empirical
from ooms.problems import UserError

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


@pytest.mark.parametrize(
    ("rows", "low", "high", "files"),
    [(1024, 0.7, 1.3, 40), *(pytest.param(*case, 120, marks=pytest.mark.slow)
                             for case in ((4096, 0.8, 1.2), (1024, 0.8, 1.2), (1000, 0.0, 0.4)))],
)  # fmt: skip
def test_the_standard_error_is_that_of_a_sample_of_rows(rows, low, high, files):
    """Files of independent draws: the probability of a known event, by file, against the error that each reports.

    With fewer rows than the randomisations can share out, the error says only how well the rows are averaged, which
    goes on falling as draws are added.
    """
    rng, off, said = np.random.default_rng(5), [], []
    for _ in range(files):
        view = from_rows(rng.uniform(-0.2, 0.0, rows), rng.uniform(0.5, 2.0, rows))
        drawn = Sampler(view, 0).block(0, 2**13).values
        event = drawn["rho"] + 0.1 * drawn["returns"] / 1.25 < 0.0  # of probability 1/2 by symmetry
        each = event.reshape(-1, RANDOMISATIONS).mean(axis=0)
        off.append(each.mean() - 0.5)
        said.append(each.std(ddof=1) / math.sqrt(RANDOMISATIONS))
    actual, reported = (math.sqrt(np.mean(np.square(x))) for x in (off, said))
    assert actual == pytest.approx(0.5 / math.sqrt(rows), rel=2.2 / math.sqrt(files))  # 3 of its own
    assert low < reported / actual < high


def joint(file):
    return f'{{distribution = "empirical", draws = "{file}", source = "x"}}'


def test_files_of_one_name_are_not_one_file(write, tmp_path):
    """Two studies' draws, each beside the prior file that names it: no row of the one belongs to a row of the other."""
    (tmp_path / "sub").mkdir()
    write("rho\n-0.3\n-0.2\n-0.1\n", "sub/d.csv")
    write("returns\n1\n2\n3\n", "d.csv")
    write(f'extends = "davidson-2025"\nparameters.rho = {joint("d.csv")}', "sub/base.toml")
    with pytest.raises(UserError) as caught:
        ooms.load(write(f'extends = "sub/base.toml"\nparameters.returns = {joint("d.csv")}', "top.toml"))
    (problem,) = caught.value.problems
    assert problem.what == (
        "draws come from several files: d.csv (named in base.toml, 3 rows), d.csv (named in top.toml, 3 rows)"
    )
    assert str(tmp_path) not in str(problem)


@pytest.mark.parametrize("other", ["./both.csv", "sub/../both.csv", "linked.csv", "copied.csv"])
def test_one_file_may_have_several_names(write, tmp_path, other):
    (tmp_path / "sub").mkdir()
    text = "rho,returns\n-0.3,1\n-0.2,2\n-0.1,3\n"
    (tmp_path / "linked.csv").symlink_to(write(text, "both.csv"))
    write(text, "copied.csv")
    path = write(f'extends = "davidson-2025"\nparameters.rho = {joint("both.csv")}\n'
                 f'parameters.returns = {joint(other)}')  # fmt: skip
    values = Sampler(ooms.load(path), 0).block(0, 2**8).values
    assert np.array_equal(np.round(values["rho"] * 10.0 + 4.0), values["returns"])  # whole rows
