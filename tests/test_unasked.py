"""What-ifs that move only what is not asked."""

from __future__ import annotations

import pytest

import ooms
from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, RESOURCE_QUANTITIES, parse_event, parse_quantity
from ooms.unasked import warned

BASE = ooms.load("davidson-2025")


def told(changes, events, quantities=()):
    view = warned(BASE.replace(**changes), map(parse_event, events), map(parse_quantity, quantities))
    return [text for text in view.warnings if text.startswith("not-asked: ")]


@pytest.mark.parametrize(
    ("changes", "events", "quantities", "only"),
    [
        ({"software_share": 0.3}, ["5 ooms in 1 year"], ["time to 5 ooms"], "answers in years of progress"),
        ({"training_cost": 1e9}, DEFAULT_EVENTS, DEFAULT_QUANTITIES, "what progress would cost in hardware alone"),
        ({"software_growth": 0.3}, ["accelerates at the start"], ["max speed"], "what comes after the start"),
        ({"taste_start": 2}, ["accelerates at the start"], [], "what comes after the start"),
    ],
)
def test_it_is_named_with_what_to_ask(changes, events, quantities, only):
    (text,) = told(changes, events, quantities)
    assert f"moves only {only}; ask for " in text


@pytest.mark.parametrize(
    ("changes", "events", "quantities"),
    [
        ({"software_share": 0.3}, ["3 years in 1 year"], []),
        ({"software_share": 0.3}, [], ["years of progress after 1 year"]),
        ({"training_cost": 1e9}, [], RESOURCE_QUANTITIES),
        ({"rho": -0.4}, ["accelerates at the start"], []),
        ({"software_growth": 0.3}, ["5 ooms in 1 year"], []),
    ],
)
def test_what_moves_what_is_asked_is_not(changes, events, quantities):
    assert told(changes, events, quantities) == []


def test_what_has_no_effect_at_all_is_named_once():
    view = ooms.load("davidson-houlden-2025").replace(workforce=9)
    assert warned(view, [parse_event("5 ooms in 1 year")], []).warnings == view.warnings != ()
