"""The forecast as JSON, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ooms.results.plain import event_entry, json_text, quantity_entry

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["as_json"]


def as_json(forecast: Forecast) -> str:
    """View, draws, seed, events and quantities."""
    return json_text(
        "forecast",
        {
            "view": forecast.view.name,
            "draws": forecast.draws,
            "seed": forecast.seed,
            "warnings": list(forecast.view.warnings),
            "events": [event_entry(name, result.probability) for name, result in forecast.events.items()],
            "quantities": [
                quantity_entry(name, quantity.unit, sketch) for name, (quantity, sketch) in forecast.quantities.items()
            ],
        },
    )
