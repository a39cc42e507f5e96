"""From whom it was learnt: the event's probability without each survey, and with it alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt

from ooms.calibrating.leave_one_out import BENDS, Contribution
from ooms.outcomes import HEADLINE
from ooms.pictures.calibration.frame import framed, headline
from ooms.pictures.density import even_ticks
from ooms.pictures.marks import heading, rows_panel, section, text_column
from ooms.pictures.picture import Picture
from ooms.pictures.rows import Row, data, down
from ooms.pictures.theme import ACCENT, FAINT, INK, MARK, QUIET, SEQUENCE
from ooms.pictures.words import event_name, harmless
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, percent, rounded

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["PICTURE", "influence"]

_ROW = 27.0  # pixels of a survey
_WIDTH, _LEFT, _RIGHT = 302.0, 16.0, 26.0
_APART = 0.19  # of a row: how far the two dots stand from its middle
_LETTER = 6.2  # pixels of a letter above the rows, on average
_MOST = 2  # quantities that are named
_RESTS = {"rho": ("rho_today", "rho_far"), "a slope": ("labour_elasticity", "compute_elasticity"), "neither": ()}
"""What a verdict rests on; the verdicts in the order of their rows."""

_WITHOUT, _ALONE = SEQUENCE[1], ACCENT


def influence(calibration: Calibration, event: str) -> alt.HConcatChart:
    """A row a survey: those that speak of rho first, then those that speak of a slope, each by what they say alone."""
    before, after = calibration.before(event), calibration.after(event)
    told = calibration.contributions(event)
    ordered = sorted(told, key=lambda one: (list(_RESTS).index(one.verdict), one.alone.value))
    rows = [_row(y, one) for y, one in enumerate(ordered)]
    columns = [
        text_column(rows, (172.0, _ROW), "survey", "Survey", bold=True),
        _chances(rows, (before, after)),
        text_column(rows, (64.0, _ROW), "without_shown", "all but it", align="right", colour=_WITHOUT),
        text_column(rows, (58.0, _ROW), "alone_shown", "it alone", align="right", colour=_ALONE),
        text_column(rows, (78.0, _ROW), "verdict", "Speaks of", bold=True),
        text_column(rows, (286.0, _ROW), "narrowed", "What it narrows on its own, by how much", colour=QUIET),
    ]
    caption = [
        f"P({event_name(event)}) with all surveys but one (blue dot), and with that one alone (orange diamond). "
        "Bars: two standard errors of the sampling to each side.",
        f"A survey speaks of what it narrows by more than {100 * BENDS:g} % on its own. A slope: elasticity of today's "
        "pace to researchers or to compute. Rho: how far one substitutes for the other.",
    ]
    return section(columns, "From whom it was learnt", caption)


def _row(y: int, one: Contribution) -> Row:
    row: Row = {"y": y, "group": y, "survey": harmless(one.survey), "verdict": one.verdict, "narrowed": _narrowed(one)}
    for name, chance, place in (("without", one.without, y - _APART), ("alone", one.alone, y + _APART)):
        error = chance.standard_error if math.isfinite(chance.standard_error) else 0.0
        low, high = (100.0 * (chance.value + side * 2.0 * error) for side in (-1.0, 1.0))
        row |= {
            name: 100.0 * chance.value,
            f"{name}_low": max(low, 0.0),
            f"{name}_high": min(high, 100.0),
            f"{name}_y": place,
            f"{name}_shown": in_percent(chance),
            f"{name}_said": percent(chance),
        }
    return row | {"how": "by weighing the draws" if one.by_weighing else "by a refit"}


def _narrowed(one: Contribution) -> str:
    """What it narrows most on its own, and at any rate what its verdict rests on."""
    names = one.identifies
    rests = _RESTS.get(one.verdict, ())
    shown = sorted(names, key=lambda name: name != next((rest for rest in names if rest in rests), None))[:_MOST]
    found = [f"{harmless(name).replace('_', ' ')} {rounded(100.0 * one.narrowed[name], 1.0)} %" for name in names
             if name in shown]  # fmt: skip
    return ", ".join(found) + (f" and {len(names) - len(found)} more" if len(names) > len(found) else "") or "nothing"


def _chances(rows: Sequence[Row], ends: tuple[Estimate, Estimate]) -> alt.LayerChart:
    """Both probabilities of each survey, on lines of the answers with none of them and with all."""
    n, known = len(rows), [100.0 * end.value for end in ends]
    known += [row[f"{name}_{end}"] for row in rows for name in ("without", "alone") for end in ("low", "high")]
    margin = max(0.06 * (max(known) - min(known)), 0.5)
    domain = (max(min(known) - margin, 0.0), min(max(known) + margin, 100.0))
    marks = [_grid(n, domain), *_references(n, ends, domain)]
    for name, shape, colour in (("without", "circle", _WITHOUT), ("alone", "diamond", _ALONE)):
        base = alt.Chart(data(rows)).encode(y=down(f"{name}_y", n), tooltip=_tooltip(name))
        rule = base.mark_rule(color=colour, strokeWidth=1.6)
        dot = base.mark_point(shape=shape, size=58, filled=True, color=colour, opacity=1)
        marks += [rule.encode(x=_along(f"{name}_low", domain), x2=f"{name}_high:Q"), dot.encode(x=_along(name, domain))]
    return rows_panel(marks, rows, (_WIDTH, _ROW))


def _grid(n: int, domain: tuple[float, float]) -> alt.Chart:
    """Faint lines on top of the stripes, which would hide those of the axis."""
    rows = [{"x": x, "top": -0.5, "bottom": n - 0.5} for x in even_ticks(*domain)]
    return alt.Chart(data(rows)).mark_rule(color=FAINT).encode(
        x=_along("x", domain), y=down("top", n), y2="bottom:Q"
    )  # fmt: skip


def _references(n: int, ends: tuple[Estimate, Estimate], domain: tuple[float, float]) -> list[alt.Chart]:
    """Lines down all rows, named above: the lower one to its left, the higher one to its right."""
    lines = [(ends[0], "before", [4, 2.5], MARK), (ends[1], "after", [1, 0], INK)]
    marks: list[alt.Chart] = []
    for end, _, dash, colour in lines:
        row = {"x": 100.0 * end.value, "top": -0.5, "bottom": n - 0.5}
        line = alt.Chart(data([row])).mark_rule(color=colour, strokeDash=dash, strokeWidth=1.4)
        marks.append(line.encode(x=_along("x", domain), y=down("top", n), y2="bottom:Q"))
    lower, higher = sorted((end.value, f"{word} {_brief(end)}") for end, word, _, _ in lines)
    for (_, text), x, align in zip((lower, higher), _apart(lower, higher, domain), ("right", "left"), strict=True):
        marks.append(heading(text, x, n, align))
    return marks


def _brief(chance: Estimate) -> str:
    return f"{rounded(100.0 * chance.value, 100.0 * chance.standard_error, most=3)} %"


def _apart(lower: tuple[float, str], higher: tuple[float, str], domain: tuple[float, float]) -> tuple[float, float]:
    """Pixels of where the lower text ends and the higher one starts: beside their lines, if there is room for both."""
    scale = (_WIDTH - _LEFT - _RIGHT) / (domain[1] - domain[0])
    ends, starts = (_LEFT + (100.0 * value - domain[0]) * scale for value, _ in (lower, higher))
    first, last = (_LETTER * len(text) for _, text in (lower, higher))
    start = min(max(starts + 4.0, first + 8.0), _WIDTH - last)
    return min(max(ends - 4.0, first), start - 8.0), start


def _along(field: str, domain: tuple[float, float]) -> alt.X:
    scale = alt.Scale(domain=list(domain), range=[_LEFT, _WIDTH - _RIGHT], nice=False, zero=False)
    axis = alt.Axis(values=even_ticks(*domain), labelExpr="format(datum.value, '~g') + ' %'", grid=False, title=None)
    return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)


def _tooltip(name: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N") for field in ("survey", f"{name}_said", *(["how"] * (name == "without")))]


# -- the picture ----------------------------------------------------------------------------------------------------


def _of(calibration: Calibration, event: str | None = None) -> alt.VConcatChart:
    event = event or HEADLINE
    part = influence(calibration, event)  # may fit every survey on its own
    return framed(calibration, headline(calibration, event), [part], _said(calibration, event))


def _said(calibration: Calibration, event: str | None = None) -> str:
    event = event or HEADLINE
    without = [
        f"without {harmless(one.survey)} {in_percent(one.without)}, with it alone {in_percent(one.alone)}"
        for one in calibration.contributions(event)
    ]
    return f"{headline(calibration, event)}; {'; '.join(without)}."


PICTURE = Picture(
    "From whom was it learnt?",
    "The probability without each survey, and with it alone.",
    _of,
    _said,
)
