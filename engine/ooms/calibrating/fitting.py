"""Beliefs and surveys -> joint model -> posterior -> `Calibration`: the one orchestrator."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ooms.beliefs.reader import as_view
from ooms.beliefs.view import View
from ooms.calibrating.calibration import Calibration
from ooms.calibrating.diagnostics import diagnose
from ooms.calibrating.joint import Joint
from ooms.calibrating.provenance import Command, Provenance, digests, versions
from ooms.calibrating.request import check_installed, read_sampling
from ooms.calibrating.sampling import Compiled, Fit, NutsSettings
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
        Called with what is going on, how much of it is done, and of how much.

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
    check_installed(problems)
    settings = read_sampling(problems, chains=chains, draws=draws, tune=tune, seed=seed, target_accept=target_accept)
    believed = as_view(view, problems)
    names = [surveys] if isinstance(surveys, str | Path | Survey) else surveys if surveys is None else list(surveys)
    if names is not None and not names:
        problems.add("surveys", "none is named", "name one or more, or leave it out for all that are shipped")
    chosen = read_surveys(names, problems)
    believed = problems.sound(believed)
    name = named or (believed.name if isinstance(view, View) else str(view))
    command = Command.of(name, believed.changes, chosen, names is None, settings)
    joint = Joint(believed, chosen)
    if not joint.names:
        what = f"nothing that {', '.join(survey.name for survey in chosen)} speak of is uncertain in this view"
        remedy = f'open something: {(*joint.fixed, "rho")[0]}="uniform(...)"; or name other surveys'
        raise UserError([Problem(believed.name, what, remedy)])
    files = digests(chosen)  # now, and not when all is done: of what was read
    meter = staged_meter_of(progress)
    meter.report("compiling the model", 0, 0)
    compiled = Compiled(joint)
    _ = compiled.code
    sampled, settings = _sampled(compiled, settings, meter)
    meter.report("checking", 0, 0)
    tree, checks = assemble(joint, sampled, settings.seed)
    diagnostics = diagnose(sampled, checks)
    seconds = time.monotonic() - start
    return Calibration(
        believed,
        tree,
        diagnostics,
        Provenance(command, settings, files, joint.fixed, joint.double_counted, seconds, versions()),
        Fit(compiled, settings),
        cites=tuple(dict.fromkeys(key for survey in chosen for key in survey.cites)),
        references={key: work for survey in chosen for key, work in survey.references.items()},
    )


def _sampled(compiled: Compiled, settings: NutsSettings, meter: Meter) -> tuple[DataTree, NutsSettings]:
    """Draws, and how they were made: where some diverged, with smaller steps, half as far from never being refused."""
    for attempt in range(1, _TRIES + 1):
        what = "sampling" if attempt == 1 else f"sampling, steps made smaller ({attempt})"
        sampled = compiled.sample(settings, progress=partial(meter.report, what))
        diverging: Any = sampled["sample_stats"]["diverging"]
        if attempt == _TRIES or not np.any(diverging.values):
            return sampled, settings
        settings = replace(settings, target_accept=0.5 * (1.0 + settings.target_accept))
    raise AssertionError("the last one is returned")
