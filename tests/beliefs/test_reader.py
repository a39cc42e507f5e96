"""Prior files: what they become, and what is said about each thing that can be wrong with one."""

from __future__ import annotations

import copy
import json
import re
import tomllib
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import Sampler
from ooms.beliefs.library import find, shipped, views_folder
from ooms.beliefs.marginals import REGISTRY, Empirical, Fixed, Lognormal, Uniform
from ooms.beliefs.spellings import RULES
from ooms.beliefs.view import SWITCHES, BeliefWarning, View, checked
from ooms.parameters import MAX_ROUTES, PARAMETERS, known
from ooms.problems import UserError

README = views_folder().parent / "README.md"

COMPLETE = """
title = "Complete"
[parameters]
rho = {value = -0.1, source = "me"}
compute_share = {value = 0.5, source = "me"}
parallelizability = {value = 0.6, source = "me"}
compute_exponent = {value = 0.65, source = "me"}
returns = {distribution = "loguniform", low = 0.4, high = 3.6, source = "me"}
software_limit = {distribution = "uniform", low = 6, high = 16, source = "me"}
software_growth = {distribution = "lognormal", p10 = 0.4, p90 = 1.5, source = "me"}
labour_per_training = {value = 2, source = "me"}
"""

EXTENDS = 'extends = "davidson-2025"\n'
INSIDE = "stay inside: give other ends, or a truncated_normal or truncated_lognormal with lower and upper"


@pytest.fixture
def write(tmp_path):
    """Write a file into a folder of its own; its path."""

    def to(text, name="my.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to


@pytest.fixture
def load(write):
    return lambda text, name="my.toml": ooms.load(write(text, name))


@pytest.fixture
def complaints(write):
    """(place, what, remedy) of everything that is wrong with a file."""

    def of(text, name="my.toml"):
        with pytest.raises(UserError) as caught:
            ooms.load(write(text, name))
        for problem in caught.value.problems:
            assert str(problem) in str(caught.value)
            assert all((problem.place, problem.what, problem.remedy))
        return [(p.place, p.what, p.remedy) for p in caught.value.problems]

    return of


@pytest.fixture
def says(complaints):
    """Check that a file is answered with exactly these problems, given as (place below the file, what, remedy)."""

    def check(text, *expected):
        assert complaints(text) == [(f"my.toml: {place}", what, remedy) for place, what, remedy in expected]

    return check


# -- what good files become --------------------------------------------------------------------------------------------


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


PARENT = EXTENDS + """
[[correlations]]
between = ["rho", "returns"]
spearman = 0.5
[[correlations]]
between = ["returns", "software_limit"]
spearman = 0.2
"""


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


def route(rho=0.0):
    one = f'[[routes]]\nrho = {{value = {rho}, source = "x"}}\ncompute_share = {{value = 0.2, source = "x"}}\n'
    return one + 'experiment_efficiency = {value = 1, source = "x"}\nproductivity = {value = 0.1, source = "x"}\n'


ELASTIC = EXTENDS + 'parameters.route_elasticity = {value = 9, source = "x"}\n'


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
    write("\ufeffrho, returns\n-0.1,1.5\n\n -0.2 , 2.5\n-0.2,1e0\n", "draws.csv")
    table = '{distribution = "empirical", draws = "draws.csv", source = "x"}'
    view = load(f"{EXTENDS}[parameters]\nrho = {table}\nreturns = {table}\n")
    assert view.beliefs["rho"].marginal == Empirical((-0.1, -0.2, -0.2))
    assert view.beliefs["returns"].marginal == Empirical((1.5, 2.5, 1.0))
    assert view.beliefs["rho"].joint == view.beliefs["returns"].joint == "draws.csv"


def test_joint_draws_of_a_route_have_columns_of_their_own(load, write):
    write("rho,routes.1.rho\n-0.5,-0.1\n-0.4,-0.2\n", "draws.csv")
    text = ELASTIC + route().replace("rho = {value = 0.0", 'rho = {distribution = "empirical", draws = "draws.csv"')
    assert load(text).beliefs["routes.1.rho"].marginal == Empirical((-0.1, -0.2))


# -- what is said about bad ones ---------------------------------------------------------------------------------------


def test_syntax(complaints):
    ((place, what, remedy),) = complaints("title = 'x'\n\nextends = davidson\n")
    assert (place, remedy) == ("my.toml", "mend the syntax at that line")
    assert what.startswith("is not TOML: ")
    assert "at line 3, column 11" in what


def test_a_number_of_thousands_of_digits(complaints):
    ((_, what, _),) = complaints("title = " + "1" * 5000)
    assert what.startswith("is not TOML: Exceeds the limit")


@pytest.mark.parametrize("depth", [150, 220, 5000])
def test_tables_too_deep(complaints, depth):
    nested = '{distribution = "mixture", weights = [1], components = [' * depth + "{value = 0.5}" + "]}" * depth
    ((place, what, _),) = complaints(f"[parameters]\nrho = {nested}")[:1]
    assert place.startswith("my.toml")
    assert what == "tables stand too deep in one another" or depth < 5000  # how deep is too deep: the stack says


@pytest.mark.parametrize("content", [b"\x80\x81\x00", "title = 'x'".encode("utf-16"), b"title = '\xe9'"])
def test_no_text(complaints, content):
    ((place, what, remedy),) = complaints(content)
    assert (place, remedy) == ("my.toml", "save it as UTF-8")
    assert what.startswith("is not UTF-8 text: ")


def test_an_unreadable_file(write, monkeypatch):
    path = write(COMPLETE)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)  # the tests may run as a user who may read everything
    with pytest.raises(UserError) as caught:
        ooms.load(path)
    assert str(caught.value) == f"{path}: cannot be read: Permission denied\n    -> give a file that can be read"


