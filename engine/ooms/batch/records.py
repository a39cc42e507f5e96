"""What a finished cell comes to, as arrays; and the cell as plain data, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.batch.addresses import LEVELS, Question
from ooms.beliefs.draws import RANDOMISATIONS
from ooms.outcomes import CODES, parse_quantity

__all__ = ["Summary", "is_record", "record", "summary_of"]

type Floats = NDArray[np.float64]

_OF_EVENTS = ((2,), (RANDOMISATIONS,), (len(CODES),))
_OF_QUANTITIES = ((len(LEVELS), 2), (2,))


class Summary(NamedTuple):
    """What a cell comes to; or several cells, along a first axis."""

    probability: Floats  # of each event, and its standard error
    by_randomisation: Floats  # the same in each randomisation
    share: Floats  # of draws, by how they end
    quantile: Floats  # of each quantity at `LEVELS`, and their standard errors
    never: Floats  # share of each quantity that is infinite, and its standard error

    @classmethod
    def of(cls, *values: Iterable[Any]) -> Summary:
        """The summary of one cell, from lists by event and by quantity, which may be empty."""
        shapes = (*_OF_EVENTS, *_OF_QUANTITIES)
        arrays = (np.array([*each], dtype=np.float64) for each in values)  # which reads "Infinity" too
        return cls(*(array.reshape(-1, *shape) for array, shape in zip(arrays, shapes, strict=True)))

    @classmethod
    def unknown(cls, cells: int, question: Question) -> Summary:
        """Of cells that nothing is known of yet."""
        events, quantities = len(question.events), len(question.quantities)
        shapes = [*((events, *shape) for shape in _OF_EVENTS), *((quantities, *shape) for shape in _OF_QUANTITIES)]
        return cls(*(np.full((cells, *shape), np.nan) for shape in shapes))


def record(
    name: str, inputs: Mapping[str, Any], question: Question, summary: Summary, circumstances: Mapping[str, Any]
) -> dict[str, Any]:
    """A cell's attributes: inputs (`ooms.batch.addresses.content`) and results in words that read on their own.

    `circumstances` are where, when and how it was worked out.
    """
    events = {
        event: {
            "probability": _plain(summary.probability[k, 0]),
            "standard_error": _plain(summary.probability[k, 1]),
            "by_randomisation": _plain(summary.by_randomisation[k]),
            "share": dict(zip(CODES, _plain(summary.share[k]), strict=True)),
        }
        for k, event in enumerate(question.events)
    }
    quantities = {
        quantity: {
            "unit": parse_quantity(quantity).unit,
            "quantile": _plain(summary.quantile[k, :, 0]),
            "standard_error": _plain(summary.quantile[k, :, 1]),
            "never": _plain(summary.never[k, 0]),
            "never_error": _plain(summary.never[k, 1]),
        }
        for k, quantity in enumerate(question.quantities)
    }
    results = {"events": events, "quantities": quantities, "levels": list(LEVELS)}
    return {"title": f"ooms batch cell: {name}", "results": results, "inputs": dict(inputs), **circumstances}


def is_record(attributes: Mapping[str, Any]) -> bool:
    """Whether a cell's attributes say, in this form, what it was worked out from and what came of it."""
    try:
        inputs = attributes["inputs"]
        summary_of(attributes, Question(inputs["events"], inputs["quantities"], 0, 0))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return isinstance(attributes.get("draws_kept"), bool)


def summary_of(attributes: Mapping[str, Any], question: Question) -> Summary:
    """What came of a cell, in the order in which a study asks.

    Examples
    --------
    >>> question = Question((), (), 256, 0)
    >>> summary_of(record("nothing", {}, question, Summary.of([], [], [], [], []), {}), question).never.shape
    (0, 2)
    """
    results = attributes["results"]
    events = [results["events"][event] for event in question.events]
    quantities = [results["quantities"][quantity] for quantity in question.quantities]
    return Summary.of(
        ([e["probability"], e["standard_error"]] for e in events),
        (e["by_randomisation"] for e in events),
        ([*e["share"].values()] for e in events),
        (np.array([q["quantile"], q["standard_error"]], dtype=np.float64).T for q in quantities),
        ([q["never"], q["never_error"]] for q in quantities),
    )


def _plain(value: Floats | np.float64) -> Any:
    """Numbers as JSON has them: what is not finite in words that are read back."""
    if not isinstance(value, np.ndarray):
        return _word(float(value))
    return value.tolist() if np.isfinite(value).all() else [_word(number) for number in value.ravel().tolist()]


def _word(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
