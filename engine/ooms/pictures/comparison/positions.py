"""How likely an event is, a line a position: for a first page, so that whose position it is stands above its dot."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import altair as alt

from ooms.outcomes import parse_event
from ooms.pictures.picture import Frame, Picture
from ooms.pictures.rows import Row, Rows, data, down
from ooms.pictures.theme import ACCENT, FAINT, INK, LABEL, QUIET, SMALL
from ooms.pictures.words import event_name, harmless
from ooms.results.numbers import in_percent, spoken

if TYPE_CHECKING:
    from ooms.comparing.compare import Comparison

__all__ = ["PICTURE", "chart"]

_ROW = 29.0  # pixels of a position
_WIDE = 600.0
_LETTER = 6.4  # pixels
_NARROW = 400.0  # pixels below which there is room for the percents alone


def _rows(comparison: Comparison, event: str | None = None, marked: str = "") -> Rows:
    """Positions by falling probability; those of one name are told apart by their labels."""
    event = parse_event(event or comparison.headline).text
    ordered = comparison.sorted(event)
    names = {label: forecast.view.position for label, forecast in ordered.forecasts.items()}
    shared = Counter(names.values())
    rows = list[Row]()
    for y, (label, name) in enumerate(names.items()):
        chance = ordered.probability(label, event)
        full = name if shared[name] == 1 else f"{name}, {label}"
        row: Row = {"y": y, "name": harmless(full), "chance": 100 * chance.value, "words": spoken(chance),
                    "percent": in_percent(chance)}  # fmt: skip
        rows.append({**row, "marked": label == marked})
    return {"made": [{"event": event, "draws": ordered.draws, "seed": ordered.seed}], "positions": rows}


def chart(
    comparison: Comparison, event: str | None = None, *, marked: str = "", width: float = _WIDE
) -> alt.LayerChart:
    """The picture without its title, so wide; the position of that label stands out."""
    return _chart(_rows(comparison, event, marked), width)


def _chart(every: Rows, width: float = _WIDE) -> alt.LayerChart:
    rows = every["positions"]
    n = len(rows)
    ticks = alt.Axis(values=[0, 25, 50, 75, 100], labelExpr="datum.value + ' %'", grid=False, ticks=False, title=None)
    x = alt.X("chance:Q", scale=alt.Scale(domain=[0, 100]), axis=ticks)
    colour = alt.condition("datum.marked", alt.value(ACCENT), alt.value(INK))
    base = alt.Chart(data(rows)).encode(y=down("y", n), tooltip=[alt.Tooltip("name:N"), alt.Tooltip("words:N")])
    track = base.mark_rule(strokeWidth=5, color=FAINT, strokeCap="round").encode(x=alt.value(0), x2=alt.value(width))
    dot = base.mark_circle(size=90, opacity=1).encode(x=x, color=colour)
    shown = "percent" if width < _NARROW else "words"
    room = width - _LETTER * max(len(row[shown]) for row in rows)
    name = base.mark_text(align="left", dy=-12, fontSize=LABEL, fontWeight="bold", limit=room)
    words = base.mark_text(align="right", dy=-12, fontSize=SMALL, color=QUIET)
    layers = [
        track,
        dot,
        name.encode(x=alt.value(0), text="name:N", color=colour),
        words.encode(x=alt.value(width), text=f"{shown}:N"),
    ]
    return alt.LayerChart(layer=layers, width=width, height=_ROW * n)


def _frame(rows: Rows) -> Frame:
    (made,) = rows["made"]
    how = f"{made['draws']:,} simulated futures (quasi-random draws) each, seed {made['seed']}."
    return f"How likely: {event_name(made['event'])}", [f"Credences under each position, not facts. {how}"]


def _words(rows: Rows) -> str:
    chances = [f"{row['name']}: {row['words']}" for row in rows["positions"]]
    event = event_name(rows["made"][0]["event"])
    return f"Probability of {event} by position, the highest first. {'; '.join(chances)}."


PICTURE = Picture(
    "How likely, by position",
    "A dot is the probability of the event on the assumptions of one position.",
    _rows, _chart, _words, _frame,
)  # fmt: skip