def test_an_empty_file_lists_what_is_needed(complaints):
    missing = [re.match(r"(\w+) is missing", what)[1] for _, what, _ in complaints("")]
    assert missing == ["rho", "compute_share", "parallelizability", "compute_exponent", "returns", "software_limit",
                       "software_growth", "labour_per_training"]  # fmt: skip


FORMS = {
    "unknown key": ('descripton = "x"', ("descripton", "descripton is not known here", "did you mean description?")),
    "text": ("title = 3", ("title", "title = 3 is not text", "give text in quotes")),
    "long": (f"url = [{'1, ' * 99}]", ("url", f"url = {str([1] * 99)[:57]}... is not text", "give text in quotes")),
    "extends": ("extends = true", ("extends", "extends = true is not text", "give text in quotes")),
    "parameters": ("parameters = 3", ("parameters", "parameters = 3 is not a table",
                                      "write it as a table: [parameters]")),
    "routes": ("routes = {}", ("routes", "routes = {} is not a list of tables",
                               "write it as a list of tables: [[routes]]")),
    "a route": ("routes = [3]", ("routes[0]", "routes = 3 is not a table", "write it as a table: [[routes]]")),
    "variants": ("variants = 1", ("variants", "variants = 1 is not a table", "write it as a table: [variants]")),
    "correlations": ("correlations = 'x'", ("correlations", "correlations = 'x' is not a list of tables",
                                            "write it as a list of tables: [[correlations]]")),
    "a correlation": ("correlations = [3]", ("correlations[0]", "correlations = 3 is not a table",
                                             "write it as a table: [[correlations]]")),
    "a switch": ("variants.retraining = 1", ("variants.retraining", "retraining = 1 is not a switch position",
                                             "write true, false or \"as coded\"")),
    "which switch": ("variants.retrainig = true", ("variants.retrainig", "retrainig is not known here",
                                                   "did you mean retraining?")),
    "in a correlation": ('[[correlations]]\nbetwen = ["rho", "returns"]\nspearman = 0.1',
                         ("correlations[0].between", "between is missing", "add between"),
                         ("correlations[0].betwen", "betwen is not known here", "did you mean between?")),
    "pair": ('[[correlations]]\nbetween = ["rho"]\nspearman = 0.1',
             ("correlations[0].between[1]", "['rho'] is not a pair of names",
              'name two: between = ["rho", "returns"]')),
    "triple": ('[[correlations]]\nbetween = ["rho", "returns", "speed"]\nspearman = 0.1',
               ("correlations[0].between", "['rho', 'returns', 'speed'] is not a pair of names",
                'name two: between = ["rho", "returns"]')),
    "above": ('[[correlations]]\nbetween = ["rho", "returns"]\nspearman = 1.5',
              ("correlations[0].spearman", "spearman = 1.5 is not below 1", "give a number below 1")),
    "below": ('[[correlations]]\nbetween = ["rho", "returns"]\nspearman = -1',
              ("correlations[0].spearman", "spearman = -1 is not above -1", "give a number above -1")),
    "no number": ('[[correlations]]\nbetween = ["rho", "returns"]\nspearman = "0.1"',
                  ("correlations[0].spearman", "spearman = '0.1' is not a number", "give a number, without quotes")),
}  # fmt: skip


