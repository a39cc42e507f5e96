"""Every published number that the model can answer, each within its own tolerance."""

from __future__ import annotations

import math
from functools import cache

import pytest
from numbers_of import published

import ooms
from ooms.beliefs.reader import load
from ooms.files.library import shipped
from ooms.literature.reproducing import reproduce, shipped_numbers

DRAWS = 2**13
NUMBERS = [(name, i) for name in shipped_numbers() for i in range(len(published(name).claims))]
WITHOUT_NUMBERS = {"compute-bound", "taste-limited", "finite-resources", "economists-2025"}
"""Views whose sources publish no number that a model could give."""


@cache
def rows(name):
    return [row for row in reproduce(name, draws=DRAWS).rows if row.ours is not None and not row.reading]


@pytest.mark.parametrize(("name", "i"), NUMBERS, ids=[f"{n}: {published(n).claims[i].what}" for n, i in NUMBERS])
def test_the_published_number(name, i):
    claim, row = published(name).claims[i], rows(name)[i]
    assert row.what == claim.what
    if not math.isinf(claim.low) or claim.low != claim.high:
        error = 2 * row.ours.standard_error + 1e-9 * (1 + abs(row.ours.value))
        assert claim.low - claim.tolerance - error <= row.ours.value <= claim.high + claim.tolerance + error
    else:
        assert row.ours.value == claim.low
    assert row.verdict == ("goes in" if claim.goes_in else "agrees")


@pytest.mark.parametrize("name", shipped_numbers())
def test_the_monte_carlo_error_is_small_beside_the_tolerance(name):
    for row in rows(name):
        assert row.ours.standard_error <= max(row.tolerance, 1e-12) or row.low < row.high, row


def test_every_file_is_about_a_shipped_view_and_every_view_has_its_numbers():
    assert {published(name).view for name in shipped_numbers()} == set(shipped()) - WITHOUT_NUMBERS


@pytest.mark.parametrize("name", shipped_numbers())
def test_what_goes_in_is_asked_of_beliefs_and_not_of_results(name):
    for claim in published(name).claims:
        if claim.goes_in and "doubling" not in claim.what:
            assert claim.case.question.kind == "parameter", claim.what


@pytest.mark.parametrize("name", shipped_numbers())
def test_no_number_is_listed_twice(name):
    found = published(name)
    names = [claim.what for claim in found.claims] + [other.what for other in found.out_of_reach]
    assert len(set(names)) == len(names)


def test_a_source_without_numbers_is_told_apart_from_a_misspelt_one():
    for name in WITHOUT_NUMBERS:
        load(name)
        with pytest.raises(ooms.UserError, match="has published no numbers"):
            reproduce(name)
