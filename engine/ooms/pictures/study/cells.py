"""The cells of a study as its pictures need them: axes in words, and a row a cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ooms.batch.axes import Label, label_text
from ooms.batch.grid import DONE, FAILED
from ooms.batch.slices import axes_of, selected
from ooms.parameters import known, known_names
from ooms.pictures.rows import Row
from ooms.pictures.study.shades import KINDS
from ooms.pictures.words import event_name, harmless, in_units, position_named
from ooms.problems import Problem, Problems, UserError
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, percent

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["Axis", "Cells", "Place", "cells_of", "together"]

type Place = tuple[int, ...]
"""The number of a point of each axis."""

_GREEK = {
    "rho": "\u03c1", "lambda": "\u03bb", "zeta": "\u03b6", "gamma": "\u03b3", "eta": "\u03b7", "delta": "\u03b4",
    "sigma": "\u03c3", "phi": "\u03c6",
}  # fmt: skip
_DIGITS = 4  # of a label that is a number: those of a range have up to 12


class Axis(NamedTuple):
    """An axis of a study."""

    name: str
    title: str  # with symbol and unit
    short: str  # the shortest that still says what it is
    labels: tuple[str, ...]  # what its points are called, each differently
    values: tuple[float, ...] | None  # its points as ascending numbers, if they are numbers

    def at(self, k: int) -> str:
        """A point in words: ``rho = -0.4``."""
        return f"{self.name} = {self.labels[k]}"


@dataclass(frozen=True)
class Cells:
    """A study's cells for one event."""

    event: str
    title: str
    axes: tuple[Axis, ...]  # those with more than one point
    fixed: tuple[str, ...]  # what all cells share: ``view = Davidson (2025)``
    made: tuple[str, ...]  # how many draws, which seed
    rows: Mapping[Place, Row]  # a row a cell: where, its probability in percent, or why it was not worked out

    def longest(self, *, numeric: bool) -> list[int]:
        """The axes that are numbers, or those that are not, the longest first; ties as in the study."""
        kind = [k for k, axis in enumerate(self.axes) if (axis.values is not None) == numeric]
        return sorted(kind, key=lambda k: -len(self.axes[k].labels))

    def by_colour(self, first: int | None) -> tuple[int | None, list[int]]:
        """Of all axes but that one, the first that colours can stand for, and those that are left for panels."""
        rest = [k for k in range(len(self.axes)) if k != first]
        by = next((k for k in rest if len(self.axes[k].labels) <= len(KINDS)), None)
        return by, [k for k in rest if k != by]

    @property
    def missing(self) -> str:
        """How many were not worked out, and why, in words; empty if all were."""
        states = [row["state"] for row in self.rows.values()]
        counts = (f"{states.count(state):,} {state}" for state in ("failed", "to do") if state in states)
        why = ", ".join(counts)
        return f"not worked out ({why})" if why else ""

    @property
    def known(self) -> list[Row]:
        """Rows of the cells that were worked out."""
        return [row for row in self.rows.values() if row["probability"] is not None]

    @property
    def top(self) -> float:
        """Where an axis of probabilities ends, percent: 1, 2 or 5 times a power of ten, from 0.1 to 100."""
        highest = max((row["high"] for row in self.known), default=100.0)
        steps = (float(f"{k}e{power}") for power in (-1, 0, 1) for k in (1, 2, 5))
        return next((step for step in steps if highest <= step), 100.0)


