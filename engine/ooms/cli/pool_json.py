"""A pool as JSON, for programs; null stands for what does not exist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ooms.cli.pool_tables import probability
from ooms.comparing.pools.pooling import METHODS
from ooms.outcomes import parse_quantity
from ooms.problems import UserError
from ooms.results.plain import json_text, number, quantity_entry

if TYPE_CHECKING:
    from ooms.comparing.pools.pooling import Pool
    from ooms.results.credence import Estimate

__all__ = ["as_json"]


def as_json(pool: Pool) -> str:
    """Views, weights, events and quantities."""
    return json_text(
        "pool",
        {
            "method": pool.method,
            "views": [{"view": name, "weight": weight} for name, weight in pool.weights.items()],
            "weighting": pool.weighting,
            "draws": pool.draws,
            "seed": pool.seed,
            "warnings": [f"{name}: {text}" for name, one in pool.forecasts.items() for text in one.view.warnings],
            "events": [_event_entry(pool, event) for event in pool.events],
            "quantities": [_quantity_entry(pool, name) for name in pool.quantities],
        },
    )


def _event_entry(pool: Pool, event: str) -> dict[str, Any]:
    left = pool.leave_one_out(event)
    spread = pool.with_method("linear").spread(event)
    return {
        "event": event,
        **{method: _existing(probability(pool, method, event)) for method in METHODS},
        "views": [
            {
                "view": name,
                "probability": number(forecast.probability(event)),
                "pool_without_it": number(left[name].probability) if name in left else None,
                "change": number(left[name].change) if name in left else None,
            }
            for name, forecast in pool.forecasts.items()
        ],
        "vetoes": list(pool.with_method("logarithmic").vetoes(event)),
        "spread": {
            "variance": number(spread.total),
            "between": number(spread.between),
            "within": number(spread.within),
            "share_between": number(spread.share_between),
        },
    }


def _existing(estimate: Estimate) -> dict[str, Any] | None:
    """A number, or nothing for a logarithmic pool of views that rule one another out."""
    return number(estimate) if math.isfinite(estimate.value) else None


def _quantity_entry(pool: Pool, name: str) -> dict[str, Any]:
    unit = parse_quantity(name).unit
    try:
        return quantity_entry(name, unit, pool.sketch(name))
    except UserError:
        return quantity_entry(name, unit, None)
