"""What every distribution family has in common: checks, array casting, the text form and the fit to quantiles."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self, cast, final

import numpy as np

from ooms.distributions.marginals.checks import Found, finite
from ooms.distributions.marginals.fitting import fit_family, raise_if_any
from ooms.distributions.marginals.twins import Twin
from ooms.distributions.marginals.words import text_of
from ooms.distributions.normal import Floats

__all__ = ["Marginal"]


@dataclass(frozen=True)
class Marginal(abc.ABC):
    """The distribution of one parameter; the fields of a family are the keys of a prior file, in order.

    A family writes `support`, `_problems`, `_ppf`, `_cdf`, `_logpdf`, `parameters_from` and its PyMC twin.
    Wrong parameters raise `UserError` with everything that is wrong.

    Parameters
    ----------
    given : tuple of (str, float or str), optional
        The quantiles and other keys it was fitted to, for the text form; two marginals that differ only here are equal.
    """

    family: ClassVar[str]
    apart: ClassVar[tuple[str, ...]] = ("given",)
    example: ClassVar[Mapping[str, object]]
    discrete: ClassVar[bool] = False
    quantile_counts: ClassVar[tuple[int, ...]] = ()  # how many quantiles define it, in the interval form
    beside_quantiles: ClassVar[tuple[str, ...]] = ()  # parameters that may stand beside quantiles
    domain: ClassVar[tuple[float | str, float | str]] = (-np.inf, np.inf)  # where quantiles must lie; names: parameters
    may_be_infinite: ClassVar[tuple[str, ...]] = ()
    beside_defaults: ClassVar[Mapping[str, float]] = {}
    excess_over: ClassVar[str | None] = None  # the parameter that `excess_pNN` quantiles are measured from

    given: tuple[tuple[str, float | str], ...] = dataclasses.field(default=(), compare=False, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        for key in self.keys():
            object.__setattr__(self, key, _plain(getattr(self, key)))
        raise_if_any(self.family, self.problems())

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: tables made for `ppf` are made again in another process."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    @classmethod
    def keys(cls) -> dict[str, dataclasses.Field[Any]]:
        """Names of the parameters, in positional order, with their dataclass fields."""
        return {field.name: field for field in dataclasses.fields(cls) if field.name != "given"}

    @final
    def problems(self) -> list[Found]:
        """All that is wrong with the parameters, as (key, what with the value, remedy)."""
        values = {key: getattr(self, key) for key in self.keys()}
        with _quiet():
            return finite(values, self.may_be_infinite) or self._problems() or self._unsound()

    def _unsound(self) -> list[Found]:
        """The problem that floating-point numbers cannot tell its quantiles from its probabilities, if so."""
        return []

    @final
    @cached_property
    def middle(self) -> float:
        """Median of the distribution, ``ppf(0.5)`` (`median` is a parameter of some families)."""
        return float(self.ppf(0.5))

    @final
    def ppf(self, u: float | Floats) -> Floats:
        """Quantile: the least `x` with ``cdf(x) >= u``, elementwise; 0 and 1 give the ends of the support."""
        given = np.asarray(u, dtype=np.float64)
        with _quiet():
            return np.clip(self._ppf(given.reshape(-1)), *self.support()).reshape(given.shape)

    @final
    def cdf(self, x: float | Floats) -> Floats:
        """Probability that the variable is at most `x`, elementwise."""
        given = np.asarray(x, dtype=np.float64)
        low, high = self.support()
        flat = given.reshape(-1)
        inside = (flat >= low) & (flat < high)
        with _quiet():
            below = np.clip(self._cdf(np.where(inside, flat, self.middle)), 0.0, 1.0)
        return np.where(inside, below, np.where(flat < low, 0.0, 1.0)).reshape(given.shape)

    @final
    def logpdf(self, x: float | Floats) -> Floats:
        """Log density at `x` (log mass if discrete), elementwise; minus infinity outside the support."""
        given = np.asarray(x, dtype=np.float64)
        low, high = self.support()
        flat = given.reshape(-1)
        inside = (flat >= low) & (flat <= high) & np.isfinite(flat)
        with _quiet():
            found = self._logpdf(np.where(inside, flat, self.middle))
        found[~inside | np.isnan(found)] = -np.inf  # NaN: inf - inf, at an end where the density falls to zero
        return found.reshape(given.shape)

    @final
    @classmethod
    def fit(cls, quantiles: Mapping[float, float], **fixed: float | str) -> Self:
        """The member of the family with the given quantiles (cumulative probability -> value), to 1e-9 relative.

        Parameters
        ----------
        quantiles : mapping of float to float
            As many as the family takes; a `UserError` says what is wrong with them, or that no member has them.
        **fixed : float or str
            Parameters that are given rather than solved for, such as the ends of a truncated distribution.
        """
        with _quiet():
            return fit_family(cls, quantiles, fixed)

    def __str__(self) -> str:
        return text_of(self)

    @abc.abstractmethod
    def support(self) -> tuple[float, float]:
        """Ends of the smallest closed interval that holds all the probability."""

    @abc.abstractmethod
    def pymc(self, name: str) -> Twin:
        """The same distribution as a variable called `name` in the PyMC model whose context is open."""

    @abc.abstractmethod
    def _problems(self) -> list[Found]: ...

    @abc.abstractmethod
    def _ppf(self, u: Floats) -> Floats: ...

    @abc.abstractmethod
    def _cdf(self, x: Floats) -> Floats: ...

    @abc.abstractmethod
    def _logpdf(self, x: Floats) -> Floats: ...

    @classmethod
    @abc.abstractmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        """Parameters of the member with the given quantiles, which have been checked; what `fit` calls."""


def _quiet() -> np.errstate:
    """No warnings: a quantile too large for a floating-point number is infinite; `_unsound` finds what has no value."""
    return np.errstate(divide="ignore", invalid="ignore", over="ignore")


def _plain(value: Any) -> Any:
    if isinstance(value, str | Marginal):
        return value
    if isinstance(value, np.ndarray):
        return tuple(cast(Floats, value).astype(np.float64).tolist())
    if isinstance(value, Sequence):
        return tuple(_plain(item) for item in cast(Sequence[Any], value))
    return float(value)
