"""Whole numbers on the command line and in Python: never rounded, and refused in the caller's language."""

from __future__ import annotations

import re

import numpy as np
import pytest

import ooms
from ooms.calibrating.request import check_keep, read_sampling
from ooms.calibrating.sbc.simulating import check_request
from ooms.cli import app, main
from ooms.forecasting.request import read_request
from ooms.problems import Problems, UserError

FLAGS = {
    "forecast": ("draws", "seed", "threads"),
    "compare davidson-2025 epoch-2025": ("draws", "seed", "threads"),
    "pool davidson-2025": ("draws", "seed", "threads", "rows"),
    "report -o x.html": ("draws", "seed", "threads"),
    "plot fan": ("draws", "seed", "threads"),
    "calibrate": ("chains", "draws", "tune", "seed", "keep"),
    "sbc": ("simulations", "seed"),
    "reproduce": ("draws", "seed", "threads"),
    "batch run debate --store x.zarr": ("threads", "workers"),
    "batch table x.zarr": ("rows",),
}
EACH = [(command, flag) for command, flags in FLAGS.items() for flag in flags]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.iterdir())


ODD = ("2.0", "1e3", "nan", "inf", "", "ten", "0x10", "1_000", "9" * 5000)


@pytest.mark.parametrize(("command", "flag", "text"), [(*one, "1.5") for one in EACH] + [(*EACH[1], t) for t in ODD])
def test_what_is_no_whole_number_is_refused_by_every_flag(capsys, command, flag, text):
    assert main([*command.split(), f"--{flag}", text]) == 2
    said = capsys.readouterr().err
    assert f"Invalid value for --{flag}:" in said
    assert "is not a whole number; give digits" in " ".join(re.sub("[│\n]", " ", said).split()) or len(text) > 1000


@pytest.mark.sweep(8)
@pytest.mark.parametrize(("command", "flag"), EACH)
def test_numbers_out_of_range_are_refused_in_the_name_of_the_flag(capsys, command, flag):
    if flag == "rows":  # of a store that is not there, and of a file that was not asked for
        return
    assert main([*command.split(), f"--{flag}", "-1"]) == 2
    said = capsys.readouterr().err
    assert f"--{flag}: " in said
    assert "-> " in said


@pytest.mark.sweep(3)
@pytest.mark.parametrize(
    "command",
    [
        "forecast --draws 1208925819614629174706176", "forecast --draws 34359738368 --save x.nc",
        "calibrate --chains 99999999999", "calibrate --draws 99999999999", "calibrate --tune 99999999999",
        "sbc --simulations 99999999999", "batch run debate --store x.zarr --workers 99999999999",
        "batch run debate --store x.zarr --threads 99999999999",
        "pool davidson-2025 --out x.toml --rows 99999999999999",
    ],
)  # fmt: skip
def test_numbers_that_no_machine_can_serve_are_refused_before_anything_is_run(capsys, command):
    assert main(command.split()) == 2
    assert "nothing was run" in capsys.readouterr().err


@pytest.mark.parametrize("value", [1.5, 2.0, True, "7", None, float("nan")])
def test_arguments_are_never_rounded(value):
    problems = Problems()
    read_request(problems, draws=value, seed=value)
    read_sampling(problems, chains=value, draws=value, tune=value, seed=value, target_accept=0.9)
    check_request(value, value, problems)
    said = [problem.what for problem in problems.found]
    names = ["draws", "seed", "chains", "draws", "tune", "seed", "simulations", "seed"]
    assert said == [f"{name} = {value!r} is not a whole number" for name in names]
    if value is not None:
        check_keep(value, 4, problems)
        read_request(problems, threads=value)
        assert len(problems) == len(names) + 2
        with pytest.raises(UserError, match="is no number of rows"):
            ooms.pool(["davidson-2025"], draws=256, events=(), quantities=(), threads=1).prior(value)
        for who in ("threads", "workers"):
            with pytest.raises(UserError, match="is not a whole number"):
                ooms.run_study("debate", "x.zarr", **{who: value})


@pytest.mark.parametrize("text", ["4096", "2^12", "2**12", "4_096", "4,096", " 2 ^ 12 "])
def test_draws_are_read_as_people_write_them(capsys, text):
    assert main(["forecast", "--event", "accelerates", "--draws", text]) == 0
    said = capsys.readouterr().out
    assert main(["forecast", "--event", "accelerates", "--draws", "4096"]) == 0
    assert capsys.readouterr().out == said


def test_draws_that_are_no_power_of_two_are_refused_with_the_nearest(capsys):
    assert main(["forecast", "--draws", "1e6"]) == 2
    assert "draws = 1000000 is not a power of two" in (said := capsys.readouterr().err)
    assert "-> give 1048576" in said


def test_numbers_of_numpy_are_numbers():
    whole = np.arange(256, 257)[0]
    one, other = (
        ooms.forecast("davidson-2025", draws=n, seed=n, threads=n - 255, events=("5 ooms in 1 year",))
        for n in (whole, 256)
    )
    assert one.probability("5 ooms in 1 year") == other.probability("5 ooms in 1 year")
    assert type(one.draws) is type(one.seed) is int


def test_a_seed_too_long_to_be_written_out_is_refused():
    with pytest.raises(UserError, match="a seed of 16,610 bits is longer"):
        ooms.forecast("davidson-2025", draws=256, seed=10**5000)


def test_every_whole_number_on_the_command_line_is_one_of_these():
    """A flag that is added with a plain int would be rounded again."""
    for command, flags in FLAGS.items():
        words = command.split()
        found = app[words[0]][words[1]] if words[0] == "batch" else app[words[0]]
        arguments = [one for one in found.assemble_argument_collection() if one.hint in (int, int | None)]
        assert {one.name.removeprefix("--") for one in arguments} == set(flags)
        assert all(one.parameter.converter for one in arguments)
