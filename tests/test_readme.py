"""Every command and every statement of README runs and is true."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLES = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)


def sessions_of(block: str) -> list[str]:
    """The commands of a block, each with what it prints."""
    return [session for session in re.split(r"^(?=\$ )", block, flags=re.MULTILINE) if session.strip()]


STUDIES = [block for block in CONSOLES if "ooms batch" in block]
"""Blocks whose commands go on where the one before ended."""

SESSIONS = [session for block in CONSOLES if block not in STUDIES for session in sessions_of(block)]
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def run_here(command: str, folder: Path, timeout: float = 600) -> str:
    """What the command prints, with `uv run` and make's recipes replaced by the environment the tests run in."""
    words = shlex.split(command)
    words = ["uv", "run", "ooms", "forecast"] if words == ["make", "forecast"] else words
    assert words[:3] == ["uv", "run", "ooms"], command
    environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "ooms", *words[3:]],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=timeout,
    )  # fmt: skip
    return done.stdout + done.stderr


def matches(shown: str, printed: str) -> bool:
    """Whether README shows what was printed; ``...`` stands for anything, and runs of spaces count as one."""
    pattern = re.escape(" ".join(shown.split())).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, " ".join(printed.split()), flags=re.DOTALL) is not None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for block in re.findall(r"```toml\n(.*?)```", README, flags=re.DOTALL):
        name = re.match(r"# (\S+\.toml)", block)
        assert name is not None
        (tmp_path / name[1]).write_text(block, encoding="utf-8")
    return tmp_path


def takes_long(session: str) -> bool:
    long = r"make test|uv run ooms (calibrate|sbc|report|reproduce|compare --all|calibration)"
    return re.match(rf"\$ ({long})", session) is not None


@pytest.mark.slow
@pytest.mark.parametrize("session", [s for s in SESSIONS if takes_long(s) and "make test" not in s])
def test_commands_that_take_long_print_what_readme_shows(session: str, folder: Path) -> None:
    command, _, shown = session.partition("\n")
    printed = run_here(command.removeprefix("$ "), folder, timeout=1200)
    assert matches(shown, printed), printed


@pytest.mark.sweep(3, 999)
@pytest.mark.parametrize("session", [s for s in SESSIONS if not takes_long(s)])
def test_every_command_prints_what_readme_shows(session: str, folder: Path) -> None:
    command, _, shown = session.partition("\n")
    printed = run_here(command.removeprefix("$ "), folder)
    assert matches(shown, printed), printed


def shows_what_readme_shows(block: str, folder: Path) -> None:
    for session in sessions_of(block):
        command, _, shown = session.partition("\n")
        printed = run_here(command.removeprefix("$ "), folder, timeout=600)
        assert matches(shown, printed), printed


@pytest.mark.slow
def test_a_study_is_run_and_read_as_readme_shows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shows_what_readme_shows(STUDIES[0], folder)
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(compile(BLOCKS[1], "README.md", "exec"), names)
    data = names["data"]
    assert dict(data.sizes)["rho"] == 7
    cell = {"view": "davidson-2025", "rho": -0.4, "experiment_efficiency": 0, "returns": 1.2}
    assert float(data.probability.sel({**cell, "event": "5 ooms in 1 year"})) == pytest.approx(0.00416, rel=0.01)
    assert (folder / "substitution.csv").read_text(encoding="utf-8").count("\n") == 6


@pytest.mark.slow
@pytest.mark.parametrize("block", STUDIES[1:])
def test_the_other_studies_run_as_readme_shows(block: str, folder: Path) -> None:
    shows_what_readme_shows(block, folder)


def test_the_python_block_runs_with_few_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it but what takes long: an explanation, a report, published numbers, other weights of surveys."""
    monkeypatch.chdir(tmp_path)
    long = re.compile(r"(explain|report|reproduce|what_if)\(")
    quick = [line for line in BLOCKS[0].splitlines() if not long.search(line)]
    code = re.sub(r"draws=2\*\*\d+", "draws=2**9", "\n".join(quick)).replace("(rho=-0.4))", "(rho=-0.4), draws=2**9)")
    assert code.count("draws=2**9") == 4
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["f"].probability("5 ooms in 1 year").value == pytest.approx(0.319, abs=0.02)
    assert set(names["f"].data.children) == {"events", "quantities", "parameters", "draws"}
    assert names["both"].spread("5 ooms in 1 year").share_between > 0
    assert names["c"].sound


@pytest.mark.slow
def test_the_python_block_runs_and_its_comments_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    block, _ = BLOCKS
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)
    import ooms

    f = names["f"]
    assert isinstance(f, ooms.Forecast)
    assert round(f.probability("5 ooms in 1 year").value, 4) == 0.3187
    assert round(float(ooms.pace(labour=1e3, rho=-0.2)), 1) == 10.4
    assert set(f.data.children) == {"events", "quantities", "parameters", "draws"}


def test_what_readme_says_of_the_published_numbers_is_true() -> None:
    import ooms

    found = ooms.reproduce(draws=2**12)
    said = re.search(r"121 rows (\d+) are .*? (\d+) went .*? (\d+) are other .*? (\d+) are out", README, re.DOTALL)
    assert said is not None
    counts = [found.counts[verdict] for verdict in ("agrees", "goes in", "other reading", "out of reach")]
    assert counts == list(map(int, said.groups()))
    assert found.counts["differs"] == 0
    assert sum(counts) == 121


def test_the_linked_files_exist() -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_make_knows_what_readme_says() -> None:
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "run --quiet ooms forecast" in recipes
    assert "run pytest" in recipes
