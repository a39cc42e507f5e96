r"""Trajectories where calendar time moves the pace: a one-step method in progress for the scalar t(x).

Classical Runge-Kutta of fourth order in x, each step on a clock of its own: with p the drift of the log pace with time
at the step's start, :math:`\tau = (e^{p (t - t_0)} - 1)/p` runs as fast as the pace changes, so that

.. math:: \frac{d\tau}{dx} = (1 + p\tau)\, \frac{1}{dx/dt(x,\, t_0 + \ln(1 + p\tau)/p)}

hardly depends on tau. A draw that waits for hardware to grow is then as easy as any other, one whose hardware shrinks
too fast ends where 1 + p tau reaches 0 (never), and without calendar time the step is Simpson's rule. Steps end exactly
at dates at which the formula changes.

Accuracy: 1e-5 in the middle of things; within an OOM of a software limit, where ideas get infinitely hard, steps of 1/6
OOM are coarse and times are good to about 1 % (99th percentile). What happens between rows, such as a peak at a date,
is seen at the rows.
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
    limits = inputs.software_limit
    order = np.argsort(-limits) if limits.ndim and np.min(limits) < top else None
    ordered = inputs if order is None else inputs.take(order)
    pace, n = ClockedPace(ordered), inputs.draws
    limit = np.broadcast_to(ordered.software_limit, n)
    rows = (top * ROWS + 1, n)
    dense = Dense(np.full(rows, np.inf), np.full(rows, np.inf))
    time, regime = np.zeros(n), pace.start()
    with np.errstate(all="ignore"):
        slowness = _slowness(pace, 0.0, time, regime)
        dense.times[0], dense.log_slowness[0] = time, slowness
        for row in range(1, top * ROWS + 1):
            x = (row - 1) / ROWS
            alive = int(np.searchsorted(-limit, -x, side="left"))
            if not alive:
                break
            if alive < len(time):  # those behind have met their limit
                pace, regime = pace.part(slice(0, alive)), Regime(*(flags[:alive] for flags in regime))
                time, slowness = time[:alive], slowness[:alive]
            time, regime = _advance(pace, x, 1.0 / ROWS, time, regime, slowness)
            time = np.where(row / ROWS < limit[:alive], time, np.inf)
            slowness = _slowness(pace, row / ROWS, time, regime)
            dense.times[row, :alive] = time
            dense.log_slowness[row, :alive] = np.where(np.isfinite(time), slowness, np.inf)
    ends = dense.times[::ROWS].copy()
    return Trajectory(ordered, limit, ends, np.zeros(n, dtype=np.intp), dense, order)


def _slowness(pace: ClockedPace, x: Floats | float, time: Floats, regime: Regime) -> Floats:
    """ln(dt/dx)."""
    return -(pace.still(x) + pace.moving(x, time, regime))


def _advance(
    pace: ClockedPace, x: Floats | float, h: Floats | float, time: Floats, regime: Regime, slowness: Floats
) -> tuple[Floats, Regime]:
    """Time at x + h from the time and ln(dt/dx) at x, and the regime there."""
    after = _runge_kutta(pace, x, h, time, regime, slowness)
    if not pace.has_dates:
        return after, regime
    date = pace.next_date(regime)
    crossing = np.flatnonzero(np.isfinite(date) & (time < np.inf) & (after > date))
    if not len(crossing):
        return after, regime
    x, h = np.broadcast_to(x, time.shape)[crossing], np.broadcast_to(h, time.shape)[crossing]
    old = Regime(*(flags[crossing] for flags in regime))
    there, new = _across(pace.part(crossing), x, h, time[crossing], date[crossing], slowness[crossing], old)
    after[crossing] = there
    for flags, changed in zip(regime, new, strict=True):
        flags[crossing] = changed
    return after, regime


def _across(
    pace: ClockedPace, x: Floats, h: Floats, time: Floats, date: Floats, slowness: Floats, regime: Regime
) -> tuple[Floats, Regime]:
    """A step within which a date comes: up to the date, and on from there."""
    low, high = np.zeros_like(time), np.ones_like(time)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        early = _runge_kutta(pace, x, middle * h, time, regime, slowness) <= date
        low, high = np.where(early, middle, low), np.where(early, high, middle)
    at, then, new = x + low * h, np.maximum(date, time), pace.passed(regime, date)
    return _advance(pace, at, (1.0 - low) * h, then, new, _slowness(pace, at, then, new))


def _runge_kutta(
    pace: ClockedPace, x: Floats | float, h: Floats | float, time: Floats, regime: Regime, slowness: Floats
) -> Floats:
    """One step of classical Runge-Kutta on the local clock."""
    p = nonzero(pace.drift(x, time, regime))

    def rate(tau: Floats, at: Floats | float, still: Floats) -> Floats:
        grown = p * tau
        return (1.0 + grown) * np.exp(-(still + pace.moving(at, time + np.log1p(grown) / p, regime)))

    half = pace.still(x + h / 2)
    k1 = np.exp(slowness)
    k2 = rate(h / 2 * k1, x + h / 2, half)
    k3 = rate(h / 2 * k2, x + h / 2, half)
    k4 = rate(h * k3, x + h, pace.still(x + h))
    after = time + np.log1p(p * (h / 6 * (k1 + 2 * (k2 + k3) + k4))) / p
    return np.where(np.isnan(after), np.inf, after)
