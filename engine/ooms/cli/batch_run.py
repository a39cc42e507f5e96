"""``ooms batch run``: the run itself, and how it ends."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ooms.batch.idle import without_effect
from ooms.batch.progress import Standing
from ooms.batch.running import run_study
from ooms.batch.study import load_study
from ooms.cli.batch_tellers import teller
from ooms.cli.exits import FAILED, INTERRUPTED
from ooms.cli.stages import Stages

__all__ = ["run_and_tell"]


def run_and_tell(
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
    """Run a study and tell what happens; returns the exit code."""
    wanted = load_study(study)
    who: dict[str, Any] = {"threads": threads, "workers": workers, "dask": dask}
    again = _command(study, store, who)
    told = teller(quiet=quiet, json=json)
    try:
        told.warn(without_effect(wanted))
        with Stages(quiet=quiet or json, patience=1.0) as stages, told, _terminated_like_interrupted():

            def watch(standing: Standing, news: str) -> None:
                stages.stop()
                told.watch(standing, news)

            planned = partial(stages.progress, "cells")
            result = run_study(wanted, store, **who, take_from=take_from, watch=watch, planned=planned)
    except KeyboardInterrupt:
        told.interrupted(store, again)
        return INTERRUPTED
    told.ended(result, again)
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
