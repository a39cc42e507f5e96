"""Parts of cells: put together in any order they are the cell, bit for bit; what goes wrong is the cell's alone."""

import dataclasses
import random
import re

import numpy as np
import pytest

import ooms
from ooms.batch import work
from ooms.batch.addresses import Question, bare
from ooms.batch.work import Failure, Task, Whole, attempt, tasks
from ooms.beliefs.view import Belief
from ooms.distributions.marginals import Fixed
from ooms.problems import Problem

ASKED = Question(("5 ooms in 1 year", "40 ooms in 50 years"), ("time to 3 ooms", "ooms after 1 year"), 2**12, 3)
VIEW = bare(ooms.load("davidson-2025"), ASKED.quantities)


@pytest.mark.parametrize("size", [2**8, 2**10, 2**11])
@pytest.mark.parametrize("keep", [False, True])
def test_parts_in_any_order_make_the_whole_to_the_last_bit(monkeypatch, size, keep):
    monkeypatch.setattr("ooms.forecasting.sweep.BLOCK", 2**8)
    (one,) = tasks(0, VIEW, ASKED, keep)
    expected = attempt(one)
    monkeypatch.setattr(work, "PART", size)
    monkeypatch.setattr(work, "KEPT_PART", size)
    parts = [(task, attempt(task)) for task in tasks(0, VIEW, ASKED, keep)]
    assert len(parts) == ASKED.draws // size
    random.Random(size).shuffle(parts)
    whole = Whole(VIEW, ASKED)
    for _, part in parts:
        assert part.summary is None
        whole.add(part.tallies)
    found = whole.summary()
    for name in ("probability", "by_randomisation", "share", "quantile", "never"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected.summary, name))
    for name, column in expected.columns.items():
        together = np.concatenate([part.columns[name] for task, part in sorted(parts, key=lambda p: p[0].start)])
        np.testing.assert_array_equal(together, column)
    assert bool(expected.columns) == keep


def test_the_draws_kept_are_those_of_a_forecast():
    (task,) = tasks(0, VIEW, ASKED, True)
    f = ooms.forecast(
        "davidson-2025", draws=2**12, seed=3, events=ASKED.events, quantities=ASKED.quantities, keep_draws=True
    )
    kept = attempt(task).columns
    assert set(kept) == set(f.kept)
    for name, column in f.kept.items():
        np.testing.assert_array_equal(kept[name], column)


def test_another_version_of_the_engine_refuses_the_work():
    (task,) = tasks(0, VIEW, ASKED, False)
    came = attempt(Task(0, VIEW, ASKED, 0, task.count, numbers=-1))
    assert isinstance(came, Failure)
    assert "same version of ooms" in str(came)


def test_beliefs_without_meaning_fail_with_place_and_remedy():
    """Made without a check, which would have refused them: at rho = .5 no lack of compute slows research 50-fold."""
    base = ooms.load("davidson-2025")
    beliefs = {name: belief for name, belief in base.beliefs.items() if name != "compute_exponent"}
    said = {"rho": Belief(Fixed(0.5), ""), "compute_slowdown": Belief(Fixed(50.0), "")}
    view = dataclasses.replace(base, beliefs=beliefs | said)
    (task,) = tasks(4, bare(view, ()), Question(("5 ooms in 1 year",), (), 256, 0), False)
    came = attempt(task)
    assert isinstance(came, Failure)
    said = r"parameters.compute_exponent: .*% of the draws .* have no meaning -> narrow the distribution"
    assert re.search(said, str(came))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "memory: there was not enough"),
        (ZeroDivisionError("by what?"), "a fault in ooms: ZeroDivisionError: by what?"),
        (ooms.UserError([Problem("rho", "is off", "mend it")]), "rho: is off -> mend it"),
    ],
)
def test_whatever_goes_wrong_is_told_and_not_raised(monkeypatch, error, said):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(work, "Sweep", fail)
    (task,) = tasks(0, VIEW, ASKED, False)
    assert str(attempt(task)).startswith(said)


def test_told_to_stop_it_stops():
    (task,) = tasks(0, VIEW, ASKED, False)
    with pytest.raises(InterruptedError):
        attempt(task, lambda: True)
