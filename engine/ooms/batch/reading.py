"""A store, read: its dataset, and how complete it is."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ooms.batch.store import Store
from ooms.problems import Problem, UserError

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["Status", "open_study", "status_of"]

_TRIES, _PAUSE = 20, 0.1  # while a run replaces the dataset it is not whole for a moment
_RECENT = 300.0  # seconds


def open_study(store: str | Path) -> Dataset:
    """Outcomes of all cells of a batch study, over its own axes: probabilities, quantiles, errors, and what failed.

    The same as ``xarray.open_zarr(store)``, but checked first: every byte is as it was written.

    Parameters
    ----------
    store : str or Path
        The folder that ``ooms batch run`` or `ooms.run_study` was given.

    Returns
    -------
    Dataset
        Over the study's axes and ``event``: *probability*, *probability_error*, *probability_by_randomisation*
        (all cells share the randomisations: take differences within them), *share* (over ``end``: how draws end).
        Over the axes, ``quantity`` and ``level``: *quantile*, *quantile_error*; over axes and ``quantity``: *never*,
        *never_error*. *state* is 1 where a cell is done, 2 where it failed (*problem* says why), 0 where it is still
        to do: there all is NaN. *cell* names its folder in ``cells``, which `xarray.open_zarr` opens too; with its
        draws, if they were kept.

    Raises
    ------
    UserError
        There is no store, or its dataset is not what was written; says what to do.

    Examples
    --------
    >>> import ooms, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = pathlib.Path(name)
    ...     text = 'draws = 256' + chr(10) + 'quantities = []' + chr(10) + 'grid.rho = [-0.4, -0.1]'
    ...     _ = (folder / "small.toml").write_text(text)
    ...     _ = ooms.run_study(folder / "small.toml", folder / "small.zarr", threads=1)
    ...     data = ooms.open_study(folder / "small.zarr").load()
    >>> bool(data.probability.sel(view="davidson-2025", rho=-0.4, event="5 ooms in 1 year") < 0.13)
    True
    """
    import xarray

    place, _ = _sound(store)
    return cast("Any", xarray).open_dataset(place.folder, engine="zarr", consolidated=True)


def _sound(store: str | Path) -> tuple[Store, dict[str, Any]]:
    """A store whose dataset is as it was written, and its attributes."""
    place = Store(Path(store))
    if not place.exists:
        remedy = f"give a folder that ooms batch run has made, or make it: ooms batch run STUDY --store {store}"
        raise UserError([Problem(str(store), "is no store of a study", remedy)])
    for _ in range(_TRIES):
        attributes = place.attributes()
        if attributes is not None:
            return place, attributes
        if not place.running:
            break
        time.sleep(_PAUSE)
    what = "its dataset is damaged or incomplete; the finished cells are kept beside it"
    remedy = "run the same ooms batch run command again: it makes the dataset from the cells, and only lost ones anew"
    raise UserError([Problem(str(store), what, remedy)])


@dataclass(frozen=True, slots=True)
class Status:
    """How complete a store is.

    Parameters
    ----------
    study, title : str
        Whose store it is.
    total, done : int
        Different cells of the study, and those that are there.
    failures : int
        Cells that failed when last tried.
    failed : mapping of str to str
        Why, by their names; several names may stand for one cell.
    others : int
        Cells of other or earlier studies, which are kept.
    running : bool
        Whether a run is at work in it.
    a_minute : float
        Cells that were finished a minute, over the last few minutes.
    manifest : mapping
        Of the last run: versions, machine, times.
    bytes : int
        What it takes on the disk.
    """

    study: str
    title: str
    total: int
    done: int
    failures: int
    failed: dict[str, str]
    others: int
    running: bool
    a_minute: float
    manifest: dict[str, Any]
    bytes: int

    @property
    def minutes_left(self) -> float | None:
        """How long the rest will take at that rate; None if that cannot be said."""
        return self.left / self.a_minute if self.running and self.a_minute else None

    @property
    def left(self) -> int:
        """Cells that are neither done nor have failed."""
        return max(0, self.total - self.done - self.failures)


def status_of(store: str | Path) -> Status:
    """How complete a store is, also while a run is at work in it.

    Raises
    ------
    UserError
        There is no store, or its dataset is damaged.
    """
    place, attributes = _sound(store)
    manifest = json.loads(attributes["manifest"])
    wanted = set[str](json.loads(attributes["addresses"]))
    draws = manifest["keep_draws"]
    there = [address for address in wanted if place.cells.read(address, draws=draws) is not None]
    ended = [moment for address in there if (moment := _moment(place.cells.folder / address)) is not None]
    recent = [moment for moment in ended if time.time() - moment < _RECENT]
    span = time.time() - min(recent, default=0.0)
    return Status(
        study=attributes["study"],
        title=attributes["title"],
        total=manifest["total"],
        done=len(there),
        failures=manifest["failed_cells"],
        failed=manifest["failed"],
        others=len(set(place.cells) - wanted),
        running=place.running,
        a_minute=60.0 * len(recent) / max(span, 1.0),
        manifest=manifest,
        bytes=sum(map(_size, place.folder.rglob("*"))),
    )


def _moment(path: Path) -> float | None:
    """When it was written; None if it is gone again."""
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _size(path: Path) -> int:
    """Bytes of a file; a run may take it away at any moment."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
