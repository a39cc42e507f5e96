"""A calibration: what was learnt, from whom, whether it is sound, and what it cannot know."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ooms.calibrating.prior_posterior import BENDS, DERIVED
from ooms.documents.document import (
    Block,
    Bullets,
    Code,
    Column,
    Document,
    Figure,
    Notice,
    Paragraph,
    Section,
    Style,
    Table,
    left,
    right,
)  # fmt: skip
from ooms.outcomes import HEADLINE
from ooms.outcomes.words import outcome_words
from ooms.results.credence import Estimate
from ooms.results.numbers import percent, plain, plus_minus, signed

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.calibrating.leave_one_out import Contribution
    from ooms.calibrating.what_if import WhatIf

__all__ = ["document", "surveys", "what_if"]

_WORST, _REPORTED = 5, 12  # posterior predictive checks that are shown in a terminal, and in a report
_MOVING = 4  # priors and surveys that are named
_COMMON = ("bias_scale", "self_report", "extrapolation")


def document(calibration: Calibration, event: str, *, all_checks: bool = False) -> Document:
    """Everything worth reading first."""
    base = calibration.base
    title = base.title or base.name
    about = f"surveys: {len(calibration.surveys)}: {', '.join(calibration.surveys)}"
    warned: list[Block] = [Notice([f"warning: {warning}" for warning in base.warnings])] if base.warnings else []
    blocks = [*warned, *_body(calibration, event, None if all_checks else _WORST)]
    return Document(title, about, [Section("calibration", "", blocks)])


def surveys(name: str, calibration: Calibration, number: int) -> Section:
    """Prior against posterior, each survey's part, the checks, and how it was made."""
    from ooms.pictures.registry import REGISTRY

    picture = REGISTRY["calibration"].picture
    chart, words = picture.of(calibration, HEADLINE), picture.said(calibration, HEADLINE)
    caption = f"{picture.caption} From the {calibration.shape[0] * calibration.shape[1]:,} draws kept with it."
    figure = Figure(f"calibration-{number}", picture.title, caption, words, chart, wide=True)
    body = _body(calibration, HEADLINE, _REPORTED)
    first = next(k for k, block in enumerate(body) if isinstance(block, Table))
    blocks = [*body[:first], figure, *body[first:], Paragraph("Made by:"), Code(str(calibration.provenance.command))]
    return Section(f"calibration-{number}", f"What surveys do to {calibration.base.position} ({name})", blocks)


def what_if(changed: WhatIf) -> Document:
    """What a change makes of the answer, and whether that can be relied on."""
    w = changed.weights
    answer = (
        f"{_event(changed.event)}: {percent(changed.before)} as calibrated, {percent(changed.after)} with the change, "
        f"{signed(changed.difference, percent=True)} points"
    )
    how = (
        f"By weighing {len(w.weights):,} stored draws anew: worth {w.effective:.0f} independent draws, Pareto k "
        f"{plain(w.pareto_k)} (below {plain(w.limit)}). Errors hold that of the Markov chains."
    )
    changes = Notice([f"changed: {'; '.join(changed.changes)}"])
    blocks = [*_unsound(changed.calibration), changes, Paragraph(answer, lead=True), Paragraph(how, aside=True)]
    return Document("", "", [Section("what-if", "", blocks)])


def _event(event: str) -> str:
    return f"P({outcome_words(event)})"


def _unsound(calibration: Calibration) -> list[Block]:
    lines = [f"UNSOUND: {f}. {f.remedy[0].upper()}{f.remedy[1:]}." for f in calibration.diagnostics.failures]
    return [Notice([*lines, "UNSOUND. Do not rely on these numbers."], danger=True)] if lines else []


def _body(calibration: Calibration, event: str, checks: int | None) -> list[Block]:
    before, after = percent(calibration.before(event)), percent(calibration.after(event))
    lead = f"{_event(event)}: {before} before, {after} after being fitted to {len(calibration.surveys)} surveys"
    return [
        *_unsound(calibration),
        Paragraph(lead, lead=True),
        *_learnt(calibration),
        *_contributions(calibration, event),
        _chance_moves(calibration, event),
        _held_out(calibration),
        _checks(calibration, checks),
        Bullets(_limits(calibration)),
    ]


def _three(quantiles: Sequence[float]) -> str:
    low, middle, high = map(plain, quantiles)
    return f"{middle} ({low} to {high})"


def _learnt(calibration: Calibration) -> list[Block]:
    known = calibration.learnt()
    shown = [
        *(row for row in known if row.kind == "parameter"),
        *(row for row in known if row.kind == "derived"),
        *(row for row in known if row.name in _COMMON),
    ]
    rows = [
        (row.name, "" if row.unit == "-" else row.unit, _three(row.prior), _three(row.posterior),
         f"{100 * row.contraction:.0f}")
        for row in shown
    ]  # fmt: skip
    ends = [k for k, (row, after) in enumerate(itertools.pairwise(shown)) if row.kind != after.kind]
    columns = (*left("Quantity"), Column("Unit", "unit"), *right("Before", "After", "Learnt: % less spread"))
    note = (
        "Medians and 90 % equal-tailed intervals. Learnt: how much less spread, on the scale of the prior's "
        "distribution function: 0 is nothing learnt, 100 all known; a few points either way are noise."
    )
    table = Table("What was learnt", columns, rows, note, ends=ends)
    return [table, Bullets([(row.name, DERIVED[row.name]) for row in shown if row.name in DERIVED])]


