"""The form of a study file, as a pydantic model; a study file with all those that it extends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ooms.beliefs.spec import read_form
from ooms.files.counts import count
from ooms.files.library import first_file, priors_folder
from ooms.problems import Problem, Problems, UserError

__all__ = ["ALL", "Source", "StudySpec", "read_sources", "shipped_studies"]

ALL = "all"
"""What stands for all shipped views."""


def _views(value: object) -> Any:
    if value == ALL:
        return ALL
    names = cast("list[object]", value) if isinstance(value, list) else [None]
    if all(isinstance(name, str) for name in names):
        return tuple(names)
    raise PydanticCustomError("views", "not views")


def _draws(value: object) -> Any:
    if isinstance(value, str) and (draws := count(value)) is not None:
        return draws
    if isinstance(value, float) and value.is_integer():  # TOML's 1e6
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise PydanticCustomError("draws", "not draws")


_VIEWS_FORM = {"anyOf": [{"const": ALL}, {"type": "array", "items": {"type": "string"}}]}
_DRAWS_FORM = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}


class StudySpec(BaseModel):
    """A study file; what stands under ``grid`` and ``zipped`` is checked value by value."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    title: str | None = Field(None, description="What it is called.")
    description: str | None = Field(None, description="What it asks, and why.")
    extends: str | None = Field(None, description="The study, shipped or a file, that says what this one does not.")
    views: Annotated[Any, PlainValidator(_views), WithJsonSchema(_VIEWS_FORM)] = Field(
        None, description='Views, by name or file; "all" for all shipped ones.'
    )
    set: tuple[str, ...] | None = Field(None, strict=False, description="What is changed in every view, as --set does.")
    events: tuple[str, ...] | None = Field(
        None, strict=False, description="What to give the probability of (ooms events)."
    )
    quantities: tuple[str, ...] | None = Field(
        None, strict=False, description="What to give the distribution of (ooms quantities)."
    )
    draws: Annotated[Any, PlainValidator(_draws), WithJsonSchema(_DRAWS_FORM)] = Field(
        None, description='Quasi-random draws of each cell, a power of two: 65536, or "2^16".'
    )
    seed: int | None = Field(None, description="Chooses the randomisations.")
    keep_draws: bool | None = Field(None, description="Whether the draws of every cell are stored too.")
    grid: dict[str, Any] = Field(default_factory=dict, description="What varies: every value with every other.")
    zipped: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Several that vary as one: the first values together, then the second."
    )


@dataclass(frozen=True, slots=True)
class Source:
    """A study file, as it was read."""

    path: Path
    spec: StudySpec


def shipped_studies() -> tuple[str, ...]:
    """Names of the shipped studies, the one about substitution first."""
    names = (path.stem for path in _folder().glob("*.toml"))
    return tuple(sorted(names, key=lambda name: (name != "substitution", name)))


_RENAMED = {"seed": "substitution"}
"""Shipped studies by the names that they had in earlier versions."""


def _folder() -> Path:
    return priors_folder() / "studies"


def read_sources(name: str | Path, problems: Problems) -> list[Source]:
    """A study file and those that it extends, the farthest first; what is wrong with their form goes to `problems`.

    Parameters
    ----------
    name : str or Path
        The path of a study file, or the name of a shipped one.
    problems : Problems
        Collects.

    Raises
    ------
    UserError
        There is no such study.
    """
    found: list[Source] = []
    path = _find(str(name), None)
    while True:
        spec = read_form(StudySpec, path, problems)
        if spec is None:
            break
        found.append(Source(path, spec))
        above = _extended(found, problems)
        if above is None:
            break
        path = above
    return found[::-1]


def _extended(found: list[Source], problems: Problems) -> Path | None:
    """The file that the last of those read extends; None if it extends none, or none that could be read."""
    last = found[-1]
    wanted, place = last.spec.extends, f"{last.path.name}: extends"
    if wanted is None:
        return None
    try:
        path = _find(wanted, last.path)
    except UserError as error:
        problems.extend(Problem(place, f"{p.place} {p.what}", p.remedy) for p in error.problems)
        return None
    if any(path.samefile(source.path) for source in found):
        chain = " -> ".join(one.name for one in (*(source.path for source in found), path))
        problems.add(place, f"goes round in a circle: {chain}", "break the circle: let one of them stand on its own")
        return None
    return path


def _find(name: str, named_by: Path | None) -> Path:
    """A path, a file beside the one that names it, or the name of a shipped study."""
    files = {name: _folder() / f"{name}.toml" for name in shipped_studies()}
    try:
        return first_file(name, files, shipped_studies(), kind="study", file="study file", named_by=named_by)
    except UserError:
        if (new := _RENAMED.get(name)) is None:
            raise
        raise UserError([Problem(name, f"the shipped study {name} is called {new} now", f"write {new}")]) from None
