"""Whatever stands in an input, it is read or refused, and nothing else happens; `make fuzz` tries 20,000 more.

New inputs every time at a desk, the same ones in continuous integration.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fuzzing.crew import judged
from fuzzing.inputs import KINDS, Input, made, sound
from fuzzing.verdicts import judge, prepared
from ooms.beliefs import reader
from ooms.problems import UserError

FEW = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
COUNTS = {"prior": 60, "options": 30, "study": 25, "survey": 60}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("fuzzing")
    prepared(place)
    return place


@pytest.mark.parametrize("share", [4, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])
@pytest.mark.parametrize("kind", COUNTS)
def test_changed_inputs_are_answered_or_refused(folder, kind, share):
    @settings(FEW, max_examples=COUNTS[kind] // share)
    @given(number=st.integers(0, 10**9))
    def judged_at_random(number):
        fault = judge(made(0, number, kind), folder)
        assert fault is None, f"python -m fuzzing --only {number} --kind {kind}\n{fault.signature}\n{fault.details}"

    judged_at_random()


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_follows_from_its_number_and_its_changes_can_be_left_out(kind):
    for number in range(20):
        whole = made(3, number, kind)
        assert whole == made(3, number, kind)
        least = made(3, number, kind, range(whole.changes))
        if kind != "options":
            assert dict(least.files) in [sound(kind, which) for which in range(30)]




def faults(folder, **texts):
    return judge(Input("prior", {name.replace("_", "."): text.encode() for name, text in texts.items()}), folder)


def test_faults_are_noticed(folder, monkeypatch):
    """The judge is no rubber stamp: each kind of fault is one to it."""
    fine = 'extends = "davidson-2025"'
    assert faults(folder, input_toml=fine) is None
    assert faults(folder, input_toml="extends = 3") is None  # refused, as it should be

    def with_load(load):
        monkeypatch.setattr("fuzzing.verdicts.load", load)
        return faults(folder, input_toml=fine).kind

    def warned(_):
        import warnings

        warnings.warn("divide by zero", RuntimeWarning, stacklevel=1)

    def unprintable(path):
        raise UserError([reader.Problem("x", "\x1b[31m", "y")])

    def incomplete(path):
        raise UserError([reader.Problem("x", "y", "")])

    def long(path):
        while True:
            pass

    monkeypatch.setattr("fuzzing.verdicts.LIMIT", 0.2)
    monkeypatch.setattr("fuzzing.verdicts._timed.__wrapped__.__defaults__", (0.2,))
    assert with_load(lambda path: 1 / 0) == "traceback"
    assert with_load(lambda path: bytes(10**18)) == "memory"
    assert with_load(warned) == "traceback"
    assert with_load(lambda path: (folder / "outside" / "secret.toml").read_text()) == "read outside"
    with monkeypatch.context() as bare:
        bare.setattr("ooms.problems.printable", str)
        assert with_load(unprintable) == "control characters"
    assert with_load(incomplete) == "incomplete problem"
    assert with_load(long) == "takes long"
    monkeypatch.undo()
    monkeypatch.setattr("ooms.results.sketch.Sketch.quantiles", lambda self, levels: [forecast_nan() for _ in levels])
    assert faults(folder, input_toml=fine).kind == "not a number"


def forecast_nan():
    from ooms.results.credence import Estimate

    return Estimate(float("nan"), 0.0)


@pytest.mark.slow
def test_workers_judge_the_same_and_say_which(folder):
    tasks = [(0, number, "survey", ()) for number in range(40)]
    found = dict(judged(tasks, 2))
    assert set(found) == set(tasks)
    assert all(fault == judge(made(*task), folder) for task, fault in found.items())
