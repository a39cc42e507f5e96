"""A normal distribution cut off at both ends, which two families share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ooms.distributions.marginals.solve import line, newton
from ooms.distributions.normal import Floats, log_density, ndtr, ndtri

__all__ = ["Truncation", "fit_truncation", "no_mass"]


@dataclass(frozen=True)
class Truncation:
    """Normal distribution with `mean` and `sd`, given that the variable lies between `lower` and `upper`.

    With `a`, `b` the ends in standard units and ``Z = Phi(b) - Phi(a)``, ``ppf(u) = mean + sd ndtri(Phi(a) + u Z)``, or
    its mirror image ``mean - sd ndtri(Phi(-b) + (1 - u) Z)``, whichever does not take a small tail from one.
    """

    mean: float
    sd: float
    lower: float
    upper: float

    @property
    def mirrored(self) -> bool:
        """Whether the upper tail is used in place of the lower one."""
        return self.lower > self.mean

    def tails(self) -> tuple[float, float]:
        """Parent's probability beyond the end that is used, and between the ends."""
        a, b = (self.lower - self.mean) / self.sd, (self.upper - self.mean) / self.sd
        near, far = (-b, -a) if self.mirrored else (a, b)
        beyond = float(ndtr(near))
        return beyond, float(ndtr(far)) - beyond

    def ppf(self, u: Floats) -> Floats:
        """Quantile."""
        a, b = (self.lower - self.mean) / self.sd, (self.upper - self.mean) / self.sd
        between = self.tails()[1]
        from_below = np.full(u.shape, b <= 0) if a > 0 or b <= 0 else u < 0.5
        z = ndtri(np.where(from_below, ndtr(a) + u * between, ndtr(-b) + (1.0 - u) * between))
        return self.mean + self.sd * np.where(from_below, z, -z)

    def cdf(self, x: Floats) -> Floats:
        """Probability of a value at most `x`."""
        beyond, between = self.tails()
        z = (x - self.mean) / self.sd
        part = (ndtr(-z if self.mirrored else z) - beyond) / between
        return 1.0 - part if self.mirrored else part

    def logpdf(self, x: Any) -> Any:
        """Log density between the ends, for a NumPy array or a PyTensor variable."""
        return log_density((x - self.mean) / self.sd) - np.log(self.sd * self.tails()[1])


def fit_truncation(chances: Floats, values: Floats, lower: float, upper: float) -> tuple[float, float]:
    """Mean and standard deviation of the parent, from two quantiles of the truncated distribution.

    Solved in ``mean / sd^2`` and ``ln sd`` in units of the distance between the quantiles, in which the limit of an
    exponential distribution (the heaviest tail that there can be) is approached along one axis.

    Examples
    --------
    >>> mean, sd = fit_truncation(np.array([0.1, 0.9]), np.array([0.2, 1.5]), 0.0, np.inf)
    >>> Truncation(mean, sd, 0.0, np.inf).ppf(np.array([0.1, 0.9])).round(9).tolist()
    [0.2, 1.5]
    """
    unit = float(values[1] - values[0])
    origin = float(values[0])
    ends = ((lower - origin) / unit, (upper - origin) / unit)

    def member(unknown: Floats) -> Truncation:
        sd = float(np.exp(unknown[1]))
        return Truncation(float(unknown[0]) * sd * sd, sd, *ends)

    mean, sd = line(ndtri(chances), np.array([0.0, 1.0]))
    start = np.array([mean / sd**2, np.log(sd)])
    found = member(newton(lambda unknown: member(unknown).ppf(chances) - np.array([0.0, 1.0]), start))
    return origin + unit * found.mean, unit * found.sd


def no_mass(part: Truncation) -> list[tuple[str, str, str]]:
    """The problem that the parent has no probability to speak of between the ends, if so."""
    share = part.tails()[1]
    if share > 1e-250:
        return []
    what = f"the distribution before truncation has probability {share:.1g} between the ends"
    return [("lower" if part.mirrored else "upper", what, "move the ends, or the parent towards them")]
