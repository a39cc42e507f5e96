"""Every command that is given a path, with every kind of path that is of no use: a problem, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ooms.cli import main

COMMANDS = {
    "calibration": ["calibration", "{}"],
    "calibrate": ["calibrate", "{}", "--out", "{out}.toml"],
    "calibrate surveys": ["calibrate", "--surveys", "{}", "--out", "{out}.toml"],
    "forecast": ["forecast", "{}", "--draws", "256"],
    "compare": ["compare", "davidson-2025", "{}", "--draws", "256"],
    "pool": ["pool", "davidson-2025", "{}", "--draws", "256"],
    "report": ["report", "{}", "-o", "{out}.md"],
    "plot fan": ["plot", "fan", "{}", "-o", "{out}.svg"],
    "plot calibration": ["plot", "calibration", "{}", "-o", "{out}.svg"],
    "plot study": ["plot", "study", "{}", "-o", "{out}.svg"],
    "cite": ["cite", "{}"],
    "priors check": ["priors", "check", "{}"],
    "priors show": ["priors", "show", "{}"],
    "surveys check": ["surveys", "check", "{}"],
    "surveys show": ["surveys", "show", "{}"],
    "batch check": ["batch", "check", "{}"],
    "batch run": ["batch", "run", "{}", "--store", "{out}.zarr"],
    "batch status": ["batch", "status", "{}"],
    "batch table": ["batch", "table", "{}"],
}


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> dict[str, str]:
    """Paths that lead to nothing of use."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "empty.toml").touch()
    (folder / "binary.toml").write_bytes(bytes(range(256)) * 8)
    (folder / "binary.nc").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(4096))
    (folder / "folder.toml").mkdir()
    (folder / "folder.nc").mkdir()
    os.mkfifo(folder / "pipe.toml")
    (folder / "circle.toml").symlink_to("circle.toml")
    (folder / "locked.toml").write_text("title = 'x'")
    (folder / "locked.toml").chmod(0)
    return {
        "root": "/",
        "here": ".",
        "folder": str(folder),
        "folder.toml": str(folder / "folder.toml"),
        "folder.nc": str(folder / "folder.nc"),
        "missing.toml": str(folder / "missing.toml"),
        "missing.nc": str(folder / "missing.nc"),
        "under a file": str(folder / "empty.toml" / "x.toml"),
        "empty": str(folder / "empty.toml"),
        "binary": str(folder / "binary.toml"),
        "binary.nc": str(folder / "binary.nc"),
        "pipe": str(folder / "pipe.toml"),
        "device": "/dev/zero",
        "null": "/dev/null",
        "circle": str(folder / "circle.toml"),
        "locked": str(folder / "locked.toml"),
        "long": "x" * 5000,
        "zero byte": "a\0b.toml",
        "nothing": "",
    }


PLACES = (
    "root", "here", "folder", "folder.toml", "folder.nc", "missing.toml", "missing.nc", "under a file", "empty",
    "binary", "binary.nc", "pipe", "device", "null", "circle", "locked", "long", "zero byte", "nothing",
)  # fmt: skip


@pytest.mark.sweep(6, 999)
@pytest.mark.parametrize("command", COMMANDS)
def test_paths_of_no_use_are_problems(command, places, tmp_path, capsys):
    for place in PLACES:
        if place == "locked" and os.geteuid() == 0:
            continue  # root may read everything
        if place == "empty" and command in ("batch check", "batch run"):
            continue  # a study of the default view: nothing varies
        arguments = [word.format(places[place], out=tmp_path / "out") for word in COMMANDS[command]]
        code = main(arguments)
        shown, told = capsys.readouterr()
        assert code == 2, (command, place, shown, told)
        assert "problem" in told, (command, place, told)
        assert "->" in told, (command, place, told)
        assert "Traceback" not in told, (command, place)
        assert list(tmp_path.iterdir()) == [], (command, place)


@pytest.mark.parametrize("place", ["/", "/dev/zero"])
def test_a_calibration_that_is_a_folder_or_a_device_is_told_in_a_process_of_its_own(place):
    command = [sys.executable, "-m", "ooms", "calibration", place]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 2
    assert run.stderr.startswith(f"1 problem, nothing was run:\n{place}")
    assert "Traceback" not in run.stderr
