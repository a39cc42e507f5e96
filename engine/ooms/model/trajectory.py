r"""Time as a function of progress: the integral of 1/pace.

.. math:: T(x) = \int_0^x \frac{ds}{dx/dt(s)}

In time the solution can blow up in a finite year or stall for ever; in progress both are harmless. Where calendar time
does not enter the pace this is a quadrature (here); where it does, `ooms.model.stepping` takes steps.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ooms.model.grid import LADDER, NODES, ROWS, WEIGHTS, ladder, panels
from ooms.model.inputs import Inputs
from ooms.model.kernel import Kernel
from ooms.model.pace import Pace
from ooms.model.path import Rows, Trajectory, Workspace
from ooms.model.retraining import RetrainedPace
from ooms.model.tail import Tail

__all__ = ["solve"]

Floats = NDArray[np.float64]
Draws = NDArray[np.intp]

_WORTH_SORTING = 0.15
"""Share of all panels from which it is faster to sort draws by their end than to integrate what is then thrown away."""

_WORTH_LEAVING = 0.5
"""Share of draws that are still to go on up the ladder, below which they go on without the others."""


def solve(inputs: Inputs, top: int, *, dense: bool = True, workspace: Workspace | None = None) -> Trajectory:
    """Times to every OOM of progress, for a block of draws.

    Parameters
    ----------
    inputs : Inputs
        The parameters of the draws.
    top : int
        Progress to follow, in OOMs.
    dense : bool
        Whether to keep what is needed for times to fractions of an OOM, progress after given times, windows from
        anywhere and peaks, beside the times to whole OOMs.
    workspace : Workspace, optional
        Memory to use again; what was solved with it before is then overwritten.

    Returns
    -------
    Trajectory
        Times in years; +inf where progress stalls or meets its limit first. Never NaN.

    Examples
    --------
    Davidson & Houlden's central case, in years:

    >>> import ooms
    >>> from ooms.beliefs.draws import central_inputs
    >>> _, inputs = central_inputs(ooms.load("davidson-houlden-2025").replace(returns=1.2, initial_speedup=8))
    >>> solve(inputs, 6).time_to(5).round(2).item()
    0.93
    """
    if inputs.has_clock:
        assert not inputs.retraining, "retraining is defined on progress alone, without calendar time"
        from ooms.model.stepping import step

        return step(inputs, top)
    pace = RetrainedPace(inputs, top) if inputs.retraining else Pace(inputs)
    one_oom, shares = panels(pace.singularity, pace.steepness, top)
    whole, share, order = np.broadcast_to(one_oom, inputs.draws), np.broadcast_to(shares, inputs.draws), None
    if np.sum(top - whole) > (0.0 if dense else _WORTH_SORTING * top * inputs.draws):
        order = np.argsort((top - whole).astype(np.int16), kind="stable")
        pace, whole, share = pace.part(order), whole[order], share[order]
    return _Quadrature(pace, top, whole, share, dense, workspace or Workspace()).run(order)


class Integral:
    """The way on from a known row: the integral of exp(ln(dT/dx)), by one panel's rule.

    Parameters
    ----------
    pace : Pace
        The equation, for the draws that are followed.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace, self._level = pace, -pace.level

    def part(self, draws: Draws) -> Integral:
        """The same for some of the draws."""
        return Integral(self._pace.part(draws))

    def slowness(self, x0: Floats, t0: Floats, l0: Floats, x: Floats) -> Floats:
        """ln(dT/dx) at x, whatever the state at x0."""
        return self._level - self._pace.shape_inside(x)

    def slope(self, x0: Floats, t0: Floats, l0: Floats, x: Floats, nudge: Floats) -> Floats:
        """How fast ln(dT/dx) rises from x to x + nudge."""
        return (self.slowness(x0, t0, l0, x + nudge) - self.slowness(x0, t0, l0, x)) / nudge

    def onward(self, x0: Floats, t0: Floats, l0: Floats, x: Floats) -> tuple[Floats, Floats]:
        """Time and ln(dT/dx) at x, from the state at x0."""
        width, log = x - x0, l0
        gained = WEIGHTS[0] * np.exp(l0)
        for node, weight in zip(NODES[1:], WEIGHTS[1:], strict=True):
            log = self.slowness(x0, t0, l0, x0 + width * node)
            gained = gained + weight * np.exp(log)
        return t0 + width * gained, log


