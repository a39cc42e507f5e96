"""Where prior files are: the shipped ones (in a wheel, or in a checkout), and those a user names by path."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from pathlib import Path

from ooms.problems import Problem, UserError, did_you_mean

__all__ = ["find", "find_with_options", "first_file", "priors_folder", "shipped", "shipped_calibrations",
           "views_folder"]  # fmt: skip


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


def find_with_options(name: str | Path, beside: Path | None = None) -> tuple[Path, tuple[str, ...]]:
    """The file of a view, and the options that are named after it: ``davidson-houlden-2025+retraining``."""
    text = str(name)
    if "+" not in text or os.path.isfile(os.path.expanduser(text)):
        return find(name, beside), ()
    folder, slash, last = text.rpartition("/")
    base, *options = last.split("+")
    return find(folder + slash + base, beside), tuple(options)


def find(name: str | Path, beside: Path | None = None) -> Path:
    """The file of a view: a path, a file beside another one, or the name of a shipped view.

    Parameters
    ----------
    name : str or Path
        ``my.toml``, ``folder/my.toml`` or ``davidson-2025``.
    beside : Path, optional
        The folder in which a name is looked for first.

    Raises
    ------
    UserError
        There is no such file; says where it was looked for and what there is.

    Examples
    --------
    >>> find("davidson-2025").name
    'davidson-2025.toml'
    """
    text = str(name)
    looked = [Path(os.path.expanduser(text)), views_folder() / f"{text}.toml"]
    looked += [priors_folder() / f"{text}.toml"] if text in shipped_calibrations() else []
    if beside is not None:
        looked = [beside / text, beside / f"{text}.toml", *looked]
    return first_file(text, looked, shipped(), kind="view", file="prior file")


def first_file(text: str, looked: Sequence[Path], names: Sequence[str], *, kind: str, file: str) -> Path:
    """The first of several places at which there is a file.

    Parameters
    ----------
    text : str
        What the user gave.
    looked : sequence of Path
        Where that could be.
    names : sequence of str
        What is shipped.
    kind, file : str
        What is looked for, and what its files are called: ``view``, ``prior file``.

    Raises
    ------
    UserError
        There is none; says what there is.
    """
    for path in looked:
        if os.path.isfile(path):  # unlike Path.is_file, never raises
            return path
    remedy = f"give the path of a {file}, or the name of a shipped {kind}: " + ", ".join(names)
    if text and any(map(os.path.isdir, looked)):
        raise UserError([Problem(text, "is a folder, not a file", remedy)])
    if text.endswith(".toml") or "/" in text or not text:
        raise UserError([Problem(text or '""', "is not there: no such file", remedy)])
    raise UserError([Problem(text, f"is neither a shipped {kind} nor a file", did_you_mean(text, names))])
