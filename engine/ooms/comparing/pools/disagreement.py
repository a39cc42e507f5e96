"""How much of a pool's spread is disagreement between its views, and how much is uncertainty within them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.comparing.pools.rules import jackknife
from ooms.comparing.pools.sketches import shares_of
from ooms.outcomes import Quantity
from ooms.problems import Problem, UserError
from ooms.results.credence import Estimate
from ooms.results.numbers import rounded
from ooms.results.sketch import Sketch

__all__ = ["Spread", "event_spread", "quantity_spread"]

Floats = NDArray[np.float64]


class Spread(NamedTuple):
    """A linear pool's variance, split in two, each with its Monte Carlo error.

    Parameters
    ----------
    total : Estimate
        Variance of the pool: of whether an event comes, or of a quantity.
    within : Estimate
        Uncertainty within the views: the weighted mean of their variances.
    between : Estimate
        Disagreement between them: the variance of their means.
    share_between : Estimate
        The latter over the total; NaN if nothing varies.
    unit : str
        Whose square the variances are in.
    """

    total: Estimate
    within: Estimate
    between: Estimate
    share_between: Estimate
    unit: str

    def __str__(self) -> str:
        return f"variance {self.total}, of which between the views {self.between}, within them {self.within}"


def split(means: Floats, variances: Floats, weights: Floats) -> tuple[float, float]:
    r"""The law of total variance: what is within the views, and what is between them.

    .. math:: \sigma^2 = \sum_i w_i \sigma_i^2 + \sum_i w_i (\mu_i - \mu)^2, \qquad \mu = \sum_i w_i \mu_i

    Examples
    --------
    Two views that say 20 % and 60 %: the pool's 40 % x 60 % = 0.24 is

    >>> means = np.array([0.2, 0.6])
    >>> [round(part, 3) for part in split(means, means * (1 - means), np.array([0.5, 0.5]))]
    [0.2, 0.04]
    """
    return float(weights @ variances), float(weights @ (means - weights @ means) ** 2)


def event_spread(by_randomisation: Floats, weights: Floats) -> Spread:
    """Whether an event comes: p (1 - p) split into what is within the views and between them."""
    return _spread(by_randomisation, lambda p: (p, p * (1.0 - p)), weights, "probability")


def quantity_spread(quantity: Quantity, sketches: Mapping[str, Sketch], weights: Floats) -> Spread:
    """A quantity's variance split into what is within the views and between them; in logs where its scale is.

    Parameters
    ----------
    quantity : Quantity
        What it is.
    sketches : mapping of str to Sketch
        Of the views with a weight above 0.
    weights : array
        Theirs.

    Raises
    ------
    UserError
        It is infinite in some draws of some views, or too small for a logarithm.
    """
    problems: list[Problem] = []
    remedy = 'ask for an event, such as "5 ooms in 1 year", or for a quantity that is finite, such as '
    remedy += '"ooms after 3 months" or "acceleration at the start"'
    for name, sketch in sketches.items():
        value, error = sketch.never
        if value > 0:
            share = rounded(100 * value, 100 * error)
            what = f"{quantity.name} is infinite ({quantity.endless}) in {share} % of the draws of {name}"
            problems.append(Problem("spread", f"{what}, so that it has no variance", remedy))
        elif quantity.scale.logarithmic and sketch.counts[:, 0].sum() > 0:
            what = f"{quantity.name} is at or below {quantity.scale.low:g} in some draws of {name}"
            problems.append(Problem("spread", f"{what}, and has no logarithm there", remedy))
    if problems:
        raise UserError(problems)
    values = _values(next(iter(sketches.values())))
    shares = [shares_of(sketch) for sketch in sketches.values()]
    middle = float(weights @ [share.mean(axis=0) @ values for share in shares])
    values -= middle  # so that no digits are lost in the difference below
    moments = np.stack([share @ values for share in shares] + [share @ values**2 for share in shares])
    count = len(shares)
    unit = f"ln of {quantity.unit}" if quantity.scale.logarithmic else quantity.unit
    return _spread(moments, lambda m: (m[:count], m[count:] - m[:count] ** 2), weights, unit)


def _values(sketch: Sketch) -> Floats:
    """What each column of a sketch stands for, on its even scale."""
    scale = sketch.scale
    low, high = scale.forward(np.array([scale.low, scale.high]))
    middles = low + (np.arange(sketch.bins) + 0.5) * ((high - low) / sketch.bins)
    bottom = 0.0 if scale.logarithmic else scale.bottom  # in logs it is empty, as never is
    return np.concatenate([[bottom], middles, [0.0]])


def _spread(
    by_randomisation: Floats, moments: Callable[[Floats], tuple[Floats, Floats]], weights: Floats, unit: str
) -> Spread:
    """The parts with their errors; `moments` makes the views' means and variances of what was averaged."""

    def parts(means: Floats) -> tuple[float, float]:
        return split(*moments(means), weights)

    def share(means: Floats) -> float:
        within, between = parts(means)
        return between / (within + between) if within + between > 0 else np.nan

    return Spread(
        jackknife(by_randomisation, lambda means: sum(parts(means))),
        jackknife(by_randomisation, lambda means: parts(means)[0]),
        jackknife(by_randomisation, lambda means: parts(means)[1]),
        jackknife(by_randomisation, share),
        unit,
    )
