"""The forecast as JSON, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ooms.results.credence import LEVELS
from ooms.results.numbers import finite

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["as_json"]


def as_json(forecast: Forecast) -> str:
    """View, draws, seed, events and quantities; null stands for infinite: never, or further than draws are followed."""
    return json.dumps(
        {
            "view": forecast.view.name,
            "draws": forecast.draws,
            "seed": forecast.seed,
            "warnings": list(forecast.view.warnings),
            "events": [
                {"event": name, "probability": r.probability.value, "standard_error": r.probability.standard_error}
                for name, r in forecast.events.items()
            ],
            "quantities": [
                {
                    "name": name,
                    "unit": quantity.unit,
                    "never": sketch.never.value,
                    "quantiles": {f"{q:g}": finite(sketch.quantile(q).value) for q in LEVELS},
                }
                for name, (quantity, sketch) in forecast.quantities.items()
            ],
        },
        indent=2,
        allow_nan=False,
    )
