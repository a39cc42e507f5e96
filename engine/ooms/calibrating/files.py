"""A calibration as files: a prior file with thinned joint draws, and everything as NetCDF.

NAME.toml and NAME.csv are a prior file like any other; NAME.nc has the DataTree. All three are written or none. The
prior file ends with the size and the digest of the other two, and NAME.nc holds that of all above them: nothing of a
calibration is believed, or opened by HDF5, that is not what was saved.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import os
import platform
import tempfile
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

import ooms
from ooms.batch.addresses import NUMBERS
from ooms.beliefs.calibrated import Calibrated, again
from ooms.beliefs.draws import RANDOMISATIONS
from ooms.beliefs.prior_file import as_written, check_prior_place, prior_texts
from ooms.beliefs.reader import load
from ooms.beliefs.references import Reference
from ooms.beliefs.sealed import DamagedError, plain, seal, sealed
from ooms.beliefs.spec import CalibrationSpec, ChancesSpec, checked
from ooms.beliefs.view import Belief, View
from ooms.calibrating.predictive import spread_out
from ooms.distributions.marginals import Empirical
from ooms.files.toml import lines_of
from ooms.files.writing import check_place
from ooms.files.writing_together import write_together
from ooms.forecasting.labels import netcdf
from ooms.problems import Problem, Problems, UserError
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from xarray import DataArray, Dataset, DataTree

__all__ = ["ROWS", "calibrated_view", "check_places", "fewer", "hash_of", "prior_from", "prior_text", "provenance",
           "read", "save", "thinned"]  # fmt: skip

ROWS = 4096
"""Joint draws in a prior file."""

DIGITS = 6
"""Significant digits of joint draws: their rounding is far below what any survey can tell apart."""

JOINT = "posterior draws"
"""What the joint draws are called until they are in a file."""

_FORMAT, _VERSION = "ooms calibration", "2"
_EXACT = ("/log_likelihood",)
"""Groups whose numbers keep double precision, besides the view's parameters."""


def check_places(path: Path, problems: Problems) -> None:
    """Add what is wrong with the place of a calibration to `problems`, before any sampling is done for it.

    Parameters
    ----------
    path : Path
        Of the prior file; ends in ``.toml``.
    problems : Problems
        What is wrong is added to it.
    """
    before = len(problems)
    check_prior_place(path, problems)
    if len(problems) == before:
        check_place(path.with_suffix(".nc"), problems)


