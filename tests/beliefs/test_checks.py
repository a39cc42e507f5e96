"""Beliefs that cannot stand together, beyond what prior files say (test_reader): the edges of each check."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.checks import check
from ooms.beliefs.draws import Sampler
from ooms.beliefs.view import Belief, View, checked
from ooms.distributions.copula import Correlation, matrix
from ooms.distributions.marginals import Discrete, Empirical, Fixed, Loguniform, Mixture, TruncatedNormal, Uniform
from ooms.parameters import PARAMETERS, known, known_names
from ooms.problems import Problems, UserError

BASE = ooms.load("davidson-2025")


def found(view, place="here"):
    """What is wrong with a view."""
    problems = Problems()
    named = check(view, place, problems)
    try:
        problems.raise_if_any()
    except UserError as error:
        assert named == ()
        return [p.what for p in error.problems]
    return []


def with_beliefs(switches=None, **marginals):
    """The default view with these beliefs put in, unchecked."""
    beliefs = dict(BASE.beliefs) | {n: Belief(m, "x") for n, m in marginals.items()}
    return dataclasses.replace(BASE, beliefs=beliefs, **(switches or {}))


def outside(name, marginal):
    return any("outside its domain" in what for what in found(with_beliefs(**{name: marginal})))


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_ends_of_each_domain(name):
    p = known(name)
    for end, is_open, away in ((p.low, p.open_low, -1), (p.high, p.open_high, 1)):
        if np.isfinite(end):
            assert outside(name, Fixed(end)) == is_open
            assert outside(name, Fixed(end + away * 1e-9))
            assert not outside(name, Fixed(end - away * 1e-3))
            inside = sorted((end, end - away * 0.1))
            assert not outside(name, Uniform(*inside))
            assert outside(name, Uniform(min(end, end + away * 0.1), max(end, end + away * 0.1)))
        else:
            assert not outside(name, Fixed(away * 1e6))


ATOMS = {
    "discrete": Discrete([0, 3], [1, 3]),
    "empirical": Empirical([0, 1, 2]),
    "mixture": Mixture([Fixed(0), Uniform(1, 2)], [0.1, 0.9]),
}


@pytest.mark.parametrize("atoms", ATOMS.values(), ids=ATOMS)
def test_an_atom_on_an_open_end_is_outside(atoms):
    assert outside("workforce", atoms)
    assert not outside("compute_share", Discrete([0, 0.5], [1, 1]))  # closed
    assert outside("compute_share", Discrete([0.5, 1], [1, 1]))
    assert not outside("workforce", Discrete([0, 3], [0, 1]))  # no weight there
    assert not outside("workforce", TruncatedNormal(0, 0.1, lower=0))


@given(name=st.sampled_from(sorted(PARAMETERS)), low=st.floats(-20, 20), width=st.floats(0.001, 20))
@settings(max_examples=150, deadline=None)
def test_beliefs_inside_their_domain_draw_inside_it(name, low, width):
    view = with_beliefs(**{name: Uniform(low, low + width)})
    p = known(name)
    refused = outside(name, Uniform(low, low + width))
    assert refused == (low < p.low or low + width > p.high)
    if not refused:
        drawn = view.beliefs[name].marginal.ppf(np.array([2.0**-53, 0.5, 1 - 2.0**-53]))
        assert np.all((drawn > p.low) if p.open_low else (drawn >= p.low))
        assert np.all((drawn < p.high) if p.open_high and p.high != low + width else (drawn <= p.high))


@pytest.mark.parametrize(
    ("marginals", "refused"),
    [
        ({"taste_multiplier": Fixed(1e4)}, True),
        ({"taste_multiplier": Fixed(9.9e3)}, False),
        ({"taste_multiplier": Uniform(2, 1e4)}, False),
        ({"taste_multiplier": Discrete([2, 1e4], [1, 1])}, True),
        ({"taste_multiplier": Uniform(2, 20), "taste_ceiling": Uniform(20, 30)}, False),
        ({"taste_multiplier": Uniform(2, 20), "taste_ceiling": Uniform(19, 30)}, True),
        ({"taste_multiplier": Fixed(1.0)}, False),
    ],
)
def test_taste_stays_below_its_ceiling(marginals, refused):
    problems = found(with_beliefs(**marginals))
    assert bool(problems) == refused
    assert all("not below the taste_ceiling" in what for what in problems)


def without(view, *names):
    return dataclasses.replace(view, beliefs={n: b for n, b in view.beliefs.items() if n not in names})


def test_taste_limit_needs_a_step_to_count_in():
    view = without(with_beliefs(taste_limit=Fixed(2.0)), "taste_ceiling")
    assert found(view) == []
    no_step = ["taste_limit with a taste_multiplier of 1: there is no step to count in"]
    assert found(without(view, "taste_multiplier")) == no_step
    assert found(without(with_beliefs(taste_limit=Fixed(2.0), taste_multiplier=Fixed(1.0)), "taste_ceiling")) == no_step


def test_spellings_that_need_compute_to_matter():
    none = {"compute_share": Fixed(0.0)}
    for name, value in (("max_speed", 9.0), ("compute_slowdown", 2.0)):
        rival = {"max_speed": "rho", "compute_slowdown": "compute_exponent"}[name]
        assert found(without(with_beliefs(**{name: Fixed(value)}), rival)) == []
        (what,) = found(without(with_beliefs(**{name: Fixed(value)}, **none), rival))
        assert what.startswith(f"{name} with a compute_share of 0: ")


def test_growth_of_inputs_cannot_be_nothing():
    growth = {"historical_software_growth": Fixed(1.0), "historical_labour_growth": Fixed(0.0)}
    view = without(with_beliefs(**growth, historical_compute_growth=Fixed(0.5)), "returns")
    assert found(view) == []
    view = without(with_beliefs(**growth, historical_compute_growth=Fixed(0.0)), "returns")
    assert found(view) == ["historical_labour_growth and historical_compute_growth are both 0: nothing drove software"]


@pytest.mark.parametrize(
    ("marginals", "clock"),
    [
        ({"hardware_growth": Fixed(0.0)}, None),
        ({"hardware_growth": Fixed(0.1)}, "hardware_growth"),
        ({"hardware_growth": Uniform(-1, 1)}, "hardware_growth"),
        ({"ramp_years": Fixed(1.0)}, "ramp_years"),
        ({"rho_long_run": Fixed(0.0), "adjustment_years": Fixed(1.0)}, "rho_long_run"),
        ({"hardware_shock": Fixed(0.1), "hardware_shock_year": Fixed(1.0)}, "hardware_shock"),
    ],
)
def test_retraining_goes_with_no_clock(marginals, clock):
    assert found(with_beliefs(**marginals)) == []
    problems = found(with_beliefs({"retraining": True}, **marginals))
    assert problems == ([f"retraining = true does not go with {clock}"] if clock else [])


@pytest.mark.parametrize("pair", [("rho_long_run", "adjustment_years"), ("hardware_shock", "hardware_shock_year")])
def test_both_or_none(pair):
    for one, other in (pair, pair[::-1]):
        assert found(with_beliefs(**{one: Fixed(0.5)})) == [f"{one} is given without {other}"]
    assert found(with_beliefs(**dict.fromkeys(pair, Fixed(0.5)))) == []


def test_nothing_believed_lists_all_that_is_required():
    missing = [what.split(" ")[0] for what in found(View("x", {}))]
    assert missing == ["rho", "compute_share", "parallelizability", "compute_exponent", "difficulty", "software_limit",
                       "software_growth", "labour_per_training"]  # fmt: skip
    assert "software_limit" not in [w.split(" ")[0] for w in found(View("x", {}, declining_returns=False))]


SOME = ["rho", "returns", "software_limit", "software_growth"]


@given(spearman=st.lists(st.floats(-0.99, 0.99), min_size=6, max_size=6))
@settings(max_examples=80, deadline=None)
def test_correlations_are_refused_exactly_if_they_cannot_hold_together(spearman):
    pairs = [(a, b) for i, a in enumerate(SOME) for b in SOME[i + 1 :]]
    said = tuple(Correlation(*pair, s) for pair, s in zip(pairs, spearman, strict=True))
    least = np.linalg.eigvalsh(matrix(SOME, said, {n: BASE.beliefs[n].marginal for n in SOME}))[0]
    view = dataclasses.replace(BASE, correlations=said)
    if least > 1e-9:
        assert found(view) == []
        Sampler(view).block(0, 16)
    elif least < -1e-9:
        (what,) = found(view)
        assert what.startswith("those of returns, rho, software_growth, software_limit cannot hold together")


def test_problems_say_where_the_belief_was_stated():
    beliefs = dict(BASE.beliefs) | {
        "rho": Belief(Fixed(2.0), "x", file="a.toml"), "speed": Belief(Fixed(-1.0), "x"),
        "routes.2.rho": Belief(Fixed(2.0), "x", file="b.toml"), "route_elasticity": Belief(Fixed(1.0), "x"),
    }  # fmt: skip
    with pytest.raises(UserError) as caught:
        checked(dataclasses.replace(BASE, beliefs=beliefs), "here")
    places = {p.place for p in caught.value.problems}
    assert places == {"a.toml: parameters.rho", "here: parameters.speed", "b.toml: routes[1].rho"}


INSIDE = {name: Loguniform(1.01, 1.9) for name in known_names()} | {
    "rho": Uniform(-0.9, 0.9), "rho_long_run": Uniform(-0.9, 0.9), "compute_share": Uniform(0.1, 0.9),
    "parallelizability": Uniform(0.1, 1), "compute_exponent": Uniform(0.1, 1), "software_share": Uniform(0.1, 1),
    "taste_ceiling": Uniform(2, 3),
}  # fmt: skip


@given(names=st.sets(st.sampled_from(sorted(INSIDE)), max_size=12), retraining=st.booleans(), declining=st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_is_accepted_can_be_drawn(names, retraining, declining):
    """No combination of beliefs that passes the checks ends in anything but draws, or in a UserError that says why."""
    beliefs = {n: b for n, b in BASE.beliefs.items() if n not in names}
    beliefs |= {n: Belief(INSIDE[n], "x") for n in sorted(names)}
    view = dataclasses.replace(BASE, beliefs=beliefs, retraining=retraining, declining_returns=declining)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            view = checked(view, "here")
            inputs = Sampler(view).block(0, 64).inputs
        except UserError as error:
            problems = error.problems
        else:
            problems = ()
    if problems:
        return
    for name in PARAMETERS:
        value = getattr(inputs, name)
        assert value is None or not np.any(np.isnan(value))
