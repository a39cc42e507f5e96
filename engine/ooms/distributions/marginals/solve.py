"""Solving for the parameters that reproduce given quantiles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ooms.distributions.normal import Floats

__all__ = ["NoSolutionError", "line", "newton"]

_STEP = 1e-6


class NoSolutionError(ValueError):
    """No parameters of the family reproduce the quantiles."""


def line(q: Floats, x: Floats) -> tuple[float, float]:
    """Intercept and slope of the line through the points ``(q[0], x[0])`` and ``(q[1], x[1])``.

    Examples
    --------
    >>> line(np.array([1.0, 3.0]), np.array([5.0, 9.0]))
    (3.0, 2.0)
    """
    slope = float((x[1] - x[0]) / (q[1] - q[0]))
    return float(x[0] - slope * q[0]), slope


def newton(residual: Callable[[Floats], Floats], start: Floats, tolerance: float = 1e-13, steps: int = 80) -> Floats:
    """Root of as many equations as unknowns: Newton's method, each step halved until the residual falls.

    Parameters
    ----------
    residual : callable
        What should be zero, in units of order one; it may return NaN where it has no value.
    start : array
        Where to begin.
    tolerance : float
        Largest residual that counts as zero.
    steps : int
        Give up, with `NoSolutionError`, after so many.

    Examples
    --------
    >>> newton(lambda x: x**2 - 2.0, np.array([1.0])).round(12)
    array([1.41421356])
    """
    with np.errstate(all="ignore"):
        x, r = start, residual(start)
        for _ in range(steps):
            size = _size(r)
            if size <= tolerance:
                return x
            x_new, r_new = _shortened(residual, x, _direction(residual, x), size)
            if not _size(r_new) < size:
                break
            x, r = x_new, r_new
    if _size(r) <= 1e-10:
        return x
    raise NoSolutionError(f"no solution: residual {_size(r):.2g}")


def _size(r: Floats) -> float:
    largest = float(np.max(np.abs(r)))
    return largest if np.isfinite(largest) else np.inf


def _direction(residual: Callable[[Floats], Floats], x: Floats) -> Floats:
    shifts = np.eye(x.size) * _STEP * np.maximum(1.0, np.abs(x))
    columns = [(residual(x + shift) - residual(x - shift)) / (2 * shift.sum()) for shift in shifts]
    jacobian = np.stack(columns, axis=1)
    if not np.isfinite(jacobian).all():
        raise NoSolutionError("no solution: the equations have no value near the trial parameters")
    return -np.linalg.lstsq(jacobian, residual(x))[0]


def _shortened(
    residual: Callable[[Floats], Floats], x: Floats, direction: Floats, size: float
) -> tuple[Floats, Floats]:
    length = 1.0 / max(1.0, float(np.max(np.abs(direction) / (2.0 + np.abs(x)))))
    trial, r = x, residual(x)
    for _ in range(40):
        trial = x + length * direction
        r = residual(trial)
        if _size(r) < size:
            break
        length *= 0.5
    return trial, r
