"""A calibration as files: a prior file with thinned joint draws, and everything as NetCDF.

NAME.toml and NAME.csv are a prior file like any other; NAME.nc has the DataTree. All three are written or none. The
prior file ends with the size and the digest of the other two, and NAME.nc holds that of all above them: nothing of a
calibration is believed, or opened by HDF5, that is not what was saved.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import tempfile
import tomllib
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

import ooms
from ooms.beliefs.calibrated import again
from ooms.beliefs.prior_file import check_prior_place, prior_texts
from ooms.beliefs.reader import load
from ooms.beliefs.sealed import DamagedError, plain, seal, sealed
from ooms.beliefs.spec import CalibrationSpec, ChanceSpec, checked
from ooms.beliefs.view import View
from ooms.calibrating.posterior import DIGITS
from ooms.calibrating.predictive import spread_out
from ooms.files.toml import lines_of
from ooms.files.writing import check_place
from ooms.files.writing_together import write_together
from ooms.forecasting import NUMBERS
from ooms.forecasting.labels import netcdf
from ooms.problems import Problem, Problems, UserError
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

__all__ = ["Probabilities", "Stored", "check_places", "fewer", "prior_from", "read", "save"]

Probabilities = Mapping[str, tuple[Estimate, Estimate]]
"""Probability of events under the prior and under the posterior."""

_FORMAT, _VERSION = "ooms calibration", "2"
_EXACT = ("/log_likelihood",)
"""Groups whose numbers keep double precision, besides the view's parameters."""

_ENCODING = {"zlib": True, "complevel": 4, "shuffle": True, "fletcher32": True}

_PRIOR, _SIMULATED = 1000, 200
"""Prior draws and simulated answers that a thinned file keeps: enough for a picture."""

_MOST = 2**24
"""Bytes of a prior file at most."""

_GIVE = "give a calibration that `ooms calibrate` has saved, NAME.toml with NAME.csv and NAME.nc beside it"


class Stored(NamedTuple):
    """What the files of a calibration hold.

    Parameters
    ----------
    tree : DataTree
        Its draws.
    record : dict
        Provenance, and whatever else was given to `save`.
    probabilities : mapping of str to (Estimate, Estimate)
        Of events, before and after: those that this version of the engine would find again.
    """

    tree: DataTree
    record: dict[str, Any]
    probabilities: Probabilities


def check_places(path: Path, problems: Problems) -> None:
    """Add what is wrong with the place of a calibration, NAME.toml, to `problems`, before any sampling is done."""
    before = len(problems)
    check_prior_place(path, problems)
    if len(problems) == before:
        check_place(path.with_suffix(".nc"), problems)


def prior_from(texts: Mapping[str, str], name: str) -> View:
    """The prior from the texts of a prior file that stands on its own, by the names of its files."""
    if any(Path(file).name != file for file in (*texts, f"{name}.toml")):  # it could be written or read anywhere
        what = "names files of its prior that lie outside it"
        raise UserError([Problem(name, what, "take a calibration that `ooms calibrate` has saved")])
    with tempfile.TemporaryDirectory() as folder:
        for file, text in texts.items():
            Path(folder, file).write_text(text, encoding="utf-8")
        return load(Path(folder, f"{name}.toml"))


def fewer(tree: DataTree, keep: int) -> DataTree:
    """The tree with at most so many draws of each chain, and prior draws, evenly thinned; what is no draw is kept."""
    xarray: Any = importlib.import_module("xarray")
    groups: dict[str, Any] = {}
    for node in tree.children.values():
        data: Any = node.to_dataset(inherit=False)
        most = {"draw": keep if data.sizes.get("chain", 0) > 1 else max(keep, _PRIOR), "sample": _SIMULATED}
        sizes = {dim: data.sizes.get(dim, 0) for dim in most}
        groups[node.path] = data.isel({d: spread_out(n, most[d]) for d, n in sizes.items() if n > most[d]})
    return cast("DataTree", xarray.DataTree.from_dict(groups))


