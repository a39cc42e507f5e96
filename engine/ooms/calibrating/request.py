"""What is asked of a calibration, checked before anything is run."""

from __future__ import annotations

import importlib.util

from ooms.beliefs.draws import LEAST_ROWS, RANDOMISATIONS
from ooms.calibrating.sampling import NutsSettings
from ooms.forecasting.request import whole
from ooms.problems import Problems

__all__ = ["LEAST", "check_installed", "check_keep", "read_sampling"]

LEAST = RANDOMISATIONS * LEAST_ROWS
"""Draws in all from which on a forecast can tell the error of their being a sample (`ooms.beliefs.draws.Sampler`)."""

_FEWEST = {"chains": 2, "draws": 100, "tune": 100, "seed": 0}
_MOST = {"chains": 1000, "draws": 10**6, "tune": 10**6}
_WHY = {
    "chains": "one chain cannot be compared with another",
    "draws": "too few to tell anything",
    "tune": "too few to tune the sampler",
    "seed": "seeds count from 0",
}


def check_installed(problems: Problems, what: str = "calibrate") -> None:
    """Add what is missing of the packages that sampling, and weighing draws anew, need: an extra of this one.

    Parameters
    ----------
    problems : Problems
        What is missing is added to it.
    what : str
        The command, or the function, that needs them.
    """
    missing = [name for name in ("pymc", "nutpie", "arviz_stats") if importlib.util.find_spec(name) is None]
    if missing:
        problems.add(what, f"needs {', '.join(missing)}", 'install the extra: pip install "ooms[calibrate]"')


def read_sampling(
    problems: Problems, *, chains: int, draws: int, tune: int, seed: int, target_accept: float
) -> NutsSettings:
    """How to sample, with everything that is wrong with it added to `problems`."""
    before = len(problems)
    for name, value in {"chains": chains, "draws": draws, "tune": tune, "seed": seed}.items():
        if not whole(name, value, problems):
            continue
        if value < _FEWEST[name]:
            problems.add(name, f"{name} = {value}: {_WHY[name]}", f"give {_FEWEST[name]} or more")
        elif value > _MOST.get(name, value):
            problems.add(name, f"{name} = {value} is more than is of any use", f"give {_MOST[name]} or less")
    if len(problems) == before and chains * draws < LEAST:
        what = f"{chains} chains of {draws} draws are {chains * draws}: too few for a forecast to tell its error"
        problems.add("draws", what, f"give {-(-LEAST // chains)} or more")
    if not 0.5 <= target_accept < 1.0:
        what = f"target_accept = {target_accept:g} is not from 0.5 to below 1"
        problems.add("target_accept", what, "give 0.99, or 0.995 for smaller steps")
    if len(problems) > before:
        return NutsSettings()
    return NutsSettings(int(chains), int(draws), int(tune), int(seed), target_accept)


def check_keep(keep: int | None, chains: int, problems: Problems) -> None:
    """Add what is wrong with a number of draws of each chain to keep."""
    if keep is None or not (whole("keep", keep, problems) and whole("chains", chains, Problems())):
        return
    least = -(-LEAST // max(chains, 1))
    if keep < least:
        what = f"keep = {keep} draws of each of {chains} chains are too few to weigh anew"
        problems.add("keep", what, f"give {least} or more")
