r"""Why two views differ: how much each group of parameters moves the probability of an event, by exact Shapley values.

Change the groups one at a time from what view *a* says to what view *b* says, and note how far each change moves the
probability. The order matters, because parameters interact; so the average over all orders is taken. These are the
Shapley values of the groups. They add up to the whole difference exactly:

.. math:: \varphi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-|S|-1)!}{n!} \bigl[ P(S \cup i) - P(S) \bigr]

where P(S) is the probability once the groups in S are as in b. Both views are drawn from the same points, so that their
difference is not noise, and what is exchanged are the parameters of the equation themselves, whatever spelling states
them: every mixture of the two then has a meaning. How much harder ideas get is exchanged as returns are, in doublings
of training efficiency, r/u, since a doubling of labour-equivalents is more where smarter copies are counted; or rather
as its inverse, which is 0 or negative where ideas get harder more slowly than experiments get cheaper.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import RATE, Block, Sampler, drawing_order
from ooms.beliefs.inert import switch_without_effect
from ooms.beliefs.options import SWITCHES
from ooms.beliefs.reader import as_view
from ooms.beliefs.reparametrisation import FEEDBACK, settled, used
from ooms.beliefs.smoothing import rate_exceeds, rate_stands_alone
from ooms.beliefs.view import Belief, View
from ooms.distributions.marginals import Fixed
from ooms.distributions.marginals.words import written
from ooms.forecasting.horizon import reach
from ooms.forecasting.request import Request, read_request
from ooms.forecasting.sweep import BLOCK
from ooms.model.arrays import unbounded
from ooms.model.inputs import Inputs
from ooms.model.path import Workspace
from ooms.outcomes import Event, Run
from ooms.problems import Problems
from ooms.progress import Progress
from ooms.results.credence import Estimate, estimate
from ooms.results.plain import number, result
from ooms.results.tables import table_of

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.documents.document import Document
    from ooms.results.tables import DataFrame

__all__ = ["GROUPS", "Explanation", "explain", "explanation_of"]

Floats = NDArray[np.float64]

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "substitution": (
            "rho", "compute_share", "rho_discrepancy", "rho_long_run", "adjustment_years", "routes", "route_elasticity",
        ),
        "workforce": (
            "workforce", "speed", "skill", "parallelizability", "initial_speedup", "ramp_years", "ramp_start",
        ),
        # together, because a labour_per_training above 1 already counts smarter copies
        "taste and smarter copies": (
            "taste_multiplier", "taste_start", "taste_slope", "taste_ceiling", "labour_per_training",
        ),
        "experiments": ("compute_exponent", "experiment_efficiency"),
        "returns": ("difficulty", "retraining"),
        "limits": ("software_limit",),
        "pace today": ("software_growth", "software_share"),
        "hardware": ("hardware_growth", "hardware_shock", "hardware_shock_year"),
    }
)  # fmt: skip
"""What is changed together: every part of the model's inputs but the resources, which move no event."""


