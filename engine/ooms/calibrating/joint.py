"""The joint model of a view and surveys: what is sampled, what each item predicts, and the same in PyMC.

The equations are the engine's own: links run on the model's functions, here with PyTensor's variables, elsewhere
(`centres`) with arrays of draws.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ooms.beliefs.draws import RANDOMISATIONS, Sampler, canonical
from ooms.beliefs.reparametrisation import RETURNS, Spelling, used
from ooms.beliefs.view import View
from ooms.calibrating.common import BIAS_SCALE, COMMON, EXTRAPOLATION, SELF_REPORT, common_beliefs
from ooms.calibrating.links import Link, State
from ooms.calibrating.links.levels import ComputeElasticity, LabourElasticity
from ooms.calibrating.normal_scores import correlated
from ooms.calibrating.surveys.survey import Item, Survey
from ooms.distributions.copula import groups
from ooms.distributions.marginals import Fixed, Marginal
from ooms.parameters import PARAMETERS
from ooms.problems import Problems

if TYPE_CHECKING:
    from ooms.calibrating.likelihoods import Likelihood

__all__ = ["WEIGHTS", "Joint", "Term"]

WEIGHTS = "weights"
"""Name of the data that holds each survey's weight: 1 counts it, 0 leaves it out."""


@dataclass(frozen=True)
class Term:
    """An item in the joint model: what it predicts and how answers scatter."""

    survey: Survey
    item: Item
    link: Link
    likelihood: Likelihood

    @property
    def name(self) -> str:
        """``compute-polls.slack-tenfold``."""
        return f"{self.survey.name}.{self.item.name}"

    def nuisance(self, of: Mapping[str, Any]) -> dict[str, Any]:
        """Its nuisance parameters among the values of everything that is sampled."""
        return {key: of[f"{self.name}.{key}"] for key in self.likelihood.nuisance}

    def centre(self, state: State, bias: Any) -> Any:
        """The prediction, with what its sources' bias and its people's self-report make of it."""
        value = self.link.value(state)
        # what is bounded stays so whatever the bias: it moves the log of the effect
        value = np.exp(bias) * value if self.link.effect or self.likelihood.side else value + bias
        return value + np.log(state.self_report) if self.item.self_reported else value


