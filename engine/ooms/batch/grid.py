"""What is known of all cells of a study, as arrays over its axes, and as one labelled xarray Dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ooms.batch.addresses import LEVELS
from ooms.batch.study import Label, Study
from ooms.batch.work import Failure, Summary
from ooms.beliefs.draws import RANDOMISATIONS
from ooms.outcomes import CODES, parse_quantity

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["DONE", "FAILED", "STATES", "TO_DO", "Board", "amiss"]

TO_DO, DONE, FAILED = 0, 1, 2
STATES = ("to do", "done", "failed")
"""What `state` means, by its value."""


class Board:
    """What is known of all cells of a study so far. Memory: some kilobytes a cell, whatever the draws.

    Parameters
    ----------
    study : Study
        Whose cells.
    addresses : sequence of str
        Of each cell, in order; empty where its beliefs fail.
    """

    def __init__(self, study: Study, addresses: Sequence[str]) -> None:
        self.study, self.addresses = study, addresses
        cells, events, quantities = study.size, len(study.events), len(study.quantities)
        self.probability = np.full((cells, events, 2), np.nan)
        self.by_randomisation = np.full((cells, events, RANDOMISATIONS), np.nan)
        self.share = np.full((cells, events, len(CODES)), np.nan)
        self.quantile = np.full((cells, quantities, len(LEVELS), 2), np.nan)
        self.never = np.full((cells, quantities, 2), np.nan)
        self.state = np.full(cells, TO_DO, dtype=np.int8)
        self.problem = np.full(cells, "", dtype=np.dtypes.StringDType())

    def put(self, cell: int, summary: Summary) -> None:
        """A cell is done."""
        self.probability[cell], self.by_randomisation[cell] = summary.probability, summary.by_randomisation
        self.share[cell], self.quantile[cell], self.never[cell] = summary.share, summary.quantile, summary.never
        self.state[cell], self.problem[cell] = DONE, ""

    def fail(self, cell: int, failure: Failure) -> None:
        """A cell has failed."""
        self.state[cell], self.problem[cell] = FAILED, str(failure)

    def dataset(self) -> Dataset:
        """Everything, over the study's axes, event, quantity, level and randomisation; NaN where nothing is known."""
        from xarray import Dataset

        over = tuple(axis.name for axis in self.study.axes)
        data: dict[str, Any] = {
            "state": (over, self._shaped(self.state), _flags()),
            "problem": (over, self._shaped(self.problem), {"long_name": "why a cell failed, and what to do"}),
            "cell": (over, self._shaped(_texts(self.addresses)), {"long_name": "its folder in cells, and address"}),
        }
        coordinates: dict[str, Any] = {}
        for axis in self.study.axes:
            coordinates[axis.name] = (axis.name, _labels(axis.labels))
            coordinates |= {name: (axis.name, _labels(labels)) for name, labels in axis.beside.items()}
        if self.study.events:
            data |= self._of_events(over)
            coordinates |= {"event": _texts(self.study.events), "end": _texts([*CODES])}
            coordinates["randomisation"] = np.arange(RANDOMISATIONS)
        if self.study.quantities:
            data |= self._of_quantities(over)
            coordinates |= {"quantity": _texts(self.study.quantities), "level": np.array(LEVELS)}
        return Dataset(data, coordinates)

    def _of_events(self, over: tuple[str, ...]) -> dict[str, Any]:
        error = "Monte Carlo standard error of the probability"
        each = "probability in each independent randomisation of the points, which all cells share"
        share = "share of draws by how they end"
        return {
            "probability": ((*over, "event"), self._shaped(self.probability[..., 0]), _unit("probability")),
            "probability_error": ((*over, "event"), self._shaped(self.probability[..., 1]), _unit(error)),
            "probability_by_randomisation": (
                (*over, "event", "randomisation"), self._shaped(self.by_randomisation), _unit(each),
            ),
            "share": ((*over, "event", "end"), self._shaped(self.share), _unit(share)),
        }  # fmt: skip

    def _of_quantities(self, over: tuple[str, ...]) -> dict[str, Any]:
        value, error = "value that such a share lies below", "Monte Carlo standard error of the quantile"
        never, its_error = "share that is infinite", "Monte Carlo standard error of the share"
        at = (*over, "quantity", "level")
        return {
            "quantile": (at, self._shaped(self.quantile[..., 0]), {"long_name": value}),
            "quantile_error": (at, self._shaped(self.quantile[..., 1]), {"long_name": error}),
            "never": (at[:-1], self._shaped(self.never[..., 0]), _unit(never)),
            "never_error": (at[:-1], self._shaped(self.never[..., 1]), _unit(its_error)),
            "unit": ("quantity", _texts([parse_quantity(name).unit for name in self.study.quantities])),
        }

    def _shaped(self, cells: Any) -> Any:
        """Cell by cell to over the axes."""
        return cells.reshape(*self.study.shape, *cells.shape[1:])


_TEXT, _NUMBER = "TUO", "f"
_FORM: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "problem": (_TEXT, ()), "cell": (_TEXT, ()),
    "probability": (_NUMBER, ("event",)), "probability_error": (_NUMBER, ("event",)),
    "probability_by_randomisation": (_NUMBER, ("event", "randomisation")), "share": (_NUMBER, ("event", "end")),
    "quantile": (_NUMBER, ("quantity", "level")), "quantile_error": (_NUMBER, ("quantity", "level")),
    "never": (_NUMBER, ("quantity",)), "never_error": (_NUMBER, ("quantity",)),
}  # fmt: skip
"""What is over the study's axes: kinds of types, and further dimensions. *state* says which the axes are."""


def amiss(data: Dataset) -> str:
    """How a dataset differs from what `Board.dataset` makes, for whoever reads one; nothing if it does not.

    Examples
    --------
    >>> from xarray import Dataset
    >>> amiss(Dataset({"state": ("view", [1.0])}))
    'has no coordinate view, or not the one of its format'
    """
    said = "has no {}, or not the one of its format"
    if "state" not in data or "view" not in data["state"].dims:
        return said.format("state")
    axes = tuple(map(str, data["state"].dims))
    asked = [name for name in ("event", "quantity") if name in data.dims]
    form = {name: each for name, each in _FORM.items() if not each[1] or each[1][0] in asked}
    form |= {"unit": (_TEXT, ("quantity",))} if "quantity" in asked else {}
    for name in dict.fromkeys([*axes, *(dim for _, further in form.values() for dim in further)]):
        if name not in data.coords or data[name].dims != (name,):
            return said.format(f"coordinate {name}")
    for name, (kinds, further) in form.items():
        over = further if name == "unit" else (*axes, *further)
        if name not in data or tuple(map(str, data[name].dims)) != over or data[name].dtype.kind not in kinds:
            return said.format(name)
    return ""


def _unit(name: str) -> dict[str, str]:
    return {"units": "1", "long_name": name}


def _flags() -> dict[str, Any]:
    """What the states mean, as CF flags."""
    return {"flag_values": [*range(len(STATES))], "flag_meanings": " ".join(s.replace(" ", "_") for s in STATES)}


def _texts(texts: Sequence[str]) -> Any:
    return np.array([*texts], dtype=np.dtypes.StringDType())


def _labels(labels: Sequence[Label]) -> Any:
    return _texts([str(label) for label in labels]) if isinstance(labels[0], str) else np.array(labels)
