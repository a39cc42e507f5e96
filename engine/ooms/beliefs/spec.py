"""The form of a prior file, as pydantic models, and its errors in our own words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, cast

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from ooms.beliefs.references import Reference
from ooms.files.library import MOST_TEXT, read_plain
from ooms.files.toml import toml
from ooms.model.inputs import Retraining
from ooms.problems import Problem, Problems, did_you_mean, within

__all__ = ["CorrelationSpec", "OptionSpec", "Parsed", "StatedSpec", "ViewSpec", "parsed", "plain", "read", "read_form",
           "read_table", "readable"]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class CorrelationSpec(_Strict):
    """A rank correlation: ``[[correlations]]``."""

    between: tuple[str, str] = Field(strict=False)
    spearman: float = Field(gt=-1, lt=1)
    source: str | None = None
    note: str | None = None


def _retraining(value: object) -> Any:
    """A switch with a third position, without a union's two errors for one mistake."""
    if isinstance(value, bool) or value == "as coded":
        return value
    raise PydanticCustomError("retraining_type", "not a switch position")


class VariantsSpec(_Strict):
    """Switches: ``[variants]``."""

    declining_returns: bool | None = None
    retraining: Annotated[
        Retraining | None, PlainValidator(_retraining), WithJsonSchema({"enum": [True, False, "as coded"]})
    ] = None
    compute_adjustment: bool | None = None


class StatedSpec(_Strict):
    """What a prior file, or an option in it, says about the model."""

    parameters: dict[str, Any] = Field(default_factory=dict, description="What is believed about each parameter.")
    routes: list[dict[str, Any]] = Field([], description="Further ways to do research, beside the main one.")
    correlations: list[CorrelationSpec] = Field([], description="Parameters that go up and down together.")
    variants: VariantsSpec = Field(VariantsSpec(), description="Switches of the model.")


class OptionSpec(StatedSpec):
    """A named set of changes: ``[options.NAME]``."""

    title: str
    source: str = Field(min_length=1)
    note: str | None = None


class SealSpec(_Strict):
    """The size and digest of a file that was written with a calibration: ``[calibration.files]``."""

    bytes: int = Field(ge=0)
    sha256: str


class ChanceSpec(_Strict):
    """The probability of an event, and its standard error."""

    probability: float
    standard_error: float


class ChancesSpec(_Strict):
    """The probability of an event before the surveys and after."""

    before: ChanceSpec
    after: ChanceSpec


class ForecastSpec(_Strict):
    """What a calibration makes of events, and the version of the numbers: ``[calibration.forecast]``."""

    numbers: int
    events: dict[str, ChancesSpec]


class CalibrationSpec(_Strict):
    """The calibration that joint draws come from: ``[calibration]``."""

    of: str = Field(min_length=1)
    surveys: tuple[str, ...] = Field(strict=False)
    command: str = Field(min_length=1)
    draws: int = Field(gt=0)
    effective: int = Field(gt=0)
    failed: tuple[str, ...] = Field((), strict=False)
    remedy: str = ""
    forecast: ForecastSpec | None = None
    files: dict[str, SealSpec] = Field(default_factory=dict)


class ViewSpec(StatedSpec):
    """A prior file."""

    title: str | None = Field(None, description="What it is called.")
    description: str | None = Field(None, description="What it says, in a few sentences.")
    citation: str | None = Field(None, description="How to cite it; follows from cites if it is left out.")
    url: str | None = Field(None, description="Where it is published; follows from cites if it is left out.")
    cites: list[str] = Field([], description="Works that it comes from: shipped ones, or those under references.")
    extends: str | None = Field(None, description="The view, shipped or a file, that says what this one does not.")
    calibration: CalibrationSpec | None = Field(None, description="Written by ooms calibrate.")
    options: dict[str, OptionSpec] = Field(default_factory=dict, description="Named sets of changes: VIEW+NAME.")
    references: dict[str, Reference] = Field(default_factory=dict, description="Works that it cites.")


class Documentation(_Strict):
    """What stands beside a distribution: where the belief comes from."""

    source: str = Field(min_length=1)
    note: str | None = None
    grade: Literal["P", "C", "A", "S", "J"] | None = None
    cites: list[str] = []
    without_effect: bool = False


_FORMS: dict[str, type[BaseModel]] = {
    "variants": VariantsSpec,
    "correlations": CorrelationSpec,
    "options": OptionSpec,
    "references": Reference,
    "calibration": CalibrationSpec,
}
"""The form of what stands under a key of a prior file."""

