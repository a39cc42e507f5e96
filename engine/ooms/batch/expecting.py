"""What a study will take: time, measured on some of its cells, and room on the disk."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace

import numpy as np

from ooms.batch.plan import Plan, Resolved
from ooms.batch.records import record
from ooms.batch.work import Failure, Task, Whole, attempt
from ooms.forecasting.sweep import BLOCK

__all__ = ["Expected", "expect"]

_TRIED = 12
"""Cells that are tried, spread over the study."""

_IN_DATASET = 1.0
"""What the dataset takes, beside the cells themselves, as a share of them: at most as much, for it is compressed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a study will take on this machine.

    Parameters
    ----------
    cells : int
        Different cells, as far as their beliefs do not fail; in proportion where the plan looked at some cells only.
    core_seconds : float
        Processor time for all draws.
    cores : int
        That there are.
    bytes : float
        Room on the disk.
    failures : mapping of int to Failure
        Cells that were tried and failed.
    """

    cells: int
    core_seconds: float
    cores: int
    bytes: float
    failures: dict[int, Failure]

    @property
    def seconds(self) -> float:
        """On all cores."""
        return self.core_seconds / self.cores


def expect(plan: Plan) -> Expected:
    """Try one block of draws of some cells, and reckon from that."""
    firsts = [indices[0] for indices in plan.places.values()]
    chosen = firsts[:: max(1, len(firsts) // _TRIED)][:_TRIED]
    draws = min(BLOCK, plan.asked.draws)
    asked = replace(plan.asked, draws=draws)
    seconds, sizes = list[float](), list[float]()
    failures: dict[int, Failure] = {}
    for index in chosen:
        one = plan.resolved(index)
        started = time.perf_counter()
        came = attempt(Task(index, one.view, asked, 0, draws))
        if isinstance(came, Failure):
            failures[index] = came
            continue
        seconds.append((time.perf_counter() - started) * plan.asked.draws / draws)
        assert came.summary is not None, "a whole cell comes with its summary"
        attributes = record(one.cell.label, one.inputs, asked, came.summary, {})
        sizes.append(len(json.dumps(attributes)) * (1 + _IN_DATASET) + _kept(plan, one))
    count = round(len(firsts) * plan.study.size / len(plan.cells))
    return Expected(count, _mean(seconds) * count, os.cpu_count() or 1, _mean(sizes) * count, failures)


def _kept(plan: Plan, one: Resolved) -> float:
    """Bytes of a cell's draws, if they are kept; numbers like these can hardly be compressed."""
    if not plan.study.keep_draws:
        return 0.0
    found = Whole(one.view, plan.asked).passes
    kinds = {name: kind for asked in found for name, kind in asked.columns.items()}
    return float(plan.asked.draws * sum(np.dtype(kind).itemsize for kind in kinds.values()))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
