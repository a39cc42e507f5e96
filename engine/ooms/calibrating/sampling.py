"""Sampling the joint model: compiled once, with answers and weights swapped from run to run (nutpie)."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.joint import WEIGHTS, Joint

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["Compiled", "Fit", "NutsSettings"]

_ADAPTATION = "low_rank"
"""A mass matrix that knows the strongest correlations: half the steps of a diagonal one, on the default view."""


@dataclass(frozen=True)
class NutsSettings:
    """How the posterior is sampled (NUTS).

    Parameters
    ----------
    chains : int
        Independent chains; at least 2, or their agreement could not be judged.
    draws, tune : int
        Draws kept of each chain, and those before them that tune the sampler.
    seed : int
        Chooses the random numbers.
    target_accept : float
        Acceptance probability that the step size is tuned to: higher takes smaller steps.
    """

    chains: int = 4
    draws: int = 1500
    tune: int = 1000
    seed: int = 0
    target_accept: float = 0.99

    @property
    def total(self) -> int:
        """Draws of all chains, tuning included."""
        return self.chains * (self.draws + self.tune)


@dataclass
class Compiled:
    """The joint model as machine code.

    Parameters
    ----------
    joint : Joint
        The model.
    """

    joint: Joint

    @cached_property
    def code(self) -> Any:
        """The compiled model; compiling takes from seconds to a minute."""
        nutpie: Any = importlib.import_module("nutpie")
        return nutpie.compile_pymc_model(self.joint.model)

    def sample(
        self,
        settings: NutsSettings,
        *,
        weights: Mapping[str, float] | None = None,
        answers: Mapping[str, NDArray[np.float64]] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> DataTree:
        """Draws from the posterior: groups ``posterior`` and ``sample_stats`` with dimensions chain and draw.

        Parameters
        ----------
        settings : NutsSettings
            Chains, draws, tuning and seed.
        weights : mapping of str to float, optional
            Powers of surveys' likelihoods, by name; 1 for those not named, 0 leaves one out.
        answers : mapping of str to array, optional
            Other answers for some of the items, by ``ITEM:KEY``, of the shapes of the true ones.
        progress : callable, optional
            Called with the number of draws done, and of all.
        """
        nutpie: Any = importlib.import_module("nutpie")
        seed = settings.seed
        each = [(weights or {}).get(survey.name, 1.0) for survey in self.joint.surveys]
        data = {**self.joint.data(), **(answers or {}), WEIGHTS: np.array(each)}

        def report(chains: list[Any]) -> None:
            if progress is not None:
                progress(min(sum(chain.finished_draws for chain in chains), settings.total), settings.total)

        tree = nutpie.sample(
            self.code.with_data(**data),
            chains=settings.chains,
            draws=settings.draws,
            tune=settings.tune,
            # the sampler takes 64 bits: of a larger seed, as many that all of it goes into
            seed=seed if seed < 2**64 else int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]),
            cores=min(settings.chains, os.cpu_count() or 1),
            target_accept=settings.target_accept,
            adaptation=_ADAPTATION,
            save_warmup=False,
            progress_bar=False,
            progress_callback=None if progress is None else report,
        )
        if progress is not None:
            progress(settings.total, settings.total)
        return tree


class Fit(NamedTuple):
    """The compiled model and how it was sampled: what refits need."""

    compiled: Compiled
    settings: NutsSettings
