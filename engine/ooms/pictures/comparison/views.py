"""The picture of a comparison: a row a view; how likely, how soon, and how fast.

Rows are placed by number, so that every panel shares them without repeating names. What lies beyond an axis is marked
by an arrow at its end, and what never comes has a column of its own: nothing is left out silently.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt

from ooms.forecasting.late import LATE, never_or_late
from ooms.outcomes import parse_event, parse_quantity
from ooms.pictures.picture import Picture
from ooms.pictures.rows import Row, Rows, data, down
from ooms.pictures.theme import ACCENT, BAND, BAND_LABEL, INK, LABEL, MARK, QUIET, SEQUENCE, SMALL, STRIPE, TITLE, theme
from ooms.pictures.words import event_name, harmless
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, rounded

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.comparing.compare import Comparison

__all__ = ["PICTURE"]

_ROW = 38.0  # pixels of a view
_PAD = 14.0  # pixels between the edge of a panel and its axis
_PAD_RIGHT = 27.0  # the same at its right end, where the last label needs room
_WIDEST = 240.0  # pixels of a name, which is cut off there
_ABOVE = 27.0  # pixels from the rows up to the heading
_SPREAD = 0.24  # of a row: how far the three times stand apart

_TIMES = ("time to 1 oom", "time to 3 ooms", "time to 5 ooms")
_KEYS = ("1 OOM", "3 OOMs", "5 OOMs")
_LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_DAY, _MONTH = 1 / 365.25, 1 / 12
_SEEN = 0.005  # smaller shares that come late or never are not written
_TIME_TICKS = {_DAY: "1 day", _MONTH: "1 month", 1.0: "1 year", 10.0: "10 years", LATE: "100 years"}
_CHANCE_TICKS = {0.0: "0 %", 25.0: "", 50.0: "50 %", 75.0: "", 100.0: "100 %"}
_SLOWEST, _FASTEST = 0.1, 1e4
_SPEED_TICKS = {0.1: "", 1.0: "1x", 10.0: "10x", 100.0: "100x", 1000.0: "1000x", 1e4: ""}

_DAVIDSON = ("5 ooms in 1 year", 10.0, 40.0)
"""The event of Davidson (2025), and his own credence in it, percent."""


def _rows(comparison: Comparison, event: str | None = None) -> Rows:
    """Rows of each panel, views from the top by falling probability of the event (default: that asked first)."""
    event = parse_event(event or comparison.headline).text
    ordered = comparison.sorted(event)
    views = list(enumerate(ordered.views))
    offsets = [(_SPREAD * (k - 1), name, key) for k, (name, key) in enumerate(zip(_TIMES, _KEYS, strict=True))]
    return {
        "made": [{"event": event, "draws": ordered.draws, "seed": ordered.seed}],
        "names": [_name(y, label, ordered.forecast(label).view) for y, label in views],
        "chances": [_chance(y, view, ordered.probability(view, event)) for y, view in views],
        "times": [
            {"y": y + apart, "view": view, "key": key, **_spread(ordered, view, name, _DAY, LATE)}
            for y, view in views for apart, name, key in offsets
        ],
        "late": [
            {"y": y + 1.2 * apart, "view": view, "key": key, "shown": in_percent(share)}
            for y, view in views for apart, name, key in offsets
            if (share := never_or_late(ordered.forecast(view), name)).value >= _SEEN
        ],
        "starts": [
            {"y": y, "view": view, **_spread(ordered, view, "initial speed-up", _SLOWEST, _FASTEST)}
            for y, view in views
        ],
        "tops": [{"y": y, "view": view, **_top(ordered, view)} for y, view in views],
    }  # fmt: skip


def _chart(rows: Rows) -> alt.HConcatChart:
    n = len(rows["names"])
    panels = [
        _names(rows["names"]),
        _chances(rows["chances"], rows["made"][0]["event"]),
        _times(rows["times"], n),
        _late(rows["late"], n),
        _speeds(rows["starts"], rows["tops"]),
    ]
    return alt.HConcatChart(hconcat=panels, spacing=0)


def _of(comparison: Comparison, event: str | None = None) -> alt.HConcatChart:
    rows = _rows(comparison, event)
    (made,) = rows["made"]
    caption = [
        "Dot: median. Thick line: 50 %, thin line: 90 % equal-tailed interval. Arrow: goes on beyond the axis. "
        "At most: with unlimited labour (\u221e: no limit).",
        "1 OOM: 10x effective training compute, from software alone, since full automation of AI R&D. Credences under "
        "each view, not facts.",
        f"{made['draws']:,} quasi-random draws a view, seed {made['seed']}; the same draws by parameter name in "
        "all views.",
    ]
    title = alt.TitleParams(
        "How likely is a software intelligence explosion, how soon, and how fast? One model, several views",
        subtitle=caption, fontSize=TITLE, subtitleFontSize=SMALL, subtitleColor=QUIET, subtitlePadding=6,
        anchor="start", offset=20,
    )  # fmt: skip
    return _chart(rows).properties(
        title=title, background="white", padding=14, config=theme(), description=_said(comparison, event)
    )


def _said(comparison: Comparison, event: str | None = None) -> str:
    event = parse_event(event or comparison.headline).text
    ordered = comparison.sorted(event)
    chances = [f"{harmless(view)} {in_percent(ordered.probability(view, event))}" for view in ordered.views]
    return f"Probability of {event_name(event)} by view, the highest first: {'; '.join(chances)}."


# -- rows -----------------------------------------------------------------------------------------------------------


def _name(y: int, label: str, view: View) -> Row:
    """The name of a view; options and changes on a second line."""
    name, *options = view.name.split("+")
    added = ["with " + " and ".join(options)] if options else []
    return {"y": y, "view": label, "name": name, "second": ", ".join([*added, *view.changes])}


def _chance(y: int, view: str, chance: Estimate) -> Row:
    value, error = chance
    low, high = max(0.0, value - 2 * error), min(1.0, value + 2 * error)
    return {"y": y, "view": view, "chance": 100 * value, "low": 100 * low, "high": 100 * high,
            "shown": in_percent(chance)}  # fmt: skip


def _top(comparison: Comparison, view: str) -> Row:
    """The most that unlimited labour gives; the sign stands where its median is beyond the axis."""
    top = _spread(comparison, view, "max speed", _SLOWEST, _FASTEST)
    return {"sign": "\u221e" if top["median"] == "unlimited" else "\u2192", **top}


def _spread(comparison: Comparison, view: str, name: str, low: float, high: float) -> Row:
    """Quantiles inside the axis, what goes beyond it, and all of it as text."""
    found = comparison.quantiles(view, name, _LEVELS)
    values = [estimate.value for estimate in found]
    inside = [min(max(value, low), high) for value in values]
    endless = parse_quantity(name).endless
    texts = [endless if math.isinf(e.value) else rounded(*e, most=3, least=1) for e in found]
    return {
        **dict(zip(("q05", "q25", "q50", "q75", "q95"), inside, strict=True)),
        "middle": values[2] if low <= values[2] <= high else None,
        "earlier": values[0] < low,
        "later": values[4] > high,
        "what": name,
        "median": texts[2],
        "interval": f"{texts[0]} to {texts[4]}",
    }


# -- panels ---------------------------------------------------------------------------------------------------------


def _names(rows: Sequence[Row]) -> alt.LayerChart:
    longest = max(max(6.2 * len(row["name"]), 5.6 * len(row["second"])) for row in rows)  # as letters are wide
    limit = min(math.ceil(longest), _WIDEST)
    base = alt.Chart(data(rows)).encode(y=down("y", len(rows)), x=alt.value(_PAD), tooltip=[alt.Tooltip("view:N")])
    bold = base.mark_text(align="left", fontWeight="bold", limit=limit).encode(text="name:N")
    alone = bold.transform_filter("!datum.second")
    above = bold.transform_filter("datum.second").encode(yOffset=alt.value(-7))
    below = base.transform_filter("datum.second").mark_text(
        align="left", limit=limit, fontSize=SMALL, color=QUIET, dy=7
    )  # fmt: skip
    return _panel([alone, above, below.encode(text="second:N")], limit + 1.5 * _PAD, len(rows), "")


def _chances(rows: Sequence[Row], event: str) -> alt.LayerChart:
    """Probability of the event, with its Monte Carlo error, and Davidson's own credence behind it."""
    width, n, left = 182.0, len(rows), "datum.chance > 75"
    x = alt.X("chance:Q", title=None, scale=alt.Scale(domain=[0, 100], range=_inside(width)), axis=_axis(_CHANCE_TICKS))
    base = alt.Chart(data(rows)).encode(y=down("y", n), x=x, tooltip=[alt.Tooltip("view:N"), alt.Tooltip("shown:N")])
    marks: list[alt.Chart] = []
    if event == _DAVIDSON[0]:
        marks += _band(n)
    marks += [
        base.mark_rule(strokeWidth=3, color=INK).encode(x="low:Q", x2="high:Q"),
        base.mark_circle(size=70, color=INK, opacity=1),
        base.transform_filter(f"!({left})").mark_text(align="left", dx=8).encode(text="shown:N"),
        base.transform_filter(left).mark_text(align="right", dx=-8).encode(text="shown:N"),
    ]
    return _panel(marks, width, n, f"P({event_name(event)})")


