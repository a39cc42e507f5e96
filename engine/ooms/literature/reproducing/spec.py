"""Files of published numbers: their form, and everything that is wrong with one at once.

A file is data, one source each::

    view = "davidson-2025"             # default: the name of the file

    [[numbers]]
    what = "max speed at rho = -0.4"
    published = 6                      # or a range [10, 40], or at_most, or at_least
    unit = "x"
    tolerance = 0.5
    because = "printed without decimals"
    source = "the table of max speeds"
    goes_in = false                    # true for what the view was built from
    set = {rho = -0.4}                 # as --set; options = ["..."] switches options of the view on
    quantity = "max speed"             # or event = "...", or parameter = "..."
    at = "central"                     # or a quantile, at = 0.5; or a chance, above = 1

    [[numbers.other_readings]]         # where a paper and its code part: what the other one gives
    reading = "..."
    options = ["..."]

    [[out_of_reach]]
    what = "median year of automation"
    published = "2032.8"
    reason = "this model starts at full automation"
    source = "..."
"""

from __future__ import annotations

import math
import os.path
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ooms.beliefs.spec import checked, read_table
from ooms.files.library import priors_folder, shipped
from ooms.literature.reproducing.questions import KINDS, Question, read_question
from ooms.problems import Problems, did_you_mean

__all__ = ["Case", "Claim", "OtherReading", "OutOfReach", "Published", "find_numbers", "read_published",
           "shipped_numbers"]  # fmt: skip

