"""Interchangeable ways to state a parameter, and how each becomes what the equation is written in.

A `Spelling` says which names stand for which parameters of the model, and what else the conversion needs. Some go by
way of another: returns to all input give returns at fixed hardware, which give the difficulty of ideas. One file may
use one spelling for a parameter; a file that extends another, or a what-if, replaces whatever spelling was used before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ooms.model.arrays import floats
from ooms.model.experiments import exponent_from_slowdown
from ooms.model.labour import ceiling_from_taste_limit
from ooms.model.production import ces_from_ceilings, rho_from_max_speed, rho_from_sigma
from ooms.model.returns import difficulty_from_returns, returns_from_difficulty, returns_from_growth, returns_from_total
from ooms.model.units import LN10
from ooms.parameters import SPELLINGS

__all__ = ["FEEDBACK", "RETURNS", "RULES", "Spelling", "converted", "resolve", "rivals"]

Floats = NDArray[np.float64]
Values = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One other way to state parameters of the model."""

    names: tuple[str, ...]
    targets: tuple[str, ...]
    needs: tuple[str, ...]
    convert: Callable[[Values], tuple[Floats, ...]]


FEEDBACK = ("parallelizability", "compute_share", "compute_exponent", "experiment_efficiency")
"""What returns and difficulty are converted with."""

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
        ("returns",),
        ("difficulty",),
        FEEDBACK,
        lambda v: (difficulty_from_returns(v["returns"], *(v[name] for name in FEEDBACK)),),
    ),
    Spelling(
        ("difficulty_exponent",),
        ("difficulty",),
        ("labour_per_training",),
        lambda v: (v["difficulty_exponent"] / v["labour_per_training"],),
    ),
    Spelling(
        ("historical_research_growth",),
        ("difficulty",),
        ("software_growth", "labour_per_training"),
        lambda v: (v["historical_research_growth"] / (v["software_growth"] * LN10) / v["labour_per_training"],),
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

RETURNS = Spelling(
    ("difficulty",),
    ("returns",),
    FEEDBACK,
    lambda v: (returns_from_difficulty(v["difficulty"], *(v[name] for name in FEEDBACK)),),
)
"""The way back, for whoever asks about returns where a view says something else."""


def settled(name: str) -> frozenset[str]:
    """The parameters of the model that a name states, whatever way it goes.

    Examples
    --------
    >>> sorted(settled("returns_total")), sorted(settled("labour_ceiling"))
    (['difficulty'], ['compute_share', 'rho'])
    """
    targets = {target for rule in RULES if name in rule.names for target in rule.targets}
    return frozenset[str]().union(*map(settled, targets)) if targets else frozenset({name})


@cache  # asked again for every what-if
def rivals(name: str) -> frozenset[str]:
    """All names that state the same parameters as this one does, itself left out.

    Examples
    --------
    >>> sorted(rivals("sigma"))
    ['compute_ceiling', 'labour_ceiling', 'max_speed', 'rho']
    """
    own = {name, *(n for rule in RULES if name in rule.names for n in rule.names)}
    stating = (n for rule in RULES for n in (*rule.names, *rule.targets) if settled(n) & settled(name))
    return frozenset(stating) - own


def used(names: Iterable[str]) -> list[Spelling]:
    """The spellings that a set of names uses, those that they go by way of included."""
    names, found = set(names), list[Spelling]()
    for rule in RULES:
        if names & set(rule.names):
            found.append(rule)
            names |= set(rule.targets)
    return found


def resolve(values: Values) -> dict[str, Floats]:
    """Values of the model's own parameters, from values of however they were stated.

    Examples
    --------
    >>> import numpy as np
    >>> {k: v.item() for k, v in resolve({"sigma": np.array(0.5)}).items()}
    {'rho': -1.0}
    """
    return {name: value for name, value in converted(values).items() if name not in SPELLINGS}


def converted(values: Values) -> dict[str, Floats]:
    """The same beside what they were stated by."""
    known = dict(values)
    for rule in used(values):
        known |= zip(rule.targets, map(floats, rule.convert(known)), strict=True)
    return known
