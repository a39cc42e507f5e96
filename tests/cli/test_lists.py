"""Lists of what can be named: as tables, and as JSON."""

from __future__ import annotations

import json

import pytest

import ooms
from ooms.batch.study import shipped_studies
from ooms.calibrating.surveys import shipped_surveys
from ooms.cli import main
from ooms.files.library import shipped
from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, parse_event, parse_quantity
from ooms.parameters import PARAMETERS

NAMES = {
    "views": shipped(),
    "surveys": shipped_surveys(),
    "studies": shipped_studies(),
    "events": DEFAULT_EVENTS,
    "quantities": DEFAULT_QUANTITIES,
    "parameters": PARAMETERS,
}


@pytest.fixture
def ooms_says(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("name", NAMES)
def test_a_list_names_everything_in_a_table_and_as_json(ooms_says, name):
    expected = NAMES[name]
    table, records = ooms_says(name), json.loads(ooms_says(name, "--json"))
    names = [record["name"] for record in records]
    assert set(expected) <= set(names)
    assert len(set(names)) == len(names)
    firsts = [line.strip() for line in table.splitlines()]
    assert all(any(line.startswith(each) for line in firsts) for each in names)


@pytest.mark.parametrize(
    ("one", "other"), [("views", "priors list"), ("studies", "batch list"), ("surveys", "surveys list")]
)
def test_what_was_listed_elsewhere_still_is(ooms_says, one, other):
    for more in ((), ("--json",)):
        assert ooms_says(one, *more) == ooms_says(*other.split(), *more)


def test_every_name_that_is_listed_can_be_asked_for(ooms_says):
    for record in json.loads(ooms_says("events", "--json")):
        assert parse_event(record["name"]).text == record["name"]
    for record in json.loads(ooms_says("quantities", "--json")):
        assert parse_quantity(record["name"]).unit == record["unit"]
    for record in json.loads(ooms_says("views", "--json")):
        assert ooms.load(record["name"]).title == record["title"]
