"""What a study varies or sets without effect: axes along which no number changes, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from ooms.batch.axes import Axis, Change
from ooms.batch.study import Study
from ooms.beliefs.changes import unwarned
from ooms.beliefs.inert import Probed, says_the_same
from ooms.beliefs.probe import moved
from ooms.beliefs.reasons import reason
from ooms.beliefs.view import View
from ooms.forecasting.unasked import moved_only, relevant
from ooms.outcomes import parse_event, parse_quantity
from ooms.problems import UserError

__all__ = ["without_effect"]

_POINTS = 16
"""Points of an axis that are looked at."""

_ELSEWHERE = 32
"""Points of all other axes at which they are, if it has no effect at the first."""


@dataclass(frozen=True, slots=True)
class _Varied:
    """An axis, or what is set in every cell: its points (the last without it if it is set), and all others."""

    name: str
    points: tuple[Mapping[str, Change], ...]
    others: tuple[Axis, ...]
    set: Mapping[str, Change]

    @property
    def changed(self) -> tuple[str, ...]:
        """What changes along it."""
        return tuple(self.points[0])


def without_effect(study: Study) -> tuple[str, ...]:
    """Named warnings of axes, and of what is set, that change no number that the study asks for.

    They are found without running anything: cells along the axis are alike to the equation (`ooms.beliefs.probe`), at
    the first point of all other axes and at up to 32 more.
    """
    asked = relevant(map(parse_event, study.events), map(parse_quantity, study.quantities))
    idle: dict[tuple[str, str, str], list[str]] = {}
    for varied in _all(study):
        for label, view in study.views.items():
            if (why := _why_idle(view, varied, asked)) is not None:
                idle.setdefault((varied.name, *why), []).append(label)
    warnings = list[str]()
    for (name, why, remedy), views in idle.items():
        under = "" if len(views) == len(study.views) else f" under {', '.join(views)}"
        warnings.append(f"no-effect: {name} changes nothing{under}: {why}; {remedy}")
    return tuple(warnings)


def _all(study: Study) -> Iterator[_Varied]:
    """What is varied and what is set, one by one."""
    for axis in study.axes[1:]:
        others = tuple(other for other in study.axes[1:] if other is not axis)
        if len(axis.points) > 1:
            yield _Varied(axis.name, axis.points, others, study.set)
    for key, change in study.set.items():
        rest = {name: value for name, value in study.set.items() if name != key}
        yield _Varied(key, ({key: change}, {}), study.axes[1:], rest)


def _why_idle(view: View, varied: _Varied, asked: frozenset[str]) -> tuple[str, str] | None:
    """Why it changes nothing of what is asked under a view, and what would give it an effect; None if it does."""
    why: tuple[str, str] | None = None
    for elsewhere in _places(varied.others):
        cells = [cell for point in _some(varied.points) if (cell := _cell(view, varied, elsewhere, point))]
        if len(cells) < 2:
            continue
        moves = frozenset[str]().union(*(moved(cells[0].readings, cell.readings) for cell in cells[1:]))
        if moves & asked:
            return None
        if why is None and moves:
            what, ask = moved_only(moves)
            why = f"it moves only {what}, and the study asks for nothing that depends on that", f"ask for {ask}"
        elif why is None and all(says_the_same(cells[0], cell, varied.changed) for cell in cells[1:]):
            why = "the same as before", "leave it out"
        elif why is None:
            why = reason(varied.changed, cells[0].view, cells[0].inputs)
    return why


def _cell(view: View, varied: _Varied, elsewhere: Mapping[str, Change], point: Mapping[str, Change]) -> Probed | None:
    """A cell, probed; None if its beliefs fail."""
    try:
        with unwarned():
            cell = Probed(view.changed({**varied.set, **elsewhere, **point}))
        return cell if cell.readings else None
    except UserError:
        return None


def _places(axes: tuple[Axis, ...]) -> Iterator[Mapping[str, Change]]:
    """Points of all axes together: the first, and others spread over them."""
    count = prod(len(axis.points) for axis in axes)
    step = max(1, count // _ELSEWHERE)
    for index in range(0, count, step | 1):  # odd, so that it runs through axes of two points too
        point, rest = dict[str, Change](), index
        for axis in axes:
            rest, place = divmod(rest, len(axis.points))
            point |= axis.points[place]
        yield point


def _some[T](points: tuple[T, ...]) -> tuple[T, ...]:
    """At most so many of them, evenly spread, with both ends."""
    if len(points) <= _POINTS:
        return points
    return tuple(points[round(k * (len(points) - 1) / (_POINTS - 1))] for k in range(_POINTS))
