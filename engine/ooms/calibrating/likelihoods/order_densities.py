r"""Joint densities of the lowest, the median and the highest of a normal sample, any of them missing or censored.

Given a pivot (the median, or the end that is known), what lies beyond it on either side depends on the other side no
more. With S the chance to lie beyond, q answers beyond the pivot p and the end e of that side, their factor is

.. math::
    S(p)^q \text{ without an end}, \quad q f(e) \bigl(S(p) - S(e)\bigr)^{q-1} \text{ with one}, \quad
    S(p)^q - \bigl(S(p) - S(e)\bigr)^q \text{ with one that is further out than e}

The median of an even sample is the mean of two middle answers, which are themselves not published; half their
distance in logs, h, is integrated out: the two are :math:`m \operatorname{sech}(h) e^{\pm h}` for the median m, and the
Jacobian of :math:`(\ln m, h)` is 2.

Shares scatter on their log odds u. Of two shares with mean m > 1/2 (else of what they leave) the upper one is off m by
k in log odds, which is integrated out. With v = 1 / (1 + exp(-u)) the shares and
:math:`q_k = 1 / (1 + \exp(u_m + k))` what the upper one leaves, the lower one is :math:`v = 2m - 1 + q_k`, and the
Jacobian of :math:`(u_m, k)` is :math:`2 m (1 - m) / (v (1 - v))`.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from ooms.calibrating.arrays import log_normal_interval, normal_logpdf
from ooms.model.arrays import namespace

__all__ = ["log_density", "mean_of_two", "median_score"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_WIDEST_TIMES_N = 24.0
"""How far apart two middle answers can be in standard deviations, times n: half of it is exponential, mean 1.25 / n."""
type _Side = tuple[int, Any, Any]
"""An end: -1 for the lowest and 1 for the highest answer, its number or None, and whether it is censored."""
_FAR = 1e6
"""Further apart than any two answers, in logs."""
_NEARLY = 0.999
_NEAR = 1e-4
"""So near the middle, in standard units, the deviance is a parabola to 1e-8."""


def log_density(centre: Any, spread: Any, data: Mapping[str, Any], n: int, *, shares: bool = False) -> Any:
    """Log density of the natural logs, or log odds, of what was published of a sample of n, at one point or many.

    Parameters
    ----------
    centre, spread : array, shape batch + (1,)
        Mean and standard deviation of the logs, or log odds, of the answers.
    data : mapping of str to array, shape () or batch + (1,)
        ``minimum``, ``median`` and ``maximum`` on that scale, those that were published; ``minimum_censored`` and
        ``maximum_censored`` are there if that end may be beyond its number, and 1 if it is.
    n : int
        Size of the sample.
    shares : bool
        Whether the scale is that of log odds, of which the median of an even sample is no mean.
    """
    sides = [(sign, data.get(name), data.get(f"{name}_censored")) for sign, name in ((-1, "minimum"), (1, "maximum"))]
    if "median" in data:
        return _beside_median(centre, spread, data["median"], sides, n, _Odds if shares else _Logs)
    sides = [side for side in sides if side[1] is not None]
    if len(sides) == 1:
        sign, end, censored = sides[0]
        return _beyond(None, sign * (end - centre) / spread, censored, n, np.log(spread))
    pivot, other = sides if sides[0][2] is None else sides[::-1]
    at = (pivot[1] - centre) / spread
    lowest_or_highest = math.log(n) + normal_logpdf(at) - np.log(spread)
    sign, end, censored = other
    return lowest_or_highest + _beyond(sign * at, sign * (end - centre) / spread, censored, n - 1, np.log(spread))


def _beside_median(centre: Any, spread: Any, median: Any, sides: list[_Side], n: int, pair: type[_Pair]) -> Any:
    beyond = (n - 1) // 2
    ways = math.lgamma(n + 1) - 2.0 * math.lgamma(beyond + 1)
    log_spread = np.log(spread)

    def joint(*middles: Any) -> Any:
        """Log density with the middle answers where they are, one or two."""
        found = ways - len(middles) * log_spread
        for middle in middles:
            found = found + normal_logpdf((middle - centre) / spread)
        for sign, end, censored in sides:
            pivot = sign * ((middles[0] if sign < 0 else middles[-1]) - centre) / spread
            at = None if end is None else sign * (end - centre) / spread
            found = found + _beyond(pivot, at, censored, beyond, log_spread)
        return found

    if n % 2:
        return joint(median)
    # the nodes take an axis of their own, and the last one, of terms, has length one
    middles = pair(median)
    apart, weights = _distances(spread, middles, sides, n)
    lower, upper, log_jacobian = middles.at(apart)
    return _log_sum_exp(joint(lower, upper) + log_jacobian, weights)


class _Pair(abc.ABC):
    """The two middle answers of an even sample, of which the mean is known, by how far they are apart."""

    widest: ClassVar[float]
    """How far apart they can be in standard deviations, beyond which it is as good as impossible."""

    def __init__(self, median: Any) -> None:
        self.median = median

    @abc.abstractmethod
    def at(self, apart: Any) -> tuple[Any, Any, Any]:
        """The lower, the upper, and the log of half the Jacobian."""

    @abc.abstractmethod
    def room(self, sign: int, end: Any) -> Any:
        """How far apart they can be before the lower (sign -1) or the upper passes an end."""


class _Logs(_Pair):
    """In logs, by half their distance."""

    widest = 6.0

    def at(self, apart: Any) -> tuple[Any, Any, Any]:
        drop = apart + np.log1p(np.exp(-2.0 * apart)) - math.log(2.0)  # ln cosh
        return self.median - apart - drop, self.median + apart - drop, 0.0

    def room(self, sign: int, end: Any) -> Any:
        xp = namespace(end, self.median)
        ratio = np.exp(end - self.median)  # end over median
        if sign < 0:
            # a censored end can be above the median, and then bounds nothing
            safe = xp.where(ratio < 1.0, ratio, 0.5)
            return 0.5 * np.log((2.0 - safe) / safe)
        bounded = ratio < 2.0 - 1e-9
        safe = xp.where(bounded, ratio, 1.5)
        return xp.where(bounded, 0.5 * np.log(safe / (2.0 - safe)), _FAR)


class _Odds(_Pair):
    """In log odds, by how far the one that is nearer to its bound is from the median."""

    widest = 8.0

    def __init__(self, median: Any) -> None:
        super().__init__(median)
        xp = namespace(median)
        self.flip = xp.where(median > 0.0, 1.0, -1.0)
        self.turned = np.abs(median)  # shares above a half, and what is left of those below
        self.excess = np.tanh(0.5 * self.turned)  # 2 m - 1

    def at(self, apart: Any) -> tuple[Any, Any, Any]:
        nearer = self.turned + apart
        left, left_of_median = _share(-nearer), _share(-self.turned)
        share, rest = self.excess + left, 2.0 * left_of_median - left
        other = np.log(share) - np.log(rest)
        log_jacobian = np.log(left_of_median) + np.log1p(-left_of_median) - np.log(share) - np.log(rest)
        xp = namespace(nearer, self.flip)
        up = self.flip > 0.0
        return xp.where(up, other, -nearer), xp.where(up, nearer, -other), log_jacobian

    def room(self, sign: int, end: Any) -> Any:
        xp = namespace(end, self.median)
        turned = self.flip * end
        # the other one falls as the nearer one leaves less: to the share of the end, or never
        over = _share(turned) - self.excess
        bounded = (over > 1e-12) & (over < 1.0 - 1e-12)
        safe = xp.where(bounded, over, 0.5)
        of_other = xp.where(bounded, np.log1p(-safe) - np.log(safe) - self.turned, _FAR)
        return xp.where(self.flip * sign > 0.0, turned - self.turned, of_other)


def _share(u: Any) -> Any:
    """The share of log odds u."""
    return 1.0 / (1.0 + np.exp(-u))


def _distances(spread: Any, middles: _Pair, sides: list[_Side], n: int) -> tuple[Any, Any]:
    """Nodes and weights for how far the two middle answers are apart.

    It is as much as is possible, or as exact ends let it be. Where a middle answer passes the number of a censored end
    the density has a kink, and a panel ends.
    """
    widest, kinks = spread * min(middles.widest, _WIDEST_TIMES_N / n), list[Any]()
    for sign, end, censored in sides:
        if end is None:
            continue
        room = middles.room(sign, end)
        xp = namespace(widest, room, censored)
        if censored is not None:
            kinks.append(room)
            room = xp.where(censored > 0.5, _FAR, room)
        widest = xp.minimum(widest, room)
    xp = namespace(widest, *kinks)
    # not at the very end: a panel without length there would have a middle answer on the end itself
    kinks = [xp.clip(kink, 0.0, _NEARLY * widest) for kink in kinks]
    if len(kinks) == 2:
        kinks = [xp.minimum(*kinks), xp.maximum(*kinks)]
    ends = [0.0, *kinks, widest]
    # panels are put side by side by multiplication, which is simpler to differentiate than a join
    apart, weights, panels = 0.0, 0.0, np.eye(len(ends) - 1)
    for panel, (low, high) in zip(panels, pairwise(ends), strict=True):
        apart = apart + low * np.kron(panel, np.ones_like(_NODES)) + (high - low) * np.kron(panel, 0.5 * (_NODES + 1.0))
        weights = weights + (high - low) * np.kron(panel, _WEIGHTS)
    return apart, weights


def mean_of_two(low: float, high: float, *, shares: bool = False) -> float:
    """The log, or the log odds, of the mean of two numbers whose logs or log odds are given.

    Examples
    --------
    >>> round(float(np.exp(mean_of_two(np.log(2.0), np.log(4.0)))), 12)
    3.0
    """
    if low == high:
        return low
    if not shares:
        return float(np.logaddexp(low, high) - math.log(2.0))
    # odds of the mean: the sum of the shares over the sum of what they leave
    return float(np.logaddexp(*(-np.logaddexp(0.0, -u) for u in (low, high)))
                 - np.logaddexp(*(-np.logaddexp(0.0, u) for u in (low, high))))  # fmt: skip


def _beyond(pivot: Any, end: Any, censored: Any, q: int, log_spread: Any) -> Any:
    """Log factor of the q answers beyond the pivot (all of them, if it is None), upwards, in standard units."""
    if q == 0:
        return 0.0
    all_beyond = 0.0 if pivot is None else q * _log_beyond(pivot)
    if end is None:
        return all_beyond
    if censored is None:
        return _with_end(pivot, end, q, log_spread)
    xp = namespace(pivot, end, censored)
    is_censored = censored > 0.5
    # each branch must be sound where the other one is taken, or its slope would spoil the other's
    start = np.zeros(1) if pivot is None else pivot
    exact = _with_end(pivot, xp.where(is_censored, start + 1.0, end), q, log_spread)
    share = _log_beyond(end) - (0.0 if pivot is None else _log_beyond(pivot))
    inside = is_censored & (share < -1e-12)
    share = xp.where(inside, share, -1.0)
    none_further = xp.where(inside, np.log(-np.expm1(q * np.log1p(-np.exp(share)))), 0.0)
    return xp.where(is_censored, all_beyond + none_further, exact)


def _with_end(pivot: Any, end: Any, q: int, log_spread: Any) -> Any:
    found = math.log(q) + normal_logpdf(end) - log_spread
    if q == 1:
        return found
    return found + (q - 1) * (log_normal_interval(-np.inf if pivot is None else pivot, end))


def _log_beyond(z: Any) -> Any:
    return log_normal_interval(z, np.inf)


def _log_sum_exp(logs: Any, weights: Any) -> Any:
    highest = logs.max(axis=-1, keepdims=True)
    return highest + np.log((weights * np.exp(logs - highest)).sum(axis=-1, keepdims=True))


def median_score(z: Any, n: int) -> Any:
    r"""Normal score of the chance that the median of n standard normal answers is below z.

    .. math:: \Phi^{-1}\bigl(P(\text{median} < z)\bigr) \approx
        \operatorname{sgn}(z) \sqrt{-(n + a) \ln\bigl(4 \Phi(z) \Phi(-z)\bigr)}

    the signed root of twice the log-likelihood ratio of a half against Phi(z), with a small correction to n.

    Parameters
    ----------
    z : array or symbolic array
        Where, in standard units.
    n : int
        Size of the sample.

    Notes
    -----
    Measured against the binomial distribution, for odd n (a = 1/2): the probability is off by at most 2e-3 for n = 3,
    4e-5 for n = 25 and 1e-6 for n = 185, and a chance of 1e-8 by 4 % for n = 25 and 0.1 % for n = 185. For even n
    (a = 3/2) against the exact density: the median is the mean of two answers, and so somewhat higher than that of
    their logs. With a spread of 0.5 that is 1e-2 for n = 8, 3e-3 for n = 20 and 3e-4 for n = 100; with 1, twice that.
    """
    if n == 1:
        return z
    xp = namespace(z)
    apart = np.abs(z) > _NEAR
    safe = xp.where(apart, z, 1.0)
    # the root of a square has no slope at 0: its square is divided out
    deviance = -(log_normal_interval(-np.inf, safe) + _log_beyond(safe) + math.log(4.0)) / (safe * safe)
    correction = 0.5 if n % 2 else 1.5
    return z * np.sqrt((n + correction) * xp.where(apart, deviance, 2.0 / math.pi))