@pytest.mark.parametrize("text", FORMS, ids=FORMS.keys())
def test_form(says, text):
    given_text, *expected = FORMS[text]
    says(given_text, *expected)


ENTRIES = {
    "unknown parameter": ('retruns = {value = 1, source = "x"}',
                          ("retruns", "there is no parameter retruns", "did you mean returns or returns_total?")),
    "route in quotes": ('"routes.1.rho" = {value = 1, source = "x"}', None),
    "no table": ("speed = 30", ("speed", "speed = 30 is not a table",
                                'write it as a table: speed = {value = 30, source = "..."}')),
    "text": ('speed = "fast"', ("speed", "speed = 'fast' is not a table",
                                'write it as a table: speed = {value = 3, source = "..."}')),
    "no source": ("speed = {value = 3}", ("speed.source", "the source is missing",
                                          'say where it comes from: source = "my own judgement"')),
    "blank source": ('speed = {value = 3, source = " "}', ("speed.source", "the source is missing",
                                                           'say where it comes from: source = "my own judgement"')),
    "source": ("speed = {value = 3, source = 3}", ("speed.source", "source = 3 is not text", "give text in quotes")),
    "note": ('speed = {value = 3, source = "x", note = 3}', ("speed.note", "note = 3 is not text",
                                                             "give text in quotes")),
    "grade": ('speed = {value = 3, source = "x", grade = "Q"}',
              ("speed.grade", "grade = 'Q' is not known", "use one of: 'P', 'C', 'A', 'S' or 'J'")),
    "nothing": ('speed = {source = "x"}',
                ("speed.distribution", "no distribution is named",
                 'give value = 3 for a fixed value, or distribution = "lognormal" and what it takes')),
    "distribution": ('speed = {distribution = "lognornal", p10 = 1, p90 = 2, source = "x"}',
                     ("speed.distribution", "'lognornal' is not a distribution", "did you mean lognormal or normal?")),
    "quantiles": ('speed = {distribution = "lognormal", p10 = 13, p90 = 3, source = "x"}',
                  ("speed.p90", "p90 = 3 is not above p10 = 13", "give p90 above p10")),
    "source key": ('speed = {value = 3, sorce = "x"}',
                   ("speed.source", "the source is missing", 'say where it comes from: source = "my own judgement"'),
                   ("speed.sorce", "fixed takes no sorce", "fixed takes value; for example {value = 3}")),
    "domain": ('rho = {distribution = "uniform", low = 0, high = 2, source = "x"}',
               ("rho", "rho ~ uniform(0, 2) reaches 0 to 2, outside its domain (-inf, 1)", INSIDE)),
    "unbounded": ('speed = {distribution = "normal", mean = 30, sd = 1, source = "x"}',
                  ("speed", "speed ~ normal(30, 1) reaches -inf to inf, outside its domain (0, inf)", INSIDE)),
    "open end": ('rho = {value = 1, source = "x"}',
                 ("rho", "rho = 1 is outside its domain (-inf, 1)", "give a value inside")),
    "open low end": ('speed = {value = 0, source = "x"}',
                     ("speed", "speed = 0 is outside its domain (0, inf)", "give a value inside")),
    "atom on an open end": ('speed = {distribution = "discrete", values = [0, 3], weights = [1, 1], source = "x"}',
                            ("speed", "speed ~ discrete([0, 3], [1, 1]) reaches 0 to 3, outside its domain (0, inf)",
                             INSIDE)),
    "infinite": ("speed = {value = inf, source = 'x'}",
                 ("speed.value", "value holds inf", "give only finite numbers in value")),
}  # fmt: skip


@pytest.mark.parametrize("case", ENTRIES, ids=ENTRIES.keys())
def test_entry(says, complaints, case):
    text, *expected = ENTRIES[case]
    if expected == [None]:
        ((_, what, _),) = complaints(f"{EXTENDS}[parameters]\n{text}\n")
        assert what == "there is no parameter routes.1.rho"
    else:
        says(f"{EXTENDS}[parameters]\n{text}\n", *((f"parameters.{place}", *rest) for place, *rest in expected))


def test_a_continuous_belief_may_reach_an_open_end(load):
    text = 'speed = {distribution = "uniform", low = 0, high = 3, source = "x"}'
    assert load(f"{EXTENDS}[parameters]\n{text}\n").beliefs["speed"].marginal == Uniform(0, 3)


