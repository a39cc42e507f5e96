"""A store: one dataset that anybody opens, held by one run at a time, and never half of one and half of another."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
import xarray as xr

from ooms.batch.store import Store
from ooms.problems import UserError


def dataset(rows=3, first=0.0):
    names = np.array([f"row {k}" for k in range(rows)], dtype=np.dtypes.StringDType())
    return xr.Dataset(
        {"value": (("row", "column"), first + np.arange(rows * 2.0).reshape(rows, 2)), "state": ("row", np.ones(rows))},
        {"row": names, "column": [0.1, 0.2]},
    )


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "store")
    made.folder.mkdir()
    made.cells.create()
    return made


def test_what_is_shown_is_opened_by_xarray_with_no_help_and_no_warning(store):
    store.show(dataset(), {"title": "é"})
    found = xr.open_zarr(store.folder)
    xr.testing.assert_equal(found.load(), dataset())
    assert found.attrs["title"] == "é"
    assert store.attributes()["title"] == "é"
    assert set(xr.open_datatree(store.folder, engine="zarr").groups) == {"/"}


@pytest.mark.parametrize("rows", [3, 5, 1])
def test_another_dataset_takes_its_place(store, rows):
    store.show(dataset(), {"title": "one"})
    store.show(dataset(rows, first=10.0).rename(value="worth") if rows == 1 else dataset(rows, 10.0), {"title": "two"})
    found = xr.open_zarr(store.folder).load()
    assert found.attrs["title"] == "two"
    assert found.sizes["row"] == rows
    assert store.attributes() is not None
    assert sorted(path.name for path in store.folder.iterdir() if path.is_dir()) == sorted([*found.variables, "cells"])


def test_files_are_replaced_one_by_one_where_the_form_is_the_same(store):
    store.show(dataset(), {})
    opened = xr.open_zarr(store.folder, chunks=None)
    store.show(dataset(first=10.0), {})
    xr.testing.assert_equal(opened.load(), dataset(first=10.0))


@pytest.mark.parametrize("blank", [np.nan, 0.0])
def test_what_is_blank_now_is_not_what_was_there_before(store, blank):
    store.show(dataset(first=10.0), {})
    empty = dataset()
    empty["value"][:] = blank
    empty["state"][:] = 0.0
    store.show(empty, {})
    xr.testing.assert_equal(xr.open_zarr(store.folder).load(), empty)


def test_the_cells_are_never_taken_for_the_datasets(store):
    (store.cells.folder / "0123").mkdir()
    (store.cells.folder / "zarr.json").write_text('{"node_type": "array"}', encoding="utf-8")
    store.show(dataset(), {})
    store.show(dataset(5), {})
    assert (store.cells.folder / "0123").is_dir()


@pytest.mark.parametrize("change", ["flip", "cut", "delete"])
def test_a_chunk_that_is_not_as_it_was_written_is_noticed(store, change):
    store.show(dataset(), {})
    chunk = store.folder / "value" / "c" / "0" / "0"
    whole = chunk.read_bytes()
    chunk.unlink()
    if change == "flip":
        chunk.write_bytes(whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:])
        with pytest.raises(ValueError, match="checksum"):  # by Zarr itself
            xr.open_zarr(store.folder, chunks=None)["value"].load()
    elif change == "cut":
        chunk.write_bytes(whole[:-3])
    assert store.attributes() is None


def test_a_dataset_that_cannot_be_written_leaves_the_old_one(store, monkeypatch):
    store.show(dataset(), {"title": "old"})

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ooms.batch.store.write_sealed", fail)
    with pytest.raises(OSError, match="No space"):
        store.show(dataset(5), {"title": "new"})
    assert store.attributes()["title"] == "old"
    assert not (store.folder / ".new").exists()


@pytest.mark.parametrize("what", ["a file", "other things"])
def test_what_is_no_store_is_left_alone(tmp_path, what):
    place = tmp_path / "place"
    if what == "a file":
        place.write_text("precious", encoding="utf-8")
    else:
        place.mkdir()
        (place / "thesis.tex").write_text("precious", encoding="utf-8")
    with pytest.raises(UserError, match=what if what == "other things" else "is a file, not a folder"):
        Store(place).check()


def test_one_run_at_a_time_and_it_is_said_which(store):
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom ooms.batch.store import Store\n"
        "with Store(Path(sys.argv[1])).alone():\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, store.folder], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        assert store.running
        with pytest.raises(UserError, match=f"another run is at work in it: process {other.pid}"), store.alone():
            pass
        other.kill()  # which leaves no lock behind
        other.wait()
    until = time.monotonic() + 5
    while store.running and time.monotonic() < until:
        time.sleep(0.05)
    assert not store.running
    with store.alone():
        assert json.loads((store.folder / ".running.json").read_text(encoding="utf-8"))["process"]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"), Store(tmp_path / "file" / "store").alone():
        pass
