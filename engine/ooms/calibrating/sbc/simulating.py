"""Simulation-based calibration: true values from the prior, answers from them, and their ranks in the posterior.

If the model that is sampled is the one that was simulated from, and the sampler is right, the rank of a true value
among independent posterior draws is uniform.

Source
------
Talts, S., Betancourt, M., Simpson, D., Vehtari, A. and Gelman, A. (2018). Validating Bayesian inference algorithms with
simulation-based calibration. arXiv:1804.06788.

Modrak, M., Moon, A. H., Kim, S., Buerkner, P., Huurre, N., Faltejskova, K., Gelman, A. and Vehtari, A. (2023).
Simulation-based calibration checking for Bayesian computation: the choice of test quantities shapes sensitivity.
arXiv:2211.02383. Ranks of parameters are uniform also where answers are ignored; those of the log likelihood are not.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.joint import Joint
from ooms.calibrating.predictive import spread_out
from ooms.calibrating.sampling import Compiled, NutsSettings
from ooms.calibrating.sbc.ranks import Sbc
from ooms.calibrating.tree import group, items_of
from ooms.forecasting.request import whole
from ooms.problems import Problems
from ooms.progress import Progress, meter_of

__all__ = ["LOG_LIKELIHOOD", "SHORT", "THOROUGH", "check_request", "simulation_based_calibration"]

Floats = NDArray[np.float64]

SHORT = NutsSettings(chains=1, draws=495, tune=400, target_accept=0.97)
"""How the model of a single likelihood is sampled: every fifth draw is as good as independent of the last."""
THOROUGH = NutsSettings(chains=1, draws=1980, tune=1000, target_accept=0.97)
"""How the joint model is sampled, whose slowest quantities need 20 draws to forget where they were."""

LOG_LIKELIHOOD = "log likelihood"
"""Name of the quantity that would tell if the answers were ignored."""

_THINNED = 99
"""Draws of each posterior that the true value is ranked among: 100 possible ranks."""
_FEWEST, _MOST = 20, 2000


def check_request(simulations: int, seed: int, problems: Problems) -> None:
    """Add what is wrong with a number of simulations and a seed to `problems`."""
    counted, seeded = whole("simulations", simulations, problems), whole("seed", seed, problems)
    if counted and simulations < _FEWEST:
        what = f"simulations = {simulations} are too few to tell anything"
        problems.add("simulations", what, f"give {_FEWEST} or more")
    elif counted and simulations > _MOST:
        what = f"simulations = {simulations} would find fault with the last digit of any sampler"
        problems.add("simulations", what, f"give {_MOST} or less")
    if seeded and seed < 0:
        problems.add("seed", f"seed = {seed}: seeds count from 0", "give 0 or more")


def simulation_based_calibration(
    of: Compiled | Joint,
    simulations: int = 200,
    seed: int = 0,
    settings: NutsSettings = SHORT,
    progress: Progress | None = None,
    model: str = "joint",
) -> Sbc:
    """Ranks of true values among posterior draws, for every scalar quantity of a joint model.

    These are parameters, latents, nuisance parameters and biases; the centre of every item; and the log likelihood of
    all answers. A run fails a right model at most once in a hundred times (`Sbc.passes`).

    Parameters
    ----------
    of : Compiled or Joint
        The model; it is compiled once.
    simulations : int
        How often to draw true values and fit the answers simulated from them, 20 to 2000.
    seed : int
        Chooses everything. Every simulation has random numbers of its own, however many there are, and whichever
        of the machine's processors it runs on.
    settings : NutsSettings
        How each posterior is sampled, before it is thinned to 99 draws.
    progress : callable, optional
        Called with the number of simulations done, and of all.
    model : str
        What to call the model.

    Raises
    ------
    UserError
        There are too few simulations or too many, or the seed is negative.
    """
    problems = Problems()
    check_request(simulations, seed, problems)
    problems.raise_if_any()
    compiled = of if isinstance(of, Compiled) else Compiled(of)
    _ = compiled.code  # compiled before the clock starts
    # models that are tested beside each other have no random numbers in common, or one bad draw would fail them all
    own = zlib.crc32(model.encode())
    start, meter = time.perf_counter(), meter_of(progress)
    seeds = [np.random.SeedSequence(seed, spawn_key=(own, index)) for index in range(simulations)]
    runs: list[_Simulation] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # one chain each: sampling takes place outside Python
        for run in pool.map(partial(_simulation, compiled, settings), seeds):
            runs.append(run)
            meter.report("simulations", len(runs), simulations)
    return Sbc(
        model=model,
        ranks={name: np.array([run.ranks[name] for run in runs]) for name in runs[0].ranks},
        possible=min(_THINNED, settings.chains * settings.draws) + 1,
        divergences=sum(run.divergences for run in runs),
        settings=settings,
        seconds=time.perf_counter() - start,
        seed=seed,
    )


class _Simulation(NamedTuple):
    """The rank of every quantity's true value, and the divergences of the fit."""

    ranks: dict[str, int]
    divergences: int


def _simulation(compiled: Compiled, settings: NutsSettings, seed: np.random.SeedSequence) -> _Simulation:
    joint = compiled.joint
    prior_seed, sampler_seed, answer_seed = seed.generate_state(3).tolist()
    rng = np.random.default_rng(answer_seed)
    true = joint.prior(1, prior_seed)
    answers: dict[str, Floats] = {}
    for drawn in items_of(joint, true):
        nuisance = {key: value[0] for key, value in drawn.nuisance.items()}
        simulated = drawn.likelihood.simulate(float(drawn.centre[0]), nuisance, rng)
        answers |= {f"{drawn.name}:{key}": value for key, value in simulated.items()}
    tree = compiled.sample(replace(settings, seed=sampler_seed), answers=answers)
    draws, kept = group(tree, "posterior"), spread_out(settings.chains * settings.draws, _THINNED)
    # the true values are the first row, so that whatever is worked out is so for both alike
    values = {name: np.concatenate([value, draws[name][kept]]) for name, value in true.items()}
    ranks = {name: _rank(each, rng) for name, each in _quantities(joint, values, answers).items()}
    return _Simulation(ranks, int(np.sum(tree["sample_stats"]["diverging"].to_numpy())))


def _quantities(joint: Joint, values: Mapping[str, Floats], answers: Mapping[str, Floats]) -> dict[str, Floats]:
    """Everything that is ranked, by name, shape (rows,)."""
    quantities = {name: value for name, value in values.items() if value.ndim == 1}
    fit: Any = 0.0
    for drawn in items_of(joint, values):
        quantities[f"centre of {drawn.name}"] = drawn.centre
        own = {key: answers[f"{drawn.name}:{key}"] for key in drawn.likelihood.data()}
        fit = fit + drawn.likelihood.log_likelihood(drawn.centre, drawn.nuisance, own).sum(axis=-1)
    return quantities | {LOG_LIKELIHOOD: fit}


def _rank(values: Floats, rng: np.random.Generator) -> int:
    """How many of the others are below the first value; equal ones are by chance."""
    true, draws = values[0], values[1:]
    below, equal = int(np.count_nonzero(draws < true)), int(np.count_nonzero(draws == true))
    return below + int(rng.integers(equal + 1))
