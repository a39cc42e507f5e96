"""A view written as a prior file that stands on its own, with its joint draws beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import cast

from ooms.beliefs.inert import idle_alone
from ooms.beliefs.references import shipped_references
from ooms.beliefs.view import SWITCHES, Belief, View
from ooms.distributions.marginals import Empirical, Fixed, Marginal
from ooms.distributions.marginals.words import written
from ooms.files.library import MOST_DRAWS
from ooms.files.toml import lines_of, quoted, toml
from ooms.files.writing import check_place
from ooms.files.writing_together import Writer, write_together
from ooms.parameters import ROUTE_FIELDS, known
from ooms.problems import Problem, Problems, UserError

__all__ = ["as_written", "check_prior_place", "prior_files", "prior_texts", "write_prior"]


def check_prior_place(path: Path, problems: Problems) -> None:
    """Add what is wrong with a place for a prior file to `problems`."""
    if path.suffix != ".toml":
        problems.add(str(path), "does not end in .toml", f"give {path.with_suffix('.toml') if path.name else 'a name'}")
        return
    before = len(problems)
    check_place(path, problems)
    if len(problems) == before:  # or the same folder would be missing twice
        check_place(path.with_suffix(".csv"), problems)


def write_prior(view: View, path: Path, *, digits: int | None = None) -> None:
    """Write a view: PATH.toml, and PATH.csv with its joint draws if it has any; both or none.

    The file stands on its own: it repeats what the view takes from files that it extends. The view's options are left
    out.

    Parameters
    ----------
    view : View
        The beliefs.
    path : Path
        Where to; ends in ``.toml``.
    digits : int, optional
        Significant digits of the joint draws; enough to read back exactly unless given.

    Raises
    ------
    UserError
        They cannot be written. What was there before is there still.
    """
    write_together(prior_files(view, path, digits=digits))


def prior_files(view: View, path: Path, *, digits: int | None = None) -> dict[Path, Writer]:
    """The files that make up a prior file, each with what writes it: the draws first, if there are any."""
    return {
        path.with_name(name): partial(_write, text=text) for name, text in prior_texts(view, path.stem, digits).items()
    }


def prior_texts(view: View, name: str, digits: int | None = None) -> dict[str, str]:
    """What is in the files of a prior file called NAME.toml, by their names: the draws first, if there are any."""
    prior, draws = _prior(view, f"{name}.csv"), _draws(view, digits)
    if len(draws) > MOST_DRAWS:  # in ASCII, so as many bytes
        what = f"the joint draws take {len(draws) >> 20} MB, and no more than {MOST_DRAWS >> 20} MB are read back"
        raise UserError([Problem(f"{name}.csv", what, "give fewer rows")])
    return ({f"{name}.csv": draws} if draws else {}) | {f"{name}.toml": prior}


def _write(part: Path, text: str) -> None:
    part.write_text(text, encoding="utf-8")


def _draws(view: View, digits: int | None) -> str:
    """Comma-separated draws, parameter names in the first line; empty if there are none."""
    columns = {n: b.marginal.values for n, b in view.beliefs.items() if isinstance(b.marginal, Empirical) and b.joint}
    if not columns:
        return ""
    texts = [[_number(value, name, digits) for value in values] for name, values in columns.items()]
    return "\n".join([",".join(columns), *map(",".join, zip(*texts, strict=True)), ""])


def as_written(value: float, name: str, digits: int | None) -> float:
    """A draw of a parameter as a file of joint draws gives it back, with so many significant digits."""
    return value if digits is None else float(_number(value, name, digits))


def _number(value: float, name: str, digits: int | None) -> str:
    """A draw as text, rounded unless that would take it to an end of its domain."""
    exact = written(value)
    if digits is None:
        return exact
    rounded, parameter = f"{value:.{digits}g}", known(name)
    inside = parameter.low < float(rounded) < parameter.high
    return rounded if inside and len(rounded) < len(exact) else exact


def _prior(view: View, table: str) -> str:
    """The text of a prior file."""
    head = {"title": view.title, "description": view.description, "citation": view.citation, "url": view.url}
    lines = [f"{key} = {quoted(text)}" for key, text in head.items() if text]
    if view.cites:
        lines.append(f"cites = {toml(view.cites)}")
    lines += ["", "[variants]", *(f"{name} = {toml(getattr(view, name))}" for name in SWITCHES)]
    if view.calibration is not None:
        lines += ["", "[calibration]", *lines_of(asdict(view.calibration))]
    for pair in view.correlations:
        said = {"between": (pair.first, pair.second), "spearman": pair.spearman}
        lines += ["", "[[correlations]]", *lines_of(said)]
    idle = idle_alone(view)
    for name, belief in view.beliefs.items():
        if not name.startswith("routes."):
            beside = {"without_effect": True} if name in idle else {}
            lines += ["", f"[parameters.{name}]", *lines_of(_table(belief, table) | beside)]
    for k in range(1, view.routes + 1):
        lines += ["", "[[routes]]"]
        lines += lines_of({field: _table(view.beliefs[f"routes.{k}.{field}"], table) for field in ROUTE_FIELDS})
    cited = {key for keys in (view.cites, *(b.cites for b in view.beliefs.values())) for key in keys}
    for key, work in view.references.items():
        if key in cited and key not in shipped_references():
            lines += ["", f"[references.{quoted(key)}]", *lines_of(work.model_dump(exclude_none=True))]
    return "\n".join([*lines, ""])


def _table(belief: Belief, table: str) -> dict[str, object]:
    """A parameter's table."""
    joint = isinstance(belief.marginal, Empirical) and belief.joint
    said = {"distribution": Empirical.family, "draws": table} if joint else distribution_table(belief.marginal)
    beside = {"source": belief.source, "note": belief.note, "grade": belief.grade, "cites": belief.cites}
    return {**said, **{key: value for key, value in beside.items() if value}}


def distribution_table(marginal: Marginal) -> dict[str, object]:
    """A distribution's table: the quantiles that it was given by, or its parameters."""
    if isinstance(marginal, Fixed):
        return {"value": marginal.value}
    parameters = type(marginal).keys()  # a method, not a mapping's
    said = marginal.given or [(key, getattr(marginal, key)) for key in parameters]
    return {"distribution": marginal.family, **{key: _plain(value) for key, value in said}}


def _plain(value: object) -> object:
    """The same with distributions, which may stand in one another, as their tables."""
    if isinstance(value, Marginal):
        return distribution_table(value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in cast("Sequence[object]", value)]
    return value
