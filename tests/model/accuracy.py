"""Every reading of every shipped view against an adaptive solver: ``python tests/model/accuracy.py`` (`make accuracy`).

The solver is a second implementation: the plain equation (`plain_model`), one draw at a time, by SciPy's DOP853. It
follows progress and time together, along

.. math:: d\\sigma = dx + dt/(t + \\epsilon)

so that it meets neither blow-ups nor stalls, and starts afresh at every date at which the formula changes. Towards a
limit X it counts progress as w, :math:`x = X (1 - e^{-w/X})`, whose end no step can pass.
"""

from __future__ import annotations

import argparse
import math
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from plain_model import LN10, Draw, log_pace
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicHermiteSpline
from scipy.optimize import brentq, minimize_scalar

import ooms
from ooms.beliefs.draws import Sampler
from ooms.files.library import shipped
from ooms.forecasting.horizon import way
from ooms.model.inputs import Inputs
from ooms.model.trajectory import solve

PATIENCE = 200.0
"""Years: what takes longer only has to take longer."""

TIMES = (*range(1, 13), 0.3, 2.5, 6.8)
AFTER = (0.25, 0.5, 1.0, 2.0, 4.0)
LENGTHS = (0.5, 1.0, 3.0, 5.0)
HORIZON = 4.0
SPAN, PROGRESS = 0.01, 0.005
"""What is asked for: 1 %, and .005 OOM."""
RESOLVED = 1e-7
"""Years: of shorter stretches the reference, good to some 1e-9 years, has too few digits."""

EXTRA: dict[str, tuple[str, dict[str, Any]]] = {
    "davidson-2025, hardware growing or shrinking": ("davidson-2025", {"hardware_growth": "uniform(-0.4, 0.6)"}),
    "davidson-2025, ramp": ("davidson-2025", {"ramp_years": "uniform(0.1, 4)"}),
    "davidson-2025, shock": (
        "davidson-2025", {"hardware_shock": "loguniform(0.02, 5)", "hardware_shock_year": "uniform(0.05, 3)"},
    ),
    "davidson-houlden-2025, ramp": ("davidson-houlden-2025", {"ramp_years": "uniform(0.1, 4)"}),
}  # fmt: skip
"""Clocks that no shipped view has, by themselves."""


def cases() -> list[str]:
    """Every shipped view, with each of its options, and the clocks."""
    return [*(f"{name}{o}" for name in shipped() for o in ("", *(f"+{o}" for o in ooms.load(name).options))), *EXTRA]


def case(name: str) -> ooms.View:
    """One of them."""
    warnings.simplefilter("ignore", ooms.BeliefWarning)  # options that change nothing of a view
    view, changes = EXTRA.get(name, (name, {}))
    return ooms.load(view).replace(**changes) if changes else ooms.load(view)


def plain(inputs: Inputs, k: int) -> Draw:
    """One draw, for the plain equation."""

    def own(value: Any) -> Any:
        return (value[k] if value.ndim else value).item() if isinstance(value, np.ndarray) else value

    draw = {f.name: own(getattr(inputs, f.name)) for f in fields(inputs)}
    names = ("rho", "compute_share", "experiment_efficiency", "productivity")
    return draw | {"routes": [tuple(own(getattr(route, name)) for name in names) for route in inputs.routes]}


