"""Files are written whole or not at all: beside their place first, then moved there."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ooms.problems import Problem, Problems, UserError

__all__ = ["UnwritableError", "beside", "check_place", "unwritable", "write_whole"]


class UnwritableError(UserError):
    """A file that was worked out cannot be written: the disk is full, or the like."""


def unwritable(place: str, error: OSError) -> UnwritableError:
    """What went wrong, in one line; libraries below put more into their messages than anybody can use."""
    why = error.strerror or (str(error).splitlines() or ["for a reason that is not given"])[0]
    return UnwritableError([Problem(place, f"cannot be written: {why}", "free some space or give another place")])


def beside(target: Path, ending: str) -> Path:
    """A name for a part of a file, in its folder; short enough where the file's own name may be."""
    name = os.fsencode(target.name)
    stem = target.name if len(name) < 200 else f"{zlib.crc32(name):08x}"
    return target.with_name(f".{stem}.{os.getpid()}.{ending}")


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
    else:
        try:
            os.lstat(path)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:  # a name that is too long, or has a zero byte
            why = getattr(error, "strerror", None) or str(error)
            problems.add(place, f"cannot be written: {why}", "give another name")


def write_text(path: Path, text: str, place: str = "") -> None:
    """Write a text file, whole or not at all: UTF-8, the same bytes on every system (`write_whole`)."""
    write_whole(path, lambda part: part.write_text(f"{text}\n", encoding="utf-8", newline="\n"), place)


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
    UnwritableError
        It cannot be written. Nothing is left behind.
    """
    target = Path(os.path.realpath(path))
    special = os.path.exists(target) and not os.path.isfile(target)
    # a plain file, so that it has the permissions that the user's files have
    part = target if special else beside(target, "part")
    try:
        if not special:
            part.touch()
        write(part)
        if not special:
            os.replace(part, target)
    except OSError as error:
        raise unwritable(place or str(path), error) from error
    finally:
        if not special:
            with suppress(OSError):
                part.unlink()
