"""The retraining variant: part of every gain goes into shorter training runs (Davidson & Houlden 2025)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.inputs import Inputs
from ooms.model.pace import Pace
from ooms.model.units import LN10

__all__ = ["RetrainedPace", "damped", "damped_as_coded"]

Floats = NDArray[np.float64]

_CELLS = 12  # table cells per OOM


def damped(kappa: Floats) -> Floats:
    r"""Acceleration left after retraining: what is gained is shared between faster progress and shorter training runs.

    .. math:: \kappa \to \kappa / (1 + |\kappa|)

    Source
    ------
    Davidson & Houlden (2025), retraining variant, as their paper writes it.

    Examples
    --------
    >>> import numpy as np
    >>> damped(np.array([1.0, -3.0, 0.0, -np.inf])).tolist()
    [0.5, -0.75, 0.0, -1.0]
    """
    with np.errstate(divide="ignore", over="ignore"):
        return np.sign(kappa) / (1.0 + 1.0 / np.abs(kappa))


def damped_as_coded(kappa: Floats) -> Floats:
    r"""The same as Davidson & Houlden's code computes it: with 1 + |x| written as \|x + 1\|, x being -kappa.

    .. math:: \kappa \to \kappa / |1 - \kappa|

    What decelerates (kappa below 0) is damped as in the paper; what accelerates accelerates more. There is a pole at
    kappa = 1, which their own priors stay clear of (kappa below 0.6); it is held at 10^6.

    Examples
    --------
    >>> import numpy as np
    >>> damped_as_coded(np.array([0.5, -3.0, 0.0, -np.inf])).tolist()
    [1.0, -0.75, 0.0, -1.0]
    """
    with np.errstate(divide="ignore", over="ignore"):
        return np.sign(kappa) / np.maximum(np.abs(1.0 / np.abs(kappa) - np.sign(kappa)), 1e-6)


class RetrainedPace(Pace):
    """`Pace` with a damped acceleration: its log is the integral of `damped(kappa)`, tabulated once by Simpson's rule.

    Methods take x between 0 and `top`.
    """

    def __init__(self, inputs: Inputs, top: int) -> None:
        super().__init__(inputs)
        step = 1.0 / _CELLS
        slope = LN10 * inputs.labour_per_training
        with np.errstate(divide="ignore"):
            rates = [slope * self.kappa(k * step / 2) for k in range(2 * _CELLS * top + 1)]
        knots = np.stack(np.broadcast_arrays(*rates[::2]))
        middles = np.stack(np.broadcast_arrays(*rates[1::2]))
        gained = np.cumsum(step / 6 * (knots[:-1] + 4 * middles + knots[1:]), axis=0)
        start = np.broadcast_to(super().shape(np.zeros(())), knots.shape[1:])
        # draws last, so that `part` takes them as it takes those of every other array
        self.rates = np.ascontiguousarray(knots.T)
        self.table = np.ascontiguousarray((start + np.concatenate([np.zeros((1, *gained.shape[1:])), gained])).T)

    @property
    def singularity(self) -> Floats:
        """Nowhere: acceleration is -1 at least, so up to the limit the pace is above 0, and `shape_inside` goes on."""
        return np.asarray(np.inf)

    def kappa(self, x: ArrayLike) -> Floats:
        """What is left of the acceleration after retraining."""
        return (damped_as_coded if self.inputs.retraining == "as coded" else damped)(super().kappa(x))

    def shape(self, x: Floats | float) -> Floats:
        """ln(dx/dt) less `level`; -inf at and beyond the software limit."""
        return np.where(x >= self.inputs.software_limit, -np.inf, self.shape_inside(x))

    def shape_inside(self, x: Floats | float) -> Floats:
        """Cubic Hermite interpolation of the table, whose slopes are known; as it is at its end, beyond it."""
        cells = self.table.shape[-1] - 1
        at = np.clip(np.nan_to_num(np.asarray(x) * _CELLS), 0.0, cells)
        k = np.minimum(np.floor(at).astype(np.intp), cells - 1)
        s, which = at - k, (k,) if self.table.ndim == 1 else (np.arange(len(self.table)), k)
        p0, p1 = self.table[which], self.table[(*which[:-1], k + 1)]
        m0, m1 = self.rates[which] / _CELLS, self.rates[(*which[:-1], k + 1)] / _CELLS
        return p0 + s * (m0 + s * (3 * (p1 - p0) - 2 * m0 - m1 + s * (m0 + m1 - 2 * (p1 - p0))))
