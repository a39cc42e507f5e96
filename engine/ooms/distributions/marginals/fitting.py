"""Fitting a family to quantiles, whatever the family."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ooms.distributions.marginals.checks import Found, quantile_count, quantile_problems, side_problems
from ooms.distributions.marginals.solve import NoSolutionError
from ooms.distributions.marginals.words import quantile_key, written
from ooms.problems import Problem, UserError

if TYPE_CHECKING:
    from ooms.distributions.marginals.base import Marginal

__all__ = ["fit_family", "fit_problems", "raise_if_any"]


def fit_family[M: Marginal](family: type[M], quantiles: Mapping[float, float], fixed: Mapping[str, float | str]) -> M:
    """The member of a family with the given quantiles; a `UserError` if there is none."""
    raise_if_any(family.family, fit_problems(family, quantiles, fixed))
    chances = np.array(sorted(quantiles), dtype=np.float64)
    values = np.array([quantiles[p] for p in sorted(quantiles)], dtype=np.float64)
    given = tuple((quantile_key(p), float(x)) for p, x in sorted(quantiles.items())) + tuple(fixed.items())
    try:
        parameters = _parameters(family, tuple(chances), tuple(values), tuple(beside(family, fixed).items()))
        member = family(**parameters, given=given)
        if np.allclose(member.ppf(chances), values, rtol=1e-9, atol=1e-12 * float(np.ptp(values))):
            return member
    except NoSolutionError:
        pass
    except UserError as error:
        # about what was given, not about parameters that were solved for
        about = [p for p in error.problems if p.place.removeprefix(f"{family.family}.") in dict(given)]
        if about or takes_any(family):
            raise UserError(about or error.problems) from None
    text = ", ".join(f"{key} = {written(value)}" for key, value in given)
    remedy = "move the values"
    if not takes_any(family) and not side_problems(quantiles):
        remedy += ", or use quantile_spline, which takes any"
    raise UserError([Problem(family.family, f"no {family.family} has {text}", remedy)])


@lru_cache(maxsize=1024)  # views, their options and what-ifs share most of their beliefs
def _parameters(
    family: type[Marginal], chances: tuple[float, ...], values: tuple[float, ...], beside: tuple[tuple[str, Any], ...]
) -> Mapping[str, Any]:
    """What is solved for: the slow part of reading a prior file."""
    return family.parameters_from(np.array(chances), np.array(values), **dict(beside))


def takes_any(family: type[Marginal]) -> bool:
    """Whether a family goes through any quantiles, as many as there are, rather than being fitted to so many."""
    return len(family.quantile_counts) > 3


def fit_problems(
    family: type[Marginal], quantiles: Mapping[float, float], fixed: Mapping[str, float | str], prefix: str = ""
) -> list[Found]:
    """All that is wrong with quantiles to fit to; `prefix` goes before their keys and means an excess."""
    known = beside(family, fixed)
    low, high = (cast(float, known[end]) if isinstance(end, str) else end for end in family.domain)
    count = len(quantiles)
    found = quantile_problems(quantiles, 0.0 if prefix else low, high, prefix)
    if "mode" in family.beside_quantiles and count in (2, 3):
        if (count == 2) != ("mode" in fixed):
            what = f"{family.family} is given {count} quantiles {'and' if count == 3 else 'without'} mode"
            found.append(("mode", what, "give 3 quantiles, or 2 quantiles and mode"))
        return found
    return quantile_count(family.family, count, family.quantile_counts) + found


def beside(family: type[Marginal], fixed: Mapping[str, float | str]) -> dict[str, Any]:
    """Parameters beside the quantiles: those given, and the defaults of the others that have one."""
    defaults = {key: family.keys()[key].default for key in family.beside_quantiles}
    known = {key: value for key, value in defaults.items() if value is not dataclasses.MISSING}
    return {**known, **family.beside_defaults, **fixed}


def raise_if_any(family: str, found: Sequence[Found]) -> None:
    """Raise a `UserError` with everything that was found."""
    if found:
        raise UserError(Problem(f"{family}.{key}" if key else family, what, remedy) for key, what, remedy in found)
