"""Prior files: what good ones become."""

from __future__ import annotations

import pytest
from prior_texts import COMPLETE, ELASTIC, EXTENDS, PARENT, route

import ooms
from ooms.distributions.marginals import Empirical, Fixed, Lognormal
from ooms.parameters import MAX_ROUTES


def test_a_complete_file(load):
    view = load(COMPLETE)
    assert (view.name, view.title, view.declining_returns, view.retraining) == ("my", "Complete", True, False)
    assert view.beliefs["returns"].source == "me"
    assert view.beliefs["returns"].file == "my.toml"
    assert view.beliefs["software_growth"].marginal == Lognormal.fit({0.1: 0.4, 0.9: 1.5})
    assert view.changes == view.correlations == view.warnings == ()


def test_a_file_takes_over_what_it_extends(load):
    base = ooms.load("davidson-2025")
    view = load(EXTENDS + '[parameters.rho]\nvalue = -0.4\nsource = "x"\nnote = "y"\ngrade = "J"\n')
    rho = view.beliefs["rho"]
    assert (rho.marginal, rho.source, rho.note, rho.grade, rho.file) == (Fixed(-0.4), "x", "y", "J", "my.toml")
    assert dict(view.beliefs) == {**base.beliefs, "rho": rho}
    assert view.beliefs["returns"].file == "davidson-2025.toml"


def test_a_chain_of_files(write):
    write(EXTENDS + 'parameters.rho = {value = -0.4, source = "a"}\nvariants.retraining = true\n', "a.toml")
    write('extends = "a.toml"\nparameters.speed = {value = 9, source = "b"}\n', "b.toml")
    view = ooms.load(write('extends = "b"\nparameters.rho = {value = -0.3, source = "c"}\n', "c.toml"))
    assert [view.beliefs[n].file for n in ("rho", "speed", "returns")] == ["c.toml", "b.toml", "davidson-2025.toml"]
    assert view.retraining


def test_a_file_beside_comes_before_a_shipped_view_of_that_name(write):
    write(COMPLETE, "davidson-houlden-2025.toml")
    assert ooms.load(write('extends = "davidson-houlden-2025"', "a.toml")).beliefs["rho"].marginal == Fixed(-0.1)


@pytest.mark.parametrize("text", ["\ufeff" + COMPLETE, COMPLETE.replace("\n", "\r\n")], ids=["mark", "windows"])
def test_files_from_windows(load, text):
    assert load(text).title == "Complete"


@pytest.mark.parametrize(
    ("own", "gone", "kept"),
    [
        ('sigma = {value = 0.7, source = "x"}', {"rho"}, {"compute_share"}),
        ('max_speed = {value = 30, source = "x"}', {"rho"}, {"compute_share"}),
        ('labour_ceiling = {value = 30, source = "x"}\ncompute_ceiling = {value = 9, source = "x"}',
         {"rho", "compute_share"}, set()),
        ('labour_exponent = {value = 0.3, source = "x"}', {"parallelizability"}, {"compute_share"}),
        ('returns_total = {value = 2, source = "x"}', {"returns"}, set()),
        ('taste_limit = {value = 2, source = "x"}', {"taste_ceiling"}, {"taste_multiplier"}),
        ('compute_slowdown = {value = 2, source = "x"}', {"compute_exponent"}, set()),
        ('software_limit_years = {value = 9, source = "x"}', {"software_limit"}, {"software_share"}),
    ],
)  # fmt: skip
def test_a_spelling_replaces_that_of_the_file_extended(load, own, gone, kept):
    view = load(f"{EXTENDS}[parameters]\n{own}\n")
    assert not gone & set(view.beliefs)
    assert kept <= set(view.beliefs)


def test_a_spelling_back_again(write):
    write(EXTENDS + 'parameters.sigma = {value = 0.7, source = "a"}\n', "a.toml")
    view = ooms.load(write('extends = "a"\nparameters.rho = {value = -0.2, source = "b"}\n', "b.toml"))
    assert "sigma" not in view.beliefs


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("", [("rho", "returns", 0.5), ("returns", "software_limit", 0.2)]),
        ('[[correlations]]\nbetween = ["returns", "rho"]\nspearman = -0.1',
         [("returns", "software_limit", 0.2), ("returns", "rho", -0.1)]),
        ('parameters.rho = {value = -0.2, source = "x"}', [("returns", "software_limit", 0.2)]),
        ('parameters.sigma = {distribution = "uniform", low = 0.5, high = 0.9, source = "x"}',
         [("returns", "software_limit", 0.2)]),
        ('parameters.returns = {distribution = "empirical", draws = "d.csv", source = "x"}', []),
    ],
)  # fmt: skip
def test_correlations_are_taken_over_while_their_parameters_vary(write, own, expected):
    write(PARENT, "parent.toml")
    write("returns\n1\n2\n", "d.csv")
    view = ooms.load(write(f'extends = "parent"\n{own}\n'))
    assert [tuple(c) for c in view.correlations] == expected


def test_routes_are_taken_over_or_replaced_as_a_whole(write):
    write(ELASTIC + route(0) + route(0.1), "parent.toml")
    same = ooms.load(write('extends = "parent"\n'))
    assert same.routes == 2
    assert same.beliefs["routes.2.rho"].marginal == Fixed(0.1)
    other = ooms.load(write('extends = "parent"\n' + route(-0.3)))
    assert other.routes == 1
    assert other.beliefs["routes.1.rho"].marginal == Fixed(-0.3)
    assert ooms.load(write(ELASTIC + route() * MAX_ROUTES)).routes == MAX_ROUTES


def test_without_declining_returns_no_limit_is_needed(load):
    without = "\n".join(line for line in COMPLETE.splitlines() if "software_limit" not in line)
    assert not load(without + "\n[variants]\ndeclining_returns = false\n").declining_returns


def test_joint_draws(load, write):
    write("\ufeffrho, returns\n-0.1,1.5\n -0.2 , 2.5\n-0.2,1e0\n\n", "draws.csv")
    table = '{distribution = "empirical", draws = "draws.csv", source = "x"}'
    view = load(f"{EXTENDS}[parameters]\nrho = {table}\nreturns = {table}\n")
    assert view.beliefs["rho"].marginal == Empirical((-0.1, -0.2, -0.2))
    assert view.beliefs["returns"].marginal == Empirical((1.5, 2.5, 1.0))
    assert view.beliefs["rho"].joint == view.beliefs["returns"].joint == "draws.csv"


def test_joint_draws_of_a_route_have_columns_of_their_own(load, write):
    write("rho,routes.1.rho\n-0.5,-0.1\n-0.4,-0.2\n", "draws.csv")
    text = ELASTIC + route().replace("rho = {value = 0.0", 'rho = {distribution = "empirical", draws = "draws.csv"')
    assert load(text).beliefs["routes.1.rho"].marginal == Empirical((-0.1, -0.2))
