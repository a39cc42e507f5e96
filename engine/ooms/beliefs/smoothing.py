"""Integrating out exactly what only stretches time: the baseline rate, and a taste that does not climb.

Without calendar time in the pace, every time scales as 1/g0, and with T(x) constant as 1/T too. So the probability
that some progress takes at most w years, given all the rest of a draw, is the tail of g0's prior at the rate that would
just do, averaged over the prior of the taste at the start. Averaging that smooth function of the rest, instead of
counting hits, is conditional Monte Carlo: the same expectation with a far smaller error, and smooth, as quasi-random
points like.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.copula import groups
from ooms.beliefs.draws import RATE, Block, Sampler
from ooms.beliefs.marginals import Fixed
from ooms.beliefs.normal import ndtr, ndtri
from ooms.beliefs.spellings import used
from ooms.model.labour import log_taste

__all__ = ["Smoothing"]

Floats = NDArray[np.float64]

_NODES = 16
"""Gauss-Hermite nodes for the taste at the start: exact to about 1e-6 on the default view."""

_CLOCKS = ("ramp_years", "hardware_shock", "rho_long_run")


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
        needed = {name for rule in used(self.view.beliefs) for name in rule.needs}
        moving = self._moves("hardware_growth") or any(name in self.view.beliefs for name in _CLOCKS)
        own = RATE in self.sampler.random and self.sampler.random[RATE].joint is None
        return own and RATE not in needed and not moving

    def _moves(self, name: str) -> bool:
        """Whether it is anything but fixed at 0."""
        belief = self.view.beliefs.get(name)
        return belief is not None and belief.marginal != Fixed(0.0)

    @cached_property
    def taste_is_free(self) -> bool:
        """Whether the taste at the start only stretches time too, and on its own."""
        start = self.sampler.random.get("taste_start")
        tied = any("taste_start" in group for group in groups(self.view.correlations))
        return (
            self.rate_is_free
            and start is not None
            and start.joint is None
            and not tied
            and not self._moves("taste_slope")
        )

    def chance(self, years: Floats, window: float, block: Block) -> Floats:
        """Probability that progress which takes a draw `years` takes at most `window`, given the rest of the draw."""
        needed = years * (block.inputs.software_growth / window)
        if not self.taste_is_free:
            return self._rate_exceeds(needed, block)
        i = block.inputs
        drawn = log_taste(i.taste_start, i.taste_multiplier, i.taste_ceiling)
        values, weights = self._tastes
        others = log_taste(values[:, None], i.taste_multiplier, i.taste_ceiling)
        chances = self._rate_exceeds(needed * np.exp(drawn - others), block)
        chances *= weights[:, None]
        return np.add.reduce(chances, axis=0)

    @cached_property
    def _tastes(self) -> tuple[Floats, Floats]:
        """Values of the taste at the start, and their weights, that integrate smooth functions of it."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        values = self.sampler.random["taste_start"].marginal.ppf(ndtr(nodes))
        return values, weights / weights.sum()

    def _rate_exceeds(self, rates: Floats, block: Block) -> Floats:
        """Probability that the baseline rate is at least that, given the other draws."""
        below = self.sampler.random[RATE].marginal.cdf(rates)
        given = block.rate_given_others
        if given.mean.ndim == 0:
            return 1.0 - below
        return ndtr((given.mean - ndtri(below)) / given.sd)
