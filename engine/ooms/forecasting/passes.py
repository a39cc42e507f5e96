"""Which passes over the draws answer what is asked of a view, and how far each follows them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ooms.beliefs.draws import Sampler
from ooms.beliefs.resources import equipped
from ooms.forecasting.horizon import reach, way
from ooms.outcomes import Event, Quantity

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from ooms.beliefs.view import View

__all__ = ["Pass", "passes"]


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What is worked out together, from the same draws, followed equally far.

    Parameters
    ----------
    sampler : Sampler
        Where the draws come from.
    events, quantities : sequence
        What is worked out.
    top : int
        How far draws are followed, OOMs.
    dense : bool
        Whether more than times to whole OOMs is asked.
    """

    sampler: Sampler
    events: Sequence[Event]
    quantities: Sequence[Quantity]
    top: int
    dense: bool

    @property
    def columns(self) -> Mapping[str, DTypeLike]:
        """What is known of every draw, and its type: inputs, quantities, whether it reaches each event, how it ends."""
        numbers = [*self.sampler.random, *(q.name for q in self.quantities)]
        reached, ends = {e.text: np.bool for e in self.events}, {e.end: np.int8 for e in self.events}
        return dict.fromkeys(numbers, np.float64) | reached | ends


def passes(view: View, seed: int, events: Sequence[Event], quantities: Sequence[Quantity]) -> list[Pass]:
    """The passes that answer events and quantities: one, or two where some events lie beyond all else.

    Those are followed farther in a pass of their own: no other answer may depend on how far.
    """
    whole = way(view)
    beyond = [event for event in events if reach(event, view) > whole]
    if not beyond or not (quantities or len(beyond) < len(events)):
        return [_together(view, seed, events, quantities, whole)]
    others = [event for event in events if event not in beyond]
    return [_together(view, seed, beyond, [], whole), _together(view, seed, others, quantities, whole)]


def _together(view: View, seed: int, events: Sequence[Event], quantities: Sequence[Quantity], whole: int) -> Pass:
    far = [reach(e, view) for e in events] + [whole if q.reach is None else q.reach for q in quantities]
    dense = not all(e.whole_ooms for e in events) or not all(q.whole_ooms for q in quantities)
    needs = {name for q in quantities for name in q.needs}
    return Pass(Sampler(equipped(view, needs), seed), events, quantities, max(1, math.ceil(max(far, default=1))), dense)
