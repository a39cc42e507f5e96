"""The posterior a second time, without Markov chains: prior draws, weighed by the likelihood and drawn again.

Everything is NumPy: no PyMC, no PyTensor, no compiler. Exact but for noise wherever the surveys are not too strong for
so many prior draws; slow to be precise, quick to be right.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from ooms.calibrating.calibration import Calibration
from ooms.calibrating.diagnostics import diagnose
from ooms.calibrating.joint import Joint
from ooms.calibrating.predictive import log_likelihood
from ooms.calibrating.provenance import Command, Provenance
from ooms.calibrating.sampling import Fit, NutsSettings
from ooms.calibrating.tree import assemble, items_of


@dataclass
class Weighed:
    """Takes the place of `ooms.calibrating.sampling.Compiled`."""

    joint: Joint
    points: int = 2**16
    fits: list = field(default_factory=list)

    def __post_init__(self):
        self.prior = self.joint.prior(self.points, 99)
        items = items_of(self.joint, self.prior)
        self.by_item = {drawn.name: log_likelihood(drawn).sum(axis=-1) for drawn in items}

    def sample(self, how, *, weights=None, answers=None, progress=None):
        assert answers is None
        logs = sum(
            (1.0 if weights is None else weights.get(item.partition(".")[0], 1.0)) * values
            for item, values in self.by_item.items()
        )
        logs = np.broadcast_to(logs, (self.points,))
        chances = np.exp(logs - logs.max())
        self.fits.append(1.0 / np.sum((chances / chances.sum()) ** 2))
        rng = np.random.default_rng(how.seed)
        rows = rng.choice(self.points, size=(how.chains, how.draws), p=chances / chances.sum())
        if progress is not None:
            progress(how.total, how.total)
        return as_sampled({name: values[rows] for name, values in self.prior.items()}, rng)


def as_sampled(posterior, rng):
    """Draws, shape (chains, draws, ...) by name, as the sampler would return them; its own statistics are made up."""
    shape = next(iter(posterior.values())).shape[:2]
    over = ("chain", "draw")
    return xr.DataTree.from_dict(
        {
            "/posterior": xr.Dataset(
                {n: ((*over, *(f"{n}_dim_{k}" for k in range(v.ndim - 2))), v) for n, v in posterior.items()},
                {"chain": np.arange(shape[0]), "draw": np.arange(shape[1])},
            ),
            "/sample_stats": xr.Dataset(
                {"diverging": (over, np.zeros(shape, bool)), "energy": (over, rng.normal(size=shape))}
            ),
        }
    )


def twin(view, surveys, *, draws=1000, seed=0, points=2**16, diverging=0) -> Calibration:
    """A calibration whose draws, and refits, come from weighed prior draws."""
    compiled, how = Weighed(Joint(view, surveys), points), NutsSettings(draws=draws, seed=seed)
    sampled = compiled.sample(how)
    if diverging:
        sampled["sample_stats"]["diverging"].values[0, :diverging] = True
    tree, checks = assemble(compiled.joint, sampled, seed)
    command = Command.of(view.name, view.changes, surveys, False, how)
    digests, joint = {survey.name: "0" for survey in surveys}, compiled.joint
    made = Provenance(command, how, digests, joint.fixed, joint.double_counted, seconds=1.0)
    cites = tuple(dict.fromkeys(key for survey in surveys for key in survey.cites))
    return Calibration(view, tree, diagnose(sampled, checks), made, Fit(compiled, how), cites)
