"""Research production: how labour and compute together make a pace of progress (CES, and several routes at once)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.arrays import floats, is_symbolic, namespace

__all__ = [
    "beyond",
    "ces_from_ceilings",
    "combine_routes",
    "labour_share",
    "log_intensive",
    "log_output",
    "max_speed",
    "pace",
    "rho_from_max_speed",
    "rho_from_sigma",
    "sigma_from_rho",
]

Floats = NDArray[np.float64]

TINY = 1e-100
"""Stands for rho = 0. The form below has no cancellation, so that this is Cobb-Douglas to the last bit."""

STEEP = 700.0
"""exp of more overflows."""

_NEWTON_STEPS = 24
"""More than two ceilings ever need (it converges quadratically), and few enough for a symbolic graph."""

_LN_VAST = 230.0
"""ln of a factor (1e100) beyond which a larger one makes no difference."""

THIN = 1e-3
"""A compute share below this cancels against 1 in the quick form."""


def nonzero(value: ArrayLike) -> Floats:
    """The value, with 0 (or less than `TINY`) replaced by `TINY`: f(value)/value is then f'(0) to the last bit."""
    value = floats(value)
    return namespace(value).where(np.abs(value) < TINY, TINY, value)


def log_intensive(log_ratio: Floats, rho: Floats, compute_share: Floats) -> Floats:
    r"""Log of the pace per unit of compute, as a function of the log of labour over compute (CES, intensive form).

    .. math:: \ln(Y/k) = \tfrac1\rho \ln\bigl( a + (1-a) e^{\rho \ln(l/k)} \bigr)

    written as log1p((1-a) expm1(rho ln(l/k))) / rho, which is exact and smooth through rho = 0.

    Parameters
    ----------
    log_ratio : array
        ln(l/k).
    rho : array
        CES substitution parameter, below 1 and not 0 (pass it through `nonzero`).
    compute_share : array
        a, the CES weight of compute, in [0, 1). All three broadcast.

    Returns
    -------
    array
        ln(Y/k). Finite for every finite input; never NaN.

    Examples
    --------
    Unlimited labour at rho = -0.2 and a = 1/2 meets a ceiling of 32:

    >>> import numpy as np
    >>> np.exp(log_intensive(np.array(1e4), np.array(-0.2), np.array(0.5))).round(9)
    np.float64(32.0)
    """
    return log_ces(floats(rho * log_ratio), 1.0 / rho, compute_share)


def log_output(log_labour: Floats, log_compute: Floats, rho: Floats, compute_share: Floats) -> Floats:
    r"""Log of research output from the logs of labour and compute, all relative to today's (CES).

    .. math:: \ln Y = \ln k + \ln(Y/k)

    Parameters
    ----------
    log_labour, log_compute : array
        ln l and ln k.
    rho : array
        CES substitution parameter, below 1 and not 0 (pass it through `nonzero`).
    compute_share : array
        a. All four broadcast.

    Examples
    --------
    At rho = 0 output is Cobb-Douglas: ten times the labour and a tenth of the compute cancel.

    >>> import numpy as np
    >>> log_output(np.log(10.0), np.log(0.1), nonzero(0.0), np.array(0.5)).round(12).item()
    0.0
    """
    return log_intensive(log_labour - log_compute, rho, compute_share) + log_compute


def log_ces(tilt: Floats, per_rho: Floats, compute_share: Floats) -> Floats:
    """`log_intensive` of tilt = rho ln(l/k) and 1/rho."""
    xp = namespace(tilt, per_rho, compute_share)
    wild = (tilt > STEEP) | ((compute_share < THIN) & (np.abs(tilt) > 1.0))
    if not is_symbolic(wild) and not np.any(wild):
        return log_ces_tame(tilt, per_rho, compute_share)
    with np.errstate(divide="ignore"):  # the same logarithm by log-sum-exp
        summed = xp.logaddexp(np.log(compute_share), np.log1p(-compute_share) + tilt) * per_rho
    return xp.where(wild, summed, log_ces_tame(xp.where(wild, 0.0, tilt), per_rho, compute_share))


