"""Beliefs -> draws -> model -> outcomes -> `Forecast`: the one orchestrator.

Draws are taken a block at a time, small enough for the processor's cache, by as many threads as there are cores. Only
summaries are kept unless the draws are asked for, so that memory does not grow with their number.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
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
from ooms.forecasting.sweep import PART, Answers, EventResult, Sweep
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
from ooms.progress import SILENT, Progress
from ooms.results.credence import Distributions, Estimate, Sketch
from ooms.results.plain import event_entry, quantity_entry, result
from ooms.results.tables import outcomes_frame, outcomes_table

if TYPE_CHECKING:
    from xarray import DataTree

    from ooms.documents.document import Document
    from ooms.forecasting.drivers import Driver
    from ooms.pictures.plots import Plots
    from ooms.results.tables import DataFrame

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
    request = read_request(
        problems, events=events, quantities=quantities, draws=draws, seed=seed, threads=threads, progress=progress
    )
    view = problems.sound(as_view(view, problems))
    keep = request.draws <= KEEP_AT_MOST if keep_draws is None else keep_draws
    return worked(asked(view, request), replace(request, keep=keep))


def worked(view: View, request: Request) -> Forecast:
    """The forecast of a request that has been checked, of a view that has been told what is not asked."""
    answers = _answers(view, request)
    return Forecast(
        view,
        replace(request, progress=SILENT),
        MappingProxyType({name: answers.events[name] for name in request.event_names}),
        MappingProxyType({name: answers.quantities[name] for name in request.quantity_names}),
        MappingProxyType(answers.kept),
    )


@dataclass(slots=True)
class _Answers:
    """What passes over the draws have come to, by name."""

    events: dict[str, EventResult] = field(default_factory=dict[str, EventResult])
    quantities: dict[str, tuple[Quantity, Sketch]] = field(default_factory=dict[str, tuple[Quantity, Sketch]])
    kept: dict[str, NDArray[Any]] = field(default_factory=dict[str, NDArray[Any]])


def _answers(view: View, request: Request) -> _Answers:
    """The answers to a request: from one pass over all draws if that will do, and from none if nothing is asked."""
    found = _Answers()
    if not (request.events or request.quantities or request.keep):
        return found
    asked = passes(view, request.seed, request.events, request.quantities)
    if request.keep:
        _check_room(asked, request.draws)
    for k, one in enumerate(asked):
        kept = {name: np.empty(request.draws, kind) for name, kind in one.columns.items()} if request.keep else {}
        answers = _swept(one, kept, request.part(k, len(asked)))
        found.events |= {result.event.text: result for result in answers.events}
        for quantity, sketch in zip(one.quantities, answers.sketches, strict=True):
            found.quantities[quantity.name] = quantity, sketch
        for column in kept.values():
            column.flags.writeable = False
        found.kept |= kept
    return found


def _swept(asked: Pass, kept: Mapping[str, NDArray[Any]], request: Request) -> Answers:
    """One pass over all draws, a part at a time, so that memory does not grow with their number."""
    answers, part = Answers(asked, request.draws), min(PART, request.draws)
    for start in range(0, request.draws, part):
        columns = {name: column[start : start + part] for name, column in kept.items()}
        sweep = Sweep(asked, part, start=start, kept=columns)
        answers.add(sweep.run(request.threads, request.progress.part(start // part, request.draws // part)))
    return answers


def _check_room(asked: Sequence[Pass], draws: int) -> None:
    """Refuse to keep more draws than this machine has memory for: it would be lost late, and by a crash."""
    taken = draws * sum(np.dtype(kind).itemsize for one in asked for kind in one.columns.values())
    if taken > (there := _memory()):
        what = f"to keep {draws:,} draws takes {taken / 2**30:.3g} GiB, and there are {there / 2**30:.3g}"
        raise UserError([Problem("draws", what, "ask for fewer, or keep none of them: keep_draws=False")])


def _memory() -> float:
    """Bytes of memory of this machine; no end where it does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return math.inf


