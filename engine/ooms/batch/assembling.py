"""Cells on their way: parts come in any order, and when all are there the cell is written."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ooms.batch.cells import Cells, Columns
from ooms.batch.plan import Resolved
from ooms.batch.records import record
from ooms.batch.work import Part, Summary, Task, Whole
from ooms.forecasting.labels import column_attributes

__all__ = ["Assembly"]


@dataclass(slots=True)
class Assembly:
    """One cell on its way.

    Parameters
    ----------
    one : Resolved
        The cell.
    parts : int
        How many there are.
    cells : Cells
        Where it will be written.
    """

    one: Resolved
    parts: int
    cells: Cells
    whole: Whole | None = None
    columns: Columns | None = None
    arrived: int = 0
    seconds: float = 0.0
    machines: list[Any] = field(default_factory=list[Any])
    began: float = field(default_factory=time.time)

    def add(self, task: Task, part: Part) -> Summary | None:
        """Take in a part; with the last one the cell is written, and what it comes to returned.

        Raises
        ------
        OSError
            It cannot be written.
        """
        self.arrived += 1
        self.seconds += part.seconds
        if part.machine not in self.machines:
            self.machines.append(dict(part.machine))
        self._keep(task, part)
        summary = part.summary or self._together(task, part)
        if self.arrived < self.parts or summary is None:
            return None
        self._write(task, summary)
        return summary

    def drop(self) -> None:
        """Give the cell up: what was kept of it goes."""
        if self.columns is not None:
            self.columns.drop()

    def _together(self, task: Task, part: Part) -> Summary | None:
        self.whole = self.whole or Whole(task.view, task.asked)
        self.whole.add(part.tallies)
        return self.whole.summary() if self.arrived == self.parts else None

    def _keep(self, task: Task, part: Part) -> None:
        if not part.columns:
            return
        if self.columns is None:
            attributes = column_attributes(part.columns, task.asked.quantities)
            self.columns = self.cells.columns(self.one.address, task.asked.draws, attributes)
        self.columns.put(task.start, part.columns)

    def _write(self, task: Task, summary: Summary) -> None:
        beside = {
            "draws_kept": self.columns is not None,
            "seconds": round(self.seconds, 6),
            "began": _moment(self.began),
            "ended": _moment(time.time()),
            "machines": self.machines,
        }
        attributes = record(self.one.cell.label, self.one.inputs, task.asked, summary, beside)
        self.cells.write(self.one.address, attributes, self.columns)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
