"""Ranks of true values among posterior draws, and what they say of the model and its sampler."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ooms import __version__
from ooms.calibrating.sampling import Sampling
from ooms.calibrating.sbc.summary import Summary, Uniformity
from ooms.calibrating.sbc.uniformity import p_values

__all__ = ["FALSE_ALARMS", "Sbc"]

FALSE_ALARMS = 0.01
"""Chance, at most, that a right model with a right sampler fails: 1 % for all quantities of a run together."""

_BINS = 10


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
    how : Sampling
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
    how: Sampling
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
        found = p_values(np.stack(list(self.ranks.values())), self.possible)
        return MappingProxyType(dict(zip(self.ranks, found.tolist(), strict=True)))

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

    def summary(self) -> Summary:
        """What to keep of it: p-values and histograms, what was run, with what and when."""
        return Summary(
            model=self.model,
            simulations=self.simulations,
            possible_ranks=self.possible,
            false_alarms=self.false_alarms,
            divergences=self.divergences,
            chains=self.how.chains,
            draws=self.how.draws,
            tune=self.how.tune,
            target_accept=self.how.target_accept,
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
