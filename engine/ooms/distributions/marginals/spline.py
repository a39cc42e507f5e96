"""A monotone spline whose inverse has a closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

from ooms.distributions.normal import Floats

__all__ = ["MonotoneSpline"]


class MonotoneSpline:
    """Smooth increasing curve through increasing points, straight beyond the outermost.

    Between knots ``t = t_k + rise [s q^2 + d_k q (1 - q)] / [s + (d_k + d_(k+1) - 2 s) q (1 - q)]`` with `q` the share
    of the interval, `s` its mean slope and `d` the slopes at the knots, which are those of PCHIP. A quadratic inverts
    it, so both directions are exact, which a cubic would not allow; a straight line is reproduced.

    Parameters
    ----------
    z, t : array
        Coordinates of the points, both strictly increasing, two or more.

    References
    ----------
    Gregory, J. A. and Delbourgo, R. (1982). Piecewise rational quadratic interpolation to monotonic data.
    IMA J. Numer. Anal. 2, 123-130.
    Fritsch, F. N. and Butland, J. (1984). A method for constructing local monotone piecewise cubic interpolants.
    SIAM J. Sci. Stat. Comput. 5, 300-304.

    Examples
    --------
    >>> curve = MonotoneSpline(np.array([-1.0, 0.0, 2.0]), np.array([0.0, 3.0, 4.0]))
    >>> curve.value(np.array([-2.0, 0.0, 1.0])).round(6).tolist()
    [-3.833333, 3.0, 3.682192]
    """

    def __init__(self, z: Floats, t: Floats) -> None:
        self._z, self._t = z, t
        self._width, self._rise = np.diff(z), np.diff(t)
        self._mean = self._rise / self._width
        self._slope = _slopes(self._width, self._mean)

    def value(self, z: Floats) -> Floats:
        """Height of the curve at `z`."""
        k, q = self._place(z, np)
        s, first, _, bend = self._shape(k, np)
        t = self._t[k] + self._rise[k] * (s * q * q + first * q * (1 - q)) / (s + bend * q * (1 - q))
        return t + self._slope[0] * np.minimum(z - self._z[0], 0) + self._slope[-1] * np.maximum(z - self._z[-1], 0)

    def argument(self, t: Any, m: Any) -> Any:
        """Where the curve has height `t`; `m` is the module to compute with, `numpy` or `pytensor.tensor`."""
        inner = m.clip(t, self._t[0], self._t[-1])
        k = m.searchsorted(self._t[1:-1], inner)
        s, first, _, bend = self._shape(k, m)
        rise, up = m.take(self._rise, k), inner - m.take(self._t, k)
        a, b = rise * (s - first) + up * bend, rise * first - up * bend
        q = 2 * s * up / (b + m.sqrt(b * b + 4 * a * s * up))
        beyond = m.minimum(t - self._t[0], 0) / self._slope[0] + m.maximum(t - self._t[-1], 0) / self._slope[-1]
        return m.take(self._z, k) + q * m.take(self._width, k) + beyond

    def log_slope(self, z: Any, m: Any) -> Any:
        """Logarithm of the slope of the curve at `z`; `m` as for `argument`."""
        k, q = self._place(z, m)
        s, first, last, bend = self._shape(k, m)
        above = last * q * q + 2 * s * q * (1 - q) + first * (1 - q) * (1 - q)
        return m.log(s * s * above) - 2 * m.log(s + bend * q * (1 - q))

    def _place(self, z: Any, m: Any) -> tuple[Any, Any]:
        inner = m.clip(z, self._z[0], self._z[-1])
        k = m.searchsorted(self._z[1:-1], inner)
        return k, (inner - m.take(self._z, k)) / m.take(self._width, k)

    def _shape(self, k: Any, m: Any) -> tuple[Any, Any, Any, Any]:
        s, first, last = m.take(self._mean, k), m.take(self._slope, k), m.take(self._slope, k + 1)
        return s, first, last, first + last - 2 * s


def _slopes(width: Floats, mean: Floats) -> Floats:
    if mean.size == 1:
        return np.repeat(mean, 2)
    before, after = width[:-1], width[1:]
    weight = (before + 2 * after) / (3 * (before + after))
    inner = 1.0 / (weight / mean[:-1] + (1 - weight) / mean[1:])
    return np.concatenate([[_end(width[:2], mean[:2])], inner, [_end(width[:-3:-1], mean[:-3:-1])]])


def _end(width: Floats, mean: Floats) -> float:
    # One-sided parabola, held between a third of and three times the mean slope so that the tail cannot vanish.
    slope = ((2 * width[0] + width[1]) * mean[0] - width[0] * mean[1]) / (width[0] + width[1])
    return float(np.clip(slope, mean[0] / 3.0, 3.0 * mean[0]))
