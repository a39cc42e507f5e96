"""A calibration as a person reads it in a terminal: the answer, what was learnt, from whom, and whether it is sound."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ooms.calibrating.leave_one_out import BENDS
from ooms.calibrating.prior_posterior import DERIVED
from ooms.results.credence import Estimate
from ooms.results.numbers import percent, plain, plus_minus, signed
from ooms.writers.tables import Sheet
from ooms.writers.terminal import hanging, saved, show_warnings, terminal

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.calibrating.leave_one_out import Contribution
    from ooms.calibrating.predictive import Check
    from ooms.calibrating.what_if import WhatIf

__all__ = ["show", "show_what_if"]

_WORST = 5
_MOVING = 4


def show(found: Calibration, event: str, written: Sequence[Path], *, all_checks: bool = False) -> None:
    """Print everything worth reading first."""
    console = terminal()
    console.print(Text(found.base.title or found.base.name, style="bold"))
    hanging(console, f"{len(found.surveys)}: {', '.join(found.surveys)}", "surveys: ", style="dim")
    show_warnings(console, found.base.warnings)
    _verdict(console, found)
    console.print()
    console.print(Text(f"P({event}): {percent(found.before(event))} before, "
                       f"{percent(found.after(event))} after", style="bold"))  # fmt: skip
    console.print()
    _learnt(console, found)
    _contributions(console, found, event)
    _chance_moves(console, found, event)
    _beside(console, found)
    _checks(console, found.diagnostics.checks, all_checks)
    _diagnostics(console, found)
    _written(console, found, written)


def show_what_if(changed: WhatIf, written: Sequence[Path]) -> None:
    """Print what a change makes of the answer, and whether that can be relied on."""
    console = terminal()
    _verdict(console, changed.calibration)
    console.print(Text("changed: " + "; ".join(changed.changes), style="yellow"))
    console.print(Text(f"P({changed.event}): {percent(changed.before)} as calibrated, "
                       f"{percent(changed.after)} with the change, "
                       f"{signed(changed.difference, percent=True)} points", style="bold"))  # fmt: skip
    w = changed.weights
    hanging(
        console,
        f"By weighing {len(w.weights):,} stored draws anew: worth {w.effective:.0f} independent draws, Pareto k "
        f"{plain(w.pareto_k)} (below {plain(w.limit)}). Errors hold that of the Markov chains.",
        "",
        style="dim",
    )
    saved(console, "Saved to", written)


def _verdict(console: Console, found: Calibration) -> None:
    for failure in found.diagnostics.failures:
        hanging(console, f"{failure}. {failure.remedy[0].upper()}{failure.remedy[1:]}.", "UNSOUND: ", style="bold red")


def _learnt(console: Console, found: Calibration) -> None:
    rows = found.learnt()
    shown = [row for row in rows if row.kind != "survey"]
    common = [row for row in rows if row.name in ("bias_scale", "self_report", "extrapolation")]
    sheet = Sheet("What was learnt: 5 %, 50 % and 95 % quantiles before and after")
    sheet.label("quantity")
    for heading in ("before", "after"):
        sheet.text(heading, justify="right")
    sheet.number("narrowed by, %")
    for group in ([row for row in shown if row.kind == "parameter"], [r for r in shown if r.kind == "derived"], common):
        for row in group:
            sheet.row(row.name, _three(row.prior), _three(row.posterior), f"{100 * row.contraction:.0f}")
        sheet.rule()
    sheet.show(console)
    for name in (row.name for row in shown if row.name in DERIVED):
        hanging(console, f"{name}: {DERIVED[name]}", "", "    ", style="dim")
    hanging(console, "narrowed: how much less spread, on the scale of the prior's distribution function: 0 is nothing "
            "learnt, 100 all known; a few points either way are noise", "", "    ", style="dim")  # fmt: skip
    if found.fixed:
        values = ", ".join(
            f"{name} = {found.base.beliefs[name].marginal.middle:g}" if name in found.base.beliefs else name
            for name in found.fixed
        )
        hanging(console, f"{values}: fixed in this view, so no answer can move them.", "", "    ", style="yellow")
    if found.double_counted:
        hanging(console, f"may count twice: {'; '.join(found.double_counted)}.", "", "    ", style="yellow")
    console.print()


def _three(quantiles: Sequence[float]) -> str:
    return "  ".join(plain(value) for value in quantiles)


def _contributions(console: Console, found: Calibration, event: str) -> None:
    each = found.known_contributions(event)
    if each is None:
        hanging(console, f"What each survey did to P({event}) was not worked out.", "", style="dim")
        return
    before, after = found.before(event), found.after(event)
    sheet = Sheet(f"From whom: P({event}) with all surveys but one, and with one alone, %")
    sheet.label("survey")
    sheet.number("without it", broad=24)
    sheet.number("alone", broad=24)
    sheet.text("speaks of")
    for one in each:
        sheet.row(
            one.survey if one.sound else f"{one.survey} *",
            plus_minus(one.without, percent=True),
            plus_minus(one.alone, percent=True),
            _speaks_of(one),
        )
    sheet.rule()
    sheet.row("all", plus_minus(after, percent=True), plus_minus(after, percent=True), "")
    sheet.row("none", plus_minus(before, percent=True), plus_minus(before, percent=True), "")
    sheet.show(console)
    hanging(console, f"speaks of: what it narrows by more than {100 * BENDS:.0f} % on its own, most first. Only "
            "surveys that name rho say how far labour substitutes for compute; an elasticity alone is a slope, which "
            "many values of rho share.", "", "    ", style="dim")  # fmt: skip
    if not all(one.sound for one in each):
        hanging(console, "*: refits without or with this survey did not converge; do not rely on its row.", "",
                style="bold red")  # fmt: skip
    console.print()


def _speaks_of(one: Contribution) -> str:
    """Whether it speaks of rho, or of a slope only, and what it narrows."""
    if not one.identifies:
        return "nothing of the view"
    narrowed = ", ".join(f"{name} {100 * one.narrowed[name]:.0f} %" for name in one.identifies)
    return narrowed if one.verdict == "neither" else f"{one.verdict}: {narrowed}"


def _chance_moves(console: Console, found: Calibration, event: str) -> None:
    """How much the probability would move if priors or answers counted more."""
    moves = found.probability_slopes(event)
    hanging(
        console,
        f"If all priors counted more, P({event}) would move by {_points(moves.priors)} points for every doubling of "
        f"their weight, if all answers did, by {_points(moves.answers)} (power-scaling). Priors that matter most: "
        f"{_listed(moves.own)}. Surveys: {_listed(moves.surveys)}.",
        "",
    )
    console.print()


def _listed(moves: Mapping[str, Estimate]) -> str:
    ordered = sorted(moves.items(), key=lambda item: -abs(item[1].value))[:_MOVING]
    return ", ".join(f"{name} {_points(move)}" for name, move in ordered)


def _points(move: Estimate) -> str:
    return signed(move, percent=True)


def _beside(console: Console, found: Calibration) -> None:
    sheet = Sheet("Beside what is said of the outcome itself, which is kept for checking and not fitted, %")
    sheet.label("who")
    sheet.text("event")
    sheet.text("answered")
    sheet.number("before")
    sheet.number("after")
    for row in found.held_out():
        sheet.row(
            row.item,
            row.event,
            row.answered,
            plus_minus(row.before, percent=True),
            plus_minus(row.after, percent=True),
        )
    sheet.show(console)


def _checks(console: Console, checks: Sequence[Check], all_: bool) -> None:
    known = [check for check in checks if not math.isnan(check.tail)]
    worst = sorted(known, key=lambda check: abs(check.tail - 0.5), reverse=True)
    sheet = Sheet("Do the answers fit? What was answered beside what the calibrated model would have expected")
    sheet.label("survey: statistic", wraps=True)
    sheet.number("answered")
    sheet.text("expected: 5, 50, 95 %", justify="right")
    sheet.number("tail")
    for check in known if all_ else worst[:_WORST]:
        expected = _three((check.low, check.median, check.high))
        sheet.row(f"{check.survey}.{check.item}: {check.statistic}", plain(check.observed), expected,
                  f"{check.tail:.3f}")  # fmt: skip
    sheet.show(console)
    rest = "" if all_ else f" The {min(_WORST, len(known))} worst of {len(known)}; all of them with --checks."
    hanging(console, f"tail: share of simulated answers below; 0.005 to 0.995 passes.{rest}", "", style="dim")
    console.print()


def _diagnostics(console: Console, found: Calibration) -> None:
    d, seconds = found.diagnostics, found.provenance.seconds
    hanging(
        console,
        f"{d.chains} chains of {d.draws:,} draws: R-hat at most {d.rhat.value:.4f} (below 1.01), effective draws at "
        f"least {d.bulk.value:.0f} in the middle and {d.tail.value:.0f} in the tails (above 400), {d.divergences} "
        f"divergent transitions (none), BFMI at least {d.bfmi.value:.2f} (above 0.3); {seconds:.0f} s.",
        "sound: " if found.sound else "UNSOUND: ",
        style="green" if found.sound else "bold red",
    )


def _written(console: Console, found: Calibration, written: Sequence[Path]) -> None:
    if written:
        saved(console, "Saved to", written)
        if any(path.suffix == ".toml" for path in written):
            toml = next(path for path in written if path.suffix == ".toml")
            console.print(Text(f"Use it: ooms forecast {toml}    Ask it: ooms calibration {toml}"), soft_wrap=True)
    elif not found.sound:
        hanging(console, "Not saved, because it is unsound: with --force it is, and says so wherever it is used.", "",
                style="bold red")  # fmt: skip
