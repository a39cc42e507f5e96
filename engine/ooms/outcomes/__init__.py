"""What can be asked of a trajectory: events with a probability, and quantities with a distribution.

Both are named by text that reads as English: ``5 ooms in 1 year``, ``3 years in 4 months anywhere``,
``time to 5 ooms``, ``ooms after 1 year``.

Units: an *OOM* is an order of magnitude of effective training compute from software. A *year* of progress is a year of
recent overall AI progress, of which software was `software_share`. A *doubling* is one of labour-equivalent software.
"""

from ooms.outcomes.events import ACCELERATES, CODES, DEFAULT_EVENTS, END, HEADLINE, Event, parse_event
from ooms.outcomes.quantities import DEFAULT_QUANTITIES, RESOURCE_QUANTITIES, Quantity, parse_quantity
from ooms.outcomes.run import Run
from ooms.outcomes.spans import FARTHEST, WAY

__all__ = [
    "ACCELERATES",
    "CODES",
    "DEFAULT_EVENTS",
    "DEFAULT_QUANTITIES",
    "END",
    "FARTHEST",
    "HEADLINE",
    "RESOURCE_QUANTITIES",
    "WAY",
    "Event",
    "Quantity",
    "Run",
    "parse_event",
    "parse_quantity",
]
