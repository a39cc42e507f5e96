"""Beliefs -> draws -> model -> outcomes -> `Forecast`: the one orchestrator.

Draws are taken a block at a time, small enough for the processor's cache, by as many threads as there are cores. Only
summaries are kept unless the draws are asked for, so that memory does not grow with their number.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import Sampler, central_inputs
from ooms.beliefs.reader import as_view
from ooms.beliefs.resources import equipped
from ooms.beliefs.view import View
from ooms.forecasting.horizon import way
from ooms.forecasting.passes import Pass, passes
from ooms.forecasting.request import DEFAULT_DRAWS, Request, read_request
from ooms.forecasting.sweep import PART, Answers, EventResult, Progress, Sweep, of_part
from ooms.forecasting.unasked import asked
from ooms.model.arrays import unbounded
from ooms.outcomes import (
    DEFAULT_EVENTS,
    DEFAULT_QUANTITIES,
    Event,
    Quantity,
    Run,
    parse_event,
    parse_quantity,
)
from ooms.problems import Problem, Problems, UserError
from ooms.results.credence import Distributions, Estimate, Sketch
from ooms.results.tables import outcomes_frame, outcomes_table

if TYPE_CHECKING:
    from pandas import DataFrame
    from xarray import DataTree

    from ooms.forecasting.drivers import Driver
    from ooms.pictures.forecast.plots import Plots

__all__ = ["Forecast", "forecast"]

KEEP_AT_MOST = 2**17
"""Draws kept without being asked to."""


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

    A what-if that moves nothing of what is asked in this pass is warned of (`View.warnings`).

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
    problems = Problems()
    request = read_request(problems, events=events, quantities=quantities, draws=draws, seed=seed, threads=threads)
    given = as_view(view, problems)
    problems.raise_if_any()
    assert given is not None, "no problems, so there is a view"
    keep = request.draws <= KEEP_AT_MOST if keep_draws is None else keep_draws
    return worked(asked(given, request.events, request.quantities), request, keep=keep, progress=progress)


def worked(view: View, request: Request, *, keep: bool = False, progress: Progress | None = None) -> Forecast:
    """The forecast of a request that has been checked, of a view that has been told what is not asked."""
    result = Forecast(view, request.draws, request.seed, request.threads or os.cpu_count() or 1)
    result.work(request.events, request.quantities, keep=keep, progress=progress)
    result.events = {event.text: result.events[event.text] for event in request.events}
    return result


def _memory() -> float:
    """Bytes of memory of this machine; no end where it does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return math.inf


