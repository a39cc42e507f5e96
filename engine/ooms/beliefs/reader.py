"""From a prior file to a `View`: reads it and the files it extends, and reports everything that is wrong at once."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from ooms.beliefs.calibrated import Calibrated, again
from ooms.beliefs.checks import check
from ooms.beliefs.inert import idle
from ooms.beliefs.joint_draws import JointDraws, read_draws
from ooms.beliefs.names import likely, no_parameter, stands_for
from ooms.beliefs.options import Option, Stated, Switches
from ooms.beliefs.references import Reference, address_of, citation_of, note_unknown_works, shipped_references
from ooms.beliefs.sealed import DamagedError, sealed
from ooms.beliefs.spec import Documentation, OptionSpec, Parsed, StatedSpec, ViewSpec, parsed, plain, read, readable
from ooms.beliefs.view import Belief, View, checked
from ooms.distributions.copula import Correlation
from ooms.distributions.marginals import from_table
from ooms.files.library import find_with_options
from ooms.parameters import MAX_ROUTES, ROUTE_FIELDS, known, known_names
from ooms.problems import Problem, Problems, UserError, did_you_mean, within

__all__ = ["as_view", "build", "load", "read_stated"]


def load(name: str | Path) -> View:
    """Read a view: a shipped one by name, or a prior file by path.

    Parameters
    ----------
    name : str or Path
        ``"davidson-2025"`` or ``"my-beliefs.toml"``; with options switched on, ``"davidson-houlden-2025+retraining"``.

    Raises
    ------
    UserError
        Everything that is wrong with the file, each with its place and what to do.

    Examples
    --------
    >>> import ooms
    >>> view = ooms.load("davidson-2025")
    >>> print(view.beliefs["rho"].marginal)
    uniform(-0.2, 0)
    """
    path, options = find_with_options(name)
    return _loaded(path, options, lambda problems: read(path, problems))


def build(table: Mapping[str, Any], name: str) -> View:
    """A view from a table of the same shape as a prior file (`View.build`)."""
    path = Path(f"{name}.toml")
    return _loaded(path, (), lambda problems: parsed(plain(table), path.name, problems))


def _loaded(path: Path, options: tuple[str, ...], parse: Callable[[Problems], Parsed | None]) -> View:
    """The view that a table and those it extends make, with options on."""
    problems = Problems()
    try:
        view = _view(path, problems, (), parse)
    except RecursionError:
        raise UserError([Problem(path.name, "tables stand too deep in one another", "use fewer levels")]) from None
    if view is None:
        raise UserError(problems.found)
    alone = _unsaid(view, path.name, ())
    for option in view.options.values():
        if option.file == path.name:  # those of a file that it extends are for that one to check
            place = within(path.name, f"options.{option.name}")
            problems.extend(_unsaid(view.overlaid(option), place, alone))
    if not len(problems) and not alone:
        view = replace(view, idle=idle(view))
    if options:  # what the file lacks may be in them
        view = view.switched(options, problems)
        alone = _unsaid(view, view.name, problems.found)
    problems.extend(alone)
    problems.raise_if_any()
    return checked(view, view.name)


def _unsaid(view: View, place: str, said: Iterable[Problem]) -> list[Problem]:
    """What is wrong with a view, other than what has been said."""
    told, problems = {(problem.what, problem.remedy) for problem in said}, Problems()
    check(view, place, problems)
    return [problem for problem in problems.found if (problem.what, problem.remedy) not in told]


def as_view(given: View | str | Path, problems: Problems) -> View | None:
    """A view, or the one of that name or path; None with what is wrong with it added to `problems`."""
    if isinstance(given, View):
        return given
    try:
        return load(given)
    except UserError as error:
        problems.extend(error.problems)
        return None


def read_stated(path: Path) -> Stated:
    """What a file says, whether or not it is enough for a view.

    Raises
    ------
    UserError
        Everything that is wrong with the file.
    """
    problems = Problems()
    parsed = read(path, problems)
    spec = problems.sound(parsed).spec
    works = shipped_references().keys() | spec.references.keys()
    stated = _Section(path, path.name, works, problems, {}).stated(spec)
    problems.raise_if_any()
    return stated


def _view(
    path: Path, problems: Problems, above: tuple[Path, ...], parse: Callable[[Problems], Parsed | None]
) -> View | None:
    file = parse(problems)
    if file is None:
        return None
    spec, unread = file.spec, file.unread
    if (damage := _damage(spec, path)) is not None:
        problems.extend([damage])
        return None
    base = _base(spec, path, problems, above) if spec.extends is not None else None
    if spec.extends is not None and base is None:
        unread |= {"extends"}
    described = {**(base.references if base else {}), **spec.references}
    citable = shipped_references().keys() | described.keys() | file.described
    own = _Section(path, path.name, citable, problems, {})
    note_unknown_works(spec.cites, path.name, citable, problems)
    for key in spec.references.keys() & shipped_references().keys():
        what = f"{key} is the key of a shipped work"
        problems.add(f"{path.name}: references.{key}", what, "give yours another key, or cite that one as it is")
    stated = own.stated(spec, unread)
    options = {name: _option(name, option, own) for name, option in spec.options.items()}
    return _joined(path, spec, stated, options, base, described)


def _damage(spec: ViewSpec, path: Path) -> Problem | None:
    """What is wrong with the joint draws of a calibration; nothing if they are what was saved, or were not sealed."""
    draws = spec.calibration and spec.calibration.files.get("csv")
    if spec.calibration is None or draws is None:
        return None
    file = path.with_suffix(".csv")
    try:
        sealed(file, draws.bytes, draws.sha256)
    except DamagedError as error:
        return Problem(str(file), str(error), again(spec.calibration.command, path))
    return None


def _base(spec: ViewSpec, path: Path, problems: Problems, above: tuple[Path, ...]) -> View | None:
    assert spec.extends is not None
    try:
        base, options = find_with_options(spec.extends, path)
    except UserError as error:
        (first,) = error.problems
        problems.add(f"{path.name}: extends", f"{first.place} {first.what}", first.remedy)
        return None
    if len(above) > _LONGEST:
        what = f"is one of more than {_LONGEST} files in a row that each extend the next"
        problems.add(f"{path.name}: extends", what, "put what they say into fewer files")
        return None
    if base.resolve() in {p.resolve() for p in (*above, path)}:
        chain = " -> ".join(p.name for p in (*above, path, base))
        problems.add(f"{path.name}: extends", f"goes round in a circle: {chain}", "let one of them stand on its own")
        return None
    view = _view(base, problems, (*above, path), lambda problems: read(base, problems))
    if view is None:
        return view
    view = replace(view, layers=())  # what it says itself is not what the file that extends it says
    for name in options:
        if name not in view.options:
            what = f"{base.stem} has no option {name!r}"
            problems.add(f"{path.name}: extends", what, did_you_mean(name, view.options))
            return view
        view = replace(view.overlaid(view.options[name]), chosen=(*view.chosen, name))
    return view


_LONGEST = 100
"""Files of which each may extend the next."""


@dataclass(frozen=True)
class _Section:
    """A prior file, or an option in it: where its beliefs stand, and what they may cite."""

    path: Path
    place: str
    references: Collection[str]
    problems: Problems
    draws: dict[str, JointDraws | None]  # read so far, by the names that it gives them

    def stated(self, spec: StatedSpec, unread: frozenset[str] = frozenset()) -> Stated:
        """What it says; what cannot be read of it (beside what is known to be so) by name."""
        beliefs, lost = dict[str, Belief](), set(unread)
        for name, table in spec.parameters.items():
            place = within(self.place, f"parameters.{name}")
            if name not in known_names():
                self.problems.add(place, *no_parameter(name))
                lost |= {*likely(name)[:1]} if (meant := stands_for(name)) is None else {meant}
            elif (belief := self._belief(table, place, name)) is not None:
                beliefs[name] = belief
            else:
                lost.add(name)
        routes = self._routes(spec)
        lost |= {"routes"} if len(routes) < len(spec.routes) * len(ROUTE_FIELDS) else set()
        return Stated(beliefs | routes, *_rest(spec), unread=frozenset(lost))

    def _routes(self, spec: StatedSpec) -> dict[str, Belief]:
        if len(spec.routes) > MAX_ROUTES:
            what = f"there are {len(spec.routes)} routes"
            self.problems.add(within(self.place, "routes"), what, f"give at most {MAX_ROUTES}")
        beliefs: dict[str, Belief] = {}
        for i, route in enumerate(spec.routes[:MAX_ROUTES]):
            place = within(self.place, f"routes[{i}]")
            for key in [k for k in route if k not in ROUTE_FIELDS]:
                remedy = did_you_mean(key, ROUTE_FIELDS)
                self.problems.add(f"{place}.{key}", f"a route says nothing about {key}", remedy)
            for key, field in ROUTE_FIELDS.items():
                if key not in route:
                    self.problems.add(place, f"{key} is missing: {field.meaning}", f"give {key}")
                    continue
                name = f"routes.{i + 1}.{key}"
                belief = self._belief(route[key], f"{place}.{key}", name)
                if belief is not None:
                    beliefs[name] = belief
        return beliefs

    def _belief(self, table: Any, place: str, name: str) -> Belief | None:
        problems = self.problems
        if not isinstance(table, Mapping):
            key, value = name.rpartition(".")[2], table if isinstance(table, int | float) else 3
            remedy = f'write it as a table: {key} = {{value = {value}, source = "..."}}'
            problems.add(place, f"{key} = {table!r} is not a table", remedy)
            return None
        rest = dict(cast("Mapping[str, object]", table))
        said = {k: rest.pop(k) for k in Documentation.model_fields if k in rest}
        if not str(said.get("source", "")).strip():
            remedy = 'say where it comes from: source = "my own judgement"'
            problems.add(f"{place}.source", "the source is missing", remedy)
            said["source"] = "none"
        documentation, _ = readable(Documentation, said, place, problems)
        note_unknown_works(documentation.cites, place, self.references, problems)
        rows: JointDraws | None = None
        joint = str(rest.pop("draws")) if rest.get("distribution") == "empirical" and "draws" in rest else None
        if joint is None:
            marginal = from_table(rest, place, problems, known(name))
        else:
            for key in rest.keys() - {"distribution"}:
                what = f"{key} is given beside draws, which already say it"
                problems.add(f"{place}.{key}", what, f"leave out {key}")
            if joint not in self.draws:
                self.draws[joint] = read_draws(self.path, joint, f"{place}.draws", problems)
            rows = self.draws[joint]
            marginal = None if rows is None else rows.column(name, f"{place}.draws", problems)
        if marginal is None:
            return None
        return Belief(
            marginal,
            documentation.source,
            documentation.note or "",
            documentation.grade,
            self.place,
            joint,
            tuple(documentation.cites),
            documentation.without_effect,
            rows.digest if rows is not None else "",
        )


def _rest(spec: StatedSpec) -> tuple[tuple[Correlation, ...], Switches]:
    """Correlations and switches."""
    correlations = tuple(Correlation(*c.between, c.spearman) for c in spec.correlations)
    return correlations, Switches(**spec.variants.model_dump())


_OPTION_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def _option(name: str, spec: OptionSpec, file: _Section) -> Option:
    section = replace(file, place=within(file.place, f"options.{name}"))
    if not _OPTION_NAME.fullmatch(name):
        what = f"{name!r} cannot be the name of an option"
        section.problems.add(section.place, what, "use small letters, digits and hyphens: cheaper-experiments")
    stated, documentation = section.stated(spec), (name, spec.title, spec.source, spec.note or "")
    said = stated.beliefs, stated.correlations, stated.switches
    return Option(*said, *documentation, file.place, unread=stated.unread)


def _joined(
    path: Path,
    spec: ViewSpec,
    stated: Stated,
    options: dict[str, Option],
    base: View | None,
    described: Mapping[str, Reference],
) -> View:
    """The file on top of what it extends."""
    cites, works = tuple(spec.cites), ChainMap({**described}, cast("dict[str, Reference]", shipped_references()))
    about = spec.calibration and spec.calibration.model_dump(exclude={"forecast", "files"})
    calibration = Calibrated(**about) if about else base and base.calibration
    return replace(
        (base or View(path.stem, MappingProxyType({}))).overlaid(stated),
        name=path.stem,
        title=spec.title or path.stem,
        description=spec.description or "",
        citation=spec.citation or citation_of(cites, works),
        url=spec.url or address_of(cites, works),
        cites=cites,
        references=MappingProxyType(described),
        options=MappingProxyType({**(base.options if base else {}), **options}),
        calibration=calibration,
    )