class Joint:
    """Everything that is uncertain in a view and in surveys, and how answers bear on it.

    Parameters
    ----------
    view : View
        Its beliefs are the prior.
    surveys : sequence of Survey
        Items without a link and a likelihood are left out.

    Raises
    ------
    UserError
        The view holds joint draws, or beliefs without a density, in a place that surveys speak of.
    """

    def __init__(self, view: View, surveys: Sequence[Survey]) -> None:
        self.view, self.surveys = view, tuple(surveys)
        self.terms = tuple(
            Term(survey, item, item.link, item.likelihood)
            for survey in surveys
            for item in survey.items.values()
            if item.link is not None and item.likelihood is not None
        )
        self.names = _sampled(view, {name for term in self.terms for name in term.link.needs})
        self._check()

    def _check(self) -> None:
        problems = Problems()
        if self.view.routes:
            what = "has further routes of research, which no survey tells apart from the main one"
            problems.add(self.view.name, what, "calibrate the view without them, and add them to the calibrated file")
        for name in self.names:
            belief, place = self.view.beliefs[name], f"{self.view.name}: parameters.{name}"
            if belief.joint is not None:
                remedy = "calibrate the view that the draws were made from; or weigh them anew with a what-if"
                problems.add(place, "holds joint draws, which have no density to learn with", remedy)
            elif belief.marginal.discrete:
                what = f"{belief.marginal} has no density, which learning needs"
                problems.add(place, what, f'give a continuous distribution: {name}="uniform(...)"')
        problems.raise_if_any()

    @cached_property
    def latents(self) -> Mapping[str, Marginal]:
        """Priors of what the surveys bring with them, by name: common ones, latents and scalar nuisance parameters."""
        common = [n for n in COMMON if n != EXTRAPOLATION or "rho_discrepancy" not in self.view.beliefs]
        priors = {name: common_beliefs()[name].marginal for name in common}
        for survey in self.surveys:
            priors |= {f"{survey.name}.{name}": belief.marginal for name, belief in survey.latents.items()}
        for term in self.terms:
            nuisances = term.likelihood.nuisance.items()
            priors |= {f"{term.name}.{key}": nuisance.prior for key, nuisance in nuisances if nuisance.size is None}
        return priors

    @cached_property
    def effects(self) -> Mapping[str, int]:
        """Lengths of the vectors of standard normal effects that likelihoods have, by name."""
        return {
            f"{term.name}.{key}": nuisance.size
            for term in self.terms
            for key, nuisance in term.likelihood.nuisance.items()
            if nuisance.size is not None
        }

    @cached_property
    def aids(self) -> frozenset[str]:
        """Variables that only serve the sampler: what is sampled in place of biases and of correlated parameters."""
        together = set[str]().union(*groups(self.view.correlations)) & set(self.names)
        return frozenset({f"bias.{group}.standard" for group in self.groups} | {f"{n}.score" for n in together})

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Groups of sources that err together."""
        return tuple(dict.fromkeys(term.survey.bias for term in self.terms))

    def centres(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What every item predicts, by name, from values of everything that is sampled, symbolic or not.

        Parameters
        ----------
        values : mapping of str to array
            The view's parameters by name, latents, nuisance parameters, and ``bias.GROUP`` of every group.
        """
        parameters, extrapolation, near = self._parameters(values)
        centres: dict[str, Any] = {}
        for term in self.terms:
            latents = {name: values[f"{term.survey.name}.{name}"] for name in term.survey.latents}
            state = State(parameters, latents, extrapolation, near, values[SELF_REPORT])
            centres[term.name] = term.centre(state, values[f"bias.{term.survey.bias}"])
        return centres

    def _parameters(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], Any, bool]:
        """The model's own parameters, how sigma changes far out, and whether rho is the one at today's ratio."""
        # what is uncertain and not sampled is what nothing here rests on: any value of it will do
        medians = {name: np.asarray(belief.marginal.middle) for name, belief in self.view.beliefs.items()}
        parameters = canonical(self.view, medians | {name: values[name] for name in self.names})
        if not self.view.states_returns:
            (parameters["returns"],) = RETURNS.convert(parameters)
        near = "rho_discrepancy" in self.view.beliefs
        # a view with a belief of its own about substitution far out needs no other
        return parameters, np.exp(parameters["rho_discrepancy"]) if near else values[EXTRAPOLATION], near

    @property
    def fixed(self) -> tuple[str, ...]:
        """Parameters that surveys speak of and the view fixes: no answer can move them."""
        needed = {name for term in self.terms for name in term.link.needs} - {"rho_discrepancy"}
        return tuple(name for name in PARAMETERS if name in needed - _moved_by(self.view, self.names))

    @property
    def double_counted(self) -> tuple[str, ...]:
        """Where a belief rests on a work that a survey which speaks of it comes from, and so may count twice."""
        pairs = [
            f"{name} and {term.survey.name} both rest on {key}"
            for term in self.terms
            for name in self.names
            if _moved_by(self.view, [name]) & term.link.needs
            for key in sorted(set(self.view.beliefs[name].cites) & set(term.survey.cites))
        ]
        return tuple(dict.fromkeys(pairs))

    def derived(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What surveys speak of beyond single parameters, from draws of everything that is sampled.

        `rho_today`, at today's ratio of labour to compute, and `rho_far`, at a thousand times that, where forecasts are
        made; `labour_elasticity` and `compute_elasticity` of the pace of software today. What the surveys at hand leave
        unsampled is left out.
        """
        parameters, extrapolation, near = self._parameters(values)
        state = State(parameters, {}, extrapolation, near, 1.0)
        unknown = {n for n, b in self.view.beliefs.items() if not isinstance(b.marginal, Fixed)} - set(self.names)
        known = parameters.keys() - _moved_by(self.view, unknown)
        derived: dict[str, Any] = {}
        if "rho" in known:
            derived["rho_today"] = state.rho(np.zeros(()))
            derived["rho_far"] = state.rho(np.full((), np.log(1000.0)))
        for name, link in (("labour_elasticity", LabourElasticity()), ("compute_elasticity", ComputeElasticity())):
            if link.needs <= known and "rho" in parameters:
                derived[name] = np.exp(link.value(state))
        return derived

    def log_prior(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Log prior density of every draw, parameter by parameter; correlated parameters by their marginals only."""
        marginals = {name: self.view.beliefs[name].marginal for name in self.names} | dict(self.latents)
        return {name: marginal.logpdf(values[name]) for name, marginal in marginals.items()}

    def data(self) -> dict[str, Any]:
        """The answers of every item, by ``ITEM:KEY``, and the weights of the surveys."""
        answers = {f"{term.name}:{key}": value for term in self.terms for key, value in term.likelihood.data().items()}
        return answers | {WEIGHTS: np.ones(len(self.surveys))}

    @cached_property
    def model(self) -> Any:
        """The PyMC model; its `pymc.Data` are the answers and the weights, so that they can be swapped."""
        pm: Any = importlib.import_module("pymc")
        with pm.Model() as model:
            values = self._variables(pm)
            # fixed shapes: PyTensor will not broadcast along a length that it does not know to be 1
            data = {name: pm.Data(name, value, shape=value.shape) for name, value in self.data().items()}
            weights = {survey.name: data[WEIGHTS][i] for i, survey in enumerate(self.surveys)}
            centres = self.centres(values)
            for term in self.terms:
                answers = {key: data[f"{term.name}:{key}"] for key in term.likelihood.data()}
                terms = term.likelihood.log_likelihood(centres[term.name], term.nuisance(values), answers)
                pm.Potential(term.name, weights[term.survey.name] * terms.sum())
        return model

    def _variables(self, pm: Any) -> dict[str, Any]:
        """A variable for everything that is sampled, by name."""
        together = [sorted(group) for group in groups(self.view.correlations) if group & set(self.names)]
        alone = [name for name in self.names if not any(name in group for group in together)]
        values: dict[str, Any] = {name: self.view.beliefs[name].marginal.pymc(name) for name in alone}
        for group in together:
            values |= correlated(pm, {n: self.view.beliefs[n].marginal for n in group}, self.view.correlations)
        values |= {name: marginal.pymc(name) for name, marginal in self.latents.items()}
        values |= {name: pm.Normal(name, 0.0, 1.0, shape=size) for name, size in self.effects.items()}
        for group in self.groups:
            standard = pm.Normal(f"bias.{group}.standard", 0.0, 1.0)
            values[f"bias.{group}"] = pm.Deterministic(f"bias.{group}", values[BIAS_SCALE] * standard)
        return values

    def prior(self, draws: int, seed: int) -> dict[str, Any]:
        """Independent draws from the prior of everything that is sampled, by name."""
        rng = np.random.default_rng([seed, 0x5EED])
        # the sampler's points come in randomisations of a power of two each: at least as many as are wanted
        points = RANDOMISATIONS * (1 << (-(-draws // RANDOMISATIONS) - 1).bit_length())
        block, rows = Sampler(self.view, seed).block(0, points), rng.permutation(points)[:draws]
        values: dict[str, Any] = {name: block.values[name][rows] for name in self.names}
        values |= {name: marginal.ppf(rng.random(draws)) for name, marginal in self.latents.items()}
        values |= {name: rng.standard_normal((draws, size)) for name, size in self.effects.items()}
        return values | {f"bias.{g}": values[BIAS_SCALE] * rng.standard_normal(draws) for g in self.groups}


def _moved_by(view: View, stated: Iterable[str]) -> set[str]:
    """The model's own parameters that move with what is stated, by way of spellings."""
    moved = set(stated)
    for rule in _rules(view):  # each after what it rests on
        if moved & {*rule.names, *rule.needs}:
            moved |= set(rule.targets)
    return moved


def _rules(view: View) -> list[Spelling]:
    """How what links need follows from what a view states, in the order in which each finds what it rests on."""
    rules = used(view.beliefs)
    if not view.states_returns:
        return [*rules, RETURNS]
    if view.compute_adjustment:
        return rules
    # what is stated is not what is meant: it is divided by labour's share
    at = next(k for k, rule in enumerate(rules) if rule.names == ("returns",))
    return [*rules[:at], replace(RETURNS, names=("returns",), needs=("compute_share",)), *rules[at:]]


def _sampled(view: View, needs: Iterable[str]) -> tuple[str, ...]:
    """Parameters that a view states with uncertainty and that what is needed rests on, in the view's order."""
    waiting, seen = set(needs), set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for rule in _rules(view):
            if name in rule.targets:
                waiting |= {*rule.names, *rule.needs} - seen
    stated = seen & view.beliefs.keys()
    for group in groups(view.correlations):
        if group & stated:
            stated |= group
    return tuple(n for n, b in view.beliefs.items() if n in stated and not isinstance(b.marginal, Fixed))
