"""Rows that stand inside a chart, and rows from the top by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

__all__ = ["Row", "Rows", "data", "down"]

Row = dict[str, Any]

Rows = dict[str, list[Row]]
"""What a chart is drawn from, by the name of the data set in the chart."""


def data(rows: Sequence[Row]) -> alt.Data:
    """Rows that stand inside the chart: in a tuple, for Altair copies lists with every step and layer of a chart."""
    return alt.Data(values=tuple(rows))


def down(field: str, n: int) -> alt.Y:
    """Rows from the top, by number."""
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[n - 0.5, -0.5], nice=False, zero=False))
