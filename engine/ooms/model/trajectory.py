r"""Time as a function of progress: the integral of 1/pace.

.. math:: T(x) = \int_0^x \frac{ds}{dx/dt(s)}

In time the solution can blow up in a finite year or stall for ever; in progress both are harmless. Where calendar time
does not enter the pace this is a quadrature (here); where it does, `ooms.model.stepping` takes steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ooms.model.grid import LADDER, NODES, ROWS, WEIGHTS, panels
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
    whole, share = (np.broadcast_to(v, inputs.draws) for v in panels(inputs.software_limit, pace.steepness, top))
    order = np.argsort(-whole) if np.sum(top - whole) > _WORTH_SORTING * top * inputs.draws else None
    if order is not None:
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
            self.rows = Rows(*(workspace.array(name, shape) for name in ("positions", "times", "logs")), ROWS)
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
            if self.rows is not None:
                self._pad(self.rows)
            if len(self.graded):
                self._graded()
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

    def _pad(self, rows: Rows) -> None:
        """Beyond a draw's panels of one OOM nothing is known yet."""
        last = self.whole * ROWS
        for row in range(int(np.min(last)) + 1, len(rows.times)):
            beyond = row > last
            for array in rows.arrays:
                np.copyto(array[row], np.inf, where=beyond)

    def _graded(self) -> None:
        """From there towards the limit, for draws that come near it."""
        draws = self.graded
        pace, whole, share = self.pace.part(draws), self.whole[draws], self.share[draws]
        limit, n = self.limit[draws], len(draws)
        f, logs, gaps, rise = (np.empty((k, n)) for k in (len(NODES), len(NODES), len(NODES) - 1, len(NODES) - 1))
        kernel, level, scratch = Kernel(pace, np.empty(n)), np.broadcast_to(-pace.level, n), np.empty(n)
        onward = Integral(pace)
        time, start, width = self.ends[whole, draws], whole.astype(float), np.zeros(n)
        for n_ooms in range(int(np.min(whole)) + 1, self.top + 1):
            self.ends[n_ooms, draws[whole < n_ooms]] = np.inf
        logs[-1] = np.broadcast_to(-pace.log(start), n)
        np.exp(logs[-1], out=f[-1])
        for panel in range(LADDER):
            width = (limit - start) * share
            f[0], logs[0] = f[-1], logs[-1]
            gained = _integrate(kernel, level, start, width, list(f), list(logs), scratch)
            ooms = np.floor(start) + 1.0  # at most one of them, as no panel is longer
            met = np.flatnonzero((ooms <= start + width) & (ooms <= self.top))
            if len(met):
                before = start[met], time[met], logs[0, met]
                self.ends[ooms[met].astype(np.intp), draws[met]] = onward.part(met).onward(*before, ooms[met])[0]
            if self.rows is not None:
                row = ((whole + panel) * ROWS + np.arange(1, ROWS + 1)[:, None], draws)
                self.rows.positions[row] = start + width * NODES[1:, None]
                self.rows.logs[row] = logs[1:]
                self.rows.times[row] = time + width * _shared(f, logs, gained, gaps, rise)
            time, start = time + width * gained, start + width
        tail = Tail.of(start - width * (1.0 - NODES[-2]), logs[-2], start, time, logs[-1], limit)
        for ooms in range(1, self.top + 1):
            met = (start < ooms) & (ooms < limit)
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
