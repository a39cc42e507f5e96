"""From whom was it learnt? The answer without each survey, and with each survey alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.calibrated import Calibrated
from ooms.calibrating.diagnostics import diagnose
from ooms.calibrating.posterior import calibrated_view
from ooms.calibrating.prior_posterior import BENDS, contraction
from ooms.calibrating.request import LEAST
from ooms.calibrating.sampling import Fit, NutsSettings
from ooms.calibrating.tree import group
from ooms.calibrating.what_if import moved, survey_weights
from ooms.forecasting.forecast import forecast
from ooms.progress import Meter
from ooms.results.credence import Estimate

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["Contribution", "contributions"]

Floats = NDArray[np.float64]

_ENOUGH = 500.0
"""Effective draws above which weights do as well as a refit."""

_RHAT, _ESS = 1.05, 100.0
"""What a refit must reach, R-hat at most and effective draws at least: its probability is then good to 5 points, and it
says how good. One that does not is made again, as long as the calibration itself."""

_QUANTITIES = ("rho_today", "rho_far", "labour_elasticity", "compute_elasticity", "taste_multiplier", "returns",
          "experiment_efficiency")  # fmt: skip
"""Of these it is told whether a survey on its own narrows them."""

_SLOPES = (("labour_elasticity",), ("compute_elasticity",))

_DRAWS = 2**14


@dataclass(frozen=True)
class Contribution:
    """What one survey did.

    Parameters
    ----------
    survey : str
        Which.
    without, alone : Estimate
        Probability of the event, fitted to all surveys but this one, and to this one alone.
    by_weighing : bool
        Whether the first came from the stored draws by importance weights; else from a refit.
    sound : bool
        Whether the refits converged.
    narrowed : mapping of str to float
        By how much it narrows each quantity on its own (`ooms.calibrating.prior_posterior.contraction`).
    """

    survey: str
    without: Estimate
    alone: Estimate
    by_weighing: bool
    narrowed: Mapping[str, float]
    sound: bool = True

    @property
    def identifies(self) -> tuple[str, ...]:
        """What it tells something about on its own, most first."""
        narrowed = sorted(self.narrowed.items(), key=lambda item: -item[1])
        return tuple(name for name, share in narrowed if share > BENDS)

    @property
    def verdict(self) -> str:
        """Whether it speaks of rho, of a slope only, or of neither first of all."""
        if "rho_today" in self.identifies or "rho_far" in self.identifies:
            return "rho"
        return "a slope" if self.identifies[:1] in _SLOPES else "neither"

    def plain(self) -> dict[str, Any]:
        """The same as JSON can hold it; `from_plain` reads it back."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What `plain` gave."""
        return replace(cls(**plain), without=Estimate(*plain["without"]), alone=Estimate(*plain["alone"]))


class _Refit(NamedTuple):
    """Draws of everything under other weights of surveys, and whether the chains converged."""

    values: dict[str, Floats]
    sound: bool


def contributions(calibration: Calibration, fit: Fit, event: str, progress: Meter) -> tuple[Contribution, ...]:
    """What each survey did to the probability of an event.

    Parameters
    ----------
    calibration : Calibration
        The fit to all of them.
    fit : Fit
        The compiled model, whose weights of surveys are data.
    event : str
        Such as ``"5 ooms in 1 year"``.
    progress : Meter
        Shows how many surveys are done.
    """
    prior = group(calibration.data, "prior") | group(calibration.data, "prior_derived")
    each: list[Contribution] = []
    for survey in calibration.surveys:
        each.append(_contribution(calibration, fit, survey, event, prior))
        progress.report("one survey at a time", len(each), len(calibration.surveys))
    return tuple(each)


def _contribution(
    calibration: Calibration, fit: Fit, survey: str, event: str, prior: Mapping[str, Floats]
) -> Contribution:
    without, by_weighing, sound = _without(calibration, fit, survey, event)
    alone = _refit(fit, {other: float(other == survey) for other in calibration.surveys})
    values = alone.values | fit.compiled.joint.derived(alone.values)
    narrowed = {
        name: round(contraction(prior[name], np.asarray(values[name])), 3)
        for name in _QUANTITIES
        if name in values and name in prior and np.ptp(prior[name]) > 0
    }
    chance = _probability(calibration, alone.values, event)
    return Contribution(survey, without, chance, by_weighing, narrowed, sound and alone.sound)


def _without(calibration: Calibration, fit: Fit, survey: str, event: str) -> tuple[Estimate, bool, bool]:
    """The probability without a survey, whether it came from weights, and whether it can be relied on."""
    names = calibration.surveys
    if len(names) == 1:
        return calibration.before(event), True, True
    weights = survey_weights(calibration, {survey: 0.0})
    if not weights.refusal and weights.effective > _ENOUGH:
        return moved(calibration, event, weights)[0], True, True
    refit = _refit(fit, {other: float(other != survey) for other in names})
    return _probability(calibration, refit.values, event), False, refit.sound


def _refit(fit: Fit, weights: Mapping[str, float]) -> _Refit:
    """Short chains; as long as the calibration's own where these do not converge."""
    full = fit.settings
    draws = max(500, -(-LEAST // full.chains))
    short = replace(full, draws=draws, tune=400, target_accept=min(full.target_accept, 0.9))
    refit = _sampled(fit, short, weights)
    return refit if refit.sound else _sampled(fit, full, weights)


def _sampled(fit: Fit, settings: NutsSettings, weights: Mapping[str, float]) -> _Refit:
    sampled = fit.compiled.sample(settings, weights=weights)
    d = diagnose(sampled)
    return _Refit(group(sampled, "posterior"), d.rhat.value < _RHAT and min(d.bulk.value, d.tail.value) > _ESS)


def _probability(calibration: Calibration, values: Mapping[str, Floats], event: str) -> Estimate:
    draws = {name: values[name].reshape(calibration.shape[0], -1) for name in calibration.names}
    view = calibrated_view(calibration.base, draws, Calibrated(calibration.base.name, (), "none", 1, 1))
    return forecast(view, draws=_DRAWS, events=[event], quantities=()).probability(event)
