"""How far long work is: one meter that all of it reports to; the meter that it gets by default shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self, final, override

__all__ = ["SILENT", "Meter", "Progress", "StagedProgress", "meter_of", "staged_meter_of"]


class Meter:
    """Shows how far work is. This one shows nothing; others override `report`, `note` and `close`."""

    def report(self, stage: str, done: int, total: int, state: str = "") -> None:
        """So much of a stage is done, 0 of 0 if that is not known; `state` says it in words."""

    def note(self, text: str) -> None:
        """Something has gone wrong on the way, and the work goes on."""

    def close(self) -> None:
        """Take away what is shown."""

    @final
    def part(self, number: int, parts: int) -> Meter:
        """For one of several equal parts of the work."""
        return _Call(lambda stage, done, total: self.report(stage, number * total + done, parts * total))

    @final
    def __enter__(self) -> Self:
        return self

    @final
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


SILENT = Meter()


class _Call(Meter):
    """Calls a function with the stage, what is done, and the total."""

    def __init__(self, call: Callable[[str, int, int], None]) -> None:
        self._call = call

    @override
    def report(self, stage: str, done: int, total: int, state: str = "") -> None:
        self._call(stage, done, total)


type Progress = Meter | Callable[[int, int], None]
"""What shows how far one stage is: a meter, or a function that is called with (done, total) from time to time."""

type StagedProgress = Meter | Callable[[str, int, int], None]
"""What shows how far several stages are: a meter, or a function that is called with (stage, done, total)."""


def meter_of(progress: Progress | None) -> Meter:
    """The meter that a caller gave, in whatever form.

    Examples
    --------
    >>> meter_of(lambda done, total: print(done, "of", total)).part(1, 2).report("draws", 256, 1024)
    1280 of 2048
    """
    if progress is None or isinstance(progress, Meter):
        return progress or SILENT
    return _Call(lambda _, done, total: progress(done, total))


def staged_meter_of(progress: StagedProgress | None) -> Meter:
    """The same for several stages."""
    if progress is None or isinstance(progress, Meter):
        return progress or SILENT
    return _Call(progress)
