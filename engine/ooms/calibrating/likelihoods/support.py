r"""Where answers can lie, and the scale on which they then scatter.

What was asked bounds an answer: with a tenth of the compute nothing goes faster, with ten times the compute nothing
goes slower, and a share is at most 1. Answers about a level scatter on their logs. Bounded ones scatter on the log of
the effect, and no scatter takes them across the bound: of the gain y - 1 for answers of 1 or more, and for answers of 1
or less of the odds, of what is left over what is lost. With :math:`\sigma` the `Side`,

.. math:: u = \ln y \ (\sigma = 0), \qquad
    u = \sigma \ln\bigl(e^{\sigma \ln y} - 1\bigr) \ (\sigma = \pm 1)

so that a slowdown to 1/k scatters as a speed-up of k does, and shares of progress left as `heaped` percentages of
progress lost do. For small effects u is the log of ln y, up to sign; for large speed-ups it is ln y itself. An answer
of exactly 1 has no effect of which there is a log: it is one that was rounded to 1, and lies within `ROUNDING` of it.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ooms.model.arrays import floats, namespace

__all__ = ["ENDLESS", "ROUNDING", "Side", "edge", "position", "positions", "values"]

type Side = Literal[-1, 0, 1]
"""Which side of 1 answers lie on: -1 at most 1, 1 at least 1, 0 either."""

ENDLESS = 1e6
"""Stands for an end without end: a number, so that no slope is inf times 0."""

ROUNDING = 0.05
"""An answer of 1 is anything within 5 % of it, as a number among single answers is (`interval`)."""

_LEAST_EFFECT = 1e-12


def position(log: Any, side: Side) -> Any:
    """Where something lies on the scale of the scatter, from its natural log, symbolic or not.

    Examples
    --------
    >>> round(float(position(np.log(0.6), -1)), 3), round(float(position(np.log(1.5), 1)), 3)
    (0.405, -0.693)
    """
    if side == 0:
        return floats(log)
    effect = side * floats(log)
    effect = namespace(effect).maximum(effect, _LEAST_EFFECT)
    # ln(e^x - 1), which must not overflow
    return side * (effect + np.log(-np.expm1(-effect)))


def positions(numbers: Any, side: Side) -> NDArray[np.float64]:
    """Where numbers lie on the scale of the scatter; ends of the support, and what is beyond them, are endless.

    Examples
    --------
    >>> positions([0.0, 0.75, 1.0, 2.0], -1).round(2).tolist()
    [-1000000.0, 1.1, 1000000.0, 1000000.0]
    """
    y = np.asarray(numbers, dtype=np.float64)
    low, high = (1.0 if side == 1 else 0.0), (1.0 if side == -1 else math.inf)
    inside = (low < y) & (y < high)
    found = position(np.log(np.where(inside, y, {-1: 0.5, 0: 1.0, 1: 2.0}[side])), side)
    return np.where(inside, found, np.where(y <= low, -ENDLESS, ENDLESS))


def values(u: Any, side: Side) -> NDArray[np.float64]:
    """Answers from where they lie on the scale of the scatter.

    Examples
    --------
    >>> values([-1e6, 0.0, 1e6], -1).tolist(), values([-1e6, 0.0], 1).tolist()
    ([0.0, 0.5, 1.0], [1.0, 2.0])
    """
    with np.errstate(over="ignore"):  # far out in a wide prior an answer can be infinite, and is then told as such
        if side == -1:
            return 1.0 / (1.0 + np.exp(-np.asarray(u, dtype=np.float64)))
        return np.exp(np.asarray(u, dtype=np.float64)) + (1.0 if side == 1 else 0.0)


def edge(side: Side) -> float:
    """The number between which and 1 an answer is one of 1.

    Examples
    --------
    >>> round(edge(-1), 3), edge(1)
    (0.952, 1.05)
    """
    return (1.0 + ROUNDING) ** side
