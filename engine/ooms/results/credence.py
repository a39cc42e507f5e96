"""Probabilities, quantiles and intervals with their Monte Carlo errors, and the digits those errors support."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from numbers import Real
from typing import Literal, NamedTuple, cast, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.outcomes.scale import Scale
from ooms.problems import Problem, Problems, UserError
from ooms.results.numbers import rounded

__all__ = ["LEVELS", "Distribution", "Distributions", "Estimate", "HighestDensitySet", "Interval", "IntervalKind",
           "estimate", "estimated", "jackknifed"]  # fmt: skip

Floats = NDArray[np.float64]

LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Cumulative probabilities at which quantiles are written down."""

IntervalKind = Literal["eti", "hdi"]
"""Equal-tailed interval, or highest-density set."""


class _Pair(NamedTuple):
    value: float
    standard_error: float


class Estimate(_Pair):
    """A number with its Monte Carlo standard error.

    It behaves as a number: ``float(p)``, ``p > 0.3``, ``f"{p:.3f}"``, ``round(p, 2)``, ``100 * p``. As a pair it
    unpacks into value and standard error, and is equal only to the same pair: with ``==`` compare ``p.value``.

    Between two estimates, arithmetic keeps the error honest. A probability from a forecast knows its value in each
    randomisation of the point set. These are paired: forecasts with one seed share draws, and the noise that they share
    cancels. Other estimates do not know theirs. What errors they share is unknown, so there is no error
    of their difference, and an error is raised.

    Parameters
    ----------
    value, standard_error : float
        The number and its error.

    Attributes
    ----------
    replicates : tuple of float
        The number in each independent randomisation; empty where that is not known.

    Examples
    --------
    >>> str(Estimate(0.31847, 0.00021))
    '0.3185 (error 0.0002)'
    >>> str(Estimate(float("inf"), float("nan")))
    'infinite'
    >>> str(Estimate(1353581390.8, float("nan")))
    'about 1e9 (error unknown: draws cannot tell)'
    >>> p = Estimate(0.25, 0.5)
    >>> 4 * p, 1 - p, p > 0.2, f"{p:.3f}", float(p)
    (Estimate(value=1.0, standard_error=2.0), Estimate(value=0.75, standard_error=0.5), True, '0.250', 0.25)

    From the same draws, the error of a difference is that of the differences:

    >>> import ooms
    >>> view = ooms.load("davidson-2025")
    >>> a, b = (ooms.forecast(v, draws=2**10).probability("5 ooms in 1 year") for v in (view, view.replace(rho=-0.4)))
    >>> 0.15 < float(a - b) < 0.25, (a - b).standard_error < 0.02
    (True, True)
    """

    replicates: tuple[float, ...] = ()
    _draws: int = 0

    def __repr__(self) -> str:
        return f"Estimate(value={self.value!r}, standard_error={self.standard_error!r})"

    def __str__(self) -> str:
        if not math.isfinite(self.value):
            return rounded(*self)
        if not math.isfinite(self.standard_error):
            return f"about {rounded(*self)} (error unknown: draws cannot tell)"
        if not self.standard_error > 0:
            return f"{self.value:.6g}"
        error = f"{self.standard_error:.1g}"
        return f"{rounded(self.value, self.standard_error)} (error {float(error):g})"

    def from_draws(self, draws: int) -> Estimate:
        """The same, of something random: where no draw differed, the error is not 0 but below what they can show."""
        return self if self.standard_error != 0.0 else Estimate(self.value, 1.0 / draws)

    def replicated(self, replicates: Sequence[float], draws: int) -> Estimate:
        """The same, with its value in each randomisation, so that it can be set against others."""
        found = Estimate(self.value, self.standard_error)
        found.replicates, found._draws = tuple(replicates), draws
        return found

    # -- as a number ------------------------------------------------------------------------------------------------

    def __float__(self) -> float:
        return float(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec) if spec else str(self)

    def __round__(self, digits: int | None = None) -> float:
        return round(self.value, digits)

    def __abs__(self) -> Estimate:
        return -self if self.value < 0 else self

    def __neg__(self) -> Estimate:
        return self._scaled(-1.0, 0.0)

    def __lt__(self, other: object) -> bool:
        return self.value < _value(other) if _comparable(other) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.value <= _value(other) if _comparable(other) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.value > _value(other) if _comparable(other) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.value >= _value(other) if _comparable(other) else NotImplemented

    def __add__(self, other: object) -> Estimate:  # pyright: ignore[reportIncompatibleMethodOverride]
        if isinstance(other, Estimate):
            return self._with(other, self.value + other.value, 1.0, 1.0)
        return self._scaled(1.0, _value(other)) if _comparable(other) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: object) -> Estimate:
        if isinstance(other, Estimate):
            return self._with(other, self.value - other.value, 1.0, -1.0)
        return self._scaled(1.0, -_value(other)) if _comparable(other) else NotImplemented

    def __rsub__(self, other: object) -> Estimate:
        return self._scaled(-1.0, _value(other)) if _comparable(other) else NotImplemented

    def __mul__(self, other: object) -> Estimate:  # pyright: ignore[reportIncompatibleMethodOverride]
        if isinstance(other, Estimate):
            return self._with(other, self.value * other.value, other.value, self.value)
        return self._scaled(_value(other), 0.0) if _comparable(other) else NotImplemented

    __rmul__ = __mul__  # pyright: ignore[reportAssignmentType]

    def __truediv__(self, other: object) -> Estimate:
        if isinstance(other, Estimate):
            ratio = self.value / other.value
            return self._with(other, ratio, 1.0 / other.value, -ratio / other.value)
        return self._scaled(1.0 / _value(other), 0.0) if _comparable(other) else NotImplemented

    def __rtruediv__(self, other: object) -> Estimate:
        if not _comparable(other):
            return NotImplemented
        return self._sloped(_value(other) / self.value, -_value(other) / self.value**2)

    def _scaled(self, factor: float, shift: float) -> Estimate:
        """The number times one that is exact, plus another."""
        found = Estimate(self.value * factor + shift, self.standard_error * abs(factor))
        if self.replicates:
            found = found.replicated([r * factor + shift for r in self.replicates], self._draws)
        return found

    def _with(self, other: Estimate, value: float, by_self: float, by_other: float) -> Estimate:
        """A number made from two, from its slope in each: to first order, the error of the paired randomisations."""
        if self is other:
            return self._sloped(value, by_self + by_other)
        if not self.replicates or len(self.replicates) != len(other.replicates):
            what = "what errors these two share is not known, so neither is the error of what they make together"
            remedy = "take probabilities of forecasts, `ooms.compare(...).difference`, or numbers: a.value - b.value"
            raise UserError([Problem("estimate", what, remedy)])
        mine, theirs = np.asarray(self.replicates), np.asarray(other.replicates)
        each = value + by_self * (mine - mine.mean()) + by_other * (theirs - theirs.mean())
        draws = min(self._draws, other._draws)
        found = Estimate(value, estimate(each).standard_error)
        if self.standard_error or other.standard_error:
            found = found.from_draws(draws)
        return found.replicated(each.tolist(), draws)

    def _sloped(self, value: float, slope: float) -> Estimate:
        """A number made from this one, from its slope."""
        found = Estimate(value, self.standard_error * abs(slope))
        each = [value + slope * (r - self.value) for r in self.replicates]
        return found.replicated(each, self._draws) if each else found


