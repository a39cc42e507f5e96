"""Importance weights: what stored draws say under another prior, or with other weights of surveys.

Source
------
Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024). Pareto smoothed importance sampling. Journal of
Machine Learning Research 25(72), 1-58.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import RANDOMISATIONS
from ooms.results.credence import Estimate

__all__ = ["FEWEST", "Weights", "weigh"]

Floats = NDArray[np.float64]

FEWEST = 200.0
"""Effective draws below which reweighting is refused: an error of a probability of up to 3.5 points."""

_MOST_K = 0.7
"""Pareto shape above which importance sampling converges too slowly to be of use (Vehtari et al., section 2.4)."""


@dataclass(frozen=True)
class Weights:
    """Weights of draws, and whether they can be relied on.

    Parameters
    ----------
    weights : array, shape (draws,)
        Adding up to 1, in the order of the draws: all of the first chain, then the second.
    pareto_k : float
        Shape of the tail of the weights: the larger, the more rests on few draws.
    relative_efficiency : float
        As many independent draws say as much as one of these.
    """

    weights: Floats
    pareto_k: float
    relative_efficiency: float = 1.0

    @cached_property
    def effective(self) -> float:
        """As many independent draws would say as much: `relative_efficiency` over the sum of squared weights."""
        return float(self.relative_efficiency / np.sum(self.weights**2))

    @property
    def limit(self) -> float:
        """Greatest Pareto k that so many draws can bear: min(1 - 1/log10(draws), 0.7)."""
        return min(1.0 - 1.0 / math.log10(len(self.weights)), _MOST_K)

    @property
    def refusal(self) -> str:
        """Why these weights cannot be used; nothing if they can."""
        if not self.pareto_k < self.limit:
            k, limit = f"{self.pareto_k:.2g}", f"{self.limit:.2g}"
            return f"the change rests on few of the stored draws: Pareto k is {k}, not below {limit}"
        if not self.effective > FEWEST:
            left, draws = f"{self.effective:.0f}", len(self.weights)
            return f"only {left} effective draws are left of {draws}, not more than {FEWEST:g}"
        return ""

    def mean(self, values: Floats) -> Estimate:
        """Weighted mean of a value of each draw (shape (draws,), in their order), and its standard error."""
        mean = float(np.sum(self.weights * values))
        return Estimate(mean, self._error(self.weights * (values - mean)))

    def change(self, values: Floats) -> Estimate:
        """By how much the weights move the mean of a value of each draw, and the standard error of that."""
        old, new = float(np.mean(values)), float(np.sum(self.weights * values))
        return Estimate(new - old, self._error(self.weights * (values - new) - (values - old) / len(values)))

    def _error(self, influence: Floats) -> float:
        """Standard error from the influence of each draw, w_i (x_i - mean): the delta method for a ratio of means."""
        return float(np.sqrt(np.sum(influence**2) / self.relative_efficiency))

    def rows(self, count: int) -> NDArray[np.intp]:
        """Indices of `count` draws in which each draw is there as often as its weight says, rounded up or down.

        They come in the order of the draws, cut into pieces as `ooms.calibrating.posterior.thinned` has them.
        """
        edges: Any = np.cumsum(self.weights)
        levels = (np.arange(count) + 0.5) / count * edges[-1]
        picked: NDArray[np.intp] = np.minimum(edges.searchsorted(levels), len(self.weights) - 1)
        if count % RANDOMISATIONS:
            return picked
        return np.swapaxes(picked.reshape(RANDOMISATIONS, -1), 0, 1).reshape(-1)


def weigh(log_ratios: Floats, relative_efficiency: float = 1.0) -> Weights:
    """Pareto-smoothed weights from the logs of new over old density of each draw.

    Parameters
    ----------
    log_ratios : array, shape (draws,)
        Up to a constant.
    relative_efficiency : float
        As many independent draws say as much as one of these.

    Examples
    --------
    Draws that are no longer possible count for nothing; where nothing changes, all count the same:

    >>> bool(np.all(weigh(np.where(np.arange(1000) < 500, -np.inf, 0.0)).weights[:500] == 0))
    True
    >>> float(round(weigh(np.zeros(1000)).effective, 6))
    1000.0
    """
    ratios = np.asarray(log_ratios, dtype=np.float64)
    possible = np.isfinite(ratios)
    if not possible.any():
        return Weights(np.full(len(ratios), 1.0 / len(ratios)), math.inf, relative_efficiency)
    if np.ptp(ratios[possible]) < 1e-12:  # some are ruled out and the others count the same: nothing to smooth
        return Weights(possible / possible.sum(), 0.0, relative_efficiency)
    arviz: Any = importlib.import_module("arviz_stats.base")
    # it takes the log likelihood that is to be left out, and so the negative of the ratios
    logs, k = arviz.array_stats.psislw(-ratios[possible], r_eff=relative_efficiency)
    weights = np.zeros(len(ratios))
    weights[possible] = np.exp(np.asarray(logs) - np.max(logs))
    return Weights(weights / weights.sum(), float(k), relative_efficiency)
