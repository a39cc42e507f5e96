"""Small studies for tests, the command line in a process of its own, and whether two stores say the same."""

from __future__ import annotations

import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from nested import toml
from ooms.batch.study import Study, load_study
from ooms.cli import main
from ooms.problems import Problem, UserError

_KEYS = {
    "title": "A small study",
    "views": ["davidson-2025"],
    "events": ["5 ooms in 1 year"],
    "quantities": ["time to 3 ooms"],
    "draws": 512,
}
_GRID = {"rho": [-1.2, -0.4, -0.1], "returns": [0.8, 1.6]}


def written(folder: Path, *, name: str = "small", grid: dict | None = None, zipped: dict | None = None, **keys) -> Path:
    """A study file: 6 cells unless something else is asked for."""
    lines = [f"{key} = {toml(value)}" for key, value in (_KEYS | keys).items()]
    lines += ["[grid]", *(f"{axis} = {toml(values)}" for axis, values in (_GRID if grid is None else grid).items())]
    for axis, columns in (zipped or {}).items():
        lines += [f"[zipped.{axis}]", *(f"{key} = {toml(values)}" for key, values in columns.items())]
    path = folder / f"{name}.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def small(folder: Path, **changes) -> Study:
    """The study itself."""
    return load_study(written(folder, **changes))


def study_of(folder: Path, text: str, name: str = "study") -> Study:
    """The study of a text."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_study(path)


def problems_of(folder: Path, text: str) -> tuple[Problem, ...]:
    """What is wrong with a text as a study."""
    try:
        study_of(folder, text)
    except UserError as error:
        return error.problems
    return ()


def command(*words: object) -> list[str]:
    """``ooms batch ...``, by this interpreter."""
    return [sys.executable, "-m", "ooms", "batch", *map(str, words)]


def batch(*words: object) -> subprocess.CompletedProcess[str]:
    """Run ``ooms batch ...``, in this process."""
    out, err, arguments = StringIO(), StringIO(), ["batch", *map(str, words)]
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setenv("COLUMNS", "110")
        patched.setenv("NO_COLOR", "1")
        code = main(arguments)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def values(store: Path) -> xr.Dataset:
    """All values of a store, opened as anybody would; what tells when and where is left out."""
    return xr.open_zarr(store, chunks=None).load().drop_attrs(deep=False)


def same(one: Path, other: Path) -> bool:
    """Whether two stores hold the same values, byte for byte."""
    a, b = values(one), values(other)
    return (
        set(a.variables) == set(b.variables)
        and a.sizes == b.sizes
        and all(_bytes(a[name]) == _bytes(b[name]) for name in a.variables)
    )


def _bytes(array: xr.DataArray) -> object:
    found = array.values
    if found.dtype.kind in "TO":
        return found.tolist()
    return found.dtype, found.shape, np.ascontiguousarray(found).tobytes()
