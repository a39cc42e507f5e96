r"""Distributions as densities: of one quantity under one view, or of the logarithmic pool of several.

Never, the bottom of a scale and any value that many draws share are atoms, apart from the smooth density of the rest
(`ooms.results.log_density`). Everything is kept in rows: from all draws, without each randomisation, with less and (in
pools) more smoothing, and with what too few draws cannot exclude. Errors are from these (`estimated`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, override

import numpy as np
from numpy.typing import NDArray

from ooms.outcomes.scale import Scale
from ooms.results.credence import Distribution, Estimate, HighestDensitySet, estimated
from ooms.results.log_density import Curve, smooth

if TYPE_CHECKING:
    from ooms.results.sketch import Sketch

__all__ = ["Density", "Model"]

Floats = NDArray[np.float64]

_NEVER = math.inf


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What a sketch says of a distribution: a smooth curve, and atoms.

    Parameters
    ----------
    scale : Scale
        Of the quantity.
    draws : float
        How many there were.
    randomisations : int
        How many independent ones they came in.
    curve : Curve or None
        Of what is no atom, if anything is.
    atoms : dict of float to array, shape (randomisations + 4,)
        Share of the draws at single values, infinity among them, in the rows of a `Density`.
    """

    scale: Scale
    draws: float
    randomisations: int
    curve: Curve | None
    atoms: dict[float, Floats]

    @staticmethod
    def of(sketch: Sketch) -> Model:
        """The model of a quantity's distribution."""
        shares = sketch.counts / sketch.counts.sum(axis=1, keepdims=True)
        rest, atoms = shares[:, 1:-1].copy(), {sketch.scale.bottom: shares[:, 0], _NEVER: shares[:, -1]}
        for column, value in sketch.ties.items():
            around = shares[:, max(column - 2, 1) : min(column + 3, sketch.bins + 1)]
            beside = np.delete(around, min(column - 1, 2), axis=1)
            rest[:, column - 1] = np.minimum(rest[:, column - 1], beside.mean(axis=1))
            tied = shares[:, column] - rest[:, column - 1]
            if tied.mean() >= _ATOM:
                atoms[value] = tied
            else:
                rest[:, column - 1] = shares[:, column]
        if sketch.least == sketch.most > sketch.scale.bottom:  # of draws too few to be tied
            atoms[sketch.most], rest = shares[:, 1:-1].sum(axis=1), np.zeros_like(rest)
        curve = None
        if rest.any():
            ends = [max(sketch.least, sketch.scale.low), sketch.most]
            low, high = sketch.scale.forward(np.array(ends)).tolist()
            bounds = [sketch.scale.place(value) for value in (*atoms, sketch.scale.high) if math.isfinite(value)]
            curve = smooth(rest, sketch.edges, (low, high), sketch.draws, bounds)
        masses = {value: _left_out(share) for value, share in atoms.items() if share.any()}
        return Model(sketch.scale, sketch.draws, len(shares), curve, masses)

    def mass(self, value: float) -> Floats:
        """Share of the draws at a value; of never and the bottom 1 draw cannot be excluded where none was there."""
        found = next((share for atom, share in self.atoms.items() if _same(atom, value)), None)
        if found is None:
            found = np.zeros(self.randomisations + 4)
            found[-1] = 1.0 / self.draws if value in (_NEVER, self.scale.bottom) else 0.0
        return found


_ATOM = 0.005
"""Of the draws: fewer that share a value are no atom."""


def _same(a: float, b: float) -> bool:
    """Whether values differ by rounding only."""
    return math.isclose(a, b, rel_tol=1e-12)


def _left_out(by_randomisation: Floats) -> Floats:
    """Means of all randomisations, without each in turn, and thrice of all again, as no smoothing touches them."""
    mean = by_randomisation.mean()
    return np.concatenate([[mean], mean - (by_randomisation - mean) / (len(by_randomisation) - 1), [mean] * 3])


