"""What the families with a density have in common."""

from __future__ import annotations

import abc
import importlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, final, override

import numpy as np

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.checks import Found
from ooms.distributions.marginals.twins import Twin, free

__all__ = ["Continuous"]

_TAIL = np.array([0.0, 2.0**-53, 1e-12, 1e-9, 1e-3])
_CHANCES = np.concatenate([_TAIL, np.arange(1, 32) / 32.0, 1.0 - _TAIL[::-1]])
_TINY = 3e-308
_NEAR = 1e-6
"""How far a probability may be off, where at the default draws the sampling error is some hundred times as large."""


@dataclass(frozen=True)
class Continuous(Marginal):
    """A family with a density; its PyMC twin is a free variable, so its prior can be scaled for sensitivity checks."""

    @final
    @override
    def pymc(self, name: str) -> Twin:
        """The same distribution as a free variable called `name` in the PyMC model whose context is open."""
        pm: Any = importlib.import_module("pymc")
        return free(pm, self.twin(pm), name, self.support(), self.middle)

    @final
    @override
    def _unsound(self) -> list[Found]:
        if _tells_its_quantiles(self):
            return []
        what = f"{self} is too extreme for floating-point numbers to tell its quantiles"
        return [("", what, "give less extreme numbers, or a fixed value")]

    @abc.abstractmethod
    def twin(self, pm: Any) -> Twin:
        """The same distribution as an unnamed PyMC variable (`pm` is the module)."""


@lru_cache(maxsize=1024)  # views and batches make the same distributions again and again
def _tells_its_quantiles(marginal: Continuous) -> bool:
    """Whether each quantile is where its probability is, or next to it, as numbers may be rounded or too small."""
    try:
        x = marginal.ppf(_CHANCES)
        near = marginal.cdf(np.stack([x, np.nextafter(x, -np.inf), np.nextafter(x, np.inf), x - _TINY, x + _TINY]))
    except (ArithmeticError, ValueError):  # no value at all
        return False
    good = (near.min(axis=0) < _CHANCES + _NEAR) & (near.max(axis=0) > _CHANCES - _NEAR)  # not where one is NaN
    rises = (x[1:] >= x[:-1]) | (np.abs(x[1:] - x[:-1]) <= 1e-11 * np.abs(x[:-1]) + _TINY)
    return bool(good.all() and rises.all())
