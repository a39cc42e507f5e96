"""What is written, and where: one flag, whose ending chooses the form; and shell completion."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import pytest

from ooms.cli import main

FEW = ("--draws", "256", "--threads", "1")
BOTH = ("davidson-2025", "epoch-2025")

FORMERLY = {
    "forecast": (["forecast", *FEW], "--save", "x.nc"),
    "comparison": (["compare", *BOTH, *FEW], "--save", "x.nc"),
    "picture": (["compare", *BOTH, *FEW], "--picture", "x.svg"),
    "pool": (["pool", *BOTH, *FEW, "--rows", "256"], "--out", "x.toml"),
    "works": (["cite"], "--out", "x.txt"),
    "plot": (["plot", "fan", *FEW], "--out", "x.svg"),
}


@pytest.mark.sweep(1)
@pytest.mark.parametrize(("command", "flag", "name"), FORMERLY.values(), ids=FORMERLY)
def test_earlier_flags_write_the_same(capsys, tmp_path, monkeypatch, command, flag, name):
    made = []
    for given in (flag, "-o", "--output"):
        folder = tmp_path / given
        folder.mkdir()
        monkeypatch.chdir(folder)
        assert main([*command, given, name]) == 0
        made.append({path.name: path.stat().st_size for path in folder.iterdir()})
    assert name in made[0]
    for one, other in itertools.pairwise(made):
        assert one.keys() == other.keys()


def test_a_form_is_chosen_by_its_ending(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["compare", *BOTH, *FEW, "-o", "c.nc", "-o", "c.svg", "--output", "c.pdf"]) == 0
    assert capsys.readouterr().out.count("Saved to") == 3
    assert {(tmp_path / f"c.{end}").read_bytes()[:4] for end in ("nc", "svg", "pdf")} == {b"\x89HDF", b"<svg", b"%PDF"}
    assert main(["cite", "-o", "works.bib"]) == 0
    assert "@article" in (tmp_path / "works.bib").read_text(encoding="utf-8").lower()
    assert main(["cite", "-o", "works.txt"]) == 0
    assert "@article" not in (tmp_path / "works.txt").read_text(encoding="utf-8").lower()


WRONG = {
    "another": (["forecast", "-o", "x.csv"], "-o x.csv: does not end in .nc", "-> give x.nc"),
    "none": (["compare", *BOTH, "-o", "x"], "-o x: has no ending that says its form", "-> use one of: .nc, .svg"),
    "twice": (["plot", "fan", "-o", "x.svg", "-o", "x.svg"], "-o x.svg: is given twice", "-> give it once"),
    "two": (["forecast", "-o", "x.nc", "-o", "y.nc"], "-o: x.nc, y.nc would hold the same", "-> give one of them"),
    "missing": (["report"], "-o: no file is named", "-> name one: ooms report -o report.html"),
}


@pytest.mark.parametrize(("command", "what", "remedy"), WRONG.values(), ids=WRONG)
def test_a_place_that_will_not_do_is_told_before_anything_is_run(capsys, tmp_path, monkeypatch, command, what, remedy):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    said = capsys.readouterr().err
    assert what in said
    assert remedy in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_written_where_it_is_told_to_and_nothing_else_is_touched(tmp_path, shell):
    home, script = tmp_path / "home", tmp_path / "script"
    home.mkdir()
    (home / f".{shell}rc").write_text("mine\n", encoding="utf-8")
    environment = {**os.environ, "HOME": str(home), "ZSH_CUSTOM": "", "ZSH": "", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "ooms", "--install-completion", "--shell", shell, "-o", str(script)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(script) in done.stdout
    written = script.read_text(encoding="utf-8")
    for word in ("forecast", "quantities", "threads", "logarithmic"):
        assert word in written
    assert [path.name for path in home.rglob("*")] == [f".{shell}rc"]
    assert (home / f".{shell}rc").read_text(encoding="utf-8") == "mine\n"
