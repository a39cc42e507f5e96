"""From a view to draws of the model's inputs, any block of them, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.reparametrisation import FEEDBACK, converted
from ooms.distributions.copula import Conditional, Copula, groups
from ooms.distributions.marginals import Empirical, Fixed
from ooms.distributions.sobol import scrambled, uniforms
from ooms.model.arrays import unbounded
from ooms.model.inputs import Inputs, Route
from ooms.model.returns import difficulty_from_returns
from ooms.parameters import JOINT_COLUMN, PARAMETERS, ROUTE_FIELDS, known
from ooms.problems import Problem, UserError

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["LEAST_ROWS", "RANDOMISATIONS", "RATE", "Block", "Sampler", "canonical", "central_inputs",
           "drawing_order", "joint_rows"]  # fmt: skip

Floats = NDArray[np.float64]

RANDOMISATIONS = 16
"""Independent randomisations of the point set; their spread is the Monte Carlo error."""

RATE = "software_growth"
"""The baseline rate, which smoothing integrates out: correlated or not, it is drawn after all others."""

LEAST_ROWS = 64
"""Rows of joint draws that a randomisation of its own needs; with fewer, all randomisations share all rows."""


class Block(NamedTuple):
    """A block of draws: as the view states them, as the model takes them, and what is known of the baseline rate."""

    values: dict[str, Floats]
    inputs: Inputs
    rate_given_others: Conditional


class Sampler:
    """Draws of a view's parameters.

    Draw j of a parameter depends on the view's belief about it (and about parameters it is correlated with), on the
    seed and on j, and on nothing else.

    Rows of joint draws are a sample themselves. With at least 64 rows a randomisation, randomisation i takes its rows
    from i, i + R, i + 2R, ... only (R randomisations; up to R - 1 rows left over at the end are not used), so that the
    spread between randomisations holds the error of that sample too. With fewer rows it holds none of it.

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
        self._joint = {
            n: np.asarray(b.marginal.values)
            for n, b in self.random.items()
            if b.joint is not None and isinstance(b.marginal, Empirical)
        }
        self._rows = max(map(len, self._joint.values()), default=0)
        marginals = {n: b.marginal for n, b in view.beliefs.items()}
        self.copulas = [
            Copula.of(drawing_order(group), view.correlations, marginals) for group in groups(view.correlations)
        ]
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
        rows = joint_rows(u["joint"], self._rows, self.randomisations) if self._joint else np.zeros(0, dtype=np.intp)
        for name, belief in self.random.items():
            column = self._joint.get(name)
            values[name] = belief.marginal.ppf(u[self._source(name)]) if column is None else column[rows]
        return Block(values, model_inputs(self.view, values), given)

    def _rate_given_others(self, u: dict[str, Floats]) -> Conditional:
        for copula in self.copulas:
            if copula.names[-1] == RATE:
                return copula.last_given_others(u)
        return Conditional(np.zeros(()), 1.0)


def joint_rows(u: Floats, rows: int, randomisations: int) -> NDArray[np.intp]:
    """Rows of joint draws that uniform numbers pick; randomisation i has those at i, i + R, ... to itself if it can.

    Parameters
    ----------
    u : array, shape (draws,)
        Uniform numbers; draw j belongs to randomisation j % randomisations.
    rows : int
        How many rows there are.
    randomisations : int
        R.

    Examples
    --------
    >>> joint_rows(np.array([0.0, 0.0, 0.999, 0.999]), 130, 2).tolist()  # 65 rows for each of 2
    [0, 1, 128, 129]
    >>> joint_rows(np.array([0.0, 0.0, 0.999, 0.999]), 100, 2).tolist()  # too few
    [0, 0, 99, 99]
    """
    own = rows // randomisations
    if own < LEAST_ROWS:
        return np.floor(u * rows).astype(np.intp)
    return randomisations * np.floor(u * own).astype(np.intp) + np.arange(len(u)) % randomisations


def drawing_order(group: set[str]) -> list[str]:
    """Correlated parameters by their columns, so that one more changes only those after it; the baseline rate last."""
    return sorted(group, key=lambda name: (name == RATE, known(name).column))


@unbounded()
def model_inputs(view: View, values: dict[str, Floats]) -> Inputs:
    """The model's inputs from values as the view states them.

    Raises
    ------
    UserError
        A spelling has no meaning for some of the values.
    """
    stated = canonical(view, values)
    for name, value in stated.items():
        if np.any(np.isnan(value)):
            share = float(np.mean(np.isnan(value)))
            what = f"{share:.2%} of the draws of what states {name} have no meaning"
            raise UserError(
                [Problem(f"{view.name}: parameters.{name}", what, "narrow the distribution, or give " + name)]
            )
    routes = tuple(
        Route(*(_bounded(key, values[f"routes.{i + 1}.{key}"]) for key in ROUTE_FIELDS)) for i in range(view.routes)
    )
    inputs = {n: _bounded(n, stated[n]) for n in PARAMETERS if n in stated}
    return Inputs(**inputs, routes=routes, retraining=view.retraining)


_VAST = 1e100
"""Slopes as steep as that are no different from steeper ones, and their products with one another stay numbers."""

_SLOPES = frozenset(
    {
        "rho", "rho_long_run", "parallelizability", "compute_exponent", "labour_per_training", "difficulty",
        "taste_start", "taste_slope", "hardware_growth", "software_limit",
    }
)  # fmt: skip
"""What the equation takes as it stands; of all else it takes logs."""


def _bounded(name: str, values: Floats) -> Floats:
    """Values of a parameter with which no product in the equation is infinite, and none infinity times 0."""
    if name not in _SLOPES or np.all((np.abs(values) <= _VAST) & (np.abs(values) >= 1.0 / _VAST)):
        return values
    if name == "software_limit":  # as far as that is no limit
        return np.where(values > _VAST, np.inf, np.maximum(values, 1.0 / _VAST))
    return np.clip(values, -_VAST, _VAST)


def canonical(view: View, values: dict[str, Floats]) -> dict[str, Floats]:
    """Values of the model's own parameters (routes left out) from values as the view states them, symbolic or not.

    Those as the view states them are among the result, and returns, where the difficulty of ideas follows from them.
    """
    neutral = {name: np.asarray(value) for name, value in view.neutral.items()}
    known_values = converted(neutral | {n: v for n, v in values.items() if not n.startswith("routes.")})
    if not view.compute_adjustment and view.states_returns:
        known_values["returns"] = known_values["returns"] / (1.0 - known_values["compute_share"])
        known_values["difficulty"] = difficulty_from_returns(*(known_values[n] for n in ("returns", *FEEDBACK)))
    if not view.declining_returns:
        known_values["software_limit"] = np.asarray(np.inf)
    return known_values


def central_inputs(view: View) -> tuple[dict[str, float], Inputs]:
    """Every parameter at the median of its own distribution: one run, not the median of the outcomes."""
    middle = {name: np.asarray(belief.marginal.middle) for name, belief in view.beliefs.items()}
    return {name: value.item() for name, value in middle.items()}, model_inputs(view, middle)
