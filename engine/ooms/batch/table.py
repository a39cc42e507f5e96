"""Tables of a study: a row a cell of any slice, or a row for cells taken together; for people, programs and files."""

from __future__ import annotations

import csv
import importlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ooms.batch.addresses import LEVELS
from ooms.batch.grid import DONE, TO_DO
from ooms.batch.mixture_quantiles import Mixture, mixed_probability
from ooms.batch.slices import axes_of, selected, slice_of
from ooms.files.writing import check_place, write_whole
from ooms.outcomes import Quantity, parse_quantity
from ooms.problems import Problems, did_you_mean
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["ENDINGS", "Row", "StudyTable", "asked_of", "check_table_place", "plain", "study_table"]

ENDINGS = (".csv", ".parquet", ".json")
"""Of files that tables can be written to."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity's distribution in a row: the ends and the middle of its credence interval, and how often never."""

    low: Estimate
    median: Estimate
    high: Estimate
    never: Estimate


@dataclass(frozen=True, slots=True)
class Row:
    """A row: one cell, or several taken together. Where none is done, there are no numbers."""

    where: Mapping[str, Any]  # its coordinates, those that are taken together left out
    cells: int  # how many it stands for
    done: int  # how many of them are done; the others are left out of the numbers
    problems: tuple[str, ...] = ()  # why cells are not done
    probabilities: Mapping[str, Estimate] = field(default_factory=dict[str, Estimate])  # by event
    spreads: Mapping[str, Spread] = field(default_factory=dict[str, Spread])  # by quantity


@dataclass(frozen=True, slots=True)
class StudyTable:
    """A table of a slice of a study."""

    axes: tuple[str, ...]  # that rows differ in, and those that all rows share
    over: tuple[str, ...]  # the axes that are taken together
    events: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    mass: float  # of the credence intervals, which are equal-tailed
    rows: tuple[Row, ...]  # in the order of the axes, unless sorted

    @property
    def headings(self) -> tuple[str, str, str]:
        """What the ends and the middle of an interval are called: ``5 %``, ``median``, ``95 %``."""
        low, high = (100 * (1 - self.mass) / 2, 100 * (1 + self.mass) / 2)
        return f"{low:.6g} %", "median", f"{high:.6g} %"

    def sorted(self) -> StudyTable:
        """The same, the highest probability of the first event first; rows without one last."""
        if not self.events:
            return self

        def chance(row: Row) -> float:
            return -row.probabilities[self.events[0]].value if row.probabilities else math.inf

        return replace(self, rows=tuple(sorted(self.rows, key=chance)))

    def records(self) -> list[dict[str, Any]]:
        """Rows for programs: plain numbers under plain names; None where a cell is not done."""
        return [self._record(row) for row in self.rows]

    def _record(self, row: Row) -> dict[str, Any]:
        record: dict[str, Any] = {**row.where, "cells": row.cells, "done": row.done}
        nothing = Estimate(math.nan, math.nan)
        for event in self.events:
            record[event], record[f"{event}: error"] = row.probabilities.get(event, nothing)
        for quantity in self.quantities:
            spread = row.spreads.get(quantity.name, Spread(nothing, nothing, nothing, nothing))
            ends = zip(self.headings, (spread.low, spread.median, spread.high), strict=True)
            record |= {f"{quantity.name}: {heading}": end.value for heading, end in ends}
            record[f"{quantity.name}: error of the median"] = spread.median.standard_error
            record[f"{quantity.name}: never"] = spread.never.value
        known = {key: value if value == value else None for key, value in record.items()}  # NaN alone is not itself
        return known | {"problem": "; ".join(row.problems) or None}

    def save(self, path: str | Path) -> None:
        """Write `records` as .csv, .parquet or .json, by the ending of the name; `UserError` if that cannot be."""
        path = Path(path)
        problems = Problems()
        check_table_place(path, problems)
        problems.raise_if_any()
        write = {".csv": _csv, ".parquet": _parquet, ".json": _json}[path.suffix]
        write_whole(path, lambda part: write(part, self.records()))


def study_table(
    data: Dataset,
    *,
    where: Iterable[str] = (),
    events: Sequence[str] = (),
    quantities: Sequence[str] = (),
    over: Iterable[str] = (),
    mass: float = 0.9,
) -> StudyTable:
    """Probabilities and equal-tailed credence intervals of any slice of a study, a row a cell.

    Parameters
    ----------
    data : Dataset
        As `ooms.open_study` gives it.
    where : iterable of str
        Which cells: ``"rho=-0.4"``, ``"returns=0.5..2"``, ``"view=davidson-2025,epoch-2025"``.
    events, quantities : sequence of str
        Which columns; all unless some are named.
    over : iterable of str
        Axes along which cells are taken together, every cell with the same weight.
    mass : float
        Of the credence intervals.

    Raises
    ------
    UserError
        Everything that is wrong with what is asked.
    """
    problems, together = Problems(), tuple(dict.fromkeys(over))
    chosen = asked_of(data, where, events, quantities, together, mass, problems)
    problems.raise_if_any()
    axes = tuple(axis for axis in axes_of(data) if axis not in together)
    chosen = cast("Any", chosen).load().transpose(*axes, *together, ...)
    texts = {name: tuple(map(str, chosen[name].values)) if name in chosen.dims else () for name in _COLUMNS}
    columns = texts["event"], tuple(map(parse_quantity, texts["quantity"]))
    return StudyTable(axes, together, *columns, mass, tuple(_rows(chosen, axes, together, *columns, mass)))


