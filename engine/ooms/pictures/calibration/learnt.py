"""Before beside after: a panel for everything that surveys speak of, and for every parameter of the view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt
import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.prior_posterior import Learnt
from ooms.calibrating.tree import flat
from ooms.parameters import known, known_names
from ooms.pictures.calibration.frame import framed, view_name
from ooms.pictures.calibration.panels import COLUMNS, LETTERS, Hills, Words, key, panel
from ooms.pictures.density import Axis, axis_of, density
from ooms.pictures.marks import section
from ooms.pictures.picture import Picture
from ooms.pictures.words import harmless, wrapped
from ooms.results.numbers import finest_place, narrowing, rounded

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["PICTURE", "learning", "most_narrowed"]

Floats = NDArray[np.float64]

_MEANING = 3  # lines of what a quantity means

_ENDS = {
    "rho_today": (-math.inf, 1.0),
    "rho_far": (-math.inf, 1.0),
    "labour_elasticity": (0.0, math.inf),
    "compute_elasticity": (0.0, math.inf),
}
"""What the derived quantities cannot pass."""


class _Quantity(NamedTuple):
    """A quantity with its draws before and after."""

    learnt: Learnt
    before: Floats
    after: Floats
    axis: Axis
    effective: float


def learning(calibration: Calibration) -> list[alt.HConcatChart]:
    """Rows of panels: what surveys speak of and a key, then the view's parameters, the most narrowed first."""
    found = _quantities(calibration)
    derived = [one for one in found if one.learnt.kind == "derived"]
    narrowed = sorted((one for one in found if one.learnt.kind != "derived"), key=lambda one: -one.learnt.contraction)
    caption = [
        "What surveys speak of first, then the parameters of the view, those that were narrowed most first. Every axis "
        "holds at least 99 % of both distributions; axes whose numbers grow by factors are logarithmic.",
        "Narrower: fall of the standard deviation, on the scale of the prior's distribution function. Bars: 90 % "
        "equal-tailed intervals, before above after.",
    ]
    first = section(_row(derived, with_key=True), "What was learnt", caption)
    rest = [narrowed[k : k + COLUMNS] for k in range(0, len(narrowed), COLUMNS)]
    return [first, *(alt.HConcatChart(hconcat=_row(row), spacing=0) for row in rest)]


def most_narrowed(calibration: Calibration) -> str:
    """In words, what the surveys narrowed most."""
    most = sorted((row for row in calibration.learnt() if row.kind != "survey"), key=lambda row: -row.contraction)[:3]
    return f"Narrowed most: {', '.join(f'{harmless(row.name)} {100 * row.contraction:.0f} %' for row in most)}."


def _row(quantities: Sequence[_Quantity], *, with_key: bool = False) -> list[alt.LayerChart]:
    words = [_words(one) for one in quantities]
    lines = max((len(one.meaning) for one in words), default=0)
    panels = [panel(said, _hills(one), lines) for said, one in zip(words, quantities, strict=True)]
    return [*panels, key(lines)] if with_key else panels


def _hills(quantity: _Quantity) -> Hills:
    axis = quantity.axis
    after = density(quantity.after, axis, quantity.effective)
    return Hills(quantity.learnt, axis, density(quantity.before, axis), after)


# -- quantities -----------------------------------------------------------------------------------------------------


def _quantities(calibration: Calibration) -> list[_Quantity]:
    before = _draws(calibration, "prior") | _draws(calibration, "prior_derived")
    after = _draws(calibration, "posterior") | _draws(calibration, "derived")
    effective = _effective(calibration)
    shown = [one for one in calibration.learnt() if one.kind == "derived" or one.name in calibration.names]
    return [
        _Quantity(one, before[one.name], after[one.name],
                  axis_of(before[one.name], after[one.name], _ends(calibration, one.name)), effective)
        for one in shown
    ]  # fmt: skip


def _draws(calibration: Calibration, group: str) -> dict[str, Floats]:
    data: Any = calibration.data[group].to_dataset()
    return {name: np.asarray(values, dtype=np.float64) for name, values in flat(data).items()}


def _effective(calibration: Calibration) -> float:
    """Independent draws that say as much as the posterior draws of the parameter that is known least well."""
    found = calibration.diagnostics.bulk.value
    return max(float(found), 1.0) if math.isfinite(found) else 1.0


def _ends(calibration: Calibration, name: str) -> tuple[float, float]:
    if name in calibration.base.beliefs:
        return calibration.base.beliefs[name].marginal.support()
    return _ENDS.get(name, (-math.inf, math.inf))


# -- words of a panel -----------------------------------------------------------------------------------------------


def _words(quantity: _Quantity) -> Words:
    one = quantity.learnt
    return Words(_name(one), _meaning(one), _said(quantity))


def _name(learnt: Learnt) -> str:
    symbol = f" {known(learnt.name).symbol}" if learnt.name in known_names() else ""
    name = learnt.name.replace("_", " ")
    unit = f", {learnt.unit}" if learnt.unit != "-" else ""
    return harmless(f"{name}{symbol if symbol.strip() != name else ''}{unit}")


def _meaning(learnt: Learnt) -> list[str]:
    """What it is, without the details that follow the first clause."""
    text = learnt.meaning
    ends = [] if learnt.kind == "derived" else [text.find(mark) for mark in (" (", ":", ";", ", ") if mark in text]
    return wrapped(harmless(text[: min(ends, default=len(text))]), LETTERS, _MEANING)


def _said(quantity: _Quantity) -> str:
    """Medians and narrowing, with the digits that their errors support."""
    one = quantity.learnt
    counts = (len(quantity.before), quantity.effective)
    off = max(  # errors of medians, as if these were normal
        0.38 * (ends[2] - ends[0]) / math.sqrt(count)
        for ends, count in zip((one.prior, one.posterior), counts, strict=True)
    )
    error = (1.0 - one.contraction) * math.sqrt(0.5 / quantity.effective)
    medians = [ends[1] for ends in (one.prior, one.posterior)]
    last = 10.0 ** max(finest_place(median, off, most=2) for median in medians)  # the same for both
    before, after = (rounded(median, last).replace("-", "\u2212") for median in medians)
    said = f"{before} \u2192 {after}, {narrowing(one.contraction, error)}"
    return f"median {said}" if len(said) + len("median ") <= LETTERS + 1 else said


def _of(calibration: Calibration) -> alt.VConcatChart:
    title = f"What surveys do to the beliefs of {view_name(calibration)}"
    return framed(calibration, title, learning(calibration), most_narrowed(calibration))


PICTURE = Picture("What was learnt?", "Grey: before the surveys. Colour: after.", _of, most_narrowed)
