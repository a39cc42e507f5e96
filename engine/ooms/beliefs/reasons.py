"""Why a belief has no effect, and what would give it one, in words; that it has none is worked out elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.reparametrisation import settled
from ooms.model.inputs import Inputs
from ooms.model.production import beyond

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["reason"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Reason:
    """Under which beliefs some of the model's parameters have no effect, why, and what would give them one."""

    names: tuple[str, ...]
    when: Callable[[View, Inputs], bool]
    why: str
    remedy: str


def _is(value: Floats | None, number: float) -> bool:
    return value is not None and bool(np.all(np.abs(value - number) < 1e-12))


def _unmoved(i: Inputs) -> bool:
    """Whether hardware stays as it is."""
    return _is(i.hardware_growth, 0.0) and (i.hardware_shock is None or _is(i.hardware_shock, 1.0))


def _median_taste(i: Inputs) -> bool:
    return _is(i.taste_start, 0.0) and _is(i.taste_slope, 0.0)


def _cobb_douglas(i: Inputs) -> bool:
    """Whether labour and compute enter as a product of powers, now and later."""
    rho = beyond(i.rho, i.rho_discrepancy)
    return _is(rho, 0.0) and not i.routes and (i.rho_long_run is None or _is(i.rho_long_run, 0.0))


_SHARE = "compute_share is 0, so compute does not matter"

_REASONS: tuple[_Reason, ...] = (
    _Reason(
        ("taste_start", "taste_slope", "taste_ceiling"),
        lambda v, i: _is(i.taste_multiplier, 1.0),
        "at a taste_multiplier of 1 taste makes no difference",
        "give a taste_multiplier above 1",
    ),
    _Reason(
        ("taste_multiplier", "taste_ceiling"),
        lambda v, i: _median_taste(i),
        "taste_start and taste_slope are 0, so AIs have the taste of a median researcher",
        "give one of those two another value",
    ),
    _Reason(
        ("workforce", "speed", "skill"),
        lambda v, i: i.initial_speedup is not None and _cobb_douglas(i),
        "initial_speedup replaces what it adds at the start, and at rho = 0 it matters nowhere else",
        "give a rho other than 0, or a prior file without initial_speedup",
    ),
    _Reason(
        ("workforce",),
        lambda v, i: i.initial_speedup is not None and i.ramp_years is not None,
        "initial_speedup replaces what it adds at the start",
        "give a prior file without initial_speedup",
    ),
    _Reason(
        ("software_limit",),
        lambda v, i: not v.declining_returns,
        "declining_returns is off, so there is no limit",
        "switch declining_returns on",
    ),
    _Reason(
        ("compute_adjustment",),
        lambda v, i: not v.states_returns,
        "the view states how much harder ideas get and not returns, so there is nothing to adjust",
        "state returns, in any spelling",
    ),
    _Reason(
        ("rho", "rho_discrepancy", "rho_long_run", "adjustment_years", "compute_exponent", "experiment_efficiency",
         "compute_adjustment"),
        lambda v, i: _is(i.compute_share, 0.0),
        _SHARE,
        "give a compute_share above 0",
    ),
    _Reason(
        ("compute_exponent",),
        lambda v, i: _is(i.experiment_efficiency, 0.0) and _unmoved(i),
        "hardware is fixed, and experiments get no cheaper (experiment_efficiency is 0)",
        "give experiment_efficiency or hardware_growth a value other than 0",
    ),
    _Reason(
        ("compute_exponent", "experiment_efficiency"),
        lambda v, i: _cobb_douglas(i) and _unmoved(i) and bool(np.all(np.isinf(i.software_limit))),
        "at rho = 0 and without a software limit, returns at fixed hardware hold already what cheaper experiments add",
        "state difficulty_exponent instead of returns, or a rho other than 0",
    ),
    _Reason(
        ("compute_share",),
        lambda v, i: "labour_exponent" in v.beliefs and _cobb_douglas(i),
        "labour_exponent states all of labour's part at rho = 0, and experiments get no cheaper",
        "give a rho or an experiment_efficiency other than 0",
    ),
    _Reason(
        ("rho_long_run", "adjustment_years"),
        lambda v, i: i.rho_long_run is not None
        and bool(np.allclose(i.rho_long_run, beyond(i.rho, i.rho_discrepancy), rtol=0, atol=1e-12)),
        "rho_long_run is what rho is already",
        "give rho_long_run another value",
    ),
    _Reason(
        ("ramp_years",),
        lambda v, i: i.ramp_start is None and _is(i.workforce if i.initial_speedup is None else i.initial_speedup, 1.0),
        "there is nothing to ramp up to: the workforce, or the initial_speedup that replaces it, is 1",
        "give a workforce or an initial_speedup other than 1",
    ),
    _Reason(
        ("hardware_shock", "hardware_shock_year"),
        lambda v, i: _is(i.hardware_shock, 1.0),
        "at a hardware_shock of 1 hardware does not jump",
        "give hardware_shock another value",
    ),
    _Reason(
        ("retraining",),
        lambda v, i: v.retraining is not False,
        "nothing here accelerates, and what decelerates is damped in the same way in both",
        "believe something that accelerates: higher returns, a higher rho",
    ),
)  # fmt: skip
"""In the order in which they are tried."""


def reason(names: tuple[str, ...], view: View, inputs: Inputs) -> tuple[str, str]:
    """Why the view's beliefs about these names have no effect, and what would give them one.

    Parameters
    ----------
    names : tuple of str
        Parameters in any spelling, or switches.
    view : View
        The view.
    inputs : Inputs
        Draws of what the model takes from it.
    """
    targets = {*names}.union(*map(settled, names))
    for one in _REASONS:
        if targets & {*one.names} and one.when(view, inputs):
            return one.why, one.remedy
    return "given the rest, nothing that the equation is made of moves with it", "change what it acts together with too"
