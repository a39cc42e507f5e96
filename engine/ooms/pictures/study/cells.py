"""The cells of a study as its picture needs them: axes in words, probabilities, and what was not worked out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.batch.axes import Label, label_text
from ooms.batch.grid import DONE, FAILED
from ooms.batch.slices import axes_of, selected
from ooms.parameters import known, known_names
from ooms.pictures.rows import Row
from ooms.pictures.study.shades import COLOURS
from ooms.pictures.words import event_name, harmless
from ooms.problems import Problem, Problems, UserError
from ooms.results.credence import Estimate
from ooms.results.numbers import percent

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["Axis", "Cells", "cells_of", "highest_of", "together"]

_GREEK = {
    "rho": "\u03c1", "lambda": "\u03bb", "zeta": "\u03b6", "gamma": "\u03b3", "eta": "\u03b7", "delta": "\u03b4",
    "sigma": "\u03c3", "phi": "\u03c6",
}  # fmt: skip
_DIGITS = 4  # of a label that is a number: those of a range have up to 12


class Axis(NamedTuple):
    """An axis of a study.

    Parameters
    ----------
    name, title, short : str
        As in the study; with symbol and unit; and the shortest that still says what it is.
    labels : tuple of str
        What its points are called.
    values : array or None
        Its points as ascending numbers, if they are numbers.
    """

    name: str
    title: str
    short: str
    labels: tuple[str, ...]
    values: NDArray[np.float64] | None

    def at(self, k: int) -> str:
        """A point in words: ``rho = -0.4``."""
        return f"{self.name} = {self.labels[k]}"


@dataclass(frozen=True)
class Cells:
    """A study's cells for one event.

    Parameters
    ----------
    event : str
        In words.
    axes : tuple of Axis
        Those with more than one point.
    fixed : tuple of str
        What all cells share: ``view = davidson-2025``.
    probability, error : array
        Over the axes; NaN where it was not worked out.
    failed : array of bool
        Which could not be worked out, over the axes; others that are NaN are still to do.
    problem : array of str
        Why, over the axes.
    """

    event: str
    axes: tuple[Axis, ...]
    fixed: tuple[str, ...]
    probability: NDArray[np.float64]
    error: NDArray[np.float64]
    failed: NDArray[np.bool_]
    problem: NDArray[Any]

    @property
    def numeric(self) -> list[int]:
        """The axes that are numbers, by their number here, the longest first; ties as in the study."""
        return sorted((k for k, axis in enumerate(self.axes) if axis.values is not None), key=self._shortness)

    @property
    def labelled(self) -> list[int]:
        """The same of the others."""
        return sorted((k for k, axis in enumerate(self.axes) if axis.values is None), key=self._shortness)

    def _shortness(self, k: int) -> int:
        return -len(self.axes[k].labels)

    def by_colour(self, first: int | None) -> tuple[int | None, list[int]]:
        """Of all axes but that one, the first that colours can stand for, and those that are left for panels."""
        rest = [k for k in range(len(self.axes)) if k != first]
        by = next((k for k in rest if len(self.axes[k].labels) <= COLOURS), None)
        return by, [k for k in rest if k != by]

    @property
    def missing(self) -> str:
        """How many were not worked out, and why, in words; empty if all were."""
        none = np.isnan(self.probability)
        failed = int((none & self.failed).sum())
        counts = {"failed": failed, "to do": int(none.sum()) - failed}
        told = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
        return f"not worked out ({told})" if told else ""

    @property
    def top(self) -> float:
        """Where an axis of probabilities ends, percent: 1, 2 or 5 times a power of ten, from 0.1 to 100."""
        known = ~np.isnan(self.probability)
        if not known.any():
            return 100.0
        highest = 100.0 * float((self.probability + 2.0 * np.nan_to_num(self.error))[known].max())
        steps = [float(f"{k}e{power}") for power in (-1, 0, 1) for k in (1, 2, 5)]
        return next((step for step in steps if highest <= step), 100.0)

    def words(self, place: Sequence[int]) -> str:
        """Where a cell is: ``rho = -0.4, returns = 1.2``."""
        return ", ".join(axis.at(k) for axis, k in zip(self.axes, place, strict=True)) or "the only cell"

    def row(self, place: tuple[int, ...]) -> Row:
        """A cell as a row of a chart's data: probability and standard error, the same in percent, and in words."""
        value, error = float(self.probability[place]), float(self.error[place])
        if math.isnan(value):
            why = harmless(str(self.problem[place])) if self.failed[place] else "still to do"
            return {"where": self.words(place), "probability": None, "error": None, "shown": f"not worked out: {why}"}
        spread = 2.0 * error if math.isfinite(error) else 0.0
        low, high = max(value - spread, 0.0), min(value + spread, 1.0)
        return {
            "where": self.words(place),
            "probability": value,
            "error": error if math.isfinite(error) else None,
            "chance": 100.0 * value,
            "low": 100.0 * low,
            "high": 100.0 * high,
            "shown": percent(Estimate(value, error)),
        }


