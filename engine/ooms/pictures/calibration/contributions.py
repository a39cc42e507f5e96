"""From whom it was learnt: the event's probability without each survey, and with it alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import altair as alt

from ooms.calibrating.leave_one_out import BENDS, Contribution
from ooms.outcomes import HEADLINE
from ooms.pictures.calibration.frame import CalibrationPicture, headline, made
from ooms.pictures.density import even_ticks
from ooms.pictures.marks import Along, heading, rows_panel, section, text_column, upright
from ooms.pictures.rows import Row, Rows, data, down
from ooms.pictures.theme import ACCENT, FAINT, INK, MARK, QUIET, SEQUENCE
from ooms.pictures.words import event_name, harmless
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, percent, rounded

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["PICTURE", "influence", "influence_rows"]

_ROW = 27.0  # pixels of a survey
_WIDTH, _LEFT, _RIGHT = 302.0, 16.0, 26.0
_APART = 0.19  # of a row: how far the two dots stand from its middle
_LETTER = 6.2  # pixels of a letter above the rows, on average
_MOST = 2  # quantities that are named
_RESTS = {"rho": ("rho_today", "rho_far"), "a slope": ("labour_elasticity", "compute_elasticity"), "neither": ()}
"""What a verdict rests on; the verdicts in the order of their rows."""

_SHOWN = {"without": ("circle", SEQUENCE[1], -_APART), "alone": ("diamond", ACCENT, _APART)}
"""The two probabilities of a survey: how they are drawn, and where in its row."""


# -- rows -----------------------------------------------------------------------------------------------------------


def influence_rows(calibration: Calibration, event: str) -> Rows:
    """A row a survey: those that inform rho first, then those that inform a slope, each by what they say alone."""
    effects = calibration.contributions(event)  # may fit every survey on its own
    ordered = sorted(effects, key=lambda effect: (list(_RESTS).index(effect.verdict), effect.alone.value))
    ends = {"before": calibration.before(event), "after": calibration.after(event)}
    return {
        "ends": [
            {"when": when, "at": 100.0 * chance.value, "text": f"{when} {_brief(chance)}", "event": event_name(event)}
            for when, chance in ends.items()
        ],
        "surveys": [_row(y, effect) for y, effect in enumerate(ordered)],
    }


def _row(y: int, effect: Contribution) -> Row:
    row: Row = {
        "y": y, "group": y, "survey": harmless(effect.survey), "verdict": effect.verdict,
        "narrowed": _narrowed(effect), "how": "by weighing the draws" if effect.by_weighing else "by a refit",
    }  # fmt: skip
    for name, chance in (("without", effect.without), ("alone", effect.alone)):
        error = chance.standard_error if math.isfinite(chance.standard_error) else 0.0
        row |= {
            name: 100.0 * chance.value,
            f"{name}_low": 100.0 * max(chance.value - 2.0 * error, 0.0),
            f"{name}_high": 100.0 * min(chance.value + 2.0 * error, 1.0),
            f"{name}_y": y + _SHOWN[name][2],
            f"{name}_shown": in_percent(chance),
            f"{name}_said": percent(chance),
        }
    return row


def _narrowed(effect: Contribution) -> str:
    """What it narrows most on its own, and at any rate what its verdict rests on."""
    names, rests = effect.identifies, _RESTS[effect.verdict]
    first = next((name for name in names if name in rests), None)
    kept = sorted(names, key=lambda name: name != first)[:_MOST]
    texts = [f"{harmless(name).replace('_', ' ')} {rounded(100.0 * effect.narrowed[name], 1.0)} %"
             for name in names if name in kept]  # fmt: skip
    more = f" and {len(names) - len(texts)} more" if len(names) > len(texts) else ""
    return (", ".join(texts) + more) or "nothing"


def _brief(chance: Estimate) -> str:
    return f"{rounded(100.0 * chance.value, 100.0 * chance.standard_error, most=3)} %"


# -- chart ----------------------------------------------------------------------------------------------------------


def influence(rows: Rows) -> alt.HConcatChart:
    """Both probabilities of each survey, on lines of the answers with none of them and with all."""
    surveys = rows["surveys"]
    columns = [
        text_column(surveys, (172.0, _ROW), "survey", "Survey", bold=True),
        _chances(rows),
        text_column(surveys, (70.0, _ROW), "without_shown", "without\nthis survey", align="right", colour=SEQUENCE[1]),
        text_column(surveys, (70.0, _ROW), "alone_shown", "only\nthis survey", align="right", colour=ACCENT),
        text_column(surveys, (66.0, _ROW), "verdict", "Informs", bold=True),
        text_column(surveys, (280.0, _ROW), "narrowed", "Learnt from it alone: % less spread", colour=QUIET),
    ]
    caption = [
        f"P({rows['ends'][0]['event']}) without one survey (blue dot), and with only that one (orange diamond). "
        "Bars: two standard errors of the sampling to each side.",
        f"A survey informs what it narrows by more than {100 * BENDS:g} % on its own. A slope: elasticity of today's "
        "pace to researchers or to compute. Rho: how far one substitutes for the other.",
    ]
    return section(columns, "From whom it was learnt", caption)


def _chances(rows: Rows) -> alt.LayerChart:
    surveys, ends, n = rows["surveys"], rows["ends"], len(rows["surveys"])
    places = [end["at"] for end in ends]
    places += [row[f"{name}_{side}"] for row in surveys for name in _SHOWN for side in ("low", "high")]
    margin = max(0.06 * (max(places) - min(places)), 0.5)
    domain = (max(min(places) - margin, 0.0), min(max(places) + margin, 100.0))
    along = _along(domain)
    looks: tuple[tuple[str, Any], ...] = ((MARK, [4, 2.5]), (INK, [1, 0]))
    marks = [
        upright(even_ticks(*domain), n, along, FAINT),
        *(upright([end["at"]], n, along, colour, strokeDash=dash, strokeWidth=1.4)
          for end, (colour, dash) in zip(ends, looks, strict=True)),
        *_named(rows, domain),
    ]  # fmt: skip
    for name, (shape, colour, _) in _SHOWN.items():
        tooltip = [alt.Tooltip("survey:N"), alt.Tooltip(f"{name}_said:N", title=f"{name}: probability")]
        tooltip += [alt.Tooltip("how:N")] if name == "without" else []
        base = alt.Chart(data(surveys)).encode(y=down(f"{name}_y", n), tooltip=tooltip)
        rule = base.mark_rule(color=colour, strokeWidth=1.6)
        dot = base.mark_point(shape=shape, size=58, filled=True, color=colour, opacity=1)
        marks += [rule.encode(x=along(f"{name}_low"), x2=f"{name}_high:Q"), dot.encode(x=along(name))]
    return rows_panel(marks, surveys, (_WIDTH, _ROW))


def _named(rows: Rows, domain: tuple[float, float]) -> list[alt.Chart]:
    """Names of both answers above their lines: the lower one at its left, the higher one at its right, with room."""
    lower, higher = sorted(rows["ends"], key=lambda end: end["at"])
    scale = (_WIDTH - _LEFT - _RIGHT) / (domain[1] - domain[0])
    ends, starts = (_LEFT + (end["at"] - domain[0]) * scale for end in (lower, higher))
    first, last = (_LETTER * len(end["text"]) for end in (lower, higher))
    start = min(max(starts + 4.0, first + 8.0), _WIDTH - last)
    end, n = min(max(ends - 4.0, first), start - 8.0), len(rows["surveys"])
    return [heading(lower["text"], end, n, "right"), heading(higher["text"], start, n)]


def _along(domain: tuple[float, float]) -> Along:
    scale = alt.Scale(domain=list(domain), range=[_LEFT, _WIDTH - _RIGHT], nice=False, zero=False)
    axis = alt.Axis(values=even_ticks(*domain), labelExpr="format(datum.value, '~g') + ' %'", grid=False, title=None)
    return lambda field: alt.X(f"{field}:Q", scale=scale, axis=axis, title=None)


# -- the picture ----------------------------------------------------------------------------------------------------


def _rows(calibration: Calibration, event: str = HEADLINE) -> Rows:
    rows, title = influence_rows(calibration, event), headline(calibration, event)
    effects = [f"without {row['survey']} {row['without_shown']}, with only this survey {row['alone_shown']}"
               for row in rows["surveys"]]  # fmt: skip
    return {"made": made(calibration, title, f"{title}; {'; '.join(effects)}."), **rows}


PICTURE = CalibrationPicture(
    "From whom was it learnt?", "The probability without each survey, and with only that one.", _rows,
    lambda rows: [influence(rows)],
)  # fmt: skip