# -- writing --------------------------------------------------------------------------------------------------------


def save(
    view: View,
    tree: DataTree,
    path: Path,
    record: Mapping[str, Any],
    probabilities: Probabilities = MappingProxyType({}),
) -> None:
    """Write a calibration: PATH.toml, PATH.csv and PATH.nc, all three or none.

    Parameters
    ----------
    view : View
        The calibrated view (`ooms.calibrating.posterior.calibrated_view`).
    tree : DataTree
        All of it. Draws of the warm-up are left out; numbers other than the view's parameters and the log likelihood
        are kept in single precision.
    path : Path
        Of the prior file; ends in ``.toml``.
    record : mapping
        Provenance, and whatever else JSON can hold.
    probabilities : mapping of str to (Estimate, Estimate)
        Of events, before and after, from the prior and from the view.

    Raises
    ------
    UserError
        They cannot be written. What was there before is there still.
    """
    # as bytes first: what the disk does to a file that is being written is then said by the system, not by HDF5
    texts = prior_texts(view, path.stem, DIGITS)
    body, draws = (texts.pop(path.name) + _forecast(probabilities)).encode(), texts[f"{path.stem}.csv"].encode()
    content = _netcdf(tree, set(view.beliefs), {**record, "view": view.name, "body": seal(body)})
    prior = body + _seals({"csv": seal(draws), "nc": seal(content)})
    whole = {".nc": content, ".csv": draws, ".toml": prior}
    write_together({path.with_suffix(ending): partial(_write, content=each) for ending, each in whole.items()})


def _write(part: Path, content: bytes) -> None:
    part.write_bytes(content)


def _seals(files: Mapping[str, object]) -> bytes:
    """The last table of the prior file."""
    return "\n".join(["\n[calibration.files]", *lines_of(files), ""]).encode()


def _forecast(probabilities: Probabilities) -> str:
    """Probabilities of events as tables of the prior file."""
    lines = ["", "[calibration.forecast]", f"numbers = {NUMBERS}", "", "[calibration.forecast.events]"]
    for event, pair in probabilities.items():
        estimates = zip(("before", "after"), pair, strict=True)
        lines += lines_of(
            {event: {when: {"probability": p.value, "standard_error": p.standard_error} for when, p in estimates}}
        )
    return "\n".join([*lines, ""])


def _netcdf(tree: DataTree, exact: Collection[str], record: Mapping[str, Any]) -> bytes:
    xarray: Any = importlib.import_module("xarray")
    groups = {
        node.path: _compact(node.to_dataset(inherit=False), None if node.path.startswith(_EXACT) else exact)
        for node in tree.subtree
        if not node.path.startswith("/warmup")
    }
    whole = xarray.DataTree.from_dict(groups)
    whole.attrs = {"format": _FORMAT, "format_version": _VERSION, "said": json.dumps(record, allow_nan=False)}
    encoding = {
        path: {str(n): _ENCODING for n, x in group.data_vars.items() if x.ndim and x.dtype.kind in "biuf"}
        for path, group in groups.items()
    }
    return netcdf(whole, encoding=encoding)


def _compact(data: Dataset, exact: Collection[str] | None) -> Dataset:
    """What NetCDF can hold of a group, in single precision except for `exact`, or with None for everything.

    What is too large for single precision, where it would be infinite, keeps double.
    """
    kept: dict[str, Any] = {}
    variables: Any = data.data_vars
    for name, values in variables.items():
        if values.dtype == np.float64 and exact is not None and name not in exact:
            vast = (np.isfinite(values) & (abs(values) > np.finfo(np.float32).max)).any()
            kept[str(name)] = values if vast else values.astype(np.float32)
        elif values.dtype != object:
            kept[str(name)] = values
        elif all(isinstance(value, str) for value in values.values.flat):  # else messages, most of them None
            kept[str(name)] = values.astype(str)
    return data[list(kept)].assign(kept)


