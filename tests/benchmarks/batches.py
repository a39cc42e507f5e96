"""Speed of batches, as ratios within one run: ``PYTHONPATH=tests python -m benchmarks.batches`` (or ``make bench``).

Takes some minutes. Nothing here passes or fails by the clock.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

from benchmarks.ratios import Row, table
from ooms.batch.plan import Plan
from ooms.batch.running import run_study
from ooms.batch.study import load_study
from ooms.batch.work import Whole
from ooms.forecasting.sweep import Sweep, Tally
from ooms.model.path import Workspace

CELLS = 1000
STUDY = """
title = "A thousand cells of the default view"
events = ["5 ooms in 1 year"]
quantities = ["time to 5 ooms", "ooms after 1 year"]
draws = {draws}

[grid]
speed = {{low = 29.0, high = 31.0, points = {points}}}
"""


def study(folder: Path, draws: int, points: int = CELLS) -> Path:
    """The default view, again and again, with all that is uncertain in it; only how fast researchers think changes."""
    path = folder / f"{points}-cells-{draws}-draws.toml"
    path.write_text(STUDY.format(draws=draws, points=points), encoding="utf-8")
    return path


def bare(path: Path, threads: int) -> float:
    """Seconds that the draws themselves take: every cell swept by one of so many threads, nothing summed up or kept."""
    plan = Plan(load_study(path))
    cells: Iterator[int] = iter(range(len(plan.addresses)))

    def work() -> float:
        spent, workspace = 0.0, Workspace()
        for index in cells:
            one = plan.resolved(index)
            whole = Whole(one.view, plan.question)
            started = time.perf_counter()
            for asked in whole.passes:
                Sweep(asked, plan.question.draws, workspace=workspace).run()
            spent += time.perf_counter() - started
        return spent

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(lambda _: work(), range(threads))) / threads


def batch(path: Path, store: Path, *who: str) -> float:
    """Seconds that ``ooms batch run`` takes, the start of Python included."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "ooms", "batch", "run", path, "--store", store, "--quiet", *who], check=True)
    return time.perf_counter() - started


def overhead(folder: Path) -> list[Row]:
    """Everything but the draws, by the cell: the time that a run spends outside of its sweeps."""
    swept = 0.0
    run = Sweep.run

    def timed(self: Sweep) -> Tally:
        nonlocal swept
        began = time.perf_counter()
        found = run(self)
        swept += time.perf_counter() - began
        return found

    with mock.patch.object(Sweep, "run", timed):
        started = time.perf_counter()
        run_study(study(folder, 2**12), folder / "overhead", threads=1)
        spent = time.perf_counter() - started
    return [Row("overhead a cell (1,000 cells, 1 thread), ms", f"{1e3 * (spent - swept) / CELLS:.1f}", "under 5")]


def whole(folder: Path) -> list[Row]:
    """A thousand cells against their draws alone; and once more, when all are there."""
    path = study(folder, 2**16)
    draws, spent = bare(path, 2), batch(path, folder / "whole", "--threads", "2")
    again = batch(path, folder / "whole")
    return [
        Row("1,000 cells of 2^16 draws / their draws alone, 2 threads", f"{spent / draws:.3f}", "at most 1.15"),
        Row("the finished study run again, s", f"{again:.2f}", "under 2"),
    ]


def workers(folder: Path) -> list[Row]:
    """Two worker processes against one."""
    path = study(folder, 2**16, points=200)
    one, two = (batch(path, folder / f"workers-{n}", "--workers", str(n)) for n in (1, 2))
    return [Row("1 worker process / 2, 200 cells of 2^16 draws", f"{one / two:.2f}", "at least 1.7")]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(table([row for rows in (overhead, whole, workers) for row in rows(Path(name))]))
