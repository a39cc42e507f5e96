r"""Whether ranks are uniform: a simultaneous test of their distribution function over the whole grid of ranks.

Under a right model the number of ranks below each point of the grid is binomial. The statistic is the least two-sided
tail probability of all of them,

.. math::
    \gamma = 2 \min_i \min\bigl( P(\mathrm{Bin}(N, z_i) \le R_i),\ P(\mathrm{Bin}(N, z_i) \ge R_i) \bigr)

with z_i = i / K for K possible ranks and R_i the ranks below i. Its distribution is worked out exactly: the counts
R_1, R_2, ... are a Markov chain, those of a Poisson process of which the end is known.

Source
------
Saeilynoja, T., Buerkner, P.-C. and Vehtari, A. (2022). Graphical test for discrete uniformity and its applications in
goodness-of-fit evaluation and multiple sample comparison. Statistics and Computing 32, 32.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["p_values"]

Floats = NDArray[np.float64]

_EQUAL = 1.0 + 1e-9
"""Tail probabilities that are the same by symmetry, but for rounding, count as equal."""


def p_values(ranks: NDArray[np.intp], possible: int) -> Floats:
    """Chances that uniform ranks are as far from uniform as these, one for each row.

    Parameters
    ----------
    ranks : array, shape (quantities, simulations)
        Whole numbers from 0 to `possible` - 1.
    possible : int
        How many different ranks there could be.

    Examples
    --------
    >>> even, low = np.arange(100) % 20, np.arange(100) % 14
    >>> p_values(np.stack([even, low]), 20).round(4).tolist()
    [1.0, 0.0]
    """
    quantities, simulations = ranks.shape
    if not quantities:
        return np.zeros(0)
    tails = _tails(simulations, possible)
    counts = np.stack([np.bincount(row, minlength=possible) for row in ranks])
    below = np.cumsum(counts, axis=1)[:, :-1]
    gamma = tails[np.arange(possible - 1), below].min(axis=1)
    return _chances(gamma, tails)


def _tails(simulations: int, possible: int) -> Floats:
    """Two-sided tail probability of every count at every point of the grid, shape (possible - 1, simulations + 1)."""
    counts = np.arange(simulations + 1)
    z = np.arange(1, possible)[:, None] / possible
    log_ways = _log_factorials(simulations)
    log_ways = log_ways[-1] - log_ways - log_ways[::-1]
    chance = np.exp(log_ways + counts * np.log(z) + counts[::-1] * np.log1p(-z))
    at_most, at_least = np.cumsum(chance, axis=1), np.cumsum(chance[:, ::-1], axis=1)[:, ::-1]
    return 2.0 * np.minimum(at_most, at_least)


def _chances(gamma: Floats, tails: Floats) -> Floats:
    """Probability that the least tail probability of uniform ranks is `gamma` or less, for each of several."""
    steps, simulations = len(tails) + 1, tails.shape[1] - 1
    # counts of a Poisson process, N / K a step, are those of N uniform ranks once their total is known to be N: a count
    # moves by independent Poisson steps, and all is divided by the chance of that total at the end.
    step = _poisson(simulations / steps, simulations)
    move = np.stack([np.concatenate([np.zeros(k), step[: simulations + 1 - k]]) for k in range(simulations + 1)])
    inside = np.zeros((len(gamma), simulations + 1))
    inside[:, 0] = 1.0
    escaped = np.zeros(len(gamma))
    for done, tail in enumerate(tails, start=1):
        inside = inside @ move
        out = tail <= gamma[:, None] * _EQUAL
        # what leaves the band is counted where it leaves, with its chance to end where all paths do
        rest = _poisson(simulations * (steps - done) / steps, simulations)[::-1]
        escaped += np.where(out, inside, 0.0) @ rest
        inside[out] = 0.0
    return np.minimum(escaped / _poisson(simulations, simulations)[-1], 1.0)


def _poisson(mean: float, most: int) -> Floats:
    """Poisson probabilities of 0, 1, ..., `most`."""
    return np.exp(np.arange(most + 1) * np.log(mean) - mean - _log_factorials(most))


def _log_factorials(most: int) -> Floats:
    """Logs of 0!, 1!, ..., `most`!."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