class Reference:
    """One draw, solved adaptively up to `top` OOMs or `PATIENCE` years."""

    def __init__(self, draw: Draw, top: int) -> None:
        self.draw, self.top = draw, top
        self.limit = draw["software_limit"]
        dates = {draw.get(name) for name in ("ramp_years", "hardware_shock_year")} - {None, 0.0}
        stops = [0.0, *sorted(date for date in dates if date < PATIENCE), PATIENCE]
        state = np.array([0.0, 0.0] + [self._plain(0.0, 0.0)] * bool(draw["retraining"]))
        self.pieces: list[Piece] = []
        for start, stop in pairwise(stops):
            if state[0] < min(top, self.limit * (1 - 1e-12)):
                self.pieces.append(self._piece(state, start, stop))
                state = self.pieces[-1].at_end
                state[1] = stop

    def _plain(self, x: float, t: float) -> float:
        return log_pace(self.draw, x, t) if x < self.limit else -math.inf

    def _damped(self, x: float) -> float:
        """How fast the log pace changes under retraining."""
        per, step = LN10 * self.draw["labour_per_training"], 1e-5
        x = min(max(x, step), self.limit - 2 * step)
        kappa = (log_pace(self.draw, x + step) - log_pace(self.draw, x - step)) / (2 * step * per)
        left = kappa / (abs(1 - kappa) if self.draw["retraining"] == "as coded" else 1 + abs(kappa))
        return per * left

    def _piece(self, state: Any, start: float, stop: float) -> Piece:
        first = 1e-6
        before = math.nextafter(stop, 0.0)

        def log(y: Any) -> float:
            if self.draw["retraining"]:
                return y[2] if y[0] < self.limit else -math.inf
            return self._plain(y[0], min(max(y[1], start), before))

        def progress(y: Any) -> Any:
            x = y[0] if math.isinf(self.limit) else -self.limit * np.expm1(-y[0] / self.limit)
            return np.stack([x, *y[1:]])

        def right(_: float, y: Any) -> list[float]:
            y = progress(y)
            left = 1 - y[0] / self.limit
            pace, per = math.exp(min(log(y), 600.0)), left / (max(y[1], 0.0) + first)
            dw = pace / (pace + per) if left > 0 else 0.0
            return [dw, left / (pace + per) if left > 0 else max(y[1], 0.0) + first] + [
                self._damped(y[0]) * dw * left
            ] * bool(self.draw["retraining"])

        def late(_: float, y: Any) -> float:
            return y[1] - stop

        def far(_: float, y: Any) -> float:
            return progress(y)[0] - self.top

        for event in (late, far):
            event.terminal = True  # pyright: ignore[reportFunctionMemberAccess]
        if not math.isinf(self.limit):
            state = np.array([-self.limit * math.log1p(-state[0] / self.limit), *state[1:]])
        out = solve_ivp(right, (0.0, 1e5), state, "DOP853", rtol=1e-7, atol=1e-9, dense_output=True,
                        events=[late, far], first_step=1e-4)  # fmt: skip
        assert out.status == 1, out
        return Piece(out.t, lambda sigma: progress(out.sol(sigma)), log)

    def pace(self) -> float:
        return self.draw["software_growth"]

    def readings(self) -> Iterator[tuple[str, float]]:
        """What is compared, by name."""
        for n in TIMES:
            if n <= self.top:
                yield f"time to {n:g}", self.time_to(n)
        for years in AFTER:
            yield f"ooms after {years:g}", self.progress_after(years)
        for length in LENGTHS:
            yield f"fastest {length:g}", self.fastest(length, PATIENCE)
        yield "fastest 1 within", self.fastest(1.0, HORIZON)
        pace, years, x = self.peak()
        yield from (("peak pace", pace), ("time to peak", years), ("ooms at peak", x))
        yield "fizzle", self.fizzle()

    def time_to(self, x: float) -> float:
        for piece in self.pieces:
            if x <= piece.x[-1]:
                return float(piece.when(x))
        return math.inf

    def progress_after(self, years: float) -> float:
        for piece in self.pieces:
            if years <= piece.t[-1]:
                return piece.at(piece.crossing(piece.t, 1, years))[0]
        return math.inf if self.pieces[-1].x[-1] >= self.top - 1e-9 else self.pieces[-1].x[-1]

    def fastest(self, length: float, horizon: float) -> float:
        end = min(self.progress_after(horizon), self.pieces[-1].x[-1])
        last = end - length
        if last < 0:
            return math.inf

        def took(s: float) -> float:
            return self.time_to(s + length) - (self.time_to(s) if s > 0 else 0.0)

        starts = np.concatenate([np.concatenate([piece.x, piece.x - length]) for piece in self.pieces])
        starts = np.unique(np.concatenate([[0.0, last], starts[(starts >= 0) & (starts <= last)]]))
        windows = self._times(starts + length) - self._times(starts)
        best = int(np.argmin(windows))
        low, high = starts[max(best - 1, 0)], starts[min(best + 1, len(starts) - 1)]
        found: Any = minimize_scalar(took, bounds=(low, high), method="bounded", options={"xatol": 1e-7})
        return min(windows[best], took(low), took(high), found.fun)

    def _times(self, x: Any) -> Any:
        found = np.full(len(x), np.inf)
        for piece in reversed(self.pieces):
            inside = x <= piece.x[-1]
            found[inside] = piece.when(x[inside])
        found[x <= 0] = 0.0
        return found

    def peak(self) -> tuple[float, float, float]:
        best = (-math.inf, 0.0, 0.0)
        for piece in self.pieces:
            k = int(np.argmax(piece.log))
            sigma = piece.sigma[k]
            low, high = piece.sigma[max(k - 1, 0)], piece.sigma[min(k + 1, len(piece.sigma) - 1)]
            found: Any = minimize_scalar(
                lambda s, piece=piece: -piece.log_at(s), bounds=(low, high), method="bounded", options={"xatol": 1e-8}
            )
            if -found.fun > piece.log[k]:
                sigma = found.x
            x, t = piece.at(sigma)[:2]
            best = max(best, (piece.log_at(sigma), t, x), key=lambda one: one[0])
        log, t, x = best
        if x >= self.top - 1e-6:
            return math.inf, math.inf, math.inf
        return math.exp(log) / self.draw["software_growth"], t, x

    def fizzle(self) -> float:
        level, risen = math.log(self.draw["software_growth"]), False
        for piece in self.pieces:
            if risen and piece.log[0] < level - 1e-12:
                return piece.x[0]
            above = np.maximum.accumulate(piece.log > level + 1e-12) | risen
            below = np.flatnonzero(above[:-1] & (piece.log[1:] < level))
            if len(below):
                k = int(below[0])
                if piece.log_at(piece.sigma[k]) <= level:
                    return piece.x[k]
                low, high = piece.sigma[k], piece.sigma[k + 1]
                return piece.at(brentq(lambda s, piece=piece: piece.log_at(s) - level, low, high))[0]
            risen = bool(above[-1])
        return math.inf if risen else 0.0