def test_everything_at_once(says):
    says(
        """
titel = "x"
extends = "nope.toml"
correlations = 3
[parameters]
speed = {distribution = "lognormal", p10 = 9, p90 = 3, source = "x"}
skill = {value = -3}
workforce = 3
retruns = {value = 1, source = "x"}
rho = {value = 1.5, source = "x"}
[[routes]]
rho = {value = 2, source = "x"}
""",
        ("correlations", "correlations = 3 is not a list of tables", "write it as a list of tables: [[correlations]]"),
        ("titel", "titel is not known here", "did you mean title or cites?"),
        ("extends", "nope.toml is not there: no such file",
         f"give the path of a prior file, or the name of a shipped view: {', '.join(shipped())}"),
        ("parameters.speed.p90", "p90 = 3 is not above p10 = 9", "give p90 above p10"),
        ("parameters.skill.source", "the source is missing", 'say where it comes from: source = "my own judgement"'),
        ("parameters.workforce", "workforce = 3 is not a table",
         'write it as a table: workforce = {value = 3, source = "..."}'),
        ("parameters.retruns", "there is no parameter retruns", "did you mean returns or returns_total?"),
        *(("routes[0]", f"{n} is missing: {known(f'routes.1.{n}').meaning}", f"give {n}")
          for n in ("compute_share", "experiment_efficiency", "productivity")),
        ("parameters.skill", "skill = -3 is outside its domain (0, inf)", "give a value inside"),
        ("parameters.rho", "rho = 1.5 is outside its domain (-inf, 1)", "give a value inside"),
        ("routes[0].rho", "rho = 2 is outside its domain (-inf, 1)", "give a value inside"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "what", "remedy"),
    [
        ("nope.toml", "nope.toml is not there: no such file", "give the path of a prior file, or "),
        ("davidson", "davidson is neither a shipped view nor a file",
         "did you mean davidson-2025 or eth-davidson-2025?"),
        ("qq", "qq is neither a shipped view nor a file", "use one of: davidson-2025, "),
        ("", '"" is not there: no such file', "give the path of a prior file"),
        (".", ". is a folder, not a file", "give the path of a prior file"),
        ("~nobody/x", "~nobody/x is not there: no such file", "give the path"),
        ("x" * 5000, "x" * 5000 + " is neither", "use one of: "),
        ("\\u0000", "\0 is neither", "use one of: "),
    ],
)
def test_nothing_to_extend(complaints, name, what, remedy):
    ((place, found, advice),) = complaints(f'extends = "{name}"')
    assert place == "my.toml: extends"
    assert found.startswith(what)
    assert advice.startswith(remedy)


def test_a_circle(write, says):
    write('extends = "b"', "a.toml")
    write('extends = "my"', "b.toml")
    text = "goes round in a circle: my.toml -> a.toml -> b.toml -> my.toml"
    with pytest.raises(UserError) as caught:
        ooms.load(write('extends = "a"'))
    ((place, what, remedy),) = [(p.place, p.what, p.remedy) for p in caught.value.problems]
    assert (place, what, remedy) == ("b.toml: extends", text, "let one of them stand on its own")
    text = "goes round in a circle: my.toml -> my.toml"
    says('extends = "my.toml"', ("extends", text, "let one of them stand on its own"))


def test_mistakes_in_a_file_and_in_what_it_extends(write):
    write('parameters.rho = {value = 1}\n[["', "a.toml")
    write('extends = "a"\nparameters.retruns = {value = 1, source = "x"}\n', "b.toml")
    with pytest.raises(UserError) as caught:
        ooms.load(write('extends = "b"\nparameters.skil = {value = 1, source = "x"}\n', "c.toml"))
    places = [p.place for p in caught.value.problems]
    assert places == ["a.toml", "b.toml: parameters.retruns", "c.toml: parameters.skil"]


def test_a_mistake_that_is_taken_over_is_placed_where_it_is_made(write):
    write(EXTENDS + 'parameters.rho = {value = 2, source = "x"}\n', "a.toml")
    with pytest.raises(UserError, match=r"^a\.toml: parameters\.rho: rho = 2 is outside"):
        ooms.load(write('extends = "a"', "b.toml"))


@pytest.mark.parametrize("name", ["davidson", "nope.toml", ".", "", "\0", "~nobody/x", "y" * 5000, 3])
def test_load_of_nothing(name):
    with pytest.raises(UserError):
        ooms.load(name)


def test_load_of_a_folder(tmp_path):
    with pytest.raises(UserError, match="is a folder, not a file"):
        ooms.load(tmp_path)


