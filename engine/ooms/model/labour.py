"""Research labour: number, speed and skill of AI researchers (inside the bottleneck), and their taste (outside it)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.arrays import floats, namespace
from ooms.model.units import LN10, Line

__all__ = ["TOP_HUMAN_SD", "ceiling_from_taste_limit", "log_labour", "log_taste", "log_taste_slope"]

Floats = NDArray[np.float64]

_STEEPEST = 1e6
"""Rates beyond which what is missing from the ceiling of taste is gone within a millionth of an SD."""

_VAST = 690.0
"""ln of a number beyond which a higher one makes no difference and floating-point numbers end."""

TOP_HUMAN_SD = 3.090232306167813
"""Standard deviations above the median of the best of a thousand: the 99.9th percentile of a normal distribution."""


def log_labour(
    workforce: ArrayLike,
    speed: ArrayLike,
    skill: ArrayLike,
    parallelizability: ArrayLike,
    labour_per_training: ArrayLike,
) -> Line:
    r"""Log of effective research labour, in multiples of today's human lab: a straight line in software progress.

    .. math:: \ln l(x) = \lambda\,(\ln N + u x \ln 10) + \ln v + \ln q

    Parameters
    ----------
    workforce, speed, skill : array_like
        N, v and q, in multiples of today's human staff, of human speed, and of the median human researcher's skill.
    parallelizability : array_like
        lambda: returns to more parallel researchers.
    labour_per_training : array_like
        u: OOMs of labour-equivalent gain per OOM of training efficiency.

    Returns
    -------
    Line
        Value at x = 0 and slope per OOM.

    Examples
    --------
    30 copies at 30 times human speed, lambda = 0.6: the labour of 231 of today's labs.

    >>> import numpy as np
    >>> np.exp(log_labour(30.0, 30.0, 1.0, 0.6, 2.0).at(0.0)).round().item()
    231.0
    """
    lam = floats(parallelizability)
    serial = np.log(floats(speed)) + np.log(floats(skill))
    return Line(lam * np.log(floats(workforce)) + serial, lam * floats(labour_per_training) * LN10)


def log_taste(standing: ArrayLike, multiplier: ArrayLike, ceiling: ArrayLike) -> Floats:
    r"""Log of the research pace from taste (choosing experiments well), relative to a median human researcher.

    .. math:: \ln T = M \bigl( 1 - (1 - \ln m / M)^{z/z_{top}} \bigr), \qquad M = \ln C

    so that T = 1 for the median researcher (z = 0), m for the best of a thousand, and C for unlimited taste.

    Parameters
    ----------
    standing : array_like
        z, in standard deviations of human researchers.
    multiplier : array_like
        m: pace if all were as good as the best, over all median; at least 1 and below the ceiling.
    ceiling : array_like
        C.

    Examples
    --------
    >>> import numpy as np
    >>> np.exp(log_taste([0.0, TOP_HUMAN_SD, 1e3], 6.0, 1e4)).round(6).tolist()
    [1.0, 6.0, 10000.0]
    """
    top, rate = _rise(multiplier, ceiling)
    missing = rate * floats(standing)
    return -top * np.expm1(namespace(missing).minimum(missing, _VAST))  # that far down T is 0 either way


def _rise(multiplier: ArrayLike, ceiling: ArrayLike) -> tuple[Floats, Floats]:
    """Ln of the ceiling, and how fast what is missing from it shrinks, per SD; with no ceiling in sight ever so slowly.

    Where the ceiling is at the top human (as far as numbers tell) the rate would be infinite, and infinity times a
    standing of 0 no number: then it is the largest that leaves one.
    """
    top = np.log(floats(ceiling))
    part = np.log(floats(multiplier)) / top
    with np.errstate(divide="ignore"):
        rate = np.log1p(-namespace(part).minimum(part, 1.0)) / TOP_HUMAN_SD
    return top, namespace(rate).maximum(rate, -_STEEPEST)


def log_taste_slope(standing: ArrayLike, multiplier: ArrayLike, ceiling: ArrayLike) -> Floats:
    """Derivative of `log_taste` with respect to the standing, per SD."""
    top, rate = _rise(multiplier, ceiling)
    missing = rate * floats(standing)
    return -top * rate * np.exp(namespace(missing).minimum(missing, _VAST))


def ceiling_from_taste_limit(multiplier: ArrayLike, limit: ArrayLike) -> Floats:
    """Ceiling of taste that lies `limit` top-human steps beyond the top human: C = m^(1 + limit)."""
    log_ceiling = np.log(floats(multiplier)) * (1.0 + floats(limit))
    return np.exp(namespace(log_ceiling).minimum(log_ceiling, _VAST))
