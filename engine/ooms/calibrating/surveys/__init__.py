"""Survey files: what people answered and studies estimated, each item with its link and its likelihood."""

from ooms.calibrating.surveys.reader import load_survey, read_surveys, shipped_surveys
from ooms.calibrating.surveys.survey import Item, Survey

__all__ = ["Item", "Survey", "load_survey", "read_surveys", "shipped_surveys"]
