"""Beliefs -> draws -> model -> outcomes -> `Forecast`: the one orchestrator.

Draws are taken a block at a time, small enough for the processor's cache, by as many threads as there are cores. Only
summaries are kept unless the draws are asked for, so that memory does not grow with their number.
"""

from __future__ import annotations

import itertools
import math
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import Sampler, central_inputs
from ooms.beliefs.reader import load
from ooms.beliefs.smoothing import Smoothing
from ooms.beliefs.view import View
from ooms.credence import Estimate, Interval, IntervalKind, Sketch, estimate
from ooms.model.path import Workspace
from ooms.outcomes import (
    CODES,
    DEFAULT_EVENTS,
    DEFAULT_QUANTITIES,
    Event,
    Quantity,
    Run,
    parse_event,
    parse_quantity,
)
from ooms.problems import Problems, UserError

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["DEFAULT_DRAWS", "Forecast", "forecast"]

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

DEFAULT_DRAWS = 2**17

BLOCK = 2**14
"""Draws a thread works on at a time: a few arrays of them fit the cache."""

KEEP_AT_MOST = 2**17
"""Draws kept without being asked to."""

_WAY = 24
"""OOMs to follow draws that meet no limit before."""


def forecast(
    view: View | str | Path,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    events: Iterable[str] = DEFAULT_EVENTS,
    quantities: Iterable[str] = DEFAULT_QUANTITIES,
    threads: int | None = None,
    keep_draws: bool | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Distribution of outcomes of a software intelligence explosion, under a view.

    Parameters
    ----------
    view : View, str or Path
        The beliefs, or the name or path of a prior file.
    draws : int
        Quasi-random draws: a power of two, at least 256.
    seed : int
        Chooses the randomisations of the point set.
    events, quantities : iterable of str
        What to work out in this pass; anything else is worked out when it is asked for.
    threads : int, optional
        Default: one a core. Draws do not depend on it.
    keep_draws : bool, optional
        Whether to keep every draw's inputs and outcomes (`Forecast.data`). Default: if there are at most 2**17.
    progress : callable, optional
        Told (draws done, draws) from time to time.

    Returns
    -------
    Forecast

    Raises
    ------
    UserError
        Everything that is wrong with what was asked.

    Examples
    --------
    >>> import ooms
    >>> f = ooms.forecast(ooms.load("davidson-2025"), draws=2**12, seed=0)
    >>> 0.31 < f.probability("5 ooms in 1 year").value < 0.33
    True
    >>> f.interval("ooms after 1 year", 0.8, kind="hdi").kind
    'hdi'
    """
    view = view if isinstance(view, View) else load(view)
    asked = _asked(events, quantities, draws, seed, threads)
    keep = draws <= KEEP_AT_MOST if keep_draws is None else keep_draws
    result = Forecast(view, draws, seed, threads or os.cpu_count() or 1)
    result.work(*asked, keep=keep, progress=progress)
    return result


def _asked(
    events: Iterable[str], quantities: Iterable[str], draws: int, seed: int, threads: int | None
) -> tuple[list[Event], list[Quantity]]:
    """What was asked, checked, all problems at once."""
    problems = Problems()
    if draws < 256 or draws & (draws - 1):
        near = 2 ** max(8, round(math.log2(max(draws, 1))))
        problems.add(
            "draws",
            f"{draws} is not a power of two from 256 up; quasi-random points lose their evenness otherwise",
            f"give {near}",
        )
    if draws > 2**36:
        problems.add("draws", f"{draws} is more than the 2**36 that the point set holds", "use several seeds")
    if seed < 0:
        problems.add("seed", f"{seed} is negative", "give 0 or more")
    if threads is not None and threads < 1:
        problems.add("threads", f"{threads} is no number of threads", "give 1 or more")
    found = _all(parse_event, events, problems), _all(parse_quantity, quantities, problems)
    problems.raise_if_any()
    return found


def _all[T](parse: Callable[[str], T], texts: Iterable[str], problems: Problems) -> list[T]:
    found: list[T] = []
    for text in texts:
        try:
            found.append(parse(text))
        except UserError as error:
            problems.extend(error.problems)
    return found


@dataclass(frozen=True, slots=True)
class EventResult:
    """What became of one event."""

    event: Event
    probability: Estimate
    shares: Mapping[str, float]
    """Share of draws by how they end (`ooms.outcomes.CODES`)."""
    smoothed: bool
    """Whether the baseline rate was integrated out exactly."""


class Forecast:
    """Outcomes under a view: probabilities, quantiles and credence intervals, each with its Monte Carlo error.

    Made by `ooms.forecast`. What was not asked for in the first pass is worked out when it is asked for, from the very
    same draws.

    Parameters
    ----------
    view : View
        The beliefs.
    draws, seed, threads : int
        How it was run.
    """

    def __init__(self, view: View, draws: int, seed: int, threads: int) -> None:
        self.view, self.draws, self.seed, self.threads = view, draws, seed, threads
        self.events: dict[str, EventResult] = {}
        self.quantities: dict[str, tuple[Quantity, Sketch]] = {}
        self.kept: dict[str, NDArray[Any]] = {}
        self._sampler = Sampler(view, seed)

    @property
    def randomisations(self) -> int:
        """Independent randomisations of the point set; draw j belongs to randomisation j % randomisations."""
        return self._sampler.randomisations

    def __repr__(self) -> str:
        lines = [f"<Forecast of {self.view.name}: {self.draws} draws, seed {self.seed}>"]
        lines += [f"  P({name}) = {result.probability}" for name, result in self.events.items()]
        return "\n".join(lines)

    def probability(self, event: str) -> Estimate:
        """Probability of an event.

        Parameters
        ----------
        event : str
            Such as ``"5 ooms in 1 year"``, ``"3 years in 4 months anywhere"`` or ``"accelerates at the start"``.

        Returns
        -------
        Estimate
            Its value and standard error. Where the baseline rate only stretches time it is integrated out exactly,
            which makes the error ten times smaller and more.
        """
        return self.event(event).probability

    def event(self, event: str) -> EventResult:
        """An event's probability, and how the draws end that do not reach it."""
        parsed = parse_event(event)
        if parsed.text not in self.events:
            self.work([parsed], [])
        return self.events[parsed.text]

    def quantiles(self, quantity: str, q: Sequence[float]) -> list[Estimate]:
        """Quantiles of a quantity, each with its standard error; infinite where it never comes.

        Parameters
        ----------
        quantity : str
            Such as ``"time to 5 ooms"`` or ``"ooms after 1 year"``.
        q : sequence of float
            Cumulative probabilities, between 0 and 1.
        """
        problems = Problems()
        for chance in q:
            if not 0 < chance < 1:
                problems.add("quantiles", f"{chance:g} is not between 0 and 1", "give probabilities such as 0.05")
        problems.raise_if_any()
        sketch = self.sketch(quantity)
        return [sketch.quantile(chance) for chance in q]

    def interval(self, quantity: str, mass: float = 0.8, kind: IntervalKind = "eti") -> Interval:
        """Credence interval of a quantity.

        Parameters
        ----------
        quantity : str
            Such as ``"ooms after 1 year"``.
        mass : float
            Probability that it holds, between 0 and 1.
        kind : {"eti", "hdi"}
            Equal-tailed, or highest-density (the shortest).
        """
        problems = Problems()
        if not 0 < mass < 1:
            problems.add("mass", f"{mass:g} is not between 0 and 1", "give a probability such as 0.8")
        if kind not in ("eti", "hdi"):
            problems.add("kind", f"there is no interval of kind {kind!r}", "use eti (equal-tailed) or hdi (shortest)")
        problems.raise_if_any()
        return self.sketch(quantity).interval(mass, kind)

    def never(self, quantity: str) -> Estimate:
        """Share of the draws in which it never comes."""
        return self.sketch(quantity).never

    def sketch(self, quantity: str) -> Sketch:
        """The streamed summary of a quantity."""
        parsed = parse_quantity(quantity)
        if parsed.name not in self.quantities:
            self.work([], [parsed])
        return self.quantities[parsed.name][1]

    @cached_property
    def _central_run(self) -> tuple[dict[str, float], Run]:
        parameters, inputs = central_inputs(self.view)
        return parameters, Run(inputs, self._way, dense=True)

    def central(self, quantity: str) -> float:
        """The quantity with every parameter at its own median: one run, and not the median of the distribution."""
        parsed = parse_quantity(quantity)
        _, run = self._central_run
        if parsed.reach is not None and parsed.reach > self._way:
            run = Run(run.inputs, math.ceil(parsed.reach), dense=True)
        return float(parsed.values(run)[0])

    @cached_property
    def data(self) -> DataTree:
        """Everything as an xarray DataTree: named dimensions, units and provenance (`ooms.labels`)."""
        from ooms.labels import tree

        return tree(self)

    def save(self, path: str | Path) -> None:
        """Write `data` as NetCDF; a file of that name is only replaced once the new one is whole."""
        from ooms.labels import save

        save(self.data, Path(path))

    # -- the work ---------------------------------------------------------------------------------------------------

    @cached_property
    def _way(self) -> int:
        """OOMs after which every draw has met its limit, or 24."""
        beliefs = self.view.beliefs
        if not self.view.declining_returns:
            return _WAY
        if "software_limit" in beliefs:
            return math.ceil(min(beliefs["software_limit"].marginal.support()[1], _WAY))
        years, rate = beliefs["software_limit_years"].marginal, beliefs["software_growth"].marginal
        share = beliefs["software_share"].marginal.support()[0] if "software_share" in beliefs else 0.5
        farthest = years.support()[1] * rate.support()[1] / max(share, 1e-9)
        return math.ceil(min(farthest, _WAY))

    def _reach(self, events: Sequence[Event], quantities: Sequence[Quantity]) -> tuple[int, bool]:
        """How far draws must be followed, and whether between whole OOMs."""
        far = [e.amount if e.unit == "ooms" and not e.anywhere else self._way for e in events]
        far += [self._way if q.reach is None else q.reach for q in quantities]
        dense = not all(e.whole_ooms for e in events) or not all(q.whole_ooms for q in quantities)
        return max(1, math.ceil(max(far, default=1))), dense

    def work(
        self, events: list[Event], quantities: list[Quantity], *, keep: bool = False, progress: Progress | None = None
    ) -> None:
        """One pass over all draws."""
        job = _Pass(self._sampler, events, quantities, *self._reach(events, quantities), self.draws, keep)
        job.run(self.threads, progress)
        for k, event in enumerate(events):
            self.events[event.text] = job.event_result(k)
        for quantity, sketch in zip(quantities, job.sketches, strict=True):
            self.quantities[quantity.name] = quantity, sketch
        self.kept |= job.kept


class _Pass:
    """One pass over all draws, shared between threads; every sum is taken in the order of the blocks."""

    def __init__(
        self,
        sampler: Sampler,
        events: list[Event],
        quantities: list[Quantity],
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
        blocks = range(self.means.shape[1]) if self.events else range(self.draws // self.block)
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
            years = run.spread(event.years_taken(run))
            if self.smooth[k]:
                chance = self.smoothing.chance(years, event.window, block)
            else:
                chance = (years <= event.window).astype(float)
            self.means[k, index] = chance.reshape(-1, self.sampler.randomisations).mean(axis=0)
            codes = event.codes(run, years)
            self.ends[k, index] = np.bincount(codes, minlength=len(CODES))
            ends[event.text] = codes
        values = {q.name: run.spread(q.values(run)) for q in self.quantities}
        for quantity, sketch in zip(self.quantities, sketches, strict=True):
            sketch.add(values[quantity.name])
        known = block.values | values | ends
        for name, column in self.kept.items():
            column[start : start + self.block] = known[name]

    def event_result(self, k: int) -> EventResult:
        """The k-th event over all blocks."""
        probability = estimate(self.means[k].mean(axis=0))
        if self.sampler.random and probability.standard_error == 0.0:
            # no draw differed: the error is not 0 but below what so many draws can show
            probability = Estimate(probability.value, 1.0 / self.draws)
        totals = self.ends[k].sum(axis=0) / self.draws
        shares = {code: float(share) for code, share in zip(CODES, totals, strict=True)}
        return EventResult(self.events[k], probability, shares, self.smooth[k])
