"""How far draws must be followed, in OOMs, for what is asked of a view, or of mixtures of several views."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ooms.outcomes import FARTHEST, WAY, Event
from ooms.parameters import PARAMETERS

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["reach", "way"]


def way(*views: View) -> int:
    """OOMs after which every draw has met its limit, or as far as draws without a limit are followed."""
    return max(map(_way, views))


def _way(view: View) -> int:
    if not view.declining_returns:
        return WAY
    if "software_limit" in view.beliefs:
        return math.ceil(min(view.beliefs["software_limit"].marginal.support()[1], WAY))
    return math.ceil(min(_most_ooms(_ends("software_limit_years", view)[1], view), WAY))


def reach(event: Event, *views: View) -> float:
    """How far draws must be followed for an event; of several views, those of any mixture of their parameters."""
    if event.at_start:
        return 1.0
    length, whole = event.amount, way(*views)
    if event.unit == "years":
        length = _most_ooms(length, *views)
    elif event.unit == "doublings":
        length *= math.log10(2.0) / max(_ends("labour_per_training", *views)[0], 1e-9)
    if whole < WAY and all(view.declining_returns for view in views):
        return whole if event.anywhere else min(length, whole)
    return min(length + whole * event.anywhere, FARTHEST)


def _most_ooms(years: float, *views: View) -> float:
    """The most OOMs that so many years of progress can be."""
    return years * _ends("software_growth", *views)[1] / max(_ends("software_share", *views)[0], 1e-9)


def _ends(name: str, *views: View) -> tuple[float, float]:
    """Ends of a parameter's support in any of the views."""
    lows, highs = zip(*(_support(view, name) for view in views), strict=True)
    return min(lows), max(highs)


def _support(view: View, name: str) -> tuple[float, float]:
    if name in view.beliefs:
        return view.beliefs[name].marginal.support()
    if name == "software_share" and "training_compute_growth" in view.beliefs:
        grows, beside = (view.beliefs[n].marginal.support() for n in ("software_growth", "training_compute_growth"))
        return grows[0] / (grows[0] + beside[1]) if beside[1] > 0 else 1.0, 1.0
    neutral = PARAMETERS[name].neutral if name in PARAMETERS else None
    return (math.nan, math.nan) if neutral is None else (neutral, neutral)