def explain(
    a: View | str | Path,
    b: View | str | Path,
    *,
    event: str = "5 ooms in 1 year",
    draws: int = 2**14,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Why two views give an event different probabilities: the part of each group of parameters, adding up exactly.

    Parameters
    ----------
    a, b : View, str or Path
        The views: the difference is P(event) under b less that under a.
    event : str
        Such as ``"5 ooms in 1 year"``.
    draws, seed : int
        As for a forecast, with fewer draws: each is solved for up to 2**8 mixtures of the two views.
    threads : int, optional
        Default: one a core. The numbers do not depend on it.
    progress : callable, optional
        Told (mixed draws done, mixed draws) from time to time.

    Returns
    -------
    Explanation

    Raises
    ------
    UserError
        Everything that is wrong with what was asked.

    Notes
    -----
    An `initial_speedup` replaces what labour and compute give at the start. Where one view states it and the other does
    not, the whole jump at full automation is in the group *workforce*.

    Events in years of progress or in doublings ask for other OOMs when the pace today or `labour_per_training` change;
    that belongs to the groups of those parameters.

    Retraining has no meaning with calendar time. Where one view retrains and the other has a ramp, moving hardware or
    labs that reorganise, retraining is changed together with these: a group such as *hardware, retraining*.

    A rank correlation belongs to the group of the parameter of the pair that is drawn after the other, and is named
    there (`Explanation.correlations`). What the views say differently and what moves nothing is in `Explanation.notes`.

    Source
    ------
    Shapley (1953), A value for n-person games; for attributing differences between models, Lundberg & Lee (2017).

    Examples
    --------
    >>> import ooms
    >>> davidson = ooms.load("davidson-2025")
    >>> why = explain(davidson, davidson.replace(rho=-0.4, software_limit=8), draws=2**10)
    >>> list(why.contributions)
    ['substitution', 'limits']
    >>> why.differences["substitution"]
    'rho: uniform(-0.2, 0) -> -0.4'
    """
    problems = Problems()
    request = read_request(
        problems, events=[event], quantities=(), draws=draws, seed=seed, threads=threads, progress=progress
    )
    first, second = as_view(a, problems), as_view(b, problems)
    return explanation_of(problems.sound(first), problems.sound(second), request)


def explanation_of(a: View, b: View, request: Request) -> Explanation:
    """Why two views differ on the one event of a checked request."""
    mixtures = _Mixtures((a, b), request)
    return mixtures.explained(mixtures.probabilities())


@dataclass(frozen=True, repr=False, eq=False)
class Explanation:
    """How much each group of parameters moves the probability of an event, on the way from view a to view b.

    Made by `ooms.explain`. All are differences of probabilities, with Monte Carlo standard errors; mappings go by the
    name of the group, the largest contribution first. Groups in which the views do not differ are left out.

    Parameters
    ----------
    a, b : View
        The views.
    event : str
        The event.
    draws, seed : int
        How it was worked out.
    start, end, total : Estimate
        Its probability under a, under b, and the difference, end - start.
    contributions : mapping of str to Estimate
        Shapley values: they add up to `total` exactly.
    alone : mapping of str to Estimate
        What changing only this group does to a.
    last : mapping of str to Estimate
        What changing this group does when all others are as in b already. Where `alone` and `last` are far apart, the
        group interacts with others.
    differences : mapping of str to str
        What the views say differently.
    correlations : mapping of str to tuple of str
        The changed rank correlations that are counted in a group, as `differences` has them.
    notes : tuple of str
        What the views say differently without effect, and why.
    """

    a: View
    b: View
    event: str
    draws: int
    seed: int
    start: Estimate
    end: Estimate
    total: Estimate
    contributions: Mapping[str, Estimate]
    alone: Mapping[str, Estimate]
    last: Mapping[str, Estimate]
    differences: Mapping[str, str]
    correlations: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        head = f"<Explanation of P({self.event}): {self.draws} draws, seed {self.seed}>"
        groups = [f"    {name}: {moved}" for name, moved in self.contributions.items()]
        return "\n".join([head, f"  {self.names[0]}: {self.start}", *groups, f"  {self.names[1]}: {self.end}"])

    def _repr_html_(self) -> str:
        rows = [(self.names[0], self.start), *self.contributions.items(), (self.names[1], self.end)]
        return table_of(self, ("what changes", "probability"), rows).html

    def to_dataframe(self) -> DataFrame:
        """A pandas DataFrame, a row a group: contribution, alone and last with their errors, and what differs."""
        return self.data.drop_vars(_WHOLE).to_dataframe().reset_index()

    @property
    def names(self) -> tuple[str, str]:
        """What the views are called: by their names and changes, told apart if these are the same."""
        a, b = self.a.label, self.b.label
        return (a, b) if a != b else (f"{a} (the first)", f"{b} (the second)")

    def document(self) -> Document:
        """What it says, as sections of plain data (`ooms.documents`)."""
        from ooms.documents.explanation import document

        return document(self)

    def plain(self) -> dict[str, Any]:
        """The probability under each view, and what each group contributes, in plain form, as ``--json`` has it."""
        groups = [
            {
                "group": name,
                "contribution": number(moved),
                "alone": number(self.alone[name]),
                "last": number(self.last[name]),
                "difference": self.differences[name],
                "correlations": list(self.correlations.get(name, ())),
            }
            for name, moved in self.contributions.items()
        ]
        return result(
            "explanation",
            a=self.names[0],
            b=self.names[1],
            event=self.event,
            draws=self.draws,
            seed=self.seed,
            start=number(self.start),
            end=number(self.end),
            total=number(self.total),
            warnings=[f"{view.name}: {warning}" for view in (self.a, self.b) for warning in view.warnings],
            notes=list(self.notes),
            groups=groups,
        )

    @property
    def data(self) -> Dataset:
        """The same as an xarray Dataset: contribution, alone and last over `group`, each with its standard error."""
        from xarray import Dataset

        from ooms.forecasting.labels import storable

        data = Dataset({"difference": ("group", list(self.differences.values()))}, {"group": list(self.contributions)})
        for name, moved in {"contribution": self.contributions, "alone": self.alone, "last": self.last}.items():
            values = np.array(list(moved.values())).reshape(-1, 2)
            data[name], data[f"{name}_standard_error"] = (("group", column, {"units": "1"}) for column in values.T)
        for name in ("start", "end", "total"):
            data[name], data[f"{name}_standard_error"] = getattr(self, name)
        a, b = self.names
        attributes = {"a": a, "b": b, "event": self.event, "draws": self.draws, "seed": self.seed}
        data.attrs = storable({**attributes, "notes": json.dumps(self.notes)})
        return data


_WHOLE = [f"{name}{error}" for name in ("start", "end", "total") for error in ("", "_standard_error")]
"""What `Explanation.data` has of the whole way, and not of a group."""


class _Mixtures:
    """All mixtures of two views: bit i of a mixture's number says whether its group i is as in b, and not as in a."""

    def __init__(self, views: tuple[View, View], request: Request) -> None:
        self.views, self.request, (event,) = views, request, request.events
        self.event: Event = event
        self.samplers = tuple(Sampler(view, request.seed) for view in views)
        self.top, self.dense = max(1, math.ceil(reach(event, *views))), not event.whole_ooms
        self.starts = range(0, request.draws, min(BLOCK, request.draws))
        self.smooth = event.scales_with_rate and all(map(rate_stands_alone, self.samplers))
        self._memory = threading.local()

    def _blocks(self, start: int) -> tuple[Block, Block]:
        a, b = self.samplers
        return a.block(start, self.starts.step), b.block(start, self.starts.step)

    @cached_property
    def differing(self) -> frozenset[str]:
        """The inputs in which some draws differ."""
        names = {name for group in GROUPS.values() for name in group}
        found = set[str]()
        for start in self.starts:
            a, b = (block.inputs for block in self._blocks(start))
            found |= {name for name in names - found if _differ(name, a, b)}
        return frozenset(found)

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The groups in which the views differ."""
        return {name: inputs for name, inputs in _groups(self.views).items() if self.differing.intersection(inputs)}

    @cached_property
    def _rate_bit(self) -> int:
        """The bit of the group that holds the baseline rate; 0 if the views agree about it."""
        return sum(1 << i for i, inputs in enumerate(self.groups.values()) if RATE in inputs)

    def probabilities(self) -> Floats:
        """Probability of the event, shape (mixtures, randomisations)."""
        progress = self.request.progress
        count, blocks = 1 << len(self.groups), len(self.starts)
        means = np.zeros((blocks, count, self.samplers[0].randomisations))
        with ThreadPoolExecutor(min(self.request.threads, count)) as pool:
            for k, start in enumerate(self.starts):
                work = partial(self._chances, self._blocks(start))
                for done, found in enumerate(pool.map(work, range(count)), 1):
                    for mixture, chances in found:
                        means[k, mixture] = chances.reshape(-1, means.shape[-1]).mean(axis=0)
                    progress.report("draws", (k * count + done) * self.starts.step, count * self.request.draws)
        return means.mean(axis=0)

    def _mixed(self, pair: tuple[Block, Block], mixture: int) -> Inputs:
        a, b = (block.inputs for block in pair)
        changed = {name for i, names in enumerate(self.groups.values()) if mixture >> i & 1 for name in names}
        mixed = replace(a, **{name: getattr(b, name) for name in changed})
        source = b if "difficulty" in changed else a
        if all(getattr(mixed, name) is getattr(source, name) for name in ("labour_per_training", *FEEDBACK)):
            return mixed
        net = _per_efficiency(source) / mixed.labour_per_training  # 1/r of the mixture
        return replace(mixed, difficulty=net * _labour(mixed) + _cheaper(mixed))

    @unbounded()
    def _chances(self, pair: tuple[Block, Block], mixture: int) -> list[tuple[int, Floats]]:
        """Chance of the event for every draw of a mixture, and of any other that has the same solution."""
        inputs = self._mixed(pair, mixture)
        stretched = self.event.scales_with_rate and not inputs.has_clock
        if stretched and mixture & self._rate_bit:
            return []  # worked out with the mixture that differs from it in the pace today alone
        if not hasattr(self._memory, "workspace"):
            self._memory.workspace = Workspace()
        run = Run(inputs, self.top, self.dense, self._memory.workspace)
        years = np.broadcast_to(self.event.years_taken(run), self.starts.step)
        if not stretched:
            return [(mixture, (years <= self.event.window).astype(float))]
        sides = {mixture: 0, mixture | self._rate_bit: 1 if self._rate_bit else 0}
        return [(m, self._in_time(years * inputs.software_growth, pair, side)) for m, side in sides.items()]

    def _in_time(self, progress: Floats, pair: tuple[Block, Block], side: int) -> Floats:
        """Chance that a view's baseline rate is enough for what would be so much progress at today's pace, OOMs."""
        marginal = self.views[side].beliefs[RATE].marginal
        needed = progress / self.event.window
        if not self.smooth or isinstance(marginal, Fixed):
            return (needed <= pair[side].inputs.software_growth).astype(float)
        return rate_exceeds(needed, marginal, pair[side].rate_given_others)

    def explained(self, chances: Floats) -> Explanation:
        """What the probabilities of all mixtures say about the groups."""
        count, all_ = len(self.groups), len(chances) - 1
        mixtures = np.arange(all_ + 1)
        weight = np.array([1.0 / (count * math.comb(count - 1, m.bit_count())) for m in range(all_)] or [0.0])
        shapley, alone, last = dict[str, Floats](), dict[str, Floats](), dict[str, Floats]()
        for i, name in enumerate(self.groups):
            without = mixtures[mixtures >> i & 1 == 0]
            shapley[name] = weight[without] @ (chances[without | 1 << i] - chances[without])
            alone[name] = chances[1 << i] - chances[0]
            last[name] = chances[all_] - chances[all_ ^ 1 << i]
        order = sorted(self.groups, key=lambda name: -abs(float(np.mean(shapley[name]))))
        tied = self._correlations()
        start, end, total = map(self._estimate, (chances[0], chances[-1], chances[-1] - chances[0]))
        each = [MappingProxyType({n: self._estimate(moved[n]) for n in order}) for moved in (shapley, alone, last)]
        return Explanation(
            *self.views,
            event=self.event.text,
            draws=self.request.draws,
            seed=self.request.seed,
            start=start,
            end=end,
            total=total if order else Estimate(0.0, 0.0),
            contributions=each[0],
            alone=each[1],
            last=each[2],
            differences=MappingProxyType(
                {n: "; ".join([*tied.get(n, ()), *map(self._said, self._changed_in(n))]) for n in order}
            ),
            correlations=MappingProxyType({n: tied[n] for n in order if n in tied}),
            notes=(*self._without_effect(), *(_still(n) for n in order if not np.any(np.abs(shapley[n]) > 0.0))),
        )

    def _estimate(self, each: Floats) -> Estimate:
        found = estimate(each)
        return found.from_draws(self.request.draws) if any(sampler.random for sampler in self.samplers) else found

    def _changed_in(self, group: str) -> list[str]:
        """The inputs of a group in which the views differ."""
        return [name for name in self.groups.get(group, ()) if name in self.differing]

    def _correlations(self) -> dict[str, tuple[str, ...]]:
        """The changed rank correlations, by the group that holds the parameter of the pair that is drawn last.

        Those that change no input go by an empty name.
        """
        before, after = ({frozenset(c[:2]): c for c in view.correlations} for view in self.views)
        found: dict[str, tuple[str, ...]] = {}
        for pair in before | after:
            one, other = before.get(pair), after.get(pair)
            if one is not None and other is not None and one.spearman == other.spearman:
                continue
            last = drawing_order({*pair})[-1]
            inputs = {last} | settled(last)
            group = next((name for name in self.groups if inputs.intersection(self._changed_in(name))), "")
            rank = ["none" if c is None else f"{c.spearman:g}" for c in (one, other)]
            text = f"rank correlation of {' and '.join((other or one or ())[:2])}: {' -> '.join(rank)}"
            found[group] = (*found.get(group, ()), text)
        return found

    def _without_effect(self) -> Iterator[str]:
        """What the views say differently, and the model takes the same of both."""
        for text in self._correlations().get("", ()):
            yield f"{text}: moves nothing, as one of the two has no effect or no distribution"
        for switch in SWITCHES:
            one, other = (getattr(view, switch) for view in self.views)
            if one != other:
                for view in self.views:
                    if why := switch_without_effect(view, switch):
                        yield f"{switch} = {str(getattr(view, switch)).lower()} moves nothing in {view.label}: {why}"

    def _said(self, name: str) -> str:
        """What the views say about an input in which they differ."""
        by_returns = all(view.states_returns for view in self.views)
        called = "returns" if name == "difficulty" and by_returns else name
        before, after = (_stated(view, called) for view in self.views)
        if before != after:
            return f"{called}: {before} -> {after}"
        rules = [rule for view in self.views for rule in used(view.beliefs) if name in settled(rule.names[0])]
        needs = {need for rule in rules for need in rule.needs if rule.names != ("returns",)}
        if name == "difficulty":
            # of which its doublings are, and what net difficulty is the rest of
            needs |= {"labour_per_training"} if by_returns else {"labour_per_training", *FEEDBACK}
        other = sorted(needs & self.differing)
        if not other:
            other = ["draws" if self.views[0].correlations == self.views[1].correlations else "correlations"]
        return f"{called}: {before} in both, with other {', '.join(other)}"


def _still(group: str) -> str:
    return f"{group}: changes, and moves this event in no mixture of the two views"


def _groups(views: tuple[View, View]) -> dict[str, tuple[str, ...]]:
    """The groups, but retraining where it cannot meet a clock: no mixture may hold both."""
    groups = dict(GROUPS)
    for one, other in (views, views[::-1]):
        moving = [name for name, inputs in GROUPS.items() if not other.clocks.isdisjoint(inputs)]
        if one.retraining and moving:
            joined = [i for name in moving for i in groups.pop(name)]
            groups["returns"] = tuple(i for i in groups["returns"] if i != "retraining")
            groups[", ".join([*moving, "retraining"])] = (*joined, "retraining")
    return groups


def _differ(name: str, a: Inputs, b: Inputs) -> bool:
    """Whether an input differs by more than rounding (the same number may be stated in several spellings)."""
    if name == "retraining":
        return a.retraining != b.retraining
    if name == "difficulty":
        one, other = [_per_efficiency(a)], [_per_efficiency(b)]
    else:
        one, other = _arrays(name, a), _arrays(name, b)
    return len(one) != len(other) or not all(map(partial(np.allclose, rtol=1e-12, atol=1e-14), one, other))


def _per_efficiency(inputs: Inputs) -> Floats:
    """1/r in doublings of training efficiency: labour-equivalents are another unit where u is another."""
    return (inputs.difficulty - _cheaper(inputs)) / _labour(inputs) * inputs.labour_per_training


def _labour(inputs: Inputs) -> Floats:
    """Elasticity of the pace to labour at the Cobb-Douglas point."""
    return inputs.parallelizability * (1.0 - inputs.compute_share)


def _cheaper(inputs: Inputs) -> Floats:
    """What experiments that get cheaper add to the pace with software there: a zeta gamma."""
    return inputs.compute_share * inputs.compute_exponent * inputs.experiment_efficiency


def _arrays(name: str, inputs: Inputs) -> list[Floats]:
    """The arrays of an input: one, none if it is switched off, or those of all routes."""
    if name == "routes":
        return [getattr(route, f.name) for route in inputs.routes for f in fields(route)]
    value: Floats | None = getattr(inputs, name)
    return [] if value is None else [value]


def _stated(view: View, name: str) -> str:
    """What a view says about one of the model's inputs, in its own spelling."""
    if name == "retraining":
        return str(view.retraining).lower()
    if name == "routes":
        return ", ".join(f"{n} {_short(b)}" for n, b in view.beliefs.items() if n.startswith("routes.")) or "none"
    if name == "software_limit" and not view.declining_returns:
        return "none (declining_returns is off)"
    text = written(view.neutral[name]) if name in view.neutral else "none"
    for rule in used(view.beliefs):
        if settled(name) <= settled(rule.names[0]) and view.beliefs.keys() >= set(rule.names):
            text = ", ".join(f"{n} ~ {_short(view.beliefs[n])}" for n in rule.names)
    if name in view.beliefs:
        text = _short(view.beliefs[name])
    unadjusted = view.states_returns and not view.compute_adjustment and "difficulty" in settled(name)
    return f"{text} without compute_adjustment" if unadjusted else text


def _short(belief: Belief) -> str:
    """A belief in a line, whole: views may differ in its last number."""
    if belief.joint is not None:
        return f"draws of {belief.joint}"
    if isinstance(belief.marginal, Fixed):
        return f"{belief.marginal.middle:.6g}"
    return str(belief.marginal)
