"""A store, read: its dataset, and how complete it is."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ooms.batch.grid import amiss
from ooms.batch.groups import FORMAT, ROOT, format_of
from ooms.batch.manifest import About, about
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
        With its pictures: ``data.plot.map()``.

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

    from ooms.batch.dataset import StudyDataset

    place, _ = _sound(store)
    try:
        data = cast("Any", xarray).open_dataset(place.folder, engine="zarr", consolidated=True)
    except Exception as error:  # Zarr has any for what it cannot read
        raise _unread(place, f"cannot be opened ({type(error).__name__}: {error})") from error
    if wrong := amiss(data):
        raise _unread(place, wrong)
    return StudyDataset.of(data)


def _sound(store: str | Path) -> tuple[Store, About]:
    """A store whose dataset is as it was written, and what it says of itself."""
    place = Store(Path(store))
    if not place.exists and not place.begun:
        remedy = f"give a folder that ooms batch run has made, or make it: ooms batch run STUDY --store {store}"
        raise UserError([Problem(str(store), "is no store of a study", remedy)])
    for _ in range(_TRIES):
        attributes = place.attributes()
        if attributes is not None:
            break
        if not place.running:
            raise _without(place)
        time.sleep(_PAUSE)
    else:
        what = "a run is at work in it, and has not made its dataset yet"
        raise UserError([Problem(str(store), what, "wait a moment: it is made when the run begins its first cell")])
    place.check_format()
    made = about(attributes) if format_of(attributes) == FORMAT else "format"
    if isinstance(made, str):
        raise _unread(place, f"has no attribute {made}, or not the one of format {FORMAT}")
    return place, made


_AGAIN = "run the same ooms batch run command again: it makes the dataset from the cells, and only lost ones anew"


def _without(place: Store) -> UserError:
    """There is no dataset, because the run was stopped before it had made one; or it is not as it was written."""
    count = sum(1 for _ in place.cells)
    if (place.folder / ROOT).exists() and not place.replacing:
        what = "its dataset is damaged or incomplete; the finished cells are kept beside it"
    elif count:
        cells = "1 finished cell is" if count == 1 else f"{count:,} finished cells are"
        what = f"there is no dataset yet: the run was stopped before or while it made it; {cells} kept"
    else:
        what = "there is no dataset yet: the run was stopped before its first cell"
    return UserError([Problem(str(place.folder), what, _AGAIN)])


def _unread(place: Store, what: str) -> UserError:
    """The dataset is as it was written, but not in a form that is known here."""
    return UserError([Problem(str(place.folder), f"its dataset {what}", _AGAIN)])


@dataclass(frozen=True, slots=True)
class Status:
    """How complete a store is."""

    study: str
    title: str
    total: int  # different cells of the study
    done: int  # those of them that are there
    failures: int  # cells that failed when last tried
    failed: dict[str, str]  # why, by their names; several names may stand for one cell
    others: int  # cells of other or earlier studies, which are kept
    running: bool  # whether a run is at work in it
    a_minute: float  # cells that were finished a minute, over the last few minutes
    manifest: dict[str, Any]  # of the last run: versions, machine, times
    bytes: int  # on the disk

    @property
    def minutes_left(self) -> float | None:
        """How long the rest will take at that rate; None if that cannot be said."""
        return self.left / self.a_minute if self.running and self.a_minute else None

    @property
    def left(self) -> int:
        """Cells that are neither done nor have failed."""
        return max(0, self.total - self.done - self.failures)


def status_of(store: str | Path) -> Status:
    """How complete a store is, also while a run is at work in it; `UserError` if there is none, or it is damaged."""
    place, made = _sound(store)
    manifest, wanted = made.manifest, set(made.addresses)
    there = [address for address in wanted if place.cells.read(address, draws=manifest.keep_draws) is not None]
    ended = [written.st_mtime for address in there if (written := _stat(place.cells.folder / address))]
    recent = [moment for moment in ended if time.time() - moment < _RECENT]
    span = time.time() - min(recent, default=0.0)
    return Status(
        study=made.study,
        title=made.title,
        total=manifest.total,
        done=len(there),
        failures=manifest.failed_cells,
        failed=manifest.failed,
        others=len(set(place.cells) - wanted),
        running=place.running,
        a_minute=60.0 * len(recent) / max(span, 1.0),
        manifest=manifest.model_dump(),
        bytes=sum(f.st_size for path in place.folder.rglob("*") if (f := _stat(path)) and stat.S_ISREG(f.st_mode)),
    )


def _stat(path: Path) -> os.stat_result | None:
    """Times and size; None if it is gone again: a run may take it away at any moment."""
    try:
        return path.stat()
    except OSError:
        return None
