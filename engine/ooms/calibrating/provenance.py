"""What was asked for on the way to a calibration, as the command that asks for it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from ooms.calibrating.sampling import Sampling
from ooms.calibrating.surveys import Survey, shipped_surveys
from ooms.calibrating.surveys.reader import surveys_folder

__all__ = ["Asked"]

_USUAL = Sampling()


@dataclass(frozen=True)
class Asked:
    """A calibration as it was asked for.

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
        How it was sampled, where that was not as usual.
    """

    view: str
    changes: tuple[str, ...]
    surveys: Mapping[str, str]
    everything: bool
    options: Mapping[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def of(
        cls, view: str, changes: tuple[str, ...], surveys: Iterable[Survey], everything: bool, how: Sampling
    ) -> Self:
        """From what was read."""
        named = {survey.name: _named(survey) for survey in surveys}
        options = {key: value for key, value in asdict(how).items() if value != getattr(_USUAL, key)}
        return cls(view, changes, named, everything, options)

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """From what `plain` gave."""
        changes = tuple(map(str, plain["changes"]))
        return cls(plain["view"], changes, plain["surveys"], plain["everything"], plain["options"])

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return asdict(self)

    def command(self, changes: Iterable[str] = (), surveys: Iterable[str] | None = None) -> str:
        """The command, with further what-ifs, and with some of the surveys only.

        Examples
        --------
        >>> asked = Asked("my view.toml", ("rho ~ uniform(-1, 0)",), {"a": "a", "b": "b.toml"}, False, {"seed": 3})
        >>> asked.command()
        "ooms calibrate 'my view.toml' --set 'rho ~ uniform(-1, 0)' --surveys a b.toml --seed 3"
        >>> asked.command(surveys=["a"])
        "ooms calibrate 'my view.toml' --set 'rho ~ uniform(-1, 0)' --surveys a --seed 3"
        """
        words = ["ooms", "calibrate", self.view]
        words += [word for change in (*self.changes, *changes) for word in ("--set", change)]
        if not (self.everything and surveys is None):
            words += ["--surveys", *(self.surveys[name] for name in (self.surveys if surveys is None else surveys))]
        for key, value in self.options.items():
            words += [f"--{key.replace('_', '-')}", f"{value:g}"]
        return shlex.join(words)


def _named(survey: Survey) -> str:
    shipped = survey.name in shipped_surveys() and Path(survey.file).parent == surveys_folder()
    return survey.name if shipped else survey.file
