"""What is kept of a simulation-based calibration, and the file that it is kept in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple, Self, cast

from ooms.files.toml import lines_of, name
from ooms.files.writing import write_whole
from ooms.problems import Problem, UserError

__all__ = ["Summary", "Uniformity", "read_summaries", "write_summaries"]

PASSES, FAILS = "passes", "fails"


class Uniformity(NamedTuple):
    """How uniform the ranks of one quantity are.

    Parameters
    ----------
    quantity : str
        Its name.
    p : float
        Chance that uniform ranks stray as far from uniform.
    histogram : tuple of int
        The ranks, counted in ten bins.
    """

    quantity: str
    p: float
    histogram: tuple[int, ...]


@dataclass(frozen=True)
class Summary:
    """A simulation-based calibration without its single ranks.

    Parameters
    ----------
    model : str
        What was tested: a kind of likelihood, or ``"joint"``.
    simulations, possible_ranks : int
        True values of each quantity, and how many different ranks they could have.
    false_alarms : float
        Chance, at most, that a right model fails.
    divergences : int
        Draws at which the sampler went astray, in all fits.
    chains, draws, tune : int
        Of each fit.
    target_accept : float
        Of each fit.
    seconds : float
        Spent on simulating and sampling.
    seed : int
        Chose everything.
    date : str
        When it was run.
    versions : mapping of str to str
        Of the packages that decide about it.
    quantities : tuple of Uniformity
        The ranks of every quantity.
    """

    model: str
    simulations: int
    possible_ranks: int
    false_alarms: float
    divergences: int
    chains: int
    draws: int
    tune: int
    target_accept: float
    seconds: float
    seed: int
    date: str
    versions: Mapping[str, str]
    quantities: tuple[Uniformity, ...]

    @property
    def worst(self) -> Uniformity:
        """The quantity with the smallest p-value."""
        return min(self.quantities, key=lambda one: one.p)

    @property
    def passes(self) -> bool:
        """Whether the smallest p-value, times the number of quantities, reaches the false-alarm rate."""
        return self.worst.p * len(self.quantities) >= self.false_alarms

    @property
    def verdict(self) -> str:
        """``"passes"`` or ``"fails"``."""
        return PASSES if self.passes else FAILS

    def plain(self) -> dict[str, object]:
        """The same as plain numbers, texts, lists and dictionaries; `from_plain` reads it back."""
        told: dict[str, object] = {
            "verdict": self.verdict,
            "smallest_p": self.worst.p,
            "smallest_p_of": self.worst.quantity,
            "quantities": len(self.quantities),
        }
        told |= {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _APART}
        told |= dict(self.versions)
        told["p"] = {one.quantity: one.p for one in self.quantities}
        told["histogram"] = {one.quantity: list(one.histogram) for one in self.quantities}
        return told

    @classmethod
    def from_plain(cls, model: str, told: Mapping[str, Any]) -> Self:
        """The summary of a model that `plain` told of.

        Parameters
        ----------
        model : str
            What was tested.
        told : mapping
            From `plain`.
        """
        quantities = tuple(Uniformity(name, p, tuple(told["histogram"][name])) for name, p in told["p"].items())
        kept = {one.name: told[one.name] for one in fields(cls) if one.name not in _APART}
        versions = {name: told[name] for name in _VERSIONS}
        return cls(model=model, versions=versions, quantities=quantities, **kept)


_APART = ("model", "versions", "quantities")
"""Fields that `plain` has in another form."""
_VERSIONS = ("ooms", "pymc", "nutpie")


def write_summaries(path: Path, found: Iterable[Summary], head: str = "") -> None:
    """Write summaries as TOML, a table a model, whole or not at all.

    Parameters
    ----------
    path : Path
        Where to.
    found : iterable of Summary
        Of different models.
    head : str
        A comment to begin with, one line.
    """
    lines = [f"# {head}", ""] if head else []
    for one in found:
        told = one.plain()
        lines += [f"[{name(one.model)}]", *lines_of({key: value for key, value in told.items() if key not in _TABLES})]
        for key in _TABLES:
            lines += ["", f"[{name(one.model)}.{key}]", *lines_of(cast("Mapping[str, object]", told[key]))]
        lines.append("")
    write_whole(path, lambda part: part.write_text("\n".join(lines), encoding="utf-8"))


_TABLES = ("p", "histogram")


def read_summaries(path: Path) -> dict[str, Summary]:
    """The summaries in a file that `write_summaries` wrote, by model.

    Raises
    ------
    UserError
        It cannot be read.
    """
    try:
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return {model: Summary.from_plain(model, table) for model, table in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"cannot be read: {error}"
        raise UserError([Problem(str(path), what, f"make it again: ooms sbc --out {path}")]) from error
