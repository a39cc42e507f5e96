"""The normal distribution, on NumPy arrays and on PyTensor variables alike."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ooms.distributions.normal import ndtr
from ooms.model.arrays import is_symbolic, namespace

__all__ = ["log_normal_interval", "normal_cdf", "normal_logpdf"]

_ROOT2 = math.sqrt(2.0)
_LEAST = 1e-300
"""Keeps the logarithm finite, and its slope 0, where an interval lies 37 standard deviations out and more."""
_ENDLESS = 40.0
"""Stands for an infinite end: the distribution function is 0 or 1 to the last bit there, and its slope is no NaN."""


def normal_cdf(x: Any) -> Any:
    """Standard normal distribution function, exact to rounding in the left tail."""
    return 0.5 * namespace(x).erfc(-x / _ROOT2) if is_symbolic(x) else ndtr(x)


def normal_logpdf(x: Any) -> Any:
    """Log of the standard normal density."""
    return -0.5 * x * x - 0.5 * math.log(2.0 * math.pi)


def log_normal_interval(low: Any, high: Any) -> Any:
    r"""Log probability that a standard normal variable lies between `low` and `high`, elementwise.

    .. math:: \ln\bigl( \Phi(h) - \Phi(l) \bigr)

    Intervals in the right half are mirrored into the left, where the distribution function has no cancellation.

    Parameters
    ----------
    low, high : array or symbolic array
        Ends, low < high; -inf and +inf are allowed.

    Examples
    --------
    >>> log_normal_interval(np.array([-np.inf, 8.0]), np.array([0.0, 9.0])).round(4).tolist()
    [-0.6931, -35.0136]
    """
    xp = namespace(low, high)
    low, high = (xp.clip(end, -_ENDLESS, _ENDLESS) for end in (low, high))
    mirror = low + high > 0
    left, right = xp.where(mirror, -high, low), xp.where(mirror, -low, high)
    return np.log(normal_cdf(right) - normal_cdf(left) + _LEAST)
