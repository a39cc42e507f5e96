"""Ranks of true values among posterior draws, what they say of the model and its sampler, and what is kept of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ooms import __version__
from ooms.calibrating.sampling import NutsSettings
from ooms.calibrating.sbc.uniformity import p_values
from ooms.files.toml import lines_of
from ooms.files.toml import name as key_of
from ooms.files.writing import write_whole

__all__ = ["FALSE_ALARMS", "RankSummary", "Sbc", "Uniformity", "write_summaries"]

FALSE_ALARMS = 0.01
"""Chance, at most, that a right model with a right sampler fails: 1 % for all quantities of a run together."""

_BINS = 10


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
class RankSummary:
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
        return min(self.quantities, key=lambda quantity: quantity.p)

    @property
    def passes(self) -> bool:
        """Whether the smallest p-value, times the number of quantities, reaches the false-alarm rate."""
        return self.worst.p * len(self.quantities) >= self.false_alarms

    @property
    def verdict(self) -> str:
        """``"passes"`` or ``"fails"``."""
        return "passes" if self.passes else "fails"

    def plain(self) -> dict[str, object]:
        """The same as plain numbers, texts, lists and dictionaries."""
        return {
            "verdict": self.verdict,
            "smallest_p": self.worst.p,
            "smallest_p_of": self.worst.quantity,
            "quantities": len(self.quantities),
            **{name: getattr(self, name) for name in _fields()},
            **self.versions,
            "p": {each.quantity: each.p for each in self.quantities},
            "histogram": {each.quantity: list(each.histogram) for each in self.quantities},
        }


_TABLES = ("p", "histogram")


def _fields() -> list[str]:
    """Fields that are the same in plain form."""
    return [field.name for field in fields(RankSummary) if field.name not in ("model", "versions", "quantities")]


@dataclass(frozen=True)
class Sbc:
    """The ranks of a simulation-based calibration.

    A run fails if the smallest p-value of its quantities, times their number (Bonferroni), is below the false-alarm
    rate, by default 1 %: a right model fails at most one run in a hundred.

    Parameters
    ----------
    model : str
        What was tested.
    ranks : mapping of str to array of int, shape (simulations,)
        Rank of the true value among the thinned posterior draws, for each quantity.
    possible : int
        Number of possible ranks: thinned draws plus one.
    divergences : int
        Draws at which the sampler went astray, in all fits.
    settings : NutsSettings
        How each fit was sampled; its seed is not used.
    seconds : float
        Spent on simulating and sampling, compiling aside.
    seed : int
        Chose everything.
    false_alarms : float
        Chance, at most, that a right model fails.
    """

    model: str
    ranks: Mapping[str, NDArray[np.intp]]
    possible: int
    divergences: int
    settings: NutsSettings
    seconds: float
    seed: int
    false_alarms: float = FALSE_ALARMS

    @property
    def simulations(self) -> int:
        """How many true values there were of each quantity."""
        return len(next(iter(self.ranks.values())))

    @cached_property
    def p_values(self) -> Mapping[str, float]:
        """Chance that uniform ranks stray as far from uniform, by quantity (`ooms.calibrating.sbc.p_values`)."""
        each = p_values(np.stack(list(self.ranks.values())), self.possible)
        return MappingProxyType(dict(zip(self.ranks, each.tolist(), strict=True)))

    @property
    def worst(self) -> str:
        """The quantity with the smallest p-value."""
        return min(self.p_values, key=lambda name: self.p_values[name])

    @property
    def passes(self) -> bool:
        """Whether no quantity's ranks are too far from uniform to be chance."""
        return self.summary().passes

    def histogram(self, quantity: str) -> tuple[int, ...]:
        """Ranks of a quantity counted in ten bins, from the lowest to the highest."""
        return tuple(np.bincount(self.ranks[quantity] * _BINS // self.possible, minlength=_BINS).tolist())

    def summary(self) -> RankSummary:
        """What to keep of it: p-values and histograms, what was run, with what and when."""
        return RankSummary(
            model=self.model,
            simulations=self.simulations,
            possible_ranks=self.possible,
            false_alarms=self.false_alarms,
            divergences=self.divergences,
            chains=self.settings.chains,
            draws=self.settings.draws,
            tune=self.settings.tune,
            target_accept=self.settings.target_accept,
            seconds=round(self.seconds, 1),
            seed=self.seed,
            date=datetime.date.today().isoformat(),
            versions={"ooms": __version__} | {name: version(name) for name in ("pymc", "nutpie")},
            quantities=tuple(
                Uniformity(name, float(f"{p:.4g}"), self.histogram(name)) for name, p in self.p_values.items()
            ),
        )

    def plain(self) -> dict[str, object]:
        """The summary as plain numbers, texts, lists and dictionaries."""
        return self.summary().plain()


def write_summaries(path: Path, summaries: Iterable[RankSummary], head: str = "") -> None:
    """Write summaries as TOML, a table a model, after a comment of one line; whole or not at all."""
    lines = [f"# {head}", ""] if head else []
    for summary in summaries:
        plain, model = summary.plain(), key_of(summary.model)
        lines += [f"[{model}]", *lines_of({key: value for key, value in plain.items() if key not in _TABLES})]
        for key in _TABLES:
            lines += ["", f"[{model}.{key}]", *lines_of(cast("Mapping[str, object]", plain[key]))]
        lines.append("")
    write_whole(path, lambda part: part.write_text("\n".join(lines), encoding="utf-8"))
