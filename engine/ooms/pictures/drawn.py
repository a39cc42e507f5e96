"""A picture by name, of what a command line names: a view, views, a calibration, the store of a study."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ooms.pictures.registry import REGISTRY

if TYPE_CHECKING:
    from altair import TopLevelMixin

    from ooms.beliefs.view import View

__all__ = ["Drawn", "of_calibration", "of_forecast", "of_study", "of_views"]


class Drawn(NamedTuple):
    """A picture, and the named warnings of what it is of: a picture has no room for them."""

    chart: TopLevelMixin
    warnings: tuple[str, ...]


def of_forecast(name: str, view: View, draws: int, seed: int, threads: int | None) -> Drawn:
    """A picture of one view."""
    from ooms.forecasting.forecast import forecast
    from ooms.forecasting.unasked import is_not_asked

    picture = REGISTRY[name].picture
    result = forecast(
        view, draws=draws, seed=seed, threads=threads, events=picture.events, quantities=picture.quantities
    )  # fmt: skip
    outcomes = picture.events or picture.quantities  # one that shows none shows all inputs, asked or not
    warnings = (text for text in result.view.warnings if outcomes or not is_not_asked(text))
    return Drawn(picture.of(result), tuple(text.partition("; ask for")[0] for text in warnings))


def of_views(
    name: str, views: Sequence[View], event: str | None, draws: int, seed: int, threads: int | None
) -> Drawn:  # fmt: skip
    """A picture of several views."""
    from ooms.comparing.compare import COMPARED_EVENTS, compare

    events = (event,) if event else COMPARED_EVENTS
    result = compare(views, draws=draws, seed=seed, threads=threads, events=events)
    warnings = (f"{label}: {text}" for label, found in result.forecasts.items() for text in found.view.warnings)
    return Drawn(REGISTRY[name].draw(result, event), tuple(warnings))


def of_calibration(name: str, file: str, event: str | None) -> Drawn:
    """A picture of a calibration."""
    from ooms.calibrating.calibration import open_calibration

    result = open_calibration(file)
    return Drawn(REGISTRY[name].draw(result, event), result.base.warnings)


def of_study(name: str, store: str, event: str | None) -> Drawn:
    """A picture of a study."""
    from ooms.batch.reading import open_study

    result = open_study(store)
    return Drawn(REGISTRY[name].draw(result, event), tuple(json.loads(result.attrs["warnings"])))
