"""What a study will take: time, measured on some of its cells, and room on the disk."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace

import numpy as np

from ooms.batch.addresses import Question
from ooms.batch.plan import Plan
from ooms.batch.records import record
from ooms.batch.work import Failure, Task, Whole, attempt
from ooms.beliefs.view import View
from ooms.forecasting.sweep import BLOCK

__all__ = ["Expected", "expect"]

_TRIED = 12
"""Cells that are tried, spread over the study."""

_IN_DATASET = 1.0
"""What the dataset takes, beside the cells themselves, as a share of them: at most as much, for it is compressed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a study will take on this machine."""

    cells: int  # different ones whose beliefs do not fail; in proportion where the plan looked at some cells only
    core_seconds: float  # of processors, for all draws
    cores: int  # that there are
    bytes: float  # on the disk
    failures: dict[int, Failure]  # cells that were tried and failed

    @property
    def seconds(self) -> float:
        """On all cores."""
        return self.core_seconds / self.cores


def expect(plan: Plan) -> Expected:
    """Try one block of draws of some cells, and reckon from that."""
    firsts = [indices[0] for indices in plan.places.values()]
    draws = min(BLOCK, plan.question.draws)
    question = replace(plan.question, draws=draws)
    seconds, sizes = list[float](), list[float]()
    failures: dict[int, Failure] = {}
    for index in firsts[:: max(1, len(firsts) // _TRIED)][:_TRIED]:
        resolved = plan.resolved(index)
        started = time.perf_counter()
        outcome = attempt(Task(index, resolved.view, question, 0, draws))
        if isinstance(outcome, Failure):
            failures[index] = outcome
            continue
        seconds.append((time.perf_counter() - started) * plan.question.draws / draws)
        assert outcome.summary is not None, "a whole cell comes with its summary"
        text = json.dumps(record(resolved.cell.label, resolved.inputs, question, outcome.summary, {}))
        kept = _kept(resolved.view, plan.question) if plan.study.keep_draws else 0.0
        sizes.append(len(text) * (1 + _IN_DATASET) + kept)
    count = round(len(firsts) * plan.study.size / len(plan.cells))
    return Expected(count, _mean(seconds) * count, os.cpu_count() or 1, _mean(sizes) * count, failures)


def _kept(view: View, question: Question) -> float:
    """Bytes of a cell's draws; numbers like these can hardly be compressed."""
    kinds = {name: kind for each in Whole(view, question).passes for name, kind in each.columns.items()}
    return float(question.draws * sum(np.dtype(kind).itemsize for kind in kinds.values()))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
