"""Whatever ooms saved, opened again: by what is in a file, not by what its name promises."""

from __future__ import annotations

import importlib
import io
import os.path
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ooms.problems import Problem, Problems, UserError

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

    from ooms.batch.study import Study
    from ooms.beliefs.view import View
    from ooms.calibrating.calibration import Calibration
    from ooms.calibrating.surveys import Survey

__all__ = ["open"]

type Opened = View | Survey | Study | Calibration | Dataset | DataTree

_MOST = 2**33
"""Bytes of a NetCDF file at most, which is read into memory."""

_GIVE = "give a prior, survey or study file (.toml), a saved forecast or calibration (.nc), or the store of a study"


def open(path: str | Path) -> Opened:
    """Open whatever ooms saved.

    What a forecast or a comparison saves is its labelled numbers, not the sampler that made them: so they come back as
    an xarray DataTree, in memory, from which no new question can be answered.

    Parameters
    ----------
    path : str or Path
        A prior, survey or study file, ``NAME.toml``; a calibration, ``NAME.toml`` or ``NAME.nc`` with its other files
        beside it; what `Forecast.save` and `Comparison.save` wrote, ``NAME.nc``; the store of a study, a folder.

    Returns
    -------
    View, Survey, Study, Calibration, xarray.Dataset or xarray.DataTree
        A Dataset of a study's store (as `ooms.open_study`), a DataTree of a forecast or comparison.

    Raises
    ------
    UserError
        There is no such file, it is damaged, or ooms saves nothing of the kind.

    Examples
    --------
    >>> import ooms, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ooms.forecast("davidson-2025", draws=2**8).save(f"{folder}/f.nc")
    ...     tree = ooms.open(f"{folder}/f.nc")
    >>> 0.2 < float(tree["events"]["probability"].sel(event="5 ooms in 1 year")) < 0.4
    True
    """
    place = Path(os.path.expanduser(path))
    if os.path.isdir(place):
        from ooms.batch.reading import open_study

        return open_study(place)
    if not os.path.isfile(place):
        what = "is not there: no such file" if not os.path.exists(place) else "is no plain file"
        raise UserError([Problem(str(path), what, _GIVE)])
    if place.suffix == ".toml":
        return _document(place)
    if place.suffix == ".nc":
        return _labelled(place)
    raise UserError([Problem(str(path), f"ends in {place.suffix or 'nothing'}, and ooms opens no such file", _GIVE)])


def _document(path: Path) -> Opened:
    """A prior, survey or study file, or a calibration: by the tables that are in it."""
    keys = _keys(path)
    if isinstance(calibration := keys.get("calibration"), dict) and "files" in calibration:
        from ooms.calibrating.calibration import open_calibration

        return open_calibration(path)
    if keys.keys() & {"items", "population", "bias"}:
        from ooms.calibrating.surveys import load_survey

        return load_survey(path)
    if keys.keys() & {"views", "grid", "zipped", "events", "quantities", "draws", "set"}:
        from ooms.batch.study import load_study

        return load_study(path)
    if keys.keys() & {"parameters", "extends", "variants", "options", "routes", "correlations"}:
        from ooms.beliefs.reader import load

        return load(path)
    what = "is neither a prior file, nor a survey, nor a study: it has none of their tables"
    raise UserError([Problem(path.name, what, "a prior file has [parameters], a survey [items.NAME], a study [grid]")])


def _keys(path: Path) -> dict[str, Any]:
    from ooms.beliefs.spec import read_table

    problems = Problems()
    try:
        table = read_table(path, problems)
    except RecursionError:
        raise UserError([Problem(path.name, "tables stand too deep in one another", "use fewer levels")]) from None
    problems.raise_if_any()
    return table or {}


def _labelled(path: Path) -> Calibration | DataTree:
    """What is in a NetCDF file that ooms wrote.

    That of a calibration is sealed by the prior file beside it, which says so; only then are its bytes believed.
    """
    beside = path.with_suffix(".toml")
    if os.path.isfile(beside) and "calibration" in _keys(beside):
        from ooms.calibrating.calibration import open_calibration

        return open_calibration(path)
    try:
        if (size := path.stat().st_size) > _MOST:
            what = f"takes {size / 2**30:.3g} GiB, and no more than {_MOST >> 30} are read into memory"
            raise UserError([Problem(str(path), what, "open it with xarray.open_datatree, which reads what is used")])
        content = path.read_bytes()
    except OSError as error:
        raise UserError([Problem(str(path), f"cannot be read: {error.strerror}", _GIVE)]) from None
    h5py, xarray = (cast("Any", importlib.import_module(name)) for name in ("h5py", "xarray"))
    try:
        # by h5py first: h5netcdf complains on standard error of what it cannot open
        with h5py.File(io.BytesIO(content), "r") as file:
            ours, calibration = "ooms_version" in file.attrs, "format_version" in file.attrs
        if ours:
            with xarray.open_datatree(io.BytesIO(content), engine="h5netcdf") as opened:
                return opened.load()
    except Exception as error:  # HDF5 and what is built on it raise whatever they stumble over
        what = "is damaged, or no NetCDF file"
        raise UserError([Problem(str(path), what, "make it again, or give another file")]) from error
    if calibration:
        remedy = f"put {path.stem}.toml and {path.stem}.csv beside it, as `ooms calibrate` wrote them"
        raise UserError([Problem(str(path), "is that of a calibration, without its prior file beside it", remedy)])
    raise UserError([Problem(str(path), "is a NetCDF file that ooms did not save", "open it with xarray.open_dataset")])
