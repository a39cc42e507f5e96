"""Whether the ways in which beliefs are stated have a meaning for all that is believed: conversions, tried at the ends.

Draws lie between two quantiles of each distribution, the farthest that the sampler's points reach. Conversions rise or
fall with each thing that they take, so what has a meaning at all corners of that box has one everywhere in it; rows of
joint draws are tried one by one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.reparametrisation import RULES, Spelling, used
from ooms.distributions.marginals import Empirical, Marginal
from ooms.distributions.marginals.words import written
from ooms.parameters import known
from ooms.problems import Problems

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["check_conversions"]

Floats = NDArray[np.float64]

_ENDS = np.array([2.0**-53, 1.0 - 2.0**-53])
"""The least and the largest of the sampler's uniform numbers."""

_MAY_EXCEED = frozenset({"parallelizability", "compute_exponent"})
"""What spellings may imply above the domain that statements have to keep to."""


def check_conversions(
    view: View, unusable: frozenset[str], place: Callable[[str], str], problems: Problems
) -> None:
    """Add what comes out of a conversion as no number, or outside its domain, to `problems`.

    Those that rest on something unusable, which has a problem of its own, are left out.
    """
    lost = set(unusable)
    for rule in used(view.beliefs):
        names, rules = _rests_on(view, rule)
        needed = {name for one in rules for name in (*one.names, *one.needs)}
        if lost & needed or not needed <= {*names, *view.neutral, *(t for one in rules for t in one.targets)}:
            continue
        marginals = tuple((n, view.beliefs[n].marginal, view.beliefs[n].joint is not None) for n in names)
        neutral = tuple((n, v) for n, v in view.neutral.items() if n in needed)
        found = _wrong(tuple(one.names for one in rules), marginals, neutral)
        if found is not None:
            problems.add(place(names[0]), *found)
            lost |= set(rule.targets)


def _rests_on(view: View, rule: Spelling) -> tuple[list[str], list[Spelling]]:
    """The beliefs that a conversion rests on, and the conversions on the way, itself last."""
    names, rules = list[str](), [rule]
    waiting = [*rule.names, *rule.needs]
    for name in waiting:  # which grows on the way
        by = next((r for r in used(view.beliefs) if name in r.targets), None)
        if name in view.beliefs:
            names.append(name)
        elif by is not None:
            rules += [by] if by not in rules else []
            waiting += [n for n in (*by.names, *by.needs) if n not in waiting]
    return names, sorted(rules, key=RULES.index)


@lru_cache(maxsize=1024)  # a batch asks it of the same beliefs again and again
def _wrong(
    ways: tuple[tuple[str, ...], ...],
    marginals: tuple[tuple[str, Marginal, bool], ...],
    neutral: tuple[tuple[str, float], ...],
) -> tuple[str, str] | None:
    """What is wrong with what the last of several conversions gives, and the remedy; None if nothing is."""
    rules = [rule for rule in RULES if rule.names in ways]
    stated = _corners(marginals)
    values = {name: np.asarray(value) for name, value in neutral} | stated
    with np.errstate(all="ignore"):
        for rule in rules:
            values |= zip(rule.targets, rule.convert(values), strict=True)
    for target in rules[-1].targets:
        wrong = np.flatnonzero(~np.atleast_1d(_inside(target, values[target])))
        if len(wrong):
            where = " and ".join(f"{name} = {written(v[wrong[0]].item())}" for name, v in stated.items())
            value, domain = np.atleast_1d(values[target])[wrong[0]].item(), known(target).domain()
            outside = f"{target} comes out as {written(value)}, outside its domain {domain}"
            what = f"there is no {target} in {domain}" if np.isnan(value) else outside
            return f"{what}, where {where}", f"narrow {'it' if len(stated) == 1 else 'them'}, or give {target}"
    return None


def _corners(marginals: Iterable[tuple[str, Marginal, bool]]) -> dict[str, Floats]:
    """Values of beliefs at all corners of the box that their draws lie in; joint ones row by row."""
    joint = {n: m.values for n, m, together in marginals if together and isinstance(m, Empirical)}
    ends = {n: sorted({*m.ppf(_ENDS).tolist()}) for n, m, _ in marginals if n not in joint}
    rows = range(max(map(len, joint.values()), default=1))
    points: Floats = np.array([*itertools.product(rows, *ends.values())], dtype=float)
    values = dict(zip(ends, points[:, 1:].T, strict=True))
    return {n: np.asarray(joint[n])[points[:, 0].astype(int)] if n in joint else values[n] for n, *_ in marginals}


def _inside(name: str, values: Floats) -> NDArray[np.bool_]:
    """Whether values are ones that the parameter may have; infinity is no more than a large number."""
    p = known(name)
    above = values > p.low if p.open_low and np.isfinite(p.low) else values >= p.low
    if name in _MAY_EXCEED:
        return above
    return above & (values < p.high if p.open_high and np.isfinite(p.high) else values <= p.high)
