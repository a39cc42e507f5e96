"""What a view believes about a parameter, in any spelling: as stated, or worked out from how it is stated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import Sampler, central_inputs
from ooms.beliefs.reparametrisation import FEEDBACK, settled
from ooms.beliefs.view import View
from ooms.distributions.marginals import Marginal
from ooms.literature.reproducing.questions import CENTRAL, Question
from ooms.model.inputs import Inputs
from ooms.model.production import max_speed, pace, sigma_from_rho
from ooms.model.returns import difficulty_from_returns, returns_from_difficulty
from ooms.model.units import LN10
from ooms.parameters import PARAMETERS
from ooms.problems import Problems
from ooms.results.credence import Estimate, estimate

__all__ = ["SPELLED", "believed", "check_parameter"]

Floats = NDArray[np.float64]

_BLOCK = 2**16


def _returns(i: Inputs) -> Floats:
    return returns_from_difficulty(i.difficulty, *(getattr(i, name) for name in FEEDBACK))


def _phi(i: Inputs) -> Floats:
    return i.labour_per_training * i.difficulty


SPELLED: Mapping[str, Callable[[Inputs], Floats]] = {
    "sigma": lambda i: sigma_from_rho(i.rho),
    "max_speed": lambda i: max_speed(i.rho, i.compute_share),
    "labour_ceiling": lambda i: max_speed(i.rho, i.compute_share),
    "compute_ceiling": lambda i: max_speed(i.rho, 1.0 - i.compute_share),
    "labour_exponent": lambda i: i.parallelizability * (1.0 - i.compute_share),
    "compute_slowdown": lambda i: 1.0 / pace(1.0, 0.1**i.compute_exponent, rho=i.rho, compute_share=i.compute_share),
    "returns": _returns,
    "returns_total": lambda i: _returns(i) / (1.0 - i.compute_share),
    "difficulty_exponent": _phi,
    "historical_research_growth": lambda i: _phi(i) * i.software_growth * LN10,
    "taste_slope_yearly": lambda i: i.taste_slope * i.software_growth / i.software_share,
    "taste_limit": lambda i: np.log(i.taste_ceiling) / np.log(i.taste_multiplier) - 1.0,
    "software_limit_years": lambda i: i.software_limit * i.software_share / i.software_growth,
}
"""Other spellings of the model's parameters, from the model's own: `ooms.beliefs.reparametrisation` backwards."""


def check_parameter(view: View, question: Question, place: str, problems: Problems) -> None:
    """Note if the view says nothing that the answer could be worked out from."""
    name = question.text
    if _stated(view, name) is not None:
        return
    if name not in SPELLED and name not in PARAMETERS:
        remedy = f"ask for what the view states: {', '.join(view.beliefs)}"
        problems.add(f"{place}.parameter", f"{view.name} does not say {name}", remedy)
    elif name in PARAMETERS and getattr(central_inputs(view)[1], name) is None:
        problems.add(f"{place}.parameter", f"{name} is off in {view.name}", "ask for another, or set it")
    elif "difficulty" in settled(name) and question.at == CENTRAL and np.any(np.isinf(_worked_out(view, name, None))):
        what = f"{name} of {view.name}: none: ideas get harder more slowly than experiments get cheaper"
        problems.add(f"{place}.parameter", what, "ask for difficulty")


def believed(view: View, question: Question, draws: int, seed: int) -> Estimate:
    """Quantile, central value or chance of a parameter: exact where the view states it, else from its draws."""
    marginal = _stated(view, question.text)
    if question.at == CENTRAL:
        middle = marginal.middle if marginal is not None else _worked_out(view, question.text, None)
        return Estimate(float(middle), 0.0)
    if marginal is not None:
        return Estimate(_exact(marginal, question), 0.0)
    sampler = Sampler(view, seed)
    size = min(draws, _BLOCK)
    blocks = (sampler.block(start, size).inputs for start in range(0, draws, size))
    values = np.concatenate([np.broadcast_to(_worked_out(view, question.text, inputs), size) for inputs in blocks])
    each = values.reshape(-1, sampler.randomisations)  # draw j belongs to randomisation j % randomisations
    if question.at is not None:
        levels = np.quantile(each, question.at, axis=0)
        return Estimate(float(np.quantile(values, question.at)), estimate(levels).standard_error)
    beyond = each > question.threshold if question.above is not None else each < question.threshold
    chance = estimate(beyond.mean(axis=0))
    return chance.from_draws(draws) if sampler.random else chance


def _stated(view: View, name: str) -> Marginal | None:
    """Its distribution, if the view states it in just this spelling and the model takes it as it stands."""
    if name not in view.beliefs or (name == "returns" and not view.compute_adjustment):
        return None
    return view.beliefs[name].marginal


def _exact(marginal: Marginal, question: Question) -> float:
    if question.at is not None:
        return marginal.ppf(float(question.at)).item()
    below = marginal.cdf(question.threshold).item()
    return 1.0 - below if question.above is not None else below


def _worked_out(view: View, name: str, inputs: Inputs | None) -> Floats:
    """From draws of the model's inputs, or from the central ones.

    Other spellings are of what is believed, not of what a switched-off compute adjustment makes of it.
    """
    if inputs is None:
        inputs = central_inputs(view)[1]
    if name in PARAMETERS:
        value: Floats = getattr(inputs, name)
        return value
    if name != "returns" and view.states_returns and not view.compute_adjustment:
        returns = _returns(inputs) * (1.0 - inputs.compute_share)
        feedback = (getattr(inputs, n) for n in FEEDBACK)
        inputs = replace(inputs, difficulty=difficulty_from_returns(returns, *feedback))
    return SPELLED[name](inputs)
