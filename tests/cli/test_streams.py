"""What a terminal, a file or a disk cannot take: plain characters, one line and exit code 1, nothing half-written."""

from __future__ import annotations

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import ooms
from ooms.cli import main
from ooms.cli.streams import plain
from ooms.files.writing import UnwritableError, check_place, write_whole
from ooms.problems import Problems

OOMS = [sys.executable, "-m", "ooms"]
SMALL = ["--draws", "256", "--event", "5 ooms in 1 year", "--quantity", "time to 1 oom"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("31.9 \u00b1 0.1 %", "31.9 +- 0.1 %"), ("0.5\u20132", "0.5-2"), ("a \u00b7 b", "a - b"),
        ("\u2588\u2588 5", "## 5"),
        ("Jos\u00e9 \u0141ukasz \u00d8ystein", "Jose Lukasz Oystein"), ("\u4e16", "?"), ("x\udcff", "x?"),
        ("plain", "plain"),
    ],
)  # fmt: skip
def test_text_in_plain_characters(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize(
    "words",
    [
        ["forecast", "--se\x1b[31m", "rho=-0.4"], ["forecast", "--draws", "\x9b5"], ["\x07"],
        ["forecast", "--save", "\x1b]0;x/y.nc"], ["batch", "\x00"], ["priors", "--\x7f"],
    ],
)  # fmt: skip
def test_no_word_of_a_command_is_repeated_with_its_control_characters(words, capsys):
    assert main(words) in (1, 2)
    shown = capsys.readouterr()
    assert shown.err
    assert all(c.isprintable() or c in "\n\t" for c in shown.out + shown.err)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
@pytest.mark.parametrize("arguments", [["forecast", *SMALL], ["cite", "epoch-2025"], ["forecast", "--help"]])
def test_any_code_page_gets_the_whole_output(arguments, encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "80"}
    done = subprocess.run([*OOMS, *arguments], capture_output=True, timeout=60, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode(encoding)
    if arguments[0] == "forecast" and "--help" not in arguments:
        assert (" +-" if encoding == "ascii" else " \u00b1 ") in shown
        assert max(map(len, shown.splitlines())) <= 81


@pytest.mark.sweep(1)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["forecast", *SMALL], ["forecast", *SMALL, "--json"], ["--help"]])
def test_output_that_cannot_be_written_is_one_line(arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run([*OOMS, *arguments], stdout=full, stderr=-1, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "the output: cannot be written: No space left on device\n")


@pytest.mark.sweep(2)
@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), (">&- 2>&-", 0), ("<&-", 0)])
def test_streams_that_are_closed_are_nobodys_fault(closed, code):
    words = shlex.join([*OOMS, "forecast", *SMALL])
    done = subprocess.run(["sh", "-c", f"{words} {closed}"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (code, "")


WRITERS = {
    "forecast": ["forecast", *SMALL, "--save", "x.nc"],
    "compare": ["compare", "davidson-2025", "epoch-2025", *SMALL, "--save", "x.nc"],
    "picture": ["compare", "davidson-2025", "epoch-2025", *SMALL, "--picture", "x.svg"],
    "plot": ["plot", "fan", "--draws", "256", "-o", "x.svg"],
    "report": ["report", "--draws", "256", "-o", "x.md"],
    "pool": ["pool", "davidson-2025", "epoch-2025", *SMALL, "--out", "x.toml"],
    "cite": ["cite", "--out", "x.bib"],
}


@pytest.mark.sweep(3)
@pytest.mark.parametrize("command", WRITERS)
def test_a_full_disk_is_one_line_and_leaves_nothing(capsys, tmp_path, monkeypatch, command):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(Path, "write_text", full)
    assert main(WRITERS[command]) == 1
    shown = capsys.readouterr()
    assert "cannot be written: No space left on device; free some space" in shown.err
    assert shown.err.count("\n") == 1
    assert command != "forecast" or "5 ooms in 1 year" in shown.out.lower()  # the work is not lost
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", WRITERS)
@pytest.mark.parametrize("place", ["no/such/x", "x" * 300])
def test_places_are_checked_before_the_work(capsys, tmp_path, monkeypatch, command, place):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ooms.forecasting.sweep.Sweep.run", lambda *_: pytest.fail("the work was begun"))
    *words, given = WRITERS[command]
    assert main([*words, place + Path(given).suffix]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_names_as_long_as_the_system_allows_are_written(tmp_path):
    path = tmp_path / ("x" * 255)
    problems = Problems()
    check_place(path, problems)
    assert not len(problems)
    write_whole(path, lambda part: part.write_text("whole"))
    assert path.read_text() == "whole"
    check_place(tmp_path / ("x" * 256), problems)
    check_place(tmp_path / "a\0b", problems)
    assert ["cannot be written" in problem.what for problem in problems.found] == [True, True]


def test_what_libraries_say_is_cut_to_a_line(tmp_path):
    def write(part: Path) -> None:
        raise OSError("the file is full\nand here is an address: 0x55b8f1d3fb00")

    with pytest.raises(UnwritableError, match=r"cannot be written: the file is full\n    -> free") as caught:
        write_whole(tmp_path / "x", write)
    assert isinstance(caught.value, ooms.problems.UserError)
