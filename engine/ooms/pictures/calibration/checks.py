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
from ooms.pictures.calibration.frame import CalibrationPicture, instead, made
from ooms.pictures.marks import heading, named_ticks, rows_panel, section, text_column, upright, upright_band
from ooms.pictures.rows import Row, Rows, data, down
from ooms.pictures.theme import ACCENT, BAND, BAND_LABEL, FAINT, QUIET, SEQUENCE, SMALL
from ooms.pictures.words import harmless
from ooms.results.numbers import rounded

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["PICTURE", "answers", "check_rows"]

_ROW = 15.0  # pixels of a statistic
_WIDTH, _LEFT, _RIGHT = 288.0, 14.0, 18.0
_FARTHEST = 3.3
"""Where the axis ends, in standard deviations of a normal distribution: half a simulation of 1000."""

_TICKS = {TAIL: f"{100 * TAIL:g}", 0.05: "5", 0.25: "25", 0.5: "50 %", 0.75: "75", 0.95: "95",
          1 - TAIL: f"{100 - 100 * TAIL:g}"}  # fmt: skip
_FITS, _FAILS, _UNKNOWN = "fits", "fails", "cannot be told"


# -- rows -----------------------------------------------------------------------------------------------------------


def check_rows(calibration: Calibration) -> Rows:
    """A row a statistic of the answers, survey by survey."""
    groups: dict[str, int] = {}
    rows = list[Row]()
    for y, check in enumerate(calibration.diagnostics.checks):
        named = "" if check.survey in groups else harmless(check.survey)
        group = groups.setdefault(check.survey, len(groups))
        rows.append(_row(check) | {"y": y, "group": group, "named": named})
    return {"checks": rows}


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


# -- chart ----------------------------------------------------------------------------------------------------------


def answers(every: Rows) -> alt.HConcatChart | alt.LayerChart:
    """Where each answer lies among simulated ones."""
    rows = every["checks"]
    if not rows:
        return instead("There are no answers to compare with simulated ones.")
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


def _places(rows: Sequence[Row]) -> alt.LayerChart:
    """The answers among simulated ones, on the band where they must lie."""
    n = len(rows)
    tooltip = [alt.Tooltip("survey:N"), alt.Tooltip("statistic:N"), alt.Tooltip("tail:N", title="simulations below")]
    fits, fails, unknown = (
        alt.Chart(data([row for row in rows if row["state"] == state])).encode(y=down("y", n), tooltip=tooltip)
        for state in (_FITS, _FAILS, _UNKNOWN)
    )
    marks = [
        upright_band(_places_of(TAIL, 1.0 - TAIL), n, _along, BAND),
        upright_band(_places_of(0.05, 0.95), n, _along, FAINT),
        upright([0.0], n, _along, "white", strokeWidth=2.0),
        upright(_places_of(0.05, 0.95), n, _along, "white"),  # in grey the two bands look alike
        upright(_places_of(TAIL, 1.0 - TAIL), n, _along, BAND_LABEL),
        fits.mark_circle(size=42, color=SEQUENCE[1], opacity=1).encode(x=_along("place")),
        fails.mark_point(shape="diamond", size=80, filled=True, color=ACCENT, opacity=1).encode(x=_along("place")),
        unknown.mark_text(fontSize=SMALL, color=QUIET).encode(
            x=alt.value(0.5 * (_LEFT + _WIDTH - _RIGHT)), text="state:N"
        ),
        heading("lower than simulated", _LEFT, n, "left", QUIET),
        heading("higher", _WIDTH - _RIGHT, n, "right", QUIET),
    ]
    return rows_panel(marks, rows, (_WIDTH, _ROW))


def _places_of(low: float, high: float) -> tuple[float, float]:
    """Shares of simulations, spread as a normal distribution spreads them, so that both tails can be seen."""
    first, last = ndtri(np.array([low, high])).tolist()
    return first, last


def _along(field: str) -> alt.X:
    ticks = dict(zip(ndtri(np.array(list(_TICKS))).tolist(), _TICKS.values(), strict=True))
    scale = alt.Scale(domain=[-_FARTHEST, _FARTHEST], range=[_LEFT, _WIDTH - _RIGHT], nice=False, zero=False)
    return alt.X(f"{field}:Q", scale=scale, axis=named_ticks(ticks, grid=False), title=None)


# -- the picture ----------------------------------------------------------------------------------------------------


def _rows(calibration: Calibration) -> Rows:
    title = f"Surveys beside what the calibrated assumptions of {harmless(calibration.base.position)} simulate"
    rows = check_rows(calibration)
    states = Counter(str(row["state"]) for row in rows["checks"])
    counts = ", ".join(f"{count} {state}" for state, count in states.items()) or "there are none"
    words = f"Statistics of the answers among simulated ones: {counts}."
    return {"made": made(calibration, title, words), **rows}


PICTURE = CalibrationPicture(
    "Do the answers fit?",
    "Where each statistic of the answers lies among those that the calibrated model simulates.",
    _rows,
    lambda rows: [answers(rows)],
)
