"""What is imported when: the command line starts fast because heavy packages wait until they are needed."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pytest

import ooms

_PARENT = """
import os, sys
{first}
for line in sys.stdin:
    out, into = os.pipe()
    if not (child := os.fork()):
        code, failed = eval(line), 1
        sys.stdout = open(os.devnull, "w")
        try:
            exec(code, {{"__name__": "__main__"}})
            failed = 0
        finally:
            os.write(into, " ".join(sorted({{name.partition(".")[0] for name in sys.modules}})).encode())
            os._exit(failed)
    os.close(into)
    with open(out) as pipe:
        imported = pipe.read()
    print(repr((os.waitpid(child, 0)[1], imported)), flush=True)
"""
"""Forks for each line of code that it is given: a child has imported what was imported first, and nothing else."""


@cache
def _parent(first: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", _PARENT.format(first=first)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module", autouse=True)
def _parents_end():
    yield
    for first in ("", COMMAND):
        with _parent(first) as parent:
            parent.stdin.close()
    _parent.cache_clear()


def modules_after(code: str, first: str = "") -> set[str]:
    """Top-level packages that a fresh process has imported after that code, whose own output is put aside."""
    parent = _parent(first)
    print(repr(code), file=parent.stdin, flush=True)
    failed, imported = eval(parent.stdout.readline())
    assert not failed, code
    return set(imported.split())


COMMAND = "from ooms.cli import main"


HEAVY = {"numpy", "pydantic", "scipy", "xarray", "h5netcdf", "h5py", "pandas", "pymc", "arviz", "nutpie", "pytensor",
         "altair", "vl_convert", "zarr", "distributed", "dask", "pyarrow"}


def test_importing_ooms_imports_nothing_heavy():
    assert not modules_after("import ooms") & (HEAVY | {"rich", "cyclopts"})


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["forecast", "--help"], ["priors", "--help"], ["compare", "--help"], ["pool", "--help"],
     ["reproduce", "--help"], ["cite", "--help"], ["calibrate", "--help"], ["calibration", "--help"],
     ["surveys", "--help"], ["sbc", "--help"], ["views", "--help"], ["report", "--help"], ["plot", "--help"],
     ["--install-completion", "--help"],
     ["batch", "--help"], ["batch", "run", "--help"], ["batch", "table", "--help"],
     ["new", "--help"], ["schema", "--help"], ["--version"], ["wat"], ["forecast", "--wat"]],
)
def test_help_imports_nothing_heavy(arguments):
    assert not modules_after(f"{COMMAND}; main({arguments!r})", COMMAND) & HEAVY


@pytest.mark.sweep(5)
@pytest.mark.parametrize(
    "arguments",
    [
        ["forecast", "--draws", "256"],
        ["forecast", "--draws", "256", "--json"],
        ["forecast", "--event", "5 ooms in 1 year", "--set", "rho=-0.4", "--draws", "256"],
        ["new", "priors"],
        ["schema", "priors"],
        ["views"],
        ["studies"],
        ["events"],
        ["quantities", "--json"],
        ["priors", "list"],
        ["priors", "show"],
        ["priors", "check", "davidson-2025"],
        ["compare", "davidson-2025", "epoch-2025", "--draws", "256"],
        ["compare", "davidson-2025", "epoch-2025", "--explain", "--draws", "256"],
        ["pool", "davidson-2025", "epoch-2025", "--draws", "256"],
        ["reproduce", "davidson-2025", "--draws", "256"],
        ["cite", "davidson-2025"],
        ["surveys"],
        ["surveys", "show", "espai-2023"],
        ["surveys", "check", "compute-polls"],
        ["batch", "list"],
        ["batch", "check", "substitution"],
    ],
)
def test_commands_import_no_more_than_they_need(arguments):
    loaded = modules_after(f"{COMMAND}; main({arguments!r})", COMMAND)
    assert "numpy" in loaded
    assert not loaded & (HEAVY - {"numpy", "pydantic"})


def test_the_import_time_log_of_a_forecast_names_no_statistics_package():
    command = [sys.executable, "-X", "importtime", "-m", "ooms", "forecast", "--draws", "256", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert "ooms.forecasting.forecast" in imported
    for name in imported:
        assert name.partition(".")[0] not in HEAVY - {"numpy", "pydantic"}, name


def test_a_forecast_in_python_imports_no_xarray_until_data_is_asked_for():
    code = "import ooms; f = ooms.forecast('davidson-2025', draws=256)"
    assert not modules_after(code) & {"xarray", "scipy", "pymc", "arviz", "h5netcdf", "pandas"}
    assert "xarray" in modules_after(code + "; f.data")


@pytest.mark.parametrize("name", ooms.__all__)
def test_every_public_name_is_there(name):
    assert getattr(ooms, name) is not None


def test_the_public_names_are_listed_in_order_and_nothing_else_is_made_up():
    assert ooms.__all__ == sorted(ooms.__all__)
    with pytest.raises(AttributeError, match="no attribute 'forcast'"):
        _ = ooms.forcast


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    "code",
    [
        "import ooms.forecasting.forecast, ooms",
        "import ooms, ooms.forecasting.forecast; ooms.forecast",
        "from ooms import forecast; import ooms, ooms.forecasting.forecast",
        "import ooms.cli.forecast, ooms",
        "import ooms; from ooms.cli import main; main(['forecast', '--draws', '256'])",
    ],
)
def test_forecast_is_the_function_whatever_was_imported_first(code):
    home = "ooms.forecasting.forecast"
    modules_after(f"{code}; assert callable(ooms.forecast); assert ooms.forecast.__module__ == {home!r}")


def test_star_import_gives_the_public_names():
    names = " ".join(name for name in ooms.__all__)
    modules_after(f"exec('from ooms import *', ns := {{}}); assert set({names!r}.split()) <= ns.keys()")
