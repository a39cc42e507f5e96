"""Results in plain form, for JSON: one naming for all commands.

A number with its error is ``{"value": 0.32, "standard_error": 0.0001}``. As a value null stands for infinite (never,
unlimited, no end), as an error for one that draws cannot tell. `SCHEMA` says what each command writes.
"""

from __future__ import annotations

import importlib.resources
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ooms.results.credence import LEVELS

if TYPE_CHECKING:
    from ooms.results.credence import Distribution, Estimate

__all__ = ["as_json", "event_entry", "finite", "number", "quantity_entry", "result", "schema"]


def finite(value: float) -> float | None:
    """The number for JSON, which has none for what is infinite or unknown: null."""
    return value if math.isfinite(value) else None


def number(estimate: Estimate) -> dict[str, float | None]:
    """A number and its standard error.

    Examples
    --------
    >>> from ooms.results.credence import Estimate
    >>> number(Estimate(0.25, 0.01)), number(Estimate(math.inf, math.nan))
    ({'value': 0.25, 'standard_error': 0.01}, {'value': None, 'standard_error': None})
    """
    return {"value": finite(estimate.value), "standard_error": finite(estimate.standard_error)}


def event_entry(event: str, probability: Estimate) -> dict[str, Any]:
    """An event and its probability."""
    return {"event": event, "probability": number(probability)}


def quantity_entry(name: str, unit: str, distribution: Distribution | None) -> dict[str, Any]:
    """A quantity: the share of draws in which it is infinite, and quantiles; null for one that does not exist."""
    entry: dict[str, Any] = {"quantity": name, "unit": unit, "never": None, "quantiles": None}
    if distribution is None:
        return entry
    quantiles = {f"{level:g}": number(distribution.quantile(level)) for level in LEVELS}
    return entry | {"never": number(distribution.never), "quantiles": quantiles}


def result(kind: str, **content: Any) -> dict[str, Any]:
    """A result in plain form, with what it is and the version of `ooms` that worked it out."""
    from ooms import __version__

    return {"kind": kind, "ooms": __version__, **content}


def as_json(plain: Mapping[str, Any] | Sequence[Any]) -> str:
    """A plain form as JSON."""
    return json.dumps(plain, indent=2, allow_nan=False)


def schema() -> dict[str, Any]:
    """What ``--json`` writes, as JSON Schema (draft 2020-12): one for all commands, told apart by `kind`.

    Examples
    --------
    >>> sorted(schema()["$defs"]["forecast"]["required"])[:3]
    ['draws', 'events', 'kind']
    """
    return json.loads((importlib.resources.files(__package__) / "results.schema.json").read_text(encoding="utf-8"))
