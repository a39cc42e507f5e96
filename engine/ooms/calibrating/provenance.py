"""How a calibration was made: the command that makes it again, and what it was made from."""

from __future__ import annotations

import hashlib
import platform
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import ooms
from ooms.calibrating.sampling import NutsSettings
from ooms.calibrating.surveys import Survey, shipped_surveys
from ooms.calibrating.surveys.reader import surveys_folder

__all__ = ["Command", "Provenance", "digests", "versions"]

_DEFAULT = NutsSettings()


@dataclass(frozen=True)
class Command:
    """``ooms calibrate`` with what it was given.

    Parameters
    ----------
    view : str
        The view as the command line takes it: a name, or the path of a file.
    changes : tuple of str
        What-ifs that went in before.
    surveys : mapping of str to str
        What the command line takes for each survey, by its name: the same, or the path of a file.
    everything : bool
        Whether these are all shipped surveys that are fitted, so that none needs to be named.
    options : mapping of str to float
        Settings of the sampler that were not the default.
    """

    view: str
    changes: tuple[str, ...] = ()
    surveys: Mapping[str, str] = field(default_factory=dict[str, str])
    everything: bool = False
    options: Mapping[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def of(
        cls, view: str, changes: tuple[str, ...], surveys: Iterable[Survey], everything: bool, settings: NutsSettings
    ) -> Self:
        """The command for a view, what-ifs, surveys and settings of the sampler that were read."""
        shipped, folder = shipped_surveys(), surveys_folder()
        words = {s.name: s.name if s.name in shipped and Path(s.file).parent == folder else s.file for s in surveys}
        options = {key: value for key, value in asdict(settings).items() if value != getattr(_DEFAULT, key)}
        return cls(view, changes, words, everything, options)

    def line(self, changes: Iterable[str] = (), surveys: Iterable[str] | None = None) -> str:
        """The command, with further what-ifs, and with some of the surveys only.

        Examples
        --------
        >>> command = Command("my view.toml", ("rho ~ uniform(-1, 0)",), {"a": "a", "b": "b.toml"}, False, {"seed": 3})
        >>> command.line()
        "ooms calibrate 'my view.toml' --set 'rho ~ uniform(-1, 0)' --surveys a b.toml --seed 3"
        >>> command.line(surveys=["a"])
        "ooms calibrate 'my view.toml' --set 'rho ~ uniform(-1, 0)' --surveys a --seed 3"
        """
        words = ["ooms", "calibrate", self.view]
        words += [word for change in (*self.changes, *changes) for word in ("--set", change)]
        if not (self.everything and surveys is None):
            words += ["--surveys", *(self.surveys[name] for name in (self.surveys if surveys is None else surveys))]
        for key, value in self.options.items():
            words += [f"--{key.replace('_', '-')}", f"{value:g}"]
        return shlex.join(words)

    __str__ = line


@dataclass(frozen=True)
class Provenance:
    """How a calibration was made.

    Parameters
    ----------
    command : Command
        What makes it again.
    settings : NutsSettings
        How it was sampled in the end: where draws diverged, with smaller steps than the command asks for.
    surveys : mapping of str to str
        SHA-256 of each survey's file, by its name; empty for one that was made without a file.
    fixed : tuple of str
        Parameters that the surveys inform and the view fixes.
    double_counted : tuple of str
        Where a belief and a survey rest on the same work.
    seconds : float
        Wall time.
    versions : mapping of str to str
        Of what it was made by.
    """

    command: Command
    settings: NutsSettings
    surveys: Mapping[str, str]
    fixed: tuple[str, ...] = ()
    double_counted: tuple[str, ...] = ()
    seconds: float = 0.0
    versions: Mapping[str, str] = MappingProxyType({})

    def record(self) -> dict[str, Any]:
        """The same as JSON can hold it, by the names that files of calibrations use."""
        return {
            "command": str(self.command),
            **asdict(self.settings),
            "seconds": round(self.seconds, 1),
            "surveys": dict(self.surveys),
            "versions": dict(self.versions),
            "settled": list(self.fixed),
            "twice": list(self.double_counted),
            "asked": asdict(self.command) | {"changes": list(self.command.changes)},
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """What `record` made a record of."""
        command: Mapping[str, Any] = record["asked"]
        return cls(
            command=replace(Command(**command), changes=tuple(command["changes"])),
            settings=NutsSettings(**{key: record[key] for key in asdict(_DEFAULT)}),
            surveys=record["surveys"],
            fixed=tuple(record["settled"]),
            double_counted=tuple(record["twice"]),
            seconds=record["seconds"],
            versions=record["versions"],
        )


def digests(surveys: Iterable[Survey]) -> dict[str, str]:
    """SHA-256 of each survey's file, by its name; empty for one that was made without a file."""
    files = {survey.name: Path(survey.file) for survey in surveys}
    return {name: hashlib.sha256(f.read_bytes()).hexdigest() if f.is_file() else "" for name, f in files.items()}


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide about the draws."""
    numbers = {"ooms": ooms.__version__, "python": platform.python_version()}
    for name in ("numpy", "pymc", "pytensor", "nutpie", "arviz-stats"):
        try:
            numbers[name] = version(name)
        except PackageNotFoundError:
            numbers[name] = "not installed"
    return numbers
