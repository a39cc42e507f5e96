"""Laws that families are put together from: a normal or uniform one, truncated, of the logarithm, shifted."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import Any, cast, override

import numpy as np

from ooms.distributions.marginals.checks import Found
from ooms.distributions.marginals.solve import line, newton
from ooms.distributions.marginals.twins import Twin, transformed, wide
from ooms.distributions.normal import Floats, log_density, ndtr, ndtri

__all__ = ["Flat", "Gauss", "Halves", "Law", "LogOf", "Shifted", "Truncated"]


class Law(abc.ABC):
    """A distribution of floating-point numbers that have been checked, without names, text or a prior file's form."""

    @abc.abstractmethod
    def ppf(self, u: Floats) -> Floats:
        """Quantile."""

    @abc.abstractmethod
    def cdf(self, x: Floats) -> Floats:
        """Probability of a value at most `x`, inside the support."""

    @abc.abstractmethod
    def logpdf(self, x: Any, m: Any) -> Any:
        """Log density inside the support; `m` is the module to compute with, `numpy` or `pytensor.tensor`."""

    def dist(self, pm: Any, size: Any = None) -> Twin | None:
        """PyMC's own variable with this law; None if it has none."""
        return None


@dataclass(frozen=True)
class Gauss(Law):
    """Normal."""

    mean: float
    sd: float

    @override
    def ppf(self, u: Floats) -> Floats:
        return self.mean + self.sd * ndtri(u)

    @override
    def cdf(self, x: Floats) -> Floats:
        return ndtr((x - self.mean) / self.sd)

    @override
    def logpdf(self, x: Any, m: Any) -> Any:
        return log_density((x - self.mean) / self.sd) - np.log(self.sd)

    @override
    def dist(self, pm: Any, size: Any = None) -> Twin:
        return pm.Normal.dist(*wide(self.mean, self.sd), size=size)


@dataclass(frozen=True)
class Flat(Law):
    """Uniform."""

    low: float
    high: float

    @override
    def ppf(self, u: Floats) -> Floats:
        return self.low + u * (self.high - self.low)

    @override
    def cdf(self, x: Floats) -> Floats:
        return (x - self.low) / (self.high - self.low)

    @override
    def logpdf(self, x: Any, m: Any) -> Any:
        return 0.0 * x - np.log(self.high - self.low)

    @override
    def dist(self, pm: Any, size: Any = None) -> Twin:
        return pm.Uniform.dist(*wide(self.low, self.high), size=size)


@dataclass(frozen=True)
class Halves(Law):
    """Uniform on each side of the median, with half the probability."""

    low: float
    middle: float
    high: float

    @override
    def ppf(self, u: Floats) -> Floats:
        from_middle = 2.0 * u - 1.0
        return self.middle + from_middle * self._width(from_middle, np)

    @override
    def cdf(self, x: Floats) -> Floats:
        from_middle = x - self.middle
        return 0.5 + 0.5 * from_middle / self._width(from_middle, np)

    @override
    def logpdf(self, x: Any, m: Any) -> Any:
        return -m.log(2.0 * self._width(x - self.middle, m))

    def _width(self, from_middle: Any, m: Any) -> Any:
        return m.where(from_middle < 0.0, self.middle - self.low, self.high - self.middle)