def _band(n: int) -> list[alt.Chart]:
    _, low, high = _DAVIDSON
    rows = data([{"low": low, "high": high, "top": -0.5, "bottom": n - 0.5, "text": "Davidson's own: 10 to 40 %"}])
    area = alt.Chart(rows).mark_rect(color=BAND).encode(
        x="low:Q", x2="high:Q", y=down("top", n), y2="bottom:Q"
    )  # fmt: skip
    label = alt.Chart(rows).mark_text(align="left", dy=-8, fontSize=SMALL, color=BAND_LABEL).encode(
        x="low:Q", y=down("top", n), text="text:N"
    )  # fmt: skip
    return [area, label]


def _times(rows: Sequence[Row], n: int) -> alt.LayerChart:
    """Times to 1, 3 and 5 OOMs."""
    colour = _by_key()
    width = 320.0
    along = _Along((_DAY, LATE), width, _TIME_TICKS)
    marks = [_line_at(1.0, n), *_intervals(rows, n, along, colour), *_key(_KEYS, SEQUENCE, 62, n)]
    return _panel(marks, width, n, "Time to 1, 3 and 5 OOMs")


def _late(rows: Sequence[Row], n: int) -> alt.LayerChart:
    """Share that comes after the end of the axis of times, or never."""
    width = 84.0
    column = alt.Chart(data(rows)).mark_text(align="right", fontSize=SMALL)
    shares = column.encode(y=down("y", n), x=alt.value(_PAD + 38), text="shown:N", color=_by_key())
    return _panel([shares, *_key(("or never",), (QUIET,), 0, n)], width, n, "> 100 years")


