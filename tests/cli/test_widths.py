"""Every number that a program is given is there for a person too, with its error, however narrow the terminal."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

import ooms
from ooms.cli import main
from ooms.outcomes.words import outcome_words
from ooms.results.credence import Estimate
from ooms.results.numbers import plus_minus, signed

FEW = ("--draws", "256", "--threads", "1")
VIEWS = ("davidson-2025", "davidson-houlden-2025+retraining-as-coded", "epoch-2025")
EVENTS = ("5 ooms in 1 year", "3 years in 1 year", "10 years in 4 months anywhere", "accelerates", "1 oom in 1 month")
ASKED = [word for event in EVENTS for word in ("--event", event)]
WIDTHS = pytest.mark.parametrize("columns", [60, 80, 110, 160])


@pytest.fixture
def both(capsys, monkeypatch):
    """What a command prints in so many columns, line by line, and as JSON."""

    def run(columns: int, *arguments: str):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert main([*arguments, *FEW]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert main([*arguments, *FEW, "--json"]) == 0
        assert max(map(len, lines)) <= columns
        assert "…" not in "".join(lines)
        return lines, json.loads(capsys.readouterr().out)

    return run


def named(view: str) -> str:
    return ooms.load(view).position


def shown(lines: list[str], label: str, number: str) -> bool:
    """Whether a number is in a row of that name, or of its first words: on its line, or with its error below it."""
    names = {" ".join(label.split()[:k]) for k in range(1, len(label.split()) + 1)}
    names = {name for name in names if name == " ".join(label.split()) or len(name) >= 10} | {label}
    any_name = "|".join(map(re.escape, sorted(names, key=len)))
    rows = [pair for pair in pairwise([*lines, ""]) if re.match(rf" +({any_name})(  |$)", pair[0])]
    value, _, error = number.partition(" ± ")
    for row, below in rows:
        if re.search(rf"(^| ){re.escape(number)}( |$)", row):
            return True
        ends = (found.end() for found in re.finditer(rf"(?<= ){re.escape(value)}(?= |$)", row))
        if error and any(below[:end].endswith(f" ± {error}") for end in ends):
            return True
    return False


@pytest.mark.sweep(2)
@WIDTHS
def test_compare(both, columns):
    lines, found = both(columns, "compare", *VIEWS, *ASKED, "--quantity", "time to 5 ooms")
    for view in found["views"]:
        for event in view["events"]:
            chance = Estimate(**event["probability"])
            assert shown(lines, named(view["view"]), plus_minus(chance, percent=True)), event


@pytest.mark.sweep(2)
@WIDTHS
def test_each_option(both, columns):
    lines, found = both(columns, "compare", "davidson-2025", "--each-option")
    for row in found["options"]:
        label = f"+{row['option']}"
        assert shown(lines, label, plus_minus(Estimate(**row["probability"]), True))
        change = signed(Estimate(**row["change"]), percent=True)
        assert shown(lines, label, change) or row["option"] in ("smarter-faster", "cheaper-experiments")


@pytest.mark.sweep(2)
@WIDTHS
def test_explain(both, columns):
    lines, found = both(columns, "compare", "ho-whitfill-2025", "davidson-houlden-2025", "--explain")
    for name in ("start", "end"):
        label = named(found[{"start": "a", "end": "b"}[name]])
        assert shown(lines, label, plus_minus(Estimate(**found[name]), True))
    assert any(group["correlations"] for group in found["groups"])
    for group in found["groups"]:
        label = group["group"] + (" (with a correlation)" if group["correlations"] else "")
        for name in ("contribution", "alone", "last"):
            moved = Estimate(**group[name])
            assert shown(lines, label, signed(moved, percent=True)), (label, name)


@pytest.mark.sweep(1)
@WIDTHS
def test_readings(both, columns):
    lines, found = both(columns, "compare", "epoch-2025", "davidson-2025", "--readings")
    for row in found["readings"]:
        adjustment = row["returns"].replace(" the compute adjustment", "")
        number = plus_minus(Estimate(**row["probability"]), percent=True)
        assert any(shown(lines, f"{adjustment}{' ' * gap}{row['where']}", number) for gap in range(2, 20)), row


@pytest.mark.sweep(2)
@WIDTHS
def test_pool(both, columns):
    lines, found = both(columns, "pool", *VIEWS, "--event", EVENTS[0], "--quantity", "ooms after 1 year")
    (event,) = found["events"]
    for method in ("linear", "logarithmic"):
        number = plus_minus(Estimate(**event[method]), percent=True)
        assert shown(lines, f"{method} pool", number)
    for view in event["views"]:
        label = named(view["view"])
        assert shown(lines, label, plus_minus(Estimate(**view["probability"]), True))
        without, change = view["pool_without_it"], view["change"]
        assert shown(lines, label, plus_minus(Estimate(**without), True))
        assert shown(lines, label, signed(Estimate(**change), True))


@pytest.mark.sweep(2)
@WIDTHS
def test_forecast(both, columns):
    lines, found = both(columns, "forecast", *ASKED, "--full")
    for event in found["events"]:
        number = plus_minus(Estimate(**event["probability"]), percent=True)
        assert shown(lines, outcome_words(event["event"]), number), event


@pytest.mark.sweep(2)
@WIDTHS
@pytest.mark.parametrize("command", [["priors", "show", "epoch-2025"], ["priors", "list"]])
def test_priors(capsys, monkeypatch, columns, command):
    def words() -> set[str]:
        assert main(command) == 0
        out = capsys.readouterr().out
        assert max(map(len, out.splitlines())) <= columns
        return {word for word in out.split() if len(word) < 24}

    monkeypatch.setenv("COLUMNS", str(columns))
    narrow = words()
    monkeypatch.setenv("COLUMNS", "500")
    columns = 500
    assert words() <= narrow
