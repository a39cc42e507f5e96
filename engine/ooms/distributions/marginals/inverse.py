"""Numerical inversion of a smooth density on the line: quadrature once, then a table of cubics."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property

import numpy as np

from ooms.distributions.normal import Floats, log_density, ndtr, ndtri

__all__ = ["SmoothInverse"]

_PANELS = 320
_REACH = 8.5
_PER_UNIT = 128
_NEWTON_STEPS = 5


class SmoothInverse:
    """Distribution function of a density on the line and its inverse, both as functions of the normal score.

    The density is integrated over panels that widen away from the centre (Gauss-Legendre, 12 points each), from the
    left and from the right, so that both tails keep their relative accuracy. The inverse is tabled at normal scores
    128 to the unit from -8.5 to 8.5, each entry found by Newton's method on the quadrature, and joined by cubics with
    the exact slopes ``dy/dz = phi(z) / f(y)``.

    Parameters
    ----------
    log_f : callable
        Log density up to a constant.
    centre, scale : float
        Where the density changes fastest, and over what length.
    low, high : float
        Ends of the integration; what lies beyond is neglected, so it should be below 1e-25.

    Examples
    --------
    >>> logistic = SmoothInverse(lambda y: -np.abs(y) - 2 * np.log1p(np.exp(-np.abs(y))), 0.0, 1.0, -70.0, 70.0)
    >>> float(logistic.value(ndtri(np.array(0.9)).reshape(1))[0].round(9))
    2.197224577
    """

    def __init__(self, log_f: Callable[[Floats], Floats], centre: float, scale: float, low: float, high: float) -> None:
        self._log_f = log_f
        ends = np.arcsinh((np.array([low, high]) - centre) / scale)
        steps: Floats = np.linspace(float(ends[0]), float(ends[1]), _PANELS + 1)
        self._edges: Floats = centre + scale * np.sinh(steps)
        self._peak = float(np.max(log_f(self._edges)))
        masses = self._mass(self._edges[:-1], self._edges[1:])
        self._left = np.concatenate([[0.0], np.cumsum(masses)])
        self._right = np.concatenate([np.cumsum(masses[::-1])[::-1], [0.0]])
        self._total = float(self._left[-1])

    def score(self, y: Floats) -> Floats:
        """Normal score of the distribution function at `y`: ``ndtri(F(y))``, by quadrature."""
        panel = np.clip(np.searchsorted(self._edges, y, side="right") - 1, 0, _PANELS - 1)
        part = self._mass(self._edges[panel], y)
        below = np.clip((self._left[panel] + part) / self._total, 0.0, 1.0)
        rest = self._mass(y, self._edges[panel + 1])
        above = np.clip((self._right[panel + 1] + rest) / self._total, 0.0, 1.0)
        return np.where(below < above, ndtri(np.minimum(below, 0.5)), -ndtri(np.minimum(above, 0.5)))

    def cdf(self, y: Floats) -> Floats:
        """Probability of a value at most `y`, by quadrature."""
        return ndtr(self.score(np.clip(y, self._edges[0], self._edges[-1])))

    def value(self, z: Floats) -> Floats:
        """The `y` whose distribution function has normal score `z`, from the table (`z` is held to +-8.5)."""
        s = np.clip(z, -_REACH, _REACH)
        s += _REACH
        s *= _PER_UNIT
        k = s.astype(np.int64)
        s -= k
        c = self._table.take(k, axis=0)
        y = s * c[:, 3]
        for power in (2, 1):
            y += c[:, power]
            y *= s
        y += c[:, 0]
        return y

    def _density(self, y: Floats) -> Floats:
        return np.exp(self._log_f(y) - self._peak)

    def _mass(self, low: Floats, high: Floats) -> Floats:
        half = 0.5 * (high - low)
        total = np.zeros_like(half)
        for node, weight in _gauss_legendre():
            total += weight * self._density(low + half * (1.0 + node))
        return half * total

    @cached_property
    def _table(self) -> Floats:
        z: Floats = np.linspace(-_REACH, _REACH, int(2 * _REACH * _PER_UNIT) + 1)
        edge_scores = self.score(self._edges)
        useful = np.flatnonzero(np.isfinite(edge_scores) & (np.abs(edge_scores) < 12.0))
        y: Floats = np.interp(z, edge_scores[useful], self._edges[useful])
        for _ in range(_NEWTON_STEPS):
            y -= (self.score(y) - z) * self._slope(y, z)
            y = np.clip(y, self._edges[0], self._edges[-1])
        return _cubics(y, self._slope(y, z) / _PER_UNIT)

    def _slope(self, y: Floats, z: Floats) -> Floats:
        return np.exp(log_density(z) - self._log_f(y) + self._peak) * self._total


@cache
def _gauss_legendre() -> list[tuple[float, float]]:
    nodes, weights = np.polynomial.legendre.leggauss(12)  # loaded on first use: importing it takes 30 ms
    return list(zip(nodes.tolist(), weights.tolist(), strict=True))


def _cubics(y: Floats, slope: Floats) -> Floats:
    rise = np.diff(y)
    first, last = slope[:-1], slope[1:]
    table = np.stack([y[:-1], first, 3.0 * rise - 2.0 * first - last, first + last - 2.0 * rise], axis=1)
    final = np.array([[y[-1], slope[-1], 0.0, 0.0]])
    return np.ascontiguousarray(np.concatenate([table, final]))