class Piece:
    """A solution between two dates."""

    def __init__(self, steps: Any, solution: Any, log: Any) -> None:
        self.solution, self._log = solution, log
        parts = np.linspace(0, 1, 9)[:-1]
        self.sigma = np.append((steps[:-1, None] + np.diff(steps)[:, None] * parts).ravel(), steps[-1])
        states = solution(self.sigma)
        self.x, self.t = np.maximum.accumulate(states[0]), np.maximum.accumulate(states[1])
        self.log = np.array([log(y) for y in states.T])
        self.at_end = states[:, -1]
        self._keep = np.append(True, np.diff(self.x) > 1e-9 * (1 + self.x[1:]))
        keep = self._keep & np.isfinite(self.log)
        self._knots = self.x[keep], self.t[keep]
        self._spline = CubicHermiteSpline(*self._knots, np.exp(-self.log[keep])) if keep.sum() > 1 else None

    def when(self, x: Any) -> Any:
        """Time at progress x; between its knots, also where the pace falls so fast that a cubic is not."""
        if self._spline is None:
            return 0.0 * x + self.t[0]
        at, times = self._knots
        k = np.clip(np.searchsorted(at, x), 1, len(at) - 1)
        return np.clip(self._spline(x), times[k - 1], times[k])

    def at(self, sigma: float) -> Any:
        return self.solution(sigma)

    def log_at(self, sigma: float) -> float:
        return self._log(self.solution(sigma))

    def crossing(self, values: Any, which: int, wanted: float) -> float:
        k = int(np.clip(np.searchsorted(values, wanted), 1, len(values) - 1))
        low, high = self.sigma[k - 1], self.sigma[k]
        if (self.at(low)[which] - wanted) * (self.at(high)[which] - wanted) >= 0:
            return low if abs(self.at(low)[which] - wanted) < abs(self.at(high)[which] - wanted) else high
        return brentq(lambda s: self.at(s)[which] - wanted, low, high, xtol=1e-12)


