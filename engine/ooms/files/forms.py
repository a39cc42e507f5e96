"""How kinds of things are declared, read from tables with everything that is wrong with them, and put in JSON Schema.

Distributions, links, likelihoods and ranges of axes are frozen dataclasses, one file a kind, listed in a registry.
Their fields are the keys of a table in TOML, and the types of the fields say what a key may hold::

    factor: Annotated[float, Number(above=0)] = 1.0
    input: Literal["workforce", "compute_cost"]
    answers: Annotated[tuple[Answer, ...], ListOf(least=1)]

`read` and `schema` follow from that alone. What is wrong with keys taken together is told by `contradictions`.
"""

from __future__ import annotations

import dataclasses
import inspect
import math
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Protocol, Union, cast, get_args, get_origin, override

from ooms.files.toml import toml
from ooms.problems import Problems, did_you_mean

__all__ = [
    "Choice", "Key", "ListOf", "Nested", "Number", "Positive", "Registry", "Schema", "Spot", "Table", "Text", "Value",
    "Whole", "Wrong", "keys_of", "object_schema", "read", "schema", "shown", "unknown_key", "values_of",
]  # fmt: skip

type Schema = dict[str, Any]

type Wrong = tuple[str, str, str]
"""A key (nothing for the whole table), what is wrong with it, and the remedy."""


def shown(value: object) -> str:
    """A value that cannot be used, for the message that says so."""
    text = str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def unknown_key(key: object, known: Iterable[str]) -> tuple[str, str]:
    """What is wrong with a key that a table does not have, and the remedy."""
    return f"{key} is not known here", did_you_mean(str(key), known)


@dataclass(frozen=True)
class Spot:
    """Where a value stands, what to call it, and the collector of what is wrong with it.

    Parameters
    ----------
    place : str
        Where, for the problems.
    problems : Problems
        Collects everything that is wrong.
    key : str
        The key that it stands under; nothing for what stands in a list, and for whole tables.
    nested : mapping of str to callable
        Readers of what a form only names (`Nested`).
    """

    place: str
    problems: Problems
    key: str = ""
    nested: Mapping[str, Callable[[Mapping[str, object], str, Problems], Any]] = MappingProxyType({})

    def wrong(self, what: str, remedy: str, key: str = "") -> None:
        """Note a problem here, or at a key of the table that stands here."""
        self.problems.add(f"{self.place}.{key}" if key else self.place, what, remedy)

    def refuse(self, value: object, what: str, remedy: str) -> None:
        """Note that the value here is not what it should be."""
        self.wrong(f"{self.key} = {shown(value)} {what}" if self.key else f"{shown(value)} {what}", remedy)

    def under(self, key: str) -> Spot:
        """The spot of a key of the table that stands here."""
        return dataclasses.replace(self, place=f"{self.place}.{key}", key=key)

    def item(self, index: int) -> Spot:
        """The spot of an item of the list that stands here."""
        return dataclasses.replace(self, place=f"{self.place}[{index}]", key="")


class Value(Protocol):
    """What a key may hold."""

    def read(self, value: object, at: Spot) -> Any:
        """The value as it is used; None, with a problem noted, if it is none."""
        ...

    def schema(self) -> Schema:
        """The same in JSON Schema."""
        ...


@dataclass(frozen=True, kw_only=True)
class Number(Value):
    """A number, strictly between `above` and `below` and at least `least`.

    With `finite` off, infinity and NaN pass, for what reads them to judge.
    """

    above: float = -math.inf
    below: float = math.inf
    least: float = -math.inf
    finite: bool = True

    @override
    def read(self, value: object, at: Spot) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return at.refuse(value, "is not a number", "give a number, without quotes")
        try:
            number = float(value)
        except OverflowError:
            what = "the number is too large for a computer's floating-point numbers"
            return at.wrong(what, "give a smaller number")
        if self.finite and not math.isfinite(number):
            return at.refuse(value, "is not a number to compute with", "give a finite number")
        for bound, inside, word, remedy in (
            (self.above, number > self.above, "is not above", "above"),
            (self.below, number < self.below, "is not below", "below"),
            (self.least, number >= self.least, "is below", "of at least"),
        ):
            if abs(bound) < math.inf and not inside:
                return at.refuse(value, f"{word} {bound:g}", f"give a number {remedy} {bound:g}")
        return number

    @override
    def schema(self) -> Schema:
        bounds = {"exclusiveMinimum": self.above, "exclusiveMaximum": self.below, "minimum": self.least}
        return {"type": "number", **{key: bound for key, bound in bounds.items() if math.isfinite(bound)}}