class Forecast(Distributions):
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
        self._drivers: dict[str, list[Driver]] = {}

    @property
    def randomisations(self) -> int:
        """Independent randomisations of the point set; draw j belongs to randomisation j % randomisations."""
        return self._sampler.randomisations

    @property
    def inputs(self) -> tuple[str, ...]:
        """The view's random inputs, by name: its parameters that are not fixed numbers."""
        return tuple(self._sampler.random)

    def __repr__(self) -> str:
        lines = [f"<Forecast of {self.view.name}: {self.draws} draws, seed {self.seed}>"]
        lines += [f"  P({name}) = {result.probability}" for name, result in self.events.items()]
        return "\n".join(lines)

    def _probabilities(self) -> dict[str, Estimate]:
        return {event: self.probability(event) for event in self.events}

    def _repr_html_(self) -> str:
        return outcomes_table(self, self._probabilities()).html

    def to_dataframe(self) -> DataFrame:
        """What was worked out so far as a tidy pandas DataFrame, a row a number.

        Examples
        --------
        >>> import ooms
        >>> ooms.forecast("davidson-2025", draws=2**8).to_dataframe()["outcome"].iloc[0]
        '5 ooms in 1 year'
        """
        return outcomes_frame(self, self._probabilities(), list(self.quantities))

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
        found = self.event(event)
        return found.probability.replicated(found.by_randomisation, self.draws)

    def event(self, event: str) -> EventResult:
        """An event's probability, and how the draws end that do not reach it."""
        parsed = parse_event(event)
        if parsed.text not in self.events:
            self.work([parsed], [])
        return self.events[parsed.text]

    @override
    def sketch(self, quantity: str) -> Sketch:
        """The streamed summary of a quantity."""
        parsed = parse_quantity(quantity)
        if parsed.name not in self.quantities:
            self.work([], [parsed])
        return self.quantities[parsed.name][1]

    @cached_property
    def _central_run(self) -> Run:
        return Run(central_inputs(self.view)[1], self._way, dense=True)

    def _central_run_for(self, needs: set[str]) -> Run:
        """The run with the shipped beliefs about what a quantity needs and the view does not mention."""
        if needs <= self.view.beliefs.keys():
            return self._central_run
        return Run(central_inputs(equipped(self.view, needs))[1], self._way, dense=True)

    @unbounded()
    def central(self, quantity: str) -> float:
        """The quantity with every parameter at its own median: one run, and not the median of the distribution."""
        parsed = parse_quantity(quantity)
        run = self._central_run_for(set(parsed.needs))
        if parsed.reach is not None and parsed.reach > self._way:
            run = Run(run.inputs, math.ceil(parsed.reach), dense=True)
        return float(parsed.values(run)[0])

    def drivers(self, event: str) -> list[Driver]:
        """The random inputs by falling importance for an event (`ooms.forecasting.drivers`)."""
        from ooms.forecasting.drivers import drivers

        text = parse_event(event).text
        if text not in self._drivers:
            self._drivers[text] = drivers(self, text)
        return self._drivers[text]

    @property
    def plot(self) -> Plots:
        """Pictures, each as an Altair chart: ``forecast.plot.progress()``."""
        from ooms.pictures.forecast.plots import Plots

        return Plots(self)

    @cached_property
    def data(self) -> DataTree:
        """Everything as an xarray DataTree: named dimensions, units and provenance (`ooms.forecasting.labels`)."""
        from ooms.forecasting.labels import tree

        return tree(self)

    def save(self, path: str | Path) -> None:
        """Write `data` as NetCDF; a file of that name is only replaced once the new one is whole."""
        from ooms.forecasting.labels import save

        save(self.data, Path(path))

    # -- the work ---------------------------------------------------------------------------------------------------

    @cached_property
    def _way(self) -> int:
        """OOMs after which every draw has met its limit, or as far as draws without a limit are followed."""
        return way(self.view)

    def work(
        self,
        events: Sequence[Event],
        quantities: Sequence[Quantity],
        *,
        keep: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Work events and quantities out, in one pass over all draws if that will do (the methods above do so too)."""
        asked = passes(self.view, self.seed, events, quantities)
        if keep:
            self._check_room(asked)
        for k, one in enumerate(asked):
            kept = {name: np.empty(self.draws, kind) for name, kind in one.columns.items()} if keep else {}
            answers = self._swept(one, kept, of_part(progress, k, len(asked)))
            self.events |= {result.event.text: result for result in answers.events}
            for quantity, sketch in zip(one.quantities, answers.sketches, strict=True):
                self.quantities[quantity.name] = quantity, sketch
            self.kept |= kept
        vars(self).pop("data", None)  # made before these were known

    def _check_room(self, asked: Sequence[Pass]) -> None:
        """Refuse to keep more draws than this machine has memory for: it would be lost late, and by a crash."""
        taken = self.draws * sum(np.dtype(kind).itemsize for one in asked for kind in one.columns.values())
        if taken > (there := _memory()):
            what = f"to keep {self.draws:,} draws takes {taken / 2**30:.3g} GiB, and there are {there / 2**30:.3g}"
            raise UserError([Problem("draws", what, "ask for fewer, or do without every draw: keep_draws, --save")])

    def _swept(self, asked: Pass, kept: Mapping[str, NDArray[Any]], progress: Progress | None) -> Answers:
        """One pass over all draws, a part at a time, so that memory does not grow with their number."""
        answers, part = Answers(asked, self.draws), min(PART, self.draws)
        for start in range(0, self.draws, part):
            columns = {name: column[start : start + part] for name, column in kept.items()}
            sweep = Sweep(asked, part, start=start, kept=columns)
            answers.add(sweep.run(self.threads, of_part(progress, start // part, self.draws // part)))
        return answers
