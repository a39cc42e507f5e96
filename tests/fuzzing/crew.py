"""Workers that judge inputs, each in a process of its own with bounded memory; one that hangs or dies is replaced."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from fuzzing.verdicts import Fault

__all__ = ["ROOM", "Task", "judged"]

ROOM = 2**30
"""Bytes that an input may take."""

_PATIENCE = 60.0
"""Seconds after which a worker is taken to hang in something that no signal ends; the machine may be busy."""

_START = 180.0
"""Seconds that a worker may take to be ready."""

type Task = tuple[int, int, str | None, tuple[int, ...]]
"""Seed, number, kind and the changes left out: what `fuzzing.inputs.made` is given."""


def judged(tasks: Iterable[Task], workers: int) -> Iterator[tuple[Task, Fault | None]]:
    """What is wrong with each, as it comes."""
    left = iter(tasks)
    crew = [_Worker() for _ in range(workers)]
    try:
        while crew:
            for worker in [*crew]:
                if worker.idle and not worker.give(left):
                    worker.end()
                    crew.remove(worker)
            ready = wait([worker.pipe for worker in crew], timeout=1.0)
            for k, worker in enumerate(crew):
                if worker.pipe in ready or worker.late:
                    task, fault, sound = worker.take(heard=worker.pipe in ready)
                    if not sound:
                        crew[k] = _Worker()
                    if task is not None:
                        yield task, fault
    finally:
        for worker in crew:
            worker.kill()


class _Worker:
    """A process that judges one input after another."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.folder = Path(tempfile.mkdtemp(prefix="ooms-fuzz-"))
        self._process = context.Process(target=_work, args=(theirs, str(self.folder)), daemon=True)
        self._process.start()
        theirs.close()
        self._task: Task | None = None
        self.idle, self._until = False, time.monotonic() + _START

    @property
    def late(self) -> bool:
        return time.monotonic() > self._until

    def give(self, tasks: Iterator[Task]) -> bool:
        """Give it the next task; returns whether there was one."""
        self._task = next(tasks, None)
        if self._task is None:
            return False
        self.pipe.send(self._task)
        self.idle, self._until = False, time.monotonic() + _PATIENCE
        return True

    def take(self, *, heard: bool) -> tuple[Task | None, Fault | None, bool]:
        """The task, what is wrong, and whether the worker can go on."""
        try:
            fault = self.pipe.recv() if heard else Fault("hangs", f"over {_PATIENCE:g} s")
        except EOFError:
            self._process.join()
            fault, heard = Fault("process ends", f"with {self._process.exitcode}"), False
        task, self._task, self.idle = self._task, None, True
        if not heard:
            self.kill()
            if task is None:
                message = f"a worker did not start: {fault.what}"
                raise RuntimeError(message)
        return task, fault, heard

    def end(self) -> None:
        """Let it go."""
        self.pipe.close()
        self._process.join(10)
        self.kill()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()
        shutil.rmtree(self.folder, ignore_errors=True)


def _work(pipe: Connection, folder: str) -> None:
    """Judge what comes through the pipe, until it is closed."""
    os.environ.update(COLUMNS="100", NO_COLOR="1", TERM="dumb")
    from fuzzing.inputs import KINDS, Input, made, sound
    from fuzzing.verdicts import judge, prepared

    place = Path(folder)
    prepared(place)
    for kind in KINDS:  # imports and caches are nobody's fault
        judge(made(0, 0, kind, range(9)), place)
        judge(Input(kind, sound(kind, 0)) if kind != "options" else made(0, 1, kind, range(9)), place)
    # what is mapped now, and so much more
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + ROOM, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe.send(None)
    while True:
        try:
            task: Any = pipe.recv()
        except EOFError:
            return
        try:
            fault = judge(made(*task), place)
        except MemoryError:
            fault = Fault("memory", "in the test itself", traceback.format_exc())
        pipe.send(fault)
