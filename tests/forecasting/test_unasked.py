"""What-ifs that move only what is not asked."""

from __future__ import annotations

import pytest

import ooms
from ooms.beliefs.view import BeliefWarning
from ooms.cli import main
from ooms.forecasting.unasked import warned
from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, RESOURCE_QUANTITIES, parse_event, parse_quantity

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


def shocked(year, events, quantities=()):
    view = BASE.replace(hardware_shock=10, hardware_shock_year=year)
    view = warned(view, map(parse_event, events), map(parse_quantity, quantities))
    return [text for text in view.warnings if text.startswith("not-asked: ")]


def test_a_date_after_all_that_is_asked_is_named():
    quantities = ["ooms after 1 year", "max speed", "cost by hardware alone after 1 week"]
    (text,) = shocked(5, ["5 ooms in 1 year"], quantities)
    assert text == (
        "not-asked: hardware_shock = 10 and hardware_shock_year = 5 act only after 1 year, all that is asked; "
        'ask for "ooms after 10 years" to see it'
    )
    (text,) = shocked("uniform(4, 9)", ["5 ooms in 1 year anywhere within 4 years", "accelerates at the start"])
    assert "act only after 4 years, all that is asked" in text
    assert len(shocked(5, [], ["initial speed-up"])) == 1  # told once, by what nothing at the start depends on


@pytest.mark.parametrize(
    ("year", "events", "quantities"),
    [
        (0.9, ["5 ooms in 1 year"], []),
        ("uniform(0.5, 9)", ["5 ooms in 1 year"], []),
        (5, ["5 ooms in 1 year anywhere"], []),
        (5, ["5 ooms in 1 year"], ["time to 5 ooms"]),
        (5, ["5 ooms in 1 year"], ["peak pace"]),
        (5, ["5 ooms in 1 year", "9 ooms in 6 years"], []),
    ],
)
def test_a_date_before_some_of_it_is_not(year, events, quantities):
    assert shocked(year, events, quantities) == []


def test_a_date_put_off_beyond_all_that_is_asked_moves_it():
    early = BASE.replace(hardware_shock=10, hardware_shock_year=0.5)
    later = early.replace(hardware_shock_year=5)
    asked = [parse_event("5 ooms in 1 year")], [parse_quantity("ooms after 1 year")]
    assert not any("hardware_shock_year = 5 act" in text for text in warned(later, *asked).warnings)
    one, other = (ooms.forecast(v, draws=2**10, events=["5 ooms in 1 year"], quantities=()) for v in (early, later))
    assert one.probability("5 ooms in 1 year") != other.probability("5 ooms in 1 year")


def test_a_shock_that_is_none_is_named_once():
    view = BASE.replace(hardware_shock=1, hardware_shock_year=5)
    assert warned(view, [parse_event("5 ooms in 1 year")], []).warnings == view.warnings != ()


@pytest.mark.parametrize("make", [ooms.forecast, ooms.compare, ooms.report])
def test_whoever_asks_is_told_once(make):
    with pytest.warns(BeliefWarning) as caught:
        make(BASE.replace(training_cost=1e9), draws=2**8)
    (text,) = {str(warning.message) for warning in caught}
    assert text == (
        "not-asked: training_cost = 1000000000 moves only what progress would cost in hardware alone; "
        'ask for "cost by hardware alone after 1 year" to see it'
    )
    assert len(caught) == 1


def test_it_is_of_the_questions_of_each_forecast():
    view = BASE.replace(training_cost=1e9)
    with pytest.warns(BeliefWarning, match="^not-asked: ") as caught:
        found = ooms.forecast(view, draws=2**8)
    assert caught[0].filename == __file__  # it points at the caller
    assert found.view == view
    assert [text[:9] for text in found.view.warnings] == ["not-asked"]
    asking = ooms.forecast(found.view, draws=2**8, quantities=RESOURCE_QUANTITIES)
    assert asking.view.warnings == view.warnings == ()


@pytest.mark.slow
def test_a_report_says_so_from_the_command_line(tmp_path, capsys):
    of = ["davidson-2025", "--set", "training_cost=1e9", "--draws", "256"]
    assert main(["report", *of, "-o", f"{tmp_path}/r.md"]) == 0
    assert (tmp_path / "r.md").read_text().count("not-asked: ") == 1
    assert "not-asked" not in capsys.readouterr().err  # nor is it issued as well
