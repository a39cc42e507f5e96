"""Every command's help shows a real example, and every example runs."""

from __future__ import annotations

import re
import shlex
from functools import reduce
from itertools import pairwise

import pytest

from ooms.cli import app, main

COMMANDS = (
    [],
    ["forecast"],
    ["views"],
    ["studies"],
    ["events"],
    ["quantities"],
    ["parameters"],
    ["surveys"],
    ["surveys", "list"],
    ["surveys", "show"],
    ["batch", "list"],
    ["priors"],
    ["priors", "list"],
    ["priors", "show"],
    ["priors", "check"],
    ["compare"],
    ["pool"],
    ["reproduce"],
    ["cite"],
)


EVERY = (*COMMANDS, *([name] for name in ("report", "plot", "batch", "calibrate", "calibration", "sbc")),
         *(["batch", name] for name in ("check", "run", "status", "table")), ["surveys", "check"])  # fmt: skip


def examples(text: str) -> list[str]:
    """Commands on lines of their own."""
    return re.findall(r"^  (ooms .+)$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_help_fits_the_terminal_and_breaks_lines_only_where_they_are_full(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for depth in range(len(command) + 1):  # consoles are made once in a process, as wide as the terminal is then
        monkeypatch.setattr(reduce(lambda each, word: each[word], command[:depth], app), "_fallback_console", None)
    text = help_of(command, capsys)
    assert max(map(len, text.splitlines())) <= 80
    assert examples(text)
    assert "--save" not in text  # an earlier name of --output
    body = [line.rstrip() for line in text.partition("\u256d")[0].strip().splitlines()]
    for line, after in pairwise(body):
        if line and after and not after.startswith(" "):
            assert len(f"{line} {after.split()[0]}") > 80


def test_options_that_commands_share_have_one_help():
    for flag in ("--set", "--option", "--threads", "--event", "--quantity"):
        arguments = [app[name].assemble_argument_collection().get(flag) for name in ("forecast", "compare", "pool")]
        assert len({argument.parameter.help for argument in arguments}) == 1
        assert arguments[0].parameter.help


def help_of(command: list[str], capsys) -> str:
    assert main([*command, "--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_shows_an_example_of_this_command(command, capsys):
    text = help_of(command, capsys)
    assert "Example" in text
    words = command if command != ["surveys", "list"] else ["surveys"]  # two names of one list
    assert any(shlex.split(example)[1 : 1 + len(words)] == words for example in examples(text))


@pytest.mark.sweep(3, 999)
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
