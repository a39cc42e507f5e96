"""Whatever ``--json`` writes is what the schema says."""

from __future__ import annotations

import json

import jsonschema
import pytest

from ooms.cli import main
from ooms.results.plain import schema

FEW = ("--draws", "256")
VALID = jsonschema.Draft202012Validator(schema())

COMMANDS = {
    "forecast": ("forecast", *FEW),
    "comparison": ("compare", "davidson-2025", "kwa-2026", *FEW),
    "readings": ("compare", "davidson-2025", "--readings", *FEW),
    "explanation": ("compare", "davidson-2025", "kwa-2026", "--explain", *FEW),
    "pool": ("pool", "davidson-2025", "kwa-2026", *FEW),
    "calibration": ("calibration", "calibrated/davidson-2025"),
    "what-if": ("calibration", "calibrated/davidson-2025", "--weight", "substitution-studies=0.8"),
    "reproduction": ("reproduce", "kwa-2026"),
}
MORE = [
    ("compare", "davidson-2025", "--each-option", *FEW),
    ("pool", "davidson-2025", "kwa-2026", "--quantity", "max speed", *FEW),
    ("forecast", "kwa-2026", "--quantity", "time to 12 ooms", *FEW),
]


def written(capsys, *command):
    assert main([*command, "--json"]) in (0, 1)
    return json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_command_writes_what_the_schema_says(capsys, kind):
    data = written(capsys, *COMMANDS[kind])
    VALID.validate(data)
    assert data["kind"] == kind


@pytest.mark.parametrize("command", MORE, ids=" ".join)
def test_other_forms_of_a_command_do_too(capsys, command):
    VALID.validate(written(capsys, *command))


def test_every_kind_of_the_schema_is_written_by_a_command():
    assert {each["$ref"].rpartition("/")[2] for each in schema()["oneOf"]} == set(COMMANDS)


def test_what_is_none_of_it_is_refused():
    number = {"value": 0.5, "standard_error": 0.1}
    forecast = {"kind": "forecast", "ooms": "0", "view": "v", "draws": 1, "seed": 0, "warnings": [], "quantities": [],
                "events": [{"event": "5 ooms", "probability": number}]}  # fmt: skip
    VALID.validate(forecast)
    for wrong in ({"kind": "forecasts"}, {"draws": "1"}, {"more": 1}, {"events": [{"event": "5 ooms", **number}]}):
        assert not VALID.is_valid(forecast | wrong)
