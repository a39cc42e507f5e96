"""How far a run is: what is done, what failed, how fast it goes and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["RunProgress", "Watch"]

_RECENT = 200
"""Cells that the present rate is taken from."""


@dataclass(slots=True)
class RunProgress:
    """How far a run is. Cells with the same inputs are one: they are worked out once."""

    total: int
    there: int = 0  # were done before
    imported: int = 0  # were taken from other stores
    damaged: int = 0  # were there, but not as they were written; they are worked out again
    ran: int = 0  # were worked out in this run
    failed: int = 0  # could not be
    began: float = field(default_factory=time.monotonic)
    _working: float = field(default_factory=time.monotonic)
    _ends: deque[float] = field(default_factory=lambda: deque[float](maxlen=_RECENT))

    def start(self) -> None:
        """The work itself begins."""
        self._working = time.monotonic()

    def end(self) -> None:
        """One more cell is done."""
        self.ran += 1
        self._ends.append(time.monotonic())

    @property
    def done(self) -> int:
        """Cells that are done, whenever that was."""
        return self.there + self.imported + self.ran

    @property
    def left(self) -> int:
        """Cells that are still to be worked out."""
        return self.total - self.done - self.failed

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Cells a second, of late; 0 if none has ended yet."""
        if not self._ends:
            return 0.0
        since = self._ends[0] if len(self._ends) == _RECENT else self._working
        return len(self._ends) / max(self._ends[-1] - since, 1e-6)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at that rate; None if that cannot be said."""
        return self.left / self.rate if self.rate else None


type Watch = Callable[[RunProgress, str], None]
"""Called with how far a run is, and what has just happened: nothing, or the name of a cell and why it failed."""