def _comparable(other: object) -> bool:
    return isinstance(other, Estimate | Real)


def _value(other: object) -> float:
    return float(cast("Estimate | float", other))


def estimate(by_randomisation: ArrayLike) -> Estimate:
    """Mean over independent randomisations, and its standard error from their spread."""
    each = np.asarray(by_randomisation, dtype=float)
    if not np.all(np.isfinite(each)):
        return Estimate(float(np.mean(each)), math.nan)
    return Estimate(float(np.mean(each)), float(np.std(each, ddof=1) / math.sqrt(len(each))))


def jackknifed(value: float, others: ArrayLike) -> Estimate:
    """A number and its error, from the same number with one randomisation left out at a time."""
    each = np.asarray(others, dtype=float)
    if not np.all(np.isfinite(each)):
        return Estimate(value, math.nan)
    return Estimate(value, float(np.std(each) * math.sqrt(len(each) - 1)))


def estimated(rows: Floats) -> Estimate:
    """A number with its error: from all draws, without each randomisation, and otherwise (`Density`).

    What less smoothing changes is counted as an error like any other: it is what smoothing may have done. So is what
    would change if a pool's views were as smooth as their draws allow and went on beyond the ends that these suggest,
    or had a draw where they have none.
    """
    value, *others, rough, smooth, unseen = rows.tolist()
    more = (other - value for other in (rough, smooth, unseen))
    return Estimate(value, math.hypot(jackknifed(value, others).standard_error, *more))