def log_ces_tame(tilt: Floats, per_rho: Floats, compute_share: Floats) -> Floats:
    """`log_ces` where tilt is at most `STEEP` and the share at least `THIN`."""
    return np.log1p(np.expm1(tilt) * (1.0 - compute_share)) * per_rho


def labour_share(log_ratio: ArrayLike, rho: ArrayLike, compute_share: ArrayLike) -> Floats:
    r"""Labour's share of research output: the elasticity of the pace to labour at the inputs in use.

    .. math:: s_L = \frac{(1-a)\, l^\rho}{(1-a)\, l^\rho + a\, k^\rho}

    Parameters
    ----------
    log_ratio, rho, compute_share : array_like
        ln(l/k), the CES parameter and the weight of compute; they broadcast.

    Examples
    --------
    >>> labour_share(0.0, -0.4, 0.3).round(12).item()
    0.7
    """
    a = floats(compute_share)
    with np.errstate(over="ignore", divide="ignore"):
        return 1.0 / (1.0 + np.exp(np.log(a) - np.log1p(-a) - floats(rho) * floats(log_ratio)))


def pace(labour: ArrayLike, compute: ArrayLike = 1.0, *, rho: ArrayLike, compute_share: ArrayLike = 0.5) -> Floats:
    r"""Pace of research, relative to today's, with so many times today's labour and compute (the CES curve).

    .. math:: Y = \bigl[ (1-a)\, l^\rho + a\, k^\rho \bigr]^{1/\rho}, \qquad \rho \to 0:\; l^{1-a} k^a

    Parameters
    ----------
    labour, compute : array_like
        Effective labour and compute, in multiples of today's (dimensionless, not below 0; infinite labour is allowed).
    rho : array_like
        CES substitution parameter, below 1.
    compute_share : array_like
        a, the CES weight of compute, in [0, 1). All four broadcast.

    Returns
    -------
    array
        Pace, in multiples of today's.

    Source
    ------
    Arrow, Chenery, Minhas & Solow (1961); applied to AI R&D by Davidson (2025).

    Examples
    --------
    >>> import ooms
    >>> ooms.pace(labour=1e3, compute=1.0, rho=-0.2, compute_share=0.5).round(2).item()
    10.44
    >>> ooms.pace(labour=[10.0, 1e3, 1e12], rho=-0.2).round(1).tolist()
    [2.8, 10.4, 31.4]
    """
    with np.errstate(divide="ignore"):
        log_l, log_k = np.log(floats(labour)), np.log(floats(compute))
    # an input of 0 or infinity stands for its limit, which a number this large already is
    log_l, log_k = np.clip(log_l, -1e100, 1e100), np.clip(log_k, -1e100, 1e100)
    log_l, log_k, rho, a = np.broadcast_arrays(log_l, log_k, nonzero(rho), floats(compute_share))
    # in terms of the input that limits the other: the scarcer one of complements, the ampler one of substitutes
    in_compute = np.where(rho < 0, log_l >= log_k, log_l < log_k)
    base, other, share = np.where(in_compute, (log_k, log_l, a), (log_l, log_k, 1.0 - a))
    with np.errstate(over="ignore"):
        return np.exp(base + log_intensive(other - base, rho, share))


def max_speed(rho: ArrayLike, compute_share: ArrayLike = 0.5) -> Floats:
    """Pace with unlimited labour at today's compute, a^(1/rho); infinite from rho = 0 up.

    Examples
    --------
    Davidson's table:

    >>> max_speed([-1, -0.5, -0.4, -0.2, -0.15, -0.1, 0]).round(2).tolist()
    [2.0, 4.0, 5.66, 32.0, 101.59, 1024.0, inf]
    """
    rho, a = np.broadcast_arrays(floats(rho), floats(compute_share))
    with np.errstate(divide="ignore", over="ignore"):
        return np.where(rho < 0, np.exp(np.log(a) / np.where(rho < 0, rho, -1.0)), np.inf)


