r"""Which inputs drive the answer: the part of an event's variance that goes with each input, from the draws at hand.

The importance of an input X for an event is the correlation ratio, or first-order index,

.. math:: \eta^2 = \frac{\mathrm{Var}\,\mathrm{E}[Y \mid X]}{\mathrm{Var}\,Y}

where Y is 1 in draws that reach the event and 0 in the others. It is the share of the variance of the event that
knowing this input alone would take away, on average. It needs no independence: of two inputs that go together, each
answers for what it tells about the other, so that importances may then add up to more than 1. What inputs do only
together is in none of them, so that they may add up to less.

Source
------
Pearson (1905), On the general theory of skew correlation and non-linear regression; Saltelli et al. (2008), Global
sensitivity analysis: the primer; from given draws, Plischke, Borgonovo & Smith (2013), Global sensitivity measures from
given data, European Journal of Operational Research 226.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.outcomes import parse_event
from ooms.problems import Problem, UserError
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["Driver", "correlation_ratio", "drivers", "quartile_means"]

Floats = NDArray[np.float64]

DRAWS_AT_MOST = 2**17
"""Draws that are worked out where none were kept."""

_QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Driver:
    """How much an input drives an event, and which way.

    Parameters
    ----------
    name : str
        The input, as the view states it.
    importance : Estimate
        Share of the variance of the event that knowing this input alone would take away (`correlation_ratio`).
        It is not clipped: of an input that does nothing it can be slightly below 0.
    by_quartile : tuple of four Estimates
        Probability of the event when the input lies in its first, second, third and fourth quarter. Their mean is the
        share of draws that reach the event.
    quartiles : tuple of three floats
        Values of the input that a quarter, half and three quarters of its distribution lie below.
    """

    name: str
    importance: Estimate
    by_quartile: tuple[Estimate, Estimate, Estimate, Estimate]
    quartiles: tuple[float, float, float]


def drivers(forecast: Forecast, event: str) -> list[Driver]:
    """The random inputs of a forecast, by falling importance for an event.

    Parameters
    ----------
    forecast : Forecast
        Its kept draws are used. If none were kept, or the event is not among what was kept of them, the same draws are
        worked out again, the first 2**17 of them at most.
    event : str
        Such as ``"5 ooms in 1 year"``.

    Returns
    -------
    list of Driver
        One for every input that is not a fixed number.

    Raises
    ------
    UserError
        That is no event, or all draws end alike, so that there is no variance to share out.

    Notes
    -----
    The numbers are of the draws themselves: no input is integrated out, as the baseline rate is in
    `Forecast.probability`.

    Of joint draws with fewer than 1024 rows, all randomisations share all rows (`ooms.beliefs.draws.Sampler`), so that
    no spread shows how few they are: their importances are then too large, by up to about bins / rows.

    Examples
    --------
    >>> import ooms
    >>> f = ooms.forecast(ooms.load("davidson-2025"), draws=2**12, events=["5 ooms in 1 year"])
    >>> found = drivers(f, "5 ooms in 1 year")
    >>> found[0].name, f"{found[0].importance.value:.1f}"
    ('returns', '0.5')
    """
    text = parse_event(event).text
    kept, beliefs = forecast.draws_of(text, DRAWS_AT_MOST), forecast.view.beliefs
    reached = kept[text].astype(float)
    if forecast.inputs and np.all(reached == reached[0]):
        how = "every" if reached[0] else "none"
        what = f"{how} of {len(reached):,} draws reaches it, so that no input makes a difference"
        raise UserError([Problem(text, what, "ask for an event that some draws reach and others do not")])
    found: list[Driver] = []
    for name in forecast.inputs:
        ordered = np.sort(kept[name])
        importance = _ratio(kept[name], ordered, reached, forecast.randomisations)
        means = _quartile_means(kept[name], ordered, reached, forecast.randomisations)
        first, second, third, fourth = (mean.from_draws(len(reached) // 4) for mean in means)
        low, middle, high = beliefs[name].marginal.ppf(np.array(_QUARTERS)).tolist()
        found.append(Driver(name, importance, (first, second, third, fourth), (low, middle, high)))
    return sorted(found, key=lambda driver: -driver.importance.value)


def correlation_ratio(inputs: Floats, outcome: Floats, randomisations: int) -> Estimate:
    r"""Share of an outcome's variance that knowing one input takes away: Var E[Y | X] / Var Y.

    Parameters
    ----------
    inputs : array, shape (draws,)
        The input X. Only its order matters, so that no change of units moves the answer.
    outcome : array, shape (draws,)
        The outcome Y: 0 and 1 for an event.
    randomisations : int
        Independent randomisations that the draws come in, at least 2: draw j belongs to j % randomisations. For
        independent draws any number will do that leaves many draws in each.

    Returns
    -------
    Estimate
        Not clipped: where the input does nothing it is 0 on average, and slightly below about as often as above.

    Raises
    ------
    UserError
        The outcome is the same in all draws, so that there is no variance to share out.

    Notes
    -----
    The input is cut into bins of equal counts, a power of two of them, between a quarter and a half of the root of the
    number of draws: 128 for 2**17 draws, 8 for 2**8. Draws with the same value stay in one bin.

    *Noise.* The variance between the means of the bins is too large by the variance of these means themselves, which is
    seen in how far they differ between randomisations, and taken off. That holds for points of a Sobol sequence, which
    differ less than independent ones do.

    *Bias that is left.* What E[Y | X] does within a bin is lost, so that answers are a little too low. Where it is
    smooth, a share of about 1/bins**2 is lost: far below the error. Of a jump from 0 to 1 that q of the draws lie
    below, at most 1 / (4 bins q (1 - q)) is lost. Of a rare event that only the last bin's draws reach, more: where it
    has a chance of 1 in 100 this came to 8 % with 64 bins, which was half the error.

    *Error.* From the spread between randomisations of what each adds to the answer, and from what the noise of the
    means adds to it. Where the input does nothing it is a little too large, by a tenth to a quarter.

    Source
    ------
    Plischke, Borgonovo & Smith (2013), for the estimator before noise is taken off.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x, noise = rng.normal(size=(2, 2**16))
    >>> y = x + 2.0 * noise  # Var E[y | x] / Var y = 1 / 5
    >>> print(correlation_ratio(x, y, 16))
    0.197 (error 0.002)
    >>> print(correlation_ratio(np.exp(x), y, 16))  # only the order of the input matters
    0.197 (error 0.002)
    """
    if np.all(outcome == outcome[0]):
        what = f"it is {outcome[0]:g} in all of {len(outcome):,} draws, so that there is no variance to share out"
        raise UserError([Problem("outcome", what, "ask about an outcome that differs between draws")])
    return _ratio(inputs, np.sort(inputs), outcome, randomisations)


def _ratio(inputs: NDArray[Any], ordered: NDArray[Any], outcome: Floats, randomisations: int) -> Estimate:
    draws, mean = len(outcome), float(np.mean(outcome))
    deviation = outcome - mean
    owner = np.arange(draws) % randomisations
    squares = np.bincount(owner, deviation * deviation, randomisations) * (randomisations / draws)
    variance = float(np.mean(squares))
    bins = bin_count(draws)
    edges = np.unique(ordered[np.arange(1, bins) * draws // bins])
    table = _Table.of(np.searchsorted(edges, inputs, side="right"), len(edges) + 1, deviation, randomisations)
    effect, weight, noise = table.mean, table.weight, table.noise
    # the mean of all draws has a part of the noise too: without it, the effects would seem to move together
    noise = noise - weight[:, None] * noise.sum(axis=0)
    scaled = noise / np.sqrt(weight)[:, None]
    gram = scaled.T @ scaled  # of the randomisations' noise with each other's, shape (randomisations, randomisations)
    degrees = randomisations - 1
    between = float(weight @ effect**2) - float(np.trace(gram)) / (randomisations * degrees)
    ratio = between / variance
    # what each randomisation adds, in the first order: to the effects, to the weights of bins, to the variance
    pull = 2.0 * effect @ noise + effect**2 @ table.share - ratio * squares
    first = float(np.var(pull, ddof=1)) / randomisations
    # variance of the product of two randomisations' noise: tr(C C) of its covariance C, unbiased if it is normal
    product = max(float(np.sum(gram * gram)) - float(np.trace(gram)) ** 2 / degrees, 0.0)
    product /= (degrees + 2) * max(degrees - 1, 1)
    own = 4.0 * product / randomisations**2  # what effects that are noise themselves add to the spread of the pulls
    second = 2.0 * product / (randomisations * degrees)
    return Estimate(ratio, math.sqrt(max(first - own, 0.0) + second) / variance)


def bin_count(draws: int) -> int:
    """Bins that an input is cut into: a power of two, at most half the root of the number of draws.

    Examples
    --------
    >>> [bin_count(2**k) for k in (8, 12, 14, 17, 20)]
    [8, 32, 64, 128, 512]
    """
    return 1 << max(int(math.log2(max(math.sqrt(draws) / 2.0, 2.0))), 1)


def quartile_means(
    inputs: Floats, outcome: Floats, randomisations: int
) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """Mean outcome where the input lies in its first, second, third and fourth quarter.

    Draws that share a value in which two quarters meet count in parts to both, in proportion. So each quarter has a
    quarter of the draws, and the mean of the four is the mean of all draws, whatever ties there are.

    Parameters
    ----------
    inputs, outcome, randomisations
        As for `correlation_ratio`.

    Examples
    --------
    >>> x = np.repeat([0.0, 1.0, 2.0, 3.0], 8)
    >>> [mean.value for mean in quartile_means(x, x, 2)]
    [0.0, 1.0, 2.0, 3.0]
    >>> x = np.repeat([0.0, 1.0], [24, 8])  # three quarters of the draws are alike
    >>> [mean.value for mean in quartile_means(x, x, 2)]
    [0.0, 0.0, 0.0, 1.0]
    """
    return _quartile_means(inputs, np.sort(inputs), outcome, randomisations)


def _quartile_means(
    inputs: NDArray[Any], ordered: NDArray[Any], outcome: Floats, randomisations: int
) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    draws = len(outcome)
    borders = np.unique(ordered[np.arange(1, 4) * draws // 4])
    # runs of the ordered draws: those below the first border, at it, between it and the next, ...
    run = np.searchsorted(borders, inputs, side="left") + np.searchsorted(borders, inputs, side="right")
    counts = np.bincount(run, minlength=2 * len(borders) + 1)
    ends = np.cumsum(counts)
    quarter = np.arange(4)[:, None] * (draws / 4.0)
    inside = np.minimum(ends, quarter + draws / 4.0) - np.maximum(ends - counts, quarter)
    parts = np.maximum(inside, 0.0) / np.maximum(counts, 1)
    table = _Table.of(run, len(counts), outcome, randomisations, parts)
    spread = np.std(table.noise / table.weight[:, None], axis=1, ddof=1) / math.sqrt(randomisations)
    first, second, third, fourth = map(Estimate, table.mean.tolist(), spread.tolist())
    return first, second, third, fourth


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Means of an outcome by bins of an input, and what each randomisation says of them."""

    mean: Floats
    """Mean outcome, by bin."""
    weight: Floats
    """Share of all draws, by bin."""
    share: Floats
    """Share of a randomisation's draws, shape (bins, randomisations)."""
    noise: Floats
    """How far a randomisation's outcomes in a bin lie from the mean of the bin, times its share, of the same shape.

    Rows add up to 0."""

    @staticmethod
    def of(
        bins: NDArray[np.intp],
        count: int,
        outcome: Floats,
        randomisations: int,
        parts: Floats | None = None,
    ) -> _Table:
        """The table of draws in so many bins, or in bins made up of parts of these; empty ones are left out."""
        cells = bins * randomisations + np.arange(len(outcome)) % randomisations
        shape, each = (count, randomisations), randomisations / len(outcome)
        share = np.bincount(cells, minlength=count * randomisations).reshape(shape).astype(float) * each
        total = np.bincount(cells, outcome, count * randomisations).reshape(shape) * each
        if parts is not None:
            share, total = parts.dot(share), parts.dot(total)
        filled = share.any(axis=1)
        share, total = share[filled], total[filled]
        mean = total.sum(axis=1) / share.sum(axis=1)
        return _Table(mean, share.mean(axis=1), share, total - mean[:, None] * share)