def _by_key() -> alt.Color:
    return alt.Color("key:N", legend=None, scale=alt.Scale(domain=list(_KEYS), range=list(SEQUENCE)))


def _speeds(starts: Sequence[Row], tops: Sequence[Row]) -> alt.LayerChart:
    """Pace at the start, and the most that unlimited labour gives at today's compute."""
    n = len(tops)
    width = 190.0
    along = _Along((_SLOWEST, _FASTEST), width, _SPEED_TICKS)
    base = alt.Chart(data(tops)).encode(y=down("y", n), tooltip=_tooltip())
    tick = base.transform_filter("datum.middle != null").mark_tick(thickness=2.5, size=20, color=INK, opacity=1)
    beyond = base.transform_filter("datum.middle == null").mark_text(align="right", fontSize=15, fontWeight="bold")
    marks = [
        _line_at(1.0, n),
        *_intervals(starts, n, along, alt.value(ACCENT)),
        tick.encode(x=along.of("middle")),
        beyond.encode(x=alt.value(width - _PAD_RIGHT), text="sign:N"),
        *_key(("\u25cf at the start", "| at most"), (ACCENT, INK), 84, n),
    ]
    return _panel(marks, width, n, "Pace over today's")


# -- parts of panels ------------------------------------------------------------------------------------------------


