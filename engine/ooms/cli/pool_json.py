"""A pool as JSON, for programs; null stands for infinite, or for what does not exist."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ooms.cli.pool_tables import probability
from ooms.comparing.pools.pooling import METHODS
from ooms.outcomes import parse_quantity
from ooms.problems import UserError
from ooms.results.credence import LEVELS, Estimate
from ooms.results.numbers import finite

if TYPE_CHECKING:
    from ooms.comparing.pools.pooling import Pool

__all__ = ["as_json"]


def as_json(pool: Pool) -> str:
    """Views, weights, events and quantities; null stands for infinite, or for what does not exist."""
    return json.dumps(
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
        indent=2,
        allow_nan=False,
    )


def _event_entry(pool: Pool, event: str) -> dict[str, Any]:
    left = pool.leave_one_out(event)
    spread = pool.with_method("linear").spread(event)
    return {
        "event": event,
        **{method: _entry(probability(pool, method, event)) for method in METHODS},
        "views": [
            {
                "view": name,
                **_entry(forecast.probability(event)),
                "pool_without_it": _entry(left[name].probability) if name in left else None,
                "change": _entry(left[name].change, "value") if name in left else None,
            }
            for name, forecast in pool.forecasts.items()
        ],
        "vetoes": list(pool.with_method("logarithmic").vetoes(event)),
        "spread": {
            "variance": _entry(spread.total, "value"),
            "between": _entry(spread.between, "value"),
            "within": _entry(spread.within, "value"),
            "share_between": _entry(spread.share_between, "value"),
        },
    }


def _quantity_entry(pool: Pool, name: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "unit": parse_quantity(name).unit}
    try:
        sketch = pool.sketch(name)
    except UserError:
        return entry | {"never": None, "quantiles": None}
    quantiles = {f"{q:g}": finite(sketch.quantile(q).value) for q in LEVELS}
    return entry | {"never": sketch.never.value, "quantiles": quantiles}


def _entry(estimate: Estimate, name: str = "probability") -> dict[str, float | None]:
    return {name: finite(estimate.value), "standard_error": finite(estimate.standard_error)}