WHOLE = {
    "two spellings": (
        'parameters.rho = {value = -0.1, source = "x"}\nparameters.sigma = {value = 0.7, source = "x"}',
        ("parameters", "rho is stated more than once: by rho, by sigma", "keep one of them")),
    "two other spellings": (
        'parameters.max_speed = {value = 9, source = "x"}\nparameters.sigma = {value = 0.7, source = "x"}',
        ("parameters", "rho is stated more than once: by sigma, by max_speed", "keep one of them")),
    "half a spelling": (
        'parameters.labour_ceiling = {value = 9, source = "x"}',
        ("parameters", "labour_ceiling is given without compute_ceiling", "give compute_ceiling too")),
    "a third of a spelling": (
        'parameters.historical_software_growth = {value = 1, source = "x"}',
        ("parameters", "historical_software_growth is given without historical_labour_growth",
         "give historical_labour_growth too"),
        ("parameters", "historical_software_growth is given without historical_compute_growth",
         "give historical_compute_growth too")),
    "unknown in a pair": (
        '[[correlations]]\nbetween = ["rho", "retruns"]\nspearman = 0.1',
        ("correlations (rho, retruns)", "there is no parameter retruns", "did you mean returns?")),
    "not in the file": (
        '[[correlations]]\nbetween = ["sigma", "returns"]\nspearman = 0.1',
        ("correlations (sigma, returns)", "sigma has no distribution in this view",
         "name parameters as the file states them")),
    "fixed": (
        '[[correlations]]\nbetween = ["speed", "returns"]\nspearman = 0.1',
        ("correlations (speed, returns)", "speed is fixed at 30", "drop it, or let it vary")),
    "twice": (
        '[[correlations]]\nbetween = ["rho", "returns"]\nspearman = 0.1\n'
        '[[correlations]]\nbetween = ["returns", "rho"]\nspearman = 0.2',
        ("correlations (returns, rho)", "the pair is correlated twice", "keep one of them")),
    "itself": (
        '[[correlations]]\nbetween = ["rho", "rho"]\nspearman = 0.1',
        ("correlations (rho, rho)", "a parameter is correlated with itself", "name two parameters")),
    "elasticity": (
        route(), ("parameters", "routes are given without route_elasticity",
                  "give route_elasticity: 1 adds routes up, large values let the strongest win")),
    "retraining and hardware": (
        'variants.retraining = true\nparameters.hardware_growth = {value = 0.1, source = "x"}',
        ("variants.retraining", "retraining = true does not go with hardware_growth",
         "switch one of them off: retraining is defined on progress alone, without calendar time")),
    "half a shock": (
        'parameters.hardware_shock = {value = 0.1, source = "x"}',
        ("parameters", "hardware_shock is given without hardware_shock_year", "give hardware_shock_year too")),
    "taste": (
        'parameters.taste_multiplier = {distribution = "loguniform", low = 2, high = 20000, source = "x"}',
        ("parameters.taste_multiplier", "taste_multiplier reaches 20000, not below the taste_ceiling of 10000",
         "give it an upper end (truncated_lognormal with upper), a higher ceiling, or a taste_limit")),
    "several": (
        'parameters.rho = {value = -0.1, source = "x"}\nparameters.sigma = {value = 0.7, source = "x"}\n'
        'parameters.rho_long_run = {value = 0, source = "x"}\n'
        '[[correlations]]\nbetween = ["speed", "returns"]\nspearman = 0.1',
        ("parameters", "rho is stated more than once: by rho, by sigma", "keep one of them"),
        ("parameters", "rho_long_run is given without adjustment_years", "give adjustment_years too"),
        ("correlations (speed, returns)", "speed is fixed at 30", "drop it, or let it vary")),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE, ids=WHOLE.keys())
def test_entries_that_do_not_go_together(says, case):
    text, *expected = WHOLE[case]
    says(EXTENDS + text, *expected)


def test_impossible_correlations(complaints):
    pairs = [("rho", "returns", 0.9), ("returns", "software_limit", 0.9), ("rho", "software_limit", -0.9)]
    text = "\n".join(f'[[correlations]]\nbetween = ["{a}", "{b}"]\nspearman = {s}' for a, b, s in pairs)
    ((place, what, remedy),) = complaints(EXTENDS + text)
    assert place == "my.toml: correlations"
    assert what.startswith("those of returns, rho, software_limit cannot hold together: ")
    assert re.search(r"eigenvalue.* -0\.\d+", what)
    assert remedy == "bring them closer to 0, or give the pairs that are left out (they count as 0)"


