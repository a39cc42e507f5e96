"""Every command and every statement of README runs and is true."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLES = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
SESSIONS = [s for block in CONSOLES for s in re.split(r"^(?=\$ )", block, flags=re.MULTILINE) if s.strip()]


def run_here(command: str, folder: Path, timeout: float = 120) -> str:
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


def takes_minutes(session: str) -> bool:
    return re.match(r"\$ (make test|uv run ooms (calibrate|sbc)\b)", session) is not None


@pytest.mark.slow
@pytest.mark.parametrize("session", [s for s in SESSIONS if takes_minutes(s) and "make test" not in s])
def test_commands_that_take_minutes_print_what_readme_shows(session: str, folder: Path) -> None:
    command, _, shown = session.partition("\n")
    printed = run_here(command.removeprefix("$ "), folder, timeout=1200)
    assert matches(shown, printed), printed


@pytest.mark.parametrize("session", [s for s in SESSIONS if not takes_minutes(s)])
def test_every_command_prints_what_readme_shows(session: str, folder: Path) -> None:
    command, _, shown = session.partition("\n")
    printed = run_here(command.removeprefix("$ "), folder)
    assert matches(shown, printed), printed


def test_the_python_block_runs_and_its_comments_hold() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
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
