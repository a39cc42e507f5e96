"""Zarr groups as files: the little of the format (version 3) that is written here by hand.

Metadata of what is in a group is repeated in the group's own file, so that it can be opened at once, and so that a
group comes into being whole, with that one file. Zarr calls this consolidated metadata, and reads it unasked.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

__all__ = [
    "FORMAT",
    "ROOT",
    "array_metadata",
    "empty_group",
    "files_in",
    "format_of",
    "read_json",
    "read_sealed",
    "write_sealed",
]

FORMAT = 1
"""Version of what stands in stores and under which names: raised whenever older readers would misread a new store.

Every group has it as its attribute ``format``; those without are of version 1, from before there was a number."""

ROOT = "zarr.json"
"""The file that makes a folder a group, or an array."""

_HEAD = '{"zarr_format": 3, "node_type": "group", "attributes": {"digest": "'
_NOTHING = "0" * 64


def write_sealed(folder: Path, attributes: Mapping[str, Any], *, arrays: bool = True) -> None:
    """Make a folder a group, with a digest of all that is in it; wait until the disk has it.

    The attributes begin with a digest of all that follows in the file; among them, ``files`` has those of all others.
    """
    files = {name: _digest_of(path, settle=True) for name, path in files_in(folder).items()} if arrays else {}
    whole = {"digest": _NOTHING, "format": FORMAT, **attributes, "files": json.dumps(files)}
    text = _text(whole, array_metadata(folder) if arrays else {})
    rest = text[len(_HEAD) + len(_NOTHING) :]
    with (folder / ROOT).open("w", encoding="utf-8") as file:  # durably: it outlives a loss of power
        file.write(_HEAD + _digest(rest) + rest)
        file.flush()
        os.fsync(file.fileno())


def read_sealed(folder: Path) -> dict[str, Any] | None:
    """A group's attributes, if all of it is as it was written, in any version of the format; else None."""
    try:
        text = (folder / ROOT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    start, end = len(_HEAD), len(_HEAD) + len(_NOTHING)
    if not text.startswith(_HEAD) or text[start:end] != _digest(text[end:]):
        return None
    try:
        attributes = cast("dict[str, Any]", json.loads(text)["attributes"])
        files = cast("dict[str, str]", json.loads(attributes["files"]))
        same = all(_digest_of(folder / name) == digest for name, digest in files.items())
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):  # sealed, but by something else
        return None
    return attributes if same else None


def format_of(attributes: Mapping[str, Any]) -> int:
    """The version of the format that a group is of; 0 if what it says is no version.

    Examples
    --------
    >>> format_of({}), format_of({"format": 7}), format_of({"format": "new"})
    (1, 7, 0)
    """
    version = attributes.get("format", 1)
    return version if type(version) is int and version > 0 else 0


def empty_group() -> str:
    """The file of a group with nothing in it."""
    return _text({"format": FORMAT}, {})


def _text(attributes: Mapping[str, Any], arrays: Mapping[str, Any]) -> str:
    inside = {"kind": "inline", "must_understand": False, "metadata": arrays}
    whole = {"zarr_format": 3, "node_type": "group", "attributes": attributes, "consolidated_metadata": inside}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)


def array_metadata(folder: Path) -> dict[str, Any]:
    """Metadata of the arrays in a folder, by name; of one whose metadata cannot be read, nothing."""
    each = {file.parent.name: read_json(file) for file in sorted(folder.glob(f"[!.]*/{ROOT}"))}
    return {name: metadata for name, metadata in each.items() if metadata.get("node_type", "array") == "array"}


def read_json(file: Path) -> dict[str, Any]:
    """A table in a file; of what is none, nothing."""
    try:
        metadata = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", metadata) if isinstance(metadata, dict) else {}


def files_in(folder: Path, arrays: Iterable[str] | None = None) -> dict[str, Path]:
    """Every file of the arrays in a folder, or of some of them, by its path there."""
    names = [path.name for path in folder.iterdir() if path.is_dir()] if arrays is None else arrays
    files = [path for name in names for path in (folder / name).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path for path in sorted(files)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest_of(path: Path, *, settle: bool = False) -> str:
    """SHA-256 of a file; of one that cannot be read, nothing. If it is to settle, the disk has it then."""
    try:
        with path.open("rb") as file:
            if settle:
                os.fsync(file.fileno())
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