@pytest.mark.parametrize(
    ("left_out", "ways"),
    [
        ("rho", "give rho (or sigma, or max_speed, or labour_ceiling with compute_ceiling), "
                "or extend a view that does"),
        ("compute_share", "give compute_share (or labour_ceiling with compute_ceiling), or extend a view that does"),
        ("parallelizability", "give parallelizability (or labour_exponent), or extend a view that does"),
        ("returns", "give returns (or returns_total, or historical_labour_growth with historical_compute_growth with "
                    "historical_software_growth, or difficulty_exponent, or historical_research_growth), or extend "
                    "a view that does"),
        ("software_limit", "give software_limit (or software_limit_years), or extend a view that does"),
        ("software_growth", "give software_growth, or extend a view that does"),
    ],
)  # fmt: skip
def test_what_is_missing_and_the_ways_to_state_it(says, left_out, ways):
    text = "\n".join(line for line in COMPLETE.splitlines() if not line.startswith(f"{left_out} ="))
    says(text, ("parameters", f"{left_out} is missing: {PARAMETERS[left_out].meaning}", ways))


def test_smarter_copies_twice(write):
    path = write(EXTENDS + 'parameters.taste_slope = {value = 0.4, source = "x"}\n')
    with pytest.warns(BeliefWarning, match="^smarter-copies-twice: labour_per_training above 1") as caught:
        view = ooms.load(path)
    assert view.warnings == (str(caught[0].message),)
    assert caught[0].filename == __file__  # it points at the caller


def test_routes(says):
    fields = route().splitlines()
    says(
        ELASTIC + route() + "\n".join(fields[:3]) + "\nspeed = {value = 1, source = 'x'}\nprodutivity = 3\n",
        ("routes[1].speed", "a route says nothing about speed",
         "use one of: rho, compute_share, experiment_efficiency, productivity"),
        ("routes[1].produtivity", "a route says nothing about produtivity", "did you mean productivity?"),
        ("routes[1]", f"experiment_efficiency is missing: {known('experiment_efficiency').meaning}",
         "give experiment_efficiency"),
        ("routes[1]", "productivity is missing: today's productivity of the route over that of the main one",
         "give productivity"),
    )  # fmt: skip
    says(ELASTIC + route() * 9, ("routes", "there are 9 routes", "give at most 8"))
    says(
        ELASTIC + route(2) + route().replace("{value = 0.1", "{value = 0"),
        ("routes[0].rho", "rho = 2 is outside its domain (-inf, 1)", "give a value inside"),
        ("routes[1].productivity", "productivity = 0 is outside its domain (0, inf)", "give a value inside"),
    )


SEVERAL = "draws come from several files: draws.csv (1 rows), other.csv (1 rows)"

DRAWS = {
    "column": ("speed,skill\n1,2\n", "draws.csv has no column rho in its first line", "use one of: speed, skill"),
    "near": ("roh,skill\n1,2\n", "draws.csv has no column rho in its first line", "did you mean roh?"),
    "empty": ("", "draws.csv has no column rho in its first line", "use one of: "),
    "no rows": ("rho,skill\n", "draws.csv: values is empty", "give at least one value"),
    "word": ("rho,skill\n-0.1,1\n\nlow,2\n", "draws.csv, line 4: there is no number for rho in 'low,2'",
             "give 2 numbers with commas between"),
    "short": ("skill,rho\n1,-0.1\n1\n", "draws.csv, line 3: there is no number for rho in '1'",
              "give 2 numbers with commas between"),
    "semicolons": ("rho,skill\n-0.1;1\n", "draws.csv, line 2: there is no number for rho in '-0.1;1'",
                   "give 2 numbers with commas between"),
    "nan": ("rho,skill\nnan,1\n", "draws.csv: values holds nan", "give only finite numbers in values"),
    "binary": (b"\x80\x81", "'draws.csv' is not a file of text", "give a file of comma-separated numbers"),
}  # fmt: skip


@pytest.mark.parametrize("case", DRAWS, ids=DRAWS.keys())
def test_joint_draws_that_cannot_be_used(write, says, case):
    content, what, remedy = DRAWS[case]
    write(content, "draws.csv")
    table = '{distribution = "empirical", draws = "draws.csv", source = "x"}'
    says(f"{EXTENDS}parameters.rho = {table}", ("parameters.rho.draws", what, remedy))


@pytest.mark.parametrize(("name", "why"), [("gone.csv", "No such file or directory"), (".", "Is a directory")])
def test_joint_draws_that_are_not_there(write, says, tmp_path, name, why):
    text = f'{EXTENDS}parameters.rho = {{distribution = "empirical", draws = "{name}", source = "x"}}'
    what = f"{tmp_path / name} cannot be read: {why}"
    says(text, ("parameters.rho.draws", what, "give a file beside the prior file"))


