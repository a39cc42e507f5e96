"""``ooms reproduce``: what it prints, and its exit code."""

from __future__ import annotations

import json

import pytest

from ooms.cli import main
from ooms.literature.reproducing import reproduce

QUICK = ("--draws", "256", "--threads", "1")
AMISS = """
view = "davidson-2025"

[[numbers]]
what = "5 OOMs in a year"
published = 90
tolerance = 1
because = "so it is"
source = "page 7"
event = "5 ooms in 1 year"
note = "mind this"

[[numbers.other_readings]]
reading = "at a low rho"
set = {rho = -1}

[[out_of_reach]]
what = "the weather"
published = "fair"
reason = "not modelled"
source = "page 8"
"""


@pytest.fixture
def ooms_says(capsys, monkeypatch):
    """Runs a command; gives exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["reproduce", *arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def amiss(tmp_path):
    path = tmp_path / "amiss.toml"
    path.write_text(AMISS)
    return str(path)


def test_what_agrees_exits_with_0(ooms_says):
    code, out, err = ooms_says("davidson-2025", "eth-davidson-2025", *QUICK)
    assert (code, err) == (0, "")
    for text in ("max speed at rho = -0.4", "5.657", "10 to 40 %", "2nd doubling", "40.38", "printed without decimals"):
        assert text in out
    assert "differs" not in out
    assert "256 quasi-random draws a forecast · seed 0" in out


def test_what_differs_exits_with_1(ooms_says, amiss):
    code, out, err = ooms_says(amiss, *QUICK)
    assert (code, err) == (1, "")
    for text in ("90 %", "differs", "at a low rho", "other reading", "out of reach", "so it is", "mind this", "fair"):
        assert text in out
    for line in out.splitlines():
        if "5 OOMs in a year" in line:
            assert line.split()[-1] == "differs"
            assert "1 a b" in line  # the tolerance, and where its reason and the note are told
    assert "not modelled" in out
    assert "page 7" not in out


def test_sources_are_told_when_asked_for(ooms_says, amiss):
    out = ooms_says(amiss, *QUICK, "--sources")[1]
    assert "source: page 7" in out
    assert "source: page 8" in out


@pytest.mark.parametrize("columns", [80, 160])
def test_nothing_is_cut_off(ooms_says, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    out = ooms_says("ai-futures-2025", "davidson-2025", *QUICK)[1]
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= columns


@pytest.mark.sweep(1)
@pytest.mark.parametrize("columns", [60, 80, 110])
def test_words_are_whole(ooms_says, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    out = ooms_says("ai-futures-2025", "davidson-houlden-2025", *QUICK)[1]
    said = set(" ".join(f"{row.what} {row.published} {row.verdict}" for row in reproduce(
        ["ai-futures-2025", "davidson-houlden-2025"], draws=256).rows).split())  # fmt: skip
    assert "superintelligence" in said
    assert said <= set(out.split())


def test_json_is_that_of_the_library(ooms_says, amiss):
    code, out, err = ooms_says(amiss, *QUICK, "--json", "--seed", "3")
    assert (code, err) == (1, "")
    data = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert list(data) == ["kind", "ooms", "draws", "seed", "agrees", "rows"]
    assert (data["draws"], data["seed"], data["agrees"]) == (256, 3, False)
    found = reproduce(amiss, draws=256, seed=3)
    for entry, row in zip(data["rows"], found.rows, strict=True):
        assert entry["verdict"] == row.verdict
        assert entry["changes"] == list(row.changes)
        if row.ours is not None:
            assert entry["ours"] == row.ours._asdict()
            assert entry["published_low"] == 90
    assert data["rows"][-1]["ours"] is None
    assert data["rows"][-1]["because"] == "not modelled"


def test_infinite_is_null(ooms_says):
    rows = json.loads(ooms_says("davidson-2025", *QUICK, "--json")[1])["rows"]
    (row,) = (row for row in rows if row["what"] == "max speed at rho = 0")
    assert (row["published"], row["published_low"], row["difference"]) == ("unlimited", None, 0)
    assert row["ours"] == {"value": None, "standard_error": 0.0}


def test_mistakes_exit_with_2(ooms_says):
    code, out, err = ooms_says("davidson-2052", "--draws", "100")
    assert (code, out) == (2, "")
    assert "did you mean davidson-2025" in err
    assert "give 128" in err or "give 256" in err


def test_help_shows_an_example(ooms_says):
    code, out, _ = ooms_says("--help")
    assert code == 0
    assert "ooms reproduce davidson-2025" in out
