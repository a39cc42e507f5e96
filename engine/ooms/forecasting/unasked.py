"""What-ifs that move only what is not asked: which readings of the equation an answer depends on."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ooms.beliefs.inert import DESCRIPTIVE, Layers, effect, written_items
from ooms.beliefs.options import WhatIf
from ooms.beliefs.probe import ACCELERATION, LABOUR_SHARE, MAX_SPEED, PATH, SPEED_UP, UNIT, YEARS
from ooms.beliefs.view import View, warn
from ooms.outcomes import RESOURCE_QUANTITIES, Event, Quantity, parse_quantity
from ooms.outcomes.spans import LONGEST, counted

if TYPE_CHECKING:
    from ooms.forecasting.request import Request

__all__ = ["asked", "is_not_asked", "moved_only", "relevant", "warned"]

_NAME = "not-asked: "
_RESOURCES = frozenset(name for quantity in RESOURCE_QUANTITIES for name in parse_quantity(quantity).needs)
_AT_ONCE = frozenset({ACCELERATION, LABOUR_SHARE, MAX_SPEED, SPEED_UP})
_ALL = PATH | _AT_ONCE | _RESOURCES | {UNIT, YEARS}

_QUESTIONS: tuple[tuple[frozenset[str], str, str], ...] = (
    (_RESOURCES, "what progress would cost in hardware alone", f'"{RESOURCE_QUANTITIES[1]}"'),
    (PATH, "what comes after the start", '"5 ooms in 1 year"'),
    (frozenset({YEARS}), "answers in years of progress", '"3 years in 1 year"'),
    (frozenset({UNIT}), "answers in doublings", '"33.2 doublings in 1 year"'),
)


def relevant(events: Iterable[Event], quantities: Iterable[Quantity]) -> frozenset[str]:
    """The readings (`ooms.beliefs.probe`) that answers depend on.

    Examples
    --------
    >>> from ooms.outcomes import parse_event, parse_quantity
    >>> sorted(relevant([parse_event("accelerates at the start")], [parse_quantity("max speed")]))
    ['acceleration at the start', 'max speed']
    >>> sorted(relevant([parse_event("3 years in 1 year")], []) - relevant([parse_event("5 ooms in 1 year")], []))
    ['years of progress']
    """
    found = set[str]()
    for event in events:
        units = {"years": {YEARS}, "doublings": {UNIT}}.get(event.unit, set[str]())
        if event.at_start:
            found.add(event.bound.quantity.name if event.bound else ACCELERATION)
        else:
            found |= PATH | units
    for quantity in quantities:
        found |= {quantity.name} if quantity.name in _AT_ONCE else PATH
        found |= {*quantity.needs} | ({YEARS} if quantity.name.startswith("years of progress") else set())
        found |= {UNIT} if quantity.name.startswith("time of doubling") else set()
    return frozenset(found)


def moved_only(moves: Collection[str]) -> tuple[str, str]:
    """What readings stand for that no answer asked for depends on, and what to ask, in words.

    Examples
    --------
    >>> moved_only({"years of progress"})
    ('answers in years of progress', '"3 years in 1 year"')
    """
    for names, what, ask in _QUESTIONS:
        if not names.isdisjoint(moves):
            return what, ask
    return f"the {min(moves)}", f'"{min(moves)}"'


def warned(view: View, events: Iterable[Event], quantities: Iterable[Quantity]) -> View:
    """The view, with a named warning of each what-if that moves something, but nothing that is asked."""
    asked = [*events], [*quantities]
    if not any(isinstance(layer, WhatIf) for layer in view.layers):
        return view
    layers, before = Layers(view), (text for text in view.warnings if not is_not_asked(text))  # of other questions
    told = (f"{_NAME}{text}" for text in (*_elsewhere(layers, relevant(*asked)), *_later(layers, *asked)))
    return replace(view, warnings=(*before, *told))


def is_not_asked(warning: str) -> bool:
    """Whether a named warning is of this kind."""
    return warning.startswith(_NAME)


def asked(view: View, request: Request) -> View:
    """The same, with each of these warnings issued, for whoever called the caller."""
    found = warned(view, request.events, request.quantities)
    for text in found.warnings:
        if text not in view.warnings:
            warn(text)
    return found


def _elsewhere(layers: Layers, asked: frozenset[str]) -> Iterator[str]:
    """What-ifs that move readings which no answer depends on."""
    for layer, one in layers.what_ifs((_ALL | DESCRIPTIVE) - asked | DESCRIPTIVE):
        if one.moves.isdisjoint(asked) and not one.moves <= DESCRIPTIVE:
            what, ask = moved_only(one.moves)
            moves = "moves" if len(one.names) == 1 else "move"
            yield f"{written_items(one.names, layer)} {moves} only {what}; ask for {ask} to see it"


_SHOCK = ("hardware_shock", "hardware_shock_year")
"""What acts from a date on."""


def _later(layers: Layers, events: Sequence[Event], quantities: Sequence[Quantity]) -> Iterator[str]:
    """What-ifs that act only after all that is asked, as without them nothing acts before either."""
    until = max((one.until for one in (*events, *quantities)), default=0.0)
    date = _shocked(layers.view)
    if until > 0.0 and until <= date < math.inf:
        for layer, items, without in layers.less(_SHOCK):
            moves = effect(layers.whole, without)
            if _shocked(without) >= until and (moves is None or not moves <= DESCRIPTIVE):
                act, ask = "acts" if len(items) == 1 else "act", f"ooms after {_years(min(2.0 * date, LONGEST))}"
                what = f"{written_items(items, layer)} {act} only after {_years(until)}, all that is asked"
                yield f'{what}; ask for "{ask}" to see it'


def _years(number: float) -> str:
    return counted(float(f"{number:.3g}"), "year")


def _shocked(view: View) -> float:
    """Years from the start before which no shock comes."""
    year = view.beliefs.get("hardware_shock_year")
    return math.inf if year is None else year.marginal.support()[0]
