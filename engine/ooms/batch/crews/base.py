"""What every crew has in common: tasks go in a few at a time, what comes of them comes out in any order."""

from __future__ import annotations

import abc
from collections.abc import Iterator
from types import TracebackType
from typing import Self, final

from ooms.batch.work import Failure, Part, Task
from ooms.problems import Problem

__all__ = ["ATTEMPTS", "Crew", "CrewLostError", "Outcome", "lost"]

type Outcome = tuple[Task, Part | Failure]
"""A task, and what came of it."""

ATTEMPTS = 3
"""How many workers a task may take down before it is given up."""


def lost(task: Task, why: str) -> Failure:
    """What is said of a task that took down every worker that had it."""
    what = f"{ATTEMPTS} workers died while they were at it{f': {why}' if why else ''}"
    remedy = "if they ran out of memory, ask for fewer quantities or use fewer workers, then run the same command again"
    return Failure((Problem(f"cell {task.cell + 1}", what, remedy),))


class CrewLostError(Exception):
    """There is nobody left to do the work."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Crew(abc.ABC):
    """Whoever works tasks off. Used as a context: on leaving it, all work ends, finished or not."""

    @property
    @abc.abstractmethod
    def description(self) -> str:
        """Who it is, for the manifest: ``2 threads``."""

    @abc.abstractmethod
    def results(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """What comes of the tasks, in whatever order they end. Few tasks are taken before they can be worked on."""

    @abc.abstractmethod
    def stop(self) -> None:
        """End all work now; what is not finished is lost."""

    @final
    def __enter__(self) -> Self:
        return self

    @final
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
