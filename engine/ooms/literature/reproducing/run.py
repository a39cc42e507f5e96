"""Published numbers put to the model: one forecast for all that is asked of the same beliefs."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ooms.beliefs.reader import load
from ooms.beliefs.view import BeliefWarning, View
from ooms.files.library import find_with_options, views_folder
from ooms.forecasting.forecast import Forecast, worked
from ooms.forecasting.request import Request, read_request
from ooms.literature.reproducing.parameters import believed, check_parameter
from ooms.literature.reproducing.questions import CENTRAL, Question
from ooms.literature.reproducing.report import NumberCheck, Reproduction, difference, within
from ooms.literature.reproducing.spec import Case, Claim, Published, find_numbers, read_published, shipped_numbers
from ooms.literature.reproducing.verdicts import Verdict
from ooms.problems import Problem, Problems, UserError
from ooms.progress import Progress
from ooms.results.credence import Estimate

__all__ = ["reproduce"]

DEFAULT_DRAWS = 2**16


def reproduce(
    views: str | Path | Iterable[str | Path] | None = None,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """Published numbers beside this model's answers to the same questions.

    Parameters
    ----------
    views : str, Path or iterable of them, optional
        Views whose sources' numbers are wanted, or files of published numbers. Default: all that are shipped.
    draws, seed : int
        Quasi-random draws (a power of two) and randomisation of every forecast.
    threads : int, optional
        Default: one a core. Numbers do not depend on it.
    progress : callable, optional
        Told (draws done, draws) from time to time.

    Returns
    -------
    Reproduction

    Raises
    ------
    UserError
        Everything that is wrong with the files or with what was asked.

    Examples
    --------
    >>> import ooms
    >>> reproduction = ooms.reproduce("davidson-2025", draws=2**10)
    >>> reproduction.agrees, reproduction.rows[0].verdict
    (True, 'agrees')
    """
    problems = Problems()
    request = read_request(
        problems, events=(), quantities=(), draws=draws, seed=seed, threads=threads, progress=progress
    )
    names = shipped_numbers() if views is None else [views] if isinstance(views, str | Path) else list(views)
    paths = [path for path in (find_numbers(name, problems) for name in names) if path is not None]
    read = [read_published(path, problems) for path in dict.fromkeys(paths)]
    files = [file for file in read if file is not None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)  # a what-if of a source's own is not ours to warn of
        jobs = {file.path: _jobs(file, problems) for file in files}
    problems.raise_if_any()
    every = [job for each in jobs.values() for job in each]
    answers: dict[str, Estimate] = {}
    for done, (view, cases) in enumerate(every):
        answers |= _answers(view, cases, request.part(done, len(every)))
    rows = tuple(row for file in files for row in _rows(file, answers))
    return Reproduction(rows, request.draws, request.seed)


def _answers(view: View, cases: Sequence[Case], request: Request) -> dict[str, Estimate]:
    """Answers to all that is asked of the same beliefs, by the place of each question in its file."""
    questions = [case.question for case in cases]
    events = {question.event.text: question.event for question in questions if question.event is not None}
    quantities = {question.quantity.name: question.quantity for question in questions if question.quantity is not None}
    forecast = worked(view, replace(request, events=tuple(events.values()), quantities=tuple(quantities.values())))
    return {case.place: _answer(case.question, forecast) for case in cases}


def _answer(question: Question, forecast: Forecast) -> Estimate:
    if question.kind == "event":
        ours = forecast.probability(question.text)
    elif question.kind == "parameter":
        ours = believed(forecast.view, question, forecast.draws, forecast.seed)
    elif question.at == CENTRAL:
        ours = Estimate(forecast.central(question.text), 0.0)
    elif question.at is not None:
        (ours,) = forecast.quantiles(question.text, question.at)
    else:
        ours = forecast.sketch(question.text).at_most(question.threshold)
        if question.above is not None:
            ours = Estimate(1.0 - ours.value, ours.standard_error)
    return Estimate(ours.value * question.factor, ours.standard_error * question.factor)


def _jobs(file: Published, problems: Problems) -> list[tuple[View, list[Case]]]:
    """What a file asks, by the beliefs that it is asked of; what is wrong with those is added to `problems`."""
    groups: dict[object, list[Case]] = {}
    for claim in file.claims:
        for case in (claim.case, *(reading.case for reading in claim.readings)):
            groups.setdefault((case.options, case.changes), []).append(case)
    base = _base(file, problems)
    if base is None:
        return []
    jobs: list[tuple[View, list[Case]]] = []
    for cases in groups.values():
        view = _changed(base, cases[0], problems)
        if view is None:
            continue
        for case in cases:
            if case.question.kind == "parameter":
                check_parameter(view, case.question, case.place, problems)
        jobs.append((view, cases))
    return jobs


def _base(file: Published, problems: Problems) -> View | None:
    """The view that a file is about: a file beside it, or a shipped view."""
    # published numbers are called as their view is, so that a name without an ending is that of a shipped one
    by = file.path if file.view.endswith(".toml") else views_folder() / file.path.name
    try:
        path, options = find_with_options(file.view, by)
        view = load(path)
        return view.with_options(*options) if options else view
    except UserError as error:
        problems.extend(Problem(f"{file.path.name}: view", f"{p.place}: {p.what}", p.remedy) for p in error.problems)
        return None


def _changed(base: View, case: Case, problems: Problems) -> View | None:
    """The view with the options and what-ifs of a case."""
    place = f"{case.place}.options"
    try:
        view = base.with_options(*case.options) if case.options else base
        place = f"{case.place}.set"
        return view.replace(**dict(case.changes)) if case.changes else view
    except UserError as error:
        problems.extend(Problem(place, f"{p.place}: {p.what}", p.remedy) for p in error.problems)
        return None


def _rows(file: Published, answers: Mapping[str, Estimate]) -> Iterable[NumberCheck]:
    """Every number of a file, each followed by its other readings."""
    for claim in file.claims:
        yield _row(file, claim, claim.case, answers[claim.case.place])
        for reading in claim.readings:
            yield _row(file, claim, reading.case, answers[reading.case.place], reading.name)
    for other in file.out_of_reach:
        yield NumberCheck(
            view=file.name,
            what=other.what,
            published=other.published,
            low=math.nan,
            high=math.nan,
            unit="",
            asked="",
            changes=(),
            ours=None,
            difference=math.nan,
            tolerance=math.nan,
            because=other.reason,
            verdict="out of reach",
            source=other.source,
        )


def _row(file: Published, claim: Claim, case: Case, ours: Estimate, reading: str = "") -> NumberCheck:
    unit = "" if case.question.unit == "-" else case.question.unit
    verdict: Verdict = "goes in" if claim.goes_in else "agrees"
    if reading:
        verdict = "other reading"
    elif not within(ours, claim.low, claim.high, claim.tolerance):
        verdict = "differs"
    return NumberCheck(
        view=file.name,
        what=claim.what,
        published=_published(claim, unit),
        low=claim.low,
        high=claim.high,
        unit=unit,
        asked=str(case.question),
        changes=(*case.options, *(f"{name} = {_written(value)}" for name, value in case.changes)),
        ours=ours,
        difference=difference(ours.value, claim.low, claim.high),
        tolerance=claim.tolerance,
        because=claim.because,
        verdict=verdict,
        source=claim.source,
        note="" if reading else claim.note,
        reading=reading,
    )


def _written(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:.6g}"


def _published(claim: Claim, unit: str) -> str:
    """As published: ``57 %``, ``10 to 40 %``, ``at most 1 OOM``."""
    low, high = (f"{end:.6g}" if math.isfinite(end) else "unlimited" for end in (claim.low, claim.high))
    if claim.low == claim.high:
        text = low
    elif math.isinf(claim.low):
        text = f"at most {high}"
    elif math.isinf(claim.high):
        text = f"at least {low}"
    else:
        text = f"{low} to {high}"
    return text if not unit or text == "unlimited" else f"{text} {unit}"
