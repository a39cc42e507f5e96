"""What the families with a density have in common."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast, final, override

import numpy as np

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.checks import Found
from ooms.distributions.marginals.laws import Law
from ooms.distributions.marginals.twins import Twin, free
from ooms.distributions.normal import Floats

__all__ = ["Continuous"]

_TAIL = np.array([0.0, 2.0**-53, 1e-12, 1e-9, 1e-3])
_CHANCES = np.concatenate([_TAIL, np.arange(1, 32) / 32.0, 1.0 - _TAIL[::-1]])
_TINY = 3e-308
_NEAR = 1e-6
"""How far a probability may be off, where at the default draws the sampling error is some hundred times as large."""


@dataclass(frozen=True)
class Continuous(Marginal):
    """A family with a density; its PyMC twin is a free variable, so its prior can be scaled for sensitivity checks.

    A family gives the `_law` that it is put together from (`laws`); or `_ppf`, `_cdf`, `_log_density` and `twin`.
    """

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

    def twin(self, pm: Any) -> Twin:
        """The same distribution as an unnamed PyMC variable (`pm` is the module)."""
        own = self.law.dist(pm)
        return own if own is not None else self.from_density(pm)

    def from_density(self, pm: Any) -> Twin:
        """Unnamed PyMC variable with the density of this distribution, drawn by its quantiles."""
        pt: Any = importlib.import_module("pytensor.tensor")
        low, high = self.support()

        def logp(x: Any) -> Any:
            inside = (x > low) & (x < high)
            return pt.switch(inside, self._log_density(pt.switch(inside, x, self.middle), pt), -np.inf)

        def draw(rng: np.random.Generator, size: Any = None) -> Floats:
            return self.ppf(cast(Floats, rng.random(size)))

        return pm.CustomDist.dist(logp=logp, random=draw)

    @cached_property
    def law(self) -> Law:
        """What it is put together from."""
        return self._law()

    def _law(self) -> Law:
        raise NotImplementedError

    @override
    def _ppf(self, u: Floats) -> Floats:
        return self.law.ppf(u)

    @override
    def _cdf(self, x: Floats) -> Floats:
        return self.law.cdf(x)

    @final
    @override
    def _logpdf(self, x: Floats) -> Floats:
        return self._log_density(x, np)

    def _log_density(self, x: Any, m: Any) -> Any:
        """Log density inside the support; `m` is the module to compute with, `numpy` or `pytensor.tensor`."""
        return self.law.logpdf(x, m)


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
