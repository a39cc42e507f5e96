"""What a long run is at, for whoever is watching."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Stages"]


class Stages:
    """Shows on standard error what is going on and how far it is: a bar a stage, if somebody is looking.

    Parameters
    ----------
    quiet : bool
        Never show anything.
    patience : float
        Seconds that nothing is shown.
    """

    def __init__(self, *, quiet: bool, patience: float = 0.0) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._start, self._patience = time.monotonic(), patience
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Take away what is shown."""
        if self._bars is not None:
            self._bars.stop()

    def progress(self, what: str, done: int, total: int) -> None:
        """Told what is going on, how much of it is done, and of how much: 0 of 0 if that is not known."""
        if self._quiet or (self._bars is None and time.monotonic() - self._start < self._patience):
            return
        bars = self._bars = self._bars or _started()
        if what not in self._tasks:
            for task in self._tasks.values():  # what had no known length is over when the next thing starts
                bars.update(task, total=1, completed=1)
            self._tasks[what] = bars.add_task(what, total=total or None)
        bars.update(self._tasks[what], completed=done, total=total or None)


def _started() -> Progress:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from ooms.writers.terminal import terminal

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=terminal(stderr=True), transient=True)
    bars.start()
    return bars
