"""Probability of an event under each posterior draw, so that draws can be weighed anew without running the model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.view import View
from ooms.forecasting.forecast import forecast

__all__ = ["chances"]

Floats = NDArray[np.float64]

_EACH = 16
"""Draws of all else for each posterior draw."""


def chances(view: View, names: Sequence[str], draws: NDArray[np.float64], event: str, seed: int = 0) -> Floats:
    """Share of the draws of all other parameters that reach an event, for each joint draw; NaN for one not in the view.

    Parameters
    ----------
    view : View
        Holds the joint draws (`ooms.calibrating.posterior.calibrated_view`).
    names : sequence of str
        The parameters that were drawn jointly.
    draws : array, shape (rows, names)
        Their draws, in whatever order is wanted.
    event : str
        Its name as `ooms.outcomes.parse_event` gives it.
    seed : int
        Chooses the draws of everything else.
    """
    count = 1 << max(8, math.ceil(math.log2(_EACH * len(draws))))
    run = forecast(view, draws=count, seed=seed, events=[event], quantities=(), keep_draws=True)
    first = names[0]
    # draws of a chain that stood still are the same draw: they share its probability
    distinct, which = np.unique(draws[:, 0], return_inverse=True)
    place: NDArray[np.intp] = np.searchsorted(distinct, run.kept[first])
    counts, reached = np.zeros(len(distinct)), np.zeros(len(distinct))
    np.add.at(counts, place, 1.0)
    np.add.at(reached, place, run.kept[event])
    with np.errstate(invalid="ignore"):
        return (reached / counts)[which]
