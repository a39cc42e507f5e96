"""One question under every reading that the sources use: which returns, counted from where, and which progress.

"5 OOMs in under a year" is asked in the literature in ways that look alike and are not. Three choices are made, often
silently: whether `returns` is at fixed hardware (the compute adjustment) or is taken from returns to all research
input; whether the year starts at full automation, or is the fastest year on the way; and what is counted. Here each is
named, and none is mixed with another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ooms.beliefs.changes import unwarned
from ooms.beliefs.inert import switch_without_effect
from ooms.beliefs.reader import as_view
from ooms.beliefs.view import View
from ooms.comparing.compare import COMPARED_DRAWS
from ooms.forecasting.forecast import worked
from ooms.forecasting.request import Request, read_request
from ooms.problems import Problems
from ooms.progress import Progress
from ooms.results.credence import Estimate
from ooms.results.plain import event_entry, result

__all__ = ["MEASURES", "WINDOW", "Reading", "Readings", "readings", "readings_of", "readings_plain"]

MEASURES: Mapping[str, str] = {
    "5 ooms": "5 OOMs of effective training compute",
    "33.2 doublings": "the same in doublings of labour-equivalent software, where u = 2",
    "40 doublings": "the same where a year of progress is called 10x",
    "16.6 doublings": "5 OOMs of labour-equivalent software itself",
}
"""What is counted, and what it stands for."""

WINDOW = "1 year"
"""The time in which it has to come."""

_WHERE = {False: "from the start", True: "anywhere"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the question, and its answer.

    Parameters
    ----------
    adjusted : bool
        Whether `returns` is at fixed hardware (the compute adjustment is made).
    stated : bool
        Whether that is how the view itself has it.
    anywhere : bool
        Whether the fastest year on the way counts, instead of the first.
    measure : str
        What is counted (`MEASURES`).
    probability : Estimate
        The answer.
    """

    adjusted: bool
    stated: bool
    anywhere: bool
    measure: str
    probability: Estimate

    @property
    def returns(self) -> str:
        """Which returns: ``with the compute adjustment, as stated``."""
        return f"{'with' if self.adjusted else 'without'} the compute adjustment" + ", as stated" * self.stated

    @property
    def where(self) -> str:
        """``from the start`` or ``anywhere``."""
        return _WHERE[self.anywhere]

    @property
    def event(self) -> str:
        """The event that was asked: ``40 doublings in 1 year anywhere``."""
        return _event(self.measure, self.anywhere)


@dataclass(frozen=True)
class Readings:
    """The answers of one view under every reading. Made by `ooms.readings`.

    Parameters
    ----------
    view : View
        Whose.
    draws, seed : int
        How they were worked out.
    each : tuple of Reading
        All of them: returns by returns, from the start before anywhere, measures in their order.
    unadjusted : str
        Why the answers with and without the compute adjustment are the same; nothing where they are not.
    """

    view: View
    draws: int
    seed: int
    each: tuple[Reading, ...]
    unadjusted: str = ""

    def __iter__(self) -> Iterator[Reading]:
        return iter(self.each)

    def probability(self, measure: str, *, adjusted: bool, anywhere: bool) -> Estimate:
        """The answer under one reading.

        Parameters
        ----------
        measure : str
            One of `MEASURES`.
        adjusted, anywhere : bool
            With the compute adjustment or without; the fastest year on the way or the first.
        """
        (found,) = (r for r in self.each if (r.measure, r.adjusted, r.anywhere) == (measure, adjusted, anywhere))
        return found.probability

    def table(self) -> list[dict[str, Any]]:
        """A row a reading, in plain Python."""
        return [
            {
                "view": self.view.label,
                "returns": reading.returns,
                "where": reading.where,
                "event": reading.event,
                "probability": reading.probability.value,
                "standard_error": reading.probability.standard_error,
            }
            for reading in self.each
        ]


def readings_plain(found: Sequence[Readings]) -> dict[str, Any]:
    """Draws, seed, a row for every view and reading, and why readings of a view are the same, in plain form."""
    rows = [
        {"view": each.view.label, "returns": row.returns, "where": row.where, **event_entry(row.event, row.probability)}
        for each in found
        for row in each
    ]
    return result(
        "readings",
        draws=found[0].draws,
        seed=found[0].seed,
        warnings=[f"{each.view.name}: {warning}" for each in found for warning in each.view.warnings],
        unadjusted={each.view.name: each.unadjusted for each in found if each.unadjusted},
        readings=rows,
    )


def readings(
    view: View | str | Path,
    *,
    draws: int = COMPARED_DRAWS,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Readings:
    """Probability of 5 OOMs in a year under every reading that the sources use, each named.

    Without the compute adjustment the view's returns are taken as returns to all research input, and used as if they
    were at fixed hardware: r/(1 - a).

    Parameters
    ----------
    view : View, str or Path
        The view.
    draws, seed, threads, progress
        As for `ooms.forecast`.

    Examples
    --------
    >>> import ooms
    >>> found = readings("davidson-houlden-2025", draws=2**10)
    >>> str(found.probability("40 doublings", adjusted=True, anywhere=True))[:3]
    '0.4'
    >>> found.each[0].returns
    'with the compute adjustment, as stated'
    """
    problems = Problems()
    request = read_request(
        problems, events=(), quantities=(), draws=draws, seed=seed, threads=threads, progress=progress
    )
    return readings_of(problems.sound(as_view(view, problems)), request)


def readings_of(view: View, request: Request) -> Readings:
    """The same from the draws of a checked request."""
    request = request.asking(_event(measure, anywhere) for anywhere in _WHERE for measure in MEASURES)
    found: list[Reading] = []
    for k, adjusted in enumerate((True, False)):
        stated = view.compute_adjustment is adjusted
        with unwarned():  # of what-ifs: what one reading does not ask, another may
            read = view if stated else view.changed({"compute_adjustment": adjusted})
        forecast = worked(read, request.part(k, 2))
        found += [
            Reading(adjusted, stated, anywhere, measure, forecast.probability(_event(measure, anywhere)))
            for anywhere in _WHERE
            for measure in MEASURES
        ]
    return Readings(view, request.draws, request.seed, tuple(found), switch_without_effect(view, "compute_adjustment"))


def _event(measure: str, anywhere: bool) -> str:
    return f"{measure} in {WINDOW}" + " anywhere" * anywhere
