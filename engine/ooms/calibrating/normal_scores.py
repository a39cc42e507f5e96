"""Correlated parameters in PyMC: smooth functions of standard normal scores, and the scores are correlated."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ooms.distributions.copula import Copula, Correlation
from ooms.distributions.marginals import Marginal
from ooms.distributions.normal import ndtr

__all__ = ["correlated", "from_score"]

_FARTHEST, _STEP = 7.0, 1.0 / 128.0
"""Scores are tabulated out to 7 standard deviations (1e-12 of the mass lies beyond) in steps of 1/128."""


def correlated(pm: Any, marginals: Mapping[str, Marginal], correlations: Sequence[Correlation]) -> dict[str, Any]:
    """Variables of the open PyMC model with these marginals and rank correlations, by name.

    They are the engine's Gaussian copula: independent scores, ``NAME.score``, mixed by its Cholesky factor.
    """
    copula = Copula.of(tuple(marginals), correlations, marginals)
    scores = [pm.Normal(f"{name}.score", 0.0, 1.0) for name in copula.names]
    variables: dict[str, Any] = {}
    for name, row in zip(copula.names, copula.factor, strict=True):
        mixed = sum(float(w) * z for w, z in zip(row, scores, strict=True) if w != 0.0)
        variables[name] = pm.Deterministic(name, from_score(marginals[name], mixed))
    return variables


def from_score(marginal: Marginal, score: Any) -> Any:
    """The quantile of a marginal at Phi(score), as a smooth function of a symbolic score.

    A cubic through a table of quantiles and their slopes; farther out than the table it goes on straight.
    """
    pt: Any = importlib.import_module("pytensor.tensor")

    nodes = np.arange(-_FARTHEST, _FARTHEST + _STEP / 2, _STEP)
    quantiles = marginal.ppf(ndtr(nodes))
    slopes = np.gradient(quantiles, _STEP, edge_order=2)
    inside = pt.clip(score, -_FARTHEST, _FARTHEST)
    at = pt.clip(pt.floor((inside + _FARTHEST) / _STEP).astype("int64"), 0, len(nodes) - 2)
    low, high = (pt.as_tensor(quantiles)[at + i] for i in (0, 1))
    rise_low, rise_high = (_STEP * pt.as_tensor(slopes)[at + i] for i in (0, 1))
    s = (inside + _FARTHEST) / _STEP - at
    # Hermite: the cubic a s^3 + b s^2 + c s + d with values low, high and slopes rise_low, rise_high at s = 0 and 1 has
    # d = low, c = rise_low, a = 2 (low - high) + rise_low + rise_high, b = -3 (low - high) - 2 rise_low - rise_high
    bend = 2.0 * (low - high) + rise_low + rise_high
    curve = ((bend * s - (3.0 * (low - high) + 2.0 * rise_low + rise_high)) * s + rise_low) * s + low
    return curve + (score - inside) * pt.where(score > 0, slopes[-1], slopes[0])
