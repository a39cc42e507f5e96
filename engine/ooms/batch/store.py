"""A study's store: a Zarr group that is one labelled dataset, and the finished cells that it is made from.

``zarr.json`` and the folders beside it are the dataset, which ``xarray.open_zarr`` reads. ``cells`` holds the finished
cells, by address. The dataset can be made from them again at any time, and is, whenever it is not what was written.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ooms import __version__
from ooms.batch.cells import Cells
from ooms.batch.groups import FORMAT, ROOT, array_metadata, files_in, format_of, read_json, read_sealed, write_sealed
from ooms.problems import Problem, UserError

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["CELLS", "Store"]

CELLS = "cells"
_NEW, _LOCK, _RUNNING = ".new", ".lock", ".running.json"
_PATIENCE = 1.0
"""Seconds to wait for a lock: whoever only looks whether a run is at work holds it for a moment."""

_LAST = "state"
"""The array that is replaced last: whoever reads while it is written takes nothing as done that is not there."""


class Store:
    """A folder with a study's dataset and cells, or where they are to be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cells = Cells(folder / CELLS)

    @property
    def exists(self) -> bool:
        """Whether there is a store: a folder of cells, whole or not."""
        folder = self.cells.folder
        if not os.path.isdir(folder):  # which, unlike looking into it, never raises
            return False
        return os.path.isfile(folder / ROOT) or any(self.cells.holds(address) for address in self.cells)

    @property
    def begun(self) -> bool:
        """Whether a run has begun to make a store of the folder, and nothing else is in it."""
        names = {path.name for path in self.folder.iterdir()} if os.path.isdir(self.folder) else set[str]()
        return bool(names) and not names - {_LOCK, _RUNNING, _NEW, CELLS}

    @property
    def replacing(self) -> bool:
        """Whether a dataset is being put into the place of another, or was when a run was killed."""
        return (self.folder / _NEW).exists()

    @property
    def format(self) -> int:
        """The newest version of the format that anything in it says it is of; 0 if nothing says any."""
        attributes = self.attributes()
        return max(0 if attributes is None else format_of(attributes), self.cells.format)

    def check_format(self) -> None:
        """Raise `UserError` if it is of a later version of ooms, whose cells this one could neither read nor keep."""
        if self.format > FORMAT:
            maker = (self.attributes() or {}).get("ooms_version")
            what = f"is a store of format {self.format}; this ooms ({__version__}) reads format {FORMAT}"
            newer = f"the version that made it ({maker})" if isinstance(maker, str) else "the version that made it"
            raise UserError([Problem(str(self.folder), what, f"use {newer}, or a later one; or give another store")])

    def check(self) -> None:
        """Raise `UserError` if this cannot be, or become, a store that can be written."""
        folder = self.folder
        remedy = "give a new folder, or one that ooms batch run has made"
        if folder.exists() and not folder.is_dir():
            raise UserError([Problem(str(folder), "is a file, not a folder", remedy)])
        if folder.is_dir() and not self.exists and not self.begun and any(folder.iterdir()):
            raise UserError([Problem(str(folder), "is a folder with other things in it", remedy)])
        self.check_format()

    @contextmanager
    def alone(self) -> Generator[None]:
        """Hold the store: no other run can, until this one is left or its process has ended, however it ended."""
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / _LOCK, timeout=_PATIENCE)
            lock.acquire()
        except Timeout:
            raise UserError([Problem(str(self.folder), self._who, "wait for it, or give another store")]) from None
        except OSError as error:
            what = f"cannot be written: {error.strerror or error}"
            raise UserError([Problem(str(self.folder), what, "give a folder that can be written")]) from error
        try:
            with suppress(OSError):
                who = {"process": os.getpid(), "host": socket.gethostname()}
                (self.folder / _RUNNING).write_text(json.dumps(who), encoding="utf-8")
            yield
        finally:
            with suppress(OSError):
                (self.folder / _RUNNING).unlink()
            lock.release()

    @property
    def running(self) -> bool:
        """Whether a run holds it."""
        from filelock import FileLock, Timeout

        if not (self.folder / _RUNNING).exists():
            return False
        try:
            with FileLock(self.folder / _LOCK, timeout=0):
                return False  # it was killed, and left its name behind
        except (Timeout, OSError):
            return True

    @property
    def _who(self) -> str:
        who = read_json(self.folder / _RUNNING)
        named = f": process {who['process']} on {who['host']}" if {"process", "host"} <= who.keys() else ""
        return f"another run is at work in it{named}"

    # -- the dataset ------------------------------------------------------------------------------------------------

    def attributes(self) -> dict[str, Any] | None:
        """Attributes of the dataset, if all of it is as it was written; else None."""
        return read_sealed(self.folder)

    def show(self, data: Dataset, attributes: Mapping[str, str | int]) -> None:
        """Make the store's dataset this one.

        It is written beside the old one first. Where the two have the same form, files are replaced one by one; else
        there is no dataset for a moment, and none if the process is killed in it: the next run makes it again. If it
        cannot be written, `OSError`.
        """
        new = self.folder / _NEW
        try:
            shutil.rmtree(new, ignore_errors=True)
            _write(data, new)
            write_sealed(new, attributes)
            self._replace(new)
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _replace(self, new: Path) -> None:
        before, files = self._arrays, files_in(new)
        there = {name for array in before for name in files_in(self.folder, [array])}
        if before != array_metadata(new) or there != files.keys():
            (self.folder / ROOT).unlink(missing_ok=True)
            for name in before:
                shutil.rmtree(self.folder / name)
        for name, path in sorted(files.items(), key=lambda item: item[0].startswith(f"{_LAST}/")):
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)
        os.replace(new / ROOT, self.folder / ROOT)

    @property
    def _arrays(self) -> dict[str, Any]:
        """What the dataset's arrays are, as far as there is one. The cells are never among them."""
        return {name: metadata for name, metadata in array_metadata(self.folder).items() if name != CELLS}


def _write(data: Dataset, folder: Path) -> None:
    """Write a dataset as Zarr, each chunk with a checksum that readers check."""
    from zarr.codecs import Crc32cCodec, ZstdCodec

    codecs = ZstdCodec(level=1), Crc32cCodec()
    encoding = {name: {"compressors": codecs, "chunks": _chunks(array.shape)} for name, array in data.variables.items()}
    cast("Any", data).to_zarr(
        folder,
        mode="w",
        consolidated=False,
        zarr_format=3,
        encoding=encoding,
        write_empty_chunks=True,  # or one that was full before would still be there
    )


_CHUNK = 2**20
"""Values in a chunk, about."""


def _chunks(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Sizes of chunks: whole along the last dimensions, as many as fit along the first."""
    sizes: list[int] = []
    room = _CHUNK
    for size in reversed(shape):
        sizes.insert(0, max(1, min(size, room)))
        room //= sizes[0]
    return tuple(sizes)
