"""From a view to draws of the model's inputs, any block of them, in any order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.copula import Conditional, Copula, groups
from ooms.beliefs.marginals import Empirical, Fixed
from ooms.beliefs.sobol import scrambled, uniforms
from ooms.beliefs.spellings import resolve
from ooms.beliefs.view import View
from ooms.model.inputs import Inputs, Route
from ooms.parameters import JOINT_COLUMN, PARAMETERS, ROUTE_FIELDS, known
from ooms.problems import Problem, UserError

__all__ = ["RANDOMISATIONS", "RATE", "Block", "Sampler", "central_inputs"]

Floats = NDArray[np.float64]

RANDOMISATIONS = 16
"""Independent randomisations of the point set; their spread is the Monte Carlo error."""

RATE = "software_growth"
"""The baseline rate, which smoothing integrates out: correlated or not, it is drawn after all others."""


class Block(NamedTuple):
    """A block of draws: as the view states them, as the model takes them, and what is known of the baseline rate."""

    values: dict[str, Floats]
    inputs: Inputs
    rate_given_others: Conditional


class Sampler:
    """Draws of a view's parameters.

    Draw j of a parameter depends on the view's belief about it (and about parameters it is correlated with), on the
    seed and on j, and on nothing else.

    Parameters
    ----------
    view : View
        The beliefs.
    seed : int
        Chooses the randomisations.
    randomisations : int
        How many independent ones; draw j belongs to randomisation j % randomisations.
    """

    def __init__(self, view: View, seed: int = 0, randomisations: int = RANDOMISATIONS) -> None:
        self.view, self.randomisations = view, randomisations
        self.fixed = {
            n: np.asarray(b.marginal.middle) for n, b in view.beliefs.items() if isinstance(b.marginal, Fixed)
        }
        self.random = {n: b for n, b in view.beliefs.items() if n not in self.fixed}
        self.copulas = [Copula.of(_drawing_order(group), view.correlations) for group in groups(view.correlations)]
        self._points = {name: self._column(name, seed) for name in dict.fromkeys(map(self._source, self.random))}

    def _source(self, name: str) -> str:
        """The column of points a parameter draws from: its own, or the rows of the joint draws."""
        return "joint" if self.random[name].joint is not None else name

    def _column(self, name: str, seed: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        dimension = JOINT_COLUMN if name == "joint" else known(name).column
        return scrambled(name, dimension, seed, self.randomisations)

    def block(self, start: int, count: int) -> Block:
        """Draws start, ..., start + count - 1.

        Parameters
        ----------
        start, count : int
            Multiples of the number of randomisations; count over it is a power of two.
        """
        first, points = start // self.randomisations, count // self.randomisations
        u = {name: uniforms(*column, first, points) for name, column in self._points.items()}
        given = self._rate_given_others(u)
        for copula in self.copulas:
            u.update(copula.correlate(u))
        values = dict(self.fixed)
        for name, belief in self.random.items():
            chances = u[self._source(name)]
            if belief.joint is not None and isinstance(belief.marginal, Empirical):
                values[name] = np.asarray(belief.marginal.values)[belief.marginal.row(chances)]
            else:
                values[name] = belief.marginal.ppf(chances)
        return Block(values, model_inputs(self.view, values), given)

    def _rate_given_others(self, u: dict[str, Floats]) -> Conditional:
        for copula in self.copulas:
            if copula.names[-1] == RATE:
                return copula.last_given_others(u)
        return Conditional(np.zeros(()), 1.0)


def _drawing_order(group: set[str]) -> list[str]:
    """Correlated parameters by their columns, so that one more changes only those after it; the baseline rate last."""
    return sorted(group, key=lambda name: (name == RATE, known(name).column))


def model_inputs(view: View, values: dict[str, Floats]) -> Inputs:
    """The model's inputs from values as the view states them.

    Raises
    ------
    UserError
        A spelling has no meaning for some of the values.
    """
    known_values = {n: np.asarray(v) for n, v in view.neutral.items()} | values
    stated = {n: v for n, v in known_values.items() if not n.startswith("routes.")}
    canonical = resolve(stated)
    for name, value in canonical.items():
        if np.any(np.isnan(value)):
            share = float(np.mean(np.isnan(value)))
            what = f"{share:.2%} of the draws of what states {name} have no meaning"
            raise UserError(
                [Problem(f"{view.name}: parameters.{name}", what, "narrow the distribution, or give " + name)]
            )
    if not view.compute_adjustment and not view.states_difficulty:
        canonical["returns"] = canonical["returns"] / (1.0 - canonical["compute_share"])
    if not view.declining_returns:
        canonical["software_limit"] = np.asarray(np.inf)
    routes = tuple(Route(*(known_values[f"routes.{i + 1}.{key}"] for key in ROUTE_FIELDS)) for i in range(view.routes))
    return Inputs(**{n: canonical[n] for n in PARAMETERS if n in canonical}, routes=routes, retraining=view.retraining)


def central_inputs(view: View) -> tuple[dict[str, float], Inputs]:
    """Every parameter at the median of its own distribution: one run, not the median of the outcomes."""
    middle = {name: np.asarray(belief.marginal.middle) for name, belief in view.beliefs.items()}
    return {name: value.item() for name, value in middle.items()}, model_inputs(view, middle)
