"""One pass over draws: a block at a time, shared between threads, summarised as they stream by."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.smoothing import Smoothing
from ooms.forecasting.passes import Pass
from ooms.model.arrays import unbounded
from ooms.model.path import Workspace
from ooms.outcomes import CODES, Event, Run
from ooms.progress import SILENT, Meter
from ooms.results.credence import Estimate, estimate
from ooms.results.sketch import Sketch

__all__ = ["BLOCK", "PART", "Answers", "EventResult", "Sweep", "Tally"]

BLOCK = 2**14
"""Draws a thread works on at a time: a few arrays of them fit the cache, and Python's share of the time is small."""

PART = 2**22
"""Draws that are summarised before their summaries are put together: so many that this takes no time beside them."""


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


@dataclass(slots=True)
class Tally:
    """What some consecutive draws of a pass come to.

    Parameters
    ----------
    start, draws : int
        The first of them, and how many.
    chances : array, shape (events, blocks, randomisations)
        Probability of each event, block by block.
    ends : array, shape (events, codes)
        How many draws end how.
    sketches : list of Sketch
        The distribution of each quantity.
    """

    start: int
    draws: int
    chances: NDArray[np.float64]
    ends: NDArray[np.int64]
    sketches: list[Sketch]


class Answers:
    """What all draws of a pass come to, put together from tallies, which may come in any order.

    Sums are taken block by block in the order of the draws, so that they do not depend on how the draws were shared
    out, to the last bit. Until its turn comes only the chances of a tally wait, which are few.

    Parameters
    ----------
    asked : Pass
        What was worked out.
    draws : int
        How many draws there are in all.
    """

    def __init__(self, asked: Pass, draws: int) -> None:
        groups = asked.sampler.randomisations
        self.asked, self.draws = asked, draws
        self._smoothed = _smoothed(asked, Smoothing(asked.sampler))
        self._chances = np.zeros((len(asked.events), groups))
        self._blocks = self._reached = 0
        self._waiting: dict[int, Tally] = {}
        self._ends = np.zeros((len(asked.events), len(CODES)), dtype=np.int64)
        self.sketches: list[Sketch] = []

    def add(self, tally: Tally) -> None:
        """Take in some of the draws."""
        self._ends += tally.ends
        for mine, theirs in zip(self.sketches, tally.sketches, strict=bool(self.sketches)):
            mine.merge(theirs)
        self.sketches = self.sketches or tally.sketches
        self._waiting[tally.start] = replace(tally, sketches=[])
        while (found := self._waiting.pop(self._reached, None)) is not None:
            self._reached += found.draws
            for block in np.moveaxis(found.chances, 1, 0):
                self._chances += block
                self._blocks += 1

    @property
    def events(self) -> list[EventResult]:
        """What became of each event."""
        return [self._event(k, event) for k, event in enumerate(self.asked.events)]

    def _event(self, k: int, event: Event) -> EventResult:
        each = self._chances[k] / self._blocks
        probability = estimate(each)
        if self.asked.sampler.random:
            probability = probability.from_draws(self.draws)
        totals = self._ends[k] / self.draws
        shares = {code: float(share) for code, share in zip(CODES, totals, strict=True)}
        return EventResult(event, probability, shares, self._smoothed[k], tuple(each.tolist()))


def _smoothed(asked: Pass, smoothing: Smoothing) -> list[bool]:
    """Of which events the baseline rate is integrated out."""
    return [event.scales_with_rate and smoothing.rate_is_free for event in asked.events]


class Sweep:
    """One pass over consecutive draws, shared between threads.

    Parameters
    ----------
    asked : Pass
        What to work out.
    draws, start : int
        How many draws, and the first of them: multiples of the block, or fewer draws than one.
    kept : mapping of str to array, shape (draws,)
        Columns (`Pass.columns`) to write every draw to.
    stop : callable, optional
        Asked before every block whether to give up; then `run` raises InterruptedError.
    workspace : Workspace, optional
        Memory to use again, where one thread does all the work.
    """

    def __init__(
        self,
        asked: Pass,
        draws: int,
        *,
        start: int = 0,
        kept: Mapping[str, NDArray[Any]] | None = None,
        stop: Callable[[], bool] | None = None,
        workspace: Workspace | None = None,
    ) -> None:
        self._workspace = workspace
        self.asked, self.draws, self.start, self.kept = asked, draws, start, kept or {}
        self.block = min(BLOCK, draws)
        self.smoothing = Smoothing(asked.sampler)
        self.smooth = _smoothed(asked, self.smoothing)
        blocks = draws // self.block
        self._chances = np.zeros((len(asked.events), blocks, asked.sampler.randomisations))
        self._ends = np.zeros((len(asked.events), blocks, len(CODES)), dtype=np.int64)
        self._lock = threading.Lock()
        self._give_up = stop or (lambda: False)
        self._stop = False

    def run(self, threads: int = 1, progress: Meter = SILENT) -> Tally:
        """Work through all blocks."""
        blocks = range(self._chances.shape[1])
        todo, done = iter(blocks), itertools.count(1)
        workers = min(threads, len(blocks))

        def work() -> list[Sketch]:
            workspace = self._workspace if self._workspace and workers == 1 else Workspace()
            groups = self.asked.sampler.randomisations
            sketches = [Sketch(q.scale, groups) for q in self.asked.quantities]
            while not self._stop:
                if self._give_up():
                    raise InterruptedError
                with self._lock:
                    index = next(todo, None)
                if index is None:
                    break
                self._one(index, sketches, workspace)
                with self._lock:
                    finished = next(done)
                    progress.report("draws", finished * self.block, self.draws)
            return sketches

        sketches, *others = [work()] if workers == 1 else self._shared(work, workers)
        for other in others:
            for mine, theirs in zip(sketches, other, strict=True):
                mine.merge(theirs)
        return Tally(self.start, self.draws, self._chances, self._ends.sum(axis=1), sketches)

    def _shared(self, work: Callable[[], list[Sketch]], workers: int) -> list[list[Sketch]]:
        """What each of several threads has seen."""
        with ThreadPoolExecutor(workers) as pool:
            try:
                return [found.result() for found in [pool.submit(work) for _ in range(workers)]]
            finally:
                self._stop = True

    @unbounded()
    def _one(self, index: int, sketches: list[Sketch], workspace: Workspace) -> None:
        first = index * self.block
        block = self.asked.sampler.block(self.start + first, self.block)
        run = Run(block.inputs, self.asked.top, self.asked.dense, workspace)
        outcomes: dict[str, NDArray[Any]] = {}
        for k, event in enumerate(self.asked.events):
            years = np.broadcast_to(event.years_taken(run), self.block)
            reached = years <= event.window
            chance = self.smoothing.chance(years, event.window, block) if self.smooth[k] else reached.astype(float)
            self._chances[k, index] = chance.reshape(-1, self.asked.sampler.randomisations).mean(axis=0)
            codes = event.codes(run, years)
            self._ends[k, index] = np.bincount(codes, minlength=len(CODES))
            outcomes |= {event.text: reached, event.end: codes}
        values = {q.name: np.broadcast_to(q.values(run), self.block) for q in self.asked.quantities}
        for quantity, sketch in zip(self.asked.quantities, sketches, strict=True):
            sketch.add(values[quantity.name])
        known = block.values | values | outcomes
        for name, column in self.kept.items():
            column[first : first + self.block] = known[name]
