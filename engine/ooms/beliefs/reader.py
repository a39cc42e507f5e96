"""From a prior file to a `View`: reads it and the files it extends, and reports everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from ooms.beliefs.checks import check_domains
from ooms.beliefs.copula import Correlation
from ooms.beliefs.library import find
from ooms.beliefs.marginals import Empirical, Fixed, Marginal, from_table
from ooms.beliefs.spec import Documentation, ViewSpec, read
from ooms.beliefs.spec import checked as checked_form
from ooms.beliefs.spellings import rivals
from ooms.beliefs.view import Belief, View, checked
from ooms.parameters import MAX_ROUTES, ROUTE_FIELDS, known_names
from ooms.problems import Problem, Problems, UserError, did_you_mean

__all__ = ["load"]


def load(name: str | Path) -> View:
    """Read a view: a shipped one by name, or a prior file by path.

    Parameters
    ----------
    name : str or Path
        ``"davidson-2025"`` or ``"my-beliefs.toml"``.

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
    path = find(name)
    problems = Problems()
    try:
        view = _view(path, problems, ())
    except RecursionError:
        raise UserError([Problem(path.name, "tables stand too deep in one another", "use fewer levels")]) from None
    if view is not None and len(problems):
        check_domains(view, path.name, problems)
    problems.raise_if_any()
    assert view is not None, "no problems, so there is a view"
    return checked(view, path.name)


def _view(path: Path, problems: Problems, above: tuple[Path, ...]) -> View | None:
    spec = read(path, problems)
    if spec is None:
        return None
    base = _base(spec, path, problems, above) if spec.extends is not None else None
    own = _own_beliefs(spec, path, problems)
    return _joined(path, spec, own, base)


def _base(spec: ViewSpec, path: Path, problems: Problems, above: tuple[Path, ...]) -> View | None:
    assert spec.extends is not None
    try:
        base = find(spec.extends, beside=path.parent)
    except UserError as error:
        (first,) = error.problems
        problems.add(f"{path.name}: extends", f"{first.place} {first.what}", first.remedy)
        return None
    if base.resolve() in {p.resolve() for p in (*above, path)}:
        chain = " -> ".join(p.name for p in (*above, path, base))
        problems.add(f"{path.name}: extends", f"goes round in a circle: {chain}", "let one of them stand on its own")
        return None
    return _view(base, problems, (*above, path))


def _own_beliefs(spec: ViewSpec, path: Path, problems: Problems) -> dict[str, Belief]:
    place = f"{path.name}: parameters"
    beliefs: dict[str, Belief] = {}
    for name, table in spec.parameters.items():
        if name not in known_names():
            problems.add(f"{place}.{name}", f"there is no parameter {name}", did_you_mean(name, known_names()))
        elif (belief := _belief(table, f"{place}.{name}", name, path, problems)) is not None:
            beliefs[name] = belief
    return beliefs | _routes(spec, path, problems)


def _routes(spec: ViewSpec, path: Path, problems: Problems) -> dict[str, Belief]:
    if len(spec.routes) > MAX_ROUTES:
        problems.add(f"{path.name}: routes", f"there are {len(spec.routes)} routes", f"give at most {MAX_ROUTES}")
    beliefs: dict[str, Belief] = {}
    for i, route in enumerate(spec.routes[:MAX_ROUTES]):
        place = f"{path.name}: routes[{i}]"
        for key in [k for k in route if k not in ROUTE_FIELDS]:
            problems.add(f"{place}.{key}", f"a route says nothing about {key}", did_you_mean(key, ROUTE_FIELDS))
        for key, field in ROUTE_FIELDS.items():
            if key not in route:
                problems.add(place, f"{key} is missing: {field.meaning}", f"give {key}")
                continue
            name = f"routes.{i + 1}.{key}"
            belief = _belief(route[key], f"{place}.{key}", name, path, problems)
            if belief is not None:
                beliefs[name] = belief
    return beliefs


