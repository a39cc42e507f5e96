"""``ooms batch run``: the run itself, and what people or programs see of it while it goes on and at its end."""

from __future__ import annotations

import json as json_
import shlex
import signal
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

from rich.console import Console
from rich.text import Text

from ooms.batch.idle import without_effect
from ooms.batch.running import run_study
from ooms.batch.study import load_study
from ooms.cli.exits import FAILED, INTERRUPTED
from ooms.cli.progress import meter
from ooms.results.numbers import elapsed
from ooms.writers.terminal import hanging, saved, show_warnings, terminal

if TYPE_CHECKING:
    from ooms.batch.progress import RunProgress
    from ooms.batch.running import BatchRun

__all__ = ["Reporter", "reporter", "run_and_report"]

_MOST = 10
"""Failures that are shown in full at the end."""


def run_and_report(
    study: str,
    store: Path,
    *,
    threads: int | None,
    workers: int | None,
    dask: str | None,
    take_from: Iterable[Path],
    quiet: bool,
    json: bool,
) -> int:
    """Run a study and report what happens; returns the exit code."""
    loaded = load_study(study)
    who: dict[str, Any] = {"threads": threads, "workers": workers, "dask": dask}
    again = _command(study, store, who)
    report = reporter(quiet=quiet, json=json)
    try:
        report.warnings(without_effect(loaded))
        with report.meter, _terminated_like_interrupted():
            result = run_study(loaded, store, **who, take_from=take_from, watch=report.watch, planned=report.meter)
    except KeyboardInterrupt:
        report.interrupted(store, again)
        return INTERRUPTED
    report.ended(result, again)
    return 0 if result.complete else FAILED


def _command(study: str, store: Path, who: Mapping[str, object]) -> str:
    """The command that goes on where this one ends."""
    words = ["ooms", "batch", "run", study, "--store", str(store)]
    for name, value in who.items():
        words += [f"--{name}", str(value)] if value is not None else []
    return shlex.join(words)


@contextmanager
def _terminated_like_interrupted() -> Generator[None]:
    """End as cleanly when told to terminate (by kill, a job scheduler, a shutdown) as after Ctrl-C."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def reporter(*, quiet: bool, json: bool) -> Reporter:
    """Who reports how a run goes, and how it ended."""
    return _JsonReporter(quiet=True) if json else Reporter(quiet=quiet)


class Reporter:
    """Reports to people: how it goes on standard error, how it ended on standard output; if quiet, only mistakes."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet, self.meter = quiet, meter(quiet=quiet, log=True)
        self.progress: RunProgress | None = None

    def warnings(self, warnings: Iterable[str]) -> None:
        """What the study varies or sets without effect."""
        if not self.quiet:
            show_warnings(terminal(stderr=True), warnings)

    def watch(self, progress: RunProgress, news: str) -> None:
        """How far the run is, and what has failed."""
        self.progress = progress
        if news:
            self.meter.note(news)
        self.meter.report("running", progress.done + progress.failed, progress.total, _state(progress))

    def ended(self, result: BatchRun, again: str) -> None:
        """How it ended, and the command that goes on, where there is more to do."""
        console = terminal(stderr=self.quiet)
        if not self.quiet:
            console.print(Text(_sum(result.progress)))
        if not result.complete:
            _failures(console, result)
            saved(console, "What is done is kept. To go on:", [again])
        elif not self.quiet:
            hanging(console, f"Read it with: ooms batch table {result.folder}", "", style="dim")
            hanging(console, f"or in Python: xarray.open_zarr({str(result.folder)!r})", "", style="dim")

    def interrupted(self, store: Path, again: str) -> None:
        """That it was stopped, and the command that goes on."""
        kept = "before it had begun"
        if (p := self.progress) is not None:
            kept = f"{p.done:,} of {p.total:,} cells are done and kept in {store}"
        console = terminal(stderr=True)
        hanging(console, kept, "stopped: ")
        saved(console, "To go on:", [again])


class _JsonReporter(Reporter):
    """Reports to programs: a line of JSON for everything that happens."""

    @override
    def warnings(self, warnings: Iterable[str]) -> None:
        for warning in warnings:
            print(json_.dumps({"what": "warning", "warning": warning}, ensure_ascii=False), flush=True)

    @override
    def watch(self, progress: RunProgress, news: str) -> None:
        self.progress = progress
        self._line("failed" if news else "progress", {"cell": news} if news else {})

    @override
    def ended(self, result: BatchRun, again: str) -> None:
        self.progress = result.progress
        failures = {name: list(map(asdict, failure.problems)) for name, failure in result.failures.items()}
        stopped = None if result.stopped is None else asdict(result.stopped)
        more = {"store": str(result.folder), "complete": result.complete, "failures": failures, "stopped": stopped}
        self._line("ended", more if result.complete else more | {"again": again})

    @override
    def interrupted(self, store: Path, again: str) -> None:
        self._line("interrupted", {"store": str(store), "again": again})

    def _line(self, what: str, more: Mapping[str, Any]) -> None:
        numbers = {} if self.progress is None else _numbers(self.progress)
        print(json_.dumps({"what": what, **numbers, **more}), flush=True)


def _numbers(p: RunProgress) -> dict[str, Any]:
    return {
        "done": p.done,
        "total": p.total,
        "worked_out": p.ran,
        "there_before": p.there,
        "imported": p.imported,
        "damaged": p.damaged,
        "failed": p.failed,
        "seconds": round(p.seconds, 3),
        "cells_a_second": round(p.rate, 4),
        "seconds_left": None if p.seconds_left is None else round(p.seconds_left, 1),
    }


def _state(p: RunProgress) -> str:
    """``312 of 1,000 cells, 14 a second, about 48 s left, 2 failed``."""
    parts = [f"{p.done:,} of {p.total:,} cells"]
    if p.rate:
        parts.append(f"{p.rate:.2g} a second" if p.rate >= 1 else f"{elapsed(1 / p.rate)} each")
    if p.seconds_left:
        parts.append(f"about {elapsed(p.seconds_left)} left")
    if p.failed:
        parts.append(f"{p.failed} failed")
    return ", ".join(parts)


def _sum(p: RunProgress) -> str:
    """``175 of 175 cells done: 170 worked out in 12 s, 5 were there before``."""
    parts = [f"{p.ran:,} worked out in {elapsed(p.seconds)}"] if p.ran else []
    parts += [f"{p.there:,} {'was' if p.there == 1 else 'were'} there before"] if p.there else []
    parts += [f"{p.imported:,} taken from other stores"] if p.imported else []
    parts += [f"{p.damaged:,} {'was' if p.damaged == 1 else 'were'} damaged"] if p.damaged else []
    return f"{p.done:,} of {p.total:,} cells done" + (f": {', '.join(parts)}" if parts else "")


def _failures(console: Console, result: BatchRun) -> None:
    """What went wrong."""
    for name, failure in [*result.failures.items()][:_MOST]:
        hanging(console, name, "failed: ")
        for problem in failure.problems:
            hanging(console, f"{problem.place}: {problem.what}", "    ")
            hanging(console, problem.remedy, "    -> ", "       ")
    if len(result.failures) > _MOST:
        hanging(console, f"and {len(result.failures) - _MOST:,} more: ooms batch status {result.folder} --json", "")
    if result.stopped is not None:
        hanging(console, f"{result.stopped.place}: {result.stopped.what}", "stopped: ")
        hanging(console, result.stopped.remedy, "    -> ", "       ")