def cells_of(data: Dataset, event: str | None = None) -> Cells:
    """A study's cells for an event, the first unless another is asked for."""
    chosen = _one_event(data, event)
    names = axes_of(chosen)
    if not all(chosen.sizes[name] for name in names):
        raise UserError([Problem("data", "holds no cell", "choose a slice that does")])
    wide = [name for name in names if chosen.sizes[name] > 1]
    for name in wide:
        if chosen[name].dtype.kind in "fiu":
            chosen = chosen.sortby(name)
    axes = tuple(_axis(name, chosen[name].values) for name in wide)

    def over(variable: str) -> Any:
        array = chosen[variable]
        return array.squeeze([dim for dim in array.dims if dim not in wide], drop=True).transpose(*wide).values

    columns = [over(name) for name in ("state", "probability", "probability_error", "problem")]
    # what has one value is a point of an axis, or stands beside one that has more
    single = [str(name) for name in chosen.coords if str(name) not in (*wide, "event")]
    single = [name for name in single if name in names or not chosen[name].ndim]
    attributes = chosen.attrs
    return Cells(
        event=event_name(str(chosen["event"].values.ravel()[0])),
        title=harmless(str(attributes.get("title", ""))),
        axes=axes,
        fixed=tuple(f"{harmless(name)} = {_labels(name, chosen[name].values.ravel())[0]}" for name in single),
        made=(
            *([f"{int(attributes['draws']):,} simulated futures a cell"] if "draws" in attributes else []),
            *([f"seed {int(attributes['seed'])}"] if "seed" in attributes else []),
        ),
        rows={at: _row(axes, at, *(column[at] for column in columns)) for at in np.ndindex(columns[0].shape)},
    )


def _row(axes: Sequence[Axis], at: Place, state: int, value: float, error: float, problem: str) -> Row:
    """A cell: probability and standard error, the same in percent with two errors to each side, and in words."""
    where = ", ".join(axis.at(k) for axis, k in zip(axes, at, strict=True)) or "the only cell"
    row: Row = {"where": where, "probability": None, "error": None}
    if state != DONE or math.isnan(value):
        failed = state == FAILED
        why = harmless(str(problem)) if failed else "still to do"
        return row | {"state": "failed" if failed else "to do", "shown": f"not worked out: {why}"}
    chance, known = Estimate(float(value), float(error)), math.isfinite(error)
    spread = 2.0 * chance.standard_error if known else 0.0
    return row | {
        "state": "done",
        "probability": chance.value,
        "error": chance.standard_error if known else None,
        "chance": 100.0 * chance.value,
        "low": 100.0 * max(chance.value - spread, 0.0),
        "high": 100.0 * min(chance.value + spread, 1.0),
        "shown": percent(chance),
        "label": in_percent(chance),
    }


def together(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> together(["rho"]), together(["rho", "view", "returns"])
    ('rho', 'rho, view and returns')
    """
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _one_event(data: Dataset, event: str | None) -> Dataset:
    if "event" not in data.coords:
        raise UserError([Problem("data", "the study asked for no events", "give it events, and run it again")])
    if "event" not in data.dims:
        data = data.expand_dims("event")
    problems = Problems()
    chosen = selected(data, [] if event is None else [event], [], problems)
    problems.raise_if_any()
    return chosen.isel(event=[0])


def _axis(name: str, points: Any) -> Axis:
    shown = harmless(name)
    symbol, unit = (known(name).symbol, known(name).unit) if name in known_names() else ("", "-")
    stem, _, rest = symbol.partition("_")
    symbol = _GREEK.get(stem, stem) + (f"_{rest}" if rest else "")
    inside = "" if symbol in ("", name) else f" ({symbol})"
    title = in_units(f"{shown}{inside}", unit)
    values = tuple(map(float, points)) if points.dtype.kind in "fiu" else None
    return Axis(shown, title, symbol or shown, _labels(name, points), values)


def _labels(name: str, points: Any) -> tuple[str, ...]:
    """Points in words; those that would be written alike are numbered, for charts tell points by their words."""
    labels = [_label(name, point) for point in points.tolist()]
    counted = [labels[:k].count(label) for k, label in enumerate(labels)]
    return tuple(f"{label} ({count + 1})" if count else label for label, count in zip(labels, counted, strict=True))


def _label(name: str, point: Label) -> str:
    if name == "view" and isinstance(point, str):
        return position_named(point)
    text = harmless(label_text(point, _DIGITS))
    return text if isinstance(point, bool | str) else text.replace("-", "\u2212")  # the sign, as on the axes
