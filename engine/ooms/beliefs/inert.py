"""What is said about a view without effect, why, and what would give it one.

A view is made in layers: its file on top of those that it extends, options, what-ifs. Something that a layer says has
no effect if the view without it is the same to the equation (`ooms.beliefs.probe`). That is worked out, so that it is
true of any combination of beliefs; the reasons, which are for people, are in `ooms.beliefs.reasons`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.checks import TOGETHER, check
from ooms.beliefs.options import Option, Stated, Switches, WhatIf
from ooms.beliefs.probe import LABOUR_SHARE, MAX_SPEED, inputs_of, moved, readings
from ooms.beliefs.reasons import reason
from ooms.beliefs.reparametrisation import RULES, rivals
from ooms.distributions.copula import Correlation
from ooms.distributions.marginals import Fixed
from ooms.distributions.marginals.words import written
from ooms.model.inputs import Inputs
from ooms.problems import Problems, UserError

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["DESCRIPTIVE", "Idle", "Layers", "Probed", "effect", "idle", "idle_alone", "says_the_same",
           "switch_without_effect", "without_effect", "written_items"]  # fmt: skip

type Item = str | Correlation
"""What can have an effect: a parameter or switch by its name, ``routes``, or a correlation."""

ROUTES = "routes"

DESCRIPTIVE = frozenset({LABOUR_SHARE, MAX_SPEED})
"""What describes the inputs, and is no answer."""

_TOGETHER = (*TOGETHER, (ROUTES, "route_elasticity"), *(rule.names for rule in RULES if len(rule.names) > 1))
"""What can only be taken away together."""


class Probed:
    """A view, what the model takes from it, and what is read off that."""

    def __init__(self, view: View) -> None:
        self.view = view

    @cached_property
    def inputs(self) -> Inputs:
        """The draws of the probe."""
        return inputs_of(self.view)

    @cached_property
    def readings(self) -> Mapping[str, NDArray[np.float64]]:
        """What answers are read off."""
        return readings(self.inputs)


def effect(view: Probed, other: View) -> frozenset[str] | None:
    """The readings in which another view differs; None if its beliefs cannot stand together."""
    problems = Problems()
    check(other, "", problems)
    if len(problems):
        return None
    try:
        return moved(view.readings, Probed(other).readings)
    except UserError:
        return None


def idle(view: View) -> frozenset[Item]:
    """What a view's file states without effect, and does not say so.

    What it repeats of a file that it extends is so there already, and what every prior file has to state it cannot
    leave out: neither is among them, nor are correlations of these.
    """
    problems = Problems()
    check(view, "", problems)
    if len(problems):
        return frozenset()
    known = Layers(view)
    found = {
        name
        for k, layer in enumerate(view.layers)
        if type(layer) is Stated
        for item in known.idle(k, _items(layer))
        for name in item.names
        if not item.same
    }
    return frozenset(name for name in found if not (isinstance(name, Correlation) and found.isdisjoint(name[:2])))


def idle_alone(view: View) -> frozenset[Item]:
    """What a file would state without effect that states all that the view believes."""
    switches = Switches(**{f.name: getattr(view, f.name) for f in fields(Switches)})
    beliefs = {name: replace(belief, without_effect=False) for name, belief in view.beliefs.items()}
    return idle(type(view)(view.name, {}).overlaid(Stated(beliefs, view.correlations, switches)))


def without_effect(view: View) -> tuple[str, ...]:
    """Named warnings of what the view's file, options and what-ifs say without effect, and of options overruled."""
    found = Layers(view)
    texts = [text for k, layer in enumerate(view.layers) for text in found.told(k, layer)]
    return tuple(dict.fromkeys([*_overruled(found), *texts]))


def switch_without_effect(view: View, switch: str) -> str:
    """Why the position of a switch makes no difference to a view; nothing if it does."""
    whole = Probed(view)
    for position in (True, False):
        if position != getattr(view, switch):
            moves = effect(whole, replace(view, **{switch: position}))
            if moves is not None and moves <= DESCRIPTIVE:
                return reason((switch,), view, whole.inputs)[0]
    return ""


@dataclass(frozen=True, slots=True)
class Idle:
    """What has no effect.

    Parameters
    ----------
    names : tuple of str or Correlation
        What can only be taken away together.
    moves : frozenset of str
        The readings that it does move, which no answer is read off.
    same : bool
        Whether the view says the same without it.
    """

    names: tuple[Item, ...]
    moves: frozenset[str]
    same: bool


