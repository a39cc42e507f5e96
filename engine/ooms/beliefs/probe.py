"""What the equation makes of a view at a few draws: where two views agree about it, every answer is the same.

An answer is read off the pace as a function of progress (and of calendar time), the software limit, and the units that
progress is counted in. So whether a belief has an effect need not be worked out from answers: it is seen in these.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import joint_rows, model_inputs
from ooms.distributions.marginals import Empirical, Fixed, Marginal
from ooms.distributions.sobol import scrambled, uniforms
from ooms.model.inputs import Inputs
from ooms.model.pace import ClockedPace, Pace, Regime
from ooms.model.retraining import damped, damped_as_coded
from ooms.parameters import JOINT_COLUMN, PARAMETERS, known

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["ACCELERATION", "LABOUR_SHARE", "MAX_SPEED", "PATH", "SPEED_UP", "UNIT", "YEARS", "inputs_of", "moved",
           "readings"]  # fmt: skip

Floats = NDArray[np.float64]

UNIT, YEARS = "labour per training", "years of progress"
"""The units of progress that some questions are asked in."""

SPEED_UP, ACCELERATION = "initial speed-up", "acceleration at the start"
LABOUR_SHARE, MAX_SPEED = "labour share at the start", "max speed"
"""What is known at the start, by the names of the quantities."""

PATH = frozenset({"start", "growth", "pace", "dates", "limit"})
"""What all that comes later depends on."""

_RESOURCES = frozenset(name for name, parameter in PARAMETERS.items() if parameter.group == "resources")
_DRAWS = 256  # in one randomisation, so that they miss no part of a distribution with a 256th of its mass
_PROGRESS = np.array([0.0, 0.3, 1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 24.0, 40.0])[:, None]
_YEARS = 10.0 ** (np.arange(len(_PROGRESS) * _DRAWS) * 0.6180339887498949 % 1.0 * 5.0 - 2.0)  # .01 to 1000, each other
_SAME = 1e-9
"""Differences of ln pace that are rounding."""


def inputs_of(view: View, turned: str = "") -> Inputs:
    """The model's inputs at the draws of the probe; correlations, which no dependence rests on, are left out.

    Parameters
    ----------
    view : View
        The beliefs.
    turned : str
        A parameter whose draws are taken in the opposite order: with others of all others, as with another correlation.

    Raises
    ------
    UserError
        A spelling has no meaning for some of the draws.
    """
    values: dict[str, Floats] = {}
    for name, belief in view.beliefs.items():
        if belief.joint is not None and isinstance(belief.marginal, Empirical):
            column = np.asarray(belief.marginal.values)
            values[name] = column[joint_rows(_uniforms("joint", JOINT_COLUMN), len(column), 1)]
        else:
            values[name] = _drawn(name, belief.marginal)
    if turned:
        values[turned] = values[turned][::-1]
    return model_inputs(view, values)


def readings(inputs: Inputs) -> Mapping[str, Floats]:
    """All that answers are read off, by name: arrays of shape (draws,) or (points, draws), or numbers."""
    i = inputs
    found = {name: value for name in _RESOURCES if (value := getattr(i, name)) is not None}
    found |= {UNIT: i.labour_per_training, YEARS: i.software_share, "limit": i.software_limit}
    with np.errstate(all="ignore"):
        pace = ClockedPace(i) if i.has_clock else Pace(i)
        found |= {LABOUR_SHARE: pace.labour_share(0.0), MAX_SPEED: pace.log_max_speed()}
        kappa = pace.kappa(_PROGRESS)
        if i.retraining:
            kappa = (damped_as_coded if i.retraining == "as coded" else damped)(kappa)
        found[ACCELERATION] = kappa[0]
        if isinstance(pace, ClockedPace):
            path = _clocked(pace)
            dates = np.where(pace.log_shock == 0.0, np.inf, pace.shock_date)
            return found | {"start": path[0], "pace": path, "dates": dates, SPEED_UP: path[0] - pace.log_today}
        start = pace.log(0.0)
        found |= {"start": start, "growth": kappa, "dates": np.asarray(np.inf), SPEED_UP: start - pace.log_today}
        return found if i.retraining else found | {"pace": np.tile(pace.log(_PROGRESS), (2, 1))}


def moved(a: Mapping[str, Floats], b: Mapping[str, Floats]) -> frozenset[str]:
    """The readings in which two views differ by more than rounding.

    Examples
    --------
    >>> import ooms
    >>> houlden = ooms.load("davidson-houlden-2025")
    >>> def from_houlden(**changes):
    ...     return sorted(moved(*(readings(inputs_of(view)) for view in (houlden, houlden.replace(**changes)))))
    >>> from_houlden(software_share=0.4, software_limit=9), from_houlden(software_growth=0.6)
    (['growth', 'limit', 'pace', 'years of progress'], ['growth', 'limit', 'pace', 'start'])
    """
    both = a.keys() & b.keys()
    found = {name for name in both if not _alike(a[name], b[name])}
    found |= (a.keys() ^ b.keys()) & _RESOURCES
    if not both & {"pace", "growth"}:  # retraining, which has no clock, and a clock
        found.add("pace")
    return frozenset(found)


def _alike(one: Floats, other: Floats) -> bool:
    """Whether they differ by no more than rounding."""
    return np.array_equal(one, other) or bool(np.allclose(one, other, rtol=_SAME, atol=_SAME, equal_nan=True))


def _clocked(pace: ClockedPace) -> Floats:
    """ln(dx/dt) at all points of progress at t = 0, and then at another time for each point and draw."""
    shape = len(_PROGRESS), _DRAWS
    years = np.concatenate([np.zeros(shape), np.asarray(_YEARS, dtype=np.float64).reshape(shape)])
    ooms = np.tile(_PROGRESS, (2, 1))
    return pace.still(ooms) + pace.moving(ooms, years, Regime(pace.ramp <= years, pace.shock_date <= years))


def _uniforms(name: str, column: int) -> Floats:
    return uniforms(*scrambled(name, column, 0, 1), 0, _DRAWS)


@lru_cache(maxsize=1024)  # what-ifs share most of their beliefs; two kilobytes each
def _drawn(name: str, marginal: Marginal) -> Floats:
    if isinstance(marginal, Fixed):
        return np.asarray(marginal.middle)
    found = marginal.ppf(_uniforms(name, known(name).column))
    found.setflags(write=False)
    return found
