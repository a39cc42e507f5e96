"""A progress bar, but only once a run has taken a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

__all__ = ["Waiting"]

_PATIENCE = 1.0  # seconds


class Waiting:
    """Shows progress on standard error if it takes long and somebody is looking.

    Parameters
    ----------
    quiet : bool
        Never show anything.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._start = time.monotonic()
        self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def progress(self, done: int, total: int) -> None:
        """Told how many draws are done."""
        if self._quiet or (self._bar is None and time.monotonic() - self._start < _PATIENCE):
            return
        if self._bar is None:
            from rich.progress import Progress

            from ooms.cli.terminal import terminal

            self._bar = Progress(console=terminal(stderr=True), transient=True)
            self._bar.add_task("draws", total=total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done)
