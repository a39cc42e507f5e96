"""The work of a batch: parts of cells, small enough to be lost, and what comes of them. All of it can be pickled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ooms.batch.addresses import LEVELS, Question
from ooms.batch.machine import machine
from ooms.batch.records import Summary
from ooms.beliefs.view import View
from ooms.distributions.marginals import Marginal
from ooms.forecasting import NUMBERS
from ooms.forecasting.passes import Pass, passes
from ooms.forecasting.sweep import PART, Answers, Sweep, Tally
from ooms.model.path import Workspace
from ooms.outcomes import parse_event, parse_quantity
from ooms.problems import Problem, UserError
from ooms.results.sketch import Sketch

__all__ = ["KEPT_PART", "Failure", "Part", "Task", "Whole", "attempt", "tasks"]

KEPT_PART = 2**18
"""Draws in a part if they are kept: some tens of megabytes."""


@dataclass(frozen=True, slots=True)
class Task:
    """A part of a cell: some consecutive draws of a view."""

    cell: int  # whose part it is
    view: View  # as `ooms.batch.addresses.bare` leaves it
    question: Question
    start: int
    count: int
    keep: bool = False  # whether the draws themselves are wanted
    numbers: int = NUMBERS  # which version of the engine is to work it out

    @property
    def whole(self) -> bool:
        """Whether it is all of its cell."""
        return self.count == self.question.draws


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a task: its summary if it is a whole cell, else what is to be put together; and draws, if wanted.

    With it: where that was, and how long it took.
    """

    machine: Mapping[str, Any]
    seconds: float
    summary: Summary | None = None
    tallies: list[Tally] = field(default_factory=list[Tally])
    columns: dict[str, NDArray[Any]] = field(default_factory=dict[str, NDArray[Any]])


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a cell cannot be worked out, and what to do about it."""

    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """What went wrong: the user's mistake in its own words, anything else under its name."""
        if isinstance(error, UserError):
            return cls(error.problems)
        if isinstance(error, MemoryError):
            return cls((Problem("memory", "there was not enough", "ask for fewer quantities, or use fewer threads"),))
        remedy = "please report it, with the study; no other cell is affected"
        return cls((Problem("a fault in ooms", f"{type(error).__name__}: {error}", remedy),))

    def __str__(self) -> str:
        return "; ".join(f"{p.place}: {p.what} -> {p.remedy}" for p in self.problems)


def tasks(cell: int, view: View, question: Question, keep: bool) -> Iterator[Task]:
    """The parts of a cell, in order."""
    count = min(KEPT_PART if keep else PART, question.draws)
    return (Task(cell, view, question, start, count, keep) for start in range(0, question.draws, count))


def attempt(task: Task, stop: Callable[[], bool] | None = None) -> Part | Failure:
    """What comes of a task. Nothing is raised but when it is told to stop: InterruptedError."""
    try:
        return _work(task, stop)
    except InterruptedError:
        raise
    except Exception as error:  # whatever it is, it is this cell's alone
        return Failure.of(error)


def _work(task: Task, stop: Callable[[], bool] | None) -> Part:
    if task.numbers != NUMBERS:
        what = f"this worker's ooms makes numbers of version {NUMBERS}, the study wants {task.numbers}"
        raise UserError([Problem("worker", what, "install the same version of ooms on every machine")])
    started = time.perf_counter()
    whole = Whole(task.view, task.question)
    columns: dict[str, NDArray[Any]] = {}
    tallies: list[Tally] = []
    for each in whole.passes:
        kept = {name: np.empty(task.count, kind) for name, kind in each.columns.items()} if task.keep else {}
        sweep = Sweep(each, task.count, start=task.start, kept=kept, stop=stop, workspace=_OWN.workspace)
        tallies.append(sweep.run())
        columns |= kept
    if task.whole:
        whole.add(tallies)
        return Part(machine(), time.perf_counter() - started, whole.summary(), columns=columns)
    return Part(machine(), time.perf_counter() - started, None, tallies, columns)


class _Own(threading.local):
    """What each thread has for itself."""

    def __init__(self) -> None:
        self.workspace = Workspace()


_OWN = _Own()


class Whole:
    """A cell that is put together from its parts, which may come in any order."""

    def __init__(self, view: View, question: Question) -> None:
        events, quantities = map(parse_event, question.events), map(parse_quantity, question.quantities)
        self.question = question
        self.passes: list[Pass] = passes(_interned(view), question.seed, [*events], [*quantities])
        self._answers = [Answers(each, question.draws) for each in self.passes]

    def add(self, tallies: list[Tally]) -> None:
        """Take in a part: a tally for each pass."""
        for answers, tally in zip(self._answers, tallies, strict=True):
            answers.add(tally)

    def summary(self) -> Summary:
        """What all of it comes to."""
        results = {result.event.text: result for answers in self._answers for result in answers.events}
        events = [results[name] for name in self.question.events]
        sketches = [sketch for answers in self._answers for sketch in answers.sketches]
        return Summary.of(
            (event.probability for event in events),
            (event.by_randomisation for event in events),
            ([*event.shares.values()] for event in events),
            map(_quantiles, sketches),
            (sketch.never for sketch in sketches),
        )


def _quantiles(sketch: Sketch) -> NDArray[np.float64]:
    """Values and errors; these to four digits, which is more than sixteen randomisations know of them."""
    table = sketch.quantile_table(LEVELS)
    errors = table[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 10.0 ** (3.0 - np.floor(np.log10(errors)))
        table[:, 1] = np.where(errors > 0.0, np.round(errors * scale) / scale, errors)
    return table


def _interned(view: View) -> View:
    """The view with distributions that this process has met before as they were, their tables already made."""
    beliefs = {name: replace(b, marginal=_interned_marginal(b.marginal)) for name, b in view.beliefs.items()}
    return replace(view, beliefs=beliefs)


@lru_cache(maxsize=2**12)
def _interned_marginal(marginal: Marginal) -> Marginal:
    return marginal
