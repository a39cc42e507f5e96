"""What a calibrated model says the answers could have been, beside what they were; with NumPy, from posterior draws."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ooms.calibrating.likelihoods.base import Data, Likelihood

__all__ = ["Check", "ItemDraws", "check", "log_likelihood", "replicate", "simulated", "spread_out"]

Floats = NDArray[np.float64]

REPLICATIONS = 1000
"""Data sets to simulate: a tail of 0.5 % is then 5 of them."""


class ItemDraws(NamedTuple):
    """An item with draws of what its likelihood needs.

    Parameters
    ----------
    survey, item : str
        Its survey and its name.
    likelihood : Likelihood
        The answers, and how they scatter about the centre.
    centre : array, shape (draws,)
        What the model predicts, biases included.
    nuisance : mapping of str to array, shape (draws,) or (draws, size)
        The likelihood's own parameters, by their names in it.
    """

    survey: str
    item: str
    likelihood: Likelihood
    centre: Floats
    nuisance: Mapping[str, Floats]

    @property
    def name(self) -> str:
        """``SURVEY.ITEM``."""
        return f"{self.survey}.{self.item}"


@dataclass(frozen=True)
class Check:
    """A posterior predictive check: a statistic of the answers beside the same of simulated answers.

    Parameters
    ----------
    survey, item, statistic : str
        What is compared.
    observed : float
        In the answers.
    low, median, high : float
        Of the simulated answers: 5 %, 50 % and 95 % quantiles.
    tail : float
        Share of the simulations that are lower, ties counted half (the mid-p value).
    simulations : int
        How many there were.
    """

    survey: str
    item: str
    statistic: str
    observed: float
    low: float
    median: float
    high: float
    tail: float
    simulations: int = REPLICATIONS

    @property
    def name(self) -> str:
        """``SURVEY.ITEM: STATISTIC``."""
        return f"{self.survey}.{self.item}: {self.statistic}"


def log_likelihood(drawn: ItemDraws) -> Floats:
    """Log likelihood of each answer (or group of answers) under each draw, shape (draws, terms)."""
    terms: Any = drawn.likelihood.log_likelihood(drawn.centre, drawn.nuisance, drawn.likelihood.data())
    values = np.asarray(terms, dtype=np.float64)
    return np.broadcast_to(values, (len(drawn.centre), values.shape[-1]))


def spread_out(draws: int, count: int) -> NDArray[np.intp]:
    """Indices of `count` draws, or of all if there are fewer, evenly spread over them.

    Examples
    --------
    >>> spread_out(10, 4).tolist(), spread_out(3, 9).tolist()
    ([0, 2, 5, 7], [0, 1, 2])
    """
    count = min(count, draws)
    return np.arange(count) * draws // count


def replicate(drawn: ItemDraws, seed: int = 0, count: int = REPLICATIONS) -> Data:
    """Simulated answers, one data set for each of `count` draws evenly spread, shape (count, ...) by name.

    Every item has random numbers of its own, whatever other items there are.
    """
    rng = np.random.default_rng([seed, zlib.crc32(drawn.name.encode())])
    sets = [
        drawn.likelihood.simulate(float(drawn.centre[i]), {k: v[i] for k, v in drawn.nuisance.items()}, rng)
        for i in spread_out(len(drawn.centre), count)
    ]
    return {key: np.stack([each[key] for each in sets]) for key in sets[0]}


def simulated(drawn: ItemDraws, replicated: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every statistic of an item's likelihood, by name, in each data set that `replicate` made."""
    count = len(next(iter(replicated.values())))
    with np.errstate(over="ignore"):  # far out in a wide prior an answer can be infinite, and is then told as such
        each = [drawn.likelihood.statistics({key: x[i] for key, x in replicated.items()}) for i in range(count)]
    return {name: np.array([statistics[name] for statistics in each]) for name in each[0]}


def check(drawn: ItemDraws, statistics: Mapping[str, Floats]) -> list[Check]:
    """Every statistic of an item's likelihood, in the answers and in simulated ones (`simulated`).

    Notes
    -----
    The draws have seen the answers, so that these tail probabilities keep closer to a half than uniform ones would:
    one far out in a tail is strong evidence against the model, one in the middle is weak evidence for it.
    """
    observed = drawn.likelihood.statistics(drawn.likelihood.data())
    return [_check(drawn, name, value, statistics[name]) for name, value in observed.items()]


def _check(drawn: ItemDraws, statistic: str, observed: float, simulated: Floats) -> Check:
    defined = simulated[~np.isnan(simulated)]
    low = median = high = tail = float("nan")
    if len(defined) and not np.isnan(observed):
        # a value among the simulated ones: between infinite ones there is no mean
        low, median, high = (float(q) for q in np.quantile(defined, (0.05, 0.5, 0.95), method="inverted_cdf"))
        close = np.isclose(defined, observed, rtol=1e-12, atol=0.0)
        tail = float(np.mean((defined < observed) & ~close) + 0.5 * np.mean(close))
    return Check(drawn.survey, drawn.item, statistic, float(observed), low, median, high, tail, len(defined))
