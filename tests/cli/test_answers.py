"""``ooms forecast --event``: the answer and no more, with a what-if beside what the view states."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import ooms
from ooms.cli import main

FEW = ("--draws", "1024", "--threads", "1")
EVENT = "5 ooms in 1 year"
WORDS = "5 OOMs in 1 year"


@pytest.fixture
def ooms_says(capsys, monkeypatch):
    """Runs ``ooms forecast``; gives standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[str, str]:
        assert main(["forecast", *arguments, *FEW]) == 0
        return capsys.readouterr()

    return run


def test_an_event_alone_is_answered_in_a_line(ooms_says):
    out, err = ooms_says("--event", "5 OOMs in under a year")
    chance = 100 * ooms.forecast("davidson-2025", draws=1024).probability(EVENT).value
    assert re.fullmatch(rf"{WORDS}: (\d+\.\d+) ± \d\.?\d* %\n", out)
    assert float(out.split(": ")[1].split()[0]) == pytest.approx(chance, abs=0.05)
    assert err == ""


def test_several_events_have_a_line_each(ooms_says):
    out, _ = ooms_says("--event", EVENT, "--event", "accelerates")
    assert [line.partition(": ")[0] for line in out.splitlines()] == [
        WORDS, "progress speeds itself up at the start",
    ]  # fmt: skip


def test_a_what_if_stands_beside_what_is_stated_with_the_error_of_the_difference(ooms_says):
    out, _ = ooms_says("--event", EVENT, "--set", "rho=-0.4")
    shown = re.fullmatch(rf"{WORDS}: (\S+) % \(as stated (\S+); (\S+) ± (\S+)\)\n", out)
    assert shown is not None
    view = ooms.load("davidson-2025")
    after, before = (ooms.forecast(each, draws=1024).event(EVENT) for each in (view.replace(rho=-0.4), view))
    each = np.subtract(after.by_randomisation, before.by_randomisation)
    error = each.std(ddof=1) / np.sqrt(len(each))
    numbers = [float(text) for text in shown.groups()]
    exact = [100 * after.probability.value, 100 * before.probability.value, 100 * each.mean(), 100 * error]
    assert numbers[:3] == pytest.approx(exact[:3], abs=2 * exact[3])
    assert numbers[3] == pytest.approx(exact[3], rel=0.5)


def test_an_option_is_one_after_the_name_of_the_view(ooms_says):
    flag, _ = ooms_says("--event", EVENT, "--option", "long-run")
    view = ooms.load("davidson-2025+long-run")
    shown = re.search(r": (\S+) % \(as stated (\S+);", flag)
    assert shown is not None
    for text, believed in zip(shown.groups(), (view, ooms.load("davidson-2025")), strict=True):
        assert float(text) == pytest.approx(
            100 * ooms.forecast(believed, draws=1024).probability(EVENT).value, abs=0.06
        )


@pytest.mark.parametrize("more", [["--full"], ["--quantity", "peak pace"], ["--resources"]])
def test_everything_is_there_for_the_asking(ooms_says, more):
    out, _ = ooms_says("--event", EVENT, *more)
    assert "How likely" in out
    assert "How far, how soon, how fast" in out


def test_json_has_what_it_had(ooms_says):
    out, _ = ooms_says("--event", EVENT, "--set", "rho=-0.4", "--json")
    data = json.loads(out)
    assert [entry["event"] for entry in data["events"]] == [EVENT]
    assert len(data["quantities"]) > 20


def test_warnings_of_a_view_go_beside_the_answer(ooms_says):
    out, err = ooms_says("--event", EVENT, "--set", "taste_slope=0.1")
    assert len(out.splitlines()) == 1
    assert "warning: smarter-copies-twice" in err


def test_an_answer_is_saved_with_everything(ooms_says, tmp_path):
    out, _ = ooms_says("--event", EVENT, "-o", str(tmp_path / "f.nc"))
    assert out.splitlines()[1] == f"Saved to {tmp_path / 'f.nc'}"
    assert (tmp_path / "f.nc").stat().st_size > 10_000
