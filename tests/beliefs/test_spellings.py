"""Other ways to state a parameter: each gives the model the same as the parameter itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import central_inputs
from ooms.beliefs.reparametrisation import RULES, resolve, rivals, settled, used
from ooms.model.returns import difficulty_from_returns, returns_from_difficulty
from ooms.parameters import PARAMETERS, SPELLINGS

BASE = ooms.load("davidson-2025")
RHO = st.floats(-5, -0.01)
SHARE = st.floats(0.05, 0.95)


def inputs(**changes):
    """The model's inputs with these changes, everything else at its median."""
    said = central_inputs(BASE.replace(**changes))[1]
    return {n: v.item() for n in PARAMETERS if (v := getattr(said, n)) is not None}


def close(one, other):
    assert one.keys() == other.keys()
    assert list(one.values()) == pytest.approx(list(other.values()), rel=1e-9, abs=1e-12)


def solved(**values):
    return {n: v.item() for n, v in resolve({n: np.asarray(v) for n, v in values.items()}).items()}


@given(rho=RHO | st.floats(0.01, 0.95), share=SHARE)
def test_sigma(rho, share):
    close(solved(sigma=1 / (1 - rho), compute_share=share), {"compute_share": share, "rho": rho})


@given(rho=RHO, share=SHARE)
def test_max_speed(rho, share):
    assume(share ** (1 / rho) < 1e300)
    close(solved(max_speed=share ** (1 / rho), compute_share=share), {"compute_share": share, "rho": rho})


@given(rho=st.floats(-5, -0.05), share=SHARE)
def test_two_ceilings(rho, share):
    found = solved(labour_ceiling=share ** (1 / rho), compute_ceiling=(1 - share) ** (1 / rho))
    close(found, {"rho": rho, "compute_share": share})


@given(parallel=st.floats(0.05, 1), share=SHARE)
def test_labour_exponent(parallel, share):
    found = solved(labour_exponent=parallel * (1 - share), compute_share=share)
    close(found, {"compute_share": share, "parallelizability": parallel})


REST = {"parallelizability": 0.6, "compute_exponent": 0.7, "experiment_efficiency": 0.2}


@given(returns=st.floats(0.1, 10), share=SHARE)
def test_returns_total(returns, share):
    found = solved(returns_total=returns / (1 - share), compute_share=share, **REST)
    close(found, solved(returns=returns, compute_share=share, **REST))
    close(found, {"compute_share": share, **REST, "difficulty": 0.6 * (1 - share) / returns + share * 0.7 * 0.2})


@given(multiplier=st.floats(1.1, 20), limit=st.floats(0.1, 5))
def test_taste_limit(multiplier, limit):
    found = solved(taste_limit=limit, taste_multiplier=multiplier)
    close(found, {"taste_multiplier": multiplier, "taste_ceiling": multiplier ** (1 + limit)})


@given(zeta=st.floats(0.1, 1), rho=RHO, share=SHARE)
def test_compute_slowdown(zeta, rho, share):
    slowdown = 1 / ((1 - share) + share * 10 ** (-zeta * rho)) ** (1 / rho)  # a tenth of the compute, today's labour
    assume(slowdown > 1 + 1e-6)
    found = solved(compute_slowdown=slowdown, rho=rho, compute_share=share)
    assert found["compute_exponent"] == pytest.approx(zeta, rel=1e-6)


@given(years=st.floats(1, 30), growth=st.floats(0.1, 3), share=st.floats(0.1, 1))
def test_software_limit_years(years, growth, share):
    found = solved(software_limit_years=years, software_growth=growth, software_share=share)
    assert found.pop("software_limit") == pytest.approx(years * growth / share)
    assert found == {"software_growth": growth, "software_share": share}


@given(parallel=st.floats(0.1, 1), share=SHARE, zeta=st.floats(0.1, 1), u=st.floats(0.5, 3),
       labour=st.floats(0.01, 2), compute=st.floats(0.01, 2), returns=st.floats(0.1, 10))  # fmt: skip
def test_historical_growth(parallel, share, zeta, u, labour, compute, returns):
    """On a balanced path ideas get harder exactly as fast as inputs grow, which fixes the growth of software."""
    beta = parallel * (1 - share) / returns
    software = (parallel * (1 - share) * labour + share * zeta * compute) / (beta * u)
    found = solved(
        historical_labour_growth=labour, historical_compute_growth=compute, historical_software_growth=software,
        parallelizability=parallel, compute_share=share, compute_exponent=zeta, labour_per_training=u,
        experiment_efficiency=0.0,
    )  # fmt: skip
    assert found["difficulty"] == pytest.approx(beta)
    assert not set(found) & set(SPELLINGS)


EQUAL = [
    ({"rho": -0.25}, {"sigma": 0.8}),
    ({"rho": -0.2}, {"max_speed": 32}),
    ({"rho": -0.2, "compute_share": 0.5}, {"labour_ceiling": 32, "compute_ceiling": 32}),
    ({"parallelizability": 0.6}, {"labour_exponent": 0.3}),
    ({"returns": 1.2}, {"returns_total": 2.4}),
    ({"taste_multiplier": 6.0, "taste_ceiling": 216.0}, {"taste_multiplier": 6.0, "taste_limit": 2}),
    ({"rho": 0.0, "compute_exponent": 0.6}, {"rho": 0.0, "compute_slowdown": 10**0.3}),
    ({"software_growth": 0.6, "software_limit": 12.0}, {"software_growth": 0.6, "software_limit_years": 10}),
]


@pytest.mark.parametrize(("plain", "spelt"), EQUAL, ids=[next(iter(s)) for _, s in EQUAL])
def test_the_model_gets_the_same(plain, spelt):
    close(inputs(**plain), inputs(**spelt))


