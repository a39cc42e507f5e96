"""What-ifs: `View.replace`, what it records, what it refuses, and that views do not change."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.view import Belief, BeliefWarning, View, checked
from ooms.distributions.copula import Correlation
from ooms.distributions.marginals import Fixed, Loguniform, Uniform
from ooms.parameters import PARAMETERS, known_names
from ooms.problems import UserError

BASE = ooms.load("davidson-2025")


def correlated(*pairs):
    return checked(dataclasses.replace(BASE, correlations=tuple(Correlation(*p) for p in pairs)), "here")


def complaints(view, **changes):
    with pytest.raises(UserError) as caught:
        view.replace(**changes)
    return [(p.place, p.what, p.remedy) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("value", "marginal", "said"),
    [
        (-0.4, Fixed(-0.4), "rho = -0.4"),
        (0, Fixed(0.0), "rho = 0"),
        (np.float64(-0.25), Fixed(-0.25), "rho = -0.25"),
        (np.int64(-3), Fixed(-3.0), "rho = -3"),
        (np.float32(-0.5), Fixed(-0.5), "rho = -0.5"),
        (1e-300, Fixed(1e-300), "rho = 1e-300"),
        (0.1 + 0.2, Fixed(0.1 + 0.2), "rho = 0.30000000000000004"),
        ("-0.4", Fixed(-0.4), "rho = -0.4"),
        ("uniform(-0.4, -0.1)", Uniform(-0.4, -0.1), "rho ~ uniform(-0.4, -0.1)"),
        (Uniform(-0.4, -0.1), Uniform(-0.4, -0.1), "rho ~ uniform(-0.4, -0.1)"),
    ],
)
def test_a_number_a_text_or_a_marginal(value, marginal, said):
    view = BASE.replace(rho=value)
    assert view.beliefs["rho"] == Belief(marginal, "changed by the user")
    assert view.changes == (said,)


@given(value=st.floats(-1e6, 0.99))
@settings(deadline=None)
def test_what_is_said_reads_back(value):
    view = BASE.replace(rho=value)
    (said,) = view.changes
    assert BASE.replace(rho=said.removeprefix("rho = ")).beliefs == view.beliefs


def test_switches():
    view = BASE.replace(declining_returns=False, retraining=True)
    assert (view.declining_returns, view.retraining) == (False, True)
    assert view.changes == ("declining_returns = false", "retraining = true")
    assert view.replace(retraining=False).changes[-1] == "retraining = false"


def test_changes_are_recorded_in_order_and_kept():
    view = BASE.replace(rho=-0.1, returns="loguniform(0.4, 3.6)").replace(retraining=True)
    assert view.changes == ("rho = -0.1", "returns ~ loguniform(0.4, 3.6)", "retraining = true")


def test_a_view_does_not_change():
    before = dict(BASE.beliefs)
    other = BASE.replace(rho=-0.4, speed=60, declining_returns=False)
    assert dict(BASE.beliefs) == before
    assert BASE.changes == ()
    assert BASE.declining_returns
    assert {n for n in before if other.beliefs[n] != before[n]} == {"rho", "speed"}
    with pytest.raises(dataclasses.FrozenInstanceError):
        BASE.name = "x"
    with pytest.raises(TypeError):
        BASE.beliefs["rho"] = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        BASE.beliefs["rho"].source = "x"


def test_nothing_changed_is_the_same_view():
    assert BASE.replace() == BASE


def test_the_rest_of_the_view_is_kept():
    view = BASE.replace(rho=-0.4)
    for field in ("name", "title", "description", "citation", "url", "retraining"):
        assert getattr(view, field) == getattr(BASE, field)


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"sigma": 0.7}, {"rho"}),
        ({"max_speed": 30}, {"rho"}),
        ({"labour_ceiling": 30, "compute_ceiling": 9}, {"rho", "compute_share"}),
        ({"labour_exponent": 0.3}, {"parallelizability"}),
        ({"returns_total": 2.4}, {"returns"}),
        ({"taste_limit": 2}, {"taste_ceiling"}),
        ({"compute_slowdown": 2}, {"compute_exponent"}),
        ({"software_limit_years": 10}, {"software_limit"}),
        ({"historical_labour_growth": 0.8, "historical_compute_growth": 1.0, "historical_software_growth": 1.1},
         {"returns"}),
    ],
)  # fmt: skip
def test_a_spelling_replaces_its_rivals_and_is_replaced_by_them(changes, gone):
    view = BASE.replace(**changes)
    assert set(view.beliefs) == (set(BASE.beliefs) - gone) | set(changes)
    back = view.replace(**{name: BASE.beliefs[name].marginal for name in gone})
    assert {n: b.marginal for n, b in back.beliefs.items()} == {n: b.marginal for n, b in BASE.beliefs.items()}


def test_one_spelling_after_another():
    view = BASE.replace(sigma=0.7).replace(max_speed=30).replace(rho=-0.2)
    assert set(view.beliefs) == set(BASE.beliefs)
    assert view.changes == ("sigma = 0.7", "max_speed = 30", "rho = -0.2")


def test_correlations_of_what_is_fixed_or_respelt_are_dropped():
    view = correlated(("rho", "returns", 0.5), ("returns", "software_limit", 0.3), ("taste_start", "rho", 0.1))
    def left(**changes):
        return [c[:2] for c in view.replace(**changes).correlations]

    assert left(rho=-0.1) == [("returns", "software_limit")]
    assert left(sigma="uniform(0.5, 0.9)") == [("returns", "software_limit")]
    assert left(returns="loguniform(1, 2)") == [c[:2] for c in view.correlations]
    assert left(speed=3) == [c[:2] for c in view.correlations]
    assert left(rho=-0.1, returns=1) == []


NUMBER = 'give a number or a distribution: "normal(0, 1)"'
TEXT = 'write a number, or a distribution such as "loguniform(0.4, 3.6)" or "lognormal(p10=3, p90=13)"'


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"retruns": 1}, [("retruns", "there is no parameter retruns", "did you mean returns or returns_total?")]),
        ({"routes.1.rho": 0}, None),
        ({"rho": None}, [("rho", "None is not a belief", NUMBER)]),
        ({"rho": True}, [("rho", "True is not a belief", NUMBER)]),
        ({"rho": [1]}, [("rho", "[1] is not a belief", NUMBER)]),
        ({"rho": 1j}, [("rho", "1j is not a belief", NUMBER)]),
        ({"rho": float("nan")}, [("rho", "value holds nan", "give only finite numbers in value")]),
        ({"speed": float("inf")}, [("speed", "value holds inf", "give only finite numbers in value")]),
        ({"speed": 10**400}, [("speed", "the number is too large for a computer's floating-point numbers",
                               "give a smaller number")]),
        ({"rho": "uniform("}, [("rho", '"uniform(" cannot be read', TEXT)]),
        ({"rho": "x"}, [("rho", '"x" is no distribution', TEXT)]),
        ({"rho": "unifrm(0, 1)"}, [("rho", '"unifrm(0, 1)" cannot be read: unifrm is not a distribution; did you mean '
                                    "uniform or loguniform?", TEXT)]),
        ({"rho": "uniform(0, -1)"}, [("rho.high", "high = -1 is not above low = 0", "give high above low")]),
        ({"retraining": 1}, [("retraining", "1 is not a switch position", 'give True or False, or "as coded"')]),
        ({"retraining": "yes"},
         [("retraining", "'yes' is not a switch position", 'give True or False, or "as coded"')]),
        ({"rho": 1.5}, [("the changed view: parameters.rho", "rho = 1.5 is outside its domain (-inf, 1)",
                         "give a value inside")]),
        ({"rho": -0.2, "sigma": 0.7},
         [("the changed view: parameters", "rho is stated more than once: by rho, by sigma", "keep one of them")]),
        ({"labour_ceiling": 9}, [("the changed view: parameters", "labour_ceiling is given without compute_ceiling",
                                  "give compute_ceiling too")]),
        ({"skil": 1, "rho": None, "retraining": 0},
         [("skil", "there is no parameter skil", "did you mean skill?"), ("rho", "None is not a belief", NUMBER),
          ("retraining", "0 is not a switch position", 'give True or False, or "as coded"')]),
    ],
)  # fmt: skip
def test_what_cannot_be_changed(changes, expected):
    found = complaints(BASE, **changes)
    assert found == expected or (expected is None and found[0][1].startswith("there is no parameter routes.1.rho"))


@given(name=st.sampled_from([*known_names(), "retraining", "declining_returns", "x"]),
       value=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.complex_numbers(),
                       st.sampled_from(["uniform(0, 1)", "beta(1, 2)", "lognormal(p10=1, p90=2)", "normal(0, 1)",
                                        "discrete([0, 1], [1, 1])", Uniform(0, 1), Loguniform(1, 2)])))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_change_is_made_or_refused(name, value):
    try:
        view = BASE.replace(**{name: value})
    except (UserError, BeliefWarning):
        return
    assert len(view.changes) == 1


def test_neutral_values_are_those_of_what_is_not_mentioned():
    assert BASE.neutral == {"skill": 1.0, "hardware_growth": 0.0, "rho_discrepancy": 0.0}
    assert BASE.replace(skill=2).neutral == {"hardware_growth": 0.0, "rho_discrepancy": 0.0}
    houlden = ooms.load("davidson-houlden-2025")
    silent = {n for n, p in PARAMETERS.items() if p.neutral is not None} - set(houlden.beliefs)
    assert houlden.neutral == {n: PARAMETERS[n].neutral for n in silent}


def test_what_another_spelling_states_is_not_neutral():
    houlden = ooms.load("davidson-houlden-2025")
    assert "taste_ceiling" in houlden.neutral
    assert "taste_ceiling" not in houlden.replace(taste_multiplier=3, taste_limit=2).neutral


def test_routes_are_counted():
    some = {f"routes.{i}.{n}": Belief(Fixed(0.5), "x") for i in (1, 2) for n in ("rho", "compute_share")}
    assert BASE.routes == 0
    assert View("x", some).routes == 2


def test_copies_that_count_twice_are_warned_of():
    with pytest.warns(BeliefWarning, match=r"^smarter-copies-twice: ") as caught:
        view = BASE.replace(taste_slope=0.5)
    assert caught[0].filename == __file__
    assert [w.split(":")[0] for w in view.warnings] == ["smarter-copies-twice"]
    assert BASE.replace(taste_slope=0.5, labour_per_training=1.0).warnings == ()
    assert not [w for w in BASE.replace(taste_slope=0.0).warnings if not w.startswith("no-effect: taste_slope = 0 ")]


def test_a_limit_without_effect_is_warned_of():
    with pytest.warns(BeliefWarning, match="^no-effect: software_limit = 9 changes nothing: declining_returns is off"):
        BASE.replace(declining_returns=False, software_limit=9)
    assert BASE.replace(declining_returns=False).warnings == ()
    assert BASE.replace(software_limit=9).warnings == ()


def test_warnings_do_not_make_views_differ():
    assert dataclasses.replace(BASE, warnings=("x",)) == BASE