Changes = tuple[tuple[str, float | str | bool], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question put to a view with options and what-ifs."""

    question: Question
    options: tuple[str, ...]
    changes: Changes
    place: str


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another reading of the same published number: what it is, and the question that it puts instead."""

    name: str
    case: Case


@dataclass(frozen=True, slots=True)
class Claim:
    """A published number that the model can answer; `low` and `high` differ for a range, and may be infinite.

    `goes_in` marks numbers that the view was built from: they have to come out again, and show no more.
    """

    what: str
    low: float
    high: float
    tolerance: float
    because: str
    source: str
    note: str
    goes_in: bool
    case: Case
    readings: tuple[OtherReading, ...]


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A published number that the model cannot answer, and why."""

    what: str
    published: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Published:
    """What one source has published."""

    name: str
    view: str
    path: Path
    claims: tuple[Claim, ...]
    out_of_reach: tuple[OutOfReach, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _File(_Strict):
    view: str | None = None
    numbers: list[dict[str, Any]] = []
    out_of_reach: list[dict[str, Any]] = []


class _Asking(_Strict):
    """What puts a question. `Any` is read by `read_question`, which has more to say than a type."""

    options: tuple[str, ...] | None = Field(default=None, strict=False)
    set: dict[str, Any] | None = None
    event: Any = None
    quantity: Any = None
    parameter: Any = None
    at: Any = None
    above: Any = None
    below: Any = None


class _Number(_Asking):
    what: str = Field(min_length=1)
    published: Any = None
    at_most: float | None = None
    at_least: float | None = None
    unit: str | None = None
    tolerance: float
    because: str = Field(min_length=1)
    source: str = Field(min_length=1)
    note: str = ""
    goes_in: bool = False
    other_readings: list[dict[str, Any]] = []


class _Reading(_Asking):
    reading: str = Field(min_length=1)


class _OutOfReach(_Strict):
    what: str = Field(min_length=1)
    published: Any = None
    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)


def _folder() -> Path:
    return priors_folder() / "published"


def shipped_numbers() -> tuple[str, ...]:
    """Names of the shipped files of published numbers, those of the default view first."""
    names = sorted(path.stem for path in _folder().glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != "davidson-2025"))


def find_numbers(name: str | Path, problems: Problems) -> Path | None:
    """The file of published numbers of a shipped view, or one's own; None with a problem noted."""
    text = str(name)
    for path in (Path(os.path.expanduser(text)), _folder() / f"{text}.toml"):
        if os.path.isfile(path):  # unlike Path.is_file, never raises
            return path
    there = shipped_numbers()
    if text in shipped():
        remedy = f"reproduce one of: {', '.join(there)}"
        problems.add(text, "its source has published no numbers to compare with", remedy)
    elif text.endswith(".toml") or "/" in text:
        remedy = f"give a file of published numbers, or one of: {', '.join(there)}"
        problems.add(text, "is not there: no such file", remedy)
    else:
        problems.add(text or '""', "has no published numbers", did_you_mean(text, there))
    return None


def read_published(path: Path, problems: Problems) -> Published | None:
    """The published numbers in a file; None, or less than all, with what is wrong added to `problems`."""
    table = read_table(path, problems)
    form = checked(_File, table, path.name, problems) if table is not None else None
    if form is None:
        return None
    if not form.numbers and not form.out_of_reach:
        problems.add(path.name, "there are no numbers in it", "add one under [[numbers]]")
    claims = [_claim(n, f"{path.name}: numbers[{i}]", problems) for i, n in enumerate(form.numbers)]
    others = [_beyond(n, f"{path.name}: out_of_reach[{i}]", problems) for i, n in enumerate(form.out_of_reach)]
    return Published(
        path.stem,
        form.view or path.stem,
        path,
        tuple(claim for claim in claims if claim is not None),
        tuple(other for other in others if other is not None),
    )


def _claim(stated: dict[str, Any], place: str, problems: Problems) -> Claim | None:
    form = checked(_Number, stated, place, problems)
    if form is None:
        return None
    if not 0 <= form.tolerance < math.inf:
        problems.add(f"{place}.tolerance", f"tolerance = {form.tolerance:g} is not a size", "give 0 or more")
    low, high = _span(form, place, problems)
    table = form.model_dump()
    case = _case(table, table, form.unit, place, problems)
    readings: list[OtherReading] = []
    for i, other in enumerate(form.other_readings):
        where = f"{place}.other_readings[{i}]"
        reading = checked(_Reading, other, where, problems)
        own = _case(reading.model_dump(), table, form.unit, where, problems) if reading is not None else None
        if reading is not None and own is not None:
            readings.append(OtherReading(reading.reading, own))
    if case is None:
        return None
    return Claim(
        form.what, low, high, form.tolerance, form.because, form.source, form.note, form.goes_in, case, tuple(readings)
    )


def _span(form: _Number, place: str, problems: Problems) -> tuple[float, float]:
    """The ends of what was published: equal ones for a number."""
    keys = [key for key in ("published", "at_most", "at_least") if getattr(form, key) is not None]
    if len(keys) != 1:
        what = f"{' and '.join(keys)} are given together" if keys else "published is missing"
        problems.add(place, what, "give one of published = 57, published = [10, 40], at_most = 1 and at_least = 1")
        return math.nan, math.nan
    if form.at_most is not None:
        return -math.inf, form.at_most
    if form.at_least is not None:
        return form.at_least, math.inf
    match form.published:
        case bool():
            pass
        case int() | float() as number if not math.isnan(number):
            return float(number), float(number)
        case [int() | float() as low, int() | float() as high] if low < high:
            return float(low), float(high)
        case _:
            pass
    what = f"published = {form.published!r} is neither a number nor a range"
    problems.add(f"{place}.published", what, "give a number, or a range with its lower end first: [10, 40]")
    return math.nan, math.nan


def _case(
    table: Mapping[str, Any], otherwise: Mapping[str, Any], unit: str | None, place: str, problems: Problems
) -> Case | None:
    """What is asked; a reading asks what the number asks, unless it says otherwise."""
    before = len(problems)
    puts = any(table[kind] is not None for kind in KINDS)
    question = read_question(table if puts else otherwise, unit, place, problems)
    changes: dict[str, Any] = (otherwise if table["set"] is None else table)["set"] or {}
    options = (otherwise if table["options"] is None else table)["options"] or ()
    for name, value in changes.items():
        if not isinstance(value, bool | int | float | str):
            remedy = 'give a number, or a distribution as text: "loguniform(0.4, 3.6)"'
            problems.add(f"{place}.set.{name}", f"{value!r} is not a belief", remedy)
    if question is None or len(problems) > before:
        return None
    return Case(question, tuple(options), tuple(sorted(changes.items())), place)


def _beyond(table: dict[str, Any], place: str, problems: Problems) -> OutOfReach | None:
    form = checked(_OutOfReach, table, place, problems)
    if form is None:
        return None
    shown = f"{form.published:g}" if isinstance(form.published, float) else str(form.published or "-")
    return OutOfReach(form.what, shown, form.reason, form.source)
