"""Before beside after: a panel for everything that surveys inform, and for every parameter of the position."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.prior_posterior import Learnt
from ooms.calibrating.tree import flat
from ooms.parameters import known, known_names
from ooms.pictures.calibration.frame import CalibrationPicture, made
from ooms.pictures.density import axis_of, density
from ooms.pictures.hills import Curve, Intervals, axis_row, hill_panel
from ooms.pictures.marks import WIDTH, title_above
from ooms.pictures.rows import Row, Rows
from ooms.pictures.theme import ACCENT, FAINT, LABEL, MARK, SMALL
from ooms.pictures.words import harmless, in_units, wrapped
from ooms.results.numbers import finest_place, narrowing, rounded

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["PICTURE", "learning", "learnt_rows", "most_narrowed"]

Floats = NDArray[np.float64]

_COLUMNS, _GAP = 5, 22.0
_SIZE = (WIDTH - _GAP * (_COLUMNS - 1)) / _COLUMNS, 90.0
_GROUND = 62.0, 2.0  # pixels down to where densities start and end
_WHEN = {"before the surveys (prior)": 71.0, "after them (posterior)": 81.0}  # pixels down to their intervals
_LETTERS, _MEANING = 34, 3  # of a line of small text across a panel; lines of what a quantity means

_ENDS = {
    "rho_today": (-math.inf, 1.0),
    "rho_far": (-math.inf, 1.0),
    "labour_elasticity": (0.0, math.inf),
    "compute_elasticity": (0.0, math.inf),
}
"""What the derived quantities cannot pass."""


# -- rows -----------------------------------------------------------------------------------------------------------


def learnt_rows(calibration: Calibration) -> Rows:
    """A row a quantity: what surveys inform, then the parameters, the most narrowed first."""
    before = _draws(calibration, "prior") | _draws(calibration, "prior_derived")
    after = _draws(calibration, "posterior") | _draws(calibration, "derived")
    # independent draws that say as much as the posterior draws of the parameter that is known least well
    bulk = float(calibration.diagnostics.bulk.value)
    effective = max(bulk, 1.0) if math.isfinite(bulk) else 1.0
    shown = [each for each in calibration.learnt() if each.kind == "derived" or each.name in calibration.names]
    shown.sort(key=lambda each: (each.kind != "derived", -each.contraction if each.kind != "derived" else 0.0))
    rows = [_row(calibration, each, before[each.name], after[each.name], effective) for each in shown]
    return {"quantities": rows}


def _row(calibration: Calibration, learnt: Learnt, before: Floats, after: Floats, effective: float) -> Row:
    own = calibration.base.beliefs.get(learnt.name)
    ends = _ENDS.get(learnt.name, (-math.inf, math.inf)) if own is None else own.marginal.support()
    axis = axis_of(before, after, ends)
    return axis_row(axis) | {
        "quantity": learnt.name,
        "derived": learnt.kind == "derived",
        "name": _name(learnt),
        "meaning": _meaning(learnt),
        "change": _change(learnt, len(before), effective),
        "prior": learnt.prior,
        "posterior": learnt.posterior,
        "at": axis.points().tolist(),
        "before": density(before, axis).tolist(),
        "after": density(after, axis, effective).tolist(),
    }


def _draws(calibration: Calibration, group: str) -> dict[str, Floats]:
    data: Any = calibration.data[group].to_dataset()
    return {name: np.asarray(values, dtype=np.float64) for name, values in flat(data).items()}


def _name(learnt: Learnt) -> str:
    symbol = f" {known(learnt.name).symbol}" if learnt.name in known_names() else ""
    name = learnt.name.replace("_", " ")
    return harmless(in_units(f"{name}{symbol if symbol.strip() != name else ''}", learnt.unit))


def _meaning(learnt: Learnt) -> list[str]:
    """What it is, without the details that follow the first clause."""
    text = learnt.meaning
    ends = [] if learnt.kind == "derived" else [text.find(mark) for mark in (" (", ":", ";", ", ") if mark in text]
    return wrapped(harmless(text[: min(ends, default=len(text))]), _LETTERS, _MEANING)


def _change(learnt: Learnt, draws: int, effective: float) -> str:
    """Medians and narrowing, with the digits that their errors support."""
    off = max(  # errors of medians, as if these were normal
        0.38 * (ends[2] - ends[0]) / math.sqrt(count)
        for ends, count in ((learnt.prior, draws), (learnt.posterior, effective))
    )
    error = (1.0 - learnt.contraction) * math.sqrt(0.5 / effective)
    medians = [ends[1] for ends in (learnt.prior, learnt.posterior)]
    last = 10.0 ** max(finest_place(median, off, most=2) for median in medians)  # the same for both
    before, after = (rounded(median, last).replace("-", "\u2212") for median in medians)
    change = f"{before} \u2192 {after}, {narrowing(learnt.contraction, error)}"
    return f"median {change}" if len(change) + len("median ") <= _LETTERS + 1 else change


def most_narrowed(calibration: Calibration) -> str:
    """In words, what the surveys narrowed most."""
    most = sorted((row for row in calibration.learnt() if row.kind != "survey"), key=lambda row: -row.contraction)[:3]
    return f"Narrowed most: {', '.join(f'{harmless(row.name)} {100 * row.contraction:.0f} %' for row in most)}."


# -- chart ----------------------------------------------------------------------------------------------------------


def learning(rows: Rows) -> list[alt.ConcatChart]:
    """Panels of what surveys inform, then of the position's parameters, with one key."""
    caption = [
        "What surveys inform first, then the assumptions of the position, those first about which most was learnt. "
        "Axes hold 99 % and more of both distributions.",
        "Narrower: fall of the standard deviation, on the scale of the prior's distribution function. Bars and dots: "
        "90 % equal-tailed intervals and medians, before above after.",
    ]
    title = title_above(["What was learnt"], caption, LABEL + 2.5)
    groups = [[row for row in rows["quantities"] if row["derived"] == derived] for derived in (True, False)]
    key = alt.Legend(orient="top", title=None, symbolType="circle", symbolSize=60, labelFontSize=SMALL, offset=10)
    first, *rest = [_panels(group, key if k == 0 else None) for k, group in enumerate(filter(None, groups))]
    return [first.properties(title=title), *rest]


