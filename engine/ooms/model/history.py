"""Progress in the human-only past, had its inputs been others; and software's part in overall progress."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ooms.model.arrays import namespace
from ooms.model.production import nonzero

__all__ = ["log_overall", "log_progress_left"]

Floats = NDArray[np.float64]

_SMALL = 1e-3


def log_overall(log_software: Floats, log_rest: Floats, software_share: Floats) -> Floats:
    r"""Log of overall AI progress from the logs of its software part and of the rest, all relative to what they were.

    .. math:: \ln\bigl( s\, e^{y} + (1 - s)\, e^{h} \bigr)

    Parameters
    ----------
    log_software, log_rest : array
        y and h.
    software_share : array
        s, software's part of recent progress, between 0 and 1 (neither).

    Examples
    --------
    Software ten times as fast, hardware as before, half of progress each:

    >>> np.exp(log_overall(np.log(10.0), np.zeros(()), np.array(0.5))).round(3).item()
    5.5
    """
    logaddexp = namespace(log_software, log_rest, software_share).logaddexp
    return logaddexp(np.log(software_share) + log_software, np.log1p(-software_share) + log_rest)


def log_progress_left(log_outputs: list[Floats], exponent: Floats, progress: Floats) -> Floats:
    r"""Log share of past software progress that would be left, had research output been another.

    Progress was steady at g OOMs a year for T years while ideas got harder by a factor exp(b) per OOM, so output grew
    as exp(b g t). With output y(t) times what it was,

    .. math:: \frac{x(T)}{g T} = \frac{1}{c} \ln\Bigl( 1 + \int_0^1 c\, e^{c \tau}\, y(\tau)\, d\tau \Bigr),
              \qquad c = b\, g\, T

    which solves dx/dt = y(t) exp(b g t) g exp(-b x): the equation of the model with D(x) = b x. As c goes to 0 it is
    the mean of y: with ideas as easy as ever, half the pace is half the progress. A large c forgives: what was not
    found stays easier to find.

    Parameters
    ----------
    log_outputs : list of array
        ln y at evenly spaced times from the first to the last moment, at least two; taken as straight lines between
        them, which is exact where an input changes by a factor or grows at another rate at fixed shares.
    exponent : array
        b, above 0: beta u ln 10, per OOM.
    progress : array
        g T, OOMs made in that time.

    Examples
    --------
    Output 30 % lower throughout, ideas getting no harder, and getting e^5 times harder over the decade:

    >>> lower = [np.log(0.7)] * 2
    >>> np.exp(log_progress_left(lower, np.array([1e-9, 1.0]), np.array(5.0))).round(3).tolist()
    [0.7, 0.929]
    """
    c = exponent * progress
    xp = namespace(c, *log_outputs)
    width = 1.0 / (len(log_outputs) - 1)
    levels = [c * (i * width) + y for i, y in enumerate(log_outputs)]
    parts = [_log_mean_exp(low, high) for low, high in pairwise(levels)]
    total = parts[0]
    for part in parts[1:]:
        total = xp.logaddexp(total, part)
    return np.log(xp.logaddexp(0.0, total + np.log(c * width)) / c)


def _log_mean_exp(low: Floats, high: Floats) -> Floats:
    """Log of the mean of exp along the straight line from low to high."""
    rise = high - low
    xp = namespace(rise)
    small = np.abs(rise) < _SMALL
    safe = nonzero(xp.where(small, 1.0, rise))
    return low + xp.where(small, rise / 2.0 + rise * rise / 24.0, np.log(np.expm1(safe) / safe))
