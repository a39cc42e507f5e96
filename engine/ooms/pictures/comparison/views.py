"""The picture of a comparison: a row a position; how likely, how soon, and how fast.

Rows are placed by number, so that every panel shares them without repeating names. What lies beyond an axis is marked
by an arrow at its end, and what never comes has a column of its own: nothing is left out silently.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from ooms.forecasting.late import LATE, never_or_late
from ooms.outcomes import parse_event, parse_quantity
from ooms.pictures.marks import Along, heading, named_ticks, rows_panel, upright, upright_band
from ooms.pictures.picture import Frame, Picture
from ooms.pictures.rows import Row, Rows, data, down
from ooms.pictures.theme import ACCENT, BAND, BAND_LABEL, INK, LABEL, MARK, QUIET, SEQUENCE, SMALL
from ooms.pictures.words import event_name, harmless
from ooms.results.numbers import duration, in_percent, percent, quantile_cell

if TYPE_CHECKING:
    from ooms.comparing.compare import Comparison

__all__ = ["PICTURE"]

_ROW = 38.0  # pixels of a position
_PAD = 14.0  # pixels between the edge of a panel and its axis
_PAD_RIGHT = 27.0  # the same at its right end, where the last label needs room
_WIDEST = 240.0  # pixels of a name, which is cut off there
_ABOVE = 27.0  # pixels from the rows up to the title of a panel
_SPREAD = 0.24  # of a row: how far the three times stand apart

_TIMES = {"1 OOM": "time to 1 oom", "3 OOMs": "time to 3 ooms", "5 OOMs": "time to 5 ooms"}
_LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
_SEEN = 0.005  # smaller shares that come late or never are not written
_DAY = 1 / 365.25
_TIME_TICKS = {_DAY: "1 day", 1 / 12: "1 month", 1.0: "1 year", 10.0: "10 years", LATE: "100 years"}
_CHANCE_TICKS = {0.0: "0 %", 25.0: "", 50.0: "50 %", 75.0: "", 100.0: "100 %"}
_SPEED_TICKS = {0.1: "", 1.0: "1", 10.0: "10", 100.0: "100", 1000.0: "1,000", 1e4: ""}

_DAVIDSON = ("5 ooms in 1 year", (10.0, 40.0))
"""The event of Davidson (2025), and his own credence in it, percent."""


# -- rows -----------------------------------------------------------------------------------------------------------


def _rows(comparison: Comparison, event: str | None = None) -> Rows:
    """Rows of each panel, positions from the top by falling probability of the event (default: that asked first)."""
    event = parse_event(event or comparison.headline).text
    ordered = comparison.sorted(event)
    names, times, late = list[Row](), list[Row](), list[Row]()
    starts, tops = list[Row](), list[Row]()
    positions = {view: ordered.forecast(view).view.position for view in ordered.views}
    shared = Counter(positions.values())
    for y, (view, position) in enumerate(positions.items()):
        name, changed, second = harmless(position).partition(" with ")
        if shared[position] > 1:  # told apart by how they are named in commands
            changed, second = "", harmless(view)
        chance = ordered.probability(view, event)
        ends = (max(0.0, chance.value - 2 * chance.standard_error), min(1.0, chance.value + 2 * chance.standard_error))
        names.append({
            "y": y, "group": y, "view": view, "position": harmless(position), "name": name,
            "second": (changed + second).strip(),
            "chance": 100 * chance.value, "low": 100 * ends[0], "high": 100 * ends[1],
            "label": in_percent(chance), "shown": percent(chance),
        })  # fmt: skip
        row = {"y": y, "view": view, "position": harmless(position)}
        for k, (key, quantity) in enumerate(_TIMES.items()):
            apart = _SPREAD * (k - 1)
            times.append(row | {"y": y + apart, "key": key} | _spread(ordered, view, quantity, _TIME_TICKS))
            share = never_or_late(ordered.forecast(view), quantity)
            if share.value >= _SEEN:
                late.append(row | {"y": y + 1.2 * apart, "key": key, "label": in_percent(share)})
        starts.append(row | _spread(ordered, view, "initial speed-up", _SPEED_TICKS))
        top = _spread(ordered, view, "max speed", _SPEED_TICKS)
        tops.append(row | {"sign": "\u221e" if top["median"] == "unlimited" else "\u2192"} | top)
    return {
        "made": [{"event": event, "draws": ordered.draws, "seed": ordered.seed}],
        "names": names, "times": times, "late": late, "starts": starts, "tops": tops,
    }  # fmt: skip


def _spread(comparison: Comparison, view: str, name: str, ticks: dict[float, str]) -> Row:
    """Quantiles inside the axis, what goes beyond it, and all of it as text."""
    low, *_, high = ticks
    quantiles = comparison.quantiles(view, name, [*_LEVELS.values()])
    quantity = parse_quantity(name)
    texts = [duration(e) if quantity.unit == "years" else quantile_cell(quantity, e) for e in quantiles]
    values = [estimate.value for estimate in quantiles]
    return {
        **{level: min(max(value, low), high) for level, value in zip(_LEVELS, values, strict=True)},
        "middle": values[2] if low <= values[2] <= high else None,
        "earlier": values[0] < low,
        "later": values[4] > high,
        "what": event_name(name),
        "median": texts[2],
        "interval": f"{texts[0]} to {texts[4]}",
    }


# -- chart ----------------------------------------------------------------------------------------------------------


def _chart(rows: Rows) -> alt.HConcatChart:
    names, event = rows["names"], rows["made"][0]["event"]
    panels = [_names(names), _chances(names, event), _times(rows["times"], names), _late(rows["late"], names),
              _speeds(rows["starts"], rows["tops"], names)]  # fmt: skip
    return alt.HConcatChart(hconcat=panels, spacing=0)


def _panel(marks: Sequence[alt.Chart], names: Sequence[Row], width: float, title: str) -> alt.LayerChart:
    above = heading(title, _PAD, len(names), up=_ABOVE, size=LABEL + 1)
    return rows_panel([above, *marks], names, (width, _ROW))


def _names(names: Sequence[Row]) -> alt.LayerChart:
    longest = max(max(6.2 * len(row["name"]), 5.6 * len(row["second"])) for row in names)  # as letters are wide
    limit = min(math.ceil(longest), _WIDEST)
    base = alt.Chart(data(names)).encode(y=down("y", len(names)), x=alt.value(_PAD), tooltip=_tooltip("view"))
    bold = base.mark_text(align="left", fontWeight="bold", limit=limit).encode(text="name:N")
    alone = bold.transform_filter("!datum.second")
    above = bold.transform_filter("datum.second").encode(yOffset=alt.value(-7))
    below = base.mark_text(align="left", limit=limit, fontSize=SMALL, color=QUIET, dy=7).encode(text="second:N")
    return _panel([alone, above, below], names, limit + 1.5 * _PAD, "")


def _chances(names: Sequence[Row], event: str) -> alt.LayerChart:
    """Probability of the event, with its Monte Carlo error, and Davidson's own credence behind it."""
    width, n, left = 182.0, len(names), "datum.chance > 75"
    along = _along((0.0, 100.0), width, _CHANCE_TICKS, kind="linear")
    base = alt.Chart(data(names)).encode(y=down("y", n), x=along("chance"), tooltip=_tooltip("shown"))
    marks = [
        base.mark_rule(strokeWidth=3, color=INK).encode(x=along("low"), x2="high:Q"),
        base.mark_circle(size=70, color=INK, opacity=1),
        base.transform_filter(f"!({left})").mark_text(align="left", dx=8).encode(text="label:N"),
        base.transform_filter(left).mark_text(align="right", dx=-8).encode(text="label:N"),
    ]
    if event == _DAVIDSON[0]:
        label = alt.Chart(data([{"low": _DAVIDSON[1][0], "y": -0.5, "text": "Davidson's own: 10 to 40 %"}]))
        words = label.mark_text(align="left", dy=-8, fontSize=SMALL, color=BAND_LABEL)
        marks = [
            upright_band(_DAVIDSON[1], n, along, BAND), words.encode(x=along("low"), y=down("y", n), text="text:N"),
            *marks,
        ]  # fmt: skip
    return _panel(marks, names, width, f"P({event_name(event)})")


