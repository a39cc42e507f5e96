"""Numbers that a distribution reaches, read off its table even where something else in it is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import cast

from ooms.distributions.marginals.words import read_quantile_key
from ooms.parameters import Parameter

__all__ = ["outside"]

_ENDS = frozenset({"low", "high", "lower", "upper", "mode"})
"""Keys of what may touch an open end of a domain, for there need be no draws there."""

_REACHED = _ENDS | {"value", "values", "components", "interval"}
"""Keys of what is in the support of a distribution, whatever family it is of; so are quantiles."""


def outside(table: Mapping[str, object], place: str, parameter: Parameter) -> Iterator[tuple[str, float]]:
    """Places and values of the numbers in a table that its distribution reaches and a parameter's domain does not hold.

    Examples
    --------
    >>> from ooms.parameters import known
    >>> table = {"distribution": "discrete", "values": [1, 2, -3], "weights": [1, "x"]}
    >>> list(outside(table, "here", known("speed")))
    [('here.values[2]', -3)]
    """
    weights = table.get("weights")
    weightless = [weight == 0 for weight in cast("list[object]", weights)] if isinstance(weights, list) else []
    for key, given in table.items():
        if key not in _REACHED and read_quantile_key(key) is None:
            continue
        listed = isinstance(given, list | tuple)
        for i, item in enumerate(cast("list[object]", given) if listed else [given]):
            at = f"{place}.{key}[{i}]" if listed else f"{place}.{key}"
            if listed and any(weightless[i : i + 1]):
                continue
            if isinstance(item, Mapping):
                yield from outside(cast("Mapping[str, object]", item), at, parameter)
            elif not isinstance(item, int | float) or not abs(item) < math.inf:
                continue
            elif not parameter.holds(item, item) or (key not in _ENDS and _is_open(parameter, item)):
                yield at, item


def _is_open(parameter: Parameter, value: float) -> bool:
    """Whether a value is an open end of the domain."""
    return (parameter.open_low and value == parameter.low) or (parameter.open_high and value == parameter.high)
