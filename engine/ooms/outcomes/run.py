"""One block of draws, solved as far as what is asked of it needs."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ooms.model.inputs import Inputs
from ooms.model.pace import ClockedPace, Pace
from ooms.model.path import Peak, Trajectory, Workspace
from ooms.model.retraining import RetrainedPace
from ooms.model.trajectory import solve

__all__ = ["Run"]

Floats = NDArray[np.float64]


_VAST = 700.0
"""ln of a speed beyond which floating-point numbers end: vast, but not without an end."""


class Run:
    """One block of draws, solved as far as what is asked of it needs.

    Parameters
    ----------
    inputs : Inputs
        The draws.
    top : int
        How far to follow them, OOMs.
    dense : bool
        Whether more than times to whole OOMs is asked.
    workspace : Workspace, optional
        Memory to use again.
    """

    def __init__(self, inputs: Inputs, top: int, dense: bool, workspace: Workspace | None = None) -> None:
        self.inputs, self._top, self._dense, self._workspace = inputs, top, dense, workspace
        self._progress: dict[float, Floats] = {}

    @cached_property
    def trajectory(self) -> Trajectory:
        """Times to progress."""
        return solve(self.inputs, self._top, dense=self._dense, workspace=self._workspace)

    @cached_property
    def pace(self) -> Pace:
        """The equation at the start."""
        if self.inputs.retraining:
            return RetrainedPace(self.inputs, 1)
        return ClockedPace(self.inputs) if self.inputs.has_clock else Pace(self.inputs)

    @cached_property
    def peak(self) -> Peak:
        """Highest pace, and when."""
        return self.trajectory.peak()

    def progress_after(self, years: float) -> Floats:
        """OOMs gained by then; worked out once."""
        if years not in self._progress:
            self._progress[years] = self.trajectory.progress_after(years)
        return self._progress[years]

    def spread(self, values: Floats) -> Floats:
        """One value a draw, also where all draws share it."""
        return np.broadcast_to(values, self.inputs.draws)

    def initial_speedup(self) -> Floats:
        """Pace at the start over today's human-only pace."""
        pace = self.pace
        if isinstance(pace, ClockedPace):
            zero = np.zeros(self.inputs.draws)
            log = pace.still(zero) + pace.moving(zero, zero, pace.start()) - pace.log_today
        else:
            log = pace.log_relative(0.0)
        return self.spread(np.exp(log))

    def max_speed(self) -> Floats:
        """Research output with unlimited labour at today's compute, over today's; taste aside."""
        log = self.pace.log_max_speed()
        return self.spread(np.where(np.isinf(log), np.inf, np.exp(np.minimum(log, _VAST))))