class Layers:
    """The layers of a view, and the view without parts of them."""

    def __init__(self, view: View) -> None:
        self.view, self.whole = view, Probed(view)

    def what_ifs(self, but: frozenset[str]) -> Iterator[tuple[Stated, Idle]]:
        """What-ifs that move only some readings."""
        for k, layer in enumerate(self.view.layers):
            if isinstance(layer, WhatIf):
                yield from ((layer, one) for one in self.idle(k, _items(layer), but))

    def less(self, names: Collection[str]) -> Iterator[tuple[Stated, tuple[Item, ...], View]]:
        """What what-ifs say, still in force, about some parameters; and the view without that."""
        for k, layer in enumerate(self.view.layers):
            items = tuple(item for item in _items(layer) if item in names and _in_force(self.view, k, item))
            if isinstance(layer, WhatIf) and items:
                yield layer, items, self._without(k, items)

    def told(self, k: int, layer: Stated) -> Iterator[str]:
        """Warnings of what one layer says."""
        own = type(layer) is Stated  # of its file, where it has been looked for already
        found = [*self.idle(k, (item for item in _items(layer) if not own or item in self.view.idle))][::-1]
        if isinstance(layer, Option):
            part = [one for one in found if not one.same]
            said, later = {item for item in _items(layer) if _in_force(self.view, k, item)}, self.view.layers[k + 1 :]
            whole = {name for one in found for name in one.names} == said
            yield from self._reasons(found if part and whole else part, layer)  # what it repeats is told of with all
            overruled = any(_replaces(i, by) and _differ(i, layer, by) for i in _items(layer) for by in later)
            if whole and not part and not overruled:
                yield f"no-effect: +{layer.name} changes nothing: all that it says is believed without it; leave it out"
        else:
            yield from self._reasons(found, layer)

    def idle(self, k: int, items: Iterable[Item], but: frozenset[str] = DESCRIPTIVE) -> Iterator[Idle]:
        """What of one layer, still in force, has no effect but on some readings: all can be taken away together.

        Of two that are without effect only because of each other one is: that of which the file says so, or the last.
        """
        layer, gone, done = self.view.layers[k], tuple[Item, ...](), set[Item]()
        order = [item for item in items if _in_force(self.view, k, item)][::-1]
        for item in sorted(order, key=lambda item: not _is_acknowledged(item, layer)):
            for names in () if item in done else ((item,), _with_partners(item, layer)):
                other = self._without(k, (*gone, *names))
                moves = self._tied(item) if isinstance(item, Correlation) else effect(self.whole, other)
                if moves is None:  # the view cannot be without it alone
                    continue
                done.update(names)
                if moves <= but:
                    gone += names
                    if not _is_acknowledged(item, layer):
                        yield Idle(names, moves, self._says_the_same(k, names))
                break

    def is_idle(self, k: int) -> bool:
        """Whether a whole layer has no effect."""
        moves = effect(self.whole, self._without(k, tuple(_items(self.view.layers[k]))))
        return moves is not None and moves <= DESCRIPTIVE

    def _tied(self, pair: Correlation) -> frozenset[str]:
        """What a correlation moves: nothing that one of the two does not."""
        one, other = (moved(self.whole.readings, readings(inputs_of(self.view, name))) for name in pair[:2])
        return one & other if pair.spearman else frozenset()

    def _says_the_same(self, k: int, names: tuple[Item, ...]) -> bool:
        try:
            return says_the_same(self.whole, Probed(self._without(k, names)), names)
        except UserError:  # it has no meaning without them alone
            return False

    def _without(self, k: int, items: tuple[Item, ...]) -> View:
        """The view without some of what its layer k says."""
        found = self.view.ground
        assert found is not None, "a view with layers has a ground"
        for j, layer in enumerate(self.view.layers):
            found = found.overlaid(_less(layer, items) if j == k else layer)
        return found

    def _reasons(self, found: list[Idle], layer: Stated) -> Iterator[str]:
        """A warning for each reason, with all that it is the reason for."""
        told: dict[tuple[str, str, frozenset[str]], list[Item]] = {}
        for one in found:
            why, remedy = "the same as before", "give another value, or leave it out"
            if not one.same:
                why, remedy = _reason(one.names, self.view, self.whole.inputs)
            told.setdefault((why, remedy, one.moves), []).extend(one.names)
        for (why, remedy, moves), items in told.items():
            names = written_items(items, layer)
            option = f" (+{layer.name})" if isinstance(layer, Option) else ""
            but = f" but the {' and the '.join(sorted(moves))}" if moves else ""
            changes = "changes" if len(items) == 1 else "change"
            yield f"no-effect: {names}{option} {changes} nothing{but}: {why}; {remedy}"


def _reason(names: tuple[Item, ...], view: View, inputs: Inputs) -> tuple[str, str]:
    if isinstance(names[0], Correlation):
        return "one of the two has no effect itself, or it is 0", "leave it out"
    return reason(tuple(map(str, names)), view, inputs)


# -- what a layer says ------------------------------------------------------------------------------------------------


def _items(layer: Stated) -> Iterator[Item]:
    """All that it says, its routes together."""
    yield from (name for name in layer.beliefs if not _is_route(name))
    if layer.has_routes:
        yield ROUTES
    yield from (f.name for f in fields(Switches) if getattr(layer.switches, f.name) is not None)
    yield from layer.correlations


def _is_route(name: str) -> bool:
    return name.startswith(f"{ROUTES}.")


def _is_acknowledged(item: Item, layer: Stated) -> bool:
    """Whether the file says itself that it has no effect."""
    return isinstance(item, str) and item in layer.beliefs and layer.beliefs[item].without_effect


