"""How far long work is, on standard error: a bar a stage on a terminal, lines now and then in a log, or nothing."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, override

from ooms.progress import SILENT, Meter

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["meter"]

_EVERY = 10.0
"""Seconds between two lines of a log."""


def meter(*, quiet: bool = False, patience: float = 1.0, log: bool = False) -> Meter:
    """The meter for whoever is looking.

    Parameters
    ----------
    quiet : bool
        Show nothing.
    patience : float
        Seconds before a bar is shown.
    log : bool
        Write lines where standard error is no terminal.
    """
    if quiet:
        return SILENT
    if sys.stderr.isatty():
        return _Bars(patience)
    return _Lines() if log else SILENT


class _Bars(Meter):
    def __init__(self, patience: float) -> None:
        self._shown_from = time.monotonic() + patience
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    @override
    def report(self, stage: str, done: int, total: int, state: str = "") -> None:
        if self._bars is None and time.monotonic() < self._shown_from:
            return
        bars = self._started()
        if stage not in self._tasks:
            for task in self._tasks.values():  # what had no known length is over when the next thing starts
                bars.update(task, total=1, completed=1)
            self._tasks[stage] = bars.add_task(stage, total=total or None)
        bars.update(self._tasks[stage], completed=done, total=total or None, state=state)

    @override
    def note(self, text: str) -> None:
        from rich.text import Text

        self._started().console.print(Text(text, style="yellow"))

    @override
    def close(self) -> None:
        if self._bars is not None:
            self._bars.stop()

    def _started(self) -> Progress:
        if self._bars is None:
            self._bars = _bars()
            self._bars.start()
        return self._bars


def _bars() -> Progress:
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column
    from rich.text import Text

    from ooms.writers.terminal import terminal

    elapsed, remaining = TimeElapsedColumn(), TimeRemainingColumn()

    class State(ProgressColumn):
        """What the work says of itself; else the time it has taken and the time it will."""

        @override
        def render(self, task: Task) -> Text:
            if state := task.fields.get("state"):
                return Text(state)
            return Text.assemble(elapsed.render(task), " left ", remaining.render(task))

    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), State(Column(no_wrap=True))
    return Progress(*columns, console=terminal(stderr=True), transient=True)


class _Lines(Meter):
    def __init__(self) -> None:
        self._last = time.monotonic()

    @override
    def report(self, stage: str, done: int, total: int, state: str = "") -> None:
        if time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self.note(state or (f"{stage}: {done:,} of {total:,}" if total else stage))

    @override
    def note(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
