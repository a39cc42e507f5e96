r"""Time as a function of progress: the integral of 1/pace.

.. math:: T(x) = \int_0^x \frac{ds}{dx/dt(s)}

In time the solution can blow up in a finite year or stall for ever; in progress both are harmless. Where calendar time
does not enter the pace this is a quadrature (here); where it does, `ooms.model.stepping` takes steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ooms.model.grid import FINE_NODES, FINE_WEIGHTS, MARGIN, NODES, ROWS, WEIGHTS
from ooms.model.inputs import Inputs
from ooms.model.kernel import Kernel
from ooms.model.pace import Pace
from ooms.model.path import Dense, Trajectory, Workspace
from ooms.model.retraining import RetrainedPace

__all__ = ["solve"]

Floats = NDArray[np.float64]


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
    limit = inputs.software_limit
    sort = limit.ndim and np.min(limit) < top + MARGIN
    order = np.argsort(-limit) if sort else None
    ordered = inputs if order is None else inputs.take(order)
    pace = RetrainedPace(ordered, top) if inputs.retraining else Pace(ordered)
    return _Quadrature(pace, top, dense, workspace or Workspace()).run(order)


class _Quadrature:
    """One run, panel by panel, over the draws whose limit is still ahead (they come sorted, farthest limit first)."""

    def __init__(self, pace: Pace, top: int, dense: bool, workspace: Workspace) -> None:
        n = pace.inputs.draws
        self.pace, self.top = pace, top
        self.limit = np.broadcast_to(pace.inputs.software_limit, n)
        self.ends = workspace.array("ends", (top + 1, n))
        self.ends[0], self.ends[1:] = 0.0, np.inf
        self.whole_panels = np.clip(np.floor(self.limit - MARGIN), 0, top).astype(np.intp)
        rows = (top * ROWS + 1, n)
        self.dense = Dense(workspace.array("times", rows), workspace.array("logs", rows)) if dense else None
        self.scratch = workspace.array("scratch", (1, n))
        nodes = workspace.array("nodes", (len(NODES), n))
        # between the ends of a panel one row of memory does for all nodes, unless they are to be kept
        self.nodes = [nodes[k if dense or k in (0, len(NODES) - 1) else 1] for k in range(len(NODES))]
        self._kept_nodes = nodes
        self._kept_logs = workspace.array("node logs", (len(NODES), n)) if dense else nodes
        self.logs = list(self._kept_logs) if dense else self.nodes
        if dense:
            gaps = (len(NODES) - 1, n)
            self._gaps, self._rise = workspace.array("gaps", gaps), workspace.array("rise", gaps)

    def run(self, order: NDArray[np.intp] | None) -> Trajectory:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self._first_node()
            self._kernel = Kernel(self.pace, self.scratch[0])
            self._level = np.broadcast_to(-self.pace.level, self.limit.shape)
            for panel in range(self.top):
                whole = int(np.searchsorted(-self.whole_panels, -panel, side="left"))
                alive = int(np.searchsorted(-self.limit, -panel, side="left"))
                if whole:
                    self._whole(panel, whole)
                if alive > whole:
                    self._pieces(panel, slice(whole, alive))
                if self.dense is not None and alive < len(self.limit):
                    rows = slice(panel * ROWS + 1, (panel + 1) * ROWS + 1)
                    self.dense.times[rows, alive:] = np.inf
                    self.dense.log_slowness[rows, alive:] = np.inf
            for times in [self.ends] if self.dense is None else [self.ends, self.dense.times]:
                np.copyto(times, np.inf, where=np.isnan(times))
        return Trajectory(self.pace.inputs, self.limit, self.ends, self.whole_panels, self.dense, order)

    def _first_node(self) -> None:
        log = np.broadcast_to(-self.pace.log(0.0), self.limit.shape)
        self.logs[-1][:] = log
        np.exp(log, out=self.nodes[-1])
        if self.dense is not None:
            self.dense.log_slowness[0] = log
            self.dense.times[0] = 0.0

    def _whole(self, panel: int, whole: int) -> None:
        """One panel by one rule, for the first `whole` draws."""
        if whole < len(self._level):  # those behind are near their limit
            pace = self.pace.part(slice(0, whole))
            self._kernel, self._level = Kernel(pace, self.scratch[0, :whole]), self._level[:whole]
        level, scratch = self._level, self.scratch[0, :whole]
        f, logs = [row[:whole] for row in self.nodes], [row[:whole] for row in self.logs]
        f[0][:], logs[0][:] = f[-1], logs[-1]
        at, gained = self._kernel, WEIGHTS[0] * f[0]
        for k in range(1, len(NODES)):
            at(panel + NODES[k], logs[k])
            logs[k] += level
            np.exp(logs[k], out=f[k])
            np.multiply(f[k], WEIGHTS[k], out=scratch)
            gained += scratch
        start = self.ends[panel, :whole]
        np.add(start, gained, out=self.ends[panel + 1, :whole])
        if self.dense is not None:
            rows = slice(panel * ROWS + 1, (panel + 1) * ROWS + 1)
            known = self._kept_logs[:, :whole]
            self.dense.log_slowness[rows, :whole] = known[1:]
            shared = _shared(self._kept_nodes[:, :whole], known, gained, self._gaps[:, :whole], self._rise[:, :whole])
            np.add(start, shared, out=self.dense.times[rows, :whole])

    def _pieces(self, panel: int, some: slice) -> None:
        """One panel in six pieces, for draws near their limit."""
        pace = self.pace.part(some)
        level = -pace.level
        time, right, log = self.ends[panel, some], self.nodes[-1][some], self.logs[-1][some]
        for piece in range(ROWS):
            left = right
            logs = [level - pace.shape(panel + (piece + node) / ROWS) for node in FINE_NODES[1:]]
            inner = [np.exp(slowness) for slowness in logs]
            right, log = inner[-1], logs[-1]
            gained = FINE_WEIGHTS[0] * left + sum(w * f for w, f in zip(FINE_WEIGHTS[1:], inner, strict=True))
            time = time + gained / ROWS
            if self.dense is not None:
                row = panel * ROWS + piece + 1
                self.dense.log_slowness[row, some] = log
                self.dense.times[row, some] = time
        self.ends[panel + 1, some] = time
        self.logs[-1][some], self.nodes[-1][some] = log, right


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
