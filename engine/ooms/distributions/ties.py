"""Rank correlations of variables with ties: the correlation of normal scores behind a stated Spearman coefficient.

Draws of the same value share their mean rank (mid-ranks), so Spearman's coefficient of a variable with ties is the
correlation of mid-distribution functions ``h(z) = [F(x-) + F(x)] / 2`` at ``x = ppf(Phi(z))``. With scores of
correlation ``sin(theta)``, Plackett's identity gives its slope,

    d Cov[h(Z), k(W)] / d theta
        = 1/(2 pi) Int Int exp(-[(s - t)^2 / (2 cos^2 theta) + s t / (1 + sin theta)]) dh(s) dk(t),

which is never negative: the coefficient rises with theta from 0 to the largest one that there can be, and is inverted
by Newton's method between brackets. `h` is a staircase over the ties, half of each step at either end of a tie; where
there are none it is cut into 128 steps, which moves the coefficient by 6e-5 at most.

References
----------
Plackett, R. L. (1954). A reduction formula for normal multivariate integrals. Biometrika 41, 351-360.
Neslehova, J. (2007). On rank correlation measures for non-continuous random variables. J. Multivariate Anal. 98,
544-567.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from ooms.distributions.marginals import Marginal
from ooms.distributions.normal import Floats, ndtri

__all__ = ["largest_spearman", "pearson_from_spearman", "score_correlation", "ties"]

_STEPS = 128
"""Steps of a staircase where there are no ties; lighter ties than one such step count as none."""

_NONE = 1e-6
"""Variance of mid-ranks below which a variable has but one value: in all but 4 of 10^6 draws."""

_FARTHEST = math.pi / 2.0 - 1e-4
"""The angle of the strongest correlation of scores, 1 - 5e-9."""


def pearson_from_spearman(spearman: float) -> float:
    """Correlation of two normal variables whose ranks have that Spearman correlation: 2 sin(pi s / 6).

    Examples
    --------
    >>> round(pearson_from_spearman(0.5), 6)
    0.517638
    """
    return float(2.0 * np.sin(np.pi * spearman / 6.0))


def score_correlation(first: Marginal, second: Marginal, spearman: float) -> float:
    """Correlation of the normal scores of two variables whose ranks, ties sharing theirs, have that correlation.

    Parameters
    ----------
    first, second : Marginal
        Their distributions.
    spearman : float
        Spearman's coefficient; beyond `largest_spearman` the strongest correlation is returned.

    Examples
    --------
    >>> from ooms.distributions.marginals import Discrete, Uniform
    >>> round(score_correlation(Uniform(0, 1), Uniform(0, 1), 0.5), 6)
    0.517638
    >>> round(score_correlation(Discrete([1, 2], [1, 1]), Uniform(0, 1), 0.5), 4)
    0.6196
    """
    if not ties(first) and not ties(second):
        return pearson_from_spearman(spearman)
    return math.copysign(_solved(first, second, abs(spearman), spearman < 0.0), spearman)


@lru_cache(maxsize=1024)
def largest_spearman(first: Marginal, second: Marginal, falling: bool = False) -> float:
    """Size of the strongest rank correlation of two variables, with ties: when one is a function of the other.

    0 if one of them has but one value, as that has no ranks to speak of.

    Examples
    --------
    >>> from ooms.distributions.marginals import Discrete, Uniform
    >>> round(largest_spearman(Discrete([1, 2], [1, 1]), Uniform(0, 1)), 3)
    0.866
    """
    if not ties(first) and not ties(second):
        return 1.0
    a, b = _staircase(first), _staircase(second).turned(falling)
    if not a.variance * b.variance:
        return 0.0
    together = np.minimum(a.chances[:, None], b.chances) - a.chances[:, None] * b.chances
    return min(1.0, float(a.rises @ together @ b.rises) / math.sqrt(a.variance * b.variance))


@lru_cache(maxsize=1024)
def ties(marginal: Marginal) -> tuple[tuple[float, float], ...]:
    """Ranges of cumulative probability over which the quantile is one and the same floating-point number.

    Found in the quantiles themselves, so that it does not matter what makes them equal: a discrete value, an atom in a
    mixture, or a density too narrow for floating-point numbers. Ranges narrower than 1/128 are left out.

    Examples
    --------
    >>> from ooms.distributions.marginals import Fixed, Mixture, Uniform
    >>> [tuple(round(u, 6) for u in tie) for tie in ties(Mixture([Uniform(0, 1), Fixed(0.5)], [1, 3]))]
    [(0.125, 0.875)]
    """
    grid: Floats = (np.arange(2 * _STEPS) + 0.5) / (2 * _STEPS)
    x = marginal.ppf(grid)
    new = np.concatenate([[True], x[1:] != x[:-1], [True]])
    edges = np.flatnonzero(new)
    long = np.diff(edges) > 1
    first, last = edges[:-1][long], edges[1:][long] - 1
    if not first.size:
        return ()
    outside = np.concatenate([[0.0], grid, [1.0]])
    x, inside = np.tile(x[first], 2), np.concatenate([grid[first], grid[last]])
    ends = _ends(marginal, x, inside, np.concatenate([outside[first], outside[last + 2]])).reshape(2, -1)
    return tuple((low, high) for low, high in ends.T.tolist() if high - low > (1.0 - 1e-9) / _STEPS)


def _ends(marginal: Marginal, x: Floats, inside: Floats, outside: Floats) -> Floats:
    """Where the quantile stops being `x`, to 1e-13, between chances at which it is `x` and is not."""
    row = np.arange(x.size)
    for _ in range(6):
        u = inside[:, None] + (outside - inside)[:, None] * np.linspace(0.0, 1.0, 65)
        tied = np.count_nonzero(marginal.ppf(u) == x[:, None], axis=1)
        inside, outside = u[row, np.maximum(tied - 1, 0)], u[row, np.minimum(tied, 64)]
    return outside


class _Staircase(NamedTuple):
    """Mid-distribution function in steps: where they are, as chances and normal scores, and how high.

    Also its variance, exactly: ``(1 - sum of the cubes of the ties) / 12``.
    """

    chances: Floats
    scores: Floats
    rises: Floats
    variance: float

    def turned(self, falling: bool) -> _Staircase:
        """The same of minus the variable, if so."""
        if not falling:
            return self
        return _Staircase(1.0 - self.chances[::-1], -self.scores[::-1], self.rises[::-1], self.variance)


@lru_cache(maxsize=1024)
def _staircase(marginal: Marginal) -> _Staircase:
    tied = np.array(ties(marginal)).reshape(-1, 2)
    grid: Floats = np.arange(_STEPS + 1) / _STEPS
    free = np.all((grid[:, None] <= tied[:, 0]) | (grid[:, None] >= tied[:, 1]), axis=1)
    chances = np.unique(np.concatenate([grid[free], tied.ravel(), [0.0, 1.0]]))
    rises = np.diff(0.5 * (chances[1:] + chances[:-1]))
    variance = float(1.0 - np.sum((tied[:, 1] - tied[:, 0]) ** 3)) / 12.0
    return _Staircase(chances[1:-1], ndtri(chances[1:-1]), rises, variance if variance > _NONE else 0.0)


@lru_cache(maxsize=1024)
def _solved(first: Marginal, second: Marginal, spearman: float, falling: bool) -> float:
    """Size of the correlation of scores, given the size of Spearman's coefficient."""
    low, high, theta = 0.0, _FARTHEST, math.asin(pearson_from_spearman(min(spearman, 0.999)))
    for _ in range(50):
        excess = _spearman(first, second, theta, falling) - spearman
        low, high = (low, theta) if excess > 0.0 else (theta, high)
        slope = _slope(first, second, theta, falling)
        new = theta - excess / slope if slope > 0.0 else low
        if abs(excess) < 1e-10:
            break
        theta = new if low < new < high else 0.5 * (low + high)
    return math.sin(theta)


def _spearman(first: Marginal, second: Marginal, theta: float, falling: bool) -> float:
    """Spearman's coefficient when the scores have correlation sin(theta)."""
    return sum(
        0.5 * theta * weight * _slope(first, second, 0.5 * theta * (1.0 + node), falling) for node, weight in _rule()
    )


def _slope(first: Marginal, second: Marginal, theta: float, falling: bool) -> float:
    a, b = _staircase(first), _staircase(second).turned(falling)
    s, t = a.scores[:, None], b.scores
    density = np.exp(-0.5 * ((s - t) / math.cos(theta)) ** 2 - s * t / (1.0 + math.sin(theta)))
    return float(a.rises @ density @ b.rises) / (2.0 * math.pi * math.sqrt(a.variance * b.variance))


@cache
def _rule() -> list[tuple[float, float]]:
    nodes, weights = np.polynomial.legendre.leggauss(32)
    return list(zip(nodes.tolist(), weights.tolist(), strict=True))
