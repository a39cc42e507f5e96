"""Panels of densities over an axis of their own, below the name of what they are of, with medians and intervals.

Altair copies whatever a chart is made of each time that it is put into another, so that a panel has few layers and
holds the points of its densities as one text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt

from ooms.pictures.density import Axis, ticks
from ooms.pictures.rows import Row, data
from ooms.pictures.theme import INK, LABEL, QUIET, SMALL

__all__ = ["Curve", "Intervals", "axis_row", "hill_panel"]


class Curve(NamedTuple):
    """How a density is drawn: which, and the looks of its area and of its edge."""

    field: str
    area: Row
    edge: Row


class Intervals(NamedTuple):
    """Medians and 90 % intervals, each from ``low`` to ``high`` with its median ``at``, pixels from the top ``y``."""

    rows: Sequence[Row]
    colour: Any
    width: float


def axis_row(axis: Axis) -> Row:
    """Where densities are shown, as plain data."""
    return {"log": axis.logarithmic, "low": axis.low, "high": axis.high, "ticks": ticks(axis)}


def hill_panel(
    head: Row, points: Mapping[str, Sequence[float]], curves: Sequence[Curve], intervals: Intervals, *,
    size: tuple[float, float], ground: tuple[float, float], gap: float = 0.0,
) -> alt.LayerChart:  # fmt: skip
    """A panel.

    Parameters
    ----------
    head : dict
        ``name`` and lines of ``text``, which stand above; ``note``, the last line, if there is one; `axis_row`.
    points : mapping
        Numbers ``at`` which densities are known, and these by the names of curves.
    curves : sequence of Curve
        What is drawn.
    intervals : Intervals
        The same, of medians and intervals.
    size : (float, float)
        Pixels.
    ground : (float, float)
        Pixels down to where densities start, and to where the highest ends.
    gap : float
        Pixels to the next panel, which words may reach into.
    """
    width, height = size
    scale = alt.Scale(
        type="log" if head["log"] else "linear", domain=[head["low"], head["high"]], nice=False, zero=False
    )
    axis = alt.Axis(values=head["ticks"], format="~g", title=None, labelOverlap=False, labelFlush=True)
    x = alt.X("at:Q", scale=scale, axis=axis, title=None)
    top = max(map(max, (points[curve.field] for curve in curves)))
    up = alt.Scale(domain=[0.0, top], range=list(ground), nice=False)
    numbers = zip(*points.values(), strict=True)
    text = "\n".join([",".join(points), *(",".join(f"{value:.6g}" for value in row) for row in numbers)])
    form = alt.CsvDataFormat(type="csv", parse=dict.fromkeys(points, "number"))
    areas = [
        alt.Chart().mark_area(line=alt.OverlayMarkDef(**curve.edge), **curve.area).encode(
            x=x, y=alt.Y(f"{curve.field}:Q", axis=None, scale=up, stack=None)
        )
        for curve in curves
    ]  # fmt: skip
    inside = [
        row | {key: min(max(row[key], head["low"]), head["high"]) for key in ("low", "at", "high")}
        for row in intervals.rows
    ]
    level = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0.0, height], range=[0.0, height], nice=False))
    base = alt.Chart(data(inside)).encode(color=intervals.colour, y=level)
    spans = alt.LayerChart(layer=[
        base.mark_rule(strokeWidth=intervals.width).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"),
        base.mark_circle(size=34, opacity=1).encode(x=x),
    ])  # fmt: skip
    title = alt.TitleParams(
        head["name"], subtitle=head["text"], fontSize=LABEL, subtitleFontSize=SMALL, subtitleColor=QUIET, color=INK,
        anchor="start", offset=20 if head.get("note") else 4, limit=width + gap, frame="group",
    )  # fmt: skip
    layers: list[Any] = [alt.LayerChart(layer=areas, data=alt.InlineData(values=text, format=form)), spans]
    if head.get("note"):
        note = alt.Chart(data([{"text": head["note"]}])).mark_text(
            align="left", dy=-10, fontSize=SMALL, color=INK, limit=width + gap
        )
        layers.append(note.encode(x=alt.value(0), y=alt.value(0), text="text:N"))
    return alt.LayerChart(layer=layers, width=width, height=height, title=title).resolve_scale(y="independent")