class Row(NamedTuple):
    """One draw, one reading."""

    name: str
    ours: float
    theirs: float

    @property
    def is_progress(self) -> bool:
        """Whether it is counted in OOMs."""
        return self.name.startswith("ooms") or self.name == "fizzle"

    @property
    def error(self) -> float:
        """Of what is allowed (1 %, .005 OOM)."""
        ours, theirs = self.ours, self.theirs
        if not self.is_progress:
            if min(ours, theirs) > 0.99 * PATIENCE and self.name != "peak pace":
                return 0.0
            if math.isinf(ours) or math.isinf(theirs):
                return 0.0 if ours == theirs else math.inf
            return abs(ours - theirs) / max(abs(theirs), RESOLVED) / SPAN
        if math.isinf(ours) or math.isinf(theirs):
            return 0.0 if ours == theirs else math.inf
        return abs(ours - theirs) / PROGRESS


def ours(inputs: Inputs, top: int) -> dict[str, Any]:
    """The same readings by the engine."""
    path = solve(inputs, top)
    found: dict[str, Any] = {f"time to {n:g}": path.time_to(n) for n in TIMES}
    found |= {f"ooms after {years:g}": path.progress_after(years) for years in AFTER}
    found |= {f"fastest {length:g}": path.fastest(length) for length in LENGTHS}
    found["fastest 1 within"] = path.fastest(1.0, HORIZON)
    found |= dict(zip(("peak pace", "time to peak", "ooms at peak"), path.peak(), strict=True))
    return found | {"fizzle": path.fizzle()}


def compared(view: ooms.View, start: int, draws: int, block: int) -> list[list[Row]]:
    """Draws start, start + 1, ... of a view, reading by reading."""
    inputs, top = Sampler(view).block(0, block).inputs, way(view)
    values = ours(inputs, top)
    return [
        [Row(name, float(values[name][k]), theirs) for name, theirs in Reference(plain(inputs, k), top).readings()]
        for k in range(start, start + draws)
    ]


def _part(task: tuple[str, int, int, int]) -> list[list[Row]]:
    name, *rest = task
    return compared(case(name), *rest)


def main() -> None:
    """The whole table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=500, help="of each view; of each of its options a fifth")
    parser.add_argument("--view", action="append")
    parser.add_argument("--each", action="store_true", help="every reading that is off by more than allowed")
    asked = parser.parse_args()
    block, part = 2 ** math.ceil(math.log2(max(asked.draws, 16))), 100
    names = [name for name in cases() if not asked.view or name in asked.view]
    print(f"{'view':55}  {'99.9th':>8} {'worst':>8}  worst reading   (1 = 1 %, or .005 OOM)")
    everything: list[list[Row]] = []
    with ProcessPoolExecutor(2) as pool:
        tasks = [
            [(name, start, min(part, draws - start), block) for start in range(0, draws, part)]
            for name in names
            for draws in [-(-asked.draws // 5) if "+" in name else asked.draws]
        ]
        futures = [[pool.submit(_part, task) for task in each] for each in tasks]
        for name, parts in zip(names, futures, strict=True):
            found = [row for future in parts for row in future.result()]
            everything += found
            print(line(name, found), flush=True)
            if asked.each:
                for k, rows in enumerate(found):
                    for row in rows:
                        if row.error > 1:
                            print("   ", k, row.name, row.ours, row.theirs, round(row.error, 2))
    print()
    for name in dict.fromkeys(row.name for rows in everything for row in rows):
        some = [[row] for rows in everything for row in rows if row.name == name]
        print(line(name, some))
    print(line("all", everything))
    sys.exit(bool(np.quantile([max(row.error for row in rows) for rows in everything], 0.999) > 1))


def line(name: str, found: list[list[Row]]) -> str:
    """A line of the table: per draw the worst of its readings."""
    worst = [max(rows, key=lambda row: row.error) for rows in found]
    errors = np.array([row.error for row in worst])
    last = worst[int(np.argmax(errors))]
    where = f"{last.name}: {last.ours:.5g}, {last.theirs:.5g}"
    return f"{name:55}  {np.quantile(errors, 0.999):8.3f} {errors.max():8.3f}  {where}"


if __name__ == "__main__":
    main()
