"""A study -> its store: the one orchestrator of batches.

What is there and sound is left alone. The rest is handed to a crew, a few parts at a time, and written cell by cell as
it comes. The dataset is made from that when the run begins, from time to time while it goes on, and when it ends,
however it ends.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ooms.batch.assembling import Assembly
from ooms.batch.cells import Cells
from ooms.batch.crews.base import CrewLostError
from ooms.batch.grid import Grid
from ooms.batch.groups import FORMAT, format_of
from ooms.batch.idle import without_effect
from ooms.batch.machine import machine, versions
from ooms.batch.manifest import About, about
from ooms.batch.plan import Plan
from ooms.batch.progress import RunProgress, Watch
from ooms.batch.records import Summary, summary_of
from ooms.batch.store import Store
from ooms.batch.study import Study, load_study
from ooms.batch.work import Failure, Part, Task, tasks
from ooms.forecasting.labels import storable
from ooms.forecasting.request import whole
from ooms.problems import Problem, Problems, UserError
from ooms.progress import Progress

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.batch.crews.base import Crew
    from ooms.pictures.plots import Plots

__all__ = ["BatchRun", "run_study"]

_SHOW_EVERY = 20.0
"""Seconds between two times that the dataset is made; more if making it takes long."""

_SETTLE_EVERY = 1.0
"""Seconds of finished cells that a loss of power may take, at most."""

_SHARE = 0.05
"""Share of the time that making it may take."""


@dataclass(frozen=True, slots=True)
class BatchRun:
    """What came of a run.

    Parameters
    ----------
    folder : Path
        The store.
    progress : RunProgress
        How many cells are done, and how many were worked out in this run.
    failures : mapping of str to Failure
        Why cells failed, by their names.
    stopped : Problem or None
        Why the run ended before its end, and what to do.
    """

    folder: Path
    progress: RunProgress
    failures: Mapping[str, Failure]
    stopped: Problem | None = None

    @property
    def complete(self) -> bool:
        """Whether every cell is done."""
        return not self.failures and self.stopped is None

    @property
    def data(self) -> Dataset:
        """The store's dataset (`ooms.open_study`)."""
        from ooms.batch.reading import open_study

        return open_study(self.folder)

    @property
    def plot(self) -> Plots:
        """Pictures, each as an Altair chart: ``run.plot.study()``, or as ``map``, ``lines`` or ``dots``."""
        from ooms.pictures.plots import Plots

        return Plots("a study", lambda: self.data)


_MOST_WORKERS = 1024


def _check_crew(threads: int | None, workers: int | None, dask: str | None) -> None:
    problems = Problems()
    for name, count in (("threads", threads), ("workers", workers)):
        if count is not None and whole(name, count, problems) and not 1 <= count <= _MOST_WORKERS:
            few = "few" if count < 1 else "many"
            problems.add(name, f"{name} = {count} is too {few}", f"give 1 or more, {_MOST_WORKERS} at most")
    if sum(given is not None for given in (threads, workers, dask)) > 1:
        problems.add("who does the work", "threads, workers and dask exclude one another", "give one of them")
    problems.raise_if_any()


def _crew(threads: int | None, workers: int | None, dask: str | None) -> Crew:
    if dask is not None:
        from ooms.batch.crews.cluster import Cluster

        return Cluster(dask)
    if workers is not None:
        from ooms.batch.crews.processes import Processes

        return Processes(workers)
    from ooms.batch.crews.threads import Threads

    return Threads(threads or os.cpu_count() or 1)