@dataclass(frozen=True, repr=False, eq=False)
class Forecast(Distributions):
    """Outcomes under a view: probabilities, quantiles and credence intervals, each with its Monte Carlo error.

    Made by `ooms.forecast`, and never changed: it shows what was asked for then. Anything else is worked out when it is
    asked for, from the very same draws, and only remembered.

    Parameters
    ----------
    view : View
        The beliefs.
    request : Request
        What was asked, and how it was run.
    events : mapping of str to EventResult
        What came of each event that was asked for.
    quantities : mapping of str to (Quantity, Sketch)
        The distribution of each quantity that was asked for.
    kept : mapping of str to array, shape (draws,)
        Every draw's inputs and outcomes, if they were to be kept; they cannot be written to.

    Examples
    --------
    >>> import ooms
    >>> f = ooms.forecast("davidson-2025", draws=2**10, events=["5 ooms in 1 year"], quantities=[])
    >>> chance = f.probability("3 ooms in 1 year")
    >>> list(f.events)
    ['5 ooms in 1 year']
    """

    view: View
    request: Request
    events: Mapping[str, EventResult]
    quantities: Mapping[str, tuple[Quantity, Sketch]]
    kept: Mapping[str, NDArray[Any]]
    _later: _Answers = field(default_factory=_Answers, init=False)
    """Answers to later questions, which nothing that is shown reads."""

    @property
    def draws(self) -> int:
        """Quasi-random draws."""
        return self.request.draws

    @property
    def seed(self) -> int:
        """What chose the randomisations of the point set."""
        return self.request.seed

    @property
    def threads(self) -> int:
        """How many did the work; the numbers do not depend on it."""
        return self.request.threads

    @cached_property
    def _drivers(self) -> dict[str, list[Driver]]:
        return {}

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler(self.view, self.seed)

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
        self.work([parsed])
        return self.events.get(parsed.text) or self._later.events[parsed.text]

    @override
    def sketch(self, quantity: str) -> Sketch:
        """The streamed summary of a quantity."""
        parsed = parse_quantity(quantity)
        self.work((), [parsed])
        return (self.quantities.get(parsed.name) or self._later.quantities[parsed.name])[1]

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
        from ooms.pictures.plots import Plots

        return Plots("a view", self)

    def document(self) -> Document:
        """What it says, as sections of plain data (`ooms.documents`)."""
        from ooms.documents.forecast import document

        return document(self)

    def plain(self) -> dict[str, Any]:
        """View, draws, seed, events and quantities in plain form, as ``--json`` has them."""
        return result(
            "forecast",
            view=self.view.name,
            draws=self.draws,
            seed=self.seed,
            warnings=list(self.view.warnings),
            events=[event_entry(name, found.probability) for name, found in self.events.items()],
            quantities=[quantity_entry(name, of.unit, sketch) for name, (of, sketch) in self.quantities.items()],
        )

    @cached_property
    def data(self) -> DataTree:
        """Everything as an xarray DataTree: named dimensions, units and provenance (`ooms.forecasting.labels`)."""
        from ooms.forecasting.labels import tree

        return tree(self)

    def save(self, path: str | Path) -> None:
        """Write `data` as NetCDF; a file of that name is only replaced once the new one is whole."""
        from ooms.forecasting.labels import save

        save(self.data, Path(path))

    @cached_property
    def _way(self) -> int:
        """OOMs after which every draw has met its limit, or as far as draws without a limit are followed."""
        return way(self.view)

    def work(self, events: Iterable[Event] = (), quantities: Iterable[Quantity] = ()) -> None:
        """Work later questions out together, in one pass if that will do, so that each need not take one of its own.

        The methods above do so too. Nothing that is shown changes: answers are only remembered.
        """
        later = self._later
        todo = replace(
            self.request,
            events=tuple(e for e in events if e.text not in self.events and e.text not in later.events),
            quantities=tuple(
                q for q in quantities if q.name not in self.quantities and q.name not in later.quantities
            ),
            keep=False,
        )  # fmt: skip
        found = _answers(self.view, todo)
        later.events |= found.events
        later.quantities |= found.quantities
