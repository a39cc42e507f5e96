"""What there is to do for a study: the address of every cell, and which cells' beliefs fail."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ooms.batch.addresses import address, bare, content
from ooms.batch.study import Cell, Study
from ooms.batch.work import Failure
from ooms.beliefs.view import View
from ooms.problems import UserError
from ooms.progress import Progress, meter_of

__all__ = ["Plan", "Resolved"]

_KEPT = 4096
"""Cells whose views are kept: some kilobytes each."""

_REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Resolved:
    """A cell, resolved: what is believed in it, all that its numbers follow from, and the address made of that."""

    cell: Cell
    view: View
    inputs: dict[str, Any]
    address: str


class Plan:
    """The addresses of a study's cells, or of so many at `most`, spread evenly; a million take minutes.

    Views of the first cells are kept; others are resolved again in their turn.
    """

    def __init__(self, study: Study, progress: Progress | None = None, most: int | None = None) -> None:
        self.study, self.question = study, study.question
        self.failures: dict[int, Failure] = {}  # the cells whose beliefs fail, and why
        self._kept: dict[int, Resolved] = {}
        self.cells = range(0, study.size, 1 if most is None else math.ceil(study.size / most))
        self.addresses = list[str]()  # of each of them, in order; empty where its beliefs fail
        meter = meter_of(progress)
        for index in self.cells:
            if not len(self.addresses) % _REPORT_EVERY:
                meter.report("planning", len(self.addresses), len(self.cells))
            self.addresses.append(self._address(index))

    def _address(self, index: int) -> str:
        try:
            resolved = self._resolve(index)
        except UserError as error:
            self.failures[index] = Failure.of(error)
            return ""
        if len(self._kept) < _KEPT:
            self._kept[index] = resolved
        return resolved.address

    def _resolve(self, index: int) -> Resolved:
        """A cell with its what-ifs worked out; `UserError` where they do not go together."""
        cell = self.study.cell(index)
        view = bare(cell.view(), self.question.quantities)
        inputs = content(view, self.question)
        return Resolved(cell, view, inputs, address(inputs))

    def resolved(self, index: int) -> Resolved:
        """A cell that does not fail."""
        return self._kept.pop(index, None) or self._resolve(index)

    @cached_property
    def digest(self) -> str:
        """What tells this plan from others: all addresses, in order."""
        return hashlib.sha256("\n".join(self.addresses).encode()).hexdigest()

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The cells that share an address, by address, in the order of the first of them."""
        places: dict[str, list[int]] = {}
        for index, shared in zip(self.cells, self.addresses, strict=True):
            if shared:
                places.setdefault(shared, []).append(index)
        return places
