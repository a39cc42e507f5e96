"""Files are written whole or not at all: beside their place first, then moved there."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ooms.problems import Problem, Problems, UserError

__all__ = ["check_place", "write_whole"]


def check_place(path: Path, problems: Problems, place: str = "") -> None:
    """Add what is wrong with a place for a file to `problems`, before any work is done for it.

    Parameters
    ----------
    path : Path
        Where the file is to be.
    problems : Problems
        What is wrong is added to it.
    place : str
        How the user named it; the path unless given.
    """
    place, folder = place or str(path), path.absolute().parent
    if os.path.isdir(path):  # unlike Path.is_dir, never raises
        problems.add(place, "is a folder, not a file", "give the name of a file")
    elif not os.path.isdir(folder):
        problems.add(place, f"cannot be written: there is no folder {path.parent}", "give a folder that exists")
    elif not os.access(folder, os.W_OK):
        problems.add(place, f"cannot be written: the folder {path.parent} is read-only", "give another folder")


def write_whole(path: Path, write: Callable[[Path], object], place: str = "") -> None:
    """Write a file; one that was there is replaced only once the new one is whole, and a link stays a link.

    Parameters
    ----------
    path : Path
        Where the file is to be. What is no plain file (a pipe, /dev/stdout) is written to directly.
    write : callable
        Writes a file at the path it is given.
    place : str
        How the user named it; the path unless given.

    Raises
    ------
    UserError
        It cannot be written. Nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    special = os.path.exists(target) and not os.path.isfile(target)
    # a plain file, so that it has the permissions that the user's files have
    part = target if special else target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if not special:
            part.touch()
        write(part)
        if not special:
            os.replace(part, target)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise UserError([Problem(place or str(path), what, "free some space or give another place")]) from error
    finally:
        if not special:
            with suppress(OSError):
                part.unlink()
