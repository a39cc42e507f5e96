"""One pass over all draws: a block at a time, shared between threads, summarised as they stream by."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import Sampler
from ooms.beliefs.smoothing import Smoothing
from ooms.credence import Estimate, Sketch, estimate
from ooms.model.path import Workspace
from ooms.outcomes import CODES, Event, Quantity, Run

__all__ = ["EventResult", "Progress", "Sweep", "of_part"]

Progress = Callable[[int, int], None]


def of_part(progress: Progress | None, part: int, parts: int) -> Progress | None:
    """Progress of one of several equal parts, told as progress of the whole."""
    if progress is None:
        return None
    return lambda done, total: progress(part * total + done, parts * total)


BLOCK = 2**14
"""Draws a thread works on at a time: a few arrays of them fit the cache, and Python's share of the time is small."""


@dataclass(frozen=True, slots=True)
class EventResult:
    """What became of one event."""

    event: Event
    probability: Estimate
    shares: Mapping[str, float]
    """Share of draws by how they end (`ooms.outcomes.CODES`)."""
    smoothed: bool
    """Whether the baseline rate was integrated out exactly."""
    by_randomisation: tuple[float, ...]
    """The probability in each independent randomisation of the point set; views with one seed share them."""


class Sweep:
    """One pass over all draws, shared between threads; every sum is taken in the order of the blocks."""

    def __init__(
        self,
        sampler: Sampler,
        events: Sequence[Event],
        quantities: Sequence[Quantity],
        top: int,
        dense: bool,
        draws: int,
        keep: bool,
    ) -> None:
        self.sampler, self.events, self.quantities = sampler, events, quantities
        self.top, self.dense, self.draws = top, dense, draws
        self.block = min(BLOCK, draws)
        blocks = draws // self.block
        groups = sampler.randomisations
        self.smoothing = Smoothing(sampler)
        self.smooth = [e.scales_with_rate and self.smoothing.rate_is_free for e in events]
        self.means = np.zeros((len(events), blocks, groups))
        self.ends = np.zeros((len(events), blocks, len(CODES)), dtype=np.int64)
        self.sketches = [Sketch(q.scale, groups) for q in quantities]
        kinds = dict.fromkeys(self._kept_names(), np.float64) | {e.text: np.int8 for e in events}
        self.kept = {name: np.empty(draws, kind) for name, kind in kinds.items()} if keep else {}
        self._lock = threading.Lock()
        self._stop = False

    def _kept_names(self) -> list[str]:
        return [*self.sampler.random, *(q.name for q in self.quantities), *(e.text for e in self.events)]

    def run(self, threads: int, progress: Progress | None) -> None:
        """Work through all blocks."""
        blocks = range(self.means.shape[1])
        todo, done = iter(blocks), itertools.count(1)
        workers = min(threads, len(blocks))

        def work() -> list[Sketch]:
            sketches = [Sketch(q.scale, self.sampler.randomisations) for q in self.quantities]
            workspace = Workspace()
            while not self._stop:
                with self._lock:
                    index = next(todo, None)
                if index is None:
                    break
                self._one(index, sketches, workspace)
                with self._lock:
                    finished = next(done)
                    if progress is not None:
                        progress(finished * self.block, self.draws)
            return sketches

        if workers == 1:
            self._merge(work())
            return
        with ThreadPoolExecutor(workers) as pool:
            try:
                for worker in [pool.submit(work) for _ in range(workers)]:
                    self._merge(worker.result())
            finally:
                self._stop = True

    def _merge(self, sketches: list[Sketch]) -> None:
        for mine, theirs in zip(self.sketches, sketches, strict=True):
            mine.merge(theirs)

    def _one(self, index: int, sketches: list[Sketch], workspace: Workspace) -> None:
        start = index * self.block
        block = self.sampler.block(start, self.block)
        run = Run(block.inputs, self.top, self.dense, workspace)
        ends: dict[str, NDArray[Any]] = {}
        for k, event in enumerate(self.events):
            years = np.broadcast_to(event.years_taken(run), self.block)
            if self.smooth[k]:
                chance = self.smoothing.chance(years, event.window, block)
            else:
                chance = (years <= event.window).astype(float)
            self.means[k, index] = chance.reshape(-1, self.sampler.randomisations).mean(axis=0)
            codes = event.codes(run, years)
            self.ends[k, index] = np.bincount(codes, minlength=len(CODES))
            ends[event.text] = codes
        values = {q.name: np.broadcast_to(q.values(run), self.block) for q in self.quantities}
        for quantity, sketch in zip(self.quantities, sketches, strict=True):
            sketch.add(values[quantity.name])
        known = block.values | values | ends
        for name, column in self.kept.items():
            column[start : start + self.block] = known[name]

    def event_result(self, k: int) -> EventResult:
        """The k-th event over all blocks."""
        each = self.means[k].mean(axis=0)
        probability = estimate(each)
        if self.sampler.random:
            probability = probability.from_draws(self.draws)
        totals = self.ends[k].sum(axis=0) / self.draws
        shares = {code: float(share) for code, share in zip(CODES, totals, strict=True)}
        return EventResult(self.events[k], probability, shares, self.smooth[k], tuple(each.tolist()))
