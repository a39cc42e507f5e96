"""Memory is bounded by a block of draws, and not by how many there are or are kept."""

import subprocess
import sys

import pytest

from studies import written

SCRIPT = """
import resource, sys
from ooms.batch.running import run_study
assert run_study(sys.argv[1], sys.argv[2], threads=1).complete
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def most(study, store):
    """The most memory that a run of its own takes, MB."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, study, store], capture_output=True, text=True, check=True)
    return float(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(("keep", "few", "many"), [(False, 2**14, 2**21), (True, 2**18, 2**21)])
def test_memory_does_not_grow_with_the_draws(tmp_path, keep, few, many):
    taken = []
    for draws in (few, many):
        path = written(tmp_path, name=str(draws), grid={"rho": [-0.4]}, draws=draws, keep_draws=keep)
        taken.append(most(path, tmp_path / str(draws)))
    # all draws of the larger one, kept in memory, would be 150 MB
    assert taken[1] < taken[0] + 40


@pytest.mark.slow
def test_memory_grows_by_some_kilobytes_a_cell(tmp_path):
    taken = []
    for points in (10, 1010):
        grid = {"speed": {"low": 20, "high": 40, "points": points}}
        path = written(tmp_path, name=str(points), grid=grid, draws=256)
        taken.append(most(path, tmp_path / str(points)))
    assert taken[1] - taken[0] < 40
