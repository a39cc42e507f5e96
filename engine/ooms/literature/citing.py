"""What to cite for a forecast: the works behind a view, from the parameters it uses, as text or as BibTeX.

A belief that a what-if or a later file replaced is no longer there, so its works are not cited; nor is what a view
leaves at its neutral value, nor what a variant switches off.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ooms
from ooms.beliefs.options import SWITCHES, Option
from ooms.beliefs.reader import load
from ooms.beliefs.references import Reference, one_line, shipped_references, unique_keys
from ooms.beliefs.view import Belief, BeliefWarning, View
from ooms.distributions.marginals import Fixed
from ooms.distributions.marginals.words import written
from ooms.problems import Problem, Problems, UserError, did_you_mean

__all__ = ["FORMATS", "Citations", "Work", "citations", "cite"]

FORMATS = ("text", "bibtex")
"""What `cite` can write."""

BY_THE_USER = "changed by the user"
"""The source of a belief that `View.replace` put in."""

_YEAR = 2026  # of this version of ooms

_COBB_DOUGLAS = {"rho": 0.0, "sigma": 1.0, "rho_long_run": 0.0, "rho_discrepancy": 0.0}
"""What bends the production function away from Cobb-Douglas, unless it has that value."""

_CEILINGS = ("max_speed", "labour_ceiling", "compute_ceiling")
"""What Cobb-Douglas does not have."""


@dataclass(frozen=True)
class Work:
    """A work to cite, and for what.

    Parameters
    ----------
    key : str
        Its key in `View.references` or the shipped references.
    reference : Reference
        The work itself.
    own : bool
        Whether the view as a whole comes from it.
    parameters : tuple of str
        Parameters whose beliefs it supports.
    judged : tuple of str
        Parameters about which somebody judged after it (grade J).
    methods : tuple of str
        Methods that the numbers rest on.
    """

    key: str
    reference: Reference
    own: bool = False
    parameters: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()

    @property
    def uses(self) -> tuple[str, ...]:
        """What it is cited for, in words: ``for rho, returns``."""
        parameters = [f"for {', '.join(self.parameters)}"] if self.parameters else []
        judged = [f"for a judgement of {', '.join(self.judged)}"] if self.judged else []
        return (*parameters, *judged, *(f"for {method}" for method in self.methods))


@dataclass(frozen=True)
class Citations:
    """Everything the numbers of a view rest on.

    Parameters
    ----------
    view : View
        The view.
    works : tuple of Work
        First those the view as a whole comes from, then those behind its parameters, then the methods.
    options : tuple of Option
        Those that are on.
    judgements : mapping of str to str
        Parameters of grade J, with what their source says.
    changed : tuple of str
        Beliefs and switches that are the user's own: ``rho = -0.4``.
    without_work : mapping of str to str
        Parameters whose source names no work, with what it says.
    """

    view: View
    works: tuple[Work, ...]
    options: tuple[Option, ...]
    judgements: Mapping[str, str]
    changed: tuple[str, ...]
    without_work: Mapping[str, str]

    @property
    def software(self) -> Reference:
        """The package itself, as a work."""
        return Reference(
            type="software",
            author=("The ooms authors",),
            title="ooms: Monte Carlo forecasts of a software intelligence explosion",
            year=_YEAR,
            version=ooms.__version__,
        )

    def text(self) -> str:
        """A reference list in plain text: each work once, and below it what it is cited for."""
        own = [line for work in self.works if work.own for line in _entry(work)]
        if not own and self.view.citation:
            own = [f"  {one_line(f'{self.view.citation} {self.view.url}')}"]
        behind = [w for w in self.works if not w.own and (w.parameters or w.judged)]
        methods = [w for w in self.works if not w.own and w not in behind]
        sections = {
            "The view": own,
            "Works behind its parameters": [line for work in behind for line in _entry(work)],
            "Methods": [line for work in methods for line in _entry(work)],
            "Software": [f"  {self.software.text()}", f"    for the numbers: {self._subject()}"],
            **{heading: [f"  {line}" for line in lines] for heading, lines in self._unpublished()},
        }
        return "\n\n".join("\n".join([heading, *lines]) for heading, lines in sections.items() if lines)

    def bibtex(self) -> str:
        """A BibTeX file: an entry for each work, what it is cited for as its annotation; the rest as comments."""
        comments = [f"% {one_line(f'What the numbers rest on: {self._subject()}')}"]
        if not any(work.own for work in self.works) and self.view.citation:
            comments += ["% The view", f"%   {one_line(f'{self.view.citation} {self.view.url}')}"]
        for heading, lines in self._unpublished():
            comments += [f"% {heading}", *(f"%   {line}" for line in lines)]
        *keys, own = unique_keys([*(work.key for work in self.works), "ooms"])
        # a view's own work may have nothing left that an option or a what-if has not replaced
        uses = ["; ".join(work.uses) or "for the view as a whole" for work in self.works]
        entries = [w.reference.bibtex(key, use) for w, key, use in zip(self.works, keys, uses, strict=True)]
        entries.append(self.software.bibtex(own, f"for the numbers: {self._subject()}"))
        # BibTeX takes an at sign for the start of an entry, even in a comment
        return "\n\n".join(["\n".join(comments).replace("@", "(at)"), *entries])

    def _subject(self) -> str:
        """``view davidson-2025, with rho = -0.4``."""
        changed = f", with {'; '.join(self.changed)}" if self.changed else ""
        return one_line(f"view {self.view.name}{changed}")

    def _unpublished(self) -> Iterator[tuple[str, list[str]]]:
        """What rests on no work, or not on one alone, under its headings."""
        options = [one_line(f"{option.name}: {option.title}. Source: {option.source}") for option in self.options]
        sections = {
            "Options that are on": options,
            "Changed by the user": list(self.changed),
            "Judgement (grade J)": [one_line(f"{name}: {source}") for name, source in self.judgements.items()],
            "Sources that name no work": [one_line(f"{name}: {source}") for name, source in self.without_work.items()],
        }
        return ((heading, lines) for heading, lines in sections.items() if lines)


def cite(view: str | Path | View, *, format: str = "text") -> str:
    """The works behind a view, from the parameters it uses, as text or as BibTeX.

    Parameters
    ----------
    view : str, Path or View
        A shipped view, a prior file, or a view that was changed.
    format : {"text", "bibtex"}
        A reference list to read, or a file for LaTeX.

    Raises
    ------
    UserError
        There is no such view or format, or the view's file is wrong.

    Examples
    --------
    >>> print(cite("davidson-houlden-2025").splitlines()[1])
      Davidson, T., & Houlden, T. (2025). How quick and big would a software intelligence explosion be? Forethought, \
