"""What is shipped, and what can be asked: views, surveys, studies, events, quantities, parameters.

The command line and the library list the same facts, which are these.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ooms.listing import Listing

__all__ = ["events", "parameters", "quantities", "studies", "surveys", "views"]


class ViewEntry(NamedTuple):
    """A shipped view: its name, title, number of options and what it was published as."""

    name: str
    title: str
    options: int
    source: str


class SurveyEntry(NamedTuple):
    """A shipped survey: its items, who answered, what it informs by which likelihood, and whether it is fitted."""

    name: str
    title: str
    items: int
    n: str
    informs: str
    likelihood: str
    grade: str
    fitted: bool


class StudyEntry(NamedTuple):
    """A shipped study: its name, title and number of cells."""

    name: str
    title: str
    cells: int
    description: str


class EventEntry(NamedTuple):
    """An event that can be asked, what it means, and whether it is asked unless others are."""

    name: str
    description: str
    default: bool


class QuantityEntry(NamedTuple):
    """A quantity that can be asked, its unit, what an infinite value means, whether it is asked unless others are."""

    name: str
    unit: str
    infinite: str
    default: bool


class ParameterEntry(NamedTuple):
    """A parameter: its name, symbol, unit, domain, value where a view says nothing, group and meaning."""

    name: str
    symbol: str
    unit: str
    domain: str
    default: float | None
    group: str
    description: str


def views() -> Listing[ViewEntry]:
    """The shipped views, and those that were calibrated against surveys.

    Examples
    --------
    >>> views()["davidson-2025"].title
    'Davidson (2025): will compute bottlenecks prevent a software intelligence explosion?'
    """
    from ooms.beliefs.changes import unwarned
    from ooms.beliefs.reader import load
    from ooms.files.library import shipped, shipped_calibrations

    with unwarned():
        given = [(name, load(name)) for name in (*shipped(), *shipped_calibrations())]
    rows = (ViewEntry(name, view.title, len(view.options), view.citation) for name, view in given)
    return Listing("views", ViewEntry._fields, tuple(rows))


def surveys() -> Listing[SurveyEntry]:
    """The shipped surveys: who answered, what their answers inform, and by which likelihood.

    Examples
    --------
    >>> surveys()["compute-polls"].n
    '6-185'
    """
    from ooms.calibrating.surveys import load_survey, shipped_surveys

    def entry(name: str) -> SurveyEntry:
        survey = load_survey(name)
        items = tuple(survey.items.values())
        return SurveyEntry(
            name,
            survey.title,
            len(items),
            _ends(sorted(item.n for item in items if item.n is not None)),
            _once(item.link.words for item in items if item.link),
            _once(item.likelihood.kind for item in items if item.likelihood),
            "".join(sorted({item.grade for item in items})),
            survey.fitted,
        )

    return Listing("surveys", SurveyEntry._fields, tuple(map(entry, shipped_surveys())))


def _ends(values: list[int]) -> str:
    """``6``, ``6-185``, or nothing for none."""
    return "-".join(map(str, dict.fromkeys((values[0], values[-1])))) if values else ""


def _once(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))


def studies() -> Listing[StudyEntry]:
    """The shipped studies.

    Examples
    --------
    >>> studies()["map"].cells
    1000
    """
    from ooms.batch.study import load_study, shipped_studies

    given = [(name, load_study(name)) for name in shipped_studies()]
    rows = (StudyEntry(name, study.title, study.size, " ".join(study.description.split())) for name, study in given)
    return Listing("studies", StudyEntry._fields, tuple(rows))


_EVENTS = {
    "5 ooms in 1 year": "5 orders of magnitude of effective compute from software, within the first year",
    "3 years in 1 year": "as much progress as 3 recent years brought, within the first year",
    "10 years in 1 year": "as much progress as 10 recent years brought, within the first year",
    "accelerates at the start": "progress speeds itself up at the start",
    "3 years in 4 months anywhere": "the fastest stretch counts, wherever it comes",
    "5 ooms in 1 year anywhere within 4 years": "the fastest stretch of the first 4 years counts",
    "5 doublings in 1 year": "doublings of labour-equivalent software",
    "max speed above 10": "unlimited labour makes research over 10 times as fast; below 10 is the opposite",
}
"""One of each form; any numbers and spans can stand in them."""


def events() -> Listing[EventEntry]:
    """Events that can be asked: one of each form, with any numbers and spans of time.

    Examples
    --------
    >>> [event.name for event in events() if event.default]
    ['5 ooms in 1 year', '3 years in 1 year', '10 years in 1 year', 'accelerates at the start']
    """
    from ooms.outcomes import DEFAULT_EVENTS

    rows = (EventEntry(name, meaning, name in DEFAULT_EVENTS) for name, meaning in _EVENTS.items())
    return Listing("events", EventEntry._fields, tuple(rows))


def quantities() -> Listing[QuantityEntry]:
    """Quantities that can be asked: those asked unless others are, and others of each form.

    Examples
    --------
    >>> quantities()["time to 5 ooms"].unit
    'years'
    """
    from ooms.outcomes import DEFAULT_QUANTITIES, RESOURCE_QUANTITIES, parse_quantity

    given = map(parse_quantity, (*DEFAULT_QUANTITIES, "time of doubling 5", *RESOURCE_QUANTITIES))
    rows = (QuantityEntry(q.name, q.unit, q.endless, q.name in DEFAULT_QUANTITIES) for q in given)
    return Listing("quantities", QuantityEntry._fields, tuple(rows))


def parameters() -> Listing[ParameterEntry]:
    """Every parameter that a prior file may state: those of the equation, then other ways to state some of them.

    Examples
    --------
    >>> parameters()["rho"].domain
    '(-inf, 1)'
    """
    from ooms.parameters import known, known_names

    rows = (
        ParameterEntry(p.name, p.symbol, p.unit, p.domain(), p.neutral, p.group, p.meaning)
        for p in map(known, known_names())
    )
    return Listing("parameters", ParameterEntry._fields, tuple(rows))
