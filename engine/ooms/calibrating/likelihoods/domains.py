"""Estimates of one quantity in several fields, which truly differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.arrays import normal_logpdf
from ooms.calibrating.likelihoods.base import Data, Likelihood, vague
from ooms.distributions.normal import ndtri
from ooms.files.forms import ListOf, Number, Positive, Table, Text, Wrong
from ooms.model.arrays import floats

__all__ = ["Domain", "Domains"]

_MASS = 0.9


@dataclass(frozen=True, kw_only=True)
class Domain(Table):
    """The estimate in one field, with its standard error or an interval of that mass, if either was published."""

    example: ClassVar[Mapping[str, object]] = {"domain": "chess", "value": 0.83, "se": 0.15}

    domain: Annotated[str, Text()]
    value: Positive
    se: Positive | None = None
    low: Positive | None = None
    high: Positive | None = None
    mass: Annotated[float, Number(above=0.0, below=1.0)] = _MASS

    @override
    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterator[Wrong]:
        ends = [key for key in ("low", "high") if key in given]
        value, se, low, high = (given.get(key) for key in ("value", "se", "low", "high"))
        mass = given.get("mass", _MASS)
        if "se" in given and ends:
            yield "se", "se stands beside an interval, which says it too", "give se, or low and high"
        if len(ends) == 1:
            yield "", f"the interval has {ends[0]} only", "give low and high"
        if "mass" in given and not ends:
            yield "mass", "mass stands without an interval", "leave it out, or give low and high"
        if low is not None and high is not None:
            if not low < (value or math.sqrt(low) * math.sqrt(high)) < high:
                what = f"the interval from {low:g} to {high:g} is empty"
                if low < high and value is not None:
                    what = f"value = {value:g} is not between low = {low:g} and high = {high:g}"
                yield "", what, "give low below value, and value below high"
            elif mass is not None:
                yield from vague("", _half_width(low, high, mass))
        elif se is not None and value is not None:
            yield from vague("se", se / value)

    @property
    def log_error(self) -> float | None:
        """Standard error of the logarithm of the estimate; None if none was published."""
        if self.low is not None and self.high is not None:
            return _half_width(self.low, self.high, self.mass)
        return None if self.se is None else self.se / self.value


def _half_width(low: float, high: float, mass: float) -> float:
    """Standard error of a logarithm, from an interval; the quantile of a half is 0 to rounding if the mass is tiny."""
    apart = float(ndtri(np.asarray(0.5 + 0.5 * mass)))
    return 0.5 * (math.log(high) - math.log(low)) / apart if apart > 0 else math.inf


@dataclass(frozen=True)
class Domains(Likelihood):
    r"""Lognormal estimates in several fields about a common centre, each with its own error.

    .. math:: \ln y_d \sim N(c,\ \tau^2 + s_d^2)

    with tau the spread `between` fields and s_d the standard error of ln y_d: se over value, or from an interval.
    Fields without either share the nuisance parameter `noise`. What each field is off the centre by is integrated out.

    Parameters
    ----------
    domains : tuple of Domain
        What was found where.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> found = [{"domain": "chess", "value": 0.83, "se": 0.15}, {"domain": "vision", "value": 1.4}]
    >>> fields = Domains.parse({"domains": found}, "here", Problems())
    >>> fields.log_likelihood(0.0, {"between": 0.5, "noise": 0.2}, fields.data()).round(3).tolist()
    [-0.349, -0.495]
    """

    kind: ClassVar[str] = "domains"
    # Judgement: fields differ by a factor of 1.2 to 3.3; an estimate printed without an error is off by 10 % to 80 %.
    defaults: ClassVar[Mapping[str, str]] = {
        "between": "lognormal(p10=0.2, p90=1.2)",
        "noise": "lognormal(p10=0.1, p90=0.6)",
    }
    example: ClassVar[Mapping[str, object]] = {
        "domains": [
            {"domain": "chess", "value": 0.83, "se": 0.15},
            {"domain": "vision", "value": 1.4, "low": 0.8, "high": 2.4, "mass": 0.9},
            {"domain": "linear programming", "value": 1.1},
        ]
    }

    domains: Annotated[tuple[Domain, ...], ListOf(least=1)]

    @override
    def sizes(self) -> Mapping[str, int | None]:
        silent = any(domain.log_error is None for domain in self.domains)
        return {"between": None, "noise": None} if silent else {"between": None}

    @override
    def data(self) -> Data:
        return {"value": np.log([domain.value for domain in self.domains])}

    @override
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        scales = self._scales(nuisance)
        return normal_logpdf((data["value"] - floats(centre)[..., None]) / scales) - np.log(scales)

    @override
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        return {"value": centre + self._scales(nuisance) * rng.standard_normal(len(self.domains))}

    @override
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        found = np.exp(data["value"])
        return {
            "median field": float(np.median(found)),
            "lowest field": float(np.min(found)),
            "highest field": float(np.max(found)),
        }

    def _scales(self, nuisance: Mapping[str, Any]) -> Any:
        variances = np.array([(domain.log_error or 0.0) ** 2 for domain in self.domains])
        variances = floats(nuisance["between"])[..., None] ** 2 + variances
        if "noise" in nuisance:
            silent = np.array([float(domain.log_error is None) for domain in self.domains])
            variances = variances + silent * floats(nuisance["noise"])[..., None] ** 2
        return np.sqrt(variances)
