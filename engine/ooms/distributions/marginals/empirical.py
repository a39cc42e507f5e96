"""Empirical distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.distributions.marginals.atoms import Atoms
from ooms.distributions.marginals.checks import Found
from ooms.distributions.normal import Floats

__all__ = ["Empirical"]


@dataclass(frozen=True)
class Empirical(Atoms):
    """Empirical distribution: draws given one by one, all equally likely.

    `ppf` inverts the empirical distribution function, so it uses the values in increasing order. Parameters that were
    drawn jointly must share a row instead: take one `row` index for all of them and look it up in their `values`, which
    keep the order in which they were given.

    Parameters
    ----------
    values : sequence of float
        The draws, in row order.

    Examples
    --------
    >>> draws = Empirical([3, 1, 2, 2])
    >>> draws.ppf(np.array([0.25, 0.3])).tolist(), [draws.values[i] for i in draws.row(np.array([0.1, 0.3]))]
    ([1.0, 2.0], [3.0, 1.0])
    """

    family = "empirical"
    example: ClassVar[Mapping[str, object]] = {"distribution": "empirical", "values": [3, 1, 2, 2]}

    values: tuple[float, ...]

    def row(self, u: float | Floats) -> NDArray[np.intp]:
        """Index of the row that a uniform number picks: ``floor(u n)``."""
        rows = np.floor(np.asarray(u, dtype=np.float64) * len(self.values))
        return np.clip(rows, 0, len(self.values) - 1).astype(np.intp)

    @override
    def _problems(self) -> list[Found]:
        return [] if self.values else [("values", "values is empty", "give at least one value")]

    @override
    def atoms(self) -> tuple[Floats, Floats]:
        values, counts = np.unique(np.array(self.values), return_counts=True)
        return values, counts / len(self.values)
