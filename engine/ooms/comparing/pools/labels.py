"""A pool as labelled data."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import ooms
from ooms.forecasting.labels import storable
from ooms.outcomes import parse_quantity
from ooms.problems import UserError
from ooms.results.credence import LEVELS, Estimate

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.comparing.pools.pooling import Pool

__all__ = ["dataset"]

_NONE = Estimate(math.nan, math.nan)


def dataset(pool: Pool) -> Dataset:
    """The pool as a Dataset, NaN where there is nothing; each number's error is beside it, named ``..._error``.

    Over `event`: probability, and for a linear pool share_between. Over `view` and `event`: view_probability, without
    (the pool without the view) and change. Over `view`: weight. Over `quantity` and `level`: quantile; over `quantity`:
    never, unit.
    """
    from xarray import Dataset

    names, events, quantities = list(pool.forecasts), list(pool.events), list(pool.quantities)
    left = [pool.leave_one_out(event) for event in events]
    tables: dict[str, tuple[tuple[str, ...], list[Estimate]]] = {
        "probability": (("event",), [_probability(pool, event) for event in events]),
        "view_probability": (("view", "event"), [f.probability(e) for f in pool.forecasts.values() for e in events]),
        "without": (("view", "event"), [one[n].probability if n in one else _NONE for n in names for one in left]),
        "change": (("view", "event"), [one[n].change if n in one else _NONE for n in names for one in left]),
        "quantile": (("quantity", "level"), [e for q in quantities for e in _quantiles(pool, q)]),
        "never": (("quantity",), [_never(pool, q) for q in quantities]),
    }
    if pool.method == "linear":
        tables["share_between"] = ("event",), [pool.spread(event).share_between for event in events]
    sizes = {"view": len(names), "event": len(events), "quantity": len(quantities), "level": len(LEVELS)}
    columns: dict[str, tuple[tuple[str, ...], NDArray[np.float64]]] = {"weight": (("view",), pool.panel.shares)}
    for name, (over, estimates) in tables.items():
        shape = tuple(sizes[dimension] for dimension in over)
        columns[name] = over, _column(estimates, 0, shape)
        columns[f"{name}_error"] = over, _column(estimates, 1, shape)
    data = Dataset(columns, {"view": storable(names), "event": events, "quantity": quantities, "level": list(LEVELS)})
    data["unit"] = "quantity", np.array([parse_quantity(q).unit for q in quantities], dtype=str)
    data.attrs = {
        "title": storable(f"{pool.method} pool of {', '.join(names)}"),
        "method": pool.method,
        "weights": json.dumps(pool.weights),
        "weighting": pool.weighting,
        "draws": pool.draws,
        "seed": storable(pool.seed),
        "ooms_version": ooms.__version__,
    }
    return data


def _column(estimates: Sequence[Estimate], part: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.array([estimate[part] for estimate in estimates], dtype=float).reshape(shape)


def _probability(pool: Pool, event: str) -> Estimate:
    try:
        return pool.probability(event)
    except UserError:
        return _NONE


def _quantiles(pool: Pool, quantity: str) -> list[Estimate]:
    try:
        return pool.quantiles(quantity, LEVELS)
    except UserError:
        return [_NONE] * len(LEVELS)


def _never(pool: Pool, quantity: str) -> Estimate:
    try:
        return pool.never(quantity)
    except UserError:
        return _NONE
