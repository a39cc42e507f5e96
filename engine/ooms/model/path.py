"""A solved trajectory, and everything that can be read off it: times, progress, windows, the peak, the fizzle.

Rows say about where something is; what is read there is worked out from the last row at which time is known exactly, by
the rule that made the rows. So a reading is as exact as the solution, wherever it falls between rows. Beyond the last
row, within a hundredth of an OOM of a software limit, the pace falls as a power of what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.arrays import chosen
from ooms.model.inputs import Inputs
from ooms.model.production import nonzero
from ooms.model.tail import Tail

__all__ = ["Peak", "Rows", "Trajectory", "Way", "Workspace"]

Floats = NDArray[np.float64]
Draws = NDArray[np.intp]

_RIDDERS = 4  # to place a crossing between two rows, of two values each
_SHORT = 1e-3  # OOMs: a stretch as short as this runs at the highest pace
_NUDGE = 1e-6  # OOMs over which a slope is measured
_BUMP = 0.1  # of ln(dT/dx): how far the pace may rise above its rows between two of them
_ROUNDING = 1e-12  # of ln(dT/dx): the rows before and after a kink differ by that, and two ways to today's pace


@dataclass(frozen=True, slots=True)
class Rows:
    """Progress, time and ln(dT/dx) at rows, shape (rows, draws); +inf beyond a draw's last row.

    A date at which the formula changes has two rows, before and after, at one progress and time. Times are exact at
    every `stride`-th row, and in between good enough to look things up.
    """

    positions: Floats
    times: Floats
    logs: Floats
    stride: int
    log_stride: int = 1
    """The same for ln(dT/dx)."""

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """Positions, times, logs."""
        return self.positions, self.times, self.logs


class Way(Protocol):
    """The way on from a known row, without a date in between."""

    def onward(self, x0: Floats, t0: Floats, l0: Floats, x: Floats) -> tuple[Floats, Floats]:
        """Time and ln(dT/dx) at x, from the state at x0."""
        ...

    def slowness(self, x0: Floats, t0: Floats, l0: Floats, x: Floats) -> Floats:
        """ln(dT/dx) alone."""
        ...

    def slope(self, x0: Floats, t0: Floats, l0: Floats, x: Floats, nudge: Floats) -> Floats:
        """How fast ln(dT/dx) rises along the way from x to x + nudge."""
        ...


class Workspace:
    """Large arrays that are used again and again: fresh memory costs as much as what is computed in it."""

    def __init__(self) -> None:
        self._arrays: dict[str, Floats] = {}

    def array(self, name: str, shape: tuple[int, int]) -> Floats:
        """An array of that shape, holding whatever it held before."""
        if name not in self._arrays or self._arrays[name].shape != shape:
            self._arrays[name] = np.empty(shape)
        return self._arrays[name]


_MOST_STEPS, _SETTLED = 30, 1e-4
"""Of Newton's method for progress at a time; a step so small a part of the gap leaves an error of its square."""


class Peak(NamedTuple):
    """The highest pace on the way, over today's human pace, and when it comes: in years, and in OOMs of progress."""

    pace: Floats
    years: Floats
    ooms: Floats


