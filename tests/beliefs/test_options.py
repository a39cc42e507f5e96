"""Options of a view: what they change, how they are named, and what is said about those that are wrong."""

from __future__ import annotations

import pytest

import ooms
from ooms.distributions.marginals import Fixed, Uniform
from ooms.files.library import find_with_options, shipped
from ooms.problems import UserError

SHIPPED = [(name, option) for name in shipped() for option in ooms.load(name).options]

VIEW = """
title = "Mine"
extends = "davidson-2025"

[options.steep]
title = "Steeper"
source = "me"
parameters.rho = {value = -0.4, source = "me"}

[options.spelled]
title = "By max speed"
source = "me"
parameters.max_speed = {value = 10, source = "me"}

[options.retrained]
title = "Retraining"
source = "me"
variants = {retraining = "as coded", declining_returns = false}

[options.tied]
title = "Correlated"
source = "me"
correlations = [{between = ["rho", "returns"], spearman = 0.5}]

[[options.two-ways.routes]]
rho = {value = 0, source = "me"}
compute_share = {value = 0.2, source = "me"}
experiment_efficiency = {value = 0, source = "me"}
productivity = {value = 0.1, source = "me"}

[options.two-ways]
title = "Another route"
source = "me"
parameters.route_elasticity = {value = 3, source = "me"}
"""


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(VIEW)
    return path


def complaints(call):
    with pytest.raises(UserError) as caught:
        call()
    return [(p.place, p.what, p.remedy) for p in caught.value.problems]


@pytest.mark.sweep(6)
@pytest.mark.parametrize(("name", "option"), SHIPPED)
def test_every_shipped_option_can_be_switched_on_alone(name, option):
    view = ooms.load(f"{name}+{option}")
    assert view.name == f"{name}+{option}"
    assert view.chosen == (option,)
    assert view.options[option].title
    f = ooms.forecast(view, draws=256, quantities=[], threads=1)
    assert 0 <= f.probability("5 ooms in 1 year").value <= 1


def test_an_option_changes_what_it_says_and_nothing_else(mine):
    view, steep = ooms.load(mine), ooms.load(f"{mine}+steep")
    assert steep.beliefs["rho"].marginal == Fixed(-0.4)
    assert view.beliefs["rho"].marginal == Uniform(-0.2, 0.0)
    assert {n: b for n, b in steep.beliefs.items() if n != "rho"} == {
        n: b for n, b in view.beliefs.items() if n != "rho"
    }
    assert steep.beliefs["rho"].file == "mine.toml: options.steep"


def test_another_spelling_replaces_the_one_before(mine):
    view = ooms.load(f"{mine}+steep+spelled")
    assert "rho" not in view.beliefs
    assert view.chosen == ("steep", "spelled")


def test_switches_correlations_and_routes(mine):
    retrained = ooms.load(f"{mine}+retrained")
    assert (retrained.retraining, retrained.declining_returns, retrained.compute_adjustment) == (
        "as coded",
        False,
        True,
    )
    assert ooms.load(f"{mine}+tied").correlations[0].spearman == 0.5
    assert ooms.load(f"{mine}+two-ways").routes == 1
    assert ooms.load(f"{mine}+two-ways").beliefs["routes.1.rho"].file == "mine.toml: options.two-ways"


def test_a_what_if_of_an_option_remembers_both(mine):
    view = ooms.load(f"{mine}+steep").replace(returns=1.2)
    assert (view.chosen, view.changes) == (("steep",), ("returns = 1.2",))


def test_options_are_inherited_and_can_be_extended(tmp_path, mine):
    (tmp_path / "child.toml").write_text('extends = "mine+steep"\n[parameters]\nreturns = {value = 1, source = "me"}\n')
    child = ooms.load(tmp_path / "child.toml")
    assert child.beliefs["rho"].marginal == Fixed(-0.4)
    assert "retrained" in child.options
    assert child.chosen == ("steep",)
    assert ooms.load(f"{tmp_path / 'child.toml'}+two-ways").routes == 1