@dataclass(frozen=True)
class Truncated(Law):
    """Normal with `mean` and `sd`, given that the variable lies between `lower` and `upper`.

    With `a`, `b` the ends in standard units and ``Z = Phi(b) - Phi(a)``, ``ppf(u) = mean + sd ndtri(Phi(a) + u Z)``, or
    its mirror image ``mean - sd ndtri(Phi(-b) + (1 - u) Z)``, whichever does not take a small tail from one.
    """

    mean: float
    sd: float
    lower: float
    upper: float

    @classmethod
    def fit(cls, chances: Floats, values: Floats, lower: float, upper: float) -> tuple[float, float]:
        """Mean and standard deviation of the parent, from two quantiles of the truncated distribution.

        Solved in ``mean / sd^2`` and ``ln sd`` in units of the distance between the quantiles, in which the limit of an
        exponential distribution (the heaviest tail that there can be) is approached along one axis.

        Examples
        --------
        >>> mean, sd = Truncated.fit(np.array([0.1, 0.9]), np.array([0.2, 1.5]), 0.0, np.inf)
        >>> Truncated(mean, sd, 0.0, np.inf).ppf(np.array([0.1, 0.9])).round(9).tolist()
        [0.2, 1.5]
        """
        unit, origin = float(values[1] - values[0]), float(values[0])
        ends = ((lower - origin) / unit, (upper - origin) / unit)

        def member(unknown: Floats) -> Truncated:
            sd = float(np.exp(unknown[1]))
            return cls(float(unknown[0]) * sd * sd, sd, *ends)

        mean, sd = line(ndtri(chances), np.array([0.0, 1.0]))
        start = np.array([mean / sd**2, np.log(sd)])
        solved = member(newton(lambda unknown: member(unknown).ppf(chances) - np.array([0.0, 1.0]), start))
        return origin + unit * solved.mean, unit * solved.sd

    def problems(self) -> list[Found]:
        """The problem that the parent has no probability to speak of between the ends, if so."""
        share = self._tails()[1]
        if share > 1e-250:
            return []
        what = f"the distribution before truncation has probability {share:.1g} between the ends"
        return [("lower" if self._mirrored else "upper", what, "move the ends, or the parent towards them")]

    @property
    def _mirrored(self) -> bool:
        """Whether the upper tail is used in place of the lower one."""
        return self.lower > self.mean

    def _ends(self) -> tuple[float, float]:
        return (self.lower - self.mean) / self.sd, (self.upper - self.mean) / self.sd

    def _tails(self) -> tuple[float, float]:
        """Parent's probability beyond the end that is used, and between the ends."""
        a, b = self._ends()
        near, far = (-b, -a) if self._mirrored else (a, b)
        beyond = float(ndtr(near))
        return beyond, float(ndtr(far)) - beyond

    @override
    def ppf(self, u: Floats) -> Floats:
        a, b = self._ends()
        between = self._tails()[1]
        from_below = np.full(u.shape, b <= 0) if a > 0 or b <= 0 else u < 0.5
        z = ndtri(np.where(from_below, ndtr(a) + u * between, ndtr(-b) + (1.0 - u) * between))
        return self.mean + self.sd * np.where(from_below, z, -z)

    @override
    def cdf(self, x: Floats) -> Floats:
        beyond, between = self._tails()
        z = (x - self.mean) / self.sd
        part = (ndtr(-z if self._mirrored else z) - beyond) / between
        return 1.0 - part if self._mirrored else part

    @override
    def logpdf(self, x: Any, m: Any) -> Any:
        return log_density((x - self.mean) / self.sd) - np.log(self.sd * self._tails()[1])


@dataclass(frozen=True)
class LogOf(Law):
    """What has a logarithm with that law."""

    law: Law

    @override
    def ppf(self, u: Floats) -> Floats:
        return np.exp(self.law.ppf(u))

    @override
    def cdf(self, x: Floats) -> Floats:
        return self.law.cdf(np.log(x))

    @override
    def logpdf(self, x: Any, m: Any) -> Any:
        log = m.log(x)
        return self.law.logpdf(log, m) - log

    @override
    def dist(self, pm: Any, size: Any = None) -> Twin | None:
        if isinstance(self.law, Gauss):
            return pm.LogNormal.dist(*wide(self.law.mean, self.law.sd), size=size)
        if self.law.dist(pm) is None:
            return None
        return transformed(pm, lambda size: pm.math.exp(self.law.dist(pm, size)))


@dataclass(frozen=True)
class Shifted(Law):
    """What has that law above `shift`."""

    law: Law
    shift: float

    @override
    def ppf(self, u: Floats) -> Floats:
        return self.shift + self.law.ppf(u)

    @override
    def cdf(self, x: Floats) -> Floats:
        return self.law.cdf(x - self.shift)

    @override
    def logpdf(self, x: Any, m: Any) -> Any:
        return self.law.logpdf(x - self.shift, m)

    @override
    def dist(self, pm: Any, size: Any = None) -> Twin:
        (shift,) = wide(self.shift)
        return transformed(pm, lambda size: shift + cast("Twin", self.law.dist(pm, size)))
