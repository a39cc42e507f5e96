"""What-ifs that move only what is not asked: which readings of the equation an answer depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ooms.beliefs.inert import DESCRIPTIVE, Layers, written_items
from ooms.beliefs.probe import ACCELERATION, LABOUR_SHARE, MAX_SPEED, PATH, SPEED_UP, UNIT, YEARS
from ooms.beliefs.view import View
from ooms.outcomes import RESOURCE_QUANTITIES, Event, Quantity, parse_quantity

__all__ = ["moved_only", "relevant", "warned"]

_RESOURCES = frozenset(name for quantity in RESOURCE_QUANTITIES for name in parse_quantity(quantity).needs)
_AT_ONCE = frozenset({ACCELERATION, LABOUR_SHARE, MAX_SPEED, SPEED_UP})
_ALL = PATH | _AT_ONCE | _RESOURCES | {UNIT, YEARS}

_QUESTIONS: tuple[tuple[frozenset[str], str, str], ...] = (
    (_RESOURCES, "what progress would cost in hardware alone", "--resources"),
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
        found |= {ACCELERATION} if event.is_acceleration else PATH | units
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
    asked = relevant(events, quantities)
    told: list[str] = []
    for layer, one in Layers(view).what_ifs((_ALL | DESCRIPTIVE) - asked | DESCRIPTIVE):
        if one.moves.isdisjoint(asked) and not one.moves <= DESCRIPTIVE:
            what, ask = moved_only(one.moves)
            moves = "moves" if len(one.names) == 1 else "move"
            told.append(f"not-asked: {written_items(one.names, layer)} {moves} only {what}; ask for {ask} to see it")
    return replace(view, warnings=(*view.warnings, *told)) if told else view
