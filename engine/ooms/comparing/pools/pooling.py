"""Views -> forecasts from the same draws -> `Pool`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, override

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.view import View
from ooms.comparing.pools.disagreement import Spread, event_spread, quantity_spread
from ooms.comparing.pools.panel import Panel, Views, Weights, read_panel, reweighted
from ooms.comparing.pools.rules import jackknife, linear, logarithmic
from ooms.comparing.pools.sketches import linear_sketch, logarithmic_density
from ooms.comparing.several import OfSeveral
from ooms.forecasting.forecast import Forecast, worked
from ooms.forecasting.request import Request, read_request
from ooms.forecasting.unasked import asked
from ooms.outcomes import DEFAULT_EVENTS, parse_event, parse_quantity
from ooms.problems import Problem, Problems, UserError, did_you_mean
from ooms.progress import Progress
from ooms.results.credence import Distribution, Distributions, Estimate
from ooms.results.plain import number, quantity_entry, result
from ooms.results.tables import outcomes_frame, outcomes_table

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.documents.document import Document
    from ooms.results.tables import DataFrame

__all__ = ["METHODS", "POOLED_QUANTITIES", "LeftOut", "Method", "Pool", "pool", "pooled"]

Floats = NDArray[np.float64]
Method = Literal["linear", "logarithmic"]

METHODS: dict[Method, Callable[[Floats, Floats], float]] = {"linear": linear, "logarithmic": logarithmic}

POOLED_QUANTITIES = ("time to 5 ooms", "ooms after 1 year")
"""Worked out in the first pass, unless others are asked for."""


class LeftOut(NamedTuple):
    """A pool without one of its views.

    Parameters
    ----------
    probability : Estimate
        What the others say.
    change : Estimate
        That less what the whole pool says; its error is that of the difference.
    """

    probability: Estimate
    change: Estimate


def pool(
    views: Views,
    *,
    weights: Weights | None = None,
    method: Method = "linear",
    draws: int = 2**16,
    seed: int = 0,
    threads: int | None = None,
    events: Iterable[str] = DEFAULT_EVENTS,
    quantities: Iterable[str] = POOLED_QUANTITIES,
    progress: Progress | None = None,
) -> Pool:
    """Several views as one: their linear or logarithmic opinion pool.

    All views are forecast from the same draws by parameter name, so that differences between them are not noise.

    Parameters
    ----------
    views : iterable of View, str or Path; or mapping of str to float
        Who is pooled: views, names or paths of prior files; or these with their weights.
    weights : mapping or sequence of float, optional
        On any scale, none negative; one for each view. Default: equal weights, which is a choice like any other, and
        is said to be one wherever the pool is shown.
    method : {"linear", "logarithmic"}
        Arithmetic mean of probabilities (the mixture of the views), or geometric mean (of odds).
    draws, seed, threads
        As for `ooms.forecast`; draws are for each view.
    events, quantities : iterable of str
        What to work out in the first pass; anything else is worked out when it is asked for.
    progress : callable, optional
        Told (draws done, draws) from time to time, over all views.

    Raises
    ------
    UserError
        Everything that is wrong with what was asked.

    Examples
    --------
    >>> from ooms.comparing.pools import pool
    >>> both = pool({"davidson-2025": 3, "davidson-houlden-2025": 1}, draws=2**12)
    >>> p = both.probability("5 ooms in 1 year").value
    >>> each = [f.probability("5 ooms in 1 year").value for f in both.forecasts.values()]
    >>> abs(p - (0.75 * each[0] + 0.25 * each[1])) < 1e-12
    True
    """
    problems = Problems()
    request = read_request(
        problems, events=events, quantities=quantities, draws=draws, seed=seed, threads=threads, progress=progress
    )
    panel = read_panel(problems, views, weights)
    _check_method(method, problems)
    return pooled(problems.sound(panel), method, request)


def pooled(panel: Panel, method: Method, request: Request) -> Pool:
    """The pool of a panel that a checked request asks for; what-ifs that move nothing of it are warned of."""
    views = {name: asked(view, request) for name, view in panel.views.items()}
    forecasts = {name: worked(view, request.part(k, len(views))) for k, (name, view) in enumerate(views.items())}
    return Pool(panel, method, MappingProxyType(forecasts))


def _check_method(method: str, problems: Problems) -> None:
    if method not in METHODS:
        problems.add("method", f"there is no method {method!r}", did_you_mean(method, METHODS))


@dataclass(frozen=True, repr=False, eq=False)
class Pool(OfSeveral, Distributions):
    """Outcomes under several views as one, each number with its Monte Carlo error.

    Made by `ooms.pool`, and never changed: it shows what was asked for then. Anything else is worked out when it is
    asked for.

    Parameters
    ----------
    panel : Panel
        The views and their weights.
    method : {"linear", "logarithmic"}
        How they are pooled.
    forecasts : mapping of str to Forecast
        Of each view, from the same draws.
    """

    panel: Panel
    method: Method
    forecasts: Mapping[str, Forecast]

    @property
    def _shares(self) -> Floats:
        return self.panel.shares

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each view; they add up to 1."""
        return dict(self.panel.weights)

    @property
    def weighting(self) -> str:
        """Where the weights come from: as given, or "equal weights: a choice, not a fact"."""
        return self.panel.weighting

    def __repr__(self) -> str:
        lines = [f"<{self.method.capitalize()} pool of {self.panel}; {self.weighting}; {self.draws} draws each>"]
        lines += [f"  P({name}) = {self._probability(name)}" for name in self.events]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return outcomes_table(self, {event: self._probability(event) for event in self.events}).html

    def to_dataframe(self) -> DataFrame:
        """What was asked for at first as a tidy pandas DataFrame, a row a number; NaN where there is no pool."""
        return outcomes_frame(self, {event: self._probability(event) for event in self.events}, self.quantities)

    def with_weights(self, weights: Weights | None) -> Pool:
        """The same views with other weights; nothing is run again."""
        return replace(self, panel=reweighted(self.panel, weights))

    def with_method(self, method: Method) -> Pool:
        """The same views pooled in the other way; nothing is run again."""
        problems = Problems()
        _check_method(method, problems)
        problems.raise_if_any()
        return replace(self, method=method)

    def probability(self, event: str) -> Estimate:
        """Probability of an event in the pool.

        Parameters
        ----------
        event : str
            Such as ``"5 ooms in 1 year"``.

        Raises
        ------
        UserError
            The pool is logarithmic, one view says 0 and another 1.
        """
        found = self._probability(event)
        if math.isnan(found.value):
            said = " and ".join(f"{n} says {self._says(n, event):g}" for n in self.vetoes(event))
            remedy = "give one of them weight 0, or use the linear pool"
            raise UserError([Problem("pool", f"there is no logarithmic pool for {event}: {said}", remedy)])
        return found

    def probability_by(self, method: Method, event: str) -> Estimate:
        """Probability of an event in the pool by that method; NaN where there is no such pool."""
        return self.with_method(method)._probability(event)

    def vetoes(self, event: str) -> tuple[str, ...]:
        """Views that decide a logarithmic pool alone: those that say 0 or 1 (none in a linear pool)."""
        heard = self.panel.active if self.method == "logarithmic" else {}
        return tuple(name for name in heard if self._says(name, event) in (0.0, 1.0))

    def _says(self, name: str, event: str) -> float:
        return self.forecasts[name].probability(event).value

    def _probability(self, event: str) -> Estimate:
        """Its probability; NaN where there is none."""
        rule = METHODS[self.method]
        found = self._estimate(event, lambda p: rule(p, self._shares))
        return found.from_draws(self.draws) if self._moving(event)[self._shares > 0].any() else found

    def _moving(self, event: str) -> NDArray[np.bool_]:
        """By view: whether its draws could have differed on an event, rather than all alike by construction."""
        return np.array([forecast.probability(event).standard_error > 0 for forecast in self.forecasts.values()])

    def _estimate(self, event: str, number: Callable[[Floats], float]) -> Estimate:
        """A number made from the views' probabilities of an event, with its error.

        Where all of a view's draws are alike without having to be, one in as many could be another: what that would
        change is part of the error, and no view has a veto without it.
        """
        table = self._by_randomisation(event)
        value, error = jackknife(table, number)
        least = np.where(self._moving(event), 1.0 / self.draws, 0.0)
        return Estimate(value, math.hypot(error, number(np.clip(table.mean(axis=1), least, 1.0 - least)) - value))

    def _by_randomisation(self, event: str) -> Floats:
        """Probability by view and randomisation."""
        return np.array([f.event(event).by_randomisation for f in self.forecasts.values()])

    def leave_one_out(self, event: str) -> dict[str, LeftOut]:
        """Probability of an event in the pool without each view in turn, the others' weights scaled up.

        A view that has all the weight is not in the answer: without it there is no pool.
        """
        rule, whole = METHODS[self.method], self._shares
        found: dict[str, LeftOut] = {}
        for k, name in enumerate(self.forecasts):
            rest = np.delete(whole, k)
            if rest.sum() > 0:
                weights = np.insert(rest / rest.sum(), k, 0.0)
                found[name] = LeftOut(
                    self._estimate(event, lambda p, w=weights: rule(p, w)),
                    self._estimate(event, lambda p, w=weights: rule(p, w) - rule(p, whole)),
                )
        return found

    def spread(self, event_or_quantity: str) -> Spread:
        """The pool's variance, split into disagreement between the views and uncertainty within them.

        Parameters
        ----------
        event_or_quantity : str
            Such as ``"5 ooms in 1 year"`` or ``"ooms after 1 year"``. Quantities on a logarithmic scale, such as
            ``"initial speed-up"``, are split in logs.

        Raises
        ------
        UserError
            The quantity is infinite in some draws, or the pool is logarithmic (which is no mixture).
        """
        if self.method != "linear":
            what = "a logarithmic pool is no mixture, so its variance has no parts between and within views"
            raise UserError([Problem("spread", what, 'use the linear pool: pool.with_method("linear")')])
        heard = self._shares > 0
        try:
            event = parse_event(event_or_quantity)
        except UserError:
            return self._quantity_spread(event_or_quantity, self._shares[heard])
        return event_spread(self._by_randomisation(event.text)[heard], self._shares[heard])

    def _quantity_spread(self, text: str, weights: Floats) -> Spread:
        try:
            quantity = parse_quantity(text)
        except UserError as error:
            (problem,) = error.problems
            remedy = f'write an event like "5 ooms in 1 year", or for a quantity {problem.remedy}'
            raise UserError([Problem("spread", f"{text!r} is neither an event nor a quantity", remedy)]) from None
        return quantity_spread(quantity, {n: self.forecasts[n].sketch(text) for n in self.panel.active}, weights)

    def document(self) -> Document:
        """What it says, as sections of plain data (`ooms.documents`)."""
        from ooms.documents.pool import document

        return document(self)

    def plain(self) -> dict[str, Any]:
        """Views, weights, events and quantities in plain form, as ``--json`` has them."""
        return result(
            "pool",
            method=self.method,
            views=[{"view": name, "weight": weight} for name, weight in self.weights.items()],
            weighting=self.weighting,
            draws=self.draws,
            seed=self.seed,
            warnings=[f"{name}: {text}" for name, found in self.forecasts.items() for text in found.view.warnings],
            events=[self._plain_event(event) for event in self.events],
            quantities=[self._plain_quantity(name) for name in self.quantities],
        )

    def _plain_event(self, event: str) -> dict[str, Any]:
        without = self.leave_one_out(event)
        spread = self.with_method("linear").spread(event)
        chances = {method: self.probability_by(method, event) for method in METHODS}
        return {
            "event": event,
            **{method: number(p) if math.isfinite(p.value) else None for method, p in chances.items()},
            "views": [
                {
                    "view": name,
                    "probability": number(forecast.probability(event)),
                    "pool_without_it": number(without[name].probability) if name in without else None,
                    "change": number(without[name].change) if name in without else None,
                }
                for name, forecast in self.forecasts.items()
            ],
            "vetoes": list(self.with_method("logarithmic").vetoes(event)),
            "spread": {
                "variance": number(spread.total),
                "between": number(spread.between),
                "within": number(spread.within),
                "share_between": number(spread.share_between),
            },
        }

    def _plain_quantity(self, name: str) -> dict[str, Any]:
        unit = parse_quantity(name).unit
        try:
            return quantity_entry(name, unit, self.sketch(name))
        except UserError:  # a logarithmic pool of views that have nothing in common
            return quantity_entry(name, unit, None)

    @override
    def sketch(self, quantity: str) -> Distribution:
        """Distribution of a quantity in the pool.

        The logarithmic pool of a quantity is made from densities, and an event's from the event alone: they need not
        agree (only linear pools of parts are parts of pools).

        Raises
        ------
        UserError
            The pool is logarithmic, and views have nothing in common or lie too far apart for draws to tell.
        """
        name = parse_quantity(quantity).name
        if name not in self._sketches:
            sketches = [forecast.sketch(name) for forecast in self.forecasts.values()]
            made = linear_sketch if self.method == "linear" else logarithmic_density
            try:
                self._sketches[name] = made(sketches, self._shares)
            except ValueError as error:
                what = f"there is no logarithmic pool for {name}: {error}"
                raise UserError([Problem("pool", what, "leave views out, or use the linear pool")]) from None
        return self._sketches[name]

    @cached_property
    def _sketches(self) -> dict[str, Distribution]:
        return {}

    def prior(self, draws: int = 4096) -> View:
        """The linear pool as one view: joint draws, each view giving its share (`ooms.comparing.pools.mixture`).

        Parameters
        ----------
        draws : int
            Rows of joint draws. Forecasts from them repeat these rows, so that their errors are those of so many
            draws, whatever they say of themselves: at most 0.5/sqrt(draws) for a probability.

        Raises
        ------
        UserError
            The pool is logarithmic, or the views differ in what one prior file cannot say.
        """
        from ooms.comparing.pools.mixture import mixture_prior

        if self.method != "linear":
            what = "a logarithmic pool of outcomes is no mixture of the views' draws"
            raise UserError([Problem("prior", what, 'use the linear pool: pool.with_method("linear")')])
        return mixture_prior(self.panel, self.seed, draws)

    def write(self, path: str | Path, draws: int = 4096) -> None:
        """Write `prior` as a prior file, with its draws beside it: PATH.toml and PATH.csv.

        Parameters
        ----------
        path : str or Path
            Where to; ends in ``.toml``. Files of these names are only replaced once the new ones are whole.
        draws : int
            Rows of joint draws.
        """
        from ooms.beliefs.prior_file import check_prior_place, write_prior

        problems = Problems()
        check_prior_place(Path(path), problems)
        problems.raise_if_any()
        write_prior(self.prior(draws), Path(path))

    @cached_property
    def data(self) -> Dataset:
        """Everything that was asked for at first as an xarray Dataset (`ooms.comparing.pools.labels`)."""
        from ooms.comparing.pools.labels import dataset

        return dataset(self)
