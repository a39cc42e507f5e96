"""Returns to software research: how fast ideas get harder to find, the limits of software, and ways to state r."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.arrays import floats, namespace
from ooms.model.units import LN10

__all__ = [
    "difficulty",
    "difficulty_from_returns",
    "returns_from_difficulty",
    "returns_from_growth",
    "returns_from_total",
]

Floats = NDArray[np.float64]


def difficulty_from_returns(
    returns: ArrayLike,
    parallelizability: ArrayLike,
    compute_share: ArrayLike,
    compute_exponent: ArrayLike,
    experiment_efficiency: ArrayLike,
) -> Floats:
    r"""How much harder ideas get as software improves (elasticity of difficulty to labour-equivalent software), from r.

    .. math:: \beta = \lambda (1-a)/r + a\,\zeta\,\gamma

    The second term is there because an r measured at fixed hardware already holds whatever feedback from experiment
    efficiency there was; without it gamma would count twice.

    Examples
    --------
    >>> difficulty_from_returns(1.2, 0.6, 0.5, 0.65, 0.0).item()
    0.25
    """
    lam, a, zeta, gamma = (
        floats(v) for v in (parallelizability, compute_share, compute_exponent, experiment_efficiency)
    )
    return lam * (1.0 - a) / floats(returns) + a * zeta * gamma


def difficulty(x: ArrayLike, exponent: ArrayLike, labour_per_training: ArrayLike, limit: ArrayLike) -> Floats:
    r"""Log factor by which ideas have become harder to find after x OOMs of progress.

    .. math:: D(x) = \beta\, u X \ln 10 \,\bigl( -\ln(1 - x/X) \bigr), \qquad X \to \infty:\; \beta\, u x \ln 10

    Parameters
    ----------
    x : array_like
        Software progress, OOMs of effective training compute.
    exponent : array_like
        beta.
    labour_per_training : array_like
        u.
    limit : array_like
        X, OOMs; infinity stands for no limit ("constant r").

    Returns
    -------
    array
        D, in natural logs; +inf at and beyond the limit.

    Examples
    --------
    >>> difficulty([0.0, 9.99999, 10.0, 11.0], 0.25, 2.0, 10.0).round(1).tolist()
    [0.0, 159.1, inf, inf]
    """
    x, limit = floats(x), floats(limit)
    rate = floats(exponent) * floats(labour_per_training) * LN10
    with np.errstate(divide="ignore", invalid="ignore"):
        bounded = rate * limit * -np.log1p(-np.minimum(x / limit, 1.0))
        return np.where(np.isinf(limit), rate * x, np.where(x >= limit, np.inf, bounded))


def returns_from_total(returns_total: ArrayLike, compute_share: ArrayLike) -> Floats:
    """Returns at fixed hardware from returns to all research input, labour and compute: r = (1 - a) r_total."""
    return (1.0 - floats(compute_share)) * floats(returns_total)


def returns_from_difficulty(
    exponent: ArrayLike,
    parallelizability: ArrayLike,
    compute_share: ArrayLike,
    compute_exponent: ArrayLike,
    experiment_efficiency: ArrayLike,
) -> Floats:
    r"""Returns at fixed hardware from how much harder ideas get: the inverse of `difficulty_from_returns`.

    .. math:: r = \frac{\lambda (1-a)}{\beta - a\,\zeta\,\gamma}

    Parameters
    ----------
    exponent : array_like
        beta.

    Returns
    -------
    array
        r; infinite where there is none: ideas get harder no faster than experiments get cheaper.

    Examples
    --------
    >>> returns_from_difficulty([0.25, 0.125], 0.6, 0.5, 0.65, 0.4).round(3).tolist()
    [2.5, inf]
    """
    lam, a, zeta, gamma = (
        floats(v) for v in (parallelizability, compute_share, compute_exponent, experiment_efficiency)
    )
    left = floats(exponent) - a * zeta * gamma
    where = namespace(left).where
    return where(left > 0, lam * (1.0 - a) / where(left > 0, left, 1.0), np.inf)


def returns_from_growth(
    labour_growth: ArrayLike,
    compute_growth: ArrayLike,
    software_growth: ArrayLike,
    parallelizability: ArrayLike,
    compute_share: ArrayLike,
    compute_exponent: ArrayLike,
    labour_per_training: ArrayLike,
) -> Floats:
    r"""Returns at fixed hardware from historical growth rates, on the balanced growth path.

    .. math:: r = \frac{\lambda (1-a)\, u\, g_S}{\lambda (1-a)\, g_L + a\,\zeta\, g_K}

    gamma cancels. Only this ratio is identified: never combine separate medians of lambda and beta.

    Parameters
    ----------
    labour_growth, compute_growth, software_growth : array_like
        g_L, g_K (researchers, experiment compute) and g_S (training efficiency), ln per year.

    Examples
    --------
    >>> returns_from_growth(0.85, 1.3, 1.1, 1.0, 0.67, 1.0, 1.0).round(3).item()
    0.315
    """
    a = floats(compute_share)
    labour = floats(parallelizability) * (1.0 - a)
    inputs = labour * floats(labour_growth) + a * floats(compute_exponent) * floats(compute_growth)
    return labour * floats(labour_per_training) * floats(software_growth) / inputs
