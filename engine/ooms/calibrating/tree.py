"""A calibration as an xarray DataTree: prior, posterior, predictive, log likelihood, sample statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.joint import Joint
from ooms.calibrating.predictive import Check, ItemDraws, check, log_likelihood, replicate, simulated
from ooms.parameters import known, known_names

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

__all__ = ["CHAIN_DRAW", "assemble", "flat", "group", "items_of"]

Floats = NDArray[np.float64]

CHAIN_DRAW = ("chain", "draw")
_KEPT = ("diverging", "energy", "n_steps", "maxdepth_reached")


def flat(data: Dataset) -> dict[str, Floats]:
    """The draws of every variable, all chains one after the other: shape (draws, ...)."""
    variables: Any = data.data_vars
    return {
        str(name): np.asarray(values.transpose(*CHAIN_DRAW, ...).values).reshape(-1, *values.shape[2:])
        for name, values in variables.items()
    }


def group(tree: DataTree, name: str) -> dict[str, Floats]:
    """The draws of every variable of a group of a calibration (`flat`)."""
    data: Any = tree[name].to_dataset()
    return flat(data)


def items_of(joint: Joint, values: Mapping[str, Any]) -> list[ItemDraws]:
    """Every fitted item with what its likelihood needs, from draws of everything that is sampled."""
    count, centres = len(next(iter(values.values()))), joint.centres(values)
    return [
        ItemDraws(t.survey.name, t.item.name, t.likelihood, np.broadcast_to(centres[t.name], count), t.nuisance(values))
        for t in joint.terms
    ]


def assemble(joint: Joint, sampled: DataTree, seed: int) -> tuple[DataTree, tuple[Check, ...]]:
    """The whole calibration as a DataTree, and its posterior predictive checks.

    Its groups: *prior* and *posterior* have everything that is sampled; *derived* and *prior_derived* what surveys
    speak of: rho at today's ratio of labour to compute and at a thousand times that, elasticities of the pace;
    *log_likelihood* a term for each item; *log_prior* one for each parameter with a prior of its own;
    *posterior_predictive* and *prior_predictive* the statistics of simulated answers, *observed_data* those of the true
    ones; *sample_stats* the sampler's own.

    Parameters
    ----------
    joint : Joint
        The model.
    sampled : DataTree
        As the sampler gives it.
    seed : int
        Chooses prior draws and simulated answers.
    """
    from xarray import Dataset, DataTree

    posterior: Any = sampled["posterior"].to_dataset()
    posterior = posterior.drop_vars([name for name in posterior.data_vars if name in joint.aids])
    posterior = posterior.assign({name: values.assign_attrs(_attributes(name)) for name, values in posterior.items()})
    shape = (posterior.sizes["chain"], posterior.sizes["draw"])
    values, prior = flat(posterior), joint.prior(shape[0] * shape[1], seed)
    items = items_of(joint, values)
    observed = {drawn.name: drawn.likelihood.statistics(drawn.likelihood.data()) for drawn in items}
    simulated_after, simulated_before = (
        {drawn.name: simulated(drawn, replicate(drawn, seed)) for drawn in each}
        for each in (items, items_of(joint, prior))
    )
    stats: Any = sampled["sample_stats"].to_dataset()
    groups: dict[str, Dataset] = {
        "posterior": posterior.drop_attrs(deep=False),
        "prior": Dataset({name: _labelled(name, column[None]) for name, column in prior.items()}),
        "derived": _draws(joint.derived(values), shape),
        "prior_derived": _draws(joint.derived(prior), (1, shape[0] * shape[1])),
        "log_likelihood": _draws({drawn.name: log_likelihood(drawn).sum(axis=-1) for drawn in items}, shape),
        "log_prior": _draws(joint.log_prior(values), shape),
        "posterior_predictive": _statistics(simulated_after, "sample"),
        "prior_predictive": _statistics(simulated_before, "sample"),
        "observed_data": _statistics(observed),
        "sample_stats": stats[[name for name in _KEPT if name in stats]],
    }
    checks = tuple(c for drawn in items for c in check(drawn, simulated_after[drawn.name]))
    return DataTree(children={name: DataTree(group) for name, group in groups.items()}), checks


def _draws(columns: Mapping[str, Any], shape: tuple[int, int]) -> Dataset:
    from xarray import Dataset

    count = shape[0] * shape[1]
    return Dataset(
        {name: _labelled(name, np.broadcast_to(column, count).reshape(shape)) for name, column in columns.items()},
        {"chain": np.arange(shape[0]), "draw": np.arange(shape[1])},
    )


def _labelled(name: str, values: Floats) -> tuple[tuple[str, ...], Floats, dict[str, str]]:
    more = tuple(f"{name}_dim_{k}" for k in range(values.ndim - 2))
    return (*CHAIN_DRAW, *more), values, _attributes(name)


def _attributes(name: str) -> dict[str, str]:
    return {"units": known(name).unit, "long_name": known(name).meaning} if name in known_names() else {}


def _statistics(of_items: Mapping[str, Mapping[str, Any]], *dims: str) -> Dataset:
    """Statistics of answers: `value`, over `statistic` (``SURVEY.ITEM: STATISTIC``) and further dimensions."""
    from xarray import Dataset

    named = {f"{item}: {name}": values for item, each in of_items.items() for name, values in each.items()}
    return Dataset({"value": (("statistic", *dims), np.stack(list(named.values())))}, {"statistic": list(named)})
