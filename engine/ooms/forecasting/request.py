"""What is asked of the model, read and checked once, at the door, and carried whole from there on."""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, Event, Quantity, parse_event, parse_quantity
from ooms.problems import Problems, UserError
from ooms.progress import SILENT, Meter, Progress, meter_of

__all__ = ["DEFAULT_DRAWS", "Request", "read_request", "whole"]

DEFAULT_DRAWS = 2**17

_FEWEST, _MOST = 2**8, 2**36

_LONGEST = 4096
"""Bits of a seed: more than anyone draws, and short enough to be written out."""

_MOST_ASKED = 256
"""Events, and quantities: each takes a pass's time and room of its own."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, checked, and how it is worked out. Made by `read_request`.

    Parameters
    ----------
    events, quantities : tuple
        What is worked out and shown, each once.
    draws, seed : int
        From which draws.
    threads : int
        Numbers do not depend on it.
    keep : bool
        Whether every draw's inputs and outcomes are kept.
    progress : Meter
        Shows how many draws are done.

    Examples
    --------
    >>> request = read_request(Problems(), events=["5 ooms in 1 year"], quantities=[], draws=2**10)
    >>> request.asking(["3 ooms in 1 year"]).event_names, request.draws
    (('3 ooms in 1 year',), 1024)
    """

    events: tuple[Event, ...]
    quantities: tuple[Quantity, ...]
    draws: int
    seed: int
    threads: int
    keep: bool = False
    progress: Meter = field(default=SILENT, compare=False, repr=False)

    @property
    def event_names(self) -> tuple[str, ...]:
        """The events as they are written."""
        return tuple(event.text for event in self.events)

    @property
    def quantity_names(self) -> tuple[str, ...]:
        """The quantities as they are written."""
        return tuple(quantity.name for quantity in self.quantities)

    def asking(self, events: Iterable[str] = (), quantities: Iterable[str] = ()) -> Request:
        """Other questions to the same draws."""
        asked = {event.text: event for event in map(parse_event, events)}
        wanted = {quantity.name: quantity for quantity in map(parse_quantity, quantities)}
        return replace(self, events=tuple(asked.values()), quantities=tuple(wanted.values()))

    def part(self, number: int, parts: int) -> Request:
        """One of several equal parts of the work, whose progress is told as progress of the whole."""
        return replace(self, progress=self.progress.part(number, parts))


def read_request(
    problems: Problems,
    *,
    events: Iterable[str] = DEFAULT_EVENTS,
    quantities: Iterable[str] = DEFAULT_QUANTITIES,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    threads: int | None = None,
    keep: bool = False,
    progress: Progress | None = None,
) -> Request:
    """What was asked, with everything that is wrong with it added to `problems`.

    Parameters
    ----------
    problems : Problems
        Collects.
    events, quantities, draws, seed, threads, keep, progress
        As for `ooms.forecast`.
    """
    if whole("draws", draws, problems) and not (_FEWEST <= draws <= _MOST and draws & (draws - 1) == 0):
        near = 2 ** min(max(8, round(math.log2(max(draws, 1)))), 36)
        what = f"draws = {draws} is not a power of two from {_FEWEST} to 2**36; quasi-random points need one to be even"
        problems.add("draws", what, f"give {near}")
    if whole("seed", seed, problems):
        if seed < 0:
            problems.add("seed", f"seed = {seed} is negative", "give 0 or more")
        elif (bits := int(seed).bit_length()) > _LONGEST:
            what = f"a seed of {bits:,} bits is longer than is of any use"
            problems.add("seed", what, f"give one of at most {_LONGEST:,} bits")
    if threads is not None and whole("threads", threads, problems) and threads < 1:
        problems.add("threads", f"threads = {threads} is no number of threads", "give 1 or more")
    # asked for twice, it is answered once
    asked = {event.text: event for event in _all(parse_event, events, problems)}
    wanted = {quantity.name: quantity for quantity in _all(parse_quantity, quantities, problems)}
    for name, count in (("event", len(asked)), ("quantity", len(wanted))):
        if count > _MOST_ASKED:
            what = f"{count:,} different ones are asked for, more than {_MOST_ASKED}"
            problems.add(name, what, "ask for fewer, or in several runs: the draws are the same")
    if problems.found:
        draws, seed, threads = DEFAULT_DRAWS, 0, None  # nothing is run with them
    else:
        draws, seed = int(draws), int(seed)
    workers = (os.cpu_count() or 1) if threads is None else int(threads)
    return Request(tuple(asked.values()), tuple(wanted.values()), draws, seed, workers, keep, meter_of(progress))


def whole(name: str, value: object, problems: Problems) -> bool:
    """Whether an argument is a whole number; if not, that is added to `problems`. Nothing is rounded."""
    if not isinstance(value, bool) and isinstance(value, numbers.Integral):  # NumPy's too
        return True
    problems.add(name, f"{name} = {value!r} is not a whole number", "give an int")
    return False


def _all[T](parse: Callable[[str], T], texts: Iterable[str], problems: Problems) -> tuple[T, ...]:
    found: list[T] = []
    for text in [texts] if isinstance(texts, str) else texts:
        try:
            found.append(parse(text))
        except UserError as error:
            problems.extend(error.problems)
    return tuple(found)
