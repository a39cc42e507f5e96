"""A solved trajectory, and everything that can be read off it: times, progress, windows, the peak, the fizzle.

Between rows ln(dT/dx) is taken as straight and the time between them as known, which gives closed forms both ways. In
the last gap before a software limit, where the time diverges, the pace falls as a power of what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.grid import NODES, ROWS, row_positions
from ooms.model.inputs import Inputs
from ooms.model.production import nonzero

__all__ = ["Dense", "Trajectory", "Workspace"]

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Dense:
    """Times and ln(dT/dx) at every row of progress, shape (rows, draws)."""

    times: Floats
    log_slowness: Floats


class Workspace:
    """Large arrays that are used again and again: fresh memory costs as much as what is computed in it."""

    def __init__(self) -> None:
        self._arrays: dict[str, Floats] = {}

    def array(self, name: str, shape: tuple[int, int]) -> Floats:
        """An array of that shape, holding whatever it held before."""
        if name not in self._arrays or self._arrays[name].shape != shape:
            self._arrays[name] = np.empty(shape)
        return self._arrays[name]


class Peak(NamedTuple):
    """The highest pace on the way, over today's human pace, and when it comes: in years, and in OOMs of progress."""

    pace: Floats
    years: Floats
    ooms: Floats


class _Gap(NamedTuple):
    """The stretch between two rows, for every draw: progress, time and ln(dT/dx) at its ends."""

    x0: Floats
    x1: Floats
    t0: Floats
    t1: Floats
    l0: Floats
    l1: Floats
    last: Rows
    """Draws for which it is the last gap before the limit."""
    steepness: Floats
    """The exponent of their power law."""


