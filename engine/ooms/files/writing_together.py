"""Several files that belong together are written all or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from ooms.files.writing import beside, unwritable

__all__ = ["Writer", "write_together"]

type Writer = Callable[[Path], object]
"""Writes a file at the path it is given."""


def write_together(files: Mapping[Path, Writer]) -> None:
    """Write files: all whole, or none, with what was there before still there; a link stays a link.

    All are first written beside their places, then moved there. If one cannot be moved, those that were are put back.

    Parameters
    ----------
    files : mapping of Path to callable
        Where each file is to be, and what writes it.

    Raises
    ------
    UnwritableError
        One of them cannot be written. Nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_together({Path(folder, name): lambda part: part.write_text("whole") for name in ("a", "b")})
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['a', 'b']
    """
    targets = {path: Path(os.path.realpath(path)) for path in files}
    parts = {path: beside(target, "part") for path, target in targets.items()}
    before = {path: beside(target, "before") for path, target in targets.items()}
    moved: list[Path] = []
    path = None
    try:
        for path, write in files.items():
            parts[path].touch()  # so that it has the permissions that the user's files have
            write(parts[path])
        for path, target in targets.items():
            if target.exists():
                _keep(target, before[path])
            moved.append(path)
            os.replace(parts[path], target)
    except BaseException as error:  # Ctrl-C too
        for done in reversed(moved):
            with suppress(OSError):
                _put_back(targets[done], before[done], parts[done])
        if isinstance(error, OSError):
            raise unwritable(str(path), error) from error
        raise
    finally:
        for left in (*parts.values(), *before.values()):
            with suppress(OSError):
                left.unlink()


def _keep(target: Path, before: Path) -> None:
    """Keep what is there under another name as well; it is not moved, so that it is never missing."""
    try:
        os.link(target, before)
    except OSError:  # a file system without hard links
        shutil.copy2(target, before)


def _put_back(target: Path, before: Path, part: Path) -> None:
    """Undo a move that may or may not have taken place."""
    if part.exists():
        return
    if before.exists():
        os.replace(before, target)
    else:
        target.unlink()