class _Gap(NamedTuple):
    """The stretch from a row to the next, for every draw: progress, time and ln(dT/dx) at its ends."""

    x0: Floats
    x1: Floats
    t0: Floats
    t1: Floats
    l0: Floats
    l1: Floats

    @property
    def bend(self) -> Floats:
        """Rise of ln(dT/dx), not 0."""
        return nonzero(self.l1 - self.l0)

    def time_at(self, x: Floats) -> Floats:
        """About when progress is x: as if ln(dT/dx) were straight, and then with its values at both ends."""
        # If dT/dx = e^(l0 + b s), s the part of the way and b the rise, T goes as (e^(b s) - 1) / (e^b - 1) from t0 to
        # t1. Slopes at the ends are then not those of e^l0 and e^l1: the cubic s (1 - s) (start (1 - s) - end s), 0 at
        # both ends with slopes start and end there, adds what they lack.
        length, took, bend = self.x1 - self.x0, self.t1 - self.t0, self.bend
        part, rise = (x - self.x0) / length, np.expm1(bend)
        steep = took * bend / rise
        start, end = length * np.exp(self.l0) - steep, length * np.exp(self.l1) - steep * (1.0 + rise)
        straight = took * np.expm1(bend * part) / rise
        bent = straight + part * (1 - part) * (start * (1 - part) - end * part)
        return self.t0 + np.where((bent >= 0.0) & (bent <= took), bent, straight)

    def progress_at(self, t: Floats) -> Floats:
        """About how much progress there is at t."""
        # the inverse of (e^(b s) - 1) / (e^b - 1): s = ln(1 + part (e^b - 1)) / b
        part = (t - self.t0) / (self.t1 - self.t0)
        return self.x0 + (self.x1 - self.x0) * np.log1p(part * np.expm1(self.bend)) / self.bend