def test_spellings_that_need_one_another():
    """labour_exponent needs the compute share, the two ceilings give it; growth rates need the parallelizability."""
    spelt = inputs(
        labour_ceiling=32, compute_ceiling=32, labour_exponent=0.3, compute_slowdown=1.5,
        historical_labour_growth=0.8, historical_compute_growth=1.0, historical_software_growth=1.1,
    )  # fmt: skip
    zeta = spelt["compute_exponent"]
    assert (spelt["rho"], spelt["compute_share"]) == pytest.approx((-0.2, 0.5))
    assert spelt["parallelizability"] == pytest.approx(0.6)
    r = 0.3 * 2 * 1.1 / (0.3 * 0.8 + 0.5 * zeta * 1.0)
    gamma = spelt["experiment_efficiency"]
    assert spelt["difficulty"] == pytest.approx(0.3 / r + 0.5 * zeta * gamma)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.names[0])
def test_rules_come_after_what_they_need(rule):
    compatible = [other for other in RULES if other is rule or not set(other.targets) & set(rule.targets)]
    later = {target for other in compatible[compatible.index(rule) :] for target in other.targets}
    assert not set(rule.needs) & later
    assert set(rule.names) <= set(SPELLINGS)
    assert set(rule.targets) | set(rule.needs) <= set(PARAMETERS) | {"returns"}
    assert set().union(*map(settled, rule.names)) <= set(PARAMETERS)


def test_every_spelling_has_a_rule():
    assert {name for rule in RULES for name in rule.names} == set(SPELLINGS)


@pytest.mark.parametrize("name", [*PARAMETERS, *SPELLINGS])
def test_rivals_are_rivals_of_each_other(name):
    assert name not in rivals(name)
    for rival in rivals(name):
        assert rivals(rival) & ({name} | {t for rule in used([name]) for t in rule.targets})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rho", {"sigma", "max_speed", "labour_ceiling", "compute_ceiling"}),
        ("sigma", {"rho", "max_speed", "labour_ceiling", "compute_ceiling"}),
        ("labour_ceiling", {"rho", "compute_share", "sigma", "max_speed"}),
        ("compute_share", {"labour_ceiling", "compute_ceiling"}),
        ("returns", {"difficulty", "returns_total", "historical_labour_growth", "historical_compute_growth",
                     "historical_software_growth", "difficulty_exponent", "historical_research_growth"}),
        ("difficulty", {"returns", "returns_total", "historical_labour_growth", "historical_compute_growth",
                        "historical_software_growth", "difficulty_exponent", "historical_research_growth"}),
        ("historical_labour_growth", {"difficulty", "returns", "returns_total", "difficulty_exponent",
                                      "historical_research_growth"}),
        ("speed", set()),
        ("taste_multiplier", set()),
    ],
)  # fmt: skip
def test_rivals(name, expected):
    assert rivals(name) == expected


def test_what_is_not_spelt_is_left_alone():
    said = {"rho": np.array([0.1, 0.2]), "speed": np.array(3.0)}
    found = resolve(said)
    assert found.keys() == said.keys()
    assert all(found[name] is said[name] for name in said)


def test_all_draws_are_converted():
    sigma = np.array([0.5, 0.8, 2.0])
    assert resolve({"sigma": sigma})["rho"] == pytest.approx([-1, -0.25, 0.5])


FEEDBACK = {"parallelizability": 0.6, "compute_share": 0.4, "compute_exponent": 0.7, "experiment_efficiency": 0.2,
            "labour_per_training": 1.5}  # fmt: skip


@pytest.mark.parametrize("phi", [-0.2, 0.01, 0.65, 1.0])
def test_a_difficulty_exponent_is_difficulty_in_units_of_training_efficiency(phi):
    """Phi is the exponent with which the pace falls in training efficiency: beta u, whatever its sign."""
    values = {name: np.array(value) for name, value in FEEDBACK.items()}
    got = resolve(values | {"difficulty_exponent": np.array(phi)})
    assert got["difficulty"] * FEEDBACK["labour_per_training"] == pytest.approx(phi, rel=1e-12)


def test_a_research_growth_is_a_difficulty_that_falls_with_the_growth_of_software():
    values = {name: np.array(value) for name, value in FEEDBACK.items()} | {"software_growth": np.array(0.8)}
    by_growth = resolve(values | {"historical_research_growth": np.array(0.9)})
    by_exponent = resolve(values | {"difficulty_exponent": np.array(0.9 / (0.8 * np.log(10)))})
    assert by_growth["difficulty"] == pytest.approx(by_exponent["difficulty"], rel=1e-12)


@given(beta=st.floats(-2, 5), lam=st.floats(0.05, 1), share=SHARE, zeta=st.floats(0.05, 1), gamma=st.floats(-1, 2))
def test_difficulty_and_returns_are_each_others_inverse(beta, lam, share, zeta, gamma):
    """Where ideas get harder no faster than experiments get cheaper there are no returns: nothing finite says it."""
    net = beta - share * zeta * gamma
    assume(abs(net) > 1e-6)
    returns = returns_from_difficulty(beta, lam, share, zeta, gamma)
    assert np.isinf(returns) == (net < 0)
    if net > 0:
        assert difficulty_from_returns(returns, lam, share, zeta, gamma) == pytest.approx(beta, rel=1e-9, abs=1e-9)


def test_a_yearly_slope_of_taste():
    """2 SD a year of progress, which is g0/share = 1.6 OOM."""
    got = resolve(
        {"taste_slope_yearly": np.array(2.0), "software_growth": np.array(0.8), "software_share": np.array(0.5)}
    )
    assert got["taste_slope"] == pytest.approx(2.0 / 1.6)
