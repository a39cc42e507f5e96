"""``forecast.plot.NAME()``: each picture of a forecast as an Altair chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ooms.pictures.forecast import PICTURES

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast
    from ooms.pictures.forecast.base import Chart

__all__ = ["Plots"]


class Plots:
    """Pictures of a forecast, as Altair charts: shown by notebooks, saved by ``chart.save("picture.svg")``.

    What a picture needs and the forecast was not asked for is worked out from the same draws.

    Parameters
    ----------
    forecast : Forecast
        What they show.

    Examples
    --------
    >>> import ooms
    >>> f = ooms.forecast("davidson-2025", draws=2**10, events=[], quantities=[])
    >>> f.plot.progress().title.text
    'How far does software get in a year?'
    """

    def __init__(self, forecast: Forecast) -> None:
        self._forecast = forecast

    def progress(self) -> Chart:
        """Distribution of OOMs gained in the first year."""
        return self._picture("progress")

    def exceedance(self) -> Chart:
        """Probability of at least n OOMs within a month, 3 months, a year and 4 years."""
        return self._picture("exceedance")

    def times(self) -> Chart:
        """Time to 1, 2, ..., 12 OOMs, with the share of draws in which they come late or never."""
        return self._picture("times")

    def fan(self) -> Chart:
        """Progress over 4 years: bands, median, and single draws."""
        return self._picture("fan")

    def pace(self) -> Chart:
        """Pace of research as labour grows at today's compute, with its ceilings."""
        return self._picture("pace")

    def beliefs(self) -> Chart:
        """Prior density of every input that is not fixed."""
        return self._picture("beliefs")

    def drivers(self) -> Chart:
        """Probability of 5 OOMs in a year by quarters of each input, and the importance of each."""
        return self._picture("drivers")

    def _picture(self, name: str) -> Chart:
        from ooms.outcomes import parse_event, parse_quantity

        picture, forecast = PICTURES[name], self._forecast
        events = [e for e in map(parse_event, picture.events) if e.text not in forecast.events]
        quantities = [q for q in map(parse_quantity, picture.quantities) if q.name not in forecast.quantities]
        if events or quantities:
            forecast.work(events, quantities)
        return picture.of(forecast)
