"""The workers of a Dask cluster, on however many machines (the extra ``ooms[cluster]``)."""

from __future__ import annotations

import re
import socket
import uuid
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, override

from ooms.batch.crews.base import Crew, CrewLostError, Outcome, lost
from ooms.batch.work import Failure, Part, Task, attempt
from ooms.problems import Problem, UserError

__all__ = ["Cluster"]

_ADDRESS = re.compile(r"(?:tcp|tls)://(?P<host>[^/:]+|\[[^\]/]+\]):(?P<port>\d{1,5})/?")
_PATIENCE = 10.0  # seconds
_WORKERS, _LOOK = 60.0, 5.0
_AHEAD = 2  # tasks a thread that are handed over at once: one that it is at, one that waits


class Cluster(Crew):
    """The workers of an existing Dask cluster.

    A task whose worker dies goes to another one (Dask sees to that); one that has taken down several is given up.
    Without Dask, or a scheduler at the address, ``tcp://host:8786``: `UserError`.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            remedy = 'install it: pip install "ooms[cluster]"'
            raise UserError([Problem("dask", "Dask is not installed", remedy)]) from None
        _reach(address)
        self._dask: Any = distributed
        self.address = address
        try:
            self._client: Any = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _nobody(address, error) from None
        try:
            self._client.wait_for_workers(1, timeout=_WORKERS)
        except TimeoutError:
            self._client.close()
            what = f"the Dask scheduler at {address} has had no workers for {_WORKERS:.0f} s"
            raise UserError([Problem("dask", what, f"start some: dask worker {address}")]) from None

    @property
    @override
    def description(self) -> str:
        return f"Dask cluster at {self.address}, {len(self._threads)} workers, {sum(self._threads.values())} threads"

    @property
    def _threads(self) -> dict[str, int]:
        return self._client.nthreads()

    @override
    def results(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        at_work: dict[Any, Task] = {}
        run = uuid.uuid4().hex  # no other client's tasks are called so
        try:
            while True:
                room = _AHEAD * max(1, sum(self._threads.values())) - len(at_work)
                for task in islice(tasks, max(0, room)):
                    key = f"ooms-{run}-{task.cell}-{task.start}"
                    at_work[self._client.submit(attempt, task, key=key, pure=False)] = task
                if not at_work:
                    return
                for future in self._ended(at_work):
                    task = at_work.pop(future)
                    yield task, self._outcome(task, future)
                    future.release()
        except (OSError, self._dask.client.FuturesCancelledError) as error:
            what = f"the Dask cluster at {self.address} is gone: {error}"
            remedy = "start it again, then run the same command again: it goes on where it stopped"
            raise CrewLostError(Problem("dask", what, remedy)) from error

    def _ended(self, at_work: Mapping[Any, Task]) -> list[Any]:
        """Those that have ended, once one has; all workers may be away for a while, but not for long."""
        alone = 0.0
        while alone < _WORKERS:
            try:
                with self._client.as_current():
                    return list(self._dask.wait([*at_work], timeout=_LOOK, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                alone = 0.0 if self._threads else alone + _LOOK
        raise ConnectionError(f"it has had no workers for {_WORKERS:.0f} s")

    def _outcome(self, task: Task, future: Any) -> Part | Failure:
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, self._dask.CancelledError):
            raise ConnectionError("its scheduler has ended")
        return lost(task, "") if isinstance(error, self._dask.scheduler.KilledWorker) else Failure.of(error)

    @override
    def stop(self) -> None:
        self._client.close(timeout=5)


def _reach(address: str) -> None:
    """Raise `UserError` unless somebody listens there; Dask itself would try for long, and leave things behind."""
    parts = _ADDRESS.fullmatch(address)
    if parts is None or int(parts["port"]) > 65535:
        remedy = "give the one that dask scheduler prints: tcp://10.0.0.1:8786"
        raise UserError([Problem("dask", f"{address!r} is no address of a Dask scheduler", remedy)])
    try:
        socket.create_connection((parts["host"].strip("[]"), int(parts["port"])), timeout=_PATIENCE).close()
    except OSError as error:
        raise _nobody(address, error) from None


def _nobody(address: str, error: Exception) -> UserError:
    what = f"no Dask scheduler answers at {address}: {error}"
    remedy = "start one (dask scheduler, dask worker tcp://host:8786), and give its address"
    return UserError([Problem("dask", what, remedy)])
