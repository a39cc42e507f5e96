"""Power-scaling: what moves if priors, or answers, count a little more or less.

Source
------
Kallioinen, N., Paananen, T., Buerkner, P.-C. and Vehtari, A. (2024). Detecting and diagnosing prior and likelihood
sensitivity with power-scaling. Statistics and Computing 34, 57.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.importance import weigh
from ooms.calibrating.tree import group
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["NOTABLE", "ProbabilitySlopes", "Sensitivity", "power_scaling", "probability_slopes"]

Floats = NDArray[np.float64]

NOTABLE = 0.05
"""Sensitivity of a posterior from which on the source calls it notable."""

_ALPHAS = (0.99, 1.01)
"""Powers that a density is raised to, as in the source."""


class Sensitivity(NamedTuple):
    """How much one posterior moves.

    Parameters
    ----------
    name : str
        A parameter or a derived quantity.
    prior, answers : float
        Per doubling of the weight of all priors that have no parameters of their own (the view's, and those that
        surveys bring with them), and of all answers: a distance of distributions (cumulative Jensen-Shannon).
    """

    name: str
    prior: float
    answers: float

    @property
    def diagnosis(self) -> str:
        """What the two together say."""
        if self.prior < NOTABLE:
            return "the answers speak" if self.answers >= NOTABLE else "neither moves it"
        return "prior and answers both matter" if self.answers >= NOTABLE else "the prior speaks: answers hardly matter"


class ProbabilitySlopes(NamedTuple):
    """How much the probability of an event moves, per doubling of a weight; a slope, for small changes.

    Parameters
    ----------
    event : str
        Which.
    priors, answers : Estimate
        If all priors with no parameters of their own counted more, or all answers.
    own : mapping of str to Estimate
        If the prior of one of the view's parameters did.
    surveys : mapping of str to Estimate
        If one survey did.
    """

    event: str
    priors: Estimate
    answers: Estimate
    own: Mapping[str, Estimate]
    surveys: Mapping[str, Estimate]


def power_scaling(calibration: Calibration) -> list[Sensitivity]:
    """Power-scaling sensitivity of every parameter and of what surveys speak of."""
    draws = {name: calibration.posterior[name] for name in calibration.names}
    draws |= {name: x for name, x in group(calibration.data, "derived").items() if np.ptp(x) > 0}
    parts = (_sum(group(calibration.data, name).values()) for name in ("log_prior", "log_likelihood"))
    prior, answers = (_sensitivity(draws, log_density) for log_density in parts)
    return [Sensitivity(name, prior[name], answers[name]) for name in draws]


def probability_slopes(calibration: Calibration, event: str) -> ProbabilitySlopes:
    r"""How much the probability of an event moves if priors or answers count more.

    .. math:: \frac{dP}{d \log_2 \alpha} = \ln 2 \cdot \mathrm{Cov}(h, \ln p)

    with h the probability under each draw and p the density that is raised to the power alpha: weights proportional to
    p^(alpha - 1) make P = E[h p^(alpha - 1)] / E[p^(alpha - 1)], whose slope at alpha = 1 is that covariance.
    """
    chances, priors = calibration.chances(event), group(calibration.data, "log_prior")
    effective = len(chances) * calibration.relative_efficiency

    def slope(log_density: Floats) -> Estimate:
        each = math.log(2.0) * (chances - chances.mean()) * (log_density - log_density.mean())
        return Estimate(float(each.mean()), float(each.std() / math.sqrt(effective)))

    return ProbabilitySlopes(
        event,
        slope(_sum(priors.values())),
        slope(_sum(calibration.log_likelihood.values())),
        {name: slope(priors[name]) for name in calibration.names},
        {survey: slope(calibration.survey_log_likelihood(survey)) for survey in calibration.surveys},
    )


def _sum(parts: Iterable[Floats]) -> Floats:
    return np.sum(list(parts), axis=0)


def _sensitivity(draws: Mapping[str, Floats], log_density: Floats) -> dict[str, float]:
    """Sensitivity of each quantity to the weight of a part of the log density.

    Not by `arviz_stats.psense`, which fails where that part is the same for all draws, as a uniform prior's is.
    """
    base: Any = importlib.import_module("arviz_stats.base")
    distance = base.array_stats.power_scale_sense
    less, more = (weigh((alpha - 1.0) * log_density).weights[None] for alpha in _ALPHAS)
    return {name: float(distance(values[None], less, more, *_ALPHAS)) for name, values in draws.items()}