def run_study(
    study: Study | str | Path,
    store: str | Path,
    *,
    threads: int | None = None,
    workers: int | None = None,
    dask: str | None = None,
    take_from: Iterable[str | Path] = (),
    watch: Watch | None = None,
    planned: Progress | None = None,
) -> BatchRun:
    """Work out every cell of a study that its store does not have yet.

    The numbers do not depend on who does the work: not in their last bit, on machines of one kind.

    Parameters
    ----------
    study : Study, str or Path
        The study, or the name or path of a study file.
    store : str or Path
        The folder of its Zarr store; made if it is not there.
    threads, workers : int, optional
        Threads of this process (default: one a core), or worker processes. A script that uses these must guard its
        own start with ``if __name__ == "__main__":``, as Python asks.
    dask : str, optional
        Address of a Dask scheduler: ``tcp://host:8786``.
    take_from : iterable of str or Path
        Other stores, whose cells are taken where they fit.
    watch : callable, optional
        Told how the run stands (`ooms.batch.progress.RunProgress`) whenever a cell has ended.
    planned : callable, optional
        Told, before that, of how many cells the inputs are known, and of how many they will be: a million take minutes.

    Raises
    ------
    UserError
        Everything that is wrong with the study or the store; then nothing was run. Cells that fail do not raise: they
        are in what is returned, and in the dataset.

    Examples
    --------
    >>> import ooms, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = pathlib.Path(name)
    ...     text = 'draws = 256' + chr(10) + 'quantities = []' + chr(10) + 'grid.rho = [-0.4, -0.1]'
    ...     _ = (folder / "small.toml").write_text(text)
    ...     run = ooms.run_study(folder / "small.toml", folder / "small.zarr", threads=1)
    ...     again = ooms.run_study(folder / "small.toml", folder / "small.zarr", threads=1)
    >>> run.complete, run.progress.ran, again.progress.ran
    (True, 2, 0)
    """
    _check_crew(threads, workers, dask)
    study = study if isinstance(study, Study) else load_study(study)
    target, sources = Store(Path(store)), [Store(Path(source)) for source in take_from]
    problems = Problems()
    for source in sources:
        if not source.exists:
            problems.add(str(source.folder), "is no store of a study", "give a folder that ooms batch run has made")
    for check in (target.check, *(source.check_format for source in sources)):
        try:
            check()
        except UserError as error:
            problems.extend(error.problems)
    problems.raise_if_any()
    with target.alone():
        run = _Run(study, target, [source.cells for source in sources], watch or (lambda progress, news: None), planned)
        return run(partial(_crew, threads, workers, dask))


