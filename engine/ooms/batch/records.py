"""A finished cell as plain data, and back: what it was worked out from, what came of it, where and when."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ooms.batch.addresses import LEVELS, Asked
from ooms.batch.work import Summary
from ooms.beliefs.draws import RANDOMISATIONS
from ooms.outcomes import CODES, parse_quantity

__all__ = ["is_record", "record", "summary_of"]


def record(
    name: str, inputs: Mapping[str, Any], asked: Asked, summary: Summary, beside: Mapping[str, Any]
) -> dict[str, Any]:
    """A cell's attributes: inputs and results in words that read on their own.

    Parameters
    ----------
    name : str
        The cell, as its study calls it.
    inputs : mapping
        What it was worked out from (`ooms.batch.addresses.content`).
    asked : Asked
        What was worked out.
    summary : Summary
        What came of it.
    beside : mapping
        Where, when and how it was worked out.
    """
    events = {
        event: {
            "probability": _plain(summary.probability[k, 0]),
            "standard_error": _plain(summary.probability[k, 1]),
            "by_randomisation": _plain(summary.by_randomisation[k]),
            "share": dict(zip(CODES, _plain(summary.share[k]), strict=True)),
        }
        for k, event in enumerate(asked.events)
    }
    quantities = {
        quantity: {
            "unit": parse_quantity(quantity).unit,
            "quantile": _plain(summary.quantile[k, :, 0]),
            "standard_error": _plain(summary.quantile[k, :, 1]),
            "never": _plain(summary.never[k, 0]),
            "never_error": _plain(summary.never[k, 1]),
        }
        for k, quantity in enumerate(asked.quantities)
    }
    results = {"events": events, "quantities": quantities, "levels": list(LEVELS)}
    return {"title": f"ooms batch cell: {name}", "results": results, "inputs": dict(inputs), **beside}


def is_record(attributes: Mapping[str, Any]) -> bool:
    """Whether a cell's attributes say, in this form, what it was worked out from and what came of it."""
    try:
        inputs = attributes["inputs"]
        summary_of(attributes, Asked(inputs["events"], inputs["quantities"], 0, 0))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return isinstance(attributes.get("draws_kept"), bool)


def summary_of(attributes: Mapping[str, Any], asked: Asked) -> Summary:
    """What came of a cell, in the order in which a study asks.

    Examples
    --------
    >>> asked = Asked((), (), 256, 0)
    >>> summary_of(record("nothing", {}, asked, summary_of({"results": {"events": {}, "quantities": {}}}, asked), {}),
    ...            asked).never.shape
    (0, 2)
    """
    results = attributes["results"]
    events = [results["events"][event] for event in asked.events]
    quantities = [results["quantities"][quantity] for quantity in asked.quantities]
    quantiles = [[q["quantile"], q["standard_error"]] for q in quantities]
    return Summary(
        probability=_numbers([[e["probability"], e["standard_error"]] for e in events]).reshape(-1, 2),
        by_randomisation=_numbers([e["by_randomisation"] for e in events]).reshape(-1, RANDOMISATIONS),
        share=_numbers([[*e["share"].values()] for e in events]).reshape(-1, len(CODES)),
        quantile=np.moveaxis(_numbers(quantiles).reshape(-1, 2, len(LEVELS)), 1, 2),
        never=_numbers([[q["never"], q["never_error"]] for q in quantities]).reshape(-1, 2),
    )


def _plain(value: NDArray[np.float64] | np.float64) -> Any:
    """Numbers as JSON has them: what is not finite in words that are read back."""
    if not isinstance(value, np.ndarray):
        return _word(float(value))
    return value.tolist() if np.isfinite(value).all() else [_word(number) for number in value.ravel().tolist()]


def _word(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)  # which reads "Infinity" too
