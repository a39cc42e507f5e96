r"""Trajectories where calendar time moves the pace: a one-step method in progress for the scalar t(x).

Classical Runge-Kutta of fourth order in x, each step on a clock of its own: with p the drift of the log pace with time
at the step's start, :math:`\tau = (e^{p (t - t_0)} - 1)/p` runs as fast as the pace changes, so that

.. math:: \frac{d\tau}{dx} = (1 + p\tau)\, \frac{1}{dx/dt(x,\, t_0 + \ln(1 + p\tau)/p)}

hardly depends on tau. A draw that waits for hardware to grow is then as easy as any other, one whose hardware shrinks
too fast ends where 1 + p tau reaches 0 (never), and without calendar time the step is Simpson's rule. Steps end exactly
at dates at which the formula changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ooms.model.grid import ROWS
from ooms.model.inputs import Inputs
from ooms.model.pace import ClockedPace, Regime
from ooms.model.path import Dense, Trajectory
from ooms.model.production import nonzero

__all__ = ["step"]

Floats = NDArray[np.float64]

_BISECTIONS = 40  # to place a date within a step


def step(inputs: Inputs, top: int) -> Trajectory:
    """Times to every row of progress; see `ooms.model.trajectory.solve`, which calls this where a clock is needed."""
    pace = ClockedPace(inputs)
    n = inputs.draws
    limit = np.broadcast_to(inputs.software_limit, n)
    rows = (top * ROWS + 1, n)
    dense = Dense(np.empty(rows), np.empty(rows))
    time, regime, h = np.zeros(n), pace.start(), np.full(n, 1.0 / ROWS)
    with np.errstate(all="ignore"):
        for row in range(top * ROWS + 1):
            x = np.full(n, row / ROWS)
            if row:
                time, regime = _advance(pace, np.full(n, (row - 1) / ROWS), h, time, regime)
            log = -(pace.still(x) + pace.moving(x, time, regime))
            dense.times[row] = time
            dense.log_slowness[row] = np.where(np.isfinite(time), log, np.inf)
    ends = dense.times[::ROWS].copy()
    return Trajectory(inputs, limit, ends, np.zeros(n, dtype=np.intp), dense, None)


def _advance(pace: ClockedPace, x: Floats, h: Floats, time: Floats, regime: Regime) -> tuple[Floats, Regime]:
    """Time at x + h from the time at x, and the regime there."""
    after = _runge_kutta(pace, x, h, time, regime)
    date = pace.next_date(regime)
    crossing = np.flatnonzero(np.isfinite(date) & (time < np.inf) & (after > date))
    if not len(crossing):
        return after, regime
    some = pace.part(crossing)
    x, h, time, date = x[crossing], h[crossing], time[crossing], date[crossing]
    old = Regime(*(flags[crossing] for flags in regime))
    low, high = np.zeros(len(crossing)), np.ones(len(crossing))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        early = _runge_kutta(some, x, middle * h, time, old) <= date
        low, high = np.where(early, middle, low), np.where(early, high, middle)
    there, new = _advance(some, x + low * h, (1.0 - low) * h, np.maximum(date, time), some.passed(old, date))
    after[crossing] = there
    for flags, changed in zip(regime, new, strict=True):
        flags[crossing] = changed
    return after, regime


def _runge_kutta(pace: ClockedPace, x: Floats, h: Floats, time: Floats, regime: Regime) -> Floats:
    """One step of classical Runge-Kutta on the local clock."""
    p = nonzero(pace.drift(x, time, regime))
    middle, end = x + h / 2, x + h

    def rate(tau: Floats, at: Floats, still: Floats) -> Floats:
        grown = p * tau
        return (1.0 + grown) * np.exp(-(still + pace.moving(at, time + np.log1p(grown) / p, regime)))

    half = pace.still(middle)
    k1 = rate(np.zeros_like(time), x, pace.still(x))
    k2 = rate(h / 2 * k1, middle, half)
    k3 = rate(h / 2 * k2, middle, half)
    k4 = rate(h * k3, end, pace.still(end))
    after = time + np.log1p(p * (h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))) / p
    return np.where(np.isnan(after), np.inf, after)
