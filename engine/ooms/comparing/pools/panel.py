"""Who is pooled, and with what weight: read, checked and normalised."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.reader import as_view
from ooms.beliefs.view import View
from ooms.problems import Problems, did_you_mean

__all__ = ["EQUAL", "GIVEN", "Panel", "Views", "Weights", "read_panel", "reweighted"]

Views = View | str | Path | Iterable[View | str | Path] | Mapping[str, float] | Mapping[Path, float]
Weights = Mapping[str, float] | Sequence[float]

EQUAL = "equal weights: a choice, not a fact"
"""Said wherever a pool is shown whose weights nobody gave."""

GIVEN = "weights as given"


@dataclass(frozen=True)
class Panel:
    """Views and their weights, which add up to 1.

    Parameters
    ----------
    views : mapping of str to View
        By the name they are shown under.
    weights : mapping of str to float
        In the same order.
    weighting : str
        Where the weights come from: `EQUAL` or `GIVEN`.
    aliases : mapping of str to str
        Other names the user has for the views: as they were given, say as a path.
    """

    views: Mapping[str, View]
    weights: Mapping[str, float]
    weighting: str
    aliases: Mapping[str, str] = field(default=MappingProxyType({}), repr=False)

    @property
    def shares(self) -> NDArray[np.float64]:
        """The weights as an array."""
        return np.array(list(self.weights.values()))

    @property
    def active(self) -> dict[str, View]:
        """The views with a weight above 0."""
        return {name: view for name, view in self.views.items() if self.weights[name] > 0}

    def __str__(self) -> str:
        return ", ".join(f"{name} ({weight:.3g})" for name, weight in self.weights.items())


def read_panel(problems: Problems, views: Views, weights: Weights | None = None) -> Panel | None:
    """The views and weights that were asked for, or None with everything that is wrong added to `problems`."""
    before = len(problems)
    if isinstance(views, Mapping):
        table = cast("Mapping[str | Path, float]", views)
        given: list[View | str | Path] = list(table)
        if weights is not None:
            problems.add("weights", "weights are given twice, with the views and by themselves", "give them once")
        weights = list(table.values())
    else:
        given = [views] if isinstance(views, View | str | Path) else list(views)
    if not given:
        problems.add("views", "no view is named", "name at least one, such as davidson-2025")
    loaded = [as_view(one, problems) for one in given]
    names = [str(one) if view is None else view.label for one, view in zip(given, loaded, strict=True)]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        what = f"two views are called {name}"
        problems.add("views", what, "name it once, with all its weight; or rename one of the files")
    found = {name: view for name, view in zip(names, loaded, strict=True) if view is not None}
    aliases = {str(one): name for one, name in zip(given, names, strict=True) if not isinstance(one, View)}
    once = Counter(view.name for view in found.values())
    aliases |= {view.name: name for name, view in found.items() if once[view.name] == 1}
    aliases |= {name: name for name in names}
    if weights is not None and not isinstance(weights, Mapping) and len(weights) != len(given):
        problems.add("weights", f"there are {len(weights)} weights for {len(given)} views", "give one for each view")
        weights = None
    each = _weights(names, aliases, weights, problems) if len(set(names)) == len(names) else {}
    if len(problems) > before:
        return None
    return Panel(found, each, EQUAL if weights is None else GIVEN, aliases)


def reweighted(panel: Panel, weights: Weights | None) -> Panel:
    """The same views with other weights.

    Raises
    ------
    UserError
        Everything that is wrong with the weights.
    """
    problems, names = Problems(), list(panel.views)
    if weights is not None and not isinstance(weights, Mapping) and len(weights) != len(names):
        problems.add("weights", f"there are {len(weights)} weights for {len(names)} views", "give one for each view")
        problems.raise_if_any()
    each = _weights(names, panel.aliases, weights, problems)
    problems.raise_if_any()
    return Panel(panel.views, each, EQUAL if weights is None else GIVEN, panel.aliases)


def _weights(
    names: list[str], aliases: Mapping[str, str], weights: Weights | None, problems: Problems
) -> dict[str, float]:
    """Weights by name, normalised."""
    if weights is None:
        return {name: 1.0 / len(names) for name in names}
    before = len(problems)
    pairs = weights if isinstance(weights, Mapping) else dict(zip(names, weights, strict=True))
    found: dict[str, float] = {}
    for key, value in cast("Mapping[Any, Any]", pairs).items():
        name = aliases.get(str(key))
        if name is None:
            problems.add("weights", f"{key} has a weight but is not among the views", did_you_mean(str(key), names))
        elif name in found:
            problems.add("weights", f"{name} has two weights", "give it one")
        else:
            found[name] = _weight(name, value, problems)
    for name in names:
        if name not in found:
            problems.add("weights", f"{name} has no weight", "give it one; 0 leaves it out")
    if len(problems) > before:
        return {}
    most = max(found.values())
    if most == 0.0:
        problems.add("weights", "all weights are 0", "give at least one view a weight above 0")
        return {}
    total = math.fsum(found[name] / most for name in names)
    return {name: found[name] / most / total for name in names}


def _weight(name: str, value: object, problems: Problems) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        problems.add("weights", f"{value!r} for {name} is not a number", "give 0 or more, on any scale")
    elif not 0.0 <= float(value) < math.inf:
        problems.add("weights", f"{float(value):g} for {name} is no weight", "give 0 or more, on any scale")
    else:
        return float(value)
    return 1.0
