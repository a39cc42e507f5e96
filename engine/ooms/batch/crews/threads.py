"""Threads of this process: the default."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import override

from ooms.batch.crews.base import Crew, Outcome
from ooms.batch.work import Failure, Part, Task, attempt

__all__ = ["Threads"]


class Threads(Crew):
    """So many threads of this process, a task each; one alone is the one that asks: nobody gets in its way."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="ooms")  # has no threads until they are needed

    @property
    @override
    def description(self) -> str:
        return f"{self.count} thread{'s' * (self.count > 1)}"

    @override
    def results(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        if self.count == 1:
            yield from ((task, attempt(task)) for task in tasks)
            return
        at_work: dict[Future[Part | Failure], Task] = {}
        while True:
            for task in islice(tasks, self.count + 1 - len(at_work)):  # one task waits, so that no thread has to
                at_work[self._pool.submit(attempt, task, self._over.is_set)] = task
            if not at_work:
                return
            for done in wait(at_work, return_when=FIRST_COMPLETED).done:
                yield at_work.pop(done), done.result()

    @override
    def stop(self) -> None:
        self._over.set()  # noticed within a block of draws
        self._pool.shutdown(wait=True, cancel_futures=True)
