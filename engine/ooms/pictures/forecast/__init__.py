"""Pictures of a forecast, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from ooms.pictures.forecast.base import Picture
from ooms.pictures.forecast.beliefs import BELIEFS
from ooms.pictures.forecast.drivers import DRIVERS
from ooms.pictures.forecast.exceedance import EXCEEDANCE
from ooms.pictures.forecast.fan import FAN
from ooms.pictures.forecast.pace import PACE
from ooms.pictures.forecast.progress import PROGRESS
from ooms.pictures.forecast.times import TIMES

__all__ = ["PICTURES", "Picture"]

PICTURES: Mapping[str, Picture] = MappingProxyType(
    {picture.name: picture for picture in (PROGRESS, EXCEEDANCE, TIMES, FAN, PACE, BELIEFS, DRIVERS)}
)
"""Every picture of a forecast, in the order in which a report shows them."""