class Trajectory:
    """Times to progress for a block of draws.

    Parameters
    ----------
    inputs : Inputs
        The parameters, in the solver's order.
    limit : array, shape (draws,)
        Software limits, OOM.
    ends : array, shape (top + 1, draws)
        Times to whole OOMs, years.
    whole_panels : array of int, shape (draws,)
        How many panels were integrated whole (`ooms.model.grid`).
    dense : Dense or None
        Times and slowness at every row.
    order : array of int or None
        The solver's order of the draws; every method answers in the caller's order.
    """

    def __init__(
        self, inputs: Inputs, limit: Floats, ends: Floats, whole_panels: Rows, dense: Dense | None, order: Rows | None
    ) -> None:
        self._inputs, self._limit, self._ends = inputs, limit, ends
        self._whole, self._dense, self._order = whole_panels, dense, order
        self._positions = row_positions(self.top)
        self._columns = np.arange(len(limit))

    @property
    def top(self) -> int:
        """Progress followed, OOMs."""
        return len(self._ends) - 1

    @property
    def rows(self) -> Dense:
        """Times and slowness at every row, in the solver's order."""
        if self._dense is None:
            message = "this trajectory keeps times to whole OOMs only: solve with dense=True"
            raise ValueError(message)
        return self._dense

    def _answer(self, values: Floats) -> Floats:
        """Back to the caller's order."""
        if self._order is None:
            return values
        answer = np.empty_like(values)
        answer[self._order] = values
        return answer

    def _asked(self, value: ArrayLike) -> Floats:
        """A question per draw, in the solver's order."""
        value = np.asarray(value, dtype=float)
        return value[self._order] if value.ndim and self._order is not None else value

    def time_to(self, ooms: ArrayLike) -> Floats:
        """Years to that much progress; +inf if it never comes.

        Parameters
        ----------
        ooms : float or array, shape (draws,)
            Progress, OOMs of effective training compute; at most `top`.
        """
        x = self._asked(ooms)
        if x.ndim == 0 and x > self.top:
            return np.full(self._limit.shape, np.inf)
        if x.ndim == 0 and float(x).is_integer():
            return self._answer(self._ends[int(x)].copy())
        return self._answer(self._time_to(np.broadcast_to(x, self._limit.shape)))

    def _time_to(self, x: Floats) -> Floats:
        panel = np.clip(np.floor(x), 0, self.top - 1)
        offset = x - panel
        whole = panel < self._whole
        inner = np.where(whole, np.searchsorted(NODES, offset, side="right") - 1, np.floor(offset * ROWS))
        gap = self._gap((panel * ROWS + np.minimum(inner, ROWS - 1)).astype(np.intp))
        with np.errstate(all="ignore"):
            part = (x - gap.x0) / (gap.x1 - gap.x0)
            bend = nonzero(gap.l1 - gap.l0)
            time = gap.t0 + (gap.t1 - gap.t0) * np.expm1(bend * part) / np.expm1(bend)
            x0, x1, t0, l0 = (values[gap.last] for values in (gap.x0, gap.x1, gap.t0, gap.l0))
            c = nonzero(gap.steepness - 1.0)
            left = (x1 - x[gap.last]) / (x1 - x0)
            time[gap.last] = t0 + np.exp(l0) * (x1 - x0) * np.expm1(-c * np.log(left)) / c
            time = np.where(x <= gap.x0, gap.t0, time)
        return np.where((x < self._limit) & (x <= self.top) & ~np.isnan(time), time, np.inf)

    def progress_after(self, years: ArrayLike) -> Floats:
        """OOMs gained after that many years; +inf if more than `top`.

        Parameters
        ----------
        years : float or array, shape (draws,)
            Time since full automation.
        """
        return self._answer(self._progress_after(self._asked(years)))

    def _progress_after(self, years: Floats) -> Floats:
        times = self.rows.times
        passed = np.count_nonzero(times[1:] <= years, axis=0)
        gap = self._gap(np.minimum(passed, len(times) - 2).astype(np.intp))
        with np.errstate(all="ignore"):
            part = (years - gap.t0) / (gap.t1 - gap.t0)
            bend = nonzero(gap.l1 - gap.l0)
            x = gap.x0 + (gap.x1 - gap.x0) * np.log1p(part * np.expm1(bend)) / bend
            x0, x1, t0, l0 = (values[gap.last] for values in (gap.x0, gap.x1, gap.t0, gap.l0))
            c = nonzero(gap.steepness - 1.0)
            waited = (np.broadcast_to(years, gap.t0.shape)[gap.last] - t0) * np.exp(-l0) / (x1 - x0)
            x[gap.last] = x1 - (x1 - x0) * np.exp(-np.log1p(np.maximum(c * waited, -1.0)) / c)
            x = np.where(np.isnan(x) | (gap.t0 >= years), gap.x0, x)
        return np.where(passed >= len(times) - 1, np.inf, x)

    def _gap(self, row: Rows) -> _Gap:
        """The stretch from each draw's row to its next."""
        times, logs = self.rows.times, self.rows.log_slowness
        x0, x1 = self._position(row), np.minimum(self._position(row + 1), self._limit)
        l0, l1 = logs[row, self._columns], logs[row + 1, self._columns]
        t0, t1 = times[row, self._columns], times[row + 1, self._columns]
        last = np.flatnonzero(np.isinf(t1) | np.isinf(l1))
        return _Gap(x0, x1, t0, t1, l0, l1, last, self._steepness(row[last], last))

    def _steepness(self, row: Rows, draws: Rows) -> Floats:
        """Exponent with which the pace falls as the limit comes near, from the row before, for some draws."""
        logs, limit, whole = self.rows.log_slowness, self._limit[draws], self._whole[draws]
        before = np.maximum(row - 1, 0)
        x0, x = (self._positions[(r < whole * ROWS).astype(np.intp), r] for r in (before, row))
        with np.errstate(all="ignore"):
            steepness = (logs[row, draws] - logs[before, draws]) / np.log((limit - x0) / (limit - x))
        return np.where((row > 0) & np.isfinite(steepness), np.maximum(steepness, 0.0), 1.0)

    def _position(self, row: Rows) -> Floats:
        """Progress at each draw's row."""
        return self._positions[(row < self._whole * ROWS).astype(np.intp), row]

    def fastest(self, ooms: ArrayLike, horizon: float = np.inf) -> Floats:
        """Years that the fastest stretch of that length takes, wherever along the way it starts.

        Parameters
        ----------
        ooms : float or array, shape (draws,)
            Length of the stretch, OOMs.
        horizon : float
            Years by which the stretch must have ended.

        Notes
        -----
        The minimum over s of T(s + ooms) - T(s): what Davidson & Houlden count. s runs over a grid of 1/6 OOM, refined
        by a parabola.
        """
        length = self._asked(ooms) * ROWS
        times = self._even_times
        longest = len(times) - 4.0
        with np.errstate(all="ignore"):
            shifted = _shifted(times, np.clip(length, 1.0, longest))
            windows = shifted - times[: len(shifted)]
            windows = np.where(np.isnan(windows) | (shifted > horizon), np.inf, windows)
            value = self._lowest(windows)
            # a stretch shorter than a row runs at the highest pace; one longer than the way never ends
            slowness = np.where(times > horizon, np.inf, self.rows.log_slowness)
            at_peak = length / ROWS * np.exp(np.min(slowness, axis=0))
        value = np.where(length < 1.0, at_peak, np.where(length > longest, np.inf, np.maximum(value, 0.0)))
        first = self._time_to(np.broadcast_to(length / ROWS, value.shape))
        return self._answer(np.minimum(value, np.where(first > horizon, np.inf, first)))

    def _lowest(self, windows: Floats) -> Floats:
        """The minimum over rows, refined by a parabola through the lowest row and its neighbours."""
        value = np.min(windows, axis=0)
        if len(windows) < 3:
            return value
        best, found = np.zeros(len(value), dtype=np.intp), np.zeros(len(value), dtype=np.bool_)
        for row in windows:
            found |= row == value
            best += ~found
        inner = np.clip(best, 1, len(windows) - 2)
        left, mid, right = (windows[inner + k, self._columns] for k in (-1, 0, 1))
        bow = left - 2.0 * mid + right
        vertex = mid - (right - left) ** 2 / (8.0 * bow)
        better = (inner == best) & (bow > 0) & np.isfinite(vertex)
        return np.where(better, np.minimum(vertex, value), value)

    @cached_property
    def _even_times(self) -> Floats:
        """Times at rows 1/6 OOM apart for every draw."""
        times, logs = self.rows.times, self.rows.log_slowness
        even = times.copy()
        with np.errstate(all="ignore"):
            for panel in range(self.top):
                some = panel < self._whole
                if not some.any():
                    break
                for k in range(1, ROWS):
                    i = int(np.searchsorted(NODES, k / ROWS, side="right")) - 1
                    row, part = panel * ROWS + i, (k / ROWS - NODES[i]) / (NODES[i + 1] - NODES[i])
                    bend = nonzero(logs[row + 1] - logs[row])
                    filled = times[row] + (times[row + 1] - times[row]) * np.expm1(bend * part) / np.expm1(bend)
                    np.copyto(even[panel * ROWS + k], filled, where=some & ~np.isnan(filled))
        return even

    def peak(self) -> Peak:
        """Highest pace on the way over today's human pace, and when it comes; +inf if still rising at `top`."""
        logs = self.rows.log_slowness
        row, lowest = np.zeros(len(self._limit), dtype=np.intp), logs[0].copy()
        for k in range(1, len(logs)):
            np.copyto(row, k, where=logs[k] < lowest)
            np.minimum(lowest, logs[k], out=lowest)
        x = self._position(row)
        inner = np.clip(row, 1, len(logs) - 2)
        xs = [self._position(inner + k) for k in (-1, 0, 1)]
        ys = [logs[inner + k, self._columns] for k in (-1, 0, 1)]
        with np.errstate(all="ignore"):
            # vertex of the parabola through three rows; a peak before the first row is one at the start
            d0, d1 = (ys[1] - ys[0]) / (xs[1] - xs[0]), (ys[2] - ys[1]) / (xs[2] - xs[1])
            bow = (d1 - d0) / (xs[2] - xs[0])
            at = (xs[0] + xs[1]) / 2 - d0 / (2 * bow)
            low = ys[0] + (at - xs[0]) * (d0 + bow * (at - xs[1]))
            near = (row == inner) | ((row == 0) & (low <= logs[0]))
            smooth = near & (bow > 0) & (at > xs[0]) & (at < xs[2])
        at = np.where(smooth, at, x)
        rising = row == len(logs) - 1  # still, where it is followed no further
        log_pace = np.where(rising, np.inf, -np.where(smooth, low, logs[row, self._columns]))
        time = np.where(rising, np.inf, np.where(at > 0, self._time_to(np.minimum(at, float(self.top))), 0.0))
        pace = np.exp(log_pace - np.log(self._inputs.software_growth))
        return Peak(*map(self._answer, (pace, time, np.where(rising, np.inf, at))))

    def fizzle(self) -> Floats:
        """OOMs gained when the pace falls back to today's human pace; 0 if it never rose, +inf if it never falls."""
        logs = self.rows.log_slowness
        level = -np.log(self._inputs.software_growth)
        row, fast = np.zeros(len(self._limit), dtype=np.intp), np.ones(len(self._limit), dtype=np.bool_)
        for k in range(len(logs)):
            fast &= logs[k] <= level
            row += fast
        falls = ~fast
        row = np.minimum(row, len(logs) - 1)
        gap = self._gap(np.maximum(row - 1, 0))
        with np.errstate(all="ignore"):
            x = gap.x0 + (gap.x1 - gap.x0) * (level - gap.l0) / (gap.l1 - gap.l0)
            x0, x1, l0 = (values[gap.last] for values in (gap.x0, gap.x1, gap.l0))
            wanted = np.broadcast_to(level, gap.l0.shape)[gap.last]
            x[gap.last] = x1 - (x1 - x0) * np.exp(-(wanted - l0) / gap.steepness)
        return self._answer(np.where(falls, np.where(row > 0, x, 0.0), np.inf))


