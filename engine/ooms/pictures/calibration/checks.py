"""Whether the answers could have come from the model: where each lies among simulated ones."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from ooms.calibrating.diagnostics import TAIL
from ooms.calibrating.predictive import Check
from ooms.distributions.normal import ndtri
from ooms.pictures.calibration.frame import framed, instead, view_name
from ooms.pictures.marks import heading, rows_panel, section, text_column
from ooms.pictures.picture import Picture
from ooms.pictures.rows import Row, data, down
from ooms.pictures.theme import ACCENT, BAND, BAND_LABEL, FAINT, QUIET, SEQUENCE, SMALL
from ooms.pictures.words import harmless
from ooms.results.numbers import rounded

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["PICTURE", "answers"]

_ROW = 15.0  # pixels of a statistic
_WIDTH, _LEFT, _RIGHT = 288.0, 14.0, 18.0
_FARTHEST = 3.3
"""Where the axis ends, in standard deviations of a normal distribution: half a simulation of 1000."""

_TICKS = {TAIL: f"{100 * TAIL:g}", 0.05: "5", 0.25: "25", 0.5: "50 %", 0.75: "75", 0.95: "95",
          1 - TAIL: f"{100 - 100 * TAIL:g}"}  # fmt: skip
_FITS, _FAILS, _UNKNOWN = "fits", "fails", "cannot be told"


def answers(calibration: Calibration) -> alt.HConcatChart | alt.LayerChart:
    """A row a statistic of the answers, survey by survey."""
    if not calibration.diagnostics.checks:
        return instead("There are no answers to compare with simulated ones.")
    rows = _rows(calibration.diagnostics.checks)
    columns = [
        text_column(rows, (172.0, _ROW), "named", "Survey", bold=True),
        text_column(rows, (262.0, _ROW), "statistic", "Statistic of its answers"),
        _places(rows),
        text_column(rows, (72.0, _ROW), "observed", "answered", align="right", colour=SEQUENCE[1]),
        text_column(rows, (166.0, _ROW), "simulated", "simulated (5 to 95 %)", colour=QUIET),
    ]
    caption = [
        "Where each answer lies among answers that the calibrated model simulates: the share of simulations below it.",
        f"Grey: the middle 90 %, with the median. Outside the sand-coloured band, beyond {100 * TAIL:g} or "
        f"{100 - 100 * TAIL:g} %, the model cannot produce an answer (orange diamond). Numbers: as answered.",
    ]
    return section(columns, "Could the answers have come from it?", caption)


def _rows(checks: Sequence[Check]) -> list[Row]:
    groups: dict[str, int] = {}
    rows: list[Row] = []
    for y, check in enumerate(checks):
        named = "" if check.survey in groups else harmless(check.survey)
        group = groups.setdefault(check.survey, len(groups))
        rows.append(_row(check) | {"y": y, "group": group, "named": named})
    return rows


def _row(check: Check) -> Row:
    known = not math.isnan(check.tail)
    place = float(ndtri(np.clip(check.tail, 1e-9, 1 - 1e-9))) if known else None
    fits = known and TAIL <= check.tail <= 1.0 - TAIL
    return {
        "survey": harmless(check.survey),
        "statistic": harmless(f"{check.item}: {check.statistic}"),
        "place": None if place is None else min(max(place, -_FARTHEST), _FARTHEST),
        "state": _UNKNOWN if not known else _FITS if fits else _FAILS,
        "tail": rounded(100.0 * check.tail, 100.0 * _error(check)) + " %" if known else "undefined",
        "observed": _number(check.observed, 0.0),
        "simulated": _simulated(check),
    }


def _error(check: Check) -> float:
    """Standard error of a share of simulations, at least half of one."""
    share, count = check.tail, max(check.simulations, 1)
    return max(math.sqrt(share * (1.0 - share) / count), 0.5 / count)


def _simulated(check: Check) -> str:
    """The interval, with the digits that so many simulations support."""
    if math.isnan(check.low):
        return "undefined"
    # the error of these quantiles of a normal distribution, 2.11 over the root of the number, over their distance, 3.29
    wide = check.high - check.low if math.isfinite(check.high) else 2.0 * (check.median - check.low)
    error = 0.64 * wide / math.sqrt(max(check.simulations, 1))
    low, middle, high = (_number(value, error) for value in (check.low, check.median, check.high))
    return f"{low} to {high}, median {middle}"


def _number(value: float, error: float) -> str:
    if math.isnan(value):
        return "undefined"
    shown = rounded(value, error, most=3, least=1)
    shown = shown if "e" in shown or "." not in shown else shown.rstrip("0").removesuffix(".")
    return shown.replace("-", "\u2212")


def _places(rows: Sequence[Row]) -> alt.LayerChart:
    """The answers among simulated ones, on the band where they must lie."""
    n = len(rows)
    tooltip = [alt.Tooltip(f"{field}:N") for field in ("survey", "statistic", "tail")]
    fits, fails, unknown = (
        alt.Chart(data([row for row in rows if row["state"] == state])).encode(y=down("y", n), tooltip=tooltip)
        for state in (_FITS, _FAILS, _UNKNOWN)
    )
    marks = [
        _band(TAIL, BAND, n),
        _band(0.05, FAINT, n),
        _line(0.5, n, "white", 2.0),
        *(_line(share, n, "white", 1.0) for share in (0.05, 0.95)),  # in grey the two bands look alike
        *(_line(share, n, BAND_LABEL, 1.0) for share in (TAIL, 1.0 - TAIL)),
        fits.mark_circle(size=42, color=SEQUENCE[1], opacity=1).encode(x=_along("place")),
        fails.mark_point(shape="diamond", size=80, filled=True, color=ACCENT, opacity=1).encode(x=_along("place")),
        unknown.mark_text(fontSize=SMALL, color=QUIET).encode(x=alt.value(_middle()), text="state:N"),
        heading("lower than simulated", _LEFT, n, "left", QUIET),
        heading("higher", _WIDTH - _RIGHT, n, "right", QUIET),
    ]
    return rows_panel(marks, rows, (_WIDTH, _ROW))


def _band(tail: float, colour: str, n: int) -> alt.Chart:
    low, high = (float(ndtri(np.array(q))) for q in (tail, 1.0 - tail))
    across = alt.Chart(data([{"low": low, "high": high, "top": -0.5, "bottom": n - 0.5}])).mark_rect(color=colour)
    return across.encode(x=_along("low"), x2="high:Q", y=down("top", n), y2="bottom:Q")


def _line(share: float, n: int, colour: str, width: float) -> alt.Chart:
    rows = [{"x": float(ndtri(np.array(share))), "top": -0.5, "bottom": n - 0.5}]
    return alt.Chart(data(rows)).mark_rule(color=colour, strokeWidth=width).encode(
        x=_along("x"), y=down("top", n), y2="bottom:Q"
    )  # fmt: skip


def _middle() -> float:
    return 0.5 * (_LEFT + _WIDTH - _RIGHT)


def _along(field: str) -> alt.X:
    """Shares of simulations, spread as a normal distribution spreads them, so that both tails can be seen."""
    places = {float(ndtri(np.array(share))): text for share, text in _TICKS.items()}
    cases = " : ".join(f"datum.value < {place + 0.01} ? '{text}'" for place, text in places.items())
    scale = alt.Scale(domain=[-_FARTHEST, _FARTHEST], range=[_LEFT, _WIDTH - _RIGHT], nice=False, zero=False)
    axis = alt.Axis(values=list(places), labelExpr=f"{cases} : ''", grid=False, title=None, labelOverlap=False)
    return alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)


# -- the picture ----------------------------------------------------------------------------------------------------


def _of(calibration: Calibration) -> alt.VConcatChart:
    title = f"Surveys beside what the calibrated beliefs of {view_name(calibration)} simulate"
    return framed(calibration, title, [answers(calibration)], _said(calibration))


def _said(calibration: Calibration) -> str:
    states = Counter(str(row["state"]) for row in _rows(calibration.diagnostics.checks))
    counts = ", ".join(f"{count} {state}" for state, count in states.items())
    return f"Statistics of the answers among simulated ones: {counts or 'there are none'}."


PICTURE = Picture(
    "Do the answers fit?",
    "Where each statistic of the answers lies among those that the calibrated model simulates.",
    _of,
    _said,
)
