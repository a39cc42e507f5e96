"""Results as small tables: as text, as HTML for notebooks, and as pandas DataFrames."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame as DataFrame  # pyright: ignore[reportMissingTypeStubs]

    from ooms.results.credence import Distributions, Estimate

__all__ = ["Table", "dataframe", "outcomes_frame", "outcomes_table", "several_frame", "several_table", "table_of"]

_WIDEST = 60
"""Characters of a cell as text; a notebook wraps longer ones itself."""


@dataclass(frozen=True)
class Table:
    """A heading, columns and rows.

    Parameters
    ----------
    heading : str
        What it is a table of.
    columns : sequence of str
        Their names.
    rows : sequence of sequences
        Cells: texts and numbers, None for nothing.

    Examples
    --------
    >>> table = Table("<two>", ("name", "share"), [("a", 0.25), ("b & c", None)])
    >>> print(table)
    <two>
    name   share
    a      0.25
    b & c  -
    >>> "b &amp; c" in table.html
    True
    """

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]

    def __str__(self) -> str:
        rows = [[textwrap.shorten(_cell(cell), _WIDEST, placeholder=" ...") for cell in row] for row in self.rows]
        lines = [list(self.columns), *rows] if rows else []
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join([self.heading, *(line.rstrip() for line in padded)])

    @property
    def html(self) -> str:
        """For a notebook: every text escaped, no colours of its own, so that it reads in the light and in the dark."""
        head = "".join(_tagged("th", name) for name in self.columns)
        body = "".join(f"<tr>{''.join(_tagged('td', _cell(cell)) for cell in row)}</tr>" for row in self.rows)
        caption = f"<caption>{escape(self.heading)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _tagged(tag: str, text: str) -> str:
    return f'<{tag} style="text-align: left">{escape(text)}</{tag}>'


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:g}"
    return "-" if cell is None or cell == "" else " ".join(str(cell).split())


def dataframe(records: Iterable[Mapping[str, object]], columns: Sequence[str]) -> DataFrame:
    """Records as a pandas DataFrame with these columns, also where there are no records."""
    from pandas import DataFrame  # pyright: ignore[reportMissingTypeStubs]

    return DataFrame([[record.get(column) for column in columns] for record in records], columns=list(columns))


_COLUMNS = ("outcome", "statistic", "level", "value", "standard_error", "unit")
"""Of a result's tidy table: a row a number."""


def _records(
    result: Distributions, probabilities: Mapping[str, Estimate], quantities: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """A record a number: probabilities of events, quantiles of quantities, and the shares in which they never come."""
    from ooms.outcomes import parse_quantity
    from ooms.results.credence import LEVELS

    def record(outcome: str, statistic: str, estimate: Estimate, unit: str, level: float = math.nan) -> dict[str, Any]:
        return dict(zip(_COLUMNS, (outcome, statistic, level, *estimate, unit), strict=True))

    for event, probability in probabilities.items():
        yield record(event, "probability", probability, "1")
    for name in quantities:
        unit = parse_quantity(name).unit
        for level, quantile in zip(LEVELS, result.quantiles(name, LEVELS), strict=True):
            yield record(name, "quantile", quantile, unit, level)
        yield record(name, "never", result.never(name), "1")


def outcomes_frame(
    result: Distributions, probabilities: Mapping[str, Estimate], quantities: Iterable[str]
) -> DataFrame:
    """Probabilities of events, quantiles of quantities and shares that never come, tidy: a row a number."""
    return dataframe(_records(result, probabilities, quantities), _COLUMNS)


def several_frame(
    results: Mapping[str, Distributions],
    probabilities: Mapping[str, Mapping[str, Estimate]],
    quantities: Sequence[str],
) -> DataFrame:
    """The same of several views, with the view in the first column."""
    records = (
        {"view": view} | record
        for view, result in results.items()
        for record in _records(result, probabilities[view], quantities)
    )
    return dataframe(records, ("view", *_COLUMNS))


def outcomes_table(result: object, probabilities: Mapping[str, Estimate]) -> Table:
    """Events and their probabilities."""
    return table_of(result, ("event", "probability"), ((event, _percent(p)) for event, p in probabilities.items()))


def several_table(result: object, events: Sequence[str], probabilities: Mapping[str, Mapping[str, Estimate]]) -> Table:
    """Views, and the probabilities of events under each."""
    rows = ((view, *(_percent(each[event]) for event in events)) for view, each in probabilities.items())
    return table_of(result, ("view", *events), rows)


def table_of(result: object, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table under the first line of what a result is shown as; estimates are shown with their errors."""
    return Table(repr(result).partition("\n")[0], columns, tuple(rows))


def _percent(probability: Estimate) -> str:
    from ooms.results.numbers import percent

    return "none" if math.isnan(probability.value) else percent(probability)
