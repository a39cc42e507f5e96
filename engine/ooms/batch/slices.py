"""Slices of a study's dataset, asked for in words: ``rho=-0.4``, ``returns=0.5..2``, ``view=davidson-2025``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.batch.axes import label_text
from ooms.outcomes import parse_event, parse_quantity
from ooms.problems import Problems, UserError, did_you_mean

if TYPE_CHECKING:
    from xarray import DataArray, Dataset

__all__ = ["axes_of", "selected", "slice_of"]

_CONDITION = re.compile(r"\s*(\w+)\s*=\s*(.+?)\s*", re.DOTALL)
_RANGE = re.compile(r"(.+?)\.\.(.+)")
_CLOSE = 1e-9
_MOST = 1000  # values of a condition
_SHOWN = 5  # of those that are no label


def axes_of(data: Dataset) -> tuple[str, ...]:
    """The study's own axes, in order: the dimensions of its states."""
    return tuple(str(name) for name in data["state"].dims)


def slice_of(data: Dataset, where: Iterable[str], problems: Problems) -> Dataset:
    """The cells for which all conditions hold; what is wrong with any is added to `problems`.

    Each condition names an axis, or a coordinate along one, and what it is to be: a label, several with commas between
    them, or a range, ``0.5..2``, with its ends.
    """
    keep: dict[str, NDArray[np.bool_]] = {}
    for name, wanted in _read(where, problems).items():
        coordinate = _coordinate(data, name, problems)
        if coordinate is None:
            continue
        (axis,) = (str(dim) for dim in coordinate.dims)
        matching = _matching(coordinate, name, wanted, problems)
        keep[axis] = keep.get(axis, np.ones(data.sizes[axis], dtype=bool)) & matching
    places = {axis: np.flatnonzero(kept) for axis, kept in keep.items()}
    for axis, points in places.items():
        if not points.size and not len(problems):
            problems.add("where", f"no point of {axis} meets all conditions", "leave one of them out")
    return data if len(problems) else data.isel(places)


def selected(data: Dataset, events: Sequence[str], quantities: Sequence[str], problems: Problems) -> Dataset:
    """The dataset with some of its events and quantities: those named, or all where none is."""
    for dim, names, tidied in (("event", events, _event), ("quantity", quantities, _quantity)):
        if not names:
            continue
        known = [str(name) for name in data[dim].values] if dim in data.dims else []
        wanted = list(dict.fromkeys(map(tidied, names)))
        for name in wanted:
            if name not in known:
                remedy = did_you_mean(name, known) if known else "the study asked for none"
                problems.add(dim, f"the study did not ask for {name!r}", remedy)
        if not set(wanted) - set(known):
            data = data.isel({dim: [known.index(name) for name in wanted]})
    return data


def _event(text: str) -> str:
    with suppress(UserError):
        return parse_event(text).text
    return text


def _quantity(text: str) -> str:
    with suppress(UserError):
        return parse_quantity(text).name
    return text


def _read(where: Iterable[str], problems: Problems) -> dict[str, str]:
    conditions: dict[str, str] = {}
    for text in where:
        match = _CONDITION.fullmatch(text)
        if match is None:
            remedy = "write it like rho=-0.4, rho=-0.4,-0.2 or returns=0.5..2"
            problems.add("where", f"{text!r} cannot be read", remedy)
        elif match[1] in conditions:
            problems.add("where", f"{match[1]} is there twice", "put its values into one, with commas between them")
        else:
            conditions[match[1]] = match[2]
    return conditions


def _coordinate(data: Dataset, name: str, problems: Problems) -> DataArray | None:
    """The labels of an axis, or what else is known along one."""
    known = [str(key) for key in data.coords if set(data[key].dims) <= set(axes_of(data)) and data[key].ndim == 1]
    if name in known:
        return data[name]
    problems.add("where", f"the study has no axis {name}", did_you_mean(name, known))
    return None


def _matching(coordinate: DataArray, name: str, wanted: str, problems: Problems) -> NDArray[np.bool_]:
    """At which points it is what is wanted."""
    labels = coordinate.values
    numbers = labels.dtype.kind == "f"
    ends = _RANGE.fullmatch(wanted) if numbers else None
    if ends is not None:
        return _between(labels, name, ends[1], ends[2], problems)
    # labels as they are written in conditions
    matching, texts = np.zeros(len(labels), dtype=bool), [label_text(label, 6) for label in labels.tolist()]
    values = dict.fromkeys(_listed(wanted, set(texts)))
    if len(values) > _MOST:
        what = f"{len(values):,} values of {name} are asked for, more than {_MOST:,}"
        problems.add("where", what, f"ask for a range, {name}=0.5..2" if numbers else "leave the condition out")
        return ~matching
    names, unknown = np.array(texts, dtype=object), list[str]()
    for text in values:
        same = np.isclose(labels, _number(text), rtol=_CLOSE, atol=1e-15) if numbers else names == text
        unknown += [] if same.any() else [text]
        matching |= same
    for text in unknown[:_SHOWN]:
        near = did_you_mean(text, texts)  # of all labels; or else a few of them
        remedy = near if near.startswith("did you mean") else did_you_mean(text, _shortened(texts))
        problems.add("where", f"{name} is never {text}", remedy)
    if rest := unknown[_SHOWN:]:
        more = ", ".join(_shortened(rest))
        problems.add("where", f"{name} is never any of {len(rest):,} more: {more}", "leave them out")
    return matching


def _listed(wanted: str, known: set[str]) -> list[str]:
    """The labels in a list with commas between them: the longest that are known, as labels may have commas too."""
    parts, labels, start = _parts(wanted), list[str](), 0
    longest = max((len(_parts(text)) for text in known), default=1)
    while start < len(parts):
        ends = range(min(len(parts), start + longest), start, -1)
        end = next((end for end in ends if ",".join(parts[start:end]).strip() in known), start + 1)
        labels.append(",".join(parts[start:end]).strip())
        start = end
    return labels


def _parts(text: str) -> list[str]:
    """What stands between commas that are not inside parentheses."""
    parts, depth = [""], 0
    for piece in re.split(r"([(),])", text):
        depth = max(0, depth + (piece == "(") - (piece == ")"))
        if piece == "," and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _between(labels: Any, name: str, low: str, high: str, problems: Problems) -> NDArray[np.bool_]:
    ends = [_number(low), _number(high)]
    if any(map(math.isnan, ends)):
        problems.add("where", f"{name}={low}..{high} is no range of numbers", "write it like 0.5..2")
        return np.ones(len(labels), dtype=bool)
    slack = _CLOSE * np.abs(labels)
    inside = (labels >= ends[0] - slack) & (labels <= ends[1] + slack)
    if not inside.any():
        what = f"{name} is never between {low} and {high}"
        problems.add("where", what, f"it goes from {labels.min():g} to {labels.max():g}")
    return inside


def _shortened(texts: list[str]) -> list[str]:
    return texts if len(texts) <= 12 else [*texts[:6], "...", *texts[-2:]]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
