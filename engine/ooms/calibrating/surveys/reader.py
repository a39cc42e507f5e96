"""From a survey file to a `Survey`: reads it, and reports everything that is wrong with it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from ooms.beliefs.references import Reference, note_unknown_works, shipped_references
from ooms.beliefs.spec import checked, read_table, readable
from ooms.calibrating.surveys.items import NAME, SurveyFile, tables
from ooms.calibrating.surveys.spec import SurveySpec
from ooms.calibrating.surveys.survey import Item, Survey
from ooms.files.library import first_file, priors_folder
from ooms.problems import Problem, Problems, UserError

__all__ = ["find_survey", "load_survey", "read_surveys", "shipped_surveys", "surveys_folder"]


def surveys_folder() -> Path:
    """The folder of shipped survey files."""
    return priors_folder() / "surveys"


def shipped_surveys() -> tuple[str, ...]:
    """Names of the shipped surveys, in alphabetical order."""
    return tuple(sorted(path.stem for path in surveys_folder().glob("*.toml")))


def find_survey(name: str | Path) -> Path:
    """The file of a survey: a path, or the name of a shipped one.

    Raises
    ------
    UserError
        There is no such file; says what there is.

    Examples
    --------
    >>> find_survey("compute-polls").name
    'compute-polls.toml'
    """
    files = {name: surveys_folder() / f"{name}.toml" for name in shipped_surveys()}
    return first_file(str(name), files, shipped_surveys(), kind="survey", file="survey file")


def load_survey(name: str | Path) -> Survey:
    """A survey: a shipped one by name, or a survey file by path.

    Parameters
    ----------
    name : str or Path
        ``"compute-polls"`` or ``"my-poll.toml"``.

    Raises
    ------
    UserError
        Everything that is wrong with the file, each with its place and what to do.

    Examples
    --------
    >>> survey = load_survey("compute-polls")
    >>> survey.bias, [item.n for item in survey.items.values()]
    ('compute-polls', [6, 6, 185])
    """
    path = find_survey(name)
    problems = Problems()
    try:
        survey = _survey(path, problems)
    except RecursionError:
        raise UserError([Problem(path.name, "tables stand too deep in one another", "use fewer levels")]) from None
    return problems.sound(survey)


def read_surveys(names: Iterable[Survey | str | Path] | None, problems: Problems) -> list[Survey]:
    """Surveys to fit beliefs to: those named, or else all shipped ones that are fitted.

    Parameters
    ----------
    names : iterable of Survey, str or Path, optional
        Names of shipped surveys, paths of survey files, and surveys that have been read.
    problems : Problems
        Collects everything that is wrong with any of them.

    Examples
    --------
    >>> found = Problems()
    >>> [survey.name for survey in read_surveys(["compute-polls", "self-report-bias"], found)], len(found)
    (['compute-polls', 'self-report-bias'], 0)
    """
    surveys: list[Survey] = []
    for name in shipped_surveys() if names is None else names:
        try:
            survey = name if isinstance(name, Survey) else load_survey(name)
        except UserError as error:
            problems.extend(error.problems)
            continue
        if survey.fitted:
            surveys.append(survey)
        elif names is not None:
            remedy = f"leave it out; what it is for is told by: ooms surveys show {survey.name}"
            problems.add(survey.name, f"is kept for checking and not fitted: {survey.why_not}", remedy)
    for name, count in Counter(survey.name for survey in surveys).items():
        if count > 1:
            remedy = "name it once; a file of your own needs another name"
            problems.add(name, f"is there {count} times, and would count {count} times", remedy)
    return surveys


def _survey(path: Path, problems: Problems) -> Survey | None:
    table = read_table(path, problems)
    if table is None:
        return None
    place = path.name
    if not NAME.fullmatch(path.stem):
        what = f"{path.stem!r} cannot be the name of a survey"
        problems.add(place, what, "rename the file, with small letters, digits and hyphens: my-poll.toml")
    spec, unread = readable(SurveySpec, table, place, problems)
    references = _references(spec.references, place, problems)
    cites = table.get("cites")
    note_unknown_works(cast("list[object]", cites) if isinstance(cites, list) else (), place, spec.references, problems)
    file = SurveyFile(place, spec.fitted, problems)
    latents = file.latents(spec.latent)
    items = file.items(spec.items, latents)
    file.note_clashes(items, latents)
    if not NAME.fullmatch(spec.bias) and "bias" not in unread:
        remedy = "use small letters, digits and hyphens: my-lab"
        problems.add(f"{place}: bias", f"{spec.bias[:60]!r} cannot be the name of a bias group", remedy)
    _note_contradictions(spec, items, unread, place, problems)
    if len(problems):
        return None
    return Survey(
        path.stem,
        spec.title,
        tuple(spec.cites),
        MappingProxyType(references),
        spec.population,
        spec.bias,
        spec.fitted,
        spec.why_not,
        spec.note,
        MappingProxyType({name: latent for name, latent in latents.items() if latent is not None}),
        MappingProxyType(items),
        str(path),
    )


def _references(given: object, place: str, problems: Problems) -> dict[str, Reference]:
    """The works that the file describes itself."""
    works: dict[str, Reference] = {}
    for key, table in tables(given).items():
        at = f"{place}: references.{key}"
        if key in shipped_references():
            remedy = "give yours another key, or cite that one as it is"
            problems.add(at, f"{key} is the key of a shipped work", remedy)
        if not isinstance(table, Mapping):
            problems.add(at, f"{key} is not a table", f"write it as a table: [references.{key}]")
        elif (work := checked(Reference, cast(object, table), at, problems)) is not None:
            works[key] = work
    return works


def _note_contradictions(
    spec: SurveySpec, items: Mapping[str, Item], unread: Collection[str], place: str, problems: Problems
) -> None:
    if not spec.items and "items" not in unread:
        problems.add(f"{place}: items", "there is no item", "add one: [items.NAME]")
    elif spec.fitted and not len(problems) and not any(item.fitted for item in items.values()):
        remedy = "give one a link and a likelihood, or say fitted = false and why_not"
        problems.add(f"{place}: items", "no item has a link and a likelihood, so nothing can be fitted", remedy)
    if {"fitted", "why_not"} & {*unread}:
        return
    if spec.fitted and spec.why_not:
        problems.add(f"{place}: why_not", "says why it is not fitted, but it is", "leave it out, or say fitted = false")
    if not spec.fitted and not spec.why_not.strip():
        remedy = 'say why: why_not = "..."; or leave out fitted = false'
        problems.add(f"{place}: why_not", "why_not is missing: the survey is not fitted", remedy)