def cells_of(data: Dataset, event: str | None) -> Cells:
    """A study's cells for an event, the first unless another is asked for.

    Parameters
    ----------
    data : Dataset
        As `ooms.open_study` gives it, or a selection of it.
    event : str, optional
        One of the study's.

    Raises
    ------
    UserError
        The study did not ask for the event, or for any; or the selection holds no cell.
    """
    chosen = _one_event(data, event)
    names = axes_of(chosen)
    if not all(chosen.sizes[name] for name in names):
        raise UserError([Problem("data", "holds no cell", "choose a slice that does")])
    wide = [name for name in names if chosen.sizes[name] > 1]
    single = [str(name) for name in chosen.coords if str(name) not in (*wide, "event") and _is_own(chosen, str(name))]
    axes, orders = list[Axis](), list[NDArray[np.intp]]()
    for name in wide:
        labels = chosen[name].values
        number = labels.dtype.kind in "fiu"
        order = np.argsort(labels, kind="stable") if number else np.arange(len(labels))
        axes.append(_axis(name, labels[order], number=number))
        orders.append(order)

    def over(variable: str) -> Any:
        found = chosen[variable]
        found = found.squeeze([dim for dim in found.dims if dim not in wide], drop=True).transpose(*wide)
        return found.values[np.ix_(*orders)] if orders else found.values

    done = over("state") == DONE
    return Cells(
        event=event_name(str(chosen["event"].values.ravel()[0])),
        axes=tuple(axes),
        fixed=tuple(f"{harmless(name)} = {_labelled(chosen[name].values.ravel().tolist()[0])}" for name in single),
        probability=np.where(done, over("probability"), np.nan),
        error=np.where(done, over("probability_error"), np.nan),
        failed=over("state") == FAILED,
        problem=over("problem"),
    )


def together(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> together(["rho"]), together(["rho", "view", "returns"])
    ('rho', 'rho, view and returns')
    """
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def highest_of(cells: Cells) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Where the probability is lowest and where highest; None if nothing was worked out."""
    if np.isnan(cells.probability).all():
        return None
    ends = np.nanargmin(cells.probability), np.nanargmax(cells.probability)
    low, high = (tuple(int(k) for k in np.unravel_index(end, cells.probability.shape)) for end in ends)
    return low, high


def _one_event(data: Dataset, event: str | None) -> Dataset:
    if "event" not in data.coords:
        raise UserError([Problem("data", "the study asked for no events", "give it events, and run it again")])
    if "event" not in data.dims:
        data = data.expand_dims("event")
    problems = Problems()
    found = selected(data, [] if event is None else [event], [], problems)
    problems.raise_if_any()
    return found.isel(event=[0])


def _is_own(data: Dataset, name: str) -> bool:
    """Whether a coordinate with one value is a point of an axis, not of what lies beside one."""
    labels: Any = data[name].values
    return name in axes_of(data) or not np.ndim(labels)


def _axis(name: str, labels: Any, *, number: bool) -> Axis:
    shown = harmless(name)
    symbol, unit = (known(name).symbol, known(name).unit) if name in known_names() else ("", "-")
    stem, _, rest = symbol.partition("_")
    symbol = _GREEK.get(stem, stem) + (f"_{rest}" if rest else "")
    inside = "" if symbol in ("", name) else f" ({symbol})"
    title = f"{shown}{inside}" + (f", {unit}" if unit != "-" else "")
    texts = tuple(_labelled(label) for label in labels.tolist())
    return Axis(shown, title, symbol or shown, texts, labels.astype(np.float64) if number else None)


def _labelled(label: Label) -> str:
    text = harmless(label_text(label, _DIGITS))
    return text if isinstance(label, bool | str) else text.replace("-", "\u2212")  # the sign, as on the axes