def rho_from_max_speed(speed: ArrayLike, compute_share: ArrayLike = 0.5) -> Floats:
    """The rho at which unlimited labour at today's compute gives that pace: rho = ln a / ln(max speed).

    Examples
    --------
    >>> rho_from_max_speed(32.0).round(12).item()
    -0.2
    """
    return np.log(floats(compute_share)) / np.log(floats(speed))


def rho_from_sigma(sigma: ArrayLike) -> Floats:
    """The CES parameter of an elasticity of substitution: rho = 1 - 1/sigma (sigma = 0.7 is rho = -0.43)."""
    return 1.0 - 1.0 / floats(sigma)


def beyond(rho: ArrayLike, discrepancy: ArrayLike) -> Floats:
    r"""The CES parameter at a vast surplus of labour, from the one observed at today's ratios.

    .. math:: \sigma' = \sigma e^{\delta}, \qquad \rho' = 1 - (1 - \rho) e^{-\delta}

    Source
    ------
    Davidson (2025), third counter-argument: elasticities are measured where labour over capital varies about twofold,
    and applied where it varies by orders of magnitude.

    Examples
    --------
    >>> beyond(-1.0, [0.0, 0.5]).round(3).tolist()
    [-1.0, -0.213]
    """
    factor = -floats(discrepancy)
    return 1.0 - (1.0 - floats(rho)) * np.exp(namespace(factor).minimum(factor, _LN_VAST))


def sigma_from_rho(rho: ArrayLike) -> Floats:
    """The elasticity of substitution of a CES parameter: sigma = 1/(1 - rho)."""
    return 1.0 / (1.0 - floats(rho))


def ces_from_ceilings(labour_ceiling: ArrayLike, compute_ceiling: ArrayLike) -> tuple[Floats, Floats]:
    r"""The CES parameter and the weight of compute that two ceilings imply.

    Solves A^rho + B^rho = 1 for rho < 0 (it has exactly one root for A, B > 1), then a = A^rho.

    Parameters
    ----------
    labour_ceiling, compute_ceiling : array_like
        A and B, the pace with unlimited labour and with unlimited compute, in multiples of today's; above 1.

    Returns
    -------
    rho, compute_share : array

    Examples
    --------
    >>> rho, a = ces_from_ceilings(32.0, 32.0)
    >>> rho.round(12).item(), a.round(12).item()
    (-0.2, 0.5)
    """
    log_a = np.log(floats(labour_ceiling))
    log_b = np.log(floats(compute_ceiling))
    # s = -rho; A^-s + B^-s falls from 2 and is convex, so Newton from a point below the root climbs to it
    s = np.log(2.0) / namespace(log_a, log_b).maximum(log_a, log_b)
    for _ in range(_NEWTON_STEPS):
        at, bt = np.exp(-s * log_a), np.exp(-s * log_b)
        change = (at + bt - 1.0) / (log_a * at + log_b * bt)
        s = s + change
        if not is_symbolic(change) and np.all(np.abs(change) <= 1e-15 * s):
            break
    return -s, np.exp(-s * log_a)


def combine_routes(log_paces: Floats, log_productivities: Floats, elasticity: Floats) -> tuple[Floats, Floats]:
    r"""Log pace of several research routes together, normalised to 0 today, and each route's part in it.

    .. math:: Y = \Bigl[\textstyle\sum_j (w_j Y_j)^\eta\Bigr]^{1/\eta} \Big/ \Bigl[\sum_j w_j^\eta\Bigr]^{1/\eta}

    A large eta lets the strongest link win.

    Parameters
    ----------
    log_paces : array, shape (routes, ...)
        ln Y_j, each 0 today.
    log_productivities : array, shape (routes, ...)
        ln w_j: today's productivity of each route over the main one.
    elasticity : array
        eta > 0.

    Returns
    -------
    log_pace : array
    parts : array, shape (routes, ...)
        They sum to 1.

    Source
    ------
    Davidson (2025), seventh counter-argument ("strongest link").
    """
    today = elasticity * log_productivities
    now = today + elasticity * log_paces
    total = np.logaddexp.reduce(now, axis=0)
    return (total - np.logaddexp.reduce(np.broadcast_to(today, now.shape), axis=0)) / elasticity, np.exp(now - total)