def test_a_file_whose_name_has_a_plus_is_found(tmp_path):
    path = tmp_path / "a+b.toml"
    path.write_text('extends = "davidson-2025"\n')
    assert find_with_options(path) == (path, ())
    assert find_with_options("davidson-2025+x+y")[1] == ("x", "y")


def test_an_unknown_option_is_told_what_there_is(mine):
    assert complaints(lambda: ooms.load(f"{mine}+stepe")) == [
        ("mine+stepe", "mine has no option 'stepe'", "did you mean steep?")
    ]
    assert complaints(lambda: ooms.load(f"{mine}+steep+steep")) == [
        ("mine+steep", "steep is on already", "name it once")
    ]


def test_an_unknown_option_of_the_view_that_is_extended(tmp_path, mine):
    (tmp_path / "child.toml").write_text('extends = "mine+stepe"\n')
    assert complaints(lambda: ooms.load(tmp_path / "child.toml")) == [
        ("child.toml: extends", "mine has no option 'stepe'", "did you mean steep?")
    ]


WRONG = {
    'title = "x"': ("mine.toml: options.o.source", "source is missing", "add source"),
    'title = "x"\nsource = "me"\nparameters.roh = {value = 1, source = "me"}': (
        "mine.toml: options.o.parameters.roh",
        "there is no parameter roh",
        "did you mean rho?",
    ),
    'title = "x"\nsource = "me"\nparameters.rho = {value = 0.5}': (
        "mine.toml: options.o.parameters.rho.source",
        "the source is missing",
        'say where it comes from: source = "my own judgement"',
    ),
    'title = "x"\nsource = "me"\nparametres = 1': (
        "mine.toml: options.o.parametres",
        "parametres is not known here",
        "did you mean parameters?",
    ),
    'title = "x"\nsource = "me"\nvariants.retraining = "as it was"': (
        "mine.toml: options.o.variants.retraining",
        "retraining = 'as it was' is not a switch position",
        'write true, false or "as coded"',
    ),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_with_an_option_is_said_when_the_file_is_read(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "davidson-2025"\n[options.o]\n{text}\n')
    assert complaints(lambda: ooms.load(path)) == [WRONG[text]]


def test_what_an_option_makes_of_the_view_is_checked_when_the_file_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "davidson-2025"\n[options.o]\ntitle = "x"\nsource = "me"\n'
        'parameters.rho = {value = 1.5, source = "me"}\n'
    )
    for name in (path, f"{path}+o"):
        (found,) = complaints(lambda name=name: ooms.load(name))
        assert found[:2] == (
            "mine.toml: options.o.parameters.rho",
            "rho = 1.5 is outside its domain (-inf, 1)",
        )


def test_an_unknown_work_is_told(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "davidson-2025"\ncites = ["me-2026"]\n'
        '[parameters]\nrho = {value = 0, source = "me", cites = ["davidson-2052"]}\n'
    )
    first, second = complaints(lambda: ooms.load(path))
    assert first[:2] == ("mine.toml: cites", "'me-2026' is no reference")
    assert "[references.me-2026]" in first[2]
    assert second[:2] == ("mine.toml: parameters.rho.cites", "'davidson-2052' is no reference")
    assert "did you mean davidson-2025" in second[2]


@pytest.mark.parametrize("name", ["a b", "-x", "a+b", "A", "", "a[red]"])
def test_names_that_no_command_could_take(tmp_path, name):
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "davidson-2025"\n[options."{name}"]\ntitle = "x"\nsource = "me"\n')
    ((place, what, remedy),) = complaints(lambda: ooms.load(path))
    assert place == f"mine.toml: options.{name}"
    assert what == f"{name!r} cannot be the name of an option"
    assert "small letters" in remedy


def test_texts_hold_no_control_characters(tmp_path):
    path = tmp_path / "mine.toml"
    options = '[options.o]\ntitle = "x\\u009b2Jy"\nsource = "me"\n'
    path.write_text('title = "a\\u001b]0;pwned\\u0007b"\nextends = "davidson-2025"\n' + options)
    view = ooms.load(path)
    assert view.title == "a]0;pwnedb"
    assert view.options["o"].title == "x2Jy"