4 August 2025. https://www.forethought.org/research/how-quick-and-big-would-a-software-intelligence-explosion-be
    """
    problems = Problems()
    check_format(format, problems)
    works = None
    try:
        works = citations(view)
    except UserError as error:
        problems.extend(error.problems)
    works = problems.sound(works)
    return works.bibtex() if format == "bibtex" else works.text()


def check_format(format: str, problems: Problems) -> None:
    """Add it to `problems` if there is no such format."""
    if format not in FORMATS:
        problems.add("format", f"{format!r} is no format of citations", did_you_mean(str(format), FORMATS))


def citations(view: str | Path | View) -> Citations:
    """The works behind a view and what each is cited for, and what rests on no work.

    Parameters
    ----------
    view : str, Path or View
        A shipped view, a prior file, or a view that was changed.

    Raises
    ------
    UserError
        There is no such view, its file is wrong, or it cites a work that nobody describes.

    Examples
    --------
    >>> import ooms
    >>> c = citations(ooms.load("davidson-houlden-2025").replace(rho=-0.4))
    >>> [work.key for work in c.works]
    ['davidson-houlden-2025', 'arrow-et-al-1961', 'joe-kuo-2008', 'matousek-1998']
    >>> c.changed
    ('rho = -0.4',)
    """
    if not isinstance(view, View):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BeliefWarning)
            view = load(view)
    used = {name: belief for name, belief in view.beliefs.items() if not _idle(name, view)}
    sourced = {name: belief for name, belief in used.items() if belief.source != BY_THE_USER}
    judged = {name: belief.source for name, belief in sourced.items() if belief.grade == "J"}
    without_work = {name: b.source for name, b in sourced.items() if not b.cites and name not in judged}
    options = tuple(view.options[name] for name in view.chosen if name in view.options)
    return Citations(view, _works(view, sourced), options, judged, tuple(_changes(view, used)), without_work)


def _works(view: View, beliefs: Mapping[str, Belief]) -> tuple[Work, ...]:
    known = {**shipped_references(), **view.references}
    problems = Problems()
    for place, keys in {"": view.cites, **{f".parameters.{name}": b.cites for name, b in beliefs.items()}}.items():
        for key in keys:
            if key not in known:
                problems.extend([Problem(f"{view.name}{place}", f"{key!r} is no reference", did_you_mean(key, known))])
    problems.raise_if_any()
    supported, judged, methods = (defaultdict[str, list[str]](list) for _ in range(3))
    for name, belief in beliefs.items():
        for key in dict.fromkeys(belief.cites):
            (judged if belief.grade == "J" else supported)[key].append(name)
    for key, method in _methods(view):
        methods[key].append(method)
    behind = sorted({*supported, *judged}, key=lambda key: known[key].text())
    return tuple(
        Work(key, known[key], key in view.cites, tuple(supported[key]), tuple(judged[key]), tuple(methods[key]))
        for key in dict.fromkeys([*view.cites, *behind, *methods])
    )


def _methods(view: View) -> Iterator[tuple[str, str]]:
    """The methods that the view's numbers rest on, each with the work it is from."""
    if any(_bends(name, belief) for name, belief in view.beliefs.items()):
        yield "arrow-et-al-1961", "the CES production function"
    if "rho_discrepancy" in view.beliefs and _bends("rho_discrepancy", view.beliefs["rho_discrepancy"]):
        yield "davidson-2025", "the doubt whether substitution holds far from what was measured"
    if view.routes:
        yield "davidson-2025", "several routes together"
    if view.retraining:
        yield "davidson-houlden-2025", "the retraining variant"
    yield "joe-kuo-2008", "the Sobol points that all draws come from"
    yield "matousek-1998", "their random scrambling, of which the errors come"


def _bends(name: str, belief: Belief) -> bool:
    """Whether a belief makes the production function more than Cobb-Douglas."""
    name = name.rpartition(".")[2]
    if name in _COBB_DOUGLAS:
        return belief.marginal != Fixed(_COBB_DOUGLAS[name])
    return name in _CEILINGS


def _idle(name: str, view: View) -> bool:
    """Whether the view says something that a variant of it does without."""
    return not view.declining_returns and name in ("software_limit", "software_limit_years")


def _changes(view: View, used: Mapping[str, Belief]) -> Iterator[str]:
    """What is the user's own now: beliefs as they stand, not every change on the way."""
    for name, belief in used.items():
        if belief.source == BY_THE_USER:
            marginal = belief.marginal
            yield f"{name} = {written(marginal.value)}" if isinstance(marginal, Fixed) else f"{name} ~ {marginal}"
    for name in SWITCHES:
        if any(change.startswith(f"{name} = ") for change in view.changes):
            yield f"{name} = {str(getattr(view, name)).lower()}"


def _entry(work: Work) -> list[str]:
    return [f"  {work.reference.text()}", *(f"    {use}" for use in work.uses)]