def test_joint_draws_and_something_else(write, says):
    write("rho,returns\n-0.1,1\n", "draws.csv")
    write("rho,returns\n-0.1,1\n", "other.csv")
    start = f'{EXTENDS}parameters.rho = {{distribution = "empirical", draws = "draws.csv", '
    says(start + 'values = [1], source = "x"}',
         ("parameters.rho.values", "values is given beside draws, which already say it", "leave out values"))
    says(start + 'source = "x"}\nparameters.returns = {distribution = "empirical", draws = "other.csv", source = "x"}',
         ("parameters", SEVERAL, "put them into one file"))
    says(start + 'source = "x"}\n[[correlations]]\nbetween = ["rho", "returns"]\nspearman = 0.1',
         ("correlations (rho, returns)", "rho comes from joint draws, which keep their own correlations", "drop it"))


def test_joint_draws_of_a_file_and_of_what_it_extends_come_from_one_file(write, says):
    write("rho,returns\n-0.1,1\n", "draws.csv")
    write("rho,returns\n-0.1,1\n", "other.csv")
    write(f'{EXTENDS}parameters.rho = {{distribution = "empirical", draws = "draws.csv", source = "x"}}', "parent.toml")
    says('extends = "parent"\nparameters.returns = {distribution = "empirical", draws = "other.csv", source = "x"}',
         ("parameters", SEVERAL, "put them into one file"))


# -- no bad file ends in anything but a UserError ----------------------------------------------------------------------

NONSENSE = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=6),
        st.sampled_from(["rho", "returns", "davidson-2025", "empirical", "mixture", "J", 0, 1, -1, 1e308, -1e-320]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=4), st.sampled_from(
                ["value", "distribution", "source", "p10", "p90", "p2", "low", "high", "values", "weights", "draws",
                 "components", "between", "spearman", "interval", "mass", "mode", "shift", "excess_p10", "5"])),
            inner, max_size=4),
    ),
    max_leaves=6,
)  # fmt: skip

RICH = tomllib.loads(
    (views_folder() / "davidson-2025.toml").read_text(encoding="utf-8")
    + '[parameters.route_elasticity]\nvalue = 3\nsource = "x"\n'
    + route()
    + '[[correlations]]\nbetween = ["rho", "returns"]\nspearman = 0.4\n[variants]\nretraining = true\n'
)
TABLES = [
    {"distribution": name, **dict(family.example), "source": "x"} if name != "fixed" else {"value": 1, "source": "x"}
    for name, family in REGISTRY.items()
]


def toml(value):
    """A value in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case float() | int():
            return repr(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
        case _:
            return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"


def places(value, path=()):
    """Paths to everything inside a nested value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield (*path, key)
        yield from places(item, (*path, key))


