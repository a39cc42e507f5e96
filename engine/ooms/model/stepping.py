r"""Trajectories where calendar time moves the pace: an adaptive one-step method in progress for the scalar t(x).

The pair of Dormand and Prince (fifth order, with a fourth beside it), each step on two clocks of its own, on which a
pace that falls or rises evenly is a straight line. With p the drift of the log pace with time at the step's start
:math:`(x_0, t_0)`, and s its fall with progress,

.. math:: \tau = \frac{e^{p (t - t_0)} - 1}{p}, \qquad u = \frac{e^{q w} - 1}{q}, \quad q = s - \frac1{X - x_0},
          \qquad w = -(X - x_0) \ln\Bigl(1 - \frac{x - x_0}{X - x_0}\Bigr)

where w counts progress so that the limit X is never reached (w is :math:`x - x_0` if there is none), and

.. math:: \frac{d\tau}{du} = (1 + p\tau)\, \frac{e^{-s w}}{dx/dt(x,\, t_0 + \ln(1 + p\tau)/p)}

hardly depends on either. A draw that waits for hardware to grow, or whose ideas get harder just as fast as its hardware
grows, is then as easy as any other, and one whose hardware shrinks too fast ends where 1 + p tau reaches 0 (never).

Each draw has steps of its own: as long as its pace allows, short where labs reorganise at the speed of fast thinkers,
shorter and shorter towards a limit. Steps end at whole OOMs, and exactly at dates at which the formula changes, which
have a row before and a row after.

Accuracy: `make accuracy` sets every reading against an independent adaptive solver.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ooms.model.inputs import Inputs
from ooms.model.pace import ClockedPace, Regime
from ooms.model.path import Rows, Trajectory
from ooms.model.production import nonzero
from ooms.model.tail import Tail

__all__ = ["step"]

Floats = NDArray[np.float64]
Draws = NDArray[np.intp]

_NODES = (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
_TABLEAU = (
    (),
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
_ERROR = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
"""Fifth order less fourth. Dormand & Prince (1980)."""

_INNER = (2, 3)
"""Stages that are kept as rows between the ends of a step."""
_DENSE = np.array([
    (1.0, -8048581381 / 2820520608, 8663915743 / 2820520608, -12715105075 / 11282082432),
    (0.0, 0.0, 0.0, 0.0),
    (0.0, 131558114200 / 32700410799, -68118460800 / 10900136933, 87487479700 / 32700410799),
    (0.0, -1754552775 / 470086768, 14199869525 / 1410260304, -10690763975 / 1880347072),
    (0.0, 127303824393 / 49829197408, -318862633887 / 49829197408, 701980252875 / 199316789632),
    (0.0, -282668133 / 205662961, 2019193451 / 616988883, -1453857185 / 822651844),
    (0.0, 40617522 / 29380423, -110615467 / 29380423, 69997945 / 29380423),
])  # fmt: skip
"""Weight of each slope at a part of the step, in its first to fourth power: fourth order. Shampine (1986)."""
_INSIDE = tuple(tuple((_DENSE @ _NODES[k] ** np.arange(1, 5)).tolist()) for k in _INNER)
_STRIDE = 1 + len(_INNER)

_TOLERANCE = 3e-5  # of the time that a step takes
_PATIENCE, _LOOSEST = 200.0, 100.0  # years from which that may grow as time does, and how many times as large it gets
_FIRST = 1 / 8  # OOMs of the first step tried
_FAR = 1e-12  # 1/OOMs: a limit farther away than this is none
_MOST_TURN = 10.0  # e-folds by which the pace may be taken to rise along a step
_NUDGE = 1e-4  # OOMs over which the fall of the pace is measured
_LEAST = 1e-7  # OOMs: where shorter steps would be needed, progress has ended
_MOST_ROWS = 1024  # of a draw, beyond which its steps are no shorter than _COARSE: memory stays bounded
_COARSE = 1 / 64  # OOMs
_CLOSE = 1e-4  # OOMs before the limit, from where on the pace falls as a power of what is left
_FOREVER = 1e12  # years after which that holds from an OOM before it
_ROUNDS, _ON_TIME = 40, 1e-9  # to place a date within a step, and how exactly, of the time up to it
_WORTH_LEAVING = 0.1  # share of draws at an end from which the rest go on without them


class Steps:
    """The way on from a known row, by one step.

    Parameters
    ----------
    pace : ClockedPace
        The equation, for the draws that are followed.
    """

    def __init__(self, pace: ClockedPace) -> None:
        self._pace = pace

    def onward(self, x0: Floats, t0: Floats, l0: Floats, x: Floats) -> tuple[Floats, Floats]:
        """Time and ln(dT/dx) at x, from the state at x0."""
        there = _Step(self._pace, x0, x - x0, t0, l0)
        return np.where(x > x0, there.time, t0), np.where(x > x0, there.log, l0)

    def slowness(self, x0: Floats, t0: Floats, l0: Floats, x: Floats) -> Floats:
        """ln(dT/dx) alone."""
        return self.onward(x0, t0, l0, x)[1]

    def slope(self, x0: Floats, t0: Floats, l0: Floats, x: Floats, nudge: Floats) -> Floats:
        """How fast ln(dT/dx) rises along the way from x to x + nudge."""
        time, log = self.onward(x0, t0, l0, x)
        nudged = _log_slowness(self._pace, x + nudge, time + nudge * np.exp(log), self._pace.regime(t0))
        return (nudged - log) / nudge


def _log_slowness(pace: ClockedPace, x: Floats, time: Floats, regime: Regime) -> Floats:
    """ln(dT/dx)."""
    return -(pace.still(x) + pace.moving(x, time, regime))


class _Step:
    """One step of length h, for every draw: where it comes out, how wrong that may be, and what was met on the way."""

    def __init__(self, pace: ClockedPace, x: Floats, h: Floats, time: Floats, log: Floats) -> None:
        regime = pace.regime(time)
        p = np.asarray(pace.drift(x, time, regime))
        still_clock = p == 0.0  # then ln(1 + p tau)/p is tau, however large that is
        divisor = np.where(still_clock, 1.0, p)
        inverse = np.maximum(1.0 / (pace.inputs.software_limit - x), _FAR)
        nudge = _NUDGE / np.maximum(inverse, 1.0)
        fall = (_log_slowness(pace, x + nudge, time, regime) - log) / nudge
        way = -np.log1p(-h * inverse) / inverse  # w at the step's end
        q = nonzero(np.maximum(np.where(np.isfinite(fall), fall, 0.0) - inverse, -_MOST_TURN / way))
        fall, whole = q + inverse, np.expm1(q * way) / q  # u at its end
        slopes = [np.exp(log)]

        def clock(weights: Sequence[float]) -> Floats:
            return whole * sum(weight * k for weight, k in zip(weights, slopes, strict=True) if weight)

        def years(tau: Floats) -> Floats:
            return np.where(still_clock, tau, np.log1p(p * tau) / divisor)

        rows = list[tuple[Floats, Floats]]()
        at, w, still, grown, elapsed = x, way, np.zeros(()), np.ones(()), np.zeros(())
        for stage in range(1, len(_NODES)):
            tau = clock(_TABLEAU[stage])
            grown, elapsed = 1.0 + p * tau, years(tau)
            if _NODES[stage] != _NODES[stage - 1]:
                last = _NODES[stage] == 1.0
                w = way if last else np.log1p(q * _NODES[stage] * whole) / q
                at = x + (h if last else -np.expm1(-w * inverse) / inverse)
                still = pace.still(at)
            log = -(still + pace.moving(at, time + elapsed, regime))
            slopes.append(grown * np.exp(log - fall * w))
            if stage in _INNER:
                rows.append((at, log))
        self.time, self.log = time + elapsed, log
        inside = zip(rows, _INSIDE, strict=True)
        self.inner = [(at, time + years(clock(weights)), log) for (at, log), weights in inside]
        wrong = clock(_ERROR)
        self.error = np.abs(wrong) / (grown * elapsed)
        """Of the time it takes."""
        np.copyto(self.error, np.inf, where=~(np.isfinite(self.error) & np.isfinite(log) & (elapsed > 0)))


class _Table:
    """Rows as they come: of every draw its own number."""

    def __init__(self, draws: int) -> None:
        self.count = np.zeros(draws, dtype=np.intp)
        self._arrays = [np.full((64, draws), np.inf) for _ in range(3)]

    def add(self, draws: Draws, *rows: tuple[Floats, Floats, Floats]) -> None:
        """Some rows more for some draws."""
        if not len(draws):
            return
        if np.max(self.count[draws]) + len(rows) > len(self._arrays[0]):
            for k, array in enumerate(self._arrays):  # by half, and one after the other: the old one is free by then
                self._arrays[k] = np.concatenate([array, np.full_like(array[: len(array) // 2], np.inf)])
        for row in rows:
            for array, values in zip(self._arrays, row, strict=True):
                array[self.count[draws], draws] = values
            self.count[draws] += 1

    def rows(self) -> Rows:
        """All of them."""
        positions, times, logs = (array[: np.max(self.count)] for array in self._arrays)
        return Rows(positions, times, logs, _STRIDE, _STRIDE)


def step(inputs: Inputs, top: int) -> Trajectory:
    """Times to every row of progress; see `ooms.model.trajectory.solve`, which calls this where a clock is needed."""
    walk = _Walk(ClockedPace(inputs), top)
    with np.errstate(all="ignore"):
        walk.run()
    return Trajectory(inputs, walk.limit, walk.ends, walk.table.rows(), Steps(ClockedPace(inputs)), None)


class _Walk:
    """All draws at once, each with its own steps, up to the top, its limit, or the end of its resources."""

    def __init__(self, pace: ClockedPace, top: int) -> None:
        n = pace.inputs.draws
        self.pace, self.top, self.table = pace, top, _Table(n)
        self.limit = np.broadcast_to(pace.inputs.software_limit, n).copy()
        self.ends = np.full((top + 1, n), np.inf)
        self.ends[0] = 0.0
        self.draws = np.arange(n)
        self.x, self.time = np.zeros(n), np.zeros(n)
        self.log = np.broadcast_to(_log_slowness(pace, self.x, self.time, pace.start()), n).copy()
        self.h = np.full(n, _FIRST)
        self.walking, self.failed = np.ones(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)

    def run(self) -> None:
        self.table.add(self.draws, (self.x, self.time, self.log))
        while self.walking.any():
            if np.mean(self.walking) < 1.0 - _WORTH_LEAVING:
                self._leave(np.flatnonzero(self.walking))
            self._on()

    def _leave(self, those: Draws) -> None:
        """Go on with those alone."""
        self.pace = self.pace.part(those)
        for name in ("draws", "x", "time", "log", "h", "walking", "failed"):
            setattr(self, name, getattr(self, name)[those])

    def _on(self) -> None:
        """A step, of every draw, or a shorter one next time."""
        to_whole, limit = np.floor(self.x) + 1.0 - self.x, self.limit[self.draws]
        h = to_whole / np.ceil(to_whole / self.h * (1.0 - 1e-9))
        h = np.minimum(h, (limit - self.x) / 2)
        taken = _Step(self.pace, self.x, h, self.time, self.log)
        tolerance = _TOLERANCE * np.clip(self.time / _PATIENCE, 1.0, _LOOSEST)
        better = np.clip(0.9 * (tolerance / taken.error) ** 0.25, 0.2, 4.0)
        done = self.walking & (taken.error <= tolerance)
        least = np.where(self.table.count[self.draws] < _MOST_ROWS, _LEAST, _COARSE)
        ended = self.walking & ~done & (h * better < least)
        accepted = ended & np.isfinite(taken.error)  # as good as it gets
        ended &= ~accepted
        waiting = np.zeros(len(h), dtype=np.bool_)
        if self.pace.has_dates and ended.any():
            date = np.broadcast_to(self.pace.next_date(self.pace.regime(self.time)), h.shape)
            waiting = ended & ~(taken.time <= date) & np.isfinite(date)
            ended &= ~waiting
            self._wait(np.flatnonzero(waiting), date)
        self.limit[self.draws[ended]] = self.x[ended] + h[ended]
        self.walking &= ~ended
        better = np.where(self.failed, np.minimum(better, 1.0), better)  # no longer at once than one that was too long
        self.failed = ~done
        self.h = np.where(done | accepted, np.maximum(h * better, 2 * least), h * better)
        self.h[waiting] = _FIRST
        self._arrive(done | accepted, h, h == to_whole, taken)

    def _wait(self, some: Draws, date: Floats) -> None:
        """Up to the date without progress, for draws that make less than the shortest step until then."""
        if not len(some):
            return
        x, date = self.x[some], date[some]
        pace = self.pace.part(some)
        before, log = (x, date, self.log[some]), _log_slowness(pace, x, date, pace.regime(date))
        self.table.add(self.draws[some], before, before, (x, date, log))
        self.time[some], self.log[some] = date, log

    def _arrive(self, done: NDArray[np.bool_], h: Floats, whole: NDArray[np.bool_], taken: _Step) -> None:
        """Take those steps as done, up to a date where they cross one."""
        if self.pace.has_dates:
            date = self.pace.next_date(self.pace.regime(self.time))
            crossing = np.flatnonzero(done & (taken.time > date))
            done = done.copy()
            done[crossing] = False
            self._up_to_the_date(crossing, h, np.broadcast_to(date, h.shape))
        some = np.flatnonzero(done)
        if not len(some):
            return
        x, draws = np.where(whole, np.round(self.x + h), self.x + h)[some], self.draws[some]
        inner = [(at[some], time[some], log[some]) for at, time, log in taken.inner]
        self.x[some], self.time[some], self.log[some] = x, taken.time[some], taken.log[some]
        self.table.add(draws, *inner, (x, self.time[some], self.log[some]))
        landed = some[whole[some]]
        self.ends[self.x[landed].astype(np.intp), self.draws[landed]] = self.time[landed]
        limit = self.limit[draws]
        close = (limit - x < _CLOSE * np.minimum(1.0, limit)) | (self.time[some] > _FOREVER) & (limit - x < 1.0)
        self.walking[some[close | (x >= self.top)]] = False
        ooms = np.floor(x) + 1.0
        met = np.flatnonzero(close & (ooms < limit) & (ooms <= self.top))
        before, there = inner[-1], (x, self.time[some], self.log[some])
        tail = Tail.of(*(v[met] for v in (before[0], before[2], *there, limit)))
        self.ends[ooms[met].astype(np.intp), draws[met]] = tail.time_at(ooms[met])

    def _up_to_the_date(self, some: Draws, h: Floats, date: Floats) -> None:
        """A row before the date and one after it, for draws whose step crosses it."""
        if not len(some):
            return
        pace, h, date = self.pace.part(some), h[some], date[some]
        x, time, log = self.x[some], self.time[some], self.log[some]
        low, high, part = np.zeros(len(some)), np.ones(len(some)), np.full(len(some), 0.5)
        taken = _Step(pace, x, part * h, time, log)
        for _ in range(_ROUNDS):
            off = date - taken.time
            met = np.abs(off) <= _ON_TIME * (date - time)
            if met.all():
                break
            low, high = np.where(off >= 0, part, low), np.where(off >= 0, high, part)
            newton = part + off * np.exp(-taken.log) / h
            newton = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
            part = np.where(met, part, newton)
            taken = _Step(pace, x, part * h, time, log)
        x, time, regime = x + part * h, np.maximum(date, time), pace.regime(time)
        before = (x, time, _log_slowness(pace, x, time, regime))  # exactly as beyond it where nothing jumps
        log = _log_slowness(pace, x, time, pace.regime(time))
        self.table.add(self.draws[some], *taken.inner, before, before, before, (x, time, log))
        self.x[some], self.time[some], self.log[some] = x, time, log
        self.h[some] = np.minimum(self.h[some], h)