def _belief(table: Any, place: str, name: str, path: Path, problems: Problems) -> Belief | None:
    if not isinstance(table, Mapping):
        key, value = name.rpartition(".")[2], table if isinstance(table, int | float) else 3
        remedy = f'write it as a table: {key} = {{value = {value}, source = "..."}}'
        problems.add(place, f"{key} = {table!r} is not a table", remedy)
        return None
    rest = dict(cast("Mapping[str, object]", table))
    said = {k: rest.pop(k) for k in Documentation.model_fields if k in rest}
    if not str(said.get("source", "")).strip():
        problems.add(f"{place}.source", "the source is missing", 'say where it comes from: source = "my own judgement"')
        documentation = None
    else:
        documentation = checked_form(Documentation, said, place, problems)
    documentation = documentation or Documentation(source="none that can be used")  # to check the rest of the file
    joint = str(rest.pop("draws")) if rest.get("distribution") == "empirical" and "draws" in rest else None
    if joint is None:
        marginal = from_table(rest, place, problems)
    else:
        for key in rest.keys() - {"distribution"}:
            problems.add(f"{place}.{key}", f"{key} is given beside draws, which already say it", f"leave out {key}")
        marginal = _from_rows(joint, name, place, path, problems)
    if marginal is None:
        return None
    return Belief(
        marginal,
        documentation.source,
        documentation.note or "",
        documentation.grade,
        path.name,
        joint,
    )


def _from_rows(joint: str, name: str, place: str, path: Path, problems: Problems) -> Marginal | None:
    """One column of a file of joint draws: comma-separated, parameter names in the first line."""
    place, file = f"{place}.draws", path.parent / joint
    try:
        first, *rows = file.read_text(encoding="utf-8-sig").splitlines() or [""]
    except OSError as error:
        problems.add(place, f"{file} cannot be read: {error.strerror}", "give a file beside the prior file")
        return None
    except ValueError:  # not UTF-8, or a name that no file can have
        problems.add(place, f"{joint!r} is not a file of text", "give a file of comma-separated numbers")
        return None
    names = [n.strip() for n in first.split(",")]
    if name not in names:
        problems.add(place, f"{file.name} has no column {name} in its first line", did_you_mean(name, names))
        return None
    values: list[float] = []
    for line, row in enumerate(rows, start=2):
        cells = row.split(",")
        try:
            if row.strip():
                values.append(float(cells[names.index(name)]))
        except (ValueError, IndexError):
            what = f"{file.name}, line {line}: there is no number for {name} in {row[:60]!r}"
            problems.add(place, what, f"give {len(names)} numbers with commas between")
            return None
    try:
        return Empirical(tuple(values))
    except UserError as error:
        problems.extend(Problem(place, f"{file.name}: {p.what}", p.remedy) for p in error.problems)
        return None


def _joined(path: Path, spec: ViewSpec, own: dict[str, Belief], base: View | None) -> View:
    """The file on top of what it extends."""
    beliefs = dict(base.beliefs) if base else {}
    if spec.routes:
        beliefs = {n: b for n, b in beliefs.items() if not n.startswith("routes.")}
    for name in own:
        for rival in rivals(name):
            beliefs.pop(rival, None)
    beliefs.update(own)
    said = tuple(Correlation(*c.between, c.spearman) for c in spec.correlations)
    pairs = {frozenset(c[:2]) for c in said}
    varies = {n for n, b in beliefs.items() if not isinstance(b.marginal, Fixed) and b.joint is None}
    kept = (c for c in (base.correlations if base else ()) if frozenset(c[:2]) not in pairs and {*c[:2]} <= varies)
    switches = spec.variants.model_dump(exclude_none=True)
    inherited: dict[str, Any] = {}
    if base is not None:
        inherited = {"declining_returns": base.declining_returns, "retraining": base.retraining}
    return View(
        name=path.stem,
        beliefs=MappingProxyType(beliefs),
        title=spec.title or path.stem,
        description=spec.description or "",
        citation=spec.citation or "",
        url=spec.url or "",
        correlations=(*kept, *said),
        **(inherited | switches),
    )
