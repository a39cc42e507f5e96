"""Every picture that can be asked for by name: what it is of, and how it is drawn."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ooms.problems import Problem, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from altair import TopLevelMixin

    from ooms.beliefs.view import View

__all__ = ["NAMED", "Drawn", "Named", "of_calibration", "of_forecast", "of_study", "of_views"]

Of = Literal["a view", "views", "a calibration", "a study"]


@dataclass(frozen=True, slots=True)
class Named:
    """A picture by name.

    Parameters
    ----------
    of : str
        What it is a picture of.
    shows : str
        What it shows.
    """

    of: Of
    shows: str


NAMED: Mapping[str, Named] = MappingProxyType(
    {
        "progress": Named("a view", "how far software gets in a year"),
        "exceedance": Named("a view", "how likely at least n OOMs are, within a month to 4 years"),
        "times": Named("a view", "how long 1 to 12 OOMs take, and how often they never come"),
        "fan": Named("a view", "progress over 4 years, with single draws"),
        "pace": Named("a view", "how far more labour speeds research up at today's compute, and its ceilings"),
        "beliefs": Named("a view", "prior densities of all inputs"),
        "drivers": Named("a view", "which inputs drive the answer"),
        "views": Named("views", "how likely, how soon and how fast, a row a view"),
        "calibration": Named("a calibration", "what was learnt, from whom, and whether the answers fit"),
        "learnt": Named("a calibration", "prior against posterior"),
        "contributions": Named("a calibration", "what each survey did to the probability"),
        "checks": Named("a calibration", "answers beside what the calibrated model simulates"),
        "study": Named("a study", "probability over the study's own axes"),
    }
)
"""What ``ooms plot`` takes."""


class Drawn(NamedTuple):
    """A picture, and the named warnings of what it is of: a picture has no room for them."""

    chart: TopLevelMixin
    warnings: tuple[str, ...]


_OF_CALIBRATION = {
    "calibration": "calibration_chart",
    "contributions": "contributions_chart",
    "learnt": "prior_posterior_chart",
    "checks": "predictive_chart",
}


def of_forecast(name: str, view: View, draws: int, seed: int, threads: int | None) -> Drawn:
    """A picture of one view."""
    from ooms.forecasting.forecast import forecast
    from ooms.forecasting.unasked import is_not_asked
    from ooms.pictures.forecast import PICTURES

    picture = PICTURES[name]
    found = forecast(
        view, draws=draws, seed=seed, threads=threads, events=picture.events, quantities=picture.quantities
    )  # fmt: skip
    if name in ("beliefs", "drivers") and not found.inputs:
        what = f"every input of {view.label} is fixed, so that there is nothing to draw"
        raise UserError([Problem(name, what, "name a view that is uncertain about something")])
    told = (text for text in found.view.warnings if name != "beliefs" or not is_not_asked(text))  # it shows all of them
    return Drawn(picture.of(found), tuple(text.partition("; ask for")[0] for text in told))


def of_views(views: Sequence[View], event: str | None, draws: int, seed: int, threads: int | None) -> Drawn:
    """A picture of several views."""
    from ooms.comparing.compare import COMPARED_EVENTS, compare

    events = (event,) if event else COMPARED_EVENTS
    found = compare(views, draws=draws, seed=seed, threads=threads, events=events)
    told = (f"{name}: {text}" for name, one in found.forecasts.items() for text in one.view.warnings)
    return Drawn(found.chart(), tuple(told))


def of_calibration(name: str, file: str, event: str) -> Drawn:
    """A picture of a calibration."""
    from ooms.calibrating.calibration import open_calibration

    found = open_calibration(file)
    drawn: Any = getattr(importlib.import_module("ooms.pictures.calibration"), _OF_CALIBRATION[name])
    chart = drawn(found, event) if name in ("calibration", "contributions") else drawn(found)
    return Drawn(chart, found.base.warnings)


def of_study(store: str, event: str | None) -> Drawn:
    """The picture of a study."""
    from ooms.batch.reading import open_study
    from ooms.pictures.study import study_chart

    data = open_study(store)
    return Drawn(study_chart(data, event), tuple(json.loads(data.attrs["warnings"])))
