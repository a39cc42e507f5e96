"""Where prior files are: the shipped ones (in a wheel, or in a checkout), and those a user names by path."""

from __future__ import annotations

import os.path
from pathlib import Path

from ooms.problems import Problem, UserError, did_you_mean

__all__ = ["find", "find_with_options", "priors_folder", "shipped", "shipped_calibrations", "views_folder"]


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
    for path in looked:
        if os.path.isfile(path):  # unlike Path.is_file, never raises
            return path
    remedy = "give the path of a prior file, or the name of a shipped view: " + ", ".join(shipped())
    if text and any(map(os.path.isdir, looked)):
        raise UserError([Problem(text, "is a folder, not a file", remedy)])
    if text.endswith(".toml") or "/" in text or not text:
        raise UserError([Problem(text or '""', "is not there: no such file", remedy)])
    raise UserError([Problem(text, "is neither a shipped view nor a file", did_you_mean(text, shipped()))])
