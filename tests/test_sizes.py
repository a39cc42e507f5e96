"""Inputs of a size that nobody means: refused at once, with the size that is allowed."""

import time

import pytest

import ooms
from ooms.cli import main
from ooms.forecasting.request import read_request
from ooms.problems import Problems, UserError

PARTS = "a." * 20_000


@pytest.mark.parametrize("key", [f"{PARTS}a = 1", f"[{PARTS}a]", 'x = {"a"' + " . 'b'" * 20_000 + " = 1}"])
def test_a_key_of_many_parts(tmp_path, key):
    path = tmp_path / "deep.toml"
    path.write_text(f'title = "x"\n{key}', encoding="utf-8")
    with pytest.raises(UserError, match=r"a key of more than 64 parts \(at line 2\)"):
        ooms.load(path)


def test_keys_of_some_parts_and_long_texts_are_none(tmp_path):
    path = tmp_path / "fine.toml"
    draws = ", ".join(f"{-k / 1000}" for k in range(1, 999))
    path.write_text(
        f'extends = "davidson-2025"\ndescription = "{"a." * 300}"\n'
        f'parameters.rho = {{distribution = "empirical", values = [{draws}], source = "{"x.y, " * 300}"}}',
        encoding="utf-8",
    )
    assert ooms.load(path).beliefs["rho"].source.startswith("x.y")


def test_what_is_asked_twice_is_answered_once_and_only_so_much_at_a_time():
    request = read_request(Problems(), events=["5 ooms in 1 year"] * 2000, quantities=["peak pace"] * 2000)
    assert (len(request.events), len(request.quantities)) == (1, 1)
    problems = Problems()
    read_request(problems, events=[f"5 ooms in {k} weeks" for k in range(1, 2001)])
    assert [p.what for p in problems.found] == ["2,000 different ones are asked for, more than 256"]


def test_thousands_of_options(capsys):
    began = time.process_time()
    assert main(["forecast", *["--event", "5 ooms in 1 year"] * 2000]) == 2
    assert "2,000 options are given, more than 256" in capsys.readouterr().err
    assert time.process_time() - began < 1
