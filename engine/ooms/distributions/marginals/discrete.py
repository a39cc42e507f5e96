"""Discrete distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, override

import numpy as np

from ooms.distributions.marginals.atoms import Atoms
from ooms.distributions.marginals.checks import Found, shares, weight_problems
from ooms.distributions.marginals.words import written
from ooms.distributions.normal import Floats

__all__ = ["Discrete"]


@dataclass(frozen=True)
class Discrete(Atoms):
    """Discrete distribution: finitely many values, each with a probability proportional to its weight.

    Parameters
    ----------
    values : sequence of float
        Distinct values, in any order.
    weights : sequence of float
        As many weights, none negative; they are divided by their sum.

    Examples
    --------
    >>> Discrete([1, 5], [3, 1]).ppf(np.array([0.7, 0.8])).tolist()
    [1.0, 5.0]
    """

    family = "discrete"
    example: ClassVar[Mapping[str, object]] = {"distribution": "discrete", "values": [1, 5], "weights": [0.75, 0.25]}

    values: tuple[float, ...]
    weights: tuple[float, ...]

    @override
    def _problems(self) -> list[Found]:
        found = weight_problems(self.weights, len(self.values), "values")
        repeated = sorted({value for value in self.values if self.values.count(value) > 1})
        if repeated:
            what = f"values holds {', '.join(map(written, repeated))} more than once"
            found.append(("values", what, "give each value once, with the sum of its weights"))
        return found

    @override
    def atoms(self) -> tuple[Floats, Floats]:
        values, masses = np.array(self.values), shares(self.weights)
        kept = np.flatnonzero(masses)
        order = kept[np.argsort(values[kept])]
        return values[order], masses[order]
