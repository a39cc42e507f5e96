"""A study: views, what varies, and what is asked of every combination; read from a TOML file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ooms.batch.addresses import Question
from ooms.batch.axes import (
    Axis,
    Change,
    Label,
    check_once,
    checked_change,
    grid_axis,
    is_change,
    label_text,
    zipped_axis,
)
from ooms.batch.spec import ALL, Source, StudySpec, read_sources, shipped_studies
from ooms.beliefs.changes import parse_changes, unwarned
from ooms.beliefs.reader import load
from ooms.beliefs.view import View
from ooms.comparing.compare import COMPARED_QUANTITIES
from ooms.files.library import find_with_options, priors_folder, shipped, shipped_calibrations
from ooms.files.toml import lines_of, quoted, toml
from ooms.files.toml import name as key_of
from ooms.forecasting.request import Request, read_request
from ooms.outcomes import DEFAULT_EVENTS
from ooms.problems import Problem, Problems, UserError, did_you_mean
from ooms.results.tables import Table

__all__ = ["Axis", "Cell", "Label", "Study", "load_study", "shipped_studies"]

STUDY_DRAWS = 2**16
"""Draws a cell, unless a study says otherwise."""

_MOST_CELLS, _MOST_AXES = 1_000_000, 32


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of a study."""

    index: int  # its place: the last axis runs fastest
    where: Mapping[str, Label]  # its coordinates
    base: View  # whose beliefs are changed
    changes: Mapping[str, Change]  # what is changed about them
    label: str  # ``davidson-2025, rho = -0.4``

    def view(self) -> View:
        """What is believed in it; `UserError` if the changes do not go together, or not with the view."""
        with unwarned():
            return self.base.changed(self.changes) if self.changes else self.base


@dataclass(frozen=True)
class Study:
    """Views, what varies, and what is asked of every combination. Read one with `ooms.load_study`.

    Parameters
    ----------
    name, title, description, file : str
        What it is called, and where it was read.
    axes : tuple of Axis
        What varies: first the views.
    views : mapping of str to View
        By their labels along the first axis.
    paths : tuple of str
        What `ooms.load` reads them from.
    set : mapping
        What is changed in every cell.
    events, quantities : tuple of str
        What is asked.
    draws, seed : int
        From how many draws a cell, and which randomisations.
    keep_draws : bool
        Whether the draws themselves are kept.
    """

    name: str
    title: str
    description: str
    file: str
    axes: tuple[Axis, ...]
    views: Mapping[str, View]
    paths: tuple[str, ...]
    set: Mapping[str, Change]
    events: tuple[str, ...]
    quantities: tuple[str, ...]
    draws: int = STUDY_DRAWS
    seed: int = 0
    keep_draws: bool = False

    def _repr_html_(self) -> str:
        rows = ((axis.name, len(axis.labels), ", ".join(map(str, axis.labels))) for axis in self.axes)
        heading = f"<Study {self.name}: {self.title}; {self.size:,} cells>"
        return Table(heading, ("axis", "points", "values"), tuple(rows)).html

    @property
    def shape(self) -> tuple[int, ...]:
        """Points of each axis."""
        return tuple(len(axis.labels) for axis in self.axes)

    @property
    def size(self) -> int:
        """How many cells there are."""
        return math.prod(self.shape)

    @property
    def question(self) -> Question:
        """What is asked of every cell."""
        return Question(self.events, self.quantities, self.draws, self.seed)

    def cell(self, index: int) -> Cell:
        """The cell at a place: the last axis runs fastest."""
        if not 0 <= index < self.size:
            message = f"there is no cell {index}: there are {self.size}, from 0 on"
            raise IndexError(message)
        where: dict[str, Label] = {}
        changes, rest, names = dict(self.set), self.size, list[str]()
        for axis in self.axes:
            rest //= len(axis.labels)
            place = index // rest % len(axis.labels)
            label = where[axis.name] = axis.labels[place]
            changes |= axis.points[place]
            if axis.name == "view":
                names.append(str(label))
            elif len(axis.labels) > 1 or self.size == 1:
                names.append(f"{axis.name} = {label_text(label, 12)}")
        return Cell(index, where, self.views[str(where["view"])], changes, ", ".join(names))

    def cells(self) -> Iterator[Cell]:
        """All cells, in order, made one by one."""
        return map(self.cell, range(self.size))

    @property
    def text(self) -> str:
        """The study as one TOML text, with all that it extends in it; views by their names or paths."""
        head = {"title": self.title, "description": self.description}
        lines = [f"{key} = {quoted(text)}" for key, text in head.items() if text]
        texts = {key: str(value).lower() if isinstance(value, bool) else value for key, value in self.set.items()}
        changes = [f"{key} = {text}" for key, text in texts.items()]
        lines += lines_of({"views": self.paths, "set": changes, "events": self.events})
        lines += lines_of({"quantities": self.quantities, "draws": self.draws, "seed": self.seed})
        lines += [f"keep_draws = {toml(self.keep_draws)}"]
        alone = [axis for axis in self.axes[1:] if not axis.beside]
        lines += ["", "[grid]", *lines_of({axis.name: [p[axis.name] for p in axis.points] for axis in alone})]
        for axis in self.axes[1:]:
            if axis.beside:
                columns = {key: [point[key] for point in axis.points] for key in axis.beside}
                lines += ["", f"[zipped.{key_of(axis.name)}]", *lines_of({"label": axis.labels, **columns})]
        return "\n".join([*lines, ""])


