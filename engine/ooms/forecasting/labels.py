"""Forecasts as labelled data: xarray DataTrees with named dimensions, units and provenance, and NetCDF files."""

from __future__ import annotations

import json
import platform
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

import ooms
from ooms.files.writing import write_whole
from ooms.outcomes import CODES, END, parse_quantity
from ooms.parameters import known, known_names
from ooms.results.credence import LEVELS

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

    from ooms.forecasting.forecast import Forecast

__all__ = ["column_attributes", "provenance", "save", "storable", "tree"]


def tree(forecast: Forecast) -> DataTree:
    """The forecast as a DataTree.

    Its groups: *events* has probability, standard_error and share (by how draws end), over `event`; *quantities* has
    quantile and standard_error over `quantity` and `level`, and never, central and unit over `quantity`; *parameters*
    has prior quantiles, units, distributions and sources, over `parameter`; *draws*, if they were kept, has inputs and
    outcomes over `draw`: of each event whether it is reached (true or false), and as ``5 ooms in 1 year (end)`` how the
    draw ends (as flags). Draw j belongs to `randomisation` j % 16.
    """
    from xarray import DataTree

    groups = {
        "events": _events(forecast),
        "quantities": _quantities(forecast),
        "parameters": _parameters(forecast),
    }
    if forecast.kept:
        groups["draws"] = _draws(forecast)
    root = DataTree(name=forecast.view.name, children={name: DataTree(data) for name, data in groups.items()})
    root.attrs = provenance(forecast)
    return root


def storable[T](value: T) -> T:
    """The value as every format can hold it: NetCDF, Zarr and JSON.

    Integers beyond 64 bits, which seeds may be, become text, so that ``int(attrs["seed"])`` is the same number whatever
    its size. Of text, what UTF-8 or C cannot hold is replaced: names of files may have such bytes.

    Examples
    --------
    >>> storable({"seed": 2**64, "draws": 256})
    {'seed': '18446744073709551616', 'draws': 256}
    """
    found: Any = value
    if isinstance(value, str):
        found = value.replace("\0", "?").encode("utf-8", "replace").decode()
    elif isinstance(value, int) and not -(2**63) <= value < 2**64:
        found = str(value)
    elif isinstance(value, dict):
        found = {key: storable(one) for key, one in cast("dict[Any, Any]", value).items()}
    elif isinstance(value, list):
        found = [storable(one) for one in cast("list[Any]", value)]
    return found


def provenance(forecast: Forecast) -> dict[str, Any]:
    """Everything that is needed to make the same numbers again; an enormous seed is text (`storable`)."""
    view = forecast.view
    beliefs = {
        name: {"distribution": str(b.marginal), "source": b.source, "file": b.file} for name, b in view.beliefs.items()
    }
    found = {
        "title": f"ooms forecast of {view.name}",
        "view": view.name,
        "citation": view.citation,
        "changes": json.dumps(view.changes),
        "warnings": json.dumps(view.warnings),
        "beliefs": json.dumps(beliefs),
        "correlations": json.dumps([list(c) for c in view.correlations]),
        "declining_returns": str(view.declining_returns),
        "retraining": str(view.retraining),
        "draws": forecast.draws,
        "seed": forecast.seed,
        "ooms_version": ooms.__version__,
        "numpy_version": np.__version__,
        "python_version": platform.python_version(),
    }
    return storable(found)


def _events(forecast: Forecast) -> Dataset:
    from xarray import Dataset

    results = list(forecast.events.values())
    return Dataset(
        {
            "probability": ("event", [r.probability.value for r in results], {"units": "1"}),
            "standard_error": ("event", [r.probability.standard_error for r in results], {"units": "1"}),
            "share": (("event", "end"), [list(r.shares.values()) for r in results] or np.empty((0, len(CODES))),
                      {"units": "1", "long_name": "share of draws by how they end"}),
        },
        {"event": [r.event.text for r in results], "end": list(CODES)},
    )  # fmt: skip


def _quantities(forecast: Forecast) -> Dataset:
    from xarray import Dataset

    names = list(forecast.quantities)
    sketches = [sketch for _, sketch in forecast.quantities.values()]
    estimates = [sketch.quantiles(LEVELS) for sketch in sketches]
    table = np.array(estimates).reshape(len(names), len(LEVELS), 2)
    over = ("quantity", "level")
    return Dataset(
        {
            "quantile": (over, table[..., 0], {"long_name": "value that such a share lies below"}),
            "standard_error": (over, table[..., 1], {"long_name": "Monte Carlo standard error of the quantile"}),
            "never": ("quantity", [s.never.value for s in sketches], {"long_name": "share that is infinite"}),
            "central": ("quantity", [forecast.central(n) for n in names],
                        {"long_name": "one run with every parameter at its own median"}),
            "unit": ("quantity", [q.unit for q, _ in forecast.quantities.values()]),
        },
        {"quantity": names, "level": list(LEVELS)},
    )  # fmt: skip


def _parameters(forecast: Forecast) -> Dataset:
    from xarray import Dataset

    beliefs = forecast.view.beliefs
    levels = np.array(LEVELS)
    return Dataset(
        {
            "quantile": (("parameter", "level"), [b.marginal.ppf(levels) for b in beliefs.values()]),
            "unit": ("parameter", [known(name).unit for name in beliefs]),
            "distribution": ("parameter", [str(b.marginal) for b in beliefs.values()]),
            "source": ("parameter", storable([b.source for b in beliefs.values()])),
        },
        {"parameter": list(beliefs), "level": list(LEVELS)},
    )


def _draws(forecast: Forecast) -> Dataset:
    from xarray import Dataset

    draw = np.arange(forecast.draws)
    attributes = column_attributes(forecast.kept, forecast.quantities)
    columns = {name: ("draw", values, attributes[name]) for name, values in forecast.kept.items()}
    return Dataset(columns, {"draw": draw, "randomisation": ("draw", draw % forecast.randomisations)})


def column_attributes(names: Iterable[str], quantities: Collection[str]) -> dict[str, dict[str, Any]]:
    """Attributes of columns of draws: units, what infinity stands for, and what codes mean (as CF flags)."""
    return {name: _attributes(name, quantities) for name in names}


def _attributes(name: str, quantities: Collection[str]) -> dict[str, Any]:
    if name in quantities:
        quantity = parse_quantity(name)
        return {"units": quantity.unit, "comment": f"infinity stands for: {quantity.endless}"}
    if name in known_names() or name.startswith("routes."):
        return {"units": known(name).unit}
    if not name.endswith(END):
        return {"long_name": "whether the draw reaches it: the mean is the share of draws that do"}
    meanings = " ".join(code.replace(" ", "_") for code in CODES)
    return {"flag_values": np.arange(len(CODES), dtype=np.int8), "flag_meanings": meanings}


def save(data: DataTree, path: Path) -> None:
    """Write a DataTree as NetCDF: first beside the place, then moved there, so that no half file is ever left.

    Raises
    ------
    UserError
        The file cannot be written.
    """
    content = netcdf(data)
    write_whole(path, lambda part: part.write_bytes(content))


def netcdf(data: DataTree, **options: Any) -> bytes:
    """A DataTree as NetCDF, made in memory: where HDF5 itself meets a full disk it goes on complaining."""
    with cast(Any, data).to_netcdf(None, engine="h5netcdf", **options) as content:
        return bytes(content)  # and lets go of the buffer, which could not be closed before