class Interval(NamedTuple):
    """An equal-tailed credence interval: its ends with their errors, its mass, and its kind."""

    lower: Estimate
    upper: Estimate
    mass: float
    kind: Literal["eti"] = "eti"

    def __str__(self) -> str:
        return f"{_stretch(self.lower, self.upper)} ({_percent(self.mass)} equal-tailed interval)"


class HighestDensitySet(NamedTuple):
    """A highest-density credence set: of all sets with that mass the smallest, in as many pieces as there are modes.

    Density is that of the quantity itself, not of its logarithm. A value that many draws share has infinite density,
    and so has never: they come first, the most frequent before the others. Where they outweigh the mass that was asked
    for, no set holds just that mass: then the set is the fewest of them that hold as much, and more.

    Parameters
    ----------
    intervals : tuple of pairs of Estimate
        Lower and upper end of each piece, in order; the two are the same for a single value.
    never : bool
        Whether what never comes (is infinite) belongs to it.
    mass : float
        What was asked for.
    holds : Estimate
        What it holds.
    kind : "hdi"

    Examples
    --------
    >>> piece = Estimate(4.39, 0.01), Estimate(5.61, 0.01)
    >>> str(HighestDensitySet((piece,), True, 0.8, Estimate(0.8, 0.0)))
    '[4.39, 5.61] and infinite (80% highest-density set)'
    >>> str(HighestDensitySet((), True, 0.3, Estimate(0.4, 0.001)))
    'infinite (highest-density set: nothing smaller than its 40.0% holds 30%)'
    """

    intervals: tuple[tuple[Estimate, Estimate], ...]
    never: bool
    mass: float
    holds: Estimate
    kind: Literal["hdi"] = "hdi"

    def __str__(self) -> str:
        parts = [*(_stretch(*ends) for ends in self.intervals), *(["infinite"] if self.never else [])]
        told = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
        if self.holds.value <= self.mass:
            return f"{told} ({_percent(self.mass)} highest-density set)"
        held = rounded(100.0 * self.holds.value, 100.0 * self.holds.standard_error)
        return f"{told} (highest-density set: nothing smaller than its {held}% holds {_percent(self.mass)})"


def _percent(mass: float) -> str:
    return f"{100.0 * mass:.6g}%"


def _stretch(lower: Estimate, upper: Estimate) -> str:
    """``[4.39, 5.61]``, or a single value."""
    low, high = (_end(end, positive=lower.value >= 0) for end in (lower, upper))
    return low if lower == upper else f"[{low}, {high}]"


def _end(end: Estimate, *, positive: bool) -> str:
    """An end of an interval: where its error is unknown, or larger than it and it is no 0, ``~`` and one digit."""
    if not math.isfinite(end.value):
        return rounded(*end)
    shown = rounded(*end)
    vague = not math.isfinite(end.standard_error) or (positive and end.value > 0 and not float(shown))
    return f"~{rounded(*end, least=1)}" if vague else shown