# -- reading --------------------------------------------------------------------------------------------------------


def read(path: Path) -> Stored:
    """What the files of a calibration hold, in memory.

    Parameters
    ----------
    path : Path
        ``NAME.nc``, or the prior file ``NAME.toml`` beside it.

    Raises
    ------
    UserError
        One of its files is missing, is none of a calibration or a damaged one, or was written by another version.
    """
    if not path.name or os.path.isdir(path):
        raise UserError([Problem(str(path), "is a folder, not a file", _GIVE)])
    path = path.with_suffix(".toml")
    try:
        body, about = _prior(plain(path, _MOST), path)
    except DamagedError as error:
        raise UserError([Problem(str(path), str(error), _GIVE)]) from None
    remedy, problems, contents = again(about.command, path), Problems(), dict[str, bytes]()
    for ending, each in about.files.items():
        file = path.with_suffix(f".{ending}")
        try:
            contents[ending] = sealed(file, each.bytes, each.sha256)
        except DamagedError as error:
            problems.add(str(file), str(error), remedy)
    problems.raise_if_any()
    tree, record = _opened(contents["nc"], path.with_suffix(".nc"), remedy)
    if record.pop("body", None) != seal(body):
        what = "is not what was saved: it was changed by hand, or is damaged"
        remedy = f"{remedy}; changed beliefs go into a file of their own that extends this one"
        raise UserError([Problem(str(path), what, remedy)])
    forecast = about.forecast
    events = forecast.events if forecast is not None and forecast.numbers == NUMBERS else {}
    probabilities = {event: (_estimate(pair.before), _estimate(pair.after)) for event, pair in events.items()}
    return Stored(tree, record, probabilities)


def _estimate(spec: ChanceSpec) -> Estimate:
    return Estimate(spec.probability, spec.standard_error)


def _prior(content: bytes, path: Path) -> tuple[bytes, CalibrationSpec]:
    """What the prior file holds above its seals, and what it says of the calibration."""
    problems = Problems()
    try:
        table: Any = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"is damaged, or no calibration: {error}") from None
    if "calibration" not in table:
        raise DamagedError("is no calibration: it has no table [calibration]")
    about = problems.sound(checked(CalibrationSpec, table["calibration"], f"{path.name}: calibration", problems))
    if about.files.keys() != {"csv", "nc"}:
        what = "has no digests of the files beside it: it was made by an earlier version of ooms, or is damaged"
        raise UserError([Problem(str(path), what, again(about.command, path))])
    seals = {ending: each.model_dump() for ending, each in about.files.items()}
    return content.removesuffix(_seals(seals)), about  # any other ending is none of what was saved


def _opened(content: bytes, path: Path, remedy: str) -> tuple[DataTree, dict[str, Any]]:
    """The DataTree and the record in the bytes of a NetCDF file."""
    h5py, xarray = (cast("Any", importlib.import_module(name)) for name in ("h5py", "xarray"))
    try:
        # by h5py first: h5netcdf complains on standard error of what it cannot open
        with h5py.File(io.BytesIO(content), "r") as file:
            form, number = (str(file.attrs.get(key, "")) for key in ("format", "format_version"))
        if form == _FORMAT and number == _VERSION:
            with xarray.open_datatree(io.BytesIO(content), engine="h5netcdf") as opened:
                tree = opened.load()
            return tree, json.loads(tree.attrs.pop("said"))
    except Exception as error:  # what is no NetCDF makes HDF5 and what is built on it raise whatever they stumble over
        raise UserError([Problem(str(path), "is damaged, or no calibration", remedy)]) from error
    if form != _FORMAT:
        raise UserError([Problem(str(path), "is no calibration", _GIVE)])
    what = f"has format {number}, and this version of ooms ({ooms.__version__}) reads format {_VERSION}"
    raise UserError([Problem(str(path), what, remedy)])
