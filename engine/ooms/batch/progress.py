"""How a run stands: what is done, what failed, how fast it goes and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Standing", "Watch"]

_RECENT = 200
"""Cells that the present rate is taken from."""


@dataclass(slots=True)
class Standing:
    """How a run stands.

    Parameters
    ----------
    total : int
        Different cells of the study: those with the same inputs are worked out once.
    there : int
        Were there before.
    imported : int
        Were taken from other stores.
    damaged : int
        Were there, but not as they were written; they are worked out again.
    ran, failed : int
        Were worked out in this run, or could not be.
    began : float
        When it began, on the monotonic clock.
    """

    total: int
    there: int = 0
    imported: int = 0
    damaged: int = 0
    ran: int = 0
    failed: int = 0
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

    def fail(self) -> None:
        """One more cell has failed."""
        self.failed += 1

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


type Watch = Callable[[Standing, str], None]
"""Told how a run stands, and what has just happened: nothing, or the name of a cell and why it failed."""