@dataclass(frozen=True)
class Whole(Value):
    """A whole number of `least` or more, up to `most`."""

    least: int
    most: int = 10**12
    what: str = ""
    remedy: str = "give a whole number"

    @override
    def read(self, value: object, at: Spot) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool):
            if self.least <= value <= self.most:
                return value
            if value > self.most and not self.what:
                return at.refuse(value, f"is more than {self.most:,}", f"give {self.most:,} at most")
        return at.refuse(value, self.what or f"is not a whole number of {self.least} or more", self.remedy)

    @override
    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Text(Value):
    """A name, which is not empty."""

    @override
    def read(self, value: object, at: Spot) -> str | None:
        if isinstance(value, str) and value:
            return value
        return at.refuse(value, "is not a name", "give a name in quotes")

    @override
    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1}


@dataclass(frozen=True)
class Choice(Value):
    """One of a few words."""

    options: tuple[str, ...]

    @override
    def read(self, value: object, at: Spot) -> str | None:
        if isinstance(value, str) and value in self.options:
            return value
        words = " or ".join(f'"{option}"' for option in self.options)
        return at.refuse(value, "is not known", f"give {at.key} = {words}")

    @override
    def schema(self) -> Schema:
        return {"enum": [*self.options]}


@dataclass(frozen=True)
class ListOf(Value):
    """A list of at least so many; `of` is set from the type that it annotates."""

    least: int = 0
    of: Value | None = None
    words: str = ""
    """What it is a list of, for the remedy; how it is written if nothing."""

    @override
    def read(self, value: object, at: Spot) -> tuple[Any, ...] | None:
        items = cast("list[object]", value) if isinstance(value, list | tuple) else None
        if items is None or len(items) < self.least:
            words = f"write it as a list: {at.key} = [...]"
            remedy = f"give a list of {self.words} in brackets" if self.words else words
            what = "is not a list of one or more" if self.least else "is not a list"
            return at.refuse(cast("object", value), what, remedy)
        assert self.of is not None
        return tuple(self.of.read(item, at.item(i)) for i, item in enumerate(items))

    @override
    def schema(self) -> Schema:
        assert self.of is not None
        return {"type": "array", "items": self.of.schema(), **({"minItems": self.least} if self.least else {})}


@dataclass(frozen=True)
class Nested(Value):
    """A table that is read by a reader that the spot knows by this name, and described under ``$defs``."""

    name: str

    @override
    def read(self, value: object, at: Spot) -> Any:
        if not isinstance(value, Mapping):
            return at.refuse(value, f"is not a {self.name}", f'give a table, {{{self.name} = "...", ...}}')
        return at.nested[self.name](cast("Mapping[str, object]", value), at.place, at.problems)

    @override
    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}


@dataclass(frozen=True)
class Inner(Value):
    """A table with the keys of another form."""

    form: type[Table]

    @override
    def read(self, value: object, at: Spot) -> Any:
        if not isinstance(value, Mapping):
            return at.refuse(value, "is not a table", f"write it as {toml(self.form.example)}")
        return read(self.form, cast("Mapping[str, object]", value), at)

    @override
    def schema(self) -> Schema:
        return schema(self.form)


@dataclass(frozen=True)
class _Either(Value):
    """A table, or something else."""

    tables: Value
    other: Value

    @override
    def read(self, value: object, at: Spot) -> Any:
        form = self.tables if isinstance(value, Mapping) else self.other
        return form.read(cast("object", value), at)

    @override
    def schema(self) -> Schema:
        return {"anyOf": [self.other.schema(), self.tables.schema()]}


Positive = Annotated[float, Number(above=0.0)]


class Table:
    """What is read from a table with the keys of its fields; see the module."""

    example: ClassVar[Mapping[str, object]] = {}
    """A table that it can be read from."""
    apart: ClassVar[tuple[str, ...]] = ()
    """Fields that are no keys of it."""

    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterable[Wrong]:
        """What is wrong with the keys taken together; a value is None if that key is there and cannot be read."""
        return ()


@dataclass(frozen=True)
class Key:
    """A key of a form: what it may hold, whether it has to be there, and what it means."""

    value: Value
    needed: bool
    about: str


@cache
def keys_of(form: type[Any]) -> Mapping[str, Key]:
    """The keys that a table of that form may have, in the order of the fields.

    Examples
    --------
    >>> from ooms.distributions.marginals import REGISTRY
    >>> keys_of(REGISTRY["triangular"])["mode"].about
    'Lower end, most probable value, upper end; the mode may be at an end.'
    """
    hints, about = typing.get_type_hints(form, include_extras=True), _described(form)
    return {
        field.name: Key(_value(hints[field.name]), field.default is dataclasses.MISSING, about.get(field.name, ""))
        for field in dataclasses.fields(form)
        if field.name not in getattr(form, "apart", ())
    }


