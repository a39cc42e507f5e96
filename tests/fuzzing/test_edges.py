"""At every edge of every domain there is an answer or a named problem: with a clock and with retraining too."""

from __future__ import annotations

import math
from random import Random

import pytest

from fuzzing.inputs import Input
from fuzzing.verdicts import judge, prepared
from ooms.parameters import known, known_names

VIEWS = (
    "davidson-2025", "davidson-houlden-2025+retraining", "davidson-houlden-2025+gradual-boost", "finite-resources",
    "economists-2025+long-run", "ai-futures-2025",
)  # fmt: skip
SIZES = (1e-308, 1e-300, 1e-16, 1e16, 1e300, 1e308)


def values(name):
    """The sizes at which numbers end, and the ends of the domain with the numbers next to them."""
    parameter = known(name)
    ends = [end for end in (parameter.low, parameter.high) if math.isfinite(end)]
    beside = [math.nextafter(end, other) for end in ends for other in (-math.inf, math.inf)]
    return sorted({*SIZES, *(-size for size in SIZES), *ends, *beside})


EDGES = [(view, name, value) for view in VIEWS for name in known_names() for value in values(name)]

FAULTS = [
    ("economists-2025+long-run", "skill", 1e-16),  # progress after a year was below 0 in draws that hardly move
]
"""Edges that had neither."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("edges")
    prepared(place)
    return place


def fault(folder, view, name, value):
    return judge(Input("options", words=("forecast", view, "--set", f"{name}={value!r}")), folder)


@pytest.mark.sweep(4)
@pytest.mark.parametrize(("view", "name", "value"), [*FAULTS, *Random(0).sample(EDGES, 12)])
def test_some_edges_have_an_answer_or_a_problem(folder, view, name, value):
    assert fault(folder, view, name, value) is None


@pytest.mark.exhaustive
@pytest.mark.parametrize("view", VIEWS)
def test_all_edges_have_an_answer_or_a_problem(folder, view):
    faults = {edge: fault(folder, *edge) for edge in EDGES if edge[0] == view}
    assert not {edge: str(each) for edge, each in faults.items() if each}