def _with_partners(item: Item, layer: Stated) -> tuple[Item, ...]:
    """It, and what it can only be taken away with."""
    partners = {other for names in _TOGETHER if item in names for other in names} & set(_items(layer))
    return (item, *sorted(partners - {item}, key=str))


def _in_force(view: View, k: int, item: Item) -> bool:
    """Whether what layer k says about it is not replaced by a later one."""
    return not any(_replaces(item, layer) for layer in view.layers[k + 1 :])


def _replaces(item: Item, layer: Stated) -> tuple[str, ...]:
    """By what a layer replaces something that was said before; nothing if it leaves it alone."""
    if isinstance(item, Correlation):
        return tuple(str(c) for c in layer.correlations if {*c[:2]} == {*item[:2]})
    if item == ROUTES:
        return (ROUTES,) if layer.has_routes else ()
    if item in Switches.__slots__:
        return () if getattr(layer.switches, item) is None else (item,)
    return tuple(name for name in layer.beliefs if name == item or item in rivals(name))


def _less(layer: Stated, items: tuple[Item, ...]) -> Stated:
    """A layer without some of what it says."""
    beliefs = {n: b for n, b in layer.beliefs.items() if n not in items and not (_is_route(n) and ROUTES in items)}
    switches = {f.name: None if f.name in items else getattr(layer.switches, f.name) for f in fields(Switches)}
    correlations = tuple(c for c in layer.correlations if c not in items and not {*c[:2]} & {*items})
    return replace(layer, beliefs=beliefs, correlations=correlations, switches=Switches(**switches))


def says_the_same(one: Probed, other: Probed, names: Iterable[Item]) -> bool:
    """Whether two views say the same about these names, in whatever spelling."""
    names = {*names}
    if any(isinstance(name, Correlation) for name in names):
        return False
    if switches := names.intersection(Switches.__slots__):
        return all(getattr(one.view, name) == getattr(other.view, name) for name in map(str, switches))
    if not one.view.declining_returns and names.intersection(("software_limit", *rivals("software_limit"))):
        return False  # which limit it would be does not reach the model
    return all(
        _same(getattr(one.inputs, f.name), getattr(other.inputs, f.name)) for f in fields(Inputs) if f.name != ROUTES
    )


def _same(one: Any, other: Any) -> bool:
    return one is other if one is None or other is None else np.array_equal(one, other)


def written_items(items: Iterable[Item], layer: Stated) -> str:
    """Some of what a layer says, in words."""
    return " and ".join(_written(item, layer) for item in _items(layer) if item in items)


def _written(item: Item, layer: Stated) -> str:
    """The name of what it is; of a what-if, as `View.changes` has it: ``rho = -0.4``."""
    if isinstance(item, Correlation):
        return f"the correlation of {item.first} and {item.second}"
    if item in layer.beliefs and not isinstance(layer, WhatIf):
        return item
    if item in layer.beliefs:
        marginal = layer.beliefs[item].marginal
        return f"{item} = {written(marginal.value)}" if isinstance(marginal, Fixed) else f"{item} ~ {marginal}"
    return item if item == ROUTES else f"{item} = {str(getattr(layer.switches, item)).lower()}"


# -- options that are overruled ---------------------------------------------------------------------------------------


def _overruled(found: Layers) -> Iterator[str]:
    """What options say and a later option replaces; and options of which the file or a what-if leaves no effect."""
    layers = found.view.layers
    for k, layer in enumerate(layers):
        if isinstance(layer, Option):
            for j, by in enumerate(layers[k + 1 :], k + 1):
                gone = [item for item in _items(layer) if not _replaced_before(found.view, k, j, item)]
                replaced = ((item, _replaces(item, by)) for item in gone)
                pairs = [(str(item), names) for item, names in replaced if names and _differ(item, layer, by)]
                if pairs and (isinstance(by, Option) or found.is_idle(k)):
                    yield _says_overruled(found.view, layer.name, by, pairs)


def _replaced_before(view: View, k: int, j: int, item: Item) -> bool:
    return any(_replaces(item, layer) for layer in view.layers[k + 1 : j])


def _differ(item: Item, one: Stated, other: Stated) -> bool:
    """Whether two layers say something different about it."""
    if isinstance(item, Correlation):
        return item.spearman not in (c.spearman for c in other.correlations if {*c[:2]} == {*item[:2]})
    if item in Switches.__slots__:
        return getattr(one.switches, item) != getattr(other.switches, item)
    names = [n for n in one.beliefs if n == item or (item == ROUTES and _is_route(n))]
    return any(n not in other.beliefs or one.beliefs[n].marginal != other.beliefs[n].marginal for n in names)


def _says_overruled(view: View, name: str, by: Stated, pairs: list[tuple[str, tuple[str, ...]]]) -> str:
    what = ", ".join(item if names == (item,) else f"{item} (by {', '.join(names)})" for item, names in pairs)
    if isinstance(by, Option):
        return f"overruled: +{by.name} replaces what +{name} says about {what}; leave one out, or name +{name} last"
    who = "the what-if" if isinstance(by, WhatIf) else view.name
    return f"overruled: {who} replaces what +{name} says about {what}; leave one of them out"