_COLUMNS = ("event", "quantity")
_NOT_YET = "not worked out yet: run the study to its end"


def asked_of(
    data: Dataset,
    where: Iterable[str],
    events: Sequence[str],
    quantities: Sequence[str],
    over: Iterable[str],
    mass: float,
    problems: Problems,
) -> Dataset:
    """The part of a study that a table is about, as `study_table` is asked for it; what is wrong goes to `problems`."""
    chosen, axes = selected(slice_of(data, where, problems), events, quantities, problems), axes_of(data)
    for name in over:
        if name not in axes:
            problems.add("over", f"the study has no axis {name}", did_you_mean(name, axes))
    if not 0 < mass < 1:
        problems.add("mass", f"{mass:g} is not between 0 and 1", "give a probability such as 0.9")
    elif mass > 2.0 * LEVELS[-1] - 1.0 + 1e-9:
        what = f"the ends of a {mass:.6g} interval lie beyond the quantiles that cells keep"
        problems.add("mass", what, f"give at most {2.0 * LEVELS[-1] - 1.0:.6g}")
    return chosen


def _rows(
    data: Dataset,
    axes: tuple[str, ...],
    over: tuple[str, ...],
    events: tuple[str, ...],
    quantities: tuple[Quantity, ...],
    mass: float,
) -> Iterator[Row]:
    """All rows, in the order of the axes."""
    rows, cells = (math.prod(data.sizes[axis] for axis in part) for part in (axes, over))
    flat = {  # shape (rows, cells of a row, ...)
        str(name): variable.values.reshape(rows, cells, *variable.shape[len(axes) + len(over) :])
        for name, variable in data.data_vars.items()
        if name != "unit"
    }
    labels = [data[axis].values.tolist() for axis in axes]
    for index, coordinates in enumerate(product(*labels)):
        row: dict[str, Any] = {name: values[index] for name, values in flat.items()}
        where = dict(zip(axes, coordinates, strict=True))
        done = row["state"] == DONE
        to_do = [_NOT_YET] if (row["state"] == TO_DO).any() else []
        problems = tuple(dict.fromkeys([*(text for text in row["problem"].tolist() if text), *to_do]))
        if not done.any():
            yield Row(where, cells, 0, problems)
            continue
        row = {name: values[done] for name, values in row.items()}
        probabilities = {event: _probability(row, k) for k, event in enumerate(events)}
        spreads = {q.name: _spread(row, k, data["level"].values, q, mass) for k, q in enumerate(quantities)}
        yield Row(where, cells, int(done.sum()), problems, probabilities, spreads)


def _probability(row: Mapping[str, Any], k: int) -> Estimate:
    error = float(row["probability_error"][:, k].mean())
    if len(row["state"]) == 1:  # with its own error, which knows of more than the randomisations show
        return Estimate(float(row["probability"][0, k]), error)
    mixed = mixed_probability(row["probability_by_randomisation"][:, k])
    # where no draw differs, the error is what cells say of themselves, at most the mean of it
    return mixed if mixed.standard_error else Estimate(mixed.value, error)


def _spread(row: Mapping[str, Any], k: int, levels: Any, quantity: Quantity, mass: float) -> Spread:
    values, errors, never, never_error = (row[name][:, k] for name in _QUANTITY)
    mixture = Mixture(levels, values, errors, never, logarithmic=quantity.scale.logarithmic)
    low, median, high = map(mixture.quantile, ((1 - mass) / 2, 0.5, (1 + mass) / 2))
    # cells err together at most: the mean of their errors is an upper bound of the error of their mean
    return Spread(low, median, high, Estimate(float(never.mean()), float(never_error.mean())))


_QUANTITY = ("quantile", "quantile_error", "never", "never_error")


def check_table_place(path: Path, problems: Problems) -> None:
    """Add what is wrong with a place for a table to `problems`."""
    if path.suffix not in ENDINGS:
        problems.add(str(path), f"does not end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}", "give another name")
        return
    check_place(path, problems)
    check_parquet(path, problems)


def check_parquet(path: Path, problems: Problems) -> None:
    """Add to `problems` if the place is for a Parquet file and nothing here can write one."""
    if path.suffix == ".parquet" and find_spec("pyarrow") is None:
        remedy = 'install it, pip install "ooms[parquet]", or give a name that ends in .csv'
        problems.add(str(path), "cannot be written: pyarrow is not installed", remedy)


def _csv(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]) if records else [])
        writer.writeheader()
        writer.writerows(records)


def _json(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    path.write_text(json.dumps(plain(records), ensure_ascii=False, indent=1), encoding="utf-8")


def plain(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The records as JSON has them, which knows no infinity: text stands for it."""
    return [{key: "infinite" if value == math.inf else value for key, value in record.items()} for record in records]


def _parquet(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    arrow, parquet = (cast("Any", importlib.import_module(name)) for name in ("pyarrow", "pyarrow.parquet"))
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: [record[name] for record in records] for name in names}
    schema = arrow.schema([(name, _type_of(arrow, name, values)) for name, values in columns.items()])
    parquet.write_table(arrow.table(columns, schema=schema), path)


def _type_of(arrow: Any, name: str, values: Sequence[Any]) -> Any:
    """The type of a column, also where all of it is missing: a number, unless it says what is wrong."""
    if any(value is not None for value in values):
        return arrow.array(values).type
    return arrow.string() if name == "problem" else arrow.float64()
