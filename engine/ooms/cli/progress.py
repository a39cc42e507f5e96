"""A progress bar, but only once a run has taken a second."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from ooms.cli.stages import Stages

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
        self._stages = Stages(quiet=quiet, patience=_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stages.stop()

    def progress(self, done: int, total: int) -> None:
        """Told how many draws are done."""
        self._stages.progress("draws", done, total)
