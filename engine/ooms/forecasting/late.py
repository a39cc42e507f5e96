"""Times that are longer than anybody would wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["LATE", "never_or_late"]

LATE = 100.0
"""Years from which on a time counts as late."""


def never_or_late(forecast: Forecast, quantity: str) -> Estimate:
    """Share of draws in which a time is longer than 100 years, or never comes.

    Examples
    --------
    >>> import ooms
    >>> f = ooms.forecast("finite-resources", draws=2**10, events=[], quantities=["time to 5 ooms"])
    >>> never_or_late(f, "time to 5 ooms").value > f.never("time to 5 ooms").value
    True
    """
    soon, error = forecast.sketch(quantity).at_most(LATE)
    share = Estimate(1 - soon, error)
    return share.from_draws(forecast.draws) if forecast.inputs else share