def _panels(rows: Sequence[Row], key: alt.Legend | None) -> alt.ConcatChart:
    colour = alt.Color("when:N", scale=alt.Scale(domain=list(_WHEN), range=[MARK, ACCENT]), legend=key)
    curves = [
        Curve("before", {"color": FAINT, "opacity": 1},
              {"color": MARK, "strokeWidth": 1.4, "strokeDash": [4.0, 2.5], "opacity": 1}),
        Curve("after", {"color": ACCENT, "opacity": 0.22}, {"color": ACCENT, "strokeWidth": 2.0, "opacity": 1}),
    ]  # fmt: skip
    panels = list[alt.LayerChart]()
    for k, row in enumerate(rows):
        beside = rows[k - k % _COLUMNS : k - k % _COLUMNS + _COLUMNS]  # all names in a line stand equally high
        room = max(len(each["meaning"]) for each in beside) - len(row["meaning"])
        intervals = [
            {"quantity": row["quantity"], "when": when, "y": y, "low": ends[0], "at": ends[1], "high": ends[2]}
            for (when, y), ends in zip(_WHEN.items(), (row["prior"], row["posterior"]), strict=True)
        ]
        head = row | {"text": [*row["meaning"], *["\u00a0"] * room], "note": row["change"]}
        points = {field: row[field] for field in ("at", "before", "after")}
        shown = Intervals(intervals, colour, 2.0)
        panels.append(hill_panel(head, points, curves, shown, size=_SIZE, ground=_GROUND, gap=_GAP - 4.0))
    return alt.ConcatChart(concat=panels, columns=_COLUMNS, spacing=_GAP)


# -- the picture ----------------------------------------------------------------------------------------------------


def _rows(calibration: Calibration) -> Rows:
    title = f"What surveys do to the assumptions of {harmless(calibration.base.position)}"
    return {"made": made(calibration, title, most_narrowed(calibration)), **learnt_rows(calibration)}


PICTURE = CalibrationPicture("What was learnt?", "Grey: before the surveys. Colour: after.", _rows, learning)
