"""What is told of a batch run: to a person who watches, to a log, to a program, or hardly anything."""

from __future__ import annotations

import abc
import json
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, final, override

from rich.console import Console
from rich.text import Text

from ooms.results.numbers import elapsed
from ooms.writers.terminal import hanging, saved, show_warnings, terminal

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from ooms.batch.progress import Standing
    from ooms.batch.running import BatchRun

__all__ = ["Teller", "teller"]

_EVERY = 10.0
"""Seconds between two lines of a log."""

_MOST = 10
"""Failures that are told in full at the end."""


def teller(*, quiet: bool, json: bool) -> Teller:
    """Who tells of a run."""
    if json:
        return _Program()
    if quiet:
        return _Silent()
    return _Bar() if sys.stderr.isatty() else _Log()


class Teller(abc.ABC):
    """Tells how a run goes (on standard error) and how it ended (on standard output)."""

    def __init__(self) -> None:
        self.standing: Standing | None = None

    @final
    def __enter__(self) -> Self:
        return self

    @final
    def __exit__(self, *_: object) -> None:
        self.close()

    @final
    def watch(self, standing: Standing, news: str) -> None:
        """Told by the run how it stands, and what has failed."""
        self.standing = standing
        self.tell(standing, news)

    @abc.abstractmethod
    def warn(self, warnings: Iterable[str]) -> None:
        """Tell what the study varies or sets without effect."""

    @abc.abstractmethod
    def tell(self, standing: Standing, news: str) -> None:
        """Tell it on."""

    @abc.abstractmethod
    def close(self) -> None:
        """There is no more to tell of the run itself."""

    @abc.abstractmethod
    def ended(self, result: BatchRun, again: str) -> None:
        """Tell how it ended, and the command that goes on, where there is more to do."""

    @abc.abstractmethod
    def interrupted(self, store: Path, again: str) -> None:
        """Tell that it was stopped, and the command that goes on."""


class _Silent(Teller):
    """Tells only what went wrong, at the end."""

    @override
    def warn(self, warnings: Iterable[str]) -> None: ...

    @override
    def tell(self, standing: Standing, news: str) -> None: ...

    @override
    def close(self) -> None: ...

    @override
    def ended(self, result: BatchRun, again: str) -> None:
        _wrong(terminal(stderr=True), result, again)

    @override
    def interrupted(self, store: Path, again: str) -> None:
        _stopped(self.standing, store, again)


class _Program(Teller):
    """Tells programs: a line of JSON for everything that happens."""

    @override
    def warn(self, warnings: Iterable[str]) -> None:
        for warning in warnings:
            print(json.dumps({"what": "warning", "warning": warning}, ensure_ascii=False), flush=True)

    @override
    def tell(self, standing: Standing, news: str) -> None:
        self._line("failed" if news else "progress", standing, {"cell": news} if news else {})

    @override
    def close(self) -> None: ...

    @override
    def ended(self, result: BatchRun, again: str) -> None:
        failures = {name: list(map(asdict, failure.problems)) for name, failure in result.failures.items()}
        stopped = None if result.stopped is None else asdict(result.stopped)
        beside = {"store": str(result.folder), "complete": result.complete, "failures": failures, "stopped": stopped}
        self._line("ended", result.standing, beside if result.complete else beside | {"again": again})

    @override
    def interrupted(self, store: Path, again: str) -> None:
        self._line("interrupted", self.standing, {"store": str(store), "again": again})

    @staticmethod
    def _line(what: str, standing: Standing | None, beside: Mapping[str, Any]) -> None:
        print(json.dumps({"what": what, **_numbers(standing), **beside}), flush=True)


class _Spoken(Teller):
    """Tells people how it ended."""

    @final
    @override
    def warn(self, warnings: Iterable[str]) -> None:
        show_warnings(terminal(stderr=True), warnings)

    @final
    @override
    def ended(self, result: BatchRun, again: str) -> None:
        console = terminal()
        console.print(Text(_sum(result)))
        if not _wrong(console, result, again):
            hanging(console, f"Read it with: ooms batch table {result.folder}", "", style="dim")
            hanging(console, f"or in Python: xarray.open_zarr({str(result.folder)!r})", "", style="dim")

    @final
    @override
    def interrupted(self, store: Path, again: str) -> None:
        _stopped(self.standing, store, again)


