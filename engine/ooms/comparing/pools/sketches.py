"""Distributions of a quantity, pooled: from the histograms of the views, which share their bins, or their densities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ooms.results.credence import Distribution
from ooms.results.density import Density
from ooms.results.sketch import Sketch

__all__ = ["linear_sketch", "logarithmic_density", "shares_of"]

Floats = NDArray[np.float64]

_WHOLE = 2.0**52
"""What a randomisation's shares are counted in: fine enough for any weights, and sums stay exact."""


def shares_of(sketch: Sketch) -> Floats:
    """Share of the draws in each column of a sketch, shape (randomisations, bins + 2)."""
    return sketch.counts / sketch.counts.sum(axis=1, keepdims=True)


def linear_sketch(sketches: Sequence[Sketch], weights: Floats) -> Sketch:
    r"""Distribution of a quantity in the linear pool: the mixture of the views' distributions.

    .. math:: F(y) = \sum_i w_i F_i(y)

    Parameters
    ----------
    sketches : sequence of Sketch
        One for each view, of the same quantity, from the same randomisations.
    weights : array
        They add up to 1.
    """
    mixed = sum(weight * shares_of(sketch) for weight, sketch in zip(weights, sketches, strict=True))
    made = Sketch(sketches[0].scale, len(sketches[0].counts), sketches[0].bins)
    made.counts = np.rint(np.asarray(mixed) * _WHOLE).astype(np.int64)
    heard = [sketch for sketch, weight in zip(sketches, weights, strict=True) if weight > 0]
    made.draws = min(sketch.draws for sketch in heard)
    for sketch in heard:
        made.take_range(sketch)
    return made


def logarithmic_density(sketches: Sequence[Sketch], weights: Floats) -> Distribution:
    """Distribution of a quantity in the logarithmic pool: the views' densities multiplied (`ooms.results.density`).

    Densities are modelled from the draws and followed into their tails beyond them; views that say the very same count
    as one, with their weights together, and one view alone is what it is.

    Parameters
    ----------
    sketches : sequence of Sketch
        One for each view, of the same quantity, from the same randomisations.
    weights : array
        They add up to 1; views with weight 0 have no say.

    Raises
    ------
    ValueError
        No value is possible under all views, or draws cannot tell: hardly any is where the pool would be.
    """
    heard: list[tuple[Sketch, float]] = []
    for sketch, weight in zip(sketches, weights.tolist(), strict=True):
        twin = next((k for k, (other, _) in enumerate(heard) if np.array_equal(other.counts, sketch.counts)), None)
        if twin is not None:
            heard[twin] = heard[twin][0], heard[twin][1] + weight
        elif weight > 0:
            heard.append((sketch, weight))
    if len(heard) == 1:
        return heard[0][0]
    pooled = Density([sketch.model for sketch, _ in heard], [weight for _, weight in heard])
    if not pooled.exists:
        message = "no value is possible under all views"
        raise ValueError(message)
    if pooled.unseen > _UNSEEN:
        share = f"{100.0 * pooled.unseen:.0f} %"
        message = f"draws cannot tell: {share} of it would lie where no view has any, so far apart are the views"
        raise ValueError(message)
    return pooled


_UNSEEN = 0.05
"""Of a pool: with more where no view has draws, it follows from tails alone."""
