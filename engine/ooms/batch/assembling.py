"""Cells on their way: parts come in any order, and when all are there the cell is written."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ooms.batch.cells import Cells, Columns
from ooms.batch.plan import Resolved
from ooms.batch.records import Summary, record
from ooms.batch.work import Part, Task, Whole
from ooms.forecasting.labels import column_attributes

__all__ = ["Assembly"]


@dataclass(slots=True)
class Assembly:
    """One cell on its way."""

    resolved: Resolved
    parts: int  # how many there are
    cells: Cells  # where it will be written
    whole: Whole | None = None
    columns: Columns | None = None
    arrived: int = 0
    seconds: float = 0.0
    machines: list[Any] = field(default_factory=list[Any])
    began: float = field(default_factory=time.time)

    def add(self, task: Task, part: Part) -> Summary | None:
        """Take in a part; with the last one the cell is written (or `OSError` raised), and its summary returned."""
        self.arrived += 1
        self.seconds += part.seconds
        if part.machine not in self.machines:
            self.machines.append(dict(part.machine))
        if part.columns:
            if self.columns is None:
                attributes = column_attributes(part.columns, task.question.quantities)
                self.columns = self.cells.columns(self.resolved.address, task.question.draws, attributes)
            self.columns.put(task.start, part.columns)
        if part.summary is None:
            self.whole = self.whole or Whole(task.view, task.question)
            self.whole.add(part.tallies)
        if self.arrived < self.parts:
            return None
        summary = self.whole.summary() if self.whole else part.summary
        assert summary is not None, "a part without one is a part of a whole"
        circumstances = {
            "draws_kept": self.columns is not None,
            "seconds": round(self.seconds, 6),
            "began": _moment(self.began),
            "ended": _moment(time.time()),
            "machines": self.machines,
        }
        attributes = record(self.resolved.cell.label, self.resolved.inputs, task.question, summary, circumstances)
        self.cells.write(self.resolved.address, attributes, self.columns)
        return summary

    def drop(self) -> None:
        """Give the cell up: what was kept of it goes."""
        if self.columns is not None:
            self.columns.drop()


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