class _Log(_Spoken):
    """Tells a log: a line now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.monotonic()

    @override
    def tell(self, standing: Standing, news: str) -> None:
        if news:
            print(news, file=sys.stderr, flush=True)
        elif time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            print(_state(standing), file=sys.stderr, flush=True)

    @override
    def close(self) -> None: ...


class _Bar(_Spoken):
    """Tells somebody who watches: a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    @override
    def tell(self, standing: Standing, news: str) -> None:
        if self._bar is None or self._task is None:
            self._bar = _bar()
            self._task = self._bar.add_task("cells", total=standing.total, state="")
            self._bar.start()
        if news:
            self._bar.console.print(Text(news, style="yellow"))
        self._bar.update(self._task, completed=standing.done + standing.failed, state=_state(standing))

    @override
    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Progress:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = SpinnerColumn(), BarColumn(), TextColumn("{task.fields[state]}")
    return Progress(*columns, console=terminal(stderr=True), transient=True)


def _numbers(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {}
    return {
        "done": standing.done,
        "total": standing.total,
        "worked_out": standing.ran,
        "there_before": standing.there,
        "imported": standing.imported,
        "damaged": standing.damaged,
        "failed": standing.failed,
        "seconds": round(standing.seconds, 3),
        "cells_a_second": round(standing.rate, 4),
        "seconds_left": None if standing.seconds_left is None else round(standing.seconds_left, 1),
    }


def _state(standing: Standing) -> str:
    """``312 of 1,000 cells, 14 a second, about 48 s left, 2 failed``."""
    told = [f"{standing.done:,} of {standing.total:,} cells"]
    if standing.rate:
        told.append(f"{standing.rate:.2g} a second" if standing.rate >= 1 else f"{elapsed(1 / standing.rate)} each")
    if standing.seconds_left:
        told.append(f"about {elapsed(standing.seconds_left)} left")
    if standing.failed:
        told.append(f"{standing.failed} failed")
    return ", ".join(told)


def _sum(result: BatchRun) -> str:
    """``175 of 175 cells done: 170 worked out in 12 s, 5 were there before``."""
    s = result.standing
    parts = [f"{s.ran:,} worked out in {elapsed(s.seconds)}"] if s.ran else []
    parts += [f"{s.there:,} {'was' if s.there == 1 else 'were'} there before"] if s.there else []
    parts += [f"{s.imported:,} taken from other stores"] if s.imported else []
    parts += [f"{s.damaged:,} {'was' if s.damaged == 1 else 'were'} damaged"] if s.damaged else []
    return f"{s.done:,} of {s.total:,} cells done" + (f": {', '.join(parts)}" if parts else "")


def _wrong(console: Console, result: BatchRun, again: str) -> bool:
    """Print what went wrong, and how to go on; returns whether anything did."""
    if result.complete:
        return False
    for name, failure in [*result.failures.items()][:_MOST]:
        hanging(console, f"{name}", "failed: ")
        for problem in failure.problems:
            hanging(console, f"{problem.place}: {problem.what}", "    ")
            hanging(console, problem.remedy, "    -> ", "       ")
    if len(result.failures) > _MOST:
        hanging(console, f"and {len(result.failures) - _MOST:,} more: ooms batch status {result.folder} --json", "")
    if result.stopped is not None:
        hanging(console, f"{result.stopped.place}: {result.stopped.what}", "stopped: ")
        hanging(console, result.stopped.remedy, "    -> ", "       ")
    saved(console, "What is done is kept. To go on:", [again])
    return True


def _stopped(standing: Standing | None, store: Path, again: str) -> None:
    kept = "before it had begun"
    if standing is not None:
        kept = f"{standing.done:,} of {standing.total:,} cells are done and kept in {store}"
    console = terminal(stderr=True)
    hanging(console, kept, "stopped: ")
    saved(console, "To go on:", [again])
