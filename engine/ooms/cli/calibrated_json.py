"""A calibration as JSON, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ooms.results.plain import finite, json_text, number

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.calibrating.what_if import WhatIf

__all__ = ["as_json", "what_if_json"]


def as_json(found: Calibration, event: str, written: Sequence[Path]) -> str:
    """What was learnt, from whom, and whether it can be relied on; null stands for what does not exist."""
    return json_text(
        "calibration",
        {
            "view": found.base.name,
            "surveys": list(found.surveys),
            "fixed": list(found.fixed),
            "event": event,
            "before": number(found.before(event)),
            "after": number(found.after(event)),
            "sound": found.sound,
            "failed": list(found.diagnostics.failed),
            "remedy": found.diagnostics.remedy,
            "learnt": [row._asdict() | {"prior": list(row.prior), "posterior": list(row.posterior)}
                       for row in found.learnt()],
            "contributions": _contributions(found, event),
            "sensitivity": [s._asdict() | {"diagnosis": s.diagnosis} for s in found.power_scaling()],
            "points_per_doubling": _moves(found, event),
            "held_out": [row._asdict() | {"before": number(row.before), "after": number(row.after)}
                       for row in found.held_out()],
            "double_counted": list(found.double_counted),
            "diagnostics": found.diagnostics.plain(),
            "provenance": found.provenance.record(),
            "written": [str(path) for path in written],
        },
    )  # fmt: skip


def what_if_json(changed: WhatIf) -> str:
    """What a change makes of the answer, and whether that can be relied on."""
    return json_text(
        "what-if",
        {
            "event": changed.event,
            "changes": list(changed.changes),
            "before": number(changed.before),
            "after": number(changed.after),
            "difference": number(changed.difference),
            "sound": changed.calibration.sound,
            "failed": list(changed.calibration.diagnostics.failed),
            "effective_draws": changed.weights.effective,
            "pareto_k": finite(changed.weights.pareto_k),
        },
    )


def _moves(found: Calibration, event: str) -> dict[str, Any]:
    moves = found.probability_slopes(event)
    return {
        "priors": number(moves.priors),
        "answers": number(moves.answers),
        "own": {name: number(move) for name, move in moves.own.items()},
        "surveys": {name: number(move) for name, move in moves.surveys.items()},
    }


def _contributions(found: Calibration, event: str) -> list[dict[str, Any]] | None:
    each = found.known_contributions(event)
    if each is None:
        return None
    return [
        {"survey": one.survey, "without": number(one.without), "alone": number(one.alone),
         "by_weighing": one.by_weighing, "sound": one.sound, "narrowed": dict(one.narrowed), "verdict": one.verdict}
        for one in each
    ]  # fmt: skip
