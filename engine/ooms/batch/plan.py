"""What there is to do for a study: the address of every cell, and which cells' beliefs fail."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from ooms.batch.addresses import Asked, address, bare, content
from ooms.batch.study import Cell, Study
from ooms.batch.work import Failure
from ooms.beliefs.view import View
from ooms.problems import UserError
from ooms.progress import Progress, meter_of

__all__ = ["Plan", "Resolved", "resolved"]

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


def resolved(cell: Cell, asked: Asked) -> Resolved:
    """A cell with its what-ifs worked out.

    Raises
    ------
    UserError
        They do not go together.
    """
    view = bare(cell.view(), asked.quantities)
    inputs = content(view, asked)
    return Resolved(cell, view, inputs, address(inputs))


class Plan:
    """The addresses of a study's cells. Views of the first cells are kept; others are resolved again in their turn.

    Parameters
    ----------
    study : Study
        Whose cells.
    progress : callable, optional
        Told (cells, all cells) from time to time: a million take minutes.
    most : int, optional
        Look at no more cells than that, spread evenly over the study (default: at all).

    Attributes
    ----------
    cells : range
        Those that are looked at.
    addresses : list of str
        Of each of them, in order; empty where its beliefs fail.
    failures : dict of int to Failure
        The cells whose beliefs fail, and why.
    """

    def __init__(self, study: Study, progress: Progress | None = None, most: int | None = None) -> None:
        self.study = study
        self.asked = Asked(study.events, study.quantities, study.draws, study.seed)
        self.failures: dict[int, Failure] = {}
        self._kept: dict[int, Resolved] = {}
        self.cells = range(0, study.size, 1 if most is None else math.ceil(study.size / most))
        self.addresses = list[str]()
        meter = meter_of(progress)
        for index in self.cells:
            if not len(self.addresses) % _REPORT_EVERY:
                meter.report("planning", len(self.addresses), len(self.cells))
            self.addresses.append(self._address(study.cell(index)))

    def _address(self, cell: Cell) -> str:
        try:
            one = resolved(cell, self.asked)
            if len(self._kept) < _KEPT:
                self._kept[cell.index] = one
            return one.address
        except UserError as error:
            self.failures[cell.index] = Failure.of(error)
            return ""

    def resolved(self, index: int) -> Resolved:
        """A cell that does not fail."""
        return self._kept.pop(index, None) or resolved(self.study.cell(index), self.asked)

    @property
    def digest(self) -> str:
        """What tells this plan from others: all addresses, in order."""
        return hashlib.sha256("\n".join(self.addresses).encode()).hexdigest()

    @property
    def places(self) -> dict[str, list[int]]:
        """The cells that share an address, by address, in the order of the first of them."""
        found: dict[str, list[int]] = {}
        for index, one in zip(self.cells, self.addresses, strict=True):
            if one:
                found.setdefault(one, []).append(index)
        return found
