"""Problems: all of them in one error, in order, each with place, value and remedy; and did-you-mean."""

from __future__ import annotations

import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ooms.parameters import known_names
from ooms.problems import Problem, Problems, UserError, did_you_mean

TWO = (Problem("a.toml: x", "x = 3 is not below 1", "give x below 1"), Problem("a.toml: y", "y is missing", "add y"))


def test_an_error_is_all_its_problems_in_order():
    error = UserError(TWO)
    assert isinstance(error, ValueError)
    assert error.problems == TWO
    assert str(error) == (
        "a.toml: x: x = 3 is not below 1\n    -> give x below 1\na.toml: y: y is missing\n    -> add y"
    )  # fmt: skip


def test_an_error_takes_any_iterable():
    assert UserError(p for p in TWO).problems == TWO


def test_nothing_wrong_raises_nothing():
    problems = Problems()
    assert len(problems) == 0
    problems.raise_if_any()


def test_a_collector_keeps_order():
    problems = Problems()
    problems.add(TWO[0].place, TWO[0].what, TWO[0].remedy)
    problems.extend(TWO[1:])
    assert len(problems) == 2
    with pytest.raises(UserError) as caught:
        problems.raise_if_any()
    assert caught.value.problems == TWO
    with pytest.raises(UserError):  # it does not forget
        problems.raise_if_any()


def test_a_collector_does_not_change_an_error_it_has_raised():
    problems = Problems()
    problems.extend(TWO)
    with pytest.raises(UserError) as caught:
        problems.raise_if_any()
    problems.add("later", "more", "else")
    assert caught.value.problems == TWO


def test_problems_are_values():
    assert Problem("a", "b", "c") == Problem("a", "b", "c")
    assert pickle.loads(pickle.dumps(TWO)) == TWO
    with pytest.raises(dataclasses.FrozenInstanceError):
        TWO[0].place = "b"


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("retruns", known_names(), "did you mean returns or returns_total?"),
        ("lambda", ["parallelizability", "rho"], "use one of: parallelizability, rho"),
        ("bta", ["beta", "fixed"], "did you mean beta?"),
        ("", ["beta", "fixed"], "use one of: beta, fixed"),
        ("x", [], "use one of: "),
        ("rho", (n for n in ["rho"]), "did you mean rho?"),
    ],
)
def test_did_you_mean(word, known, expected):
    assert did_you_mean(word, known) == expected


@given(word=st.text(max_size=30))
def test_did_you_mean_always_helps(word):
    some = known_names()[:20]
    assert any(name in did_you_mean(word, some) for name in some)


def test_a_remedy_is_no_list_of_everything():
    assert did_you_mean("zzz", known_names()) == f"use one of the {len(known_names())} that there are"


@given(name=st.sampled_from(known_names()), at=st.integers(0, 30))
def test_one_letter_less_is_found(name, at):
    at %= len(name)
    slip = name[:at] + name[at + 1 :]
    if slip not in known_names() and len(name) > 4:
        assert name in did_you_mean(slip, known_names())
