"""The table of parameters: complete, consistent, and with Sobol columns that never change."""

from __future__ import annotations

import dataclasses

import pytest

from ooms.distributions import sobol
from ooms.model.inputs import Inputs
from ooms.parameters import (
    JOINT_COLUMN,
    MAX_ROUTES,
    PARAMETERS,
    ROUTE_FIELDS,
    SPELLINGS,
    VIEW_COLUMN,
    known,
    known_names,
)

ROUTES = [f"routes.{i + 1}.{field}" for i in range(MAX_ROUTES) for field in ROUTE_FIELDS]
EVERY = [known(name) for name in [*known_names(), *ROUTES]]

COLUMNS = {
    "rho": 0, "returns": 1, "software_growth": 2, "software_limit": 3, "experiment_efficiency": 4,
    "parallelizability": 5, "taste_multiplier": 6, "taste_start": 7, "compute_share": 8, "compute_exponent": 9,
    "initial_speedup": 10, "workforce": 11, "speed": 12, "skill": 13, "taste_slope": 14, "taste_ceiling": 15,
    "labour_per_training": 16, "software_share": 17, "hardware_growth": 18, "rho_long_run": 19,
    "adjustment_years": 20, "ramp_years": 21, "hardware_shock": 22, "hardware_shock_year": 23, "route_elasticity": 24,
    "sigma": 25, "max_speed": 26, "labour_ceiling": 27, "compute_ceiling": 28, "labour_exponent": 29,
    "returns_total": 30, "historical_labour_growth": 31, "historical_compute_growth": 32,
    "historical_software_growth": 33, "taste_limit": 34, "compute_slowdown": 35, "software_limit_years": 36,
    "rho_discrepancy": 37, "difficulty_exponent": 38, "historical_research_growth": 72, "taste_slope_yearly": 73,
    "training_compute_growth": 78, "difficulty": 80,
    "training_cost": 74, "training_energy": 75, "carbon_intensity": 76, "ramp_start": 77,
}  # fmt: skip
"""Written out, since a changed column changes the draws of everybody's seeds. Only ever add."""


def test_columns_are_as_released():
    assert {name: known(name).column for name in known_names()} == COLUMNS
    assert [known(name).column for name in ROUTES] == list(range(40, 40 + 4 * MAX_ROUTES))
    assert (JOINT_COLUMN, VIEW_COLUMN) == (39, 79)


def test_columns_are_unique_and_exist():
    columns = [p.column for p in EVERY] + [JOINT_COLUMN, VIEW_COLUMN]
    assert len(set(columns)) == len(columns)
    assert min(columns) == 0
    assert max(columns) < sobol.DIMENSIONS


def test_names_are_unique():
    names = [p.name for p in EVERY]
    assert len(set(names)) == len(names)
    assert set(known_names()) == set(PARAMETERS) | set(SPELLINGS)
    assert not set(PARAMETERS) & set(SPELLINGS)


@pytest.mark.parametrize("p", EVERY, ids=lambda p: p.name)
def test_every_parameter_is_documented(p):
    assert known(p.name) is p
    assert len(p.meaning) >= 18
    assert not p.meaning.endswith(".")
    assert p.symbol
    assert p.unit
    assert p.group in ("production", "labour", "taste", "experiments", "returns", "resources", "variants")


@pytest.mark.parametrize("p", EVERY, ids=lambda p: p.name)
def test_neutral_values_are_inside_the_domain(p):
    assert p.low < p.high
    if p.neutral is not None:
        assert p.holds(p.neutral, p.neutral)
        assert not (p.open_low and p.neutral == p.low)
        assert not (p.open_high and p.neutral == p.high)


def test_the_model_takes_every_parameter_and_nothing_else():
    fields = {f.name for f in dataclasses.fields(Inputs)}
    assert fields == set(PARAMETERS) | {"routes", "retraining"}


def test_a_route_takes_its_facts_from_the_main_one():
    for field in ("rho", "compute_share", "experiment_efficiency"):
        main, other = PARAMETERS[field], known(f"routes.3.{field}")
        assert (other.low, other.high, other.open_low, other.open_high, other.meaning) == (
            main.low, main.high, main.open_low, main.open_high, main.meaning)  # fmt: skip
        assert other.column != main.column
    assert known("routes.1.productivity").domain() == "(0, inf)"


@pytest.mark.parametrize(
    ("name", "domain"),
    [("rho", "(-inf, 1)"), ("compute_share", "[0, 1)"), ("parallelizability", "(0, 1]"), ("speed", "(0, inf)"),
     ("taste_start", "(-inf, inf)"), ("experiment_efficiency", "[-1, 2]"), ("hardware_shock_year", "[0, inf)")],
)  # fmt: skip
def test_domains_in_words(name, domain):
    assert known(name).domain() == domain


def test_holds():
    p = known("parallelizability")  # (0, 1]; a distribution may touch the open end without mass
    assert p.holds(0, 1)
    assert p.holds(0.2, 0.3)
    assert not p.holds(-0.1, 1)
    assert not p.holds(0, 1.1)


def test_unknown_names():
    for name in ("nonsense", "routes.0.rho", f"routes.{MAX_ROUTES + 1}.rho"):
        with pytest.raises(KeyError):
            known(name)


def test_tables_cannot_be_changed():
    for table in (PARAMETERS, SPELLINGS, ROUTE_FIELDS):
        with pytest.raises(TypeError):
            table["x"] = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        PARAMETERS["rho"].low = 0