_WORDS = {
    "string_type": ("is not text", "give text in quotes"),
    "bool_type": ("is not a switch position", "write true or false"),
    "retraining_type": ("is not a switch position", 'write true, false or "as coded"'),
    "float_type": ("is not a number", "give a number, without quotes"),
    "dict_type": ("is not a table", "write it as a table: [{key}]"),
    "model_type": ("is not a table", "write it as a table: [{key}]"),
    "list_type": ("is not a list of tables", "write it as a list of tables: [[{key}]]"),
    "greater_than": ("is not above {gt:g}", "give a number above {gt:g}"),
    "less_than": ("is not below {lt:g}", "give a number below {lt:g}"),
    "literal_error": ("is not known", "use one of: {expected}"),
    "int_type": ("is not a whole number", "give a whole number"),
    "tuple_type": ("is not a list", 'write it as a list: {key} = ["..."]'),
    "too_short": ("is empty", "name one"),
    "string_too_short": ("is empty", "say something"),
    "greater_than_equal": ("is below {ge:g}", "give a number of at least {ge:g}"),
    "views": ("is not a list of views", 'name them, views = ["davidson-2025"], or write views = "all"'),
    "draws": ("is not a number of draws", 'give a power of two: 65536, or "2^16"'),
    "quantity": ("is neither a positive number nor the name of a latent", "give one of them"),
}
"""By pydantic's name of what is wrong: what is wrong, and the remedy."""


def read_table(path: Path, problems: Problems) -> dict[str, Any] | None:
    """What a TOML file holds, without control characters; None with why it cannot be parsed added to `problems`."""
    try:
        return _printable(tomllib.loads(_shallow(read_plain(path, MOST_TEXT))))
    except UnicodeDecodeError as error:
        problems.add(path.name, f"is not UTF-8 text: {error.reason} at byte {error.start}", "save it as UTF-8")
    except ValueError as error:  # TOMLDecodeError, or a whole number of thousands of digits
        problems.add(path.name, f"is not TOML: {error}", "mend the syntax at that line")
    except OSError as error:
        problems.add(str(path), f"cannot be read: {error.strerror}", "give a file that can be read")
    return None


class Parsed(NamedTuple):
    """A prior file, less what is wrong with its form; the keys of which something is; and which works it describes."""

    spec: ViewSpec
    unread: frozenset[str]
    described: frozenset[str]


def read(path: Path, problems: Problems) -> Parsed | None:
    """The parsed prior file; what is wrong with its form is added to `problems`; None if it is no TOML."""
    table = read_table(path, problems)
    return None if table is None else parsed(table, path.name, problems)


def parsed(table: dict[str, Any], place: str, problems: Problems) -> Parsed:
    """The same of what stands in a prior file."""
    works = table.get("references")
    described = frozenset(cast("dict[str, Any]", works)) if isinstance(works, dict) else frozenset[str]()
    return Parsed(*readable(ViewSpec, table, place, problems), described)


