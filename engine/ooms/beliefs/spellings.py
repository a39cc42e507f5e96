"""Interchangeable ways to state a parameter, and how each becomes what the equation is written in.

A `Spelling` says which names stand for which parameters of the model, and what else the conversion needs. One file may
use one spelling for a parameter; a file that extends another, or a what-if, replaces whatever spelling was used before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ooms.model.arrays import floats
from ooms.model.experiments import exponent_from_slowdown
from ooms.model.labour import ceiling_from_taste_limit
from ooms.model.production import ces_from_ceilings, rho_from_max_speed, rho_from_sigma
from ooms.model.returns import returns_from_difficulty, returns_from_growth, returns_from_total
from ooms.model.units import LN10

__all__ = ["RULES", "Spelling", "resolve", "rivals"]

Floats = NDArray[np.float64]
Values = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One other way to state parameters of the model."""

    names: tuple[str, ...]
    targets: tuple[str, ...]
    needs: tuple[str, ...]
    convert: Callable[[Values], tuple[Floats, ...]]


_FEEDBACK = (
    "parallelizability",
    "compute_share",
    "compute_exponent",
    "experiment_efficiency",
    "labour_per_training",
)

RULES: tuple[Spelling, ...] = (
    Spelling(("sigma",), ("rho",), (), lambda v: (rho_from_sigma(v["sigma"]),)),
    Spelling(
        ("max_speed",),
        ("rho",),
        ("compute_share",),
        lambda v: (rho_from_max_speed(v["max_speed"], v["compute_share"]),),
    ),
    Spelling(
        ("labour_ceiling", "compute_ceiling"),
        ("rho", "compute_share"),
        (),
        lambda v: ces_from_ceilings(v["labour_ceiling"], v["compute_ceiling"]),
    ),
    Spelling(
        ("labour_exponent",),
        ("parallelizability",),
        ("compute_share",),
        lambda v: (v["labour_exponent"] / (1.0 - v["compute_share"]),),
    ),
    Spelling(
        ("compute_slowdown",),
        ("compute_exponent",),
        ("rho", "compute_share"),
        lambda v: (exponent_from_slowdown(v["compute_slowdown"], v["rho"], v["compute_share"]),),
    ),
    Spelling(
        ("returns_total",),
        ("returns",),
        ("compute_share",),
        lambda v: (returns_from_total(v["returns_total"], v["compute_share"]),),
    ),
    Spelling(
        ("historical_labour_growth", "historical_compute_growth", "historical_software_growth"),
        ("returns",),
        ("parallelizability", "compute_share", "compute_exponent", "labour_per_training"),
        lambda v: (
            returns_from_growth(
                v["historical_labour_growth"],
                v["historical_compute_growth"],
                v["historical_software_growth"],
                v["parallelizability"],
                v["compute_share"],
                v["compute_exponent"],
                v["labour_per_training"],
            ),
        ),
    ),
    Spelling(
        ("difficulty_exponent",),
        ("returns",),
        _FEEDBACK,
        lambda v: (returns_from_difficulty(v["difficulty_exponent"], *(v[name] for name in _FEEDBACK)),),
    ),
    Spelling(
        ("historical_research_growth",),
        ("returns",),
        ("software_growth", *_FEEDBACK),
        lambda v: (
            returns_from_difficulty(
                v["historical_research_growth"] / (v["software_growth"] * LN10), *(v[name] for name in _FEEDBACK)
            ),
        ),
    ),
    Spelling(
        ("training_compute_growth",),
        ("software_share",),
        ("software_growth",),
        lambda v: (v["software_growth"] / (v["software_growth"] + v["training_compute_growth"]),),
    ),
    Spelling(
        ("taste_slope_yearly",),
        ("taste_slope",),
        ("software_growth", "software_share"),
        lambda v: (v["taste_slope_yearly"] * v["software_share"] / v["software_growth"],),
    ),
    Spelling(
        ("taste_limit",),
        ("taste_ceiling",),
        ("taste_multiplier",),
        lambda v: (ceiling_from_taste_limit(v["taste_multiplier"], v["taste_limit"]),),
    ),
    Spelling(
        ("software_limit_years",),
        ("software_limit",),
        ("software_growth", "software_share"),
        lambda v: (v["software_limit_years"] * v["software_growth"] / v["software_share"],),
    ),
)
"""All of them, in an order in which each finds what it needs."""


def rivals(name: str) -> frozenset[str]:
    """All names that state the same parameters as this one does, itself left out.

    Examples
    --------
    >>> sorted(rivals("sigma"))
    ['compute_ceiling', 'labour_ceiling', 'max_speed', 'rho']
    """
    targets = {name} | {t for rule in RULES if name in rule.names for t in rule.targets}
    same = {n for rule in RULES if targets & set(rule.targets) for n in rule.names}
    own = {n for rule in RULES if name in rule.names for n in rule.names}
    return frozenset((targets | same) - own - {name})


def used(names: Iterable[str]) -> list[Spelling]:
    """The spellings that a set of names uses."""
    names = set(names)
    return [rule for rule in RULES if names & set(rule.names)]


def resolve(values: Values) -> dict[str, Floats]:
    """Values of the model's own parameters, from values of however they were stated.

    Examples
    --------
    >>> import numpy as np
    >>> {k: v.item() for k, v in resolve({"sigma": np.array(0.5)}).items()}
    {'rho': -1.0}
    """
    known = dict(values)
    for rule in used(values):
        for target, converted in zip(rule.targets, rule.convert(known), strict=True):
            known[target] = floats(converted)
    return {name: value for name, value in known.items() if not any(name in rule.names for rule in RULES)}
