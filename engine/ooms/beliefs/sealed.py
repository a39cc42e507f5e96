"""Files that were written together with a digest of each: nothing opens one before it is what was written."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

__all__ = ["DamagedError", "plain", "seal", "sealed"]

_MOST = 2**31
"""Bytes: no larger file is read."""


class DamagedError(ValueError):
    """A file is not what was written, or cannot be read; its message says in which way."""


def seal(content: bytes) -> dict[str, int | str]:
    """The size and the digest that stand for a file's content.

    Examples
    --------
    >>> seal(b"")["bytes"], str(seal(b"")["sha256"])[:8]
    (0, 'e3b0c442')
    """
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def plain(path: Path, most: int = _MOST) -> bytes:
    """The content of a plain file of at most so many bytes; a pipe or a device is not so much as opened.

    Raises
    ------
    DamagedError
        It is no such file, or cannot be read.
    """
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise DamagedError("is a folder, not a file" if stat.S_ISDIR(found.st_mode) else "is no plain file")
        if found.st_size > most:
            raise DamagedError(f"is too large: {found.st_size} bytes, and at most {most} are read")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, DamagedError):
            raise
        raise DamagedError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None


def sealed(path: Path, size: int, digest: str) -> bytes:
    """The content of a file, once it is known to be what was written.

    Raises
    ------
    DamagedError
        It is not, or cannot be read.
    """
    content = plain(path)
    if len(content) != size:
        raise DamagedError(f"is damaged: it has {len(content)} bytes, and {size} were saved")
    if seal(content)["sha256"] != digest:
        raise DamagedError("is damaged: its bytes are not those that were saved")
    return content
