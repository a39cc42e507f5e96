"""Slices of a dataset made by hand: labels with commas and equals signs, the nearest labels, everything once."""

import time

import numpy as np
import pytest
import xarray as xr

from ooms.batch.slices import selected, slice_of
from ooms.problems import Problems, UserError

TEXT = np.dtypes.StringDType()
VIEWS = [f"view-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
PATHS = ["slow", "fast, a lot", "uniform(-0.2, 0)", "a=b"]


@pytest.fixture
def data():
    axes, shape = ("view", "path", "returns"), (len(VIEWS), len(PATHS), 3)
    labels = {"view": np.array(VIEWS, dtype=TEXT), "path": np.array(PATHS, dtype=TEXT), "returns": [0.5, 1.0, 2.0]}
    speed = {"speed": ("path", [1.0, 2.0, 3.0, 4.0])}
    event = {"event": np.array(["5 ooms in 1 year", "3 years in 1 year"], dtype=TEXT)}
    return xr.Dataset({"state": (axes, np.ones(shape, dtype=np.int8))}, labels | speed | event)


def paths(data, where):
    problems = Problems()
    found = slice_of(data, where, problems)
    problems.raise_if_any()
    return found["path"].values.tolist()


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("path=a=b", ["a=b"]),
        ("path=fast, a lot", ["fast, a lot"]),
        ("path=fast, a lot,slow", ["slow", "fast, a lot"]),
        ("path=slow, fast, a lot, a=b", ["slow", "fast, a lot", "a=b"]),
        ("path=uniform(-0.2, 0),fast, a lot", ["fast, a lot", "uniform(-0.2, 0)"]),
        ("speed=2..3", ["fast, a lot", "uniform(-0.2, 0)"]),
    ],
)
def test_labels_may_have_commas_and_equals_signs(data, where, expected):
    assert paths(data, [where]) == expected


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("view=view_n", "did you mean view-n"),  # in the middle of many
        ("view=zzz", "view-a, view-b, view-c, view-d, view-e, view-f, ..., view-y, view-z"),
        ("path=slow,quick", "path is never quick"),
        ("returns=2..0.5x", "no range of numbers"),
    ],
)
def test_the_remedy_names_the_nearest_of_all_labels_or_a_few(data, where, said):
    with pytest.raises(UserError) as caught:
        paths(data, [where])
    assert said in str(caught.value)


def test_an_event_that_is_named_twice_is_one_column(data):
    problems = Problems()
    found = selected(data, ["3 years in 1 year", "3 years  in 1 YEAR"], [], problems)
    problems.raise_if_any()
    assert found["event"].values.tolist() == ["3 years in 1 year"]


def asked(data, where):
    problems = Problems()
    slice_of(data, [where], problems)
    return [problem.what for problem in problems.found]


def test_long_lists_are_read_in_time_that_grows_with_their_length(data):
    began = time.process_time()
    assert asked(data, "returns=" + ",".join(["1"] * 20_000)) == []
    assert asked(data, f"path={'(' * 20_000}{',' * 20_000}")[0].startswith("path is never (((")
    assert len(asked(data, "returns=" + ",".join(map(str, range(10, 900))))) == 6  # five of them, and the rest together
    assert asked(data, "returns=" + ",".join(map(str, range(5000)))) == [
        "5,000 values of returns are asked for, more than 1,000"
    ]
    assert time.process_time() - began < 3
