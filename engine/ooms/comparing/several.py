"""What results of several views have in common: one request, asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ooms.outcomes import ACCELERATES

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast
    from ooms.forecasting.request import Request

__all__ = ["COMPARED_DRAWS", "COMPARED_EVENTS", "COMPARED_QUANTITIES", "OfSeveral"]

COMPARED_DRAWS = 2**16
"""Draws a view."""

COMPARED_EVENTS = ("5 ooms in 1 year", "3 years in 1 year", ACCELERATES)
"""Asked of every view unless others are: Davidson's definition first, by which views are sorted."""

COMPARED_QUANTITIES = (
    "time to 1 oom", "time to 3 ooms", "time to 5 ooms", "initial speed-up", "max speed", "acceleration at the start",
)  # fmt: skip
"""Asked of every view unless others are."""


class OfSeveral:
    """A result made of forecasts of several views, all from the same draws."""

    forecasts: Mapping[str, Forecast]

    @property
    def request(self) -> Request:
        """What was asked of every view."""
        return next(iter(self.forecasts.values())).request

    @property
    def events(self) -> tuple[str, ...]:
        """The events that were asked for."""
        return self.request.event_names

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities that were asked for."""
        return self.request.quantity_names

    @property
    def draws(self) -> int:
        """Quasi-random draws for each view."""
        return self.request.draws

    @property
    def seed(self) -> int:
        """What chose the randomisations, the same for all views."""
        return self.request.seed