def loaded_or_refused(path):
    """A file is loaded, or refused with complete problems; no other exception and no warning of Python's own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)
        try:
            ooms.load(path)
        except UserError as error:
            problems = error.problems
        else:
            return
    assert problems
    assert all(p.place and p.what and p.remedy for p in problems)


FUZZ = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@given(data=st.data())
@FUZZ
def test_nonsense_anywhere_in_a_file(tmp_path_factory, data):
    table = copy.deepcopy(RICH)
    table["parameters"]["speed"] = copy.deepcopy(data.draw(st.sampled_from(TABLES)))
    for _ in range(data.draw(st.integers(1, 3))):
        found = [path for path in places(table) if path[-1] not in ("source", "note", "grade")]
        *above, key = data.draw(st.sampled_from(found))
        inside = table
        for step in above:
            inside = inside[step]
        action = data.draw(st.sampled_from(["put", "put", "put", "drop", "rename", "add"]))
        if action == "put" or isinstance(inside, list):
            inside[key] = data.draw(NONSENSE)
        elif action == "drop":
            del inside[key]
        elif action == "rename":
            inside[data.draw(st.sampled_from([f"{key}x", "sigma", "p10", "value", ""]))] = inside.pop(key)
        else:
            new = data.draw(st.sampled_from(["sigma", "p10", "p2", "value", "draws", "interval", "zz"]))
            inside[new] = data.draw(NONSENSE)
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_text("\n".join(f"{toml(k)} = {toml(v)}" for k, v in table.items()), encoding="utf-8")
    tomllib.loads(path.read_text(encoding="utf-8"))  # the writer is right
    loaded_or_refused(path)


@given(value=NONSENSE, key=st.sampled_from(["parameters", "routes", "correlations", "variants", "extends", "title"]))
@FUZZ
def test_nonsense_at_the_top(tmp_path_factory, value, key):
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_text(f'extends = "davidson-2025"\n{key} = {toml(value)}'.replace(EXTENDS, EXTENDS * (key != "extends")),
                    encoding="utf-8")  # fmt: skip
    loaded_or_refused(path)


@given(data=st.data())
@settings(FUZZ, max_examples=40)
def test_characters_changed_anywhere(tmp_path_factory, data):
    text = (EXTENDS + PARENT.removeprefix(EXTENDS) + COMPLETE.replace('title = "Complete"', "")).encode()
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 5))
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_bytes(text[:at] + data.draw(st.binary(max_size=3)) + text[at + length :])
    loaded_or_refused(path)


@given(content=st.binary(max_size=40) | st.text("0123456789.,-+einfa\n\r rhoetus", max_size=60).map(str.encode))
@settings(FUZZ, max_examples=40)
def test_any_file_of_draws(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    (folder / "fuzzed.csv").write_bytes(b"rho,returns\n" + content)
    path = folder / "fuzzed.toml"
    path.write_text(f'{EXTENDS}parameters.rho = {{distribution = "empirical", draws = "fuzzed.csv", source = "x"}}')
    loaded_or_refused(path)


# -- the shipped views, and the page that explains prior files ---------------------------------------------------------


def test_the_default_view_comes_first():
    assert shipped()[0] == "davidson-2025"
    assert len(set(shipped())) == len(shipped()) >= 2
    assert find("davidson-2025") == views_folder() / "davidson-2025.toml"


@pytest.mark.parametrize("name", shipped())
def test_shipped_views(name):
    view = ooms.load(name)  # a warning would be an error here
    assert view.name == name
    assert view.title
    assert view.description.strip()
    assert view.citation.strip()
    assert view.cites
    assert not view.warnings
    for parameter, belief in view.beliefs.items():
        assert len(belief.source) > 5, parameter
        assert belief.grade in tuple("PCASJ"), parameter
    block = Sampler(view).block(0, 1024)
    assert all(np.all(np.isfinite(v)) for v in block.values.values())


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


FILES = {re.match(r"# (\S+\.toml)\n", b)[1]: b for b in blocks("toml") if b.startswith("# ")}
PIECES = [b for b in blocks("toml") if not b.startswith("# ")]


@pytest.mark.parametrize("name", sorted(set(FILES) - {"mistaken.toml"}))
def test_files_in_the_readme(load, write, name):
    (draws,) = blocks("csv")
    write(draws, "draws.csv")
    view = load(FILES[name], name)
    assert view.name == name.removesuffix(".toml")
    Sampler(view).block(0, 256)


@pytest.mark.parametrize("piece", PIECES)
def test_pieces_in_the_readme(load, piece):
    assert len(load(EXTENDS + piece).beliefs) >= 15


def test_the_readme_shows_every_distribution_and_key():
    text = README.read_text(encoding="utf-8")
    shown = "\n".join(blocks("toml"))
    for name in set(REGISTRY) - {"fixed"}:
        assert f'distribution = "{name}"' in shown
        assert f"| `{name}` | " in text
    for key in ("title", "description", "citation", "url", "extends", *SWITCHES, "source", "note", "grade"):
        assert f"`{key}`" in text


def test_the_readme_states_every_parameter_as_it_is():
    text = README.read_text(encoding="utf-8")
    for name, p in PARAMETERS.items():
        row = re.search(rf"^\| `{name}` \| (.*) \|$", text, re.MULTILINE)[1]
        *said, silent = row.split(" | ")
        assert said == [p.symbol, p.meaning, p.unit, p.domain()]
        assert silent == (f"{p.neutral:g}" if p.neutral is not None else silent)
        assert (silent == "required") == any(f"{name} is missing" in str(error) for error in missing_from_nothing())
    for rule in RULES:
        assert f"| {' and '.join(f'`{t}`' for t in rule.targets)} | `{rule.names[0]}`" in text
        assert all(f"`{n}`: " in text or f"`{n}`" in text for n in rule.names)


def missing_from_nothing():
    with pytest.raises(UserError) as caught:
        checked(View("nothing", {}), "nothing")
    return caught.value.problems


def test_the_errors_in_the_readme_are_real(write):
    with pytest.raises(UserError) as caught:
        ooms.load(write(FILES["mistaken.toml"], "mistaken.toml"))
    assert str(caught.value) == blocks("text")[-1].strip()
