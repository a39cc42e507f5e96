"""Speed and efficiency, as ratios within one run: ``python tests/benchmarks/ratios.py`` (or ``make bench``).

Nothing here passes or fails by the clock. Processor times are the least of many, so that a busy machine hardly matters.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import ooms
from ooms.beliefs.draws import Sampler
from ooms.forecasting.sweep import BLOCK
from ooms.model.grid import LADDER, NODES, panels
from ooms.model.inputs import Inputs
from ooms.model.pace import Pace
from ooms.model.path import Workspace
from ooms.model.trajectory import solve

DEFAULT, HOULDEN = "davidson-2025", "davidson-houlden-2025"


class Row(NamedTuple):
    """One line of the table."""

    what: str
    found: str
    wanted: str


def least(work: Callable[[], object], times: int = 40) -> float:
    """Least processor seconds of this thread that the work takes."""
    best = math.inf
    for _ in range(times):
        start = time.thread_time()
        work()
        best = min(best, time.thread_time() - start)
    return best


def wall(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def inputs_of(view: str = DEFAULT, **changes: float) -> Inputs:
    """A block of draws' inputs."""
    return Sampler(ooms.load(view).replace(**changes)).block(0, BLOCK).inputs


def bare_passes(nodes: int) -> Callable[[], None]:
    """The exp, expm1, log1p and log passes over that many nodes, in place, and nothing else."""
    source, target = np.random.default_rng(0).uniform(-0.5, 0.5, BLOCK), np.empty(BLOCK)
    positive = source + 1.0

    def work() -> None:
        for _ in range(nodes):
            np.exp(source, out=target)
            np.expm1(source, out=target)
            np.log1p(source, out=target)
            np.log(positive, out=target)

    return work


def nodes_per_draw(inputs: Inputs, top: int) -> int:
    """Points at which the pace of a draw is evaluated, on average: panels of one OOM, and those towards its limit."""
    whole, _ = panels(inputs.software_limit, Pace(inputs).steepness, top)
    limit = np.broadcast_to(inputs.software_limit, inputs.draws)
    ladder = np.where(whole < top, LADDER + np.clip(np.ceil(limit) - 1 - whole, 0, top - whole), 0)
    return 1 + round((len(NODES) - 1) * float(np.mean(whole + ladder)))


def kernel(top: int) -> list[Row]:
    """The trajectory kernel against what it cannot avoid."""
    inputs, workspace = inputs_of(), Workspace()
    ours = least(lambda: solve(inputs, top, dense=False, workspace=workspace))
    bare = least(bare_passes(nodes_per_draw(inputs, top)))
    return [
        Row(f"kernel to {top} OOMs / bare exp, expm1, log1p, log passes", f"{ours / bare:.2f}", "at most 2"),
        Row(f"kernel to {top} OOMs, draws a second and core", f"{BLOCK / ours:,.0f}", "over 1,000,000"),
    ]


def explicit_time() -> list[Row]:
    """Stepping in calendar time against the quadrature."""
    still, moving, workspace = inputs_of(), inputs_of(hardware_growth=0.3), Workspace()
    stepping = least(lambda: solve(moving, 16), 5)
    ratio = stepping / least(lambda: solve(still, 16, workspace=workspace), 20)
    return [Row("explicit time (hardware_growth = 0.3) / quadrature, 16 OOMs, dense", f"{ratio:.2f}", "at most 5")]


def headline(
    view: str = DEFAULT, event: str = "5 ooms in 1 year", draws: int = 2**16, seed: int = 0, threads: int = 2
) -> ooms.Estimate:
    """P(event), nothing else."""
    forecast = ooms.forecast(
        view, draws=draws, seed=seed, events=[event], quantities=(), threads=threads, keep_draws=False
    )
    return forecast.probability(event)


def scaling(draws: int = 2**22) -> list[Row]:
    """Two threads against one."""
    one, two = (min(wall(lambda t=t: headline(draws=draws, threads=t)) for _ in range(3)) for t in (1, 2))
    return [
        Row(f"1 thread / 2 threads, headline, 2^{draws.bit_length() - 1} draws", f"{one / two:.2f}", "at least 1.7")
    ]


def efficiency() -> list[Row]:
    """Standard errors against plain Monte Carlo's, at 2^16 draws, over eight seeds."""
    rows = []
    for view, event, wanted in (
        (DEFAULT, "5 ooms in 1 year", 10),
        (HOULDEN, "3 years in 1 year", 2.5),
        (HOULDEN, "3 years in 1 year anywhere", 2.5),
    ):
        found = [headline(view, event, seed=seed) for seed in range(8)]
        p = statistics.fmean(e.value for e in found)
        error = math.sqrt(statistics.fmean(e.standard_error**2 for e in found))
        gain = math.sqrt(p * (1 - p) / 2**16) / error
        rows.append(Row(f"plain Monte Carlo's error / ours, {view}, {event}", f"{gain:.1f}", f"at least {wanted}"))
    return rows


def time_to_a_tenth_of_a_point() -> list[Row]:
    """Fewest draws with a standard error of 0.1 percentage points (over eight seeds), and how long they take."""
    draws = 256
    while math.sqrt(statistics.fmean(headline(draws=draws, seed=s).standard_error ** 2 for s in range(8))) > 0.001:
        draws *= 2
    view = ooms.load(DEFAULT)

    def work() -> None:
        ooms.forecast(view, draws=draws, events=["5 ooms in 1 year"], quantities=(), keep_draws=False)

    seconds = statistics.median(wall(work) for _ in range(20))
    return [Row(f"time to +-0.1 points, warm ({draws} draws), ms", f"{1e3 * seconds:.1f}", "under 20")]


def rows() -> list[Row]:
    """The whole table."""
    return [
        *kernel(5),
        *kernel(12),
        *explicit_time(),
        *scaling(),
        *efficiency(),
        *time_to_a_tenth_of_a_point(),
    ]


def table(found: list[Row]) -> str:
    """The rows, aligned."""
    titled = [Row("what", "found", "wanted"), *found]
    widths = [max(len(row[k]) for row in titled) for k in range(3)]
    return "\n".join(f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}" for a, b, c in titled)


if __name__ == "__main__":
    print(table(rows()))
