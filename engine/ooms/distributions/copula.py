"""Rank correlations between parameters: a Gaussian copula with given Spearman coefficients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.distributions.marginals import Marginal
from ooms.distributions.normal import ndtr, ndtri
from ooms.distributions.ties import score_correlation

__all__ = ["Conditional", "Copula", "Correlation", "groups", "matrix"]

Floats = NDArray[np.float64]


class Correlation(NamedTuple):
    """A rank correlation between two parameters."""

    first: str
    second: str
    spearman: float


class Conditional(NamedTuple):
    """A parameter's normal score given the other draws: its mean, one per draw, and its standard deviation."""

    mean: Floats
    sd: float


def groups(correlations: Sequence[Correlation]) -> list[set[str]]:
    """The sets of parameters that hang together; parameters outside are drawn on their own."""
    found: list[set[str]] = []
    for pair in correlations:
        touching = [g for g in found if g & {pair.first, pair.second}]
        found = [g for g in found if g not in touching]
        found.append({pair.first, pair.second}.union(*touching))
    return found


@dataclass(frozen=True)
class Copula:
    """One group of correlated parameters.

    Parameters
    ----------
    names : tuple of str
        In the order in which each is drawn given those before it.
    factor : array, shape (names, names)
        Lower Cholesky factor of the correlation matrix of the normal scores.
    """

    names: tuple[str, ...]
    factor: Floats

    @classmethod
    def of(
        cls, names: Sequence[str], correlations: Sequence[Correlation], marginals: Mapping[str, Marginal]
    ) -> Copula:
        """From Spearman coefficients, which the parameters attain whatever their distributions, ties among them or not.

        Raises
        ------
        numpy.linalg.LinAlgError
            The coefficients cannot hold together.
        """
        return cls(tuple(names), np.linalg.cholesky(matrix(names, correlations, marginals)))

    def correlate(self, uniforms: Mapping[str, Floats]) -> dict[str, Floats]:
        """Uniform numbers with the copula's correlations, from independent ones; the first name keeps its own."""
        scores = np.stack([ndtri(uniforms[name]) for name in self.names])
        mixed = {name: ndtr(_mixed(row, scores)) for name, row in zip(self.names[1:], self.factor[1:], strict=True)}
        return {self.names[0]: uniforms[self.names[0]], **mixed}

    def last_given_others(self, uniforms: Mapping[str, Floats]) -> Conditional:
        """The normal score of the last name, given the independent uniform numbers of the others."""
        scores = np.stack([ndtri(uniforms[name]) for name in self.names[:-1]])
        return Conditional(_mixed(self.factor[-1, :-1], scores), float(self.factor[-1, -1]))


def _mixed(weights: Floats, scores: Floats) -> Floats:
    """Weighted sum, draw by draw (BLAS would round by the length of the block)."""
    return sum((w * z for w, z in zip(weights, scores, strict=True)), start=np.zeros(scores.shape[1]))


def matrix(names: Sequence[str], correlations: Sequence[Correlation], marginals: Mapping[str, Marginal]) -> Floats:
    """Correlation matrix of the normal scores."""
    at = {name: i for i, name in enumerate(names)}
    result = np.eye(len(names))
    for first, second, spearman in correlations:
        if first in at and second in at:
            i, j = at[first], at[second]
            result[i, j] = result[j, i] = score_correlation(marginals[first], marginals[second], spearman)
    return result