class _Quadrature:
    """One run, panel by panel; draws that end early come last, where they come in order."""

    def __init__(self, pace: Pace, top: int, whole: Draws, share: Floats, dense: bool, workspace: Workspace) -> None:
        n = pace.inputs.draws
        self.pace, self.top, self.whole, self.share = pace, top, whole, share
        self.limit = np.broadcast_to(pace.inputs.software_limit, n)
        self.graded = np.flatnonzero(whole < top)
        self.ends = workspace.array("ends", (top + 1, n))
        self.ends[0], self.ends[1:] = 0.0, np.inf
        self.rows = None
        if dense:
            shape = (top * ROWS + 1 + (LADDER - 1) * ROWS * bool(len(self.graded)), n)
            if len(self.graded) == n:  # up to the end of the longest ladder, and one row at which nothing is known
                shape = (min(shape[0], (int(np.max(whole)) + LADDER) * ROWS + 2), n)
            positions, times, logs = (workspace.array(name, shape) for name in ("positions", "times", "logs"))
            self.rows = Rows(positions, times, logs, ROWS)
            gaps = (len(NODES) - 1, n)
            self.gaps, self.rise = workspace.array("gaps", gaps), workspace.array("rise", gaps)
        self.scratch = workspace.array("scratch", (1, n))[0]
        nodes = workspace.array("nodes", (len(NODES), n))
        self.kept_nodes, self.kept_logs = nodes, workspace.array("node logs", (len(NODES), n)) if dense else nodes
        # between the ends of a panel one row of memory does for all nodes, unless they are to be kept
        self.nodes = [nodes[k if dense or k in (0, len(NODES) - 1) else 1] for k in range(len(NODES))]
        self.logs = list(self.kept_logs) if dense else self.nodes

    def run(self, order: Draws | None) -> Trajectory:
        with np.errstate(all="ignore"):
            self._first_node()
            kernel, level = Kernel(self.pace, self.scratch), np.broadcast_to(-self.pace.level, self.limit.shape)
            for panel in range(self.top):
                alive = len(level) if order is None else int(np.searchsorted(-self.whole, -panel, side="left"))
                if not alive:
                    break
                if alive < len(level):
                    kernel, level = Kernel(self.pace.part(slice(0, alive)), self.scratch[:alive]), level[:alive]
                self._one_oom(panel, kernel, level)
            if len(self.graded):
                self._graded()
            if self.pace.inputs.retraining:
                np.copyto(self.ends, np.inf, where=np.arange(self.top + 1)[:, None] >= self.limit)
            for times in [self.ends] if self.rows is None else [self.ends, self.rows.times]:
                np.copyto(times, np.inf, where=np.isnan(times))
        return Trajectory(self.pace.inputs, self.limit, self.ends, self.rows, Integral(self.pace), order)

    def _first_node(self) -> None:
        log = np.broadcast_to(-self.pace.log(0.0), self.limit.shape)
        self.logs[-1][:] = log
        np.exp(log, out=self.nodes[-1])
        if self.rows is not None:
            self.rows.positions[0], self.rows.times[0], self.rows.logs[0] = 0.0, 0.0, log

    def _one_oom(self, panel: int, kernel: Kernel, level: Floats) -> None:
        """A panel of one OOM, for the first draws."""
        n = len(level)
        f, logs = [row[:n] for row in self.nodes], [row[:n] for row in self.logs]
        f[0][:], logs[0][:] = f[-1], logs[-1]
        gained = _integrate(kernel, level, panel, 1.0, f, logs, self.scratch[:n])
        start = self.ends[panel, :n]
        np.add(start, gained, out=self.ends[panel + 1, :n])
        if self.rows is not None:
            rows = slice(panel * ROWS + 1, (panel + 1) * ROWS + 1)
            known = self.kept_logs[:, :n]
            self.rows.positions[rows, :n] = panel + NODES[1:, None]
            self.rows.logs[rows, :n] = known[1:]
            shared = _shared(self.kept_nodes[:, :n], known, gained, self.gaps[:, :n], self.rise[:, :n])
            np.add(start, shared, out=self.rows.times[rows, :n])

    def _keep(self, rows: Rows, panel: int, values: tuple[Floats, Floats, Floats]) -> None:
        """Rows of the ladder; beyond the last nothing is known."""
        edges = np.searchsorted(-self.whole, np.arange(-self.top, 2))
        for whole, (first, end) in zip(range(self.top, -1, -1), pairwise(edges.tolist()), strict=True):
            if first == end:
                continue
            start = (whole + panel) * ROWS + 1 if whole < self.top else self.top * ROWS + 1
            for array, known in zip(rows.arrays, values, strict=True):
                if whole < self.top:
                    array[start : start + ROWS, first:end] = known[:, first - edges[1] : end - edges[1]]
                if panel == LADDER - 1:
                    array[start + ROWS * (whole < self.top) :, first:end] = np.inf

    def _graded(self) -> None:
        """From there up the ladder towards the limit, for draws that come near it."""
        draws, rows = self.graded, self.rows
        for ooms in range(int(np.min(self.whole)) + 1, self.top + 1):
            self.ends[ooms, draws[self.whole[draws] < ooms]] = np.inf
        ends = ladder(self.whole[draws].astype(float), self.limit[draws], self.share[draws])
        steps = np.full(len(draws), LADDER)
        if rows is None:  # no further than to the last whole OOM
            steps = np.count_nonzero(ends[:-1] < np.minimum(np.ceil(self.limit[draws]) - 1.0, self.top), axis=0)
            order = np.argsort((LADDER - steps).astype(np.int16), kind="stable")[: np.count_nonzero(steps)]
            draws, ends, steps = draws[order], ends[:, order], steps[order]
        pace, whole, limit, n = self.pace.part(draws), self.whole[draws], self.limit[draws], len(draws)
        f, logs, gaps, rise = (np.empty((k, n)) for k in (len(NODES), len(NODES), len(NODES) - 1, len(NODES) - 1))
        kernel, level, scratch = Kernel(pace, np.empty(n)), np.broadcast_to(-pace.level, n), np.empty(n)
        time = self.ends[whole, draws]
        logs[-1] = np.broadcast_to(-pace.log(ends[0]), n)
        np.exp(logs[-1], out=f[-1])
        for panel in range(LADDER):
            alive, going = int(np.searchsorted(-steps, -panel, side="left")), len(level)
            if not alive:
                break
            if alive < _WORTH_LEAVING * going:
                kernel, level, going = Kernel(pace.part(slice(0, alive)), scratch[:alive]), level[:alive], alive
            start, width = ends[panel, :going], np.diff(ends[panel : panel + 2, :going], axis=0)[0]
            f[0], logs[0] = f[-1], logs[-1]
            gained = _integrate(kernel, level, start, width, list(f[:, :going]), list(logs[:, :going]), scratch[:going])
            if rows is not None:
                shared = width * _shared(f, logs, gained, gaps, rise)
                self._keep(rows, panel, (start + width * NODES[1:, None], time + shared, logs[1:]))
            time[:going] += width * gained
            end = ends[panel + 1, :going]
            met = np.flatnonzero((end == np.floor(end)) & (end <= self.top))
            self.ends[end[met].astype(np.intp), draws[met]] = time[met]
        before, last = ends[-1] - np.diff(ends[-2:], axis=0)[0] * (1.0 - NODES[-2]), ends[-1]
        tail = Tail.of(before, logs[-2], last, time, logs[-1], limit)
        for ooms in range(1, self.top + 1):
            met = (last < ooms) & (ooms < limit)
            if met.any():
                self.ends[ooms, draws[met]] = tail.time_at(np.asarray(float(ooms)))[met]