class Trajectory:
    """Times to progress for a block of draws.

    Parameters
    ----------
    inputs : Inputs
        The parameters, in the solver's order.
    limit : array, shape (draws,)
        Progress at which it ends, OOM: software limits.
    ends : array, shape (top + 1, draws)
        Times to whole OOMs, years.
    rows : Rows or None
        Everything that is known in between.
    way : Way
        The way on from there.
    order : array of int or None
        The solver's order of the draws; every method answers in the caller's order.
    """

    def __init__(
        self, inputs: Inputs, limit: Floats, ends: Floats, rows: Rows | None, way: Way, order: Draws | None
    ) -> None:
        self._inputs, self._limit, self._ends = inputs, limit, ends
        self._rows, self._way, self._order = rows, way, order
        self._columns = np.arange(len(limit))
        self._lows: dict[int, tuple[Floats, Floats, Floats]] = {}

    @property
    def top(self) -> int:
        """Progress followed, OOMs."""
        return len(self._ends) - 1

    @property
    def rows(self) -> Rows:
        """What is known at every row, in the solver's order."""
        if self._rows is None:
            message = "this trajectory keeps times to whole OOMs only: solve with dense=True"
            raise ValueError(message)
        return self._rows

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

    def _each(self, value: ArrayLike) -> Floats:
        """The same, one for each draw."""
        return np.broadcast_to(self._asked(value), self._limit.shape)

    # where things are

    def _at(self, array: Floats, row: Draws) -> Floats:
        """Of each draw the value at its own row."""
        return array.reshape(-1)[self._places(row)]

    def _places(self, row: Draws) -> Draws:
        """Where each draw's own row is, with the rows one after the other."""
        return row * len(self._columns) + self._columns

    def _gap(self, row: Draws, rows: Draws | int = 1) -> _Gap:
        """From each draw's row to its next, or so many on."""
        after = np.minimum(row + rows, len(self.rows.times) - 1)
        ends = self._places(row), self._places(after)
        return _Gap(*(array.reshape(-1)[places] for array in self.rows.arrays for places in ends))

    def _base(self, row: Draws) -> tuple[Floats, Floats, Floats]:
        """Progress, time and ln(dT/dx) at the last row before at which they are exact."""
        places = self._places(row - row % self.rows.stride)
        x, t, log = (array.reshape(-1)[places] for array in self.rows.arrays)
        return x, t, log

    def _next_exact(self, row: Draws) -> Draws:
        """The next such row: between the two, rows only say about where something is."""
        return np.minimum(row - row % self.rows.stride + self.rows.stride, len(self.rows.times) - 1)

    def _beyond(self, row: Draws) -> Draws:
        """Draws with a limit for which nothing is known after that row."""
        after = np.minimum(row + 1, len(self.rows.times) - 1)
        last = (row + 1 == len(self.rows.times)) | np.isinf(self._at(self.rows.positions, after))
        return np.flatnonzero(last & np.isfinite(self._limit))

    def _tail(self, row: Draws, draws: Draws) -> Tail:
        """The last stretch of some draws, from their last row on."""
        row = row[draws]
        before = np.maximum(row - 1, 0)
        x0, t0, l0 = (array[row, draws] for array in self.rows.arrays)
        x, log = self.rows.positions[before, draws], self.rows.logs[before, draws]
        return Tail.of(x, log, x0, t0, l0, self._limit[draws])

    def _row_of(self, x: Floats) -> Draws:
        """The last row that comes no later than that progress."""
        return np.count_nonzero(self.rows.positions[1:] <= x, axis=0).astype(np.intp)

    def _inside(self, x: Floats) -> Floats:
        """Progress kept on the way."""
        return np.clip(x, 0.0, np.nextafter(self._limit, 0.0))

    def _state(self, x: Floats) -> tuple[Floats, Floats]:
        """Time and ln(dT/dx) at each draw's own progress."""
        x = self._inside(x)
        row = self._row_of(x)
        time, log = self._way.onward(*self._base(row), x)
        draws = self._beyond(row)
        tail = self._tail(row, draws)
        time[draws], log[draws] = tail.time_at(x[draws]), tail.slowness_at(x[draws])
        return time, log

    def _slowness(self, x: Floats) -> Floats:
        """ln(dT/dx) alone."""
        x = self._inside(x)
        row = self._row_of(x)
        log = self._way.slowness(*self._base(row), x)
        draws = self._beyond(row)
        log[draws] = self._tail(row, draws).slowness_at(x[draws])
        return log

    # what is read off

    def time_to(self, ooms: ArrayLike) -> Floats:
        """Years to that much progress; +inf if it never comes.

        Parameters
        ----------
        ooms : float or array, shape (draws,)
            Progress, OOMs of effective training compute; at most `top`.
        """
        x = np.asarray(ooms, dtype=float)
        if x.ndim == 0 and x > self.top:
            return np.full(self._limit.shape, np.inf)
        if x.ndim == 0 and float(x).is_integer():
            return self._answer(self._ends[int(x)].copy())
        return self._answer(self._time_to(self._each(ooms)))

    def _time_to(self, x: Floats) -> Floats:
        with np.errstate(all="ignore"):
            time = np.where(x <= 0.0, 0.0, self._state(x)[0])
        return np.where((x < self._limit) & (x <= self.top) & ~np.isnan(time), time, np.inf)

    def progress_after(self, years: ArrayLike) -> Floats:
        """OOMs gained after that many years; +inf if more than `top`.

        Parameters
        ----------
        years : float or array, shape (draws,)
            Time since full automation.
        """
        return self._answer(self._progress_after(self._each(years)))

    def _progress_after(self, years: Floats) -> Floats:
        row = np.count_nonzero(self.rows.times[1:] <= years, axis=0).astype(np.intp)
        with np.errstate(all="ignore"):
            gap, (x0, t0, l0) = self._gap(row), self._base(row)
            x1 = self._at(self.rows.positions, self._next_exact(row))
            guess = gap.progress_at(years)
            guess = chosen(np.isnan(guess), gap.x0, np.clip(guess, gap.x0, gap.x1))
            slope, x = nonzero((gap.l1 - gap.l0) / (gap.x1 - gap.x0)), guess
            settled = np.zeros(x.shape, dtype=np.bool_)
            # The time d that is missing at x is gone at a pace that changes as it does along the gap: with
            # dT/dx = e^(log + slope y) at x + y, d = e^log (e^(slope y) - 1) / slope, which is solved for y.
            for k in range(_MOST_STEPS):
                time, log = self._way.onward(x0, t0, l0, x)
                more = np.log1p(slope * (years - time) * np.exp(-log)) / slope
                more = chosen(np.isfinite(more), np.clip(x + more, x0, x1), x) - x
                x = chosen(settled, x, x + more)
                if k:  # each draw stops by itself, so that no other changes its last digit
                    settled |= np.abs(more) <= _SETTLED * (gap.x1 - gap.x0)
                if settled.all():
                    break
            draws = self._beyond(row)
            x[draws] = self._tail(row, draws).progress_at(years[draws])
            x = np.where(years <= 0.0, 0.0, chosen(np.isnan(x), gap.x0, np.minimum(x, self._limit)))
            ended = (gap.x0 >= self.top) & (self._limit > self.top)
        return np.where(ended | (x > self.top), np.inf, x)

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
        The minimum over s of T(s + ooms) - T(s): what Davidson & Houlden count. There the pace is the same at both
        ends, or s is 0, or the stretch ends with the way, or hardware is lost at its end or gained at its start.
        """
        length = self._each(ooms)
        with np.errstate(all="ignore"):
            way = np.minimum(self._limit, self.top)
            if np.isfinite(horizon):
                way = np.minimum(way, self._progress_after(np.full(way.shape, horizon)))
            last = way - length
            low, high = self._around_the_fastest(length, last)
            first = self._time_to(length)
            short_of_it = np.where(way < self._limit, way, np.nextafter(way, 0.0))

            def stretch(start: Floats) -> Floats:
                start = np.clip(start, 0.0, np.maximum(last, 0.0))
                end = np.minimum(start + length, short_of_it)
                return self._time_to(end) - np.where(start > 0.0, self._time_to(start), 0.0)

            took = stretch(self._even(length, low, high))
            if self._inputs.hardware_shock is not None:
                took = np.fmin(took, stretch(self._beside_the_jump(length)))
            at_peak = length * np.exp(np.min(np.where(self.rows.times > horizon, np.inf, self.rows.logs), axis=0))
            took = np.where(length < _SHORT, at_peak, took)
            took = np.minimum(np.where(took >= 0.0, took, np.inf), np.where(first > horizon, np.inf, first))
        return self._answer(np.where((last < 0.0) | (last == 0.0) & (way == self._limit), np.inf, took))

    def _beside_the_jump(self, length: Floats) -> Floats:
        """Where a stretch starts that ends when hardware is lost, or begins when it is gained."""
        positions, _, logs = self.rows.arrays
        jumps = (positions[1:] == positions[:-1]) & (np.abs(logs[1:] - logs[:-1]) > _ROUNDING)
        row = np.argmax(jumps, axis=0)
        lost = self._at(logs, row + 1) > self._at(logs, row)
        return np.where(jumps.any(axis=0), self._at(positions, row) - np.where(lost, length, 0.0), 0.0)

    def _around_the_fastest(self, length: Floats, last: Floats) -> tuple[Floats, Floats]:
        """Starts between which the fastest stretch starts: the rows beside the best, of every other row."""
        positions, times, _ = self.rows.arrays
        end, final = np.zeros(len(length), dtype=np.intp), np.maximum(last, 0.0)
        best, high = np.full(len(length), np.inf), final.copy()
        low, before = np.zeros(len(length)), np.zeros(len(length))
        just_found = np.zeros(len(length), dtype=np.bool_)
        for row in range(0, len(times) + 2, 2):  # last of all where the last stretch starts
            start = positions[row] if row < len(times) else final
            some = start <= last
            if not some.any():
                continue
            np.copyto(high, start, where=just_found & some)
            just_found &= ~some
            while True:
                ahead = np.minimum(end + 1, len(times) - 1)
                passed = some & (ahead > end) & (self._at(positions, ahead) <= start + length)
                if not passed.any():
                    break
                end = end + passed
            time = times[row] if row < len(times) else self._gap(self._row_of(final)).time_at(final)
            took = self._gap(end).time_at(start + length) - time
            better = some & (took < best)
            for array, value in ((best, took), (low, before), (high, final), (just_found, True)):
                np.copyto(array, value, where=better)
            np.copyto(before, start, where=some)
        return low, high

    def _even(self, length: Floats, low: Floats, high: Floats) -> Floats:
        """Where between low and high a stretch is as fast at its end as at its start."""

        def slower(start: Floats) -> Floats:
            return self._slowness(start + length) - self._slowness(start)

        return _crossing(slower, low, high, slower(low), slower(high))

    def peak(self) -> Peak:
        """Highest pace on the way over today's human pace, and when it comes; +inf if still rising at `top`."""
        with np.errstate(all="ignore"):
            x, time, log = self._lowest(self.rows.log_stride)
            if self.rows.log_stride > 1:  # rows in between know of peaks within a step, but not exactly where
                between = self._lowest(1)
                lower = between[2] < log
                x, time, log = (np.where(lower, b, a) for a, b in zip((x, time, log), between, strict=True))
            rising = x >= self.top
            pace = np.exp(np.where(rising, np.inf, -log - np.log(self._inputs.software_growth)))
        time, x = (np.where(rising | np.isnan(values), np.inf, values) for values in (time, x))
        return Peak(*map(self._answer, (pace, np.where(x > 0.0, time, 0.0), x)))

    def _lowest(self, every: int) -> tuple[Floats, Floats, Floats]:
        """The lowest beside so many rows, worked out once: the peak and the fizzle both ask."""
        if every not in self._lows:
            self._lows[every] = self._lowest_of(every)
        return self._lows[every]

    def _lowest_of(self, every: int) -> tuple[Floats, Floats, Floats]:
        """Progress, time and ln(dT/dx) where that is lowest, beside the lowest of so many rows."""
        logs, exact = self.rows.logs, self.rows.log_stride
        lowest, shape = logs[0].copy(), self._limit.shape
        first, final = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
        for k in range(every, len(logs), every):  # the last of such rows, as they come in order
            np.maximum(first, np.multiply(logs[k] < lowest - _ROUNDING, np.int32(k)), out=first)
            np.maximum(final, np.multiply(logs[k] <= lowest + _ROUNDING, np.int32(k)), out=final)
            np.minimum(lowest, logs[k], out=lowest)
        first, final = first.astype(np.intp), final.astype(np.intp)
        before = np.maximum(first - 1, 0)
        return self._lowest_beside(before - before % exact, first, final, final - final % exact + exact)

    def _lowest_beside(self, low: Draws, first: Draws, final: Draws, high: Draws) -> tuple[Floats, Floats, Floats]:
        """Progress, time and ln(dT/dx) where it is lowest, if its lowest rows are first to final.

        That may be in the stretch from row low to the first, or from the final to row high, if it falls from there.
        """
        left, right = self._gap(low, first - low), self._gap(final, high - final)
        left_base, right_base = self._base(low), self._base(final)
        nudges = [_NUDGE * np.minimum(1.0, gap.x1 - gap.x0) for gap in (left, right)]
        falls = [
            (first > 0) & (self._way.slope(*left_base, left.x1, -nudges[0]) > 0) & (left.x1 > left.x0),
            (self._way.slope(*right_base, right.x0, nudges[1]) < 0) & (right.x1 > right.x0) & np.isfinite(right.x1),
        ]
        to_the_left = falls[0] & ~falls[1]
        gap = _Gap(*(np.where(to_the_left, a, b) for a, b in zip(left, right, strict=True)))
        x0, t0, l0 = (np.where(to_the_left, a, b) for a, b in zip(left_base, right_base, strict=True))
        nudge = np.where(falls[1], nudges[1], -nudges[0])

        def slope(x: Floats) -> Floats:
            return self._way.slope(x0, t0, l0, x, nudge)

        near, far = gap.x0 + np.maximum(-nudge, 0.0), gap.x1 - np.maximum(nudge, 0.0)  # where the nudge stays inside
        at = _crossing(slope, near, far, slope(near), slope(far))
        at = np.where(falls[0] | falls[1], at, right.x0)
        time, log = self._way.onward(x0, t0, l0, at)
        known = ~np.isnan(log)  # where no step leads on, the row itself is the peak
        return np.where(known, at, right.x0), np.where(known, time, right.t0), np.where(known, log, right.l0)

    def fizzle(self) -> Floats:
        """OOMs gained when the pace, once above today's human pace, first falls back to it; 0 if it never rises above.

        +inf if it never falls back.
        """
        logs = self.rows.logs
        level = np.broadcast_to(-np.log(self._inputs.software_growth), self._limit.shape)
        rows: Draws = np.zeros((2, len(level)), dtype=np.intp)
        fallen, risen = np.zeros((2, len(level)), dtype=np.bool_), np.zeros(len(level), dtype=np.bool_)
        for k, log in enumerate(logs):
            risen |= log < level - _ROUNDING
            falls, exact = risen & (log > level), logs[min(k - k % -self.rows.log_stride, len(logs) - 1)]
            fallen[0] |= falls & (exact > level)
            fallen[1] |= falls
            rows += ~fallen
        with np.errstate(all="ignore"):
            # rows within a step say about what the pace is: whether it dips there is worked out
            dip = np.minimum(rows[1], len(logs) - 1)
            there = self._way.slowness(*self._base(dip), self._at(self.rows.positions, dip)) > level
            row = np.where(risen, rows[np.where(there, 1, 0), self._columns], 0)
            before = np.maximum(row - 1, 0)
            gap, base = self._gap(before), self._base(before)

            def slower(x: Floats) -> Floats:
                return self._way.slowness(*base, x) - level

            at_low, at_high, after = slower(gap.x0), slower(gap.x1), self._next_exact(before)
            early, late = (at_low > 0.0) & (base[2] <= level), at_high < 0.0
            low, at_low = np.where(early, base[0], gap.x0), np.where(early, base[2] - level, at_low)
            high = np.where(late, self._at(self.rows.positions, after), gap.x1)
            x = _crossing(slower, low, high, at_low, np.where(late, self._at(logs, after) - level, at_high))
            draws = self._beyond(before)
            x[draws] = self._tail(before, draws).progress_when(level[draws])
            x = np.where(row > 0, np.where(np.isnan(x), gap.x0, x), 0.0)
            if not risen.all() and np.any(~risen & (np.min(logs, axis=0) < level + _BUMP)):
                x = np.where(risen, x, self._end_of_bump(level))
        x = np.minimum(x, self._limit)
        never = (row > 0) & (gap.x0 >= self.top) & (self._limit > self.top) | (x > self.top)
        return self._answer(np.where(never, np.inf, x))

    def _end_of_bump(self, level: Floats) -> Floats:
        """Progress at which a pace that exceeds today's between two rows only falls back to it; 0 if none does."""
        peak, _, log = self._lowest(self.rows.log_stride)
        row = self._row_of(peak)
        base, end = self._base(row), self._at(self.rows.positions, self._next_exact(row))

        def slower(x: Floats) -> Floats:
            return self._way.slowness(*base, x) - level

        fallen = _crossing(slower, peak, end, log - level, slower(end))
        return np.where((log < level - _ROUNDING) & np.isfinite(fallen), fallen, 0.0)


def _crossing(
    function: Callable[[Floats], Floats], low: Floats, high: Floats, at_low: Floats, at_high: Floats
) -> Floats:
    """Where a function that is below 0 at low and above at high passes 0; the end on the wrong side, if one is.

    By Ridders' method: quadratic where the function is smooth, and the bracket is at least halved at a kink or a jump.
    """
    first, last, never, always = low, high, at_high <= 0.0, at_low >= 0.0
    at_low, at_high, x = np.maximum(at_low, -_CLIP), np.minimum(at_high, _CLIP), low
    for _ in range(_RIDDERS):
        middle = (low + high) / 2
        at_middle = np.clip(function(middle), -_CLIP, _CLIP)
        x = middle - (middle - low) * at_middle / np.sqrt(at_middle**2 - at_low * at_high)
        x = np.where(np.isfinite(x), x, middle)
        for point, value in ((middle, at_middle), (x, np.clip(function(x), -_CLIP, _CLIP))):
            below = value < 0.0
            low, at_low = chosen(below, point, low), chosen(below, value, at_low)
            high, at_high = chosen(below, high, point), chosen(below, at_high, value)
    return np.where(always, first, np.where(never, last, x))


_CLIP = 30.0
"""Differences of ln(dT/dx) that steer it at most."""