def _times(times: Sequence[Row], names: Sequence[Row]) -> alt.LayerChart:
    """Times to 1, 3 and 5 OOMs."""
    width, n = 320.0, len(names)
    along = _along((_DAY, LATE), width, _TIME_TICKS)
    marks = [upright([1.0], n, along, MARK), *_intervals(times, n, along, (_DAY, LATE), _by_key()),
             *_key(_TIMES, SEQUENCE, 62, n)]  # fmt: skip
    return _panel(marks, names, width, "Time to 1, 3 and 5 OOMs")


def _late(late: Sequence[Row], names: Sequence[Row]) -> alt.LayerChart:
    """Share that comes after the end of the axis of times, or never."""
    column = alt.Chart(data(late)).mark_text(align="right", fontSize=SMALL)
    shares = column.encode(y=down("y", len(names)), x=alt.value(_PAD + 38), text="label:N", color=_by_key())
    return _panel([shares, *_key(["or never"], [QUIET], 0, len(names))], names, 84.0, "> 100 years")


def _by_key() -> alt.Color:
    return alt.Color("key:N", legend=None, scale=alt.Scale(domain=list(_TIMES), range=list(SEQUENCE)))


def _speeds(starts: Sequence[Row], tops: Sequence[Row], names: Sequence[Row]) -> alt.LayerChart:
    """Pace at the start, and the most that unlimited labour gives at today's compute."""
    width, n, ends = 190.0, len(names), (0.1, 1e4)
    along = _along(ends, width, _SPEED_TICKS)
    base = alt.Chart(data(tops)).encode(y=down("y", n), tooltip=_tooltip("what", "median", "interval"))
    tick = base.transform_filter("datum.middle != null").mark_tick(thickness=2.5, size=20, color=INK, opacity=1)
    beyond = base.transform_filter("datum.middle == null").mark_text(align="right", fontSize=15, fontWeight="bold")
    marks = [
        upright([1.0], n, along, MARK),
        *_intervals(starts, n, along, ends, alt.value(ACCENT)),
        tick.encode(x=along("middle")),
        beyond.encode(x=alt.value(width - _PAD_RIGHT), text="sign:N"),
        *_key(["\u25cf on day one", "| ceiling"], [ACCENT, INK], 88, n),
    ]
    return _panel(marks, names, width, "Pace, times today's")


