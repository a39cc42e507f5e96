"""What is known of all cells of a study, as arrays over its axes, and as one labelled xarray Dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ooms.batch.addresses import LEVELS
from ooms.batch.records import Summary
from ooms.batch.study import Label, Study
from ooms.batch.work import Failure
from ooms.beliefs.draws import RANDOMISATIONS
from ooms.outcomes import CODES, parse_quantity

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["DONE", "FAILED", "STATES", "TO_DO", "Grid", "amiss"]

TO_DO, DONE, FAILED = 0, 1, 2
STATES = ("to do", "done", "failed")
"""What `state` means, by its value."""

_TEXT, _NUMBER = "TUO", "f"


class _Variable(NamedTuple):
    """A variable of the dataset."""

    over: tuple[str, ...]  # its dimensions beside the study's axes
    long_name: str
    values: str  # of a `Summary`
    column: int | None = None  # of them, the last dimension
    units: str = "1"  # none where each quantity has its own

    def of(self, summary: Summary) -> Any:
        """Its values."""
        values = getattr(summary, self.values)
        return values if self.column is None else values[..., self.column]


_ERROR = "Monte Carlo standard error of the"
_EACH = "probability in each independent randomisation of the points, which all cells share"
_VARIABLES = {
    "probability": _Variable(("event",), "probability", "probability", 0),
    "probability_error": _Variable(("event",), f"{_ERROR} probability", "probability", 1),
    "probability_by_randomisation": _Variable(("event", "randomisation"), _EACH, "by_randomisation"),
    "share": _Variable(("event", "end"), "share of draws by how they end", "share"),
    "quantile": _Variable(("quantity", "level"), "value that such a share lies below", "quantile", 0, ""),
    "quantile_error": _Variable(("quantity", "level"), f"{_ERROR} quantile", "quantile", 1, ""),
    "never": _Variable(("quantity",), "share that is infinite", "never", 0),
    "never_error": _Variable(("quantity",), f"{_ERROR} share", "never", 1),
}


class Grid:
    """What is known of all cells of a study so far. Memory: some kilobytes a cell, whatever the draws."""

    def __init__(self, study: Study, addresses: Sequence[str]) -> None:
        self.study, self.addresses = study, addresses
        self.summaries = Summary.unknown(study.size, study.question)
        self.state = np.full(study.size, TO_DO, dtype=np.int8)
        self.problem = np.full(study.size, "", dtype=np.dtypes.StringDType())

    def put(self, cell: int, summary: Summary) -> None:
        """A cell is done."""
        for values, new in zip(self.summaries, summary, strict=True):
            values[cell] = new
        self.state[cell], self.problem[cell] = DONE, ""

    def fail(self, cell: int, failure: Failure) -> None:
        """A cell has failed."""
        self.state[cell], self.problem[cell] = FAILED, str(failure)

    def dataset(self) -> Dataset:
        """Everything, over the study's axes, event, quantity, level and randomisation; NaN where nothing is known."""
        from xarray import Dataset

        study, axes = self.study, tuple(axis.name for axis in self.study.axes)
        # CF flags
        flags = {"flag_values": [*range(len(STATES))], "flag_meanings": " ".join(s.replace(" ", "_") for s in STATES)}
        data: dict[str, Any] = {
            "state": (axes, self._shaped(self.state), flags),
            "problem": (axes, self._shaped(self.problem), {"long_name": "why a cell failed, and what to do"}),
            "cell": (axes, self._shaped(_texts(self.addresses)), {"long_name": "its folder in cells, and address"}),
        }
        coordinates: dict[str, Any] = {}
        for axis in study.axes:
            coordinates[axis.name] = (axis.name, _labels(axis.labels))
            coordinates |= {name: (axis.name, _labels(labels)) for name, labels in axis.beside.items()}
        columns = {"event": study.events, "quantity": study.quantities}
        for name, variable in _VARIABLES.items():
            if columns[variable.over[0]]:
                attributes = ({"units": variable.units} if variable.units else {}) | {"long_name": variable.long_name}
                data[name] = ((*axes, *variable.over), self._shaped(variable.of(self.summaries)), attributes)
        if study.events:
            coordinates |= {"event": _texts(study.events), "end": _texts([*CODES])}
            coordinates["randomisation"] = np.arange(RANDOMISATIONS)
        if study.quantities:
            coordinates |= {"quantity": _texts(study.quantities), "level": np.array(LEVELS)}
            data["unit"] = ("quantity", _texts([parse_quantity(name).unit for name in study.quantities]))
        return Dataset(data, coordinates)

    def _shaped(self, cells: Any) -> Any:
        """Cell by cell to over the axes."""
        return cells.reshape(*self.study.shape, *cells.shape[1:])


def amiss(data: Dataset) -> str:
    """How a dataset differs from what `Grid.dataset` makes, for whoever reads one; nothing if it does not.

    Examples
    --------
    >>> from xarray import Dataset
    >>> amiss(Dataset({"state": ("view", [1.0])}))
    'has no coordinate view, or not the one of its format'
    """
    what = "has no {}, or not the one of its format"
    if "state" not in data or "view" not in data["state"].dims:
        return what.format("state")
    axes = tuple(map(str, data["state"].dims))
    form = {"problem": (_TEXT, axes), "cell": (_TEXT, axes)}
    form |= {name: (_NUMBER, (*axes, *v.over)) for name, v in _VARIABLES.items() if v.over[0] in data.dims}
    form |= {"unit": (_TEXT, ("quantity",))} if "quantity" in data.dims else {}
    for name in dict.fromkeys(dim for _, over in form.values() for dim in over):
        if name not in data.coords or data[name].dims != (name,):
            return what.format(f"coordinate {name}")
    for name, (kinds, over) in form.items():
        if name not in data or tuple(map(str, data[name].dims)) != over or data[name].dtype.kind not in kinds:
            return what.format(name)
    return ""


def _texts(texts: Sequence[str]) -> Any:
    return np.array([*texts], dtype=np.dtypes.StringDType())


def _labels(labels: Sequence[Label]) -> Any:
    return _texts([str(label) for label in labels]) if isinstance(labels[0], str) else np.array(labels)
