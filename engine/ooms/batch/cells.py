"""Finished cells, each in a folder named by its address: written whole or not at all, never taken as sound unread.

A cell is a Zarr group. Its attributes hold what it was worked out from and what came of it; draws, where they were
asked for, are arrays in it. The attributes begin with a digest of all that follows in the file, which in turn names the
digest of every other file. A cell that does not match its digests is as good as none, and so is one of another format.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ooms.batch.addresses import address as address_of
from ooms.batch.groups import FORMAT, ROOT, empty_group, files_in, format_of, read_json, read_sealed, write_sealed
from ooms.batch.records import is_record

__all__ = ["Cells", "Columns"]

_OLD = ".old"


class Cells:
    """The finished cells of a store, by address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> None:
        """Make the folder, or leave it as it is; see to what a run that was killed has left in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in sorted(filter(Path.is_dir, self.folder.glob(".*"))):  # what is new before what it replaces
            address = left.name.strip(".").removesuffix(_OLD)
            if not self.holds(address) and self._sound(left, address):
                left.rename(self.folder / address)
            else:
                shutil.rmtree(left, ignore_errors=True)
        root = self.folder / ROOT
        if not root.exists() or root.read_bytes() != empty_group().encode():
            part = self.folder / f".{ROOT}"
            part.write_text(empty_group(), encoding="utf-8")
            part.replace(root)

    @property
    def format(self) -> int:
        """The version of the format that the cells were written in; 0 if that cannot be read."""
        attributes = read_json(self.folder / ROOT).get("attributes")
        return format_of(cast("dict[str, Any]", attributes)) if isinstance(attributes, dict) else 0

    def __iter__(self) -> Iterator[str]:
        """Addresses of all that look like cells."""
        return (path.name for path in self.folder.glob("[0-9a-f]*") if path.is_dir())

    def holds(self, address: str) -> bool:
        """Whether something is there, sound or not."""
        return (self.folder / address / ROOT).exists()

    def read(self, address: str, *, draws: bool = False) -> dict[str, Any] | None:
        """A cell's attributes; None if there is none, what is there is not what was written, or draws are wanting."""
        attributes = self._sound(self.folder / address, address)
        return attributes if attributes and (attributes["draws_kept"] or not draws) else None

    def write(self, address: str, attributes: Mapping[str, Any], columns: Columns | None = None) -> None:
        """Write a cell (`ooms.batch.records.record`) with its draws: whole, or, with an `OSError`, not at all."""
        part = columns.folder if columns else self._part(address)
        try:
            part.mkdir(exist_ok=True)
            write_sealed(part, {"address": address, **attributes}, arrays=columns is not None)
            self._put(part, address)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
            raise

    def take(self, address: str, source: Cells) -> bool:
        """Copy a cell from another store, if it is sound there; returns whether it was.

        If it cannot be written here, `OSError`; nothing is left behind.
        """
        part, origin = self._part(address), source.folder / address
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            for name, content in _contents(origin):
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                (part / name).write_bytes(content)
            sound = self._sound(part, address) is not None
            if sound:
                self._put(part, address)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return sound

    def columns(self, address: str, draws: int, attributes: Mapping[str, Any]) -> Columns:
        """A place for a cell's draws while they come."""
        return Columns(self._part(address), draws, attributes)

    def settle(self) -> None:
        """Wait until the disk has the names of all that were written, too."""
        with suppress(OSError, AttributeError):  # not every system can
            place = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(place)
            finally:
                os.close(place)

    def _part(self, address: str) -> Path:
        return self.folder / f".{address}"

    def _put(self, part: Path, address: str) -> None:
        """Move what is complete to its place; what was there is there until then."""
        target, aside = self.folder / address, self._part(f"{address}{_OLD}")
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
            target.rename(aside)
        part.rename(target)
        shutil.rmtree(aside, ignore_errors=True)

    @staticmethod
    def _sound(folder: Path, address: str) -> dict[str, Any] | None:
        """Attributes of a cell, if all of it is as it was written and it belongs to that address."""
        attributes = read_sealed(folder)
        if attributes is None or format_of(attributes) != FORMAT or attributes.get("address") != address:
            return None
        return attributes if is_record(attributes) and address_of(attributes["inputs"]) == address else None


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a cell and what is in them, as far as they can be read."""
    with suppress(OSError):
        for name, path in {**files_in(folder), ROOT: folder / ROOT}.items():
            yield name, path.read_bytes()


class Columns:
    """A cell's draws, written a stretch at a time as Zarr arrays over ``draw``, with attributes: units, flags."""

    def __init__(self, folder: Path, draws: int, attributes: Mapping[str, Any]) -> None:
        self.folder, self.draws, self._attributes = folder, draws, attributes
        self._arrays: dict[str, Any] = {}

    def put(self, start: int, columns: Mapping[str, NDArray[Any]]) -> None:
        """Write draws start, ...; stretches are equally long and may come in any order."""
        for name, values in columns.items():
            if name not in self._arrays:
                self._arrays[name] = self._array(name, values)
            self._arrays[name][start : start + len(values)] = values

    def drop(self) -> None:
        """Take away what was written."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _array(self, name: str, first: NDArray[Any]) -> Any:
        from zarr.codecs import Crc32cCodec, ZstdCodec

        zarr, attributes = cast("Any", importlib.import_module("zarr")), self._attributes.get(name, {}).items()
        return zarr.create_array(
            store=str(self.folder / name),
            shape=(self.draws,),
            chunks=first.shape,
            dtype=first.dtype,
            compressors=[ZstdCodec(level=1), Crc32cCodec()],
            dimension_names=["draw"],
            attributes={key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in attributes},
            fill_value=0,
            overwrite=True,
        )
