"""From views, calibrations and studies to a report: the one orchestrator."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ooms.beliefs.reader import load
from ooms.beliefs.view import View
from ooms.comparing.compare import COMPARED_EVENTS, COMPARED_QUANTITIES, Comparison, compared
from ooms.documents.comparison import debate
from ooms.documents.document import Document, Section
from ooms.documents.forecast import QUANTITIES, answer
from ooms.documents.glossary import made, meanings, works
from ooms.documents.pictures import drivers, outcomes
from ooms.documents.view import beliefs
from ooms.files.writing import check_place
from ooms.files.writing_together import write_together
from ooms.forecasting.forecast import Forecast, worked
from ooms.forecasting.request import DEFAULT_DRAWS, Request, read_request
from ooms.forecasting.unasked import asked
from ooms.outcomes import DEFAULT_EVENTS, HEADLINE
from ooms.pictures.registry import pictures_of
from ooms.problems import Problems, UserError
from ooms.progress import Progress
from ooms.writers.explorer import explorer
from ooms.writers.subjects import Subjects, read_subjects

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.calibrating.calibration import Calibration

__all__ = ["ENDINGS", "Report", "check_report", "report"]

_COMPARED_DRAWS = 2**15


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
    command: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """A document with everything about a view, a calibration or a study, and views side by side.

    The first view, or calibrated view, is shown in full, and readers of the HTML can choose among its draws; all views
    are then shown side by side.

    Parameters
    ----------
    *subjects : View, Calibration, Dataset, str or Path
        Views, calibrations and stores of studies, or their names and paths.
    draws, seed, threads : int
        As for `ooms.forecast`, for the view that is shown in full. Views side by side have at most 32,768 draws each.
    events : sequence of str
        What the first table gives the probabilities of.
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
    >>> found = ooms.report("davidson-2025", draws=2**10)
    >>> "at least 5 OOMs" in found.markdown
    True
    """
    problems = Problems()
    request = read_request(problems, events=events, draws=draws, seed=seed, threads=threads, progress=progress)
    known = read_subjects(subjects, problems)
    problems.raise_if_any()
    return Report(_document(known, request, command or _command(known, request)))


def _command(known: Subjects, request: Request) -> str:
    """The command line that makes the same report; where there is none, because views were changed apart, a note."""
    changes = {view.changes for view in known.views.values()}
    if len(changes) > 1 or len(set(known.names)) < len(known.names):
        return f"made in Python by ooms.report, of: {'; '.join([*known.views, *known.studies])}"
    parts = ["ooms", "report", *known.names]
    for change in next(iter(changes), ()):
        parts += ["--set", change]
    if request.draws != DEFAULT_DRAWS:
        parts += ["--draws", str(request.draws)]
    if request.seed:
        parts += ["--seed", str(request.seed)]
    for event in request.event_names if request.event_names != DEFAULT_EVENTS else ():
        parts += ["--event", event]
    return shlex.join([*parts, "-o", "report.html"])


def _document(known: Subjects, request: Request, command: str) -> Document:
    sections: list[Section] = []
    views, parts = list(known.views.values()), max(len(known.views), 1)
    full = _full(views[0], request.part(0, parts)) if views else None
    if full is not None:
        sections += [answer(full, request.event_names), *_explore(full), outcomes(full), beliefs(full), drivers(full)]
    if len(views) > 1:
        sections.append(debate(_compared(known.views, request)))
    for number, (name, found) in enumerate(known.calibrations.items(), 1):
        from ooms.documents.calibration import surveys

        sections.append(surveys(name, found, number))
    for number, (name, data) in enumerate(known.studies.items(), 1):
        from ooms.documents.study import study

        sections.append(study(name, data, number))
    if full is not None:
        sections += [meanings(full), works(full.view), made(full, command)]
    else:
        sections += [meanings(None), *_studied(known), made(None, command)]
    kept = [section for section in sections if section.blocks]
    return Document(_title(known), _subtitle(known, request), kept, command)


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
    return [Section("explore", "Question it", (explorer(full),))] if full.inputs else []


def _full(view: View, request: Request) -> Forecast:
    """The forecast with everything that the report shows of it, in one pass."""
    pictures = [entry.picture for entry in pictures_of("a view").values()]
    whole = request.asking(
        [*request.event_names, HEADLINE, *(e for picture in pictures for e in picture.events)],
        [*QUANTITIES, *(q for picture in pictures for q in picture.quantities)],
    )
    return worked(asked(view, whole), replace(whole, keep=request.draws <= DEFAULT_DRAWS))


def _compared(views: Mapping[str, View], request: Request) -> Comparison:
    """All views, with as many draws each."""
    beside = request.asking(COMPARED_EVENTS, COMPARED_QUANTITIES)
    beside = replace(beside, draws=min(request.draws, _COMPARED_DRAWS))
    return compared({label: asked(view, beside) for label, view in views.items()}, beside)


def _title(known: Subjects) -> str:
    views = list(known.views.values())
    if views and len(known.names) == 1:
        return views[0].title or views[0].label
    if known.studies and not views:
        return next(iter(known.studies.values())).attrs.get("title") or "A study"
    return "How likely is a software intelligence explosion?"


def _subtitle(known: Subjects, request: Request) -> str:
    seed = f" Seed {request.seed}." if known.views else ""
    return f"A forecast report by ooms: {', '.join(known.names)}.{seed}"
