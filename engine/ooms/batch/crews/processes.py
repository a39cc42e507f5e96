"""Worker processes on this machine; one that dies takes only its own task with it, and that is tried again."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from typing import override

from ooms.batch.crews.base import ATTEMPTS, Crew, CrewLostError, Outcome, lost
from ooms.batch.work import Failure, Part, Task, attempt
from ooms.problems import Problem

__all__ = ["Processes"]


class Processes(Crew):
    """So many processes of their own, a task each."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._workers: list[_Worker] = []  # started when there is something for them to do

    @property
    @override
    def description(self) -> str:
        return f"{self.count} worker process{'es' * (self.count > 1)}"

    @property
    def workers(self) -> tuple[int | None, ...]:
        """Numbers of the processes."""
        return tuple(worker.number for worker in self._workers)

    @override
    def results(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        died = Counter[tuple[int, int]]()
        finished = given_up = 0
        again: list[Task] = []
        while True:
            for place in range(self.count):
                free = place >= len(self._workers) or self._workers[place].task is None
                if free and (task := again.pop() if again else next(tasks, None)) is not None:
                    self._worker(place).begin(task)
            busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
            if not busy:
                return
            heard = wait_for([*busy])
            for worker in [worker for pipe, worker in busy.items() if pipe in heard]:
                task, outcome = worker.end()
                if outcome is None:
                    self._workers[self._workers.index(worker)] = _Worker()
                    died[task.cell, task.start] += 1
                    if died[task.cell, task.start] < ATTEMPTS:
                        again.append(task)
                        continue
                    outcome = lost(task, worker.ending)
                    given_up += 1
                finished += isinstance(outcome, Part)
                if given_up == ATTEMPTS and not finished:
                    raise CrewLostError(_all_died(worker.ending))
                yield task, outcome

    def _worker(self, place: int) -> _Worker:
        if place == len(self._workers):
            self._workers.append(_Worker())
        return self._workers[place]

    @override
    def stop(self) -> None:
        for worker in self._workers:
            worker.kill()


class _Worker:
    """A process, the task that it is at, and our end of the line to it."""

    def __init__(self) -> None:
        # spawned: a fork would copy the locks of threads as they happen to be
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _ignoring_interrupts():
            self._process.start()
        theirs.close()  # so that its end shows as the end of the line
        self.task: Task | None = None

    def begin(self, task: Task) -> None:
        """Give it a task; if it is dead, that shows when the task ends."""
        self.task = task
        with suppress(OSError):
            self.pipe.send(task)

    def end(self) -> tuple[Task, Part | Failure | None]:
        """Its task and what came of it; None if it died over it."""
        assert self.task is not None, "only those at work are listened to"
        task, self.task = self.task, None
        try:
            return task, self.pipe.recv()
        except (EOFError, OSError):
            self._process.join(_DYING)  # so that it is known how it ended
            self.kill()
            return task, None

    @property
    def number(self) -> int | None:
        """Of its process."""
        return self._process.pid

    @property
    def ending(self) -> str:
        """How it ended."""
        code = self._process.exitcode or 0
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"

    def kill(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


@contextmanager
def _ignoring_interrupts() -> Generator[None]:
    """Whatever is started in here does not hear Ctrl-C, not even before it runs code of ours."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _all_died(ending: str) -> Problem:
    what = f"every worker process died before it had finished anything: {ending}"
    remedy = "use threads; or in a script of your own, guard its start with if __name__ == '__main__':"
    return Problem("workers", what, remedy)


_DYING = 5.0  # seconds


def _serve(line: Connection) -> None:
    """Work off what comes down the line, until whoever is at its other end is gone. Ctrl-C is theirs to notice."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    with suppress(EOFError, OSError):  # being told to stop is one of them
        while True:
            line.send(attempt(line.recv(), lambda: parent is not None and not parent.is_alive()))
