"""Beliefs and surveys -> joint model -> posterior -> `Calibration`: the one orchestrator."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ooms.beliefs.reader import as_view
from ooms.beliefs.view import View
from ooms.calibrating import files
from ooms.calibrating.calibration import Calibration
from ooms.calibrating.diagnostics import diagnose
from ooms.calibrating.joint import Joint
from ooms.calibrating.provenance import Asked
from ooms.calibrating.request import check_installed, read_sampling
from ooms.calibrating.sampling import Compiled, Fit, Sampling
from ooms.calibrating.surveys import Survey, read_surveys
from ooms.calibrating.tree import assemble
from ooms.problems import Problem, Problems, UserError
from ooms.progress import Meter, StagedProgress, staged_meter_of

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["calibrate"]

_TRIES = 3
"""Times that it is sampled at most, each with smaller steps, if draws diverge."""


def calibrate(
    view: View | str | Path = "davidson-2025",
    *,
    surveys: Iterable[Survey | str | Path] | None = None,
    chains: int = 4,
    draws: int = 1500,
    tune: int = 1000,
    seed: int = 0,
    target_accept: float = 0.99,
    named: str = "",
    progress: StagedProgress | None = None,
) -> Calibration:
    """Posterior of a view's beliefs given what researchers answered and studies found.

    Parameters
    ----------
    view : View, str or Path
        The prior: a view, or the name or path of a prior file.
    surveys : iterable of Survey, str or Path, optional
        Names of shipped surveys, paths of survey files, or surveys. Default: all shipped ones that are fitted.
    chains, draws, tune : int
        Markov chains, draws kept of each, and draws before them that tune the sampler.
    seed : int
        Chooses the random numbers.
    target_accept : float
        Acceptance probability that step sizes are tuned to; nearer to 1 for fewer divergences, at more time. Where some
        draws diverge all the same it is sampled again with smaller steps, twice at most.
    named : str
        What the command line calls the view, for the command that makes the same again. Default: its name.
    progress : callable, optional
        Told what is done, how far, and of how much.

    Returns
    -------
    Calibration
        Sound or not: see its `diagnostics`.

    Raises
    ------
    UserError
        Everything that is wrong with what was asked; nothing is run.

    Examples
    --------
    ::

        c = ooms.calibrate("davidson-2025", surveys=["compute-polls", "researcher-quality"])
        c.sound, c.before("5 ooms in 1 year"), c.after("5 ooms in 1 year")
        c.save("mine.toml")
    """
    problems, start = Problems(), time.monotonic()
    named_surveys = _listed(surveys)
    check_installed(problems)
    how = read_sampling(problems, chains=chains, draws=draws, tune=tune, seed=seed, target_accept=target_accept)
    believed = as_view(view, problems)
    chosen = _surveys(named_surveys, problems)
    believed = problems.sound(believed)
    asked = Asked.of(
        named or (believed.name if isinstance(view, View) else str(view)),
        believed.changes, chosen, named_surveys is None, how,
    )  # fmt: skip
    joint = Joint(believed, chosen)
    if not joint.names:
        raise UserError([_nothing_to_learn(joint)])
    # now, and not when all is done: of what was read
    hashes = {survey.name: files.hash_of(survey.file) for survey in chosen}
    meter = staged_meter_of(progress)
    meter.report("compiling the model", 0, 0)
    compiled = Compiled(joint)
    _ = compiled.code
    sampled, how = _sampled(compiled, how, meter)
    meter.report("checking", 0, 0)
    tree, checks = assemble(joint, sampled, how.seed)
    diagnostics = diagnose(sampled, checks)
    said = files.provenance(
        surveys=hashes,
        seed=how.seed,
        chains=how.chains,
        draws=how.draws,
        tune=how.tune,
        command=asked.command(),
        seconds=time.monotonic() - start,
    )
    tree.attrs["said"] = said | {
        "target_accept": how.target_accept,
        "settled": list(joint.settled),
        "twice": list(joint.twice),
        "asked": asked.plain(),
    }
    return Calibration(believed, tree, diagnostics, Fit(compiled, how), _works(chosen))


def _sampled(compiled: Compiled, how: Sampling, meter: Meter) -> tuple[DataTree, Sampling]:
    """Draws, and how they were made: where some diverged, with smaller steps, half as far from never being refused."""
    for attempt in range(1, _TRIES + 1):
        what = "sampling" if attempt == 1 else f"sampling, steps made smaller ({attempt})"
        sampled = compiled.sample(how, progress=partial(meter.report, what))
        diverging: Any = sampled["sample_stats"]["diverging"]
        if attempt == _TRIES or not np.any(diverging.values):
            return sampled, how
        how = replace(how, target_accept=0.5 * (1.0 + how.target_accept))
    raise AssertionError("the last one is returned")


def _listed(given: Iterable[Survey | str | Path] | Survey | str | Path | None) -> list[Survey | str | Path] | None:
    if given is None:
        return None
    return [given] if isinstance(given, str | Path | Survey) else list(given)


def _surveys(given: Sequence[Survey | str | Path] | None, problems: Problems) -> list[Survey]:
    if given is not None and not given:
        problems.add("surveys", "none is named", "name one or more, or leave it out for all that are shipped")
    return read_surveys(given, problems)


def _nothing_to_learn(joint: Joint) -> Problem:
    what = f"nothing that {', '.join(survey.name for survey in joint.surveys)} speak of is uncertain in this view"
    example = (*joint.settled, "rho")[0]
    return Problem(joint.view.name, what, f'open something: {example}="uniform(...)"; or name other surveys')


def _works(surveys: Sequence[Survey]) -> dict[str, Any]:
    cites = tuple(dict.fromkeys(key for survey in surveys for key in survey.cites))
    return {"cites": cites, "references": {k: work for s in surveys for k, work in s.references.items()}}