def _shifted(times: Floats, length: Floats) -> Floats:
    """Times `length` rows further on, by cubic interpolation over four rows (straight where that leaves the gap)."""
    whole = np.floor(length).astype(np.intp)
    s = length - whole
    count = len(times) - int(np.min(whole)) - 2
    if whole.ndim == 0:
        w = int(whole)
        before, at, after, beyond = (times[w + k : w + k + count] for k in (-1, 0, 1, 2))
    else:
        rows = np.arange(count)[:, None] + whole
        before, at, after, beyond = (_rows(times, rows + k) for k in (-1, 0, 1, 2))
    cubic = (
        before * (-s * (s - 1) * (s - 2) / 6)
        + at * ((s + 1) * (s - 1) * (s - 2) / 2)
        + after * (-(s + 1) * s * (s - 2) / 2)
        + beyond * ((s + 1) * s * (s - 1) / 6)
    )
    straight = np.where(s == 0, at, at + (after - at) * s)
    return np.where((at <= cubic) & (cubic <= after), cubic, straight)


def _rows(times: Floats, rows: Rows) -> Floats:
    """Times at each draw's own rows; never beyond the last."""
    last = len(times) - 1
    return np.where(rows > last, np.inf, np.take_along_axis(times, np.minimum(rows, last), axis=0))
