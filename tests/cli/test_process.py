"""The command line as a process: pipes that close, Ctrl-C, exit codes, what a shell sees."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

OOMS = [sys.executable, "-m", "ooms"]


def shell(arguments: list[str], **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*OOMS, *arguments], capture_output=True, text=True, timeout=60, check=False, **options)


def test_the_installed_script_is_the_same_command():
    script = Path(sys.executable).with_name("ooms")
    found = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == shell(["--version"]).stdout


def test_json_is_all_there_is():
    done = shell(["forecast", "--json", "--draws", "256", "--event", "5 ooms in 1 year"])
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["draws"] == 256


def test_what_is_wrong_exits_with_2():
    done = shell(["forecast", "--set", "rhoo=1"])
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean rho?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    "options",
    [["--json"], ["--json", "--event", "5 ooms in 1 year", "--quantity", "peak pace"], []],
    ids=["long", "short", "human"],
)
def test_a_reader_that_goes_away_is_no_error(options):
    """As in ``ooms forecast --json | head -1``, with a reader that is gone before the first line."""
    process = subprocess.Popen(
        [*OOMS, "forecast", "--draws", "256", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), said) == (0, "")


def test_head_gets_the_first_line():
    done = subprocess.run(
        f"'{sys.executable}' -m ooms forecast --json --draws 256 | head -1",
        shell=True,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("{\n", "")


@pytest.mark.sweep(1)
@pytest.mark.parametrize("threads", ["1", "2"])
def test_ctrl_c_ends_at_once_and_without_a_traceback(tmp_path, threads):
    saved = tmp_path / "f.nc"
    process = subprocess.Popen(
        [*OOMS, "forecast", "--draws", str(2**22), "--threads", threads, "--save", str(saved)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(3)  # past the imports
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - start < 10
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert "stopped" in err
    assert not list(tmp_path.iterdir())
