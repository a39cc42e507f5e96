"""Research compute: what hardware, and software that makes experiments cheaper, buy in experiments."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.arrays import floats
from ooms.model.production import nonzero
from ooms.model.units import LN10, Line

__all__ = ["exponent_from_slowdown", "log_compute"]

Floats = NDArray[np.float64]


def log_compute(compute_exponent: ArrayLike, experiment_efficiency: ArrayLike, labour_per_training: ArrayLike) -> Line:
    r"""Log of effective experiment compute at today's hardware: a straight line in software progress.

    .. math:: \ln k(x) = \zeta\,\gamma\, u x \ln 10

    Hardware H adds zeta ln H (`ooms.model.pace.ClockedPace`).

    Parameters
    ----------
    compute_exponent : array_like
        zeta: returns to more experiment compute.
    experiment_efficiency : array_like
        gamma: how many more informative experiments per FLOP an OOM of labour-equivalent software buys.
    labour_per_training : array_like
        u: OOMs of labour-equivalent gain per OOM of training efficiency.

    Examples
    --------
    >>> log_compute(0.65, 0.0, 2.0).at(5.0).item()
    0.0
    """
    slope = floats(compute_exponent) * floats(experiment_efficiency) * floats(labour_per_training) * LN10
    return Line(np.zeros_like(slope), slope)


def exponent_from_slowdown(slowdown: ArrayLike, rho: ArrayLike, compute_share: ArrayLike) -> Floats:
    r"""Returns to experiment compute from how much slower research is with ten times less of it.

    Solves Y(1, 0.1^zeta) = 1/M for zeta:

    .. math:: \zeta = \frac{\ln\bigl[ ((1+c) M^{-\rho} - c) \bigr]}{\rho \ln 0.1}, \qquad c = (1-a)/a

    Parameters
    ----------
    slowdown : array_like
        M > 1.
    rho, compute_share : array_like
        CES parameter and weight of compute.

    Returns
    -------
    array
        zeta; NaN where no exponent gives that slowdown (labour alone would keep a higher pace).

    Source
    ------
    AI Futures Model (Dec 2025), where c is (B/A)^rho of the two ceilings.

    Examples
    --------
    >>> exponent_from_slowdown(10**0.3, 0.0, 0.5).round(12).item()
    0.6
    """
    rho, a = nonzero(rho), floats(compute_share)
    with np.errstate(invalid="ignore"):
        return np.log1p(np.expm1(-rho * np.log(floats(slowdown))) / a) / (rho * -LN10)
