"""Published numbers beside ours as JSON, for programs; null stands for no end of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ooms.results.plain import finite, json_text, number

if TYPE_CHECKING:
    from ooms.literature.reproducing import NumberCheck, Reproduction

__all__ = ["reproduction_json"]


def reproduction_json(found: Reproduction) -> str:
    """Draws, seed, whether all agrees, and a row for every published number and reading."""
    report = {
        "draws": found.draws,
        "seed": found.seed,
        "agrees": found.agrees,
        "rows": [_row_as_json(row) for row in found.rows],
    }
    return json_text("reproduction", report)


def _row_as_json(row: NumberCheck) -> dict[str, Any]:
    return {
        "view": row.view,
        "what": row.what,
        "published": row.published,
        "published_low": finite(row.low),
        "published_high": finite(row.high),
        "unit": row.unit,
        "asked": row.asked,
        "changes": list(row.changes),
        "ours": None if row.ours is None else number(row.ours),
        "difference": finite(row.difference),
        "tolerance": finite(row.tolerance),
        "because": row.because,
        "verdict": row.verdict,
        "source": row.source,
        "note": row.note,
        "reading": row.reading,
    }
