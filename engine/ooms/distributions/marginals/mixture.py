"""Mixture of distributions."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.checks import Found, shares, weight_problems
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.solve import NoSolutionError
from ooms.distributions.marginals.twins import Twin, free
from ooms.distributions.normal import Floats
from ooms.files.forms import ListOf, Nested

__all__ = ["Mixture"]

_LOWEST = np.int64(-(2**63))


@dataclass(frozen=True)
class Mixture(Marginal):
    """Mixture: one of several distributions, chosen with probabilities proportional to the weights.

    ``cdf(x) = sum_i w_i cdf_i(x)``. Its quantile is the least floating-point number `x` with ``cdf(x) >= u``, found by
    bisection over the floating-point numbers between the least and the greatest quantile of the components; so atoms
    among the components (fixed values, say) are met exactly. At an atom `logpdf` is the log of its mass.

    The PyMC twin is one free variable if all components are continuous; otherwise it is a named deterministic that
    picks among ``<name>_0``, ``<name>_1``, ... by a categorical ``<name>_index``.

    Parameters
    ----------
    components : sequence of Marginal
        The distributions; tables in a prior file.
    weights : sequence of float
        As many weights, none negative; they are divided by their sum.

    Examples
    --------
    >>> from ooms.distributions.marginals import Fixed, Uniform
    >>> Mixture([Fixed(0), Uniform(0, 1)], [1, 3]).ppf(np.array([0.2, 0.25, 0.625])).round(9).tolist()
    [0.0, 0.0, 0.5]
    """

    family: ClassVar[str] = "mixture"
    example: ClassVar[Mapping[str, object]] = {
        "distribution": "mixture",
        "components": [{"value": 0}, {"distribution": "lognormal", "p10": 3, "p90": 13}],
        "weights": [0.2, 0.8],
    }

    components: Annotated[tuple[Annotated[Marginal, Nested("distribution")], ...], ListOf(words="distributions")]
    weights: tuple[float, ...]

    @override
    def support(self) -> tuple[float, float]:
        lows, highs = zip(*(part.support() for _, part in self._parts()), strict=True)
        return min(lows), max(highs)

    def _parts(self) -> list[tuple[float, Marginal]]:
        each = zip(shares(self.weights).tolist(), self.components, strict=True)
        return [(share, part) for share, part in each if share > 0.0]

    @override
    def _problems(self) -> list[Found]:
        return weight_problems(self.weights, len(self.components), "components")

    @override
    def _ppf(self, u: Floats) -> Floats:
        quantiles = [part.ppf(u) for _, part in self._parts()]
        low, high = _ordinal(np.min(quantiles, axis=0)), _ordinal(np.max(quantiles, axis=0))
        low -= 1
        while bool(np.any(low + 1 < high)):
            middle = np.where(low + 1 < high, (low >> 1) + (high >> 1) + (low & high & 1), high)
            enough = self._cdf(_number(middle)) >= u
            enough |= middle == high  # found already: nothing moves any more
            high, low = np.where(enough, middle, high), np.where(enough, low, middle)
        return _number(high)

    @override
    def _cdf(self, x: Floats) -> Floats:
        total = np.zeros_like(x)
        for w, part in self._parts():
            total += w * part.cdf(x)
        return total

    @override
    def _logpdf(self, x: Floats) -> Floats:
        atoms = [np.log(w) + part.logpdf(x) for w, part in self._parts() if part.discrete]
        smooth = [np.log(w) + part.logpdf(x) for w, part in self._parts() if not part.discrete]
        mass = _log_sum(atoms, x)
        return np.where(mass > -np.inf, mass, _log_sum(smooth, x))

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        raise NoSolutionError("a mixture cannot be given by quantiles")

    @override
    def pymc(self, name: str) -> Twin:
        pm: Any = importlib.import_module("pymc")
        weights = [w for w, _ in self._parts()]
        twins = [part.twin(pm) for _, part in self._parts() if isinstance(part, Continuous)]
        if len(twins) == len(weights):
            return free(pm, pm.Mixture.dist(w=weights, comp_dists=twins), name, self.support(), self.middle)
        index = pm.Categorical(f"{name}_index", p=weights)
        values = [part.pymc(f"{name}_{i}") for i, (_, part) in enumerate(self._parts())]
        return pm.Deterministic(name, pm.math.stack(values)[index])


def _log_sum(terms: Sequence[Floats], x: Floats) -> Floats:
    total = np.full_like(x, -np.inf)
    for term in terms:
        total = np.logaddexp(total, term)
    return total


def _ordinal(x: Floats) -> NDArray[np.int64]:
    bits = (x + 0.0).view(np.int64)
    return np.where(bits < 0, _LOWEST - bits, bits)


def _number(ordinal: NDArray[np.int64]) -> Floats:
    return np.where(ordinal < 0, _LOWEST - ordinal, ordinal).view(np.float64)