def thinned(draws: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Rows for a file of joint draws: evenly thinned, and ordered so that forecasts can tell their error.

    The kept draws of all chains, one chain after the other, are cut into 16 pieces; row k is from piece k % 16, as
    randomisation k % 16 of a forecast takes it (`ooms.beliefs.draws.Sampler`). The spread between long pieces of a
    chain holds the autocorrelation within them, as batch means do.

    Parameters
    ----------
    draws : array, shape (chains, draws, ...)
        Draws.
    rows : int
        Rows at most; of 16 and more, a multiple of 16 is kept.

    Examples
    --------
    >>> thinned(np.arange(64.0).reshape(4, 16), 32)[:18].tolist()
    [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 36.0, 40.0, 44.0, 48.0, 52.0, 56.0, 60.0, 2.0, 6.0]
    """
    flat = draws.reshape(-1, *draws.shape[2:])
    count = min(rows, len(flat))
    if count < RANDOMISATIONS:
        return flat[np.arange(count) * len(flat) // count]
    count -= count % RANDOMISATIONS
    kept = flat[np.arange(count) * len(flat) // count]
    pieces = kept.reshape(RANDOMISATIONS, count // RANDOMISATIONS, *draws.shape[2:])
    return np.swapaxes(pieces, 0, 1).reshape(kept.shape)


def calibrated_view(
    base: View,
    posterior: Mapping[str, NDArray[np.float64]],
    calibration: Calibrated,
    *,
    name: str = "calibrated",
    rows: int = ROWS,
    digits: int | None = None,
    cites: Collection[str] = (),
    references: Mapping[str, Reference] = MappingProxyType({}),
) -> View:
    """A view with posterior draws in place of the beliefs that were calibrated; the others stay as they were.

    Parameters
    ----------
    base : View
        The view that was calibrated.
    posterior : mapping of str to array, shape (chains, draws)
        The posterior draws of the parameters that were sampled, by name.
    calibration : Calibrated
        What the file is to say about it; its `draws` becomes the number of rows that are kept.
    name : str
        The view's name.
    rows : int
        Joint draws to keep at most.
    digits : int, optional
        Significant digits of the draws, so that the view is the one that its file gives back; all unless given.
    cites : collection of str
        Keys of the works that the surveys come from.
    references : mapping of str to Reference
        The works among these that the surveys' own files describe.
    """
    names = list(posterior)
    kept = thinned(np.stack([np.asarray(posterior[n], dtype=np.float64) for n in names], axis=-1), rows)
    surveys, count = ", ".join(calibration.surveys) or "no surveys", len(calibration.surveys)
    joint = {
        n: replace(
            base.beliefs[n],
            marginal=Empirical(tuple(as_written(value, n, digits) for value in column.tolist())),
            source=f"posterior of {calibration.of} given {count} survey{'s' * (count != 1)}, which [calibration] names",
            note=_note(base.beliefs[n]),
            grade="J",
            joint=JOINT,
        )
        for n, column in zip(names, kept.T, strict=True)
    }
    beliefs = {n: joint.get(n, belief) for n, belief in base.beliefs.items()}
    said_of = replace(calibration, draws=len(kept))
    said = "" if calibration.sound else f" It failed its checks: {'; '.join(calibration.failed)}."
    return replace(
        base,
        name=name,
        title=f"{base.title} (calibrated on {count} survey{'s' * (count != 1)})",
        description=f"Posterior of {calibration.of} given {surveys}: {len(kept)} joint draws of {', '.join(names)}; "
        f"made by `{calibration.command}`. All other beliefs are those of {calibration.of}.{said}\n\n"
        f"{base.description.strip()}".strip(),
        beliefs=MappingProxyType(beliefs),
        correlations=tuple(pair for pair in base.correlations if not {pair.first, pair.second} & joint.keys()),
        cites=tuple(dict.fromkeys((*base.cites, *cites))),
        references=MappingProxyType({**references, **base.references}),
        options=MappingProxyType({}),
        chosen=(),
        changes=(),
        calibration=said_of,
        warnings=tuple(text for text in (said_of.warning, *base.warnings) if text),
    )


def _note(prior: Belief) -> str:
    """What was believed before, and why."""
    said = f"prior: {prior.marginal} ({prior.source})"
    return f"{said}; {prior.note}" if prior.note else said


def hash_of(file: str) -> str:
    """SHA-256 of a file; nothing for a survey that was made without one."""
    path = Path(file)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def provenance(
    *, surveys: Mapping[str, str], seed: int, chains: int, draws: int, tune: int, command: str, seconds: float
) -> dict[str, Any]:
    """What is needed to make the same calibration again, as JSON can hold it.

    Parameters
    ----------
    surveys : mapping of str to str
        A hash of the file of each survey, by name.
    seed, chains, draws, tune : int
        How it was sampled.
    command : str
        What makes it again.
    seconds : float
        Wall time.
    """
    return {
        "command": command,
        "seed": seed,
        "chains": chains,
        "draws": draws,
        "tune": tune,
        "seconds": round(seconds, 1),
        "surveys": dict(surveys),
        "versions": {"ooms": ooms.__version__, "python": platform.python_version()}
        | {name: _version(name) for name in ("numpy", "pymc", "pytensor", "nutpie", "arviz-stats")},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def prior_text(base: View) -> dict[str, str]:
    """The prior as the files of a prior file that stands on its own, by name; `prior_from` makes it a view again."""
    return prior_texts(base, base.name)


def prior_from(texts: Mapping[str, str], name: str) -> View:
    """The prior that `prior_text` wrote."""
    if any(Path(file).name != file for file in (*texts, f"{name}.toml")):  # it could be written or read anywhere
        what = "names files of its prior that lie outside it"
        raise UserError([Problem(name, what, "take a calibration that `ooms calibrate` has saved")])
    with tempfile.TemporaryDirectory() as folder:
        for file, text in texts.items():
            Path(folder, file).write_text(text, encoding="utf-8")
        return load(Path(folder, f"{name}.toml"))


def fewer(tree: DataTree, keep: int) -> DataTree:
    """The tree with at most so many draws of each chain, and prior draws, evenly thinned; what is no draw is kept.

    Parameters
    ----------
    tree : DataTree
        A calibration.
    keep : int
        Draws of each chain to keep at most.
    """
    xarray: Any = importlib.import_module("xarray")
    groups: dict[str, Any] = {}
    for node in tree.children.values():
        data: Any = node.to_dataset(inherit=False)
        count = data.sizes.get("draw", 0)
        most = keep if data.sizes.get("chain", 0) > 1 else max(keep, _PRIOR)
        data = data.isel(draw=spread_out(count, most)) if count > most else data
        simulated = data.sizes.get("sample", 0)
        groups[node.path] = data.isel(sample=spread_out(simulated, _SIMULATED)) if simulated > _SIMULATED else data
    return cast("DataTree", xarray.DataTree.from_dict(groups))


_PRIOR, _SIMULATED = 1000, 200
"""Prior draws and simulated answers that a thinned file keeps: enough for a picture."""


def save(
    view: View,
    tree: DataTree,
    path: Path,
    said: Mapping[str, Any],
    chances: Mapping[str, tuple[Estimate, Estimate]] = MappingProxyType({}),
) -> None:
    """Write a calibration: PATH.toml, PATH.csv and PATH.nc, all three or none.

    Parameters
    ----------
    view : View
        The calibrated view (`calibrated_view`).
    tree : DataTree
        All of it. Draws of the warm-up are left out; numbers other than the view's parameters and the log likelihood
        are kept in single precision.
    path : Path
        Of the prior file; ends in ``.toml``.
    said : mapping
        Provenance, and whatever else JSON can hold; `read` gives it back as the attribute ``said`` of the tree.
    chances : mapping of str to (Estimate, Estimate)
        Probability of each event that was worked out, before and after, from the prior and from the view.

    Raises
    ------
    UserError
        They cannot be written. What was there before is there still.
    """
    # as bytes first: what the disk does to a file that is being written is then said by the system, not by HDF5
    texts = prior_texts(view, path.stem, DIGITS)
    body, draws = texts.pop(path.name) + _forecast(chances), texts[path.with_suffix(".csv").name].encode()
    content = _netcdf(tree, set(view.beliefs), {**said, "view": view.name, "body": seal(body.encode())})
    files = {"csv": seal(draws), "nc": seal(content)}
    prior = body.encode() + _ending(files)
    whole = {".nc": content, ".csv": draws, ".toml": prior}
    write_together({path.with_suffix(ending): partial(_write, content=each) for ending, each in whole.items()})


def _ending(files: Mapping[str, object]) -> bytes:
    """The last table of the prior file."""
    return "\n".join(["\n[calibration.files]", *lines_of(files), ""]).encode()


def _write(part: Path, content: bytes) -> None:
    part.write_bytes(content)


def _forecast(chances: Mapping[str, tuple[Estimate, Estimate]]) -> str:
    """What the calibration makes of events, as tables of a prior file."""
    lines = ["", "[calibration.forecast]", f"numbers = {NUMBERS}", "", "[calibration.forecast.events]"]
    for event, both in chances.items():
        told = zip(("before", "after"), both, strict=True)
        each = {when: {"probability": e.value, "standard_error": e.standard_error} for when, e in told}
        lines += lines_of({event: each})
    return "\n".join([*lines, ""])


def _netcdf(tree: DataTree, exact: Collection[str], said: Mapping[str, Any]) -> bytes:
    xarray: Any = importlib.import_module("xarray")
    groups = {
        node.path: _compact(node.to_dataset(inherit=False), None if node.path.startswith(_EXACT) else exact)
        for node in tree.subtree
        if not node.path.startswith("/warmup")
    }
    whole = xarray.DataTree.from_dict(groups)
    whole.attrs = {"format": _FORMAT, "format_version": _VERSION, "said": json.dumps(said, allow_nan=False)}
    encoding = {
        path: {str(name): _ENCODING for name, values in group.data_vars.items() if values.ndim and _numeric(values)}
        for path, group in groups.items()
    }
    return netcdf(whole, encoding=encoding)


_ENCODING = {"zlib": True, "complevel": 4, "shuffle": True, "fletcher32": True}


def _numeric(values: DataArray) -> bool:
    return values.dtype.kind in "biuf"


def _vast(values: DataArray) -> bool:
    """Whether any finite value is larger than single precision can be."""
    return bool((np.isfinite(values) & (abs(values) > np.finfo(np.float32).max)).any())


def _compact(data: Dataset, exact: Collection[str] | None) -> Dataset:
    """The group with what NetCDF can hold, single precision except for `exact`; with None, all is exact.

    So is what is too large for single precision: it would be infinite.
    """
    kept: dict[str, Any] = {}
    variables: Any = data.data_vars
    for name, values in variables.items():
        if values.dtype == np.float64 and exact is not None and name not in exact and not _vast(values):
            kept[str(name)] = values.astype(np.float32)
        elif values.dtype != object:
            kept[str(name)] = values
        elif all(isinstance(value, str) for value in values.values.flat):  # else messages, most of them None
            kept[str(name)] = values.astype(str)
    return data[list(kept)].assign(kept)


def read(path: Path) -> DataTree:
    """The DataTree of a calibration, in memory.

    What was said of it is its attribute ``said``, as a dictionary; the probabilities that were worked out with it are
    its attribute ``chances``, by event, before and after: those that this version of the engine would find again.

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
        content = plain(path, _MOST)
        body, about = _prior(content, path)
    except DamagedError as error:
        raise UserError([Problem(str(path), str(error), _GIVE)]) from None
    problems, found = Problems(), dict[str, bytes]()
    for ending, each in about.files.items():
        file = path.with_suffix(f".{ending}")
        try:
            found[ending] = sealed(file, each.bytes, each.sha256)
        except DamagedError as error:
            problems.add(str(file), str(error), again(about.command, path))
    problems.raise_if_any()
    tree = _opened(found["nc"], path.with_suffix(".nc"), about.command)
    if tree.attrs["said"].pop("body", None) != seal(body):
        what = "is not what was saved: it was changed by hand, or is damaged"
        remedy = f"{again(about.command, path)}; changed beliefs go into a file of their own that extends this one"
        raise UserError([Problem(str(path), what, remedy)])
    tree.attrs["chances"] = {}
    if about.forecast is not None and about.forecast.numbers == NUMBERS:
        tree.attrs["chances"] = {event: _both(each) for event, each in about.forecast.events.items()}
    return tree


_GIVE = "give a calibration that `ooms calibrate` has saved, NAME.toml with NAME.csv and NAME.nc beside it"
_MOST = 2**24
"""Bytes of a prior file at most."""


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
    return content.removesuffix(_ending(seals)), about  # any other ending is none of what was saved


def _both(each: ChancesSpec) -> tuple[Estimate, Estimate]:
    return (
        Estimate(each.before.probability, each.before.standard_error),
        Estimate(each.after.probability, each.after.standard_error),
    )


def _opened(content: bytes, path: Path, command: str) -> DataTree:
    """The DataTree in the bytes of a NetCDF file."""
    h5py, xarray = (cast("Any", importlib.import_module(name)) for name in ("h5py", "xarray"))
    remedy = again(command, path.with_suffix(".toml"))
    try:
        # by h5py first: h5netcdf complains on standard error of what it cannot open
        with h5py.File(io.BytesIO(content), "r") as file:
            form, number = (str(file.attrs.get(key, "")) for key in ("format", "format_version"))
        if form == _FORMAT and number == _VERSION:
            with xarray.open_datatree(io.BytesIO(content), engine="h5netcdf") as opened:
                tree = opened.load()
            tree.attrs["said"] = json.loads(tree.attrs["said"])
            return tree
    except Exception as error:  # what is no NetCDF makes HDF5 and what is built on it raise whatever they stumble over
        raise UserError([Problem(str(path), "is damaged, or no calibration", remedy)]) from error
    if form != _FORMAT:
        raise UserError([Problem(str(path), "is no calibration", _GIVE)])
    what = f"has format {number}, and this version of ooms ({ooms.__version__}) reads format {_VERSION}"
    raise UserError([Problem(str(path), what, remedy)])
