"""Views beside one another: the same questions, and the same draws by parameter name.

Because every parameter's draws follow from its name and the seed alone, what two views share they share draw by draw.
Differences between views are therefore taken within each randomisation of the point set, where most of the noise
cancels, and their errors come from the spread of those differences: never from adding the errors of the two.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ooms.beliefs.reader import as_view
from ooms.beliefs.view import View
from ooms.comparing.several import OfSeveral
from ooms.forecasting.forecast import Forecast, worked
from ooms.forecasting.request import Request, read_request
from ooms.forecasting.unasked import asked
from ooms.outcomes import ACCELERATES
from ooms.problems import Problem, Problems, UserError, did_you_mean
from ooms.progress import Progress
from ooms.results.credence import LEVELS, Estimate, estimate
from ooms.results.plain import event_entry, quantity_entry, result
from ooms.results.tables import several_frame, several_table

if TYPE_CHECKING:
    from altair import HConcatChart
    from xarray import Dataset

    from ooms.documents.document import Document
    from ooms.pictures.plots import Plots
    from ooms.results.tables import DataFrame

__all__ = ["COMPARED_DRAWS", "COMPARED_EVENTS", "COMPARED_QUANTITIES", "Comparison", "compare", "comparison_of",
           "with_each_option"]  # fmt: skip

COMPARED_DRAWS = 2**16
"""Draws a view."""

COMPARED_EVENTS = ("5 ooms in 1 year", "3 years in 1 year", ACCELERATES)
"""Asked of every view unless others are: Davidson's definition first, by which views are sorted."""

COMPARED_QUANTITIES = (
    "time to 1 oom", "time to 3 ooms", "time to 5 ooms", "initial speed-up", "max speed", "acceleration at the start",
)  # fmt: skip
"""Asked of every view unless others are."""


def compare(
    views: Iterable[View | str | Path],
    *,
    draws: int = COMPARED_DRAWS,
    seed: int = 0,
    threads: int | None = None,
    events: Iterable[str] = COMPARED_EVENTS,
    quantities: Iterable[str] = COMPARED_QUANTITIES,
    progress: Progress | None = None,
) -> Comparison:
    """Outcomes under several views, from the same draws by parameter name.

    Parameters
    ----------
    views : iterable of View, str or Path
        The views, or names or paths of prior files; with options: ``"davidson-houlden-2025+retraining"``.
    draws, seed, threads : int
        As for `ooms.forecast`; draws are for each view.
    events, quantities : iterable of str
        What to ask of every view.
    progress : callable, optional
        Told (draws done, draws) over all views from time to time.

    Raises
    ------
    UserError
        Everything that is wrong with what was asked.

    Examples
    --------
    >>> import ooms
    >>> view = ooms.load("davidson-2025")
    >>> both = ooms.compare([view, view.replace(rho=-0.4)], draws=2**12)
    >>> both.views
    ('davidson-2025', 'davidson-2025 (rho = -0.4)')
    >>> 0.18 < both.difference("5 ooms in 1 year").value < 0.21
    True
    """
    problems = Problems()
    request = read_request(
        problems, events=events, quantities=quantities, draws=draws, seed=seed, threads=threads, progress=progress
    )
    named = [views] if isinstance(views, View | str | Path) else views
    loaded = (as_view(view, problems) for view in named)
    return comparison_of([view for view in loaded if view is not None], request, problems)


def comparison_of(views: Sequence[View], request: Request, problems: Problems | None = None) -> Comparison:
    """The comparison of views that a request asks for; what-ifs that move nothing of it are warned of.

    Raises
    ------
    UserError
        What is in `problems` already, and names that stand for two views.
    """
    problems = Problems() if problems is None else problems
    labelled = _labelled(views, problems)
    if not labelled and not len(problems):
        problems.add("views", "there is none to compare", "name at least one")
    problems.raise_if_any()
    return compared({label: asked(view, request) for label, view in labelled.items()}, request)


def compared(views: Mapping[str, View], request: Request) -> Comparison:
    """The comparison of views by name that a checked request asks for; they have been told what is not asked."""
    return Comparison(
        {label: worked(view, request.part(k, len(views))) for k, (label, view) in enumerate(views.items())}
    )