def _along(ends: tuple[float, float], width: float, ticks: dict[float, str], kind: Any = "log") -> Along:
    scale = alt.Scale(type=kind, domain=list(ends), range=[_PAD, width - _PAD_RIGHT], nice=False)
    return lambda field: alt.X(f"{field}:Q", title=None, scale=scale, axis=named_ticks(ticks, labelFlush=False))


def _intervals(rows: Sequence[Row], n: int, along: Along, ends: tuple[float, float], colour: Any) -> list[alt.Chart]:
    """Medians with 50 % and 90 % intervals, and arrows where these go beyond the axis."""
    base = alt.Chart(data(rows)).encode(y=down("y", n), color=colour, tooltip=_tooltip("what", "median", "interval"))

    def line(low: str, high: str, width: float) -> alt.Chart:
        marked = base.transform_filter(f"datum.{low} < datum.{high}").mark_rule(strokeWidth=width)
        return marked.encode(x=along(low), x2=f"{high}:Q")

    def arrow(flag: str, shape: str, at: float) -> alt.Chart:
        marked = base.transform_filter(f"datum.{flag}").mark_point(shape=shape, size=22, filled=True, opacity=1)
        return marked.encode(x=alt.X(datum=at))

    middle = base.transform_filter("datum.middle != null").mark_circle(size=42, opacity=1)
    return [
        line("q05", "q95", 1.2), line("q25", "q75", 3.6), middle.encode(x=along("middle")),
        arrow("earlier", "triangle-left", ends[0]), arrow("later", "triangle-right", ends[1]),
    ]  # fmt: skip


def _tooltip(*fields: str) -> list[alt.Tooltip]:
    names = {"shown": "probability", "what": "quantity", "interval": "90 % interval", "view": "command"}
    return [alt.Tooltip(f"{name}:N", title=names.get(name, name)) for name in ("position", *fields)]


def _key(texts: Sequence[str] | dict[str, str], colours: Sequence[str], apart: int, n: int) -> list[alt.Chart]:
    """Words above the rows, in the colours of what they stand for."""
    return [heading(text, _PAD + k * apart, n, colour=colour, up=8)
            for k, (text, colour) in enumerate(zip(texts, colours, strict=True))]  # fmt: skip


# -- words ----------------------------------------------------------------------------------------------------------


def _frame(rows: Rows) -> Frame:
    (made,) = rows["made"]
    title = "How likely is a software intelligence explosion, how soon, and how fast? One model, several positions"
    return title, [
        "Dot: median. Thick line: 50 %, thin line: 90 % equal-tailed interval. Arrow: goes on beyond the axis. "
        "Ceiling: with unlimited researchers (\u221e: none).",
        "1 OOM: ten times the effective training compute, from software alone, since full automation of AI R&D. "
        "Credences under each position, not facts.",
        f"{made['draws']:,} simulated futures (quasi-random draws) a position, seed {made['seed']}; the same draws by "
        "parameter name in all positions.",
    ]


def _words(rows: Rows) -> str:
    chances = [f"{row['position']} {row['label']}" for row in rows["names"]]
    event = event_name(rows["made"][0]["event"])
    return f"Probability of {event} by position, the highest first: {'; '.join(chances)}."


PICTURE = Picture(
    "How likely, how soon, how fast?",
    "The same draws, by parameter name, in all positions, so that differences between them are not noise.",
    _rows, _chart, _words, _frame,
)  # fmt: skip
