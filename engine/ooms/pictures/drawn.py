"""A picture by name, of what a command line names: a view, views, a calibration, the store of a study."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ooms.pictures.registry import REGISTRY

if TYPE_CHECKING:
    from altair import TopLevelMixin

    from ooms.beliefs.view import View
    from ooms.forecasting.request import Request

__all__ = ["Drawn", "of_calibration", "of_forecast", "of_study", "of_views"]


class Drawn(NamedTuple):
    """A picture, and the named warnings of what it is of: a picture has no room for them."""

    chart: TopLevelMixin
    warnings: tuple[str, ...]


def of_forecast(name: str, view: View, request: Request) -> Drawn:
    """A picture of one view, from the draws of a request: what is asked of them is what the picture shows."""
    from ooms.forecasting.forecast import KEEP_AT_MOST, worked
    from ooms.forecasting.unasked import asked, is_not_asked

    picture = REGISTRY[name].picture
    request = request.asking(picture.events, picture.quantities)
    result = worked(asked(view, request), replace(request, keep=request.draws <= KEEP_AT_MOST))
    outcomes = picture.events or picture.quantities  # one that shows none shows all inputs, asked or not
    warnings = (text for text in result.view.warnings if outcomes or not is_not_asked(text))
    return Drawn(picture.of(result), tuple(text.partition("; ask for")[0] for text in warnings))


def of_views(name: str, views: Sequence[View], request: Request) -> Drawn:
    """A picture of several views, of the event of a request or else of the usual ones."""
    from ooms.comparing.compare import COMPARED_EVENTS, COMPARED_QUANTITIES, comparison_of

    (event,) = request.event_names or (None,)
    result = comparison_of(views, request.asking((event,) if event else COMPARED_EVENTS, COMPARED_QUANTITIES))
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
