"""Comparisons, readings and explanations as JSON, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ooms.results.plain import event_entry, json_text, number, quantity_entry

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.comparing.compare import Comparison
    from ooms.comparing.explain import Explanation
    from ooms.comparing.readings import Readings

__all__ = ["comparison_json", "explanation_json", "readings_json"]


def comparison_json(comparison: Comparison, groups: Sequence[Sequence[View]] = ()) -> str:
    """Draws, seed, and each view as `ooms forecast --json` has it; with groups also each option's changes.

    Parameters
    ----------
    comparison : Comparison
        From `ooms.compare`.
    groups : sequence of sequence of View
        Each view, followed by itself with one option on; or nothing.
    """
    content: dict[str, Any] = {
        "draws": comparison.draws,
        "seed": comparison.seed,
        "views": [_view(comparison, label) for label in comparison.views],
    }
    if groups:
        content["options"] = [
            {
                "view": stem.name,
                "option": view.chosen[-1],
                "title": view.options[view.chosen[-1]].title,
                "event": event,
                "probability": number(comparison.probability(view, event)),
                "change": number(comparison.difference(event, view, stem)),
            }
            for stem, *others in groups
            for view in others
            for event in comparison.events
        ]
    return json_text("comparison", content)


def _view(comparison: Comparison, label: str) -> dict[str, Any]:
    found = comparison.forecast(label)
    return {
        "view": label,
        "title": found.view.title,
        "changes": list(found.view.changes),
        "warnings": list(found.view.warnings),
        "events": [event_entry(event, found.probability(event)) for event in comparison.events],
        "quantities": [
            quantity_entry(name, found.quantities[name][0].unit, found.sketch(name)) for name in comparison.quantities
        ],
    }


def readings_json(found: Sequence[Readings]) -> str:
    """Draws, seed, a row for every view and reading, and why readings of a view are the same."""
    first = found[0]
    return json_text(
        "readings",
        {
            "draws": first.draws,
            "seed": first.seed,
            "warnings": [f"{r.view.name}: {warning}" for r in found for warning in r.view.warnings],
            "unadjusted": {r.view.name: r.unadjusted for r in found if r.unadjusted},
            "readings": [
                {"view": readings.view.label, "returns": row.returns, "where": row.where,
                 **event_entry(row.event, row.probability)}
                for readings in found
                for row in readings.each
            ],
        },
    )


def explanation_json(explanation: Explanation) -> str:
    """The two views, the probability under each, and what each group of parameters contributes to the difference."""
    return json_text(
        "explanation",
        {
            "a": explanation.names[0],
            "b": explanation.names[1],
            "event": explanation.event,
            "draws": explanation.draws,
            "seed": explanation.seed,
            "start": number(explanation.start),
            "end": number(explanation.end),
            "total": number(explanation.total),
            "warnings": [f"{v.name}: {warning}" for v in (explanation.a, explanation.b) for warning in v.warnings],
            "notes": list(explanation.notes),
            "groups": [
                {
                    "group": name,
                    "contribution": number(moved),
                    "alone": number(explanation.alone[name]),
                    "last": number(explanation.last[name]),
                    "difference": explanation.differences[name],
                    "correlations": list(explanation.correlations.get(name, ())),
                }
                for name, moved in explanation.contributions.items()
            ],
        },
    )
