"""The outcome of a reproduction: a row for every published number, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from ooms.results.credence import Estimate
from ooms.results.plain import finite, number, result
from ooms.results.tables import table_of

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.documents.document import Document
    from ooms.results.tables import DataFrame

__all__ = ["VERDICTS", "Reproduction", "Row", "Verdict"]

Verdict = Literal["agrees", "goes in", "differs", "other reading", "out of reach"]

VERDICTS: Mapping[Verdict, str] = {
    "agrees": "ours lies within the tolerance and two Monte Carlo standard errors of the published number",
    "goes in": "the same, but the view was built from it: a check of the view, and not of the model",
    "differs": "it does not",
    "other reading": "what another reading of the same number gives, such as a paper's where its code differs",
    "out of reach": "the model cannot answer, for the reason given",
}
"""What can come of a published number, and what that means."""

_SLIP = 1e-9  # relative: what the rounding of floating-point numbers may do


@dataclass(frozen=True, slots=True)
class Row:
    """A published number beside ours.

    Parameters
    ----------
    view, what : str
        Whose number it is, and of what.
    published : str
        As published, with its unit.
    low, high : float
        The same as numbers: equal unless it is a range; NaN where the model cannot answer.
    unit : str
        Of `low`, `high`, `ours`, `difference` and `tolerance`.
    asked : str
        The question that was put to the model.
    changes : tuple of str
        Options and what-ifs that it was put with.
    ours : Estimate or None
        The model's answer, with its Monte Carlo standard error (0 where it is exact).
    difference : float
        Ours less the published number; for a range, less its nearest end, and 0 inside.
    tolerance, because : float, str
        By how much they may differ, and why; for what is out of reach, the reason.
    verdict : {"agrees", "goes in", "differs", "other reading", "out of reach"}
        What came of it (`VERDICTS`).
    source, note, reading : str
        Where it was published, what to know about it, and how an other reading reads it.
    """

    view: str
    what: str
    published: str
    low: float
    high: float
    unit: str
    asked: str
    changes: tuple[str, ...]
    ours: Estimate | None
    difference: float
    tolerance: float
    because: str
    verdict: Verdict
    source: str
    note: str = ""
    reading: str = ""

    def __str__(self) -> str:
        ours = "" if self.ours is None else f", ours {self.ours}"
        return f"{self.view}: {self.what}: published {self.published}{ours}: {self.verdict}"


def difference(ours: float, low: float, high: float) -> float:
    """Ours less the published number; for a range less its nearest end, and 0 inside.

    Examples
    --------
    >>> difference(5.5, 6.0, 6.0), difference(32.0, 10.0, 40.0), difference(math.inf, math.inf, math.inf)
    (-0.5, 0.0, 0.0)
    """
    end = low if ours < low else high
    if low <= ours <= high or math.isclose(ours, end, rel_tol=_SLIP):
        return 0.0
    return ours - end


def within(ours: Estimate, low: float, high: float, tolerance: float) -> bool:
    """Whether they differ by no more than the tolerance and two Monte Carlo standard errors.

    Examples
    --------
    >>> within(Estimate(56.4, 0.1), 57.0, 57.0, 0.5), within(Estimate(56.4, 0.01), 57.0, 57.0, 0.5)
    (True, False)
    """
    error = ours.standard_error if math.isfinite(ours.standard_error) else 0.0
    return abs(difference(ours.value, low, high)) <= tolerance * (1 + _SLIP) + 2 * error


class Reproduction:
    """Published numbers beside this model's: made by `ooms.reproduce`.

    Parameters
    ----------
    rows : tuple of Row
        In the order of the files; other readings follow the number that they read.
    draws, seed : int
        How it was run.
    """

    def __init__(self, rows: tuple[Row, ...], draws: int, seed: int) -> None:
        self.rows, self.draws, self.seed = rows, draws, seed

    @property
    def agrees(self) -> bool:
        """Whether every number that the model can answer is within its tolerance."""
        return all(row.verdict != "differs" for row in self.rows)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many rows there are of each verdict."""
        return {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in VERDICTS}

    def __repr__(self) -> str:
        counted = ", ".join(f"{count} {verdict}" for verdict, count in self.counts.items() if count)
        return "\n".join([f"<Reproduction: {counted}>", *(f"  {row}" for row in self.rows)])

    def _repr_html_(self) -> str:
        rows = ((row.view, row.what, row.published, row.ours, row.verdict) for row in self.rows)
        return table_of(self, ("view", "what", "published", "ours", "verdict"), rows).html

    def to_dataframe(self) -> DataFrame:
        """The rows of `data` as a pandas DataFrame."""
        return self.data.to_dataframe()

    def document(self, *, sources: bool = False) -> Document:
        """What it says, as sections of plain data (`ooms.documents`); with where each number was published."""
        from ooms.documents.reproduction import document

        return document(self, sources=sources)

    def plain(self) -> dict[str, Any]:
        """A row for every published number and reading in plain form, as ``--json`` has it."""
        rows = [
            {
                "view": row.view,
                "what": row.what,
                "published": row.published,
                "published_low": finite(row.low),
                "published_high": finite(row.high),
                "unit": row.unit,
                "asked": row.asked,
                "changes": list(row.changes),
                "ours": None if row.ours is None else number(row.ours),
                "difference": finite(row.difference),
                "tolerance": finite(row.tolerance),
                "because": row.because,
                "verdict": row.verdict,
                "source": row.source,
                "note": row.note,
                "reading": row.reading,
            }
            for row in self.rows
        ]
        return result("reproduction", draws=self.draws, seed=self.seed, agrees=self.agrees, rows=rows)

    @cached_property
    def data(self) -> Dataset:
        """The rows as an xarray Dataset, with how they were made."""
        import xarray as xr

        from ooms import __version__
        from ooms.forecasting.labels import storable

        texts = ("view", "what", "published", "unit", "asked", "because", "verdict", "source", "note", "reading")
        columns: dict[str, list[str] | list[float]] = {key: [getattr(r, key) for r in self.rows] for key in texts}
        columns["changes"] = ["; ".join(row.changes) for row in self.rows]
        columns["published_low"] = [row.low for row in self.rows]
        columns["published_high"] = [row.high for row in self.rows]
        columns["ours"] = [math.nan if row.ours is None else row.ours.value for row in self.rows]
        columns["standard_error"] = [math.nan if row.ours is None else row.ours.standard_error for row in self.rows]
        columns["difference"] = [row.difference for row in self.rows]
        columns["tolerance"] = [row.tolerance for row in self.rows]
        return xr.Dataset(
            {name: ("row", storable(values)) for name, values in columns.items()},
            attrs={"draws": self.draws, "seed": storable(self.seed), "ooms": __version__},
        )
