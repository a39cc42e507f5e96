"""A calibration: what was learnt, from whom, whether it is sound, and what it cannot know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ooms.calibrating.prior_posterior import DERIVED
from ooms.documents.document import Block, Bullets, Code, Figure, Notice, Paragraph, Section, Table, left, right
from ooms.outcomes import HEADLINE
from ooms.pictures.registry import REGISTRY
from ooms.pictures.words import event_name
from ooms.results.numbers import plain, plus_minus

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["surveys"]

_CHECKS = 12  # posterior predictive checks that are shown


def surveys(name: str, found: Calibration, number: int) -> Section:
    """Prior against posterior, each survey's part, the checks, and how it was made."""
    before, after = (plus_minus(chance, percent=True) for chance in (found.before(HEADLINE), found.after(HEADLINE)))
    goes = f"the probability of 5 OOMs in a year goes from {before} % to {after} %"
    lead = f"Fitted to {len(found.surveys)} surveys, {goes}."
    blocks: list[Block] = [Paragraph(lead, lead=True)]
    if not found.sound:
        blocks.append(Notice(["UNSOUND. Do not rely on these numbers.", *found.diagnostics.failed]))
    picture = REGISTRY["calibration"].picture
    chart, said = picture.of(found, HEADLINE), picture.said(found, HEADLINE)
    caption = f"{picture.caption} From the {found.shape[0] * found.shape[1]:,} draws kept with it."
    blocks.append(Figure(f"calibration-{number}", picture.title, caption, said, chart, wide=True))
    blocks += [_learnt(found), *_contributions(found), _checks(found), Bullets(_limits(found))]
    blocks += [Paragraph("Made by:"), Code(str(found.provenance.command))]
    return Section(f"calibration-{number}", f"What surveys do to {found.base.label} ({name})", blocks)




def _three(quantiles: Sequence[float]) -> str:
    low, middle, high = map(plain, quantiles)
    return f"{middle} ({low} to {high})"


def _learnt(found: Calibration) -> Table:
    rows = [
        (row.name, row.unit, _three(row.prior), _three(row.posterior), f"{100 * row.contraction:.0f}",
         DERIVED.get(row.name, row.meaning))
        for row in found.learnt()
        if row.kind != "survey"
    ]  # fmt: skip
    columns = (*left("Quantity", "Unit"), *right("Before", "After", "Narrowed by, %"), *left("Meaning"))
    note = "Medians and 90 % equal-tailed intervals. A few points of narrowing either way are noise."
    return Table("Prior against posterior", columns, rows, note)


def _contributions(found: Calibration) -> list[Block]:
    each = found.known_contributions(HEADLINE)
    if each is None:
        return [Paragraph("What each survey did on its own was not worked out for this calibration.")]
    rows = [
        (one.survey if one.sound else f"{one.survey} *", plus_minus(one.without, percent=True),
         plus_minus(one.alone, percent=True), ", ".join(one.identifies) or "nothing of the view")
        for one in each
    ]  # fmt: skip
    columns = (*left("Survey"), *right("Without it, %", "Alone, %"), *left("Narrows, on its own"))
    starred = " *: refits did not converge; do not rely on the row." if not all(one.sound for one in each) else ""
    note = f"Probability of {event_name(HEADLINE)} fitted to all surveys but one, and to one alone.{starred}"
    return [Table("From whom", columns, rows, note)]


def _checks(found: Calibration) -> Table:
    known = [check for check in found.diagnostics.checks if not math.isnan(check.tail)]
    worst = sorted(known, key=lambda check: -abs(check.tail - 0.5))[:_CHECKS]
    rows = [
        (f"{c.survey}.{c.item}: {c.statistic}", plain(c.observed), _three((c.low, c.median, c.high)), f"{c.tail:.3f}")
        for c in worst
    ]
    columns = (*left("Survey and statistic"), *right("Answered", "Expected", "Tail"))
    note = (
        f"The {len(worst)} worst of {len(known)} posterior predictive checks. Tail: share of simulated answers below; "
        "0.005 to 0.995 passes."
    )
    return Table("Do the answers fit?", columns, rows, note)


def _limits(found: Calibration) -> list[tuple[str, str]]:
    d = found.diagnostics
    rows = [
        ("Sampling", f"{d.chains} chains of {d.draws:,} draws: R-hat at most {d.rhat.value:.4f} (below 1.01), "
         f"effective draws at least {d.bulk.value:.0f} in the middle and {d.tail.value:.0f} in the tails (above 400), "
         f"{d.divergences} divergent transitions."),
        ("Surveys", ", ".join(found.surveys)),
    ]  # fmt: skip
    if found.fixed:
        rows.append(("Fixed by the view, so that no answer can move them", ", ".join(found.fixed)))
    if found.double_counted:
        rows.append(("May count twice", "; ".join(found.double_counted)))
    return rows
