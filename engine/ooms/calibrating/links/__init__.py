"""What the engine's equations predict for an item of a survey: one small file a link, one registry."""

from ooms.calibrating.links.base import Link, State
from ooms.calibrating.links.registry import LINKS

__all__ = ["LINKS", "Link", "State"]
