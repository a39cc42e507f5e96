"""Distributions from the tables of a prior file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.fitting import fit_problems
from ooms.distributions.marginals.quantiles import Quantiles, is_quantile, read_quantiles
from ooms.distributions.marginals.reached import outside
from ooms.distributions.marginals.registry import REGISTRY, meant
from ooms.distributions.marginals.words import read_quantile_key, written
from ooms.files.forms import Spot, values_of
from ooms.files.toml import toml
from ooms.parameters import Parameter
from ooms.problems import Problem, Problems, UserError, did_you_mean

__all__ = ["from_table", "takes"]


def from_table(
    table: Mapping[str, object], place: str, problems: Problems, parameter: Parameter | None = None
) -> Marginal | None:
    """The distribution that a table of a prior file describes, or None if anything is wrong with it.

    A table holds parameters, or quantiles (``p10 = 3``), or an equal-tailed ``interval`` and the ``mass`` in it.

    Parameters
    ----------
    table : mapping
        The table, without documentation keys.
    place : str
        Where it stands, for the problems.
    problems : Problems
        Collects everything that is wrong.
    parameter : Parameter, optional
        What it is the distribution of. If anything is wrong, numbers outside its domain are told as well; if nothing
        is, the whole distribution is for the caller to check.

    Examples
    --------
    >>> print(from_table({"distribution": "lognormal", "interval": [3, 13], "mass": 0.8}, "here", Problems()))
    lognormal(p10=3, p90=13)
    """
    before = len(problems)
    marginal = _read(table, place, problems)
    if marginal is None and parameter is not None:
        told = {problem.place for problem in problems.found[before:]}
        reached = dict.fromkeys(value for at, value in outside(_flat(table), place, parameter) if at not in told)
        if reached:
            name, values = parameter.name.rpartition(".")[2], " and ".join(map(written, reached))
            problems.add(place, f"{name} reaches {values}, outside its domain {parameter.domain()}", "stay inside")
    return marginal


def _read(table: Mapping[str, object], place: str, problems: Problems) -> Marginal | None:
    before = len(problems)
    family = _family(table, place, problems)
    if family is None:
        return None
    keys = {key: value for key, value in _flat(table).items() if key != "distribution"}
    quantiles = read_quantiles(family, keys, place, problems)
    _note_surplus(family, keys, quantiles is not None, place, problems)
    complete, at = len(problems), Spot(place, problems, nested={"distribution": from_table})
    parameters = values_of(family, keys, at, partial=quantiles is not None, remedy=takes(family))
    if len(problems) > complete or (quantiles is not None and not quantiles.ok):
        return None
    if quantiles is not None:
        parameters = {key: value for key, value in parameters.items() if key in family.beside_quantiles}
    found = fit_problems(family, quantiles.values, parameters, quantiles.prefix) if quantiles else []
    for key, what, remedy in found:
        problems.add(f"{place}.{key}" if key else place, what, remedy)
    if found:
        return None
    made = _made(family, quantiles, parameters, place, problems)
    return made if len(problems) == before else None


def takes(family: type[Marginal]) -> str:
    """What a table of this family holds, with an example, as a remedy.

    Examples
    --------
    >>> takes(REGISTRY["uniform"])
    'uniform takes low, high, or 2 quantiles; for example {distribution = "uniform", low = 2, high = 6}'
    """
    counts = family.quantile_counts
    words = ", ".join(family.keys())
    if counts:
        beside = f" beside {', '.join(family.beside_quantiles)}" if family.beside_quantiles else ""
        words += f", or {' or '.join(map(str, counts)) if len(counts) < 4 else '2 or more'} quantiles{beside}"
    return f"{family.family} takes {words}; for example {toml(family.example)}"


def _family(table: Mapping[str, object], place: str, problems: Problems) -> type[Marginal] | None:
    if "distribution" not in table:
        if "value" in table:
            return REGISTRY["fixed"]
        remedy = 'give value = 3 for a fixed value, or distribution = "lognormal" and what it takes'
        problems.add(f"{place}.distribution", "no distribution is named", remedy)
        return None
    name = table["distribution"]
    if isinstance(name, str) and name in REGISTRY:
        return REGISTRY[name]
    problems.add(f"{place}.distribution", f"{name!r} is not a distribution", meant(str(name)))
    return None


def _flat(table: Mapping[str, object]) -> dict[str, object]:
    """Undo TOML's reading of ``p2.5 = 3`` as a table ``p2`` with the key ``5``."""
    flat: dict[str, object] = {}
    for key, value in table.items():
        inner = dict(cast(Mapping[str, object], value)) if isinstance(value, Mapping) else {}
        if inner and read_quantile_key(key.removeprefix("excess_")) and "".join(inner).isdigit():
            flat.update({f"{key}.{digits}": item for digits, item in inner.items()})
        else:
            flat[key] = value
    return flat


def _note_surplus(
    family: type[Marginal], keys: Mapping[str, object], by_quantiles: bool, place: str, problems: Problems
) -> None:
    known = family.keys()
    for key in keys:
        if is_quantile(family, key):
            continue
        if key not in known:
            near = did_you_mean(key, known)
            remedy = near if near.startswith("did") else takes(family)
            problems.add(f"{place}.{key}", f"{family.family} takes no {key}", remedy)
        elif by_quantiles and family.quantile_counts and key not in family.beside_quantiles:
            what = f"{key} is given beside quantiles, which already say it"
            problems.add(f"{place}.{key}", what, f"leave out {key}, or the quantiles; {takes(family)}")


def _made(
    family: type[Marginal], quantiles: Quantiles | None, parameters: dict[str, Any], place: str, problems: Problems
) -> Marginal | None:
    try:
        if quantiles is None:
            return family(**parameters)
        values = dict(quantiles.values)
        if quantiles.prefix and family.excess_over:
            shift = parameters.get(family.excess_over, family.beside_defaults.get(family.excess_over, 0.0))
            values = {chance: shift + value for chance, value in values.items()}
        return family.fit(values, **parameters)
    except UserError as error:
        problems.extend(
            Problem(place + problem.place.removeprefix(family.family), problem.what, problem.remedy)
            for problem in error.problems
        )
        return None
