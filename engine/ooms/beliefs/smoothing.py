"""Integrating out exactly what only stretches time: the baseline rate, and a taste that does not climb.

Without calendar time in the pace, every time scales as 1/g0, and with T(x) constant as 1/T too. So the probability
that some progress takes at most w years, given all the rest of a draw, is the tail of g0's prior at the rate that would
just do, averaged over the prior of the taste at the start. Averaging that smooth function of the rest, instead of
counting hits, is conditional Monte Carlo: the same expectation with a far smaller error, and smooth, as quasi-random
points like.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import RATE, Block, Sampler
from ooms.beliefs.reparametrisation import used
from ooms.distributions.copula import Conditional, groups
from ooms.distributions.marginals import Fixed, Marginal, Normal
from ooms.distributions.normal import ndtr, ndtri
from ooms.model.labour import ceiling_from_taste_limit, log_taste

__all__ = ["Smoothing", "rate_exceeds", "rate_stands_alone"]

Floats = NDArray[np.float64]

_NODES = (16, 32)
"""Gauss-Hermite nodes for the taste at the start, the fewest that do: 16 are exact to 1e-6 on the default view."""

_GOOD = 2e-4
"""Error allowed in the chance that the worst of all rates is exceeded; in an event's probability it is far smaller."""

_FAR = 300.0
"""ln of a ratio of tastes beyond which a draw's time may be infinite for its taste alone, and tells nothing of others.
"""

_RAREST = 1e-6
"""Chance that is nothing beside `_GOOD`: what only draws further out do changes no probability."""


class Smoothing:
    """Conditional probabilities of events, given all of a draw but what only stretches time.

    Parameters
    ----------
    sampler : Sampler
        Where the draws come from.
    """

    def __init__(self, sampler: Sampler) -> None:
        self.sampler, self.view = sampler, sampler.view

    @cached_property
    def rate_is_free(self) -> bool:
        """Whether the baseline rate only stretches time."""
        return RATE in self.sampler.random and rate_stands_alone(self.sampler) and not self.view.clocks

    def _moves(self, name: str) -> bool:
        """Whether it is anything but fixed at 0."""
        belief = self.view.beliefs.get(name)
        return belief is not None and belief.marginal != Fixed(0.0)

    @property
    def taste_is_free(self) -> bool:
        """Whether the taste at the start only stretches time too, and on its own."""
        return self._nodes > 0

    @cached_property
    def _nodes(self) -> int:
        """How many nodes integrate it out; 0 if it is not free, or if none do."""
        start = self.sampler.random.get("taste_start")
        tied = any("taste_start" in group for group in groups(self.view.correlations))
        if not self.rate_is_free or tied or self._moves("taste_slope") or start is None or start.joint is not None:
            return 0
        if not isinstance(start.marginal, Normal) or self._marginal("taste_multiplier") == Fixed(1.0):
            return 0  # or there is nothing to integrate: everybody's taste is worth the same
        by_limit = "taste_limit" in self.view.beliefs
        others = (self._marginal("taste_multiplier"), self._marginal("taste_limit" if by_limit else "taste_ceiling"))
        return _nodes_needed(start.marginal, self.sampler.random[RATE].marginal, *others, by_limit)

    def chance(self, years: Floats, window: float, block: Block) -> Floats:
        """Probability that progress which takes a draw `years` takes at most `window`, given the rest of the draw."""
        needed, given = years * (block.inputs.software_growth / window), block.rate_given_others
        if not self.taste_is_free:
            return self._rate_exceeds(needed, given)
        # what is never reached has no chance, whatever the taste: many draws, over which nothing is integrated
        some = np.flatnonzero(np.isfinite(needed))
        i, given = block.inputs.take(some), Conditional(given.mean[some] if given.mean.ndim else given.mean, given.sd)
        drawn = log_taste(i.taste_start, i.taste_multiplier, i.taste_ceiling)
        total = np.zeros(len(some))
        for value, weight in zip(*self._rule, strict=True):  # one after the other, so that all fits the cache
            ratio = drawn - log_taste(value, i.taste_multiplier, i.taste_ceiling)
            with np.errstate(over="ignore"):
                rates = needed[some] * np.exp(np.clip(ratio, -_FAR, _FAR))
            total += weight * self._rate_exceeds(rates, given)
        chances = np.zeros(needed.shape)
        chances[some] = np.minimum(total, 1.0)  # weights add up to 1 but for rounding
        return chances

    def _marginal(self, name: str) -> Marginal:
        beliefs = self.view.beliefs
        return beliefs[name].marginal if name in beliefs else Fixed(self.view.neutral[name])

    @cached_property
    def _rule(self) -> tuple[Floats, Floats]:
        return _tastes(self.sampler.random["taste_start"].marginal, self._nodes)

    def _rate_exceeds(self, rates: Floats, given: Conditional) -> Floats:
        """Probability that the baseline rate is at least that, given the other draws."""
        return rate_exceeds(rates, self.sampler.random[RATE].marginal, given)


def rate_stands_alone(sampler: Sampler) -> bool:
    """Whether none of the model's other inputs depends on the draw of the baseline rate."""
    needed = {name for rule in used(sampler.view.beliefs) for name in rule.needs}
    return RATE in sampler.fixed or (sampler.random[RATE].joint is None and RATE not in needed)


def rate_exceeds(rates: Floats, prior: Marginal, given: Conditional) -> Floats:
    """Probability that the baseline rate is at least that, given the other draws."""
    below = prior.cdf(rates)
    if given.mean.ndim == 0:
        return 1.0 - below
    return ndtr((given.mean - ndtri(below)) / given.sd)


def _tastes(start: Marginal, count: int) -> tuple[Floats, Floats]:
    """Values of the taste at the start, and their weights, that integrate smooth functions of it (Gauss-Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return start.ppf(ndtr(nodes)), weights / weights.sum()


@lru_cache
def _nodes_needed(start: Marginal, rate: Marginal, multiplier: Marginal, ceiling: Marginal, by_limit: bool) -> int:
    """The fewest nodes that are enough; 0 if none are, where the rate is narrow beside what taste can do.

    Nor are any where tastes are so far apart that a draw of one says nothing of how it would go with another.
    """
    chances = (np.arange(16) + 0.5) / 16
    needed = rate.middle * np.logspace(-2.0, 2.0, 50)[:, None, None]

    def tastes(standing: Floats, chances: Floats) -> Floats:
        top = multiplier.ppf(chances)
        stated = ceiling.ppf(chances)
        return log_taste(standing[:, None], top, ceiling_from_taste_limit(top, stated) if by_limit else stated)

    def exceeds(nodes: int) -> Floats:
        values, weights = _tastes(start, nodes)
        with np.errstate(over="ignore"):
            rates = needed * np.exp(-tastes(values, chances))
        return np.mean(np.sum((1.0 - rate.cdf(rates)) * weights[:, None], axis=1), axis=1)

    ends = tastes(start.ppf(np.array([_RAREST, 1.0 - _RAREST])), np.array([_RAREST, *chances, 1.0 - _RAREST]))
    if np.max(ends) - np.min(ends) > _FAR:
        return 0
    exact = exceeds(96)
    return next((nodes for nodes in _NODES if np.max(np.abs(exceeds(nodes) - exact)) < _GOOD), 0)