def plain(table: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a table made in Python as if it had been read: dictionaries and lists, no control characters."""

    def copied(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(key): copied(each) for key, each in cast("Mapping[Any, Any]", value).items()}
        if isinstance(value, list | tuple):
            return [copied(each) for each in cast("list[Any]", value)]
        return value

    return _printable(copied(table))


type _Place = tuple[int | str, ...]

_NEUTRAL: tuple[Any, ...] = ("-", 0, 1, {}, ["-"])
"""What can stand in place of something required that is not there: text, a number, a table, or a list of texts."""


def readable[Model: BaseModel](
    form: type[Model], table: dict[str, Any], place: str, problems: Problems
) -> tuple[Model, frozenset[str]]:
    """What a file says, less what is wrong with its form, so that the rest of it can be checked too.

    What cannot be used is taken out. What is required and not there is filled in, as nothing is used of a file with
    problems; only what cannot be filled in takes the table that it is missing from with it.

    Parameters
    ----------
    form : type of BaseModel
        The form, all of whose keys have defaults or can be filled in.
    table : dict
        The parsed file.
    place : str
        Its name, for the problems.
    problems : Problems
        Collects everything that is wrong.

    Returns
    -------
    Model, frozenset of str
        The file, and the keys under which something is wrong.
    """
    spec = checked(form, table, place, problems)
    table, unread, filled = deepcopy(table) if spec is None else table, set[str](), dict[_Place, int]()
    while spec is None:  # what is taken out or filled in may bring the next mistake to light
        try:
            spec = form.model_validate(table)
        except ValidationError as error:
            wrong = [(detail["loc"], detail["type"]) for detail in error.errors()]
            unread |= {str(where[0]) for where, _ in wrong}
            out = {_surplus(table, where, kind == "missing", filled) for where, kind in wrong} - {()}
            for where in sorted(out, key=_in_order, reverse=True):  # so that none is gone or moved before its turn
                del _at(table, where[:-1])[where[-1]]
                if isinstance(where[-1], int):  # those after it have moved
                    filled = {one: count for one, count in filled.items() if one[: len(where) - 1] != where[:-1]}
    return spec, frozenset(unread)


def _in_order(place: _Place) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (0, part) for part in place]


def _at(table: Any, place: _Place) -> Any:
    """What stands at a place of a table."""
    return reduce(getitem, place, table)


def _surplus(table: Any, place: _Place, missing: bool, filled: dict[_Place, int]) -> _Place:
    """The place of what is to be taken out because of what is wrong at a place; nowhere if that was filled in.

    One thing after the other is filled in where something is missing, as `filled` counts. If none of them will do, the
    table that it is missing from is to be taken out.
    """
    key = place[:-1] if isinstance(place[-1], int) else place  # of a list, if it is something in one
    if key in filled or (missing and key == place):
        filled[key] = filled.get(key, 0) + 1
        if filled[key] > len(_NEUTRAL):
            return key[:-1]
        _at(table, key[:-1])[key[-1]] = deepcopy(_NEUTRAL[filled[key] - 1])
        return ()
    for depth, part in enumerate(place):
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):  # a list is too short, say
            return place[:depth]
    return place


def read_form[Model: BaseModel](form: type[Model], path: Path, problems: Problems) -> Model | None:
    """A parsed file, less what is wrong with its form, which is added to `problems`; None if it cannot be parsed."""
    table = read_table(path, problems)
    return None if table is None else readable(form, table, path.name, problems)[0]


_DEEP = 64
_PART = r"""(?>[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*+{_PART}(?:\.[ \t]*+{_PART}){{{_DEEP},}}+", re.MULTILINE)


def _shallow(text: str) -> str:
    """The same text; its keys have few parts, as the room that a parser takes for one grows with their square."""
    if deep := _DEEP_KEY.search(text):
        line = text.count("\n", 0, deep.end()) + 1
        message = f"a key of more than {_DEEP} parts (at line {line})"
        raise ValueError(message)
    return text


_UNPRINTABLE = dict.fromkeys(n for n in (*range(32), *range(127, 160)) if chr(n) not in "\n\t")
"""Control characters: in a terminal they could pass for something that the program says."""


def _printable(value: Any) -> Any:
    """The same table without control characters in its texts."""
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, list):
        return [_printable(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {_printable(key): _printable(item) for key, item in cast("dict[str, Any]", value).items()}
    return value


def checked[Model: BaseModel](form: type[Model], table: object, place: str, problems: Problems) -> Model | None:
    """The table as that model, or None with its problems noted, each at its place."""
    try:
        return form.model_validate(table)
    except ValidationError as error:
        for detail in error.errors():
            problems.extend([_in_our_words(form, place, detail)])
        return None


def _in_our_words(form: type[BaseModel], place: str, detail: Any) -> Problem:
    location, value, kind = detail["loc"], detail["input"], detail["type"]
    where = within(place, _path(location)) if location else place  # nowhere in it: the whole is no table
    names = (*re.split(r"[.: ]+", place), *location)
    key = next(part for part in reversed(names) if isinstance(part, str))
    if kind == "extra_forbidden":
        parent = "" if len(location) == 1 else str(location[0])
        known = _FORMS.get(parent, form) if form is ViewSpec else form
        return Problem(where, f"{key} is not known here", did_you_mean(key, known.model_fields))
    if key == "between" and (kind != "missing" or location[-1] != key):
        return Problem(where, f"{_shown(value)} is not a pair of names", 'name two: between = ["rho", "returns"]')
    if kind == "missing":
        field = form.model_fields.get(key) if len(location) == 1 else None
        example = f" = {toml(field.examples[0])}: {field.description}" if field is not None and field.examples else ""
        return Problem(where, f"{key} is missing", f"add {key}{example}")
    context = {**detail.get("ctx", {}), "key": f"[{key}]" if isinstance(names[-1], int) else key}
    what, remedy = _WORDS.get(kind, ("cannot be used", "leave it out"))
    return Problem(where, f"{key} = {_shown(value)} {what.format(**context)}", remedy.format(**context))


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _path(location: tuple[int | str, ...]) -> str:
    """``correlations[0].spearman``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
