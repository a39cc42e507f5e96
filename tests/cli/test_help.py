"""Every command's help shows a real example, and every example runs."""

from __future__ import annotations

import re
import shlex

import pytest

from ooms.cli import main

COMMANDS = (
    [],
    ["forecast"],
    ["priors"],
    ["priors", "list"],
    ["priors", "show"],
    ["priors", "check"],
    ["compare"],
    ["pool"],
    ["reproduce"],
    ["cite"],
)


def examples(text: str) -> list[str]:
    """Commands between backticks (a terminal may have broken the line), those with more than a bare name."""
    found = (" ".join(quoted.split()) for quoted in re.findall(r"`(ooms [^`]+)`", text))
    return [command for command in found if "VIEW" not in command]


def help_of(command: list[str], capsys) -> str:
    assert main([*command, "--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_an_example_of_this_command(command, capsys):
    text = help_of(command, capsys)
    assert "Example" in text
    assert any(shlex.split(example)[1 : 1 + len(command)] == command for example in examples(text))


@pytest.mark.sweep(3)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_example_runs(command, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-beliefs.toml").write_text(
        'extends = "davidson-2025"\n[parameters.rho]\nvalue = -0.3\nsource = "me"\n'
    )
    for example in examples(help_of(command, capsys)):
        arguments = shlex.split(example)[1:]
        quick = ["--draws", "256"] if arguments[0] in ("forecast", "compare", "pool") else []
        assert main([*arguments, *quick]) == 0, example
        out, err = capsys.readouterr()
        assert out, example
        assert err == "", example


def test_no_arguments_show_the_help(capsys):
    assert main([]) == 0
    assert "ooms forecast" in capsys.readouterr().out
