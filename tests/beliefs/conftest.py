"""Prior files of a test's own, and what is said about them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import ooms
from ooms.problems import UserError

sys.path.insert(0, str(Path(__file__).parent))  # lets tests import prior_texts, whatever import mode pytest runs in


@pytest.fixture
def write(tmp_path):
    """Write a file into a folder of its own; its path."""

    def to(text, name="my.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to


@pytest.fixture
def load(write):
    return lambda text, name="my.toml": ooms.load(write(text, name))


@pytest.fixture
def complaints(write):
    """(place, what, remedy) of everything that is wrong with a file."""

    def of(text, name="my.toml"):
        with pytest.raises(UserError) as caught:
            ooms.load(write(text, name))
        for problem in caught.value.problems:
            assert str(problem) in str(caught.value)
            assert all((problem.place, problem.what, problem.remedy))
        return [(p.place, p.what, p.remedy) for p in caught.value.problems]

    return of


@pytest.fixture
def says(complaints):
    """Check that a file is answered with exactly these problems, given as (place below the file, what, remedy)."""

    def check(text, *expected):
        assert complaints(text) == [(f"my.toml: {place}", what, remedy) for place, what, remedy in expected]

    return check
