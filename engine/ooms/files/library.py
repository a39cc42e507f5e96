"""Where prior files are: the shipped ones (in a wheel, or in a checkout), and those a user names by path.

A file may come from a stranger. So what a file names (the one it extends, a view, its draws) is a shipped file, or one
at or below the folder of the file that names it, links followed (`named_in`); and only plain files are read, up to a
size (`read_plain`).
"""

from __future__ import annotations

import errno
import os
import os.path
import stat
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ooms.problems import Problem, UserError, did_you_mean

__all__ = ["MOST_DRAWS", "MOST_TEXT", "find", "find_with_options", "first_file", "named_in", "priors_folder",
           "read_plain", "shipped", "shipped_calibrations", "views_folder"]  # fmt: skip

MOST_TEXT, MOST_DRAWS = 2**20, 2**25
"""Bytes of the largest prior, study or survey file, and of the largest file of joint draws."""


@cache
def priors_folder() -> Path:
    """The folder of shipped beliefs: ``ooms/priors`` in an installed wheel, ``priors`` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "priors"
    return installed if installed.is_dir() else package.parent.parent / "priors"


def views_folder() -> Path:
    """The folder of shipped views."""
    return priors_folder() / "views"


def shipped() -> tuple[str, ...]:
    """Names of the shipped views, the default first."""
    names = sorted(path.stem for path in views_folder().glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != "davidson-2025"))


def shipped_calibrations() -> tuple[str, ...]:
    """Names of the shipped calibrated views, as `find` takes them: ``calibrated/davidson-2025``."""
    return tuple(sorted(f"calibrated/{path.stem}" for path in (priors_folder() / "calibrated").glob("*.nc")))


def find_with_options(name: str | Path, named_by: Path | None = None) -> tuple[Path, tuple[str, ...]]:
    """The file of a view, and the options that are named after it: ``davidson-houlden-2025+retraining``."""
    text = str(name)
    if "+" not in text or any(map(os.path.isfile, _places(text, named_by)[:1])):
        return find(name, named_by), ()
    folder, slash, last = text.rpartition("/")
    base, *options = last.split("+")
    return find(folder + slash + base, named_by), tuple(options)


def find(name: str | Path, named_by: Path | None = None) -> Path:
    """The file of a view: a path, a file beside another one, or the name of a shipped view.

    Parameters
    ----------
    name : str or Path
        ``my.toml``, ``folder/my.toml`` or ``davidson-2025``.
    named_by : Path, optional
        The file that names it, at or below whose folder it has to be unless it is shipped.

    Raises
    ------
    UserError
        There is no such file; says where it was looked for and what there is.

    Examples
    --------
    >>> find("davidson-2025").name
    'davidson-2025.toml'
    """
    files = {name: views_folder() / f"{name}.toml" for name in shipped()}
    files |= {name: priors_folder() / f"{name}.toml" for name in shipped_calibrations()}
    return first_file(str(name), files, shipped(), kind="view", file="prior file", named_by=named_by)


def first_file(
    text: str, files: Mapping[str, Path], names: Sequence[str], *, kind: str, file: str, named_by: Path | None = None
) -> Path:
    """The file that a text names: by its path, or a shipped one by its name.

    Parameters
    ----------
    text : str
        What the user gave.
    files : mapping of str to Path
        The shipped files by name.
    names : sequence of str
        The names of those that are offered.
    kind, file : str
        What is looked for, and what its files are called: ``view``, ``prior file``.
    named_by : Path, optional
        The file that names it: then a path goes from there, and not out of its folder.

    Raises
    ------
    UserError
        There is none; says what there is.
    """
    looked = _places(text, named_by)
    for path in (*looked, files.get(text)):
        if path is not None and os.path.isfile(path):  # unlike Path.is_file, never raises
            return path
    remedy = f"give the path of a {file}, or the name of a shipped {kind}: " + ", ".join(names)
    if text and any(map(os.path.isdir, looked)):
        raise UserError([Problem(text, "is a folder, not a file", remedy)])
    if text.endswith(".toml") or "/" in text or not text:
        raise UserError([Problem(text or '""', "is not there: no such file", remedy)])
    raise UserError([Problem(text, f"is neither a shipped {kind} nor a file", did_you_mean(text, names))])


def _places(text: str, named_by: Path | None) -> list[Path]:
    """Where the path that a text names could be."""
    if named_by is None:
        return [Path(os.path.expanduser(text))]
    return [named_in(named_by, text), named_in(named_by, f"{text}.toml")]


def named_in(file: Path, name: str) -> Path:
    """The path of a file that another file names, whether or not it is there.

    Raises
    ------
    UserError
        It leads out of the folder of the file that names it, links followed, and to no shipped file either.

    Examples
    --------
    >>> named_in(views_folder() / "mine.toml", "../../../etc/passwd")
    Traceback (most recent call last):
    ooms.problems.UserError: ../../../etc/passwd: leads out of the folder of the file that names it
        -> put the file beside the one that names it, or in a folder there
    """
    path = file.parent / name
    try:
        real = Path(os.path.realpath(path))
    except ValueError:  # a name that no file can have
        return path
    # the file may be a link itself, as in environments whose packages are links into a cache
    folders = (file.parent, Path(os.path.realpath(file)).parent, priors_folder())
    if any(real.is_relative_to(os.path.realpath(folder)) for folder in folders):
        return path
    what = "leads out of the folder of the file that names it"
    raise UserError([Problem(name, what, "put the file beside the one that names it, or in a folder there")])


def read_plain(path: Path, most: int) -> str:
    """The text of a plain file of at most so many bytes, without a byte order mark, lines ended as on Unix.

    Raises
    ------
    OSError
        It is not there, is no plain file (a pipe, a device, a folder), or is larger.
    ValueError
        It is not UTF-8, or the path is none that a file can have.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:  # a pipe was opened without waiting for whoever would write to it
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            content = opened.read(most + 1)
    finally:
        os.close(descriptor)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most >> 20} MB")
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