def load_study(name: str | Path) -> Study:
    """Read a study: a shipped one by name, or a study file by path.

    Parameters
    ----------
    name : str or Path
        ``"debate"`` (`ooms batch list` names the shipped ones) or ``"my-study.toml"``.

    Raises
    ------
    UserError
        Everything that is wrong with the file and those that it extends, each with its place and what to do.

    Examples
    --------
    >>> import ooms
    >>> study = ooms.load_study("map")
    >>> study.size, [axis.name for axis in study.axes]
    (1000, ['view', 'rho', 'returns'])
    >>> study.cell(25).label
    'davidson-2025, rho = -1.16923076923, returns = 0.4'
    """
    problems = Problems()
    try:
        sources = read_sources(name, problems)
        study = _study(sources, problems) if sources else None
    except RecursionError:
        raise UserError([Problem(str(name), "tables stand too deep in one another", "use fewer levels")]) from None
    return problems.sound(study)


def _study(sources: list[Source], problems: Problems) -> Study | None:
    """The study that a file and those that it extends make."""
    stated, file = _stated(sources), sources[-1].path
    views = _views(stated, problems)
    settings = _settings_of(stated, problems)
    axes = _axes(sources, problems)
    if len(axes) > _MOST_AXES:
        what = f"{len(axes):,} axes vary, more than {_MOST_AXES}"
        problems.add(file.name, what, "zip what belongs together, or fix what need not vary: set")
        return None
    settled = [(key, place) for key, (_, place) in settings.items()]
    check_once([*settled, *((key, place) for axis, place in axes for key in axis.changed)], problems)
    request = _request(stated, file.name, problems)
    if not len(problems) and not request.events and not request.quantities:
        problems.add(file.name, "asks for neither events nor quantities", "ask for some")
    size = math.prod([len(views), *(len(axis.labels) for axis, _ in axes)])
    if size > _MOST_CELLS:
        what = f"there are {size:,} cells, more than {_MOST_CELLS:,}"
        problems.add(file.name, what, "use fewer values, or several studies: they can share one store")
    if len(problems):
        return None
    return Study(
        name=file.stem,
        title=_get(stated, "title", file.stem),
        description=_get(stated, "description", ""),
        file=str(file),
        axes=(Axis("view", tuple(views), tuple({} for _ in views)), *(axis for axis, _ in axes)),
        views=MappingProxyType({label: view for label, (view, _) in views.items()}),
        paths=tuple(path for _, path in views.values()),
        set=MappingProxyType({key: change for key, (change, _) in settings.items()}),
        events=tuple(dict.fromkeys(event.text for event in request.events)),
        quantities=tuple(dict.fromkeys(quantity.name for quantity in request.quantities)),
        draws=request.draws,
        seed=request.seed,
        keep_draws=_get(stated, "keep_draws", False),
    )


type _Stated = Mapping[str, tuple[Any, Path]]
"""What is stated under each key, and by which file: of several, by the one that extends the others."""


def _stated(sources: list[Source]) -> _Stated:
    return {
        key: (value, source.path)
        for source in sources
        for key in StudySpec.model_fields
        if (value := getattr(source.spec, key)) is not None
    }


def _get(stated: _Stated, key: str, default: Any) -> Any:
    return stated[key][0] if key in stated else default