class _Along(NamedTuple):
    """A log axis across a panel."""

    ends: tuple[float, float]
    width: float
    ticks: Mapping[float, str]

    def of(self, field: str) -> alt.X:
        """A field along it."""
        scale = alt.Scale(type="log", domain=list(self.ends), range=_inside(self.width), nice=False)
        return alt.X(f"{field}:Q", title=None, scale=scale, axis=_axis(self.ticks))


def _intervals(rows: Sequence[Row], n: int, along: _Along, colour: Any) -> list[alt.Chart]:
    """Medians with 50 % and 90 % intervals, and arrows where these go beyond the axis."""
    base = alt.Chart(data(rows)).encode(y=down("y", n), color=colour, tooltip=_tooltip())

    def line(low: str, high: str, width: float) -> alt.Chart:
        marked = base.transform_filter(f"datum.{low} < datum.{high}").mark_rule(strokeWidth=width)
        return marked.encode(x=along.of(low), x2=f"{high}:Q")

    def arrow(flag: str, shape: str, at: float) -> alt.Chart:
        marked = base.transform_filter(f"datum.{flag}").mark_point(shape=shape, size=22, filled=True, opacity=1)
        return marked.encode(x=alt.X(datum=at))

    middle = base.transform_filter("datum.middle != null").mark_circle(size=42, opacity=1)
    return [
        line("q05", "q95", 1.2),
        line("q25", "q75", 3.6),
        middle.encode(x=along.of("middle")),
        arrow("earlier", "triangle-left", along.ends[0]),
        arrow("later", "triangle-right", along.ends[1]),
    ]


def _tooltip() -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N") for name in ("view", "what", "median", "interval")]


def _key(texts: Sequence[str], colours: Sequence[str], apart: int, n: int) -> list[alt.Chart]:
    """Words above the rows, in the colours of what they stand for."""
    return [
        alt.Chart(data([{"y": -0.5, "text": text}]))
        .mark_text(align="left", dy=-8, fontSize=SMALL, fontWeight="bold", color=colour)
        .encode(y=down("y", n), x=alt.value(_PAD + k * apart), text="text:N")
        for k, (text, colour) in enumerate(zip(texts, colours, strict=True))
    ]


def _line_at(value: float, n: int) -> alt.Chart:
    """A line down all rows: one year, or today's pace."""
    rows = data([{"x": value, "top": -0.5, "bottom": n - 0.5}])
    return alt.Chart(rows).mark_rule(color=MARK, strokeWidth=1).encode(x="x:Q", y=down("top", n), y2="bottom:Q")


def _panel(marks: Sequence[alt.Chart], width: float, n: int, heading: str) -> alt.LayerChart:
    """Marks on the stripes of the rows, below a heading."""
    stripes = [{"top": y - 0.5, "bottom": y + 0.5} for y in range(0, n, 2)]
    stripe = alt.Chart(data(stripes)).mark_rect(color=STRIPE).encode(
        y=down("top", n), y2="bottom:Q", x=alt.value(0), x2=alt.value(width)
    )  # fmt: skip
    above = alt.Chart(data([{"y": -0.5, "text": heading}])).mark_text(
        align="left", dy=-_ABOVE, fontSize=LABEL + 1, fontWeight="bold"
    )  # fmt: skip
    above = above.encode(y=down("y", n), x=alt.value(_PAD), text="text:N")
    return alt.LayerChart(layer=[stripe, above, *marks], width=width, height=_ROW * n)


def _inside(width: float) -> list[float]:
    return [_PAD, width - _PAD_RIGHT]


def _axis(ticks: Mapping[float, str]) -> alt.Axis:
    cases = " : ".join(f"datum.value < {value * 1.01 + 1e-9} ? '{text}'" for value, text in ticks.items())
    return alt.Axis(
        values=list(ticks), grid=True, title=None, labelExpr=f"{cases} : ''", labelOverlap=False, labelFlush=False
    )


PICTURE = Picture(
    "How likely, how soon, how fast?",
    "The same draws, by parameter name, in all views, so that differences between them are not noise.",
    _of,
    _said,
)