class Density(Distribution):
    r"""A distribution tabulated from models: that of one, or the logarithmic pool of several.

    .. math:: f(y) \propto \prod_i f_i(y)^{w_i}

    and likewise for the masses of atoms, of which a pool has those that all views have (what a view rules out has no
    part in it). Two normals with precisions (1 / variance) a and b pool to one with w a + (1 - w) b.

    Parameters
    ----------
    models : sequence of Model
        One for each view.
    weights : sequence of float
        All above 0; they add up to 1.

    Attributes
    ----------
    exists : bool
        Whether any value is possible under all models.
    reach : tuple of float
        The first and the last draw of any model, on the even scale; of what is no atom.
    unseen : float
        Share of the pool where no model had draws: it follows from the tails that the models' draws suggest.
    """

    def __init__(self, models: Sequence[Model], weights: Sequence[float]) -> None:
        self.scale, self.draws = models[0].scale, min(model.draws for model in models)
        low, high = self.scale.forward(np.array([self.scale.low, self.scale.high])).tolist()
        curves = [model.curve for model in models if model.curve is not None]
        self.places, logs = np.full(3, low), np.full((models[0].randomisations + 4, 3), -math.inf)
        self.reach: tuple[float, float] = low, low
        if len(curves) == len(models):
            self.reach = min(curve.reach[0] for curve in curves), max(curve.reach[1] for curve in curves)
            opened = [curve.opened for curve in curves] if len(curves) > 1 else curves
            nodes = [curve.nodes(low, high) for curve in (*curves, *opened)]
            self.places = _with_middles(np.unique(np.concatenate(nodes)))
            rows = [np.vstack([c.at(self.places), o.at(self.places)[:1]]) for c, o in zip(curves, opened, strict=True)]
            if len(curves) == 1:  # whose tails are nobody's concern
                rows[0][-2] = rows[0][0]
            logs = np.sum([weight * of_one for weight, of_one in zip(weights, rows, strict=True)], axis=0)
        atoms = _pooled_atoms(models, weights)
        greatest = np.max([logs.max(axis=1), *atoms.values()], axis=0)[:, None]
        self.exists = bool(np.isfinite(greatest).all())
        if not self.exists:
            return
        density = np.exp(logs - greatest)
        cumulative = _integrated(self.places, density)
        masses = {v: np.exp(log - greatest[:, 0]) for v, log in atoms.items()}
        total = cumulative[:, -1] + np.sum([np.zeros(len(logs)), *masses.values()], axis=0)
        self.density, self.cumulative = density / total[:, None], cumulative / total[:, None]
        self.never_mass = masses.pop(math.inf, np.zeros(len(logs))) / total
        self.atoms = {v: mass / total for v, mass in sorted(masses.items())}
        seen = np.zeros(len(self.places), dtype=bool)
        for curve in curves:
            seen |= (self.places >= curve.reach[0]) & (self.places <= curve.reach[1])
        steps: Floats = np.diff(self.cumulative[0])
        self.unseen = float(np.sum(steps[~(seen[1:] & seen[:-1])]))

    @property
    @override
    def never(self) -> Estimate:
        """Share in which it never comes (is infinite)."""
        return estimated(self.never_mass)

    @override
    def at_most(self, value: float) -> Estimate:
        """Share at or below a value."""
        place = self.scale.place(value)
        each: list[Floats] = [np.interp(place, self.places, row) for row in self.cumulative]
        held = np.array(each)
        return estimated(held + sum(mass for atom, mass in self.atoms.items() if atom <= value))

    @override
    def quantile_table(self, levels: Sequence[float]) -> Floats:
        """Quantiles and their standard errors, shape (levels, 2)."""
        places, cumulative = self._steps
        found = np.array([self.scale.back(np.interp(levels, row, places)) for row in cumulative])
        found[np.asarray(levels) > cumulative[:, -1:]] = math.inf
        return np.array([estimated(column) for column in found.T])

    @cached_property
    def _steps(self) -> tuple[Floats, Floats]:
        """The distribution function, with a step at each atom: places, and what lies up to each."""
        at = [self.scale.place(atom) for atom in self.atoms]
        places = np.concatenate([self.places, np.repeat(at, 2)])
        up_to = np.append(np.zeros(len(self.places), dtype=bool), np.tile([False, True], len(at)))
        order = np.lexsort((up_to, places))
        each: list[Floats] = [np.interp(places, self.places, row) for row in self.cumulative]
        cumulative = np.array(each)
        for place, mass in zip(at, self.atoms.values(), strict=True):
            cumulative += np.where((places > place) | ((places == place) & up_to), 1.0, 0.0) * mass[:, None]
        return places[order], cumulative[:, order]

    @override
    def highest_density(self, mass: float) -> HighestDensitySet:
        """The smallest set that holds so much (`ooms.results.highest_density`)."""
        from ooms.results.highest_density import highest_density

        return highest_density(self, mass)


def _pooled_atoms(models: Sequence[Model], weights: Sequence[float]) -> dict[float, Floats]:
    """Logarithms of the masses, before they add up to 1, of atoms that are possible under all models."""
    found: dict[float, Floats] = {}
    for value in [atom for model in models for atom in model.atoms]:
        if not any(_same(value, other) for other in found):
            with np.errstate(divide="ignore"):
                found[value] = np.sum([w * np.log(m.mass(value)) for w, m in zip(weights, models, strict=True)], axis=0)
    return {value: logs for value, logs in found.items() if np.isfinite(logs).any()}


def _with_middles(nodes: Floats) -> Floats:
    places = np.empty(2 * len(nodes) - 1)
    places[::2], places[1::2] = nodes, (nodes[1:] + nodes[:-1]) / 2.0
    return places


def _integrated(places: Floats, density: Floats) -> Floats:
    """Integral up to each place, by the parabola through two nodes and the place in the middle."""
    wide = np.diff(places[::2])
    first, middle, last = density[:, :-2:2], density[:, 1::2], density[:, 2::2]
    found = np.zeros(density.shape)
    found[:, 2::2] = np.cumsum(wide / 6.0 * (first + 4.0 * middle + last), axis=1)
    found[:, 1::2] = found[:, :-2:2] + wide / 24.0 * (5.0 * first + 8.0 * middle - last)
    return np.maximum.accumulate(found, axis=1)
