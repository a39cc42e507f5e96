"""The arithmetic of pooling: means of probabilities, and errors of anything made from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.results.credence import Estimate, jackknifed

__all__ = ["METHODS", "Method", "jackknife", "linear", "logarithmic"]

Floats = NDArray[np.float64]


def linear(probabilities: ArrayLike, weights: ArrayLike) -> float:
    r"""Probability of an event in the linear pool: the weighted arithmetic mean.

    .. math:: p = \sum_i w_i p_i

    Parameters
    ----------
    probabilities, weights : array_like
        One for each view; weights add up to 1.

    Source
    ------
    Stone, M. (1961). The opinion pool. Annals of Mathematical Statistics 32, 1339-1342.

    Examples
    --------
    >>> round(linear([0.1, 0.5], [0.75, 0.25]), 3)
    0.2
    """
    return float(np.asarray(weights, dtype=float) @ np.asarray(probabilities, dtype=float))


def logarithmic(probabilities: ArrayLike, weights: ArrayLike) -> float:
    r"""Probability of an event in the logarithmic pool: log odds are averaged.

    .. math:: p = \frac{\prod_i p_i^{w_i}}{\prod_i p_i^{w_i} + \prod_i (1-p_i)^{w_i}}

    Externally Bayesian: evidence that all views read alike may come before the pooling or after it. A view that says 0
    or 1 decides alone (it has a veto).

    Parameters
    ----------
    probabilities, weights : array_like
        One for each view; weights add up to 1. A view with weight 0 has no veto.

    Returns
    -------
    float
        NaN if one view says 0 and another 1: their pool does not exist.

    Source
    ------
    Genest, C. (1984). A characterization theorem for externally Bayesian groups. Annals of Statistics 12, 1100-1105.

    Examples
    --------
    >>> round(logarithmic([0.1, 0.5], [0.5, 0.5]), 3), logarithmic([0.0, 0.5], [0.5, 0.5])
    (0.25, 0.0)
    """
    w = np.asarray(weights, dtype=float)
    p, w = np.asarray(probabilities, dtype=float)[w > 0], w[w > 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = float(w @ (np.log(p) - np.log1p(-p)))
    if math.isnan(log_odds):
        return math.nan
    return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700 else math.exp(log_odds)


Method = Literal["linear", "logarithmic"]

METHODS: Mapping[Method, Callable[[Floats, Floats], float]] = {"linear": linear, "logarithmic": logarithmic}


def jackknife(by_randomisation: Floats, number: Callable[[Floats], float]) -> Estimate:
    """A number made from means over independent randomisations, and its standard error.

    The error is from leaving out one randomisation at a time. For sums of means it is the usual one, from the spread
    of the randomisations; elsewhere it is the error of the number as it is, made from all draws, which numbers made
    from a sixteenth of them would not be (a rare event is in some of these never seen, and that is no veto).

    Parameters
    ----------
    by_randomisation : array, shape (means, randomisations)
        What is averaged.
    number : callable
        From the means to the number.

    Source
    ------
    Efron, B. and Stein, C. (1981). The jackknife estimate of variance. Annals of Statistics 9, 586-596.

    Examples
    --------
    >>> from ooms.results.credence import estimate
    >>> values = np.array([[0.1, 0.2, 0.4, 0.2]])
    >>> both = jackknife(values, lambda mean: float(mean[0])), estimate(values[0])
    >>> np.allclose(*both)
    True
    """
    count = by_randomisation.shape[1]
    others = [np.delete(by_randomisation, r, axis=1).mean(axis=1) for r in range(count)]
    return jackknifed(number(by_randomisation.mean(axis=1)), [number(means) for means in others])