def with_each_option(view: View) -> list[View]:
    """A view, and the same view with each of its options on, alone.

    Options that are on already stay on; those that do not go with what is on are left out.

    Examples
    --------
    >>> import ooms
    >>> [view.name for view in with_each_option(ooms.load("davidson-houlden-2025"))][:2]
    ['davidson-houlden-2025', 'davidson-houlden-2025+retraining']
    """
    found = [view]
    for name in view.options:
        if name not in view.chosen:
            with suppress(UserError):
                found.append(view.with_options(name))
    return found


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(OfSeveral):
    """Outcomes under several views. Made by `ooms.compare`, and never changed: it shows what was asked for then.

    A view is named by itself, or by the name under which `views` lists it: a what-if has the name of the view it was
    made of, and is told apart from it by what was changed, ``"davidson-2025 (rho = -0.4)"``.

    Parameters
    ----------
    forecasts : mapping of str to Forecast
        By the name of the view, all with the same draws and seed.
    """

    forecasts: Mapping[str, Forecast]

    def __post_init__(self) -> None:
        object.__setattr__(self, "forecasts", MappingProxyType(dict(self.forecasts)))

    @property
    def views(self) -> tuple[str, ...]:
        """Names of the views; a what-if's has its changes in it where the view itself is there too."""
        return tuple(self.forecasts)

    def __repr__(self) -> str:
        lines = [f"<Comparison of {len(self.views)} views: {self.draws} draws each, seed {self.seed}>"]
        for view in self.views:
            said = ", ".join(f"P({event}) = {self.probability(view, event)}" for event in self.events[:1])
            lines.append(f"  {view}: {said}" if said else f"  {view}")
        return "\n".join(lines)

    def _probabilities(self) -> dict[str, dict[str, Estimate]]:
        return {view: {event: self.probability(view, event) for event in self.events} for view in self.views}

    def _repr_html_(self) -> str:
        return several_table(self, self.events, self._probabilities()).html

    def to_dataframe(self) -> DataFrame:
        """What was asked of every view as a tidy pandas DataFrame, a row a number.

        Examples
        --------
        >>> import ooms
        >>> frame = ooms.compare(["davidson-2025", "epoch-2025"], draws=2**8).to_dataframe()
        >>> list(frame.columns)
        ['view', 'outcome', 'statistic', 'level', 'value', 'standard_error', 'unit']
        """
        return several_frame(self.forecasts, self._probabilities(), self.quantities)

    def forecast(self, view: View | str) -> Forecast:
        """The forecast under one of the views."""
        if isinstance(view, View):
            for found in self.forecasts.values():
                if found.view == view:
                    return found
        elif view in self.forecasts:
            return self.forecasts[view]
        label = view.label if isinstance(view, View) else str(view)
        what = f"{label!r} is not among the views that are compared"
        raise UserError([Problem("view", what, did_you_mean(label, self.views))])

    def probability(self, view: View | str, event: str) -> Estimate:
        """Probability of an event under one of the views."""
        return self.forecast(view).probability(event)

    def difference(self, event: str, a: View | str | None = None, b: View | str | None = None) -> Estimate:
        """Probability of an event under view a, minus that under view b.

        Its standard error is that of the difference itself, from the differences within each randomisation of the
        point set, which both views share.

        Parameters
        ----------
        event : str
            Such as ``"5 ooms in 1 year"``.
        a, b : View or str, optional
            Two of the views. Of a comparison of two, the first and the second unless given.

        Raises
        ------
        UserError
            They are not among the views, or one name stands for both because a what-if shares it.
        """
        first, second = self._two(a, b)
        each = [np.asarray(f.event(event).by_randomisation, dtype=float) for f in (first, second)]
        found = estimate(each[0] - each[1])
        return found.from_draws(self.draws) if first.view != second.view else found

    def _two(self, a: View | str | None, b: View | str | None) -> tuple[Forecast, Forecast]:
        """The forecasts to take the difference of."""
        if a is None and b is None and len(self.views) == 2:
            a, b = self.views
        if a is None or b is None:
            what = f"{len(self.views)} views are compared: it takes two of them to have a difference"
            raise UserError([Problem("difference", what, f"name two of: {', '.join(self.views)}")])
        shared = [label for label, one in self.forecasts.items() if one.view.name == a]
        if isinstance(a, str) and a == b and len(shared) > 1:
            what = f"{a!r} is the name of {len(shared)} of the views: {', '.join(shared)}"
            raise UserError([Problem("difference", what, "give the views themselves, or these names")])
        return self.forecast(a), self.forecast(b)

    def quantiles(self, view: View | str, quantity: str, q: Sequence[float] | float) -> list[Estimate]:
        """Quantiles of a quantity under one of the views."""
        return self.forecast(view).quantiles(quantity, q)

    def never(self, view: View | str, quantity: str) -> Estimate:
        """Share of the draws in which it never comes, under one of the views."""
        return self.forecast(view).never(quantity)

    def sorted(self, event: str | None = None) -> Comparison:
        """The same comparison, the view that gives an event the highest probability first.

        Parameters
        ----------
        event : str, optional
            Default: the first that was asked.
        """
        by = event or self.headline
        order = sorted(self.views, key=lambda view: -self.probability(view, by).value)
        return Comparison({view: self.forecasts[view] for view in order})

    @property
    def headline(self) -> str:
        """The first event that was asked; else 5 OOMs in 1 year."""
        return self.events[0] if self.events else COMPARED_EVENTS[0]

    def table(self) -> list[dict[str, Any]]:
        """A row a view, in plain Python: probabilities, medians and 90 % intervals, and shares that never come.

        Examples
        --------
        >>> import ooms
        >>> (row,) = ooms.compare(["davidson-2025"], draws=2**10, quantities=["time to 5 ooms"]).table()
        >>> [name for name in row if name.startswith("time")]  # doctest: +NORMALIZE_WHITESPACE
        ['time to 5 ooms: 5 %', 'time to 5 ooms: median', 'time to 5 ooms: 95 %', 'time to 5 ooms: error of the median',
         'time to 5 ooms: never']
        """
        return [self._row(label, found) for label, found in self.forecasts.items()]

    def document(self) -> Document:
        """What it says, as sections of plain data (`ooms.documents`)."""
        from ooms.documents.comparison import document

        return document(self)

    def plain(self) -> dict[str, Any]:
        """Draws, seed, and each view with its events and quantities in plain form, as ``--json`` has them."""
        views = [
            {
                "view": label,
                "title": found.view.title,
                "changes": list(found.view.changes),
                "warnings": list(found.view.warnings),
                "events": [event_entry(event, found.probability(event)) for event in self.events],
                "quantities": [
                    quantity_entry(name, found.quantities[name][0].unit, found.sketch(name)) for name in self.quantities
                ],
            }
            for label, found in self.forecasts.items()
        ]
        return result("comparison", draws=self.draws, seed=self.seed, views=views)

    def _row(self, label: str, found: Forecast) -> dict[str, Any]:
        row: dict[str, Any] = {"view": label, "title": found.view.title, "changes": found.view.changes}
        for event in self.events:
            row[event], row[f"{event}: error"] = found.probability(event)
        for name in self.quantities:
            low, middle, high = found.quantiles(name, (0.05, 0.5, 0.95))
            row[f"{name}: 5 %"], row[f"{name}: median"], row[f"{name}: 95 %"] = low.value, middle.value, high.value
            row[f"{name}: error of the median"] = middle.standard_error
            row[f"{name}: never"] = found.never(name).value
        return row

    @cached_property
    def data(self) -> Dataset:
        """Everything as an xarray Dataset over view, event, quantity and level, with units and provenance."""
        from xarray import Dataset

        import ooms
        from ooms.forecasting.labels import provenance, storable

        found = list(self.forecasts.values())
        chances = np.array([[f.probability(e) for e in self.events] for f in found], dtype=float)
        chances = chances.reshape(len(found), len(self.events), 2)
        table = np.array([[f.quantiles(q, LEVELS) for q in self.quantities] for f in found], dtype=float)
        table = table.reshape(len(found), len(self.quantities), len(LEVELS), 2)
        never = np.array([[f.never(q) for q in self.quantities] for f in found], dtype=float)
        never = never.reshape(len(found), len(self.quantities), 2)
        over = ("view", "quantity", "level")
        units = [found[0].quantities[q][0].unit for q in self.quantities]
        return Dataset(
            {
                "probability": (("view", "event"), chances[..., 0], {"units": "1"}),
                "probability_error": (("view", "event"), chances[..., 1], {"units": "1"}),
                "quantile": (over, table[..., 0], {"long_name": "value that such a share lies below"}),
                "quantile_error": (over, table[..., 1], {"long_name": "Monte Carlo standard error of the quantile"}),
                "never": (("view", "quantity"), never[..., 0], {"long_name": "share that is infinite"}),
                "never_error": (("view", "quantity"), never[..., 1], {"units": "1"}),
                "unit": ("quantity", units),
                "title": ("view", storable([f.view.title for f in found])),
            },
            {
                "view": storable(list(self.views)),
                "event": list(self.events),
                "quantity": list(self.quantities),
                "level": list(LEVELS),
            },
            {
                "title": "ooms comparison of views",
                "draws": self.draws,
                "seed": storable(self.seed),
                "ooms_version": ooms.__version__,
                "views": json.dumps({label: provenance(f) for label, f in self.forecasts.items()}),
            },
        )

    def save(self, path: str | Path) -> None:
        """Write `data` as NetCDF; a file of that name is only replaced once the new one is whole."""
        from xarray import DataTree

        from ooms.forecasting.labels import save

        save(DataTree(self.data), Path(path))

    @property
    def plot(self) -> Plots:
        """Pictures, each as an Altair chart: ``comparison.plot.views()``."""
        from ooms.pictures.plots import Plots

        return Plots("views", self)

    def chart(self) -> HConcatChart:
        """The comparison as an Altair chart, a row a view, the highest probability first (`ooms.pictures`)."""
        return self.plot.views()

    def save_picture(self, path: str | Path) -> None:
        """Write the chart as .svg, .png, .pdf or .html, by the ending of the name; the last works offline.

        Raises
        ------
        UserError
            The ending is another, or the file cannot be written.
        """
        from ooms.pictures.files import save_chart

        save_chart(self.chart, Path(path))


def _labelled(views: Sequence[View], problems: Problems) -> dict[str, View]:
    """Views by name; where several share one, by name and changes."""
    names = Counter(view.name for view in views)
    found: dict[str, View] = {}
    for view in views:
        label = view.label if names[view.name] > 1 else view.name
        if label in found:
            same = found[label] == view
            what = "is named twice" if same else "is the name of two different views"
            problems.add(label, what, "name it once" if same else "give their files different names")
        found[label] = view
    return found