def _request(stated: _Stated, file: str, problems: Problems) -> Request:
    """What is asked of every cell; what is wrong with it is placed in the file that says it."""
    wrong = Problems()
    request = read_request(
        wrong,
        events=dict.fromkeys(_get(stated, "events", DEFAULT_EVENTS)),
        quantities=dict.fromkeys(_get(stated, "quantities", COMPARED_QUANTITIES)),
        draws=_get(stated, "draws", STUDY_DRAWS),
        seed=_get(stated, "seed", 0),
    )
    for problem in wrong.found:
        key = {"event": "events", "quantity": "quantities"}.get(problem.place, problem.place)
        place = f"{stated[key][1].name if key in stated else file}: {key}"
        problems.extend([replace(problem, place=place)])
    return request


def _views(stated: _Stated, problems: Problems) -> dict[str, tuple[View, str]]:
    """The views, by what they are called, each with what it is loaded by."""
    names, file = stated.get("views", (shipped()[:1], Path()))
    if not names:
        problems.add(f"{file.name}: views", "is empty", "name one")
    if names == (ALL,) or "views" not in stated:  # the shipped ones, whatever files of their names stand about
        named = [(name, name) for name in (shipped() if names == (ALL,) else names)]
    else:
        named = [pair for given in names if (pair := _named(given, file, problems)) is not None]
    views: dict[str, tuple[View, str]] = {}
    for (label, path), times in Counter(named).items():
        if times > 1:
            often = "twice" if times == 2 else f"{times} times"
            problems.add(f"{file.name}: views", f"{label} is named {often}", "name it once")
        try:
            with unwarned():
                view = load(path)
        except UserError as error:
            problems.extend(error.problems)
            continue
        if label in views:
            what = f"two views are called {label}"
            problems.add(f"{file.name}: views", what, "give their files different names")
        views[label] = view, path
    return views


def _named(given: str, file: Path, problems: Problems) -> tuple[str, str] | None:
    """What a view is called, and what it is loaded by: a shipped one by its name, another by its path."""
    try:
        path, options = find_with_options(given, file)
    except UserError as error:
        problems.extend(Problem(f"{file.name}: views", f"{p.place} {p.what}", p.remedy) for p in error.problems)
        return None
    path, folder = path.resolve(), priors_folder().resolve()
    label, source = path.stem, str(path)
    if path.is_relative_to(folder):  # a shipped one, however its file was named
        name = path.relative_to(folder).with_suffix("").as_posix().removeprefix("views/")
        if name in (*shipped(), *shipped_calibrations()):
            label = source = name
    return "+".join((label, *options)), "+".join((source, *options))


def _settings_of(stated: _Stated, problems: Problems) -> dict[str, tuple[Change, str]]:
    """What is changed in every cell, each with its place."""
    texts, file = stated.get("set", ((), Path()))
    place = f"{file.name}: set"
    changes = parse_changes(texts, problems, place)
    places = {key: f"{place}.{key}" for key in changes if is_change(key, place, problems)}
    return {key: (checked_change(key, changes[key], at, problems), at) for key, at in places.items()}


def _axes(sources: list[Source], problems: Problems) -> list[tuple[Axis, str]]:
    """What varies, each with its place."""
    axes = [(grid_axis(key, *value, problems), value[1]) for key, value in _merged(sources, "grid", problems).items()]
    zipped = _merged(sources, "zipped", problems)
    axes += [(zipped_axis(key, *value, problems), value[1]) for key, value in zipped.items()]
    return [(axis, place) for axis, place in axes if axis is not None]


def _merged(sources: list[Source], kind: str, problems: Problems) -> dict[str, tuple[Any, str]]:
    """What stands under ``grid`` or ``zipped``, with its places: given again it takes the old place, empty it goes."""
    merged: dict[str, tuple[Any, str]] = {}
    nothing: object = [] if kind == "grid" else {}
    whole = sources[0].spec.extends is None  # else a file that is missing may have the axis
    for source in sources:
        for key, value in getattr(source.spec, kind).items():
            place = f"{source.path.name}: {kind}.{key}"
            if value == nothing and source is sources[0] and whole:
                problems.add(place, "is empty", "give values, or leave it out")
            elif value == nothing and key not in merged and whole:
                remedy = did_you_mean(key, merged) if merged else "give values, or leave it out"
                problems.add(place, "is empty, and there is no such axis to take away", remedy)
            merged[key] = value, place
    return {key: pair for key, pair in merged.items() if pair[0] != nothing}
