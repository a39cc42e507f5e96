"""From views, calibrations and studies to a report: the one orchestrator."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import ooms
from ooms.beliefs.reader import load
from ooms.beliefs.view import View
from ooms.comparing.compare import COMPARED_EVENTS, COMPARED_QUANTITIES, Comparison, compared
from ooms.documents.comparison import debate
from ooms.documents.document import Document, Figure, Section
from ooms.documents.forecast import QUANTITIES, answer
from ooms.documents.glossary import made, meanings, works
from ooms.documents.pictures import drivers, outcomes
from ooms.documents.view import beliefs
from ooms.files.library import shipped
from ooms.files.writing import check_place
from ooms.files.writing_together import write_together
from ooms.forecasting.forecast import Forecast, worked
from ooms.forecasting.request import DEFAULT_DRAWS, Request, read_request
from ooms.forecasting.unasked import asked
from ooms.outcomes import DEFAULT_EVENTS, HEADLINE, parse_event
from ooms.pictures.registry import pictures_of
from ooms.problems import Problems, UserError
from ooms.progress import Progress
from ooms.writers.explorer import explorer
from ooms.writers.subjects import Subjects, read_subjects

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.calibrating.calibration import Calibration

__all__ = ["ENDINGS", "Report", "check_report", "read_date", "report"]

_COMPARED_DRAWS, _BRIEF_DRAWS = 2**15, 2**13  # of each position
_FEW = 4  # positions that a subtitle names


def _html(document: Document) -> bytes:
    from ooms.writers.html import html

    return html(document).encode("utf-8", "replace")


def _markdown(document: Document) -> bytes:
    from ooms.writers.markdown import markdown

    return markdown(document).encode("utf-8", "replace")


def _pdf(document: Document) -> bytes:
    from ooms.writers.pdf import pdf

    return pdf(document)


_FORMATS: Mapping[str, Callable[[Document], bytes]] = {".html": _html, ".pdf": _pdf, ".md": _markdown}

ENDINGS = tuple(_FORMATS)
"""Of the files that a report can be written to."""


def check_report(path: Path, place: str, problems: Problems) -> None:
    """Add what speaks against writing a report there to `problems`."""
    if path.suffix.lower() not in ENDINGS:
        what = f"the ending {path.suffix!r} is no report's" if path.suffix else "has no ending that says which format"
        problems.add(place, what, f"use one of: {', '.join(ENDINGS)}")
    check_place(path, problems, place)


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


@dataclass(frozen=True)
class Report:
    """A report, ready to be written. Made by `ooms.report`.

    Parameters
    ----------
    document : Document
        What it says, as plain data.
    """

    document: Document

    @cached_property
    def html(self) -> str:
        """One page that opens without a network."""
        return _html(self.document).decode()

    @cached_property
    def markdown(self) -> str:
        """Text for pasting into a post."""
        return _markdown(self.document).decode()

    def save(self, *paths: str | Path) -> None:
        """Write it as .html, .pdf or .md: all files whole, or none.

        Raises
        ------
        UserError
            The ending is another, or the file cannot be written.
        """
        problems, files = Problems(), [Path(path) for path in paths]
        for path in files:
            check_report(path, str(path), problems)
        problems.raise_if_any()
        contents = {path: _FORMATS[path.suffix.lower()](self.document) for path in files}
        write_together({path: partial(_write, content) for path, content in contents.items()})


def report(
    *subjects: View | Calibration | Dataset | str | Path,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    threads: int | None = None,
    events: Sequence[str] = DEFAULT_EVENTS,
    brief: bool = False,
    author: str = "",
    date: date | str | None = None,
    command: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """A document with everything about a view, a calibration or a study, and views side by side.

    Of several views the range of their answers comes first; then the first view, or calibrated view, is shown in full,
    and readers of the HTML can choose among its draws.

    Parameters
    ----------
    *subjects : View, Calibration, Dataset, str or Path
        Views, calibrations and stores of studies, or their names and paths.
    draws, seed, threads : int
        As for `ooms.forecast`, for the view that is shown in full. Views side by side have at most 32,768 draws each,
        in a brief at most 8,192.
    events : sequence of str
        What the first table gives the probabilities of; a brief answers the first.
    brief : bool
        Whether to give one page that stands alone, with the published positions beside a single view.
    author : str
        Who makes it.
    date : date or str, optional
        What day it is made, such as ``"2026-11-29"``. Default: the day of the environment's ``SOURCE_DATE_EPOCH``, or
        else today.
    command : str, optional
        What makes the same report again; a command line unless given.
    progress : callable, optional
        Told (draws done, draws) from time to time.

    Raises
    ------
    UserError
        Everything that is wrong with what was asked.

    Examples
    --------
    >>> import ooms
    >>> made = ooms.report("davidson-2025", draws=2**10)
    >>> "at least 5 OOMs" in made.markdown
    True
    """
    problems = Problems()
    request = read_request(problems, events=events, draws=draws, seed=seed, threads=threads, progress=progress)
    day = read_date(date, "date", problems)
    known = read_subjects(subjects, problems)
    problems.raise_if_any()
    options = ["--brief"] if brief else []
    for option, value in (("--author", author), ("--date", date)):
        options += [option, str(value)] if value else []
    asked = _Asked(known, request, brief, author, problems.sound(day), command or _command(known, request, options))
    return Report(asked.document)


def read_date(value: date | str | None, place: str, problems: Problems) -> date | None:
    """The day a report is made: as given, or else that of ``SOURCE_DATE_EPOCH`` (reproducible-builds.org), or today."""
    if isinstance(value, date):
        return value
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if value is None:
        return datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdecimal() else date.today()
    try:
        return date.fromisoformat(value)
    except ValueError:
        problems.add(place, f"{value!r} is no day", "write it as 2026-11-29")
        return None


def _command(known: Subjects, request: Request, options: Sequence[str]) -> str:
    """The command line that makes the same report; where there is none, because views were changed apart, a note."""
    changes = {view.changes for view in known.views.values()}
    if len(changes) > 1 or len(set(known.names)) < len(known.names):
        return f"made in Python by ooms.report, of: {'; '.join([*known.views, *known.studies])}"
    parts = ["ooms", "report", *known.names, *options]
    for change in next(iter(changes), ()):
        parts += ["--set", change]
    if request.draws != DEFAULT_DRAWS:
        parts += ["--draws", str(request.draws)]
    if request.seed:
        parts += ["--seed", str(request.seed)]
    for event in request.event_names if request.event_names != DEFAULT_EVENTS else ():
        parts += ["--event", event]
    return shlex.join([*parts, "-o", "report.html"])


@dataclass(frozen=True)
class _Asked:
    """What a report is to say, and who makes it when."""

    known: Subjects
    request: Request
    brief: bool
    author: str
    day: date
    command: str

    @property
    def document(self) -> Document:
        """The report as plain data."""
        sections = self._brief() if self.brief else self._full()
        return Document(
            self._title,
            self._subtitle,
            [section for section in sections if section.blocks],
            self.command,
            author=self.author,
            date=self.day.isoformat(),
            byline=self._byline,
            one_page=self.brief,
        )

    @cached_property
    def views(self) -> list[View]:
        """Those that are named, and the posteriors of calibrations."""
        return list(self.known.views.values())

    @property
    def _title(self) -> str:
        if not self.views:
            return next(iter(self.known.studies.values())).attrs.get("title") or "A study"
        if len(self.views) == 1 and not self.brief:
            return f"How likely is a software intelligence explosion, on the assumptions of {self.views[0].position}?"
        return "How likely is a software intelligence explosion?"

    @property
    def _subtitle(self) -> str:
        changed = dict.fromkeys(f"What if: {'; '.join(view.changes)}." for view in self.views if view.changes)
        if len(self.views) == 1:
            parts = [f"{title}{'' if title[-1] in '.?!' else '.'}" for title in [self.views[0].title] if title]
        else:
            few = f": {'; '.join(view.position for view in self.views)}" if len(self.views) <= _FEW else ""
            parts = [f"{len(self.views)} positions{few}."] if self.views else []
        named = self.known.studies.items()
        studies = [f"Study: {data.attrs.get('title') or name}." for name, data in named if self.views or len(named) > 1]
        return " ".join([*parts, *changed, *studies])

    @property
    def _byline(self) -> str:
        day = f"{self.day.day} {self.day:%B %Y}"
        parts = [self.author, day, f"ooms {ooms.__version__}"]
        if self.views:
            draws = min(self.request.draws, _BRIEF_DRAWS) if self.brief else self.request.draws
            parts.append(f"{draws:,} simulated futures, seed {self.request.seed}")
        else:
            data = next(iter(self.known.studies.values()))
            if "draws" in data.attrs:
                parts.append(f"{int(data.attrs['draws']):,} simulated futures a combination, seed {data.attrs['seed']}")
        return " \u00b7 ".join(filter(None, parts))

    def _full(self) -> list[Section]:
        known, request, views = self.known, self.request, self.views
        sections = list[Section]()
        first = _worked_in_full(views[0], request.part(0, len(views))) if views else None
        if first is not None:
            whole = answer(first, request.event_names)
            if len(views) > 1:
                from ooms.documents.brief import positions_figure, spread

                beside = _compared(known.views, request, COMPARED_QUANTITIES)
                main = next(iter(known.views))
                blocks = [*spread(beside, main, HEADLINE), positions_figure(beside, main, HEADLINE)]
                whole = replace(whole, name="first", title=f"One position in full: {first.view.position}")
                sections += [Section("answer", "The answer", blocks), debate(beside)]
            sections += [whole, *_explore(first), outcomes(first), beliefs(first), drivers(first)]
        for number, (name, calibration) in enumerate(known.calibrations.items(), 1):
            from ooms.documents.calibration import surveys

            sections.append(surveys(name, calibration, number))
        for number, (name, data) in enumerate(known.studies.items(), 1):
            from ooms.documents.study import study

            sections.append(study(name, data, number))
        sources = [works(first.view)] if first is not None else _studied(known)
        return [*sections, meanings(first), *sources, made(first, self.command, self.day.isoformat())]

    def _brief(self) -> list[Section]:
        from ooms.documents import brief

        if not self.views:
            name, data = next(iter(self.known.studies.items()))
            from ooms.documents.study import study

            figures = [block for block in study(name, data, 1).blocks if isinstance(block, Figure)]
            return brief.study_brief(name, data, figures, self.command)
        named = dict(self.known.views)
        others = [load(name) for name in shipped()] if len(named) == 1 else []
        shown = dict(named)
        for view in others:
            if view not in named.values():
                shown[f"{view.label} as published" if view.label in named else view.label] = view
        main, event = next(iter(named)), parse_event(self.request.event_names[0]).text
        request = replace(self.request.asking([event]), draws=min(self.request.draws, _BRIEF_DRAWS))
        return brief.brief(
            _compared(shown, request, ()), main, event, named=len(named),
            calibration=next(iter(self.known.calibrations.values()), None), command=self.command,
        )  # fmt: skip


def _studied(known: Subjects) -> list[Section]:
    """What the views of studies rest on, those that are found by their names."""
    columns = [data["view"].to_numpy() for data in known.studies.values() if "view" in data.coords]
    names = dict.fromkeys(str(name) for column in columns for name in np.ravel(column))
    views: list[View] = []
    for name in names:
        with suppress(UserError):
            views.append(load(name))
    return [works(*views)] if views else []


def _explore(full: Forecast) -> list[Section]:
    return [Section("explore", "Try other assumptions", (explorer(full),))] if full.inputs else []


def _worked_in_full(view: View, request: Request) -> Forecast:
    """The forecast with everything that the report shows of it, in one pass."""
    pictures = [entry.picture for entry in pictures_of("a view").values()]
    whole = request.asking(
        [*request.event_names, HEADLINE, *(e for picture in pictures for e in picture.events)],
        [*QUANTITIES, *(q for picture in pictures for q in picture.quantities)],
    )
    return worked(asked(view, whole), replace(whole, keep=request.draws <= DEFAULT_DRAWS))


def _compared(views: Mapping[str, View], request: Request, quantities: Sequence[str]) -> Comparison:
    """All views, with as many draws each."""
    beside = request.asking(COMPARED_EVENTS if quantities else request.event_names, quantities)
    beside = replace(beside, draws=min(request.draws, _COMPARED_DRAWS))
    return compared({label: asked(view, beside) for label, view in views.items()}, beside)
