"""A calibration as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ooms.results.numbers import finite

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.calibrating.what_if import WhatIf
    from ooms.results.credence import Estimate

__all__ = ["as_json", "what_if_json"]


def as_json(found: Calibration, event: str, written: Sequence[Path]) -> str:
    """What was learnt, from whom, and whether it can be relied on; null stands for what does not exist."""
    return json.dumps(
        {
            "view": found.base.name,
            "surveys": list(found.surveys),
            "settled": list(found.settled),
            "event": event,
            "before": _plain(found.before(event)),
            "after": _plain(found.after(event)),
            "sound": found.sound,
            "failed": list(found.diagnostics.failed),
            "remedy": found.diagnostics.remedy,
            "learnt": [row._asdict() | {"prior": list(row.prior), "posterior": list(row.posterior)}
                       for row in found.learnt()],
            "contributions": _contributions(found, event),
            "sensitivity": [s._asdict() | {"diagnosis": s.diagnosis} for s in found.sensitivity()],
            "points_per_doubling": _moves(found, event),
            "beside": [row._asdict() | {"before": _plain(row.before), "after": _plain(row.after)}
                       for row in found.beside()],
            "may_count_twice": list(found.twice),
            "diagnostics": json.loads(found.diagnostics.to_json()),
            "provenance": {key: value for key, value in found.said.items() if key != "contributions"},
            "written": [str(path) for path in written],
        },
        indent=2,
        allow_nan=False,
    )  # fmt: skip


def what_if_json(changed: WhatIf) -> str:
    """What a change makes of the answer, and whether that can be relied on."""
    return json.dumps(
        {
            "event": changed.event,
            "changes": list(changed.changes),
            "before": _plain(changed.before),
            "after": _plain(changed.after),
            "difference": _plain(changed.difference),
            "sound": changed.calibration.sound,
            "failed": list(changed.calibration.diagnostics.failed),
            "effective_draws": changed.weights.effective,
            "pareto_k": finite(changed.weights.pareto_k),
        },
        indent=2,
        allow_nan=False,
    )


def _plain(estimate: Estimate) -> dict[str, float | None]:
    return {"probability": finite(estimate.value), "standard_error": finite(estimate.standard_error)}


def _moves(found: Calibration, event: str) -> dict[str, Any]:
    moves = found.chance_moves(event)
    return {
        "priors": _plain(moves.priors),
        "answers": _plain(moves.answers),
        "own": {name: _plain(move) for name, move in moves.own.items()},
        "surveys": {name: _plain(move) for name, move in moves.surveys.items()},
    }


def _contributions(found: Calibration, event: str) -> list[dict[str, Any]] | None:
    each = found.known_contributions(event)
    if each is None:
        return None
    return [
        {"survey": one.survey, "without": _plain(one.without), "alone": _plain(one.alone),
         "by_weighing": one.by_weighing, "sound": one.sound, "narrowed": dict(one.narrowed), "verdict": one.verdict}
        for one in each
    ]  # fmt: skip
