"""What a cell's numbers follow from, and the address made of it: the same inputs, the same address, anywhere.

Titles, sources and notes are no inputs. Two cells with the same address have the same numbers, draw by draw; and an
address is the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np

from ooms.beliefs.options import SWITCHES
from ooms.beliefs.resources import equipped
from ooms.beliefs.view import Belief, View
from ooms.distributions.marginals import Empirical, Marginal
from ooms.forecasting import NUMBERS
from ooms.outcomes import parse_quantity

__all__ = ["LEVELS", "Question", "address", "bare", "content"]

LEVELS = (0.001, 0.005, 0.01, 0.02, 0.025, *(k / 100 for k in range(3, 98)), 0.975, 0.98, 0.99, 0.995, 0.999)
"""Cumulative probabilities at which a cell keeps quantiles: fine enough to put cells together afterwards."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every cell of a study: outcomes, from how many draws, and which randomisations."""

    events: tuple[str, ...]
    quantities: tuple[str, ...]
    draws: int
    seed: int


def bare(view: View, quantities: Sequence[str]) -> View:
    """The view with what its numbers follow from and nothing else: small, and ready to be sent to another process.

    Shipped beliefs that a quantity needs and the view does not mention are in it.
    """
    needs = {name for quantity in quantities for name in parse_quantity(quantity).needs}
    whole = equipped(view, needs)
    beliefs = {name: Belief(b.marginal, "", joint=b.joint) for name, b in sorted(whole.beliefs.items())}
    switches = {name: getattr(view, name) for name in SWITCHES}
    correlations = tuple(sorted(view.correlations))
    return View(view.name, beliefs, correlations=correlations, references={}, options={}, **switches)


def content(view: View, question: Question) -> dict[str, Any]:
    """Everything that a cell's numbers follow from, as plain data; of a view as `bare` leaves it."""
    return {
        "beliefs": {name: _distribution(belief) for name, belief in view.beliefs.items()},
        "correlations": [list(pair) for pair in view.correlations],
        **{name: getattr(view, name) for name in SWITCHES},
        "events": sorted(question.events),
        "quantities": sorted(question.quantities),
        "draws": question.draws,
        "seed": question.seed,
        "levels": len(LEVELS),
        "numbers": NUMBERS,
    }


def address(inputs: Mapping[str, Any]) -> str:
    """Where a cell with these inputs is: the SHA-256 of them, its first 32 digits.

    Examples
    --------
    >>> address({"draws": 256, "seed": 0}) == address({"seed": 0, "draws": 256}), address({"draws": 256})
    (True, 'e0bf9613705a1b1ad78ddc45a9a1828f')
    """
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), allow_nan=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _distribution(belief: Belief) -> list[Any]:
    """The family and its parameters; joint draws by their number and digest, for they are many."""
    marginal = belief.marginal
    if isinstance(marginal, Empirical) and belief.joint is not None:
        return ["joint draws", len(marginal.values), _digest(marginal)]
    return _parameters(marginal)


def _parameters(value: Any) -> Any:
    if isinstance(value, Marginal):
        keys = type(value).keys()  # a method, not a mapping's
        # quantiles as they were given: what was fitted to them differs in its last bits between processors
        stated = value.given or [(key, getattr(value, key)) for key in keys]
        return [value.family, {key: _parameters(inner) for key, inner in stated}]
    return [_parameters(inner) for inner in cast("tuple[object, ...]", value)] if isinstance(value, tuple) else value


@lru_cache(maxsize=256)
def _digest(marginal: Empirical) -> str:
    return hashlib.sha256(np.asarray(marginal.values, dtype="<f8").tobytes()).hexdigest()