def _integrate(
    kernel: Kernel, level: Floats, start: Floats | float, width: Floats | float,
    f: list[Floats], logs: list[Floats], scratch: Floats,
) -> Floats:  # fmt: skip
    """Mean of dT/dx over a panel, from its value at the first node; fills in the others."""
    gained = WEIGHTS[0] * f[0]
    for k in range(1, len(NODES)):
        kernel(start + width * NODES[k], logs[k])
        logs[k] += level
        np.exp(logs[k], out=f[k])
        np.multiply(f[k], WEIGHTS[k], out=scratch)
        gained += scratch
    return gained


_GAPS = np.diff(NODES)[:, None]


def _shared(f: Floats, logs: Floats, gained: Floats, gaps: Floats, rise: Floats) -> Floats:
    """Time gained up to each node of a panel: its total, shared out as if ln(1/pace) were straight between nodes."""
    np.subtract(logs[1:], logs[:-1], out=rise)
    flat = np.abs(rise) < 1e-6
    np.copyto(rise, 1.0, where=flat)
    np.subtract(f[1:], f[:-1], out=gaps)
    gaps /= rise
    np.copyto(gaps, f[:-1], where=flat)
    gaps *= _GAPS
    for k in range(1, len(gaps)):
        gaps[k] += gaps[k - 1]
    gaps *= gained / gaps[-1]
    return gaps