def _contributions(calibration: Calibration, event: str) -> list[Block]:
    each = calibration.known_contributions(event)
    if each is None:
        return [Paragraph(f"What each survey did to {_event(event)} was not worked out.")]
    rows: list[tuple[str, ...]] = [
        (row.survey if row.sound else f"{row.survey} *", plus_minus(row.without, percent=True),
         plus_minus(row.alone, percent=True), _informs(row))
        for row in each
    ]  # fmt: skip
    for name, chance in (("all", calibration.after(event)), ("none", calibration.before(event))):
        rows.append((name, *[plus_minus(chance, percent=True)] * 2, ""))
    sums: dict[int, Style] = {len(rows) - 2: "sum", len(rows) - 1: "sum"}
    columns = (*left("Survey"), *right("Without this survey", "Only this survey"), *left("Informs"))
    note = (
        f"Informs: what it narrows by more than {100 * BENDS:.0f} % on its own, most first. Only surveys that name rho "
        "say how far labour substitutes for compute; an elasticity alone is a slope, which many values of rho share."
    )
    blocks: list[Block] = [Table(f"From whom: {_event(event)}, %", columns, rows, note, sums, [len(each) - 1])]
    if not all(row.sound for row in each):
        warning = "*: refits without or with this survey did not converge; do not rely on its row."
        blocks.append(Notice([warning], danger=True))
    return blocks


def _informs(row: Contribution) -> str:
    """Whether it informs rho, or a slope only, and what it narrows."""
    if not row.identifies:
        return "nothing of the position"
    narrowed = ", ".join(f"{name} {100 * row.narrowed[name]:.0f} %" for name in row.identifies)
    return narrowed if row.verdict == "neither" else f"{row.verdict}: {narrowed}"


def _chance_moves(calibration: Calibration, event: str) -> Paragraph:
    """How much the probability would move if priors or answers counted more."""
    moves = calibration.probability_slopes(event)
    return Paragraph(
        f"If all priors counted more, {_event(event)} would move by {signed(moves.priors, percent=True)} points for "
        f"every doubling of their weight, if all answers did, by {signed(moves.answers, percent=True)} "
        f"(power-scaling). Priors that matter most: {_listed(moves.own)}. Surveys: {_listed(moves.surveys)}."
    )


def _listed(moves: Mapping[str, Estimate]) -> str:
    ordered = sorted(moves.items(), key=lambda item: -abs(item[1].value))[:_MOVING]
    return ", ".join(f"{name} {signed(move, percent=True)}" for name, move in ordered)


def _held_out(calibration: Calibration) -> Table:
    rows = [
        (row.item, outcome_words(row.event), row.answered, plus_minus(row.before, percent=True),
         plus_minus(row.after, percent=True))
        for row in calibration.held_out()
    ]  # fmt: skip
    columns = (*left("Who", "Event", "Answered"), *right("Before", "After"))
    return Table("What is said of the outcome itself, kept for checking and not fitted, %", columns, rows)


def _checks(calibration: Calibration, most: int | None) -> Table:
    known = [check for check in calibration.diagnostics.checks if not math.isnan(check.tail)]
    shown = known if most is None else sorted(known, key=lambda check: -abs(check.tail - 0.5))[:most]
    rows = [
        (f"{c.survey}.{c.item}: {c.statistic}", plain(c.observed), _three((c.low, c.median, c.high)), f"{c.tail:.3f}")
        for c in shown
    ]
    columns = (Column("Survey: statistic", "topic"), *right("Answered", "Expected", "Tail"))
    flag = "; all of them with --checks" if most == _WORST else ""  # which a report does not have
    few = f" The {len(shown)} worst of {len(known)}{flag}." if len(shown) < len(known) else ""
    note = f"Expected: by the calibrated model. Tail: share of simulated answers below; 0.005 to 0.995 passes.{few}"
    return Table("Do the answers fit?", columns, rows, note)


def _limits(calibration: Calibration) -> list[tuple[str, str]]:
    d = calibration.diagnostics
    sampling = (
        f"{d.chains} chains of {d.draws:,} draws: R-hat at most {d.rhat.value:.4f} (below 1.01), effective draws at "
        f"least {d.bulk.value:.0f} in the middle and {d.tail.value:.0f} in the tails (above 400), {d.divergences} "
        f"divergent transitions (none), BFMI at least {d.bfmi.value:.2f} (above 0.3); "
        f"{calibration.provenance.seconds:.0f} s."
    )
    items = [("sound" if calibration.sound else "UNSOUND", sampling)]
    if calibration.fixed:
        beliefs = calibration.base.beliefs
        values = (f"{n} = {beliefs[n].marginal.middle:g}" if n in beliefs else n for n in calibration.fixed)
        items.append(("fixed in this position, so that no answer can move them", ", ".join(values)))
    if calibration.double_counted:
        items.append(("may count twice", f"{'; '.join(calibration.double_counted)}."))
    return items