def read[T: Table](form: type[T], table: Mapping[str, object], at: Spot, *also: str) -> T | None:
    """What a table describes; None if anything is wrong with it, all of which is noted.

    Parameters
    ----------
    form : type of Table
        The form.
    table : mapping
        The table.
    at : Spot
        Where it stands.
    *also : str
        Keys that it may have and that are read elsewhere, such as the one that names the kind.
    """
    before, keys = len(at.problems), keys_of(form)
    for key in table:
        if key not in keys and key not in also:
            at.wrong(*unknown_key(key, keys), str(key))
    given = values_of(form, table, at)
    for key, what, remedy in form.contradictions(given):
        at.wrong(what, remedy, key)
    return None if len(at.problems) > before else form(**given)


def values_of(
    form: type[Any], table: Mapping[str, object], at: Spot, *, partial: bool = False, remedy: str = ""
) -> dict[str, Any]:
    """Values by key, None for what cannot be read; what is missing is noted unless a part will do."""
    given: dict[str, Any] = {}
    for name, key in keys_of(form).items():
        if name in table:
            given[name] = key.value.read(table[name], at.under(name))
        elif key.needed and not partial:
            at.wrong(f"{name} is missing", remedy or f"add {toml(_example(form, name))[1:-1]}", name)
    return given


def schema(form: type[Any], **fixed: Schema) -> Schema:
    """A form in JSON Schema; `fixed` are keys that are read elsewhere, and come first."""
    keys = keys_of(form)
    properties = dict(fixed)
    for name, key in keys.items():
        properties[name] = {"description": key.about, **key.value.schema()} if key.about else key.value.schema()
    return object_schema(properties, *fixed, *(name for name, key in keys.items() if key.needed))


def object_schema(properties: Schema, *required: str) -> Schema:
    """JSON Schema of a table with those keys and no others."""
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}


class Registry[T](Mapping[str, type[T]]):
    """The kinds of something by the names that files use.

    Parameters
    ----------
    noun : str
        What each is: ``link``.
    key : str
        The key of a table that names its kind.
    kinds : mapping of str to type
        The kinds.
    """

    def __init__(self, noun: str, key: str, kinds: Mapping[str, type[T]]) -> None:
        self.noun, self.key, self._kinds = noun, key, dict(kinds)

    def __getitem__(self, name: str) -> type[T]:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def pick(self, table: object, at: Spot, example: str) -> type[T] | None:
        """The kind that a table names; None, with why, if it names none."""
        if not isinstance(table, Mapping):
            return at.wrong(f"{self.noun} is not a table", f"write it as a table: {example}")
        if self.key not in table:
            return at.wrong(f"{self.key} is missing", f"say which: {', '.join(self)}", self.key)
        name = str(cast("Mapping[str, object]", table)[self.key])
        if name not in self:
            return at.wrong(f"there is no {self.noun} {name[:60]!r}", did_you_mean(name, self), self.key)
        return self[name]

    def schema(self) -> Schema:
        """Any of the kinds, in JSON Schema."""
        return {"anyOf": [schema(kind, **{self.key: {"const": name}}) for name, kind in self.items()]}


def _value(hint: Any) -> Value:
    """What a field of that type may hold."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        declared = next((extra for extra in arguments[1:] if hasattr(extra, "schema")), None)
        if isinstance(declared, ListOf) and declared.of is None:
            return dataclasses.replace(declared, of=_value(get_args(arguments[0])[0]))
        return declared or _value(arguments[0])
    if origin is Literal:
        return Choice(arguments)
    if origin in (Union, UnionType):
        *rest, last = (_value(each) for each in arguments if each is not NoneType)
        if not rest:
            return last
        tables, others = ([v for v in (*rest, last) if isinstance(v, Inner) is inner] for inner in (True, False))
        return _Either(tables[0], others[0])
    if origin is tuple:
        return ListOf(of=_value(arguments[0]), words="numbers" if arguments[0] is float else "")
    if hint is float:
        return Number(finite=False)
    return Inner(hint) if isinstance(hint, type) and issubclass(hint, Table) else Text()


def _described(form: type[Any]) -> dict[str, str]:
    """What the parameters of a class mean, from its docstring."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?:\n\n|\Z)", inspect.getdoc(form) or "", re.DOTALL | re.MULTILINE)
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section[1].splitlines() if section else ():
        if line[:1] != " ":
            names = line.partition(" : ")[0].split(", ")
        else:
            found |= {name: f"{found.get(name, '')} {line.strip()}".strip() for name in names}
    return found


def _example(form: type[Any], key: str) -> Mapping[str, object]:
    """A key with a value that it may have; of a list of tables the first."""
    value = cast("Mapping[str, object]", form.example).get(key, "...")
    return {key: [row] if (row := _first_row(value)) else value}


def _first_row(value: object) -> Mapping[str, object] | None:
    rows = cast("list[object]", value) if isinstance(value, list) else []
    return cast("Mapping[str, object]", rows[0]) if rows and isinstance(rows[0], Mapping) else None
