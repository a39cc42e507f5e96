"""What was learnt: prior beside posterior."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.tree import group
from ooms.parameters import known, known_names

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["BENDS", "DERIVED", "Learnt", "contraction", "learnt"]

Floats = NDArray[np.float64]

BENDS = 0.07
"""A survey that narrows a quantity by so much on its own tells something about it; less is noise of short chains."""

DERIVED = {
    "rho_today": "rho at today's ratio of labour to compute, which people know",
    "rho_far": "rho at 1,000 times that ratio, where forecasts are made",
    "labour_elasticity": "elasticity of the pace of software to researchers, today",
    "compute_elasticity": "elasticity of the pace of software to experiment compute, today",
}
"""What surveys speak of beyond single parameters (`ooms.calibrating.joint.Joint.derived`)."""

LEVELS = (0.05, 0.5, 0.95)


class Learnt(NamedTuple):
    """Prior and posterior of one quantity.

    Parameters
    ----------
    name, meaning, unit : str
        Which.
    kind : str
        ``parameter`` of the view, ``derived`` from several, or ``survey``: known to surveys alone.
    prior, posterior : tuple of float
        5 %, 50 % and 95 % quantiles.
    contraction : float
        How much narrower the posterior is, on the scale of the prior's distribution function (`contraction`).
    shift : float
        Median of the posterior on that scale: 0.5 if it did not move, 0.1 if it came to the prior's 10 % quantile.
    """

    name: str
    meaning: str
    unit: str
    kind: str
    prior: tuple[float, ...]
    posterior: tuple[float, ...]
    contraction: float
    shift: float


def contraction(prior: Floats, posterior: Floats) -> float:
    r"""How much narrower the posterior is: 1 less the ratio of spreads, on the scale of the prior's levels.

    .. math:: 1 - \sqrt{12}\, \mathrm{sd}(F_0(x))

    with F_0 the distribution function of the prior, under which F_0(x) is uniform with a spread of 1/sqrt(12).

    0 if nothing was learnt, 1 if all is known; below 0 if answers made it less certain. It is the same however the
    quantity is stated (rho or sigma).

    Examples
    --------
    >>> x = np.linspace(0.0, 1.0, 1001)
    >>> round(contraction(x, x), 2), round(contraction(x, x / 4), 2)
    (0.0, 0.75)
    """
    return float(1.0 - np.sqrt(12.0) * np.std(_levels(prior, posterior)))


def _levels(prior: Floats, values: Floats) -> Floats:
    ordered = np.sort(prior)
    return np.interp(values, ordered, (np.arange(len(ordered)) + 0.5) / len(ordered))


def learnt(calibration: Calibration) -> list[Learnt]:
    """Prior beside posterior: the view's parameters, what is derived from them, and what only surveys know."""
    rows = [
        _learnt(name, derived, prior[name], values)
        for derived, groups in ((False, ("prior", "posterior")), (True, ("prior_derived", "derived")))
        for prior, posterior in [[group(calibration.data, each) for each in groups]]
        for name, values in posterior.items()
        if values.ndim == 1 and name in prior
    ]
    order = ("parameter", "derived", "survey")
    return sorted((row for row in rows if row.prior[0] < row.prior[-1]), key=lambda row: order.index(row.kind))


def _learnt(name: str, derived: bool, prior: Floats, posterior: Floats) -> Learnt:
    parameter = known(name) if not derived and name in known_names() else None
    before, after = (tuple(float(q) for q in np.quantile(draws, LEVELS)) for draws in (prior, posterior))
    return Learnt(
        name,
        parameter.meaning if parameter else DERIVED.get(name, ""),
        parameter.unit if parameter else "-",
        "derived" if derived else "parameter" if parameter else "survey",
        before,
        after,
        contraction(prior, posterior),
        float(np.median(_levels(prior, posterior))),
    )