class _Run:
    """One run: its state while it goes on."""

    def __init__(
        self, study: Study, store: Store, sources: list[Cells], watch: Watch, planned: Progress | None
    ) -> None:
        self.study, self.store, self.sources, self.watch = study, store, sources, watch
        self.began = time.time()
        self.plan = Plan(study, planned)
        self.places = self.plan.places
        self.grid = Grid(study, self.plan.addresses)
        self.failures: dict[int, Failure] = {}
        self.progress = RunProgress(len(self.places) + len(self.plan.failures))
        self.crew = "nobody"
        self._shown, self._takes, self._settled = -1e9, 0.0, 0.0
        self._assemblies: dict[int, Assembly] = {}

    def __call__(self, make_crew: Callable[[], Crew]) -> BatchRun:
        for index, failure in self.plan.failures.items():
            self._fail(index, failure)
        stopped = None
        try:
            with _writing():
                self.store.cells.create()
                left = [indices[0] for address, indices in self.places.items() if not self._there(address)]
                shown = not left and self._is_shown()
                if not shown:
                    self._lay_out(left)
            if not shown:
                self.watch(self.progress, "")
            if left:
                self._work_off(left, make_crew)
        except _UnwritableError as error:
            what = f"cannot be written: {error.why.strerror or error.why}"
            remedy = "free some space, then run the same command again: it goes on where it stopped"
            stopped = Problem(str(self.store.folder), what, remedy)
        except CrewLostError as error:
            stopped = error.problem
        named = {self.study.cell(index).label: failure for index, failure in sorted(self.failures.items())}
        return BatchRun(self.store.folder, self.progress, named, stopped)

    # -- what is there ------------------------------------------------------------------------------------------------

    def _there(self, address: str) -> bool:
        """Whether a cell is there, sound and with its draws if they are wanted; or has been taken from elsewhere."""
        cells, draws = self.store.cells, self.study.keep_draws
        if cells.read(address, draws=draws) is not None:
            self.progress.there += 1
            return True
        self.progress.damaged += cells.holds(address) and cells.read(address) is None
        for source in self.sources:
            if source.read(address, draws=draws) is not None and cells.take(address, source):
                self.progress.imported += 1
                return True
        return False

    def _lay_out(self, left: list[int]) -> None:
        """Put what is there on the grid, and show it."""
        missing = {self.plan.addresses[index] for index in left}
        for address, indices in self.places.items():
            attributes = None if address in missing else self.store.cells.read(address)
            if attributes is not None:
                self._put(indices, summary_of(attributes, self.plan.question))
        self._show()

    def _put(self, indices: list[int], summary: Summary) -> None:
        for index in indices:
            self.grid.put(index, summary)

    def _fail(self, index: int, failure: Failure) -> None:
        """A cell failed, and with it those that share its address."""
        for same in self.places.get(self.plan.addresses[index], [index]):
            self.failures[same] = failure
            self.grid.fail(same, failure)
        self.progress.failed += 1
        self.watch(self.progress, f"{self.study.cell(index).label} failed: {failure}")

    # -- the work -----------------------------------------------------------------------------------------------------

    def _work_off(self, left: list[int], make_crew: Callable[[], Crew]) -> None:
        self.progress.start()
        try:
            with make_crew() as crew:
                self.crew = crew.description
                for task, outcome in crew.results(self._tasks(left)):
                    self._take(task, outcome)
                    if time.monotonic() - self._shown > max(_SHOW_EVERY, self._takes / _SHARE):
                        with _writing():
                            self._show()
        finally:
            with _writing():
                self._show()

    def _tasks(self, left: list[int]) -> Iterator[Task]:
        """The parts of all cells that are left, made when they are asked for."""
        for index in left:
            resolved = self.plan.resolved(index)
            parts = [*tasks(index, resolved.view, self.plan.question, self.study.keep_draws)]
            self._assemblies[index] = Assembly(resolved, len(parts), self.store.cells)
            for task in parts:
                if index in self.failures:
                    break
                yield task

    def _take(self, task: Task, outcome: Part | Failure) -> None:
        index = task.cell
        if index in self.failures:
            return
        if isinstance(outcome, Failure):
            self._assemblies.pop(index).drop()
            self._fail(index, outcome)
            return
        with _writing():
            summary = self._assemblies[index].add(task, outcome)
            if time.monotonic() - self._settled > _SETTLE_EVERY:
                self.store.cells.settle()
                self._settled = time.monotonic()
        if summary is not None:
            del self._assemblies[index]
            self._put(self.places[self.plan.addresses[index]], summary)
            self.progress.end()
            self.watch(self.progress, "")

    # -- the dataset --------------------------------------------------------------------------------------------------

    def _is_shown(self) -> bool:
        """Whether the store's dataset is this study's, and sound."""
        attributes = self.store.attributes()
        shown = None if attributes is None or format_of(attributes) != FORMAT else about(attributes)
        if not isinstance(shown, About) or shown.study_text != self.study.text:
            return False
        return shown.manifest.plan == self.plan.digest and shown.manifest.done == self.progress.done

    def _show(self) -> None:
        started = time.monotonic()
        self.store.cells.settle()
        self.store.show(self.grid.dataset(), self._attributes())
        self._shown = time.monotonic()
        self._takes = self._shown - started

    def _attributes(self) -> dict[str, str | int]:
        """The manifest, and what a reader wants to know first."""
        manifest = {
            "plan": self.plan.digest,
            "done": self.progress.done,
            "total": self.progress.total,
            "failed_cells": self.progress.failed,
            "keep_draws": self.study.keep_draws,
            "failed": {self.study.cell(index).label: str(failure) for index, failure in self.failures.items()},
            "versions": versions(),
            "machine": machine(),
            "crew": self.crew,
            "began": datetime.fromtimestamp(self.began, UTC).isoformat(timespec="seconds"),
            "shown": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(self.progress.seconds, 3),
            "cells_worked_out": self.progress.ran,
            "cells_there_before": self.progress.there,
            "cells_imported": self.progress.imported,
            "cells_damaged": self.progress.damaged,
        }
        return self._inputs | {"manifest": json.dumps(manifest, ensure_ascii=False)}

    @cached_property
    def _inputs(self) -> dict[str, str | int]:
        """What is asked, and of which views: the same however often the dataset is made."""
        from ooms.beliefs.prior_file import prior_texts

        views = {name: prior_texts(view, "view")["view.toml"] for name, view in self.study.views.items()}
        return storable(
            {
                "title": self.study.title,
                "description": self.study.description,
                "study": self.study.name,
                "draws": self.study.draws,
                "seed": self.study.seed,
                "warnings": json.dumps(without_effect(self.study), ensure_ascii=False),
                "ooms_version": versions()["ooms"],
                "study_text": self.study.text,
                "addresses": json.dumps([*self.places]),
                "views": json.dumps(views),
            }
        )


class _UnwritableError(Exception):
    """The store cannot be written."""

    def __init__(self, why: OSError) -> None:
        super().__init__(str(why))
        self.why = why


@contextmanager
def _writing() -> Generator[None]:
    """What goes wrong in here is the store's fault, and not, say, the network's."""
    try:
        yield
    except OSError as error:
        raise _UnwritableError(error) from error
