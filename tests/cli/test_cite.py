"""``ooms cite``: what it prints and writes, and what it says to whom gives it something wrong."""

from __future__ import annotations

import os

import pytest

from ooms.cli import main
from ooms.literature.citing import cite

MINE = """
extends = "davidson-houlden-2025"
[references.doe-2026]
author = ["Doe, Jane"]
title = "Labour for compute"
year = 2026
[parameters.rho]
value = -0.2
source = "Doe 2026"
cites = ["doe-2026"]
"""


@pytest.fixture
def ooms_says(capsys, tmp_path, monkeypatch):
    """Runs a command in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["cite", *arguments])
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("view", ["davidson-houlden-2025", "davidson-houlden-2025+retraining"])
@pytest.mark.parametrize("format", ["text", "bibtex"])
def test_prints_what_the_library_gives(ooms_says, view, format):
    assert ooms_says(view, "--format", format) == (0, cite(view, format=format) + "\n", "")


def test_the_default_is_the_default_view_as_text(ooms_says):
    assert ooms_says() == (0, cite("davidson-2025") + "\n", "")


def test_a_file_and_a_what_if(ooms_says, tmp_path):
    (tmp_path / "mine.toml").write_text(MINE)
    code, out, err = ooms_says("mine.toml")
    assert (code, err) == (0, "")
    assert "Doe, J. (2026). Labour for compute.\n    for rho\n" in out
    code, out, err = ooms_says("mine.toml", "--set", "rho=-0.4")
    assert (code, err) == (0, "")
    assert "Doe" not in out
    assert "Changed by the user\n  rho = -0.4" in out


def test_writes_a_file(ooms_says, tmp_path):
    code, out, err = ooms_says("davidson-houlden-2025", "--format", "bibtex", "--out", "refs.bib")
    assert (code, out, err) == (0, "4 works written to refs.bib\n", "")
    assert (tmp_path / "refs.bib").read_text(encoding="utf-8") == cite("davidson-houlden-2025", format="bibtex") + "\n"
    assert os.listdir(tmp_path) == ["refs.bib"]


def test_writes_over_a_file_and_through_a_link(ooms_says, tmp_path):
    (tmp_path / "refs.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("refs.txt")
    assert ooms_says("--out", "refs.txt")[0] == 0
    first = (tmp_path / "refs.txt").read_text(encoding="utf-8")
    assert first == cite("davidson-2025") + "\n"
    assert ooms_says("davidson-houlden-2025", "--out", "link.txt")[0] == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "refs.txt").read_text(encoding="utf-8") == cite("davidson-houlden-2025") + "\n"


def test_everything_that_is_wrong_is_told_at_once(ooms_says, tmp_path):
    code, out, err = ooms_says("nothing", "--set", "rho", "--out", "no/where.bib")
    assert (code, out) == (2, "")
    assert err.startswith("3 problems, nothing was run:\n")
    for told in (
        "--set: 'rho' cannot be read",
        "nothing: is neither a shipped view nor a file",
        "-o no/where.bib: cannot be written: there is no folder no\n    -> give a folder that exists",
    ):
        assert told in err
    assert os.listdir(tmp_path) == []


def test_a_format_that_is_none_is_told_with_those_that_are(ooms_says, tmp_path):
    code, out, err = ooms_says("--format", "html", "--out", "refs.html")
    assert (code, out) == (2, "")
    for told in ("--format", "html", "text", "bibtex", "ooms cite --help"):
        assert told in err
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("out", "what"),
    [(".", "is a folder, not a file"), ("x" * 300, "cannot be written: File name too long")],
)
def test_a_place_that_cannot_be_written(ooms_says, tmp_path, out, what):
    code, printed, err = ooms_says("--out", out)
    assert (code, printed) == (2, "")
    assert f"-o {out}: {what}" in err
    assert os.listdir(tmp_path) == []


def test_a_wrong_change_is_told_with_its_remedy(ooms_says):
    code, out, err = ooms_says("davidson-houlden-2025", "--set", "roh=-0.4")
    assert (code, out) == (2, "")
    assert "there is no parameter roh" in err
    assert "did you mean rho" in err
