"""Published numbers beside ours as JSON, for programs; null stands for infinite, or for no end of a range."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ooms.results.numbers import finite

if TYPE_CHECKING:
    from ooms.literature.reproducing import Reproduction, Row

__all__ = ["reproduction_json"]


def reproduction_json(found: Reproduction) -> str:
    """Draws, seed, whether all agrees, and a row for every published number and reading."""
    report = {
        "draws": found.draws,
        "seed": found.seed,
        "agrees": found.agrees,
        "rows": [_row_as_json(row) for row in found.rows],
    }
    return json.dumps(report, indent=2, allow_nan=False)


def _row_as_json(row: Row) -> dict[str, Any]:
    ours = row.ours
    return {
        "view": row.view,
        "what": row.what,
        "published": row.published,
        "published_low": finite(row.low),
        "published_high": finite(row.high),
        "unit": row.unit,
        "asked": row.asked,
        "changes": list(row.changes),
        "ours": None if ours is None else finite(ours.value),
        "standard_error": None if ours is None else finite(ours.standard_error),
        "difference": finite(row.difference),
        "tolerance": finite(row.tolerance),
        "because": row.because,
        "verdict": row.verdict,
        "source": row.source,
        "note": row.note,
        "reading": row.reading,
    }
