"""Families whose probability lies on finitely many values."""

from __future__ import annotations

import abc
import importlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, final, override

import numpy as np

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.twins import Twin
from ooms.distributions.normal import Floats

__all__ = ["Atoms"]


@dataclass(frozen=True)
class Atoms(Marginal):
    """A discrete family: a subclass gives its values in increasing order and their masses.

    The PyMC twin is a named deterministic: the value at a categorical index called ``<name>_index``, or a constant if
    there is only one value.
    """

    discrete: ClassVar[bool] = True

    @abc.abstractmethod
    def atoms(self) -> tuple[Floats, Floats]:
        """Distinct values in increasing order, and their masses, which sum to one."""

    @final
    @override
    def support(self) -> tuple[float, float]:
        values = self._steps[0]
        return float(values[0]), float(values[-1])

    @final
    @override
    def pymc(self, name: str) -> Twin:
        pm: Any = importlib.import_module("pymc")
        values, masses, _ = self._steps
        if values.size == 1:
            return pm.Deterministic(name, pm.math.constant(values[0]))
        index = pm.Categorical(f"{name}_index", p=masses)
        return pm.Deterministic(name, pm.math.constant(values)[index])

    @cached_property
    def _steps(self) -> tuple[Floats, Floats, Floats]:
        values, masses = self.atoms()
        heights = np.cumsum(masses)
        return values, masses, heights / heights[-1]

    @final
    @override
    def _ppf(self, u: Floats) -> Floats:
        values, _, heights = self._steps
        return values[np.minimum(np.searchsorted(heights, u, side="left"), values.size - 1)]

    @final
    @override
    def _cdf(self, x: Floats) -> Floats:
        values, _, heights = self._steps
        return heights[np.searchsorted(values, x, side="right") - 1]

    @final
    @override
    def _logpdf(self, x: Floats) -> Floats:
        values, masses, _ = self._steps
        nearest = np.minimum(np.searchsorted(values, x, side="left"), values.size - 1)
        return np.where(values[nearest] == x, np.log(masses[nearest]), -np.inf)