class Distribution(ABC):
    """What is known of one quantity, each number with its error."""

    scale: Scale

    @property
    @abstractmethod
    def never(self) -> Estimate:
        """Share of the draws in which it never comes (is infinite)."""

    @abstractmethod
    def at_most(self, value: float) -> Estimate:
        """Share at or below a value."""

    @abstractmethod
    def quantile_table(self, levels: Sequence[float]) -> Floats:
        """Quantiles and their standard errors, shape (levels, 2): many at once, as numbers."""

    @abstractmethod
    def highest_density(self, mass: float) -> HighestDensitySet:
        """The smallest set that holds so much (`ooms.results.highest_density`)."""

    def quantile(self, q: float) -> Estimate:
        """Value below which a share q of the draws lies; infinite if that reaches into those that never come."""
        return self.quantiles([q])[0]

    def quantiles(self, levels: Sequence[float]) -> list[Estimate]:
        """Values below which such shares of the draws lie."""
        return [Estimate(*row) for row in self.quantile_table(levels).tolist()]

    def interval(self, mass: float) -> Interval:
        """Equal-tailed interval of that mass."""
        return Interval(self.quantile((1 - mass) / 2), self.quantile((1 + mass) / 2), mass)


class Distributions(ABC):
    """Whatever knows the distributions of quantities by name: quantiles, intervals, how often one never comes."""

    @abstractmethod
    def sketch(self, quantity: str) -> Distribution:
        """The distribution of a quantity."""

    def quantiles(self, quantity: str, q: Sequence[float] | float) -> list[Estimate]:
        """Quantiles of a quantity, each with its standard error; infinite where it never comes.

        Parameters
        ----------
        quantity : str
            Such as ``"time to 5 ooms"`` or ``"ooms after 1 year"``.
        q : float or sequence of float
            Cumulative probabilities, between 0 and 1.
        """
        problems, q = Problems(), [q] if isinstance(q, int | float) else q
        for chance in q:
            if not 0 < chance < 1:
                problems.add("quantiles", f"{chance:g} is not between 0 and 1", "give probabilities such as 0.05")
        problems.raise_if_any()
        return self.sketch(quantity).quantiles(q)

    @overload
    def interval(self, quantity: str, mass: float = 0.8, kind: Literal["eti"] = "eti") -> Interval: ...

    @overload
    def interval(self, quantity: str, mass: float = 0.8, *, kind: Literal["hdi"]) -> HighestDensitySet: ...

    @overload
    def interval(self, quantity: str, mass: float, kind: Literal["hdi"]) -> HighestDensitySet: ...

    def interval(
        self, quantity: str, mass: float = 0.8, kind: IntervalKind = "eti"
    ) -> Interval | HighestDensitySet:
        """Credence interval of a quantity, or its highest-density set, which may have several pieces.

        Parameters
        ----------
        quantity : str
            Such as ``"ooms after 1 year"``.
        mass : float
            Probability that it holds, between 0 and 1.
        kind : {"eti", "hdi"}
            Equal-tailed, or highest-density: the smallest set, which may be several intervals, and never.
        """
        problems = Problems()
        if not 0 < mass < 1:
            problems.add("mass", f"{mass:g} is not between 0 and 1", "give a probability such as 0.8")
        if kind not in ("eti", "hdi"):
            remedy = "use eti (equal-tailed) or hdi (highest-density)"
            problems.add("kind", f"there is no interval of kind {kind!r}", remedy)
        problems.raise_if_any()
        found = self.sketch(quantity)
        return found.interval(mass) if kind == "eti" else found.highest_density(mass)

    def never(self, quantity: str) -> Estimate:
        """Share of the draws in which it never comes."""
        return self.sketch(quantity).never
