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

__all__ = ["NOTABLE", "ChanceMoves", "Sensitivity", "chance_moves", "sensitivities"]

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


class ChanceMoves(NamedTuple):
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


def sensitivities(calibration: Calibration) -> list[Sensitivity]:
    """Power-scaling sensitivity of every parameter and of what surveys speak of."""
    shown = {name: calibration.posterior[name] for name in calibration.names}
    shown |= {name: x for name, x in group(calibration.data, "derived").items() if np.ptp(x) > 0}
    prior, answers = (_moved(shown, _total(calibration, name)) for name in ("log_prior", "log_likelihood"))
    return [Sensitivity(name, prior[name], answers[name]) for name in shown]


def chance_moves(calibration: Calibration, event: str) -> ChanceMoves:
    r"""How much the probability of an event moves if priors or answers count more.

    .. math:: \frac{dP}{d \log_2 \alpha} = \ln 2 \cdot \mathrm{Cov}(h, \ln p)

    with h the probability under each draw and p the density that is raised to the power alpha.
    """
    chances, priors = calibration.chances(event), group(calibration.data, "log_prior")

    def slope(log_density: Floats) -> Estimate:
        each = math.log(2.0) * (chances - chances.mean()) * (log_density - log_density.mean())
        return Estimate(float(each.mean()), float(each.std() / math.sqrt(len(each) * calibration.relative)))

    return ChanceMoves(
        event,
        slope(_total(calibration, "log_prior")),
        slope(_total(calibration, "log_likelihood")),
        {name: slope(priors[name]) for name in calibration.names},
        {survey: slope(_sum(calibration.of_survey(survey).values())) for survey in calibration.surveys},
    )


def _total(calibration: Calibration, name: str) -> Floats:
    return _sum(group(calibration.data, name).values())


def _sum(parts: Iterable[Floats]) -> Floats:
    return np.sum(list(parts), axis=0)


def _moved(shown: Mapping[str, Floats], log_density: Floats) -> dict[str, float]:
    """Sensitivity of each quantity to the weight of a part of the log density."""
    base: Any = importlib.import_module("arviz_stats.base")
    sensitivity = base.array_stats.power_scale_sense
    less, more = (weigh((alpha - 1.0) * log_density).weights[None] for alpha in _ALPHAS)
    return {name: float(sensitivity(values[None], less, more, *_ALPHAS)) for name, values in shown.items()}
