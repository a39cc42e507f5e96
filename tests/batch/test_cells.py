"""Finished cells: whole or not there, and never taken as sound when a single byte is not what was written."""

import os
import pathlib
import shutil

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ooms.batch.addresses import address
from ooms.batch.cells import Cells

INPUTS = {"draws": 64, "name": "é ≤ 0", "events": [], "quantities": []}
ADDRESS = address(INPUTS)
RESULTS = {"events": {}, "quantities": {}, "probability": 0.318700001, "endless": "Infinity"}
RESULT = {"results": RESULTS, "inputs": INPUTS, "draws_kept": False}


@pytest.fixture
def cells(tmp_path):
    made = Cells(tmp_path / "cells")
    made.create()
    return made


def with_draws(cells):
    columns = cells.columns(ADDRESS, 64, {"rho": {"units": "-"}})
    for start in (32, 0):  # parts come in any order
        at = np.arange(start, start + 32)
        columns.put(start, {"rho": -at / 7.0, "event": (at % 3).astype(np.int8)})
    cells.write(ADDRESS, RESULT, columns)


def test_what_was_written_is_read(cells):
    cells.write(ADDRESS, RESULT)
    found = cells.read(ADDRESS)
    assert found.items() >= RESULT.items()
    assert cells.holds(ADDRESS)
    assert list(cells) == [ADDRESS]


def test_draws_are_read_as_zarr_by_xarray(cells):
    with_draws(cells)
    assert cells.read(ADDRESS) is not None
    data = xr.open_zarr(cells.folder / ADDRESS, chunks=None)
    np.testing.assert_array_equal(data["rho"], -np.arange(64) / 7.0)
    np.testing.assert_array_equal(data["event"], np.arange(64) % 3)
    assert data["rho"].attrs["units"] == "-"
    assert data.attrs["results"] == RESULT["results"]


def test_there_is_nothing_where_nothing_was_written(cells):
    assert cells.read(ADDRESS) is None
    assert not cells.holds(ADDRESS)
    assert list(cells) == []


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_byte_that_is_altered_is_noticed(cells, data):
    if not cells.holds(ADDRESS):
        with_draws(cells)
    files = sorted(path for path in (cells.folder / ADDRESS).rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(1, 255))
    path.write_bytes(whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :])
    assert cells.read(ADDRESS) is None
    path.write_bytes(whole)
    assert cells.read(ADDRESS) is not None


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_any_file_that_is_cut_short_or_gone_is_noticed(cells, data):
    if not cells.holds(ADDRESS):
        with_draws(cells)
    files = sorted(path for path in (cells.folder / ADDRESS).rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    whole = path.read_bytes()
    length = data.draw(st.integers(-1, len(whole) - 1))
    path.unlink()
    if length >= 0:
        path.write_bytes(whole[:length])
    assert cells.read(ADDRESS) is None
    path.write_bytes(whole)
    assert cells.read(ADDRESS) is not None


def test_a_cell_under_another_name_is_none(cells):
    cells.write(ADDRESS, RESULT)
    other = ADDRESS[::-1]
    shutil.move(cells.folder / ADDRESS, cells.folder / other)
    assert cells.read(other) is None


def test_a_damaged_cell_is_replaced(cells):
    with_draws(cells)
    (cells.folder / ADDRESS / "zarr.json").write_text("{", encoding="utf-8")
    cells.write(ADDRESS, RESULT)
    assert cells.read(ADDRESS) is not None
    assert sorted(path.name for path in (cells.folder / ADDRESS).iterdir()) == ["zarr.json"]


def test_what_a_killed_run_left_is_cleared_away(cells):
    columns = cells.columns(ADDRESS, 64, {})
    columns.put(0, {"rho": np.zeros(32)})
    assert not cells.holds(ADDRESS)
    assert len(os.listdir(cells.folder)) == 2
    cells.create()
    assert os.listdir(cells.folder) == ["zarr.json"]


def test_a_cell_that_says_it_belongs_here_but_was_made_of_something_else_is_none(cells):
    cells.write(ADDRESS, RESULT | {"inputs": {"draws": 128}})
    assert cells.read(ADDRESS) is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cell_that_takes_the_place_of_another_can_be_killed_at_any_moment(cells, monkeypatch, when):
    cells.write(ADDRESS, RESULT)
    rename = pathlib.Path.rename

    def killed(self, target):
        if self.name == f".{ADDRESS}":
            if when == "after":
                rename(self, target)
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(pathlib.Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        with_draws(cells)
    monkeypatch.undo()
    cells.create()
    assert cells.read(ADDRESS) is not None
    assert sorted(os.listdir(cells.folder)) == sorted([ADDRESS, "zarr.json"])


def test_a_damaged_cell_is_not_taken_from_another_store(cells, tmp_path):
    other = Cells(tmp_path / "other")
    other.create()
    with_draws(other)
    (chunk, *_) = sorted((other.folder / ADDRESS).rglob("c/0"))
    chunk.write_bytes(b"")
    assert not cells.take(ADDRESS, other)
    assert not cells.take("0" * 32, other)
    assert os.listdir(cells.folder) == ["zarr.json"]


def test_a_cell_can_be_taken_from_another_store(cells, tmp_path):
    other = Cells(tmp_path / "other")
    other.create()
    with_draws(other)
    assert cells.take(ADDRESS, other)
    assert cells.read(ADDRESS) == other.read(ADDRESS)


def test_a_cell_that_cannot_be_written_leaves_nothing(cells, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ooms.batch.groups.os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        cells.write(ADDRESS, RESULT)
    assert os.listdir(cells.folder) == ["zarr.json"]
