"""Calibrations and what-ifs in plain form, as ``--json`` has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ooms.results.plain import finite, number, result

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.calibrating.what_if import WhatIf

__all__ = ["calibration_plain", "what_if_plain"]


def calibration_plain(calibration: Calibration, event: str, written: Sequence[Path] = ()) -> dict[str, Any]:
    """What was learnt, from whom, and whether it can be relied on; None stands for what does not exist."""
    moves = calibration.chance_moves(event)
    return result(
        "calibration",
        view=calibration.base.name,
        surveys=list(calibration.surveys),
        fixed=list(calibration.settled),
        event=event,
        before=number(calibration.before(event)),
        after=number(calibration.after(event)),
        sound=calibration.sound,
        failed=list(calibration.diagnostics.failed),
        remedy=calibration.diagnostics.remedy,
        learnt=[
            row._asdict() | {"prior": list(row.prior), "posterior": list(row.posterior)} for row in calibration.learnt()
        ],
        contributions=_contributions(calibration, event),
        sensitivity=[row._asdict() | {"diagnosis": row.diagnosis} for row in calibration.sensitivity()],
        points_per_doubling={
            "priors": number(moves.priors),
            "answers": number(moves.answers),
            "own": {name: number(move) for name, move in moves.own.items()},
            "surveys": {name: number(move) for name, move in moves.surveys.items()},
        },
        held_out=[
            row._asdict() | {"before": number(row.before), "after": number(row.after)} for row in calibration.beside()
        ],
        double_counted=list(calibration.twice),
        diagnostics=json.loads(calibration.diagnostics.to_json()),
        provenance={key: value for key, value in calibration.said.items() if key != "contributions"},
        written=[str(path) for path in written],
    )


def _contributions(calibration: Calibration, event: str) -> list[dict[str, Any]] | None:
    each = calibration.known_contributions(event)
    if each is None:
        return None
    return [
        {"survey": row.survey, "without": number(row.without), "alone": number(row.alone),
         "by_weighing": row.by_weighing, "sound": row.sound, "narrowed": dict(row.narrowed), "verdict": row.verdict}
        for row in each
    ]  # fmt: skip


def what_if_plain(changed: WhatIf) -> dict[str, Any]:
    """What a change makes of the answer, and whether that can be relied on."""
    return result(
        "what-if",
        event=changed.event,
        changes=list(changed.changes),
        before=number(changed.before),
        after=number(changed.after),
        difference=number(changed.difference),
        sound=changed.calibration.sound,
        failed=list(changed.calibration.diagnostics.failed),
        effective_draws=changed.weights.effective,
        pareto_k=finite(changed.weights.pareto_k),
    )
