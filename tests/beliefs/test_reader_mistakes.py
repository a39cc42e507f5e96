"""Prior files: what is said about each thing that can be wrong with one."""

from __future__ import annotations

import os
import re

import pytest
from prior_texts import COMPLETE, ELASTIC, EXTENDS, route

import ooms
from ooms.beliefs.view import BeliefWarning
from ooms.distributions.marginals import Uniform
from ooms.files.library import shipped
from ooms.parameters import PARAMETERS, known
from ooms.problems import UserError

INSIDE = "stay inside: give other ends, or a truncated_normal or truncated_lognormal with lower and upper"


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

    monkeypatch.setattr(os, "open", refuse)  # the tests may run as a user who may read everything
    with pytest.raises(UserError) as caught:
        ooms.load(path)
    assert str(caught.value) == f"{path}: cannot be read: Permission denied\n    -> give a file that can be read"


def test_an_empty_file_lists_what_is_needed(complaints):
    missing = [re.match(r"(\w+) is missing", what)[1] for _, what, _ in complaints("")]
    assert missing == ["rho", "compute_share", "parallelizability", "compute_exponent", "difficulty", "software_limit",
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


def test_what_lacks_something_and_holds_too_much(complaints):
    """What an option lacks is filled in, so that the rest of it and the next option are checked."""
    wrong = "".join(f"[options.{name}]\na = 1\nb = 2\nc = 3\n" for name in ("x", "y"))
    places = [place for place, _, _ in complaints(f"{EXTENDS}{wrong}[options.z.parameters]\nrho = 3\n")]
    missing, unknown = ("title", "source"), ("a", "b", "c")
    expected = {f"my.toml: options.{name}.{key}" for name in "xy" for key in missing + unknown}
    assert expected <= set(places)
    assert any("options.z" in place for place in places)


@pytest.mark.parametrize("text", FORMS, ids=FORMS.keys())
def test_form(says, text):
    given_text, *expected = FORMS[text]
    says(given_text if "extends" in given_text else EXTENDS + given_text, *expected)


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
        ("\\u0000", '"" is not there: no such file', "give the path of a prior file"),
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
        ("correlations (rho, retruns)", "there is no parameter retruns", "did you mean returns or returns_total?")),
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
        ("difficulty", "give difficulty (or returns_total, or historical_labour_growth with historical_compute_growth "
                       "with historical_software_growth, or returns, or difficulty_exponent, or "
                       "historical_research_growth), or extend a view that does"),
        ("software_limit", "give software_limit (or software_limit_years), or extend a view that does"),
        ("software_growth", "give software_growth, or extend a view that does"),
    ],
)  # fmt: skip
def test_what_is_missing_and_the_ways_to_state_it(says, left_out, ways):
    names = ("difficulty =", "returns =") if left_out == "difficulty" else (f"{left_out} =",)
    text = "\n".join(line for line in COMPLETE.splitlines() if not line.startswith(names))
    says(text, ("parameters", f"{left_out} is missing: {PARAMETERS[left_out].meaning}", ways))


def test_smarter_copies_twice(write):
    slope = 'parameters.taste_slope = {value = 0.4, source = "x"}\n'
    path = write(EXTENDS + slope)
    with pytest.warns(BeliefWarning, match="^smarter-copies-twice: labour_per_training above 1") as caught:
        view = ooms.load(path)
    assert view.warnings == (str(caught[0].message),)
    assert caught[0].filename == __file__  # it points at the caller
    without = 'parameters.taste_multiplier = {value = 1, source = "x"}\n'
    for text in (f"{EXTENDS}{slope}{without}", COMPLETE + slope.removeprefix("parameters.")):  # taste has no effect
        with pytest.warns(BeliefWarning, match="^no-effect: "):
            assert not any("smarter-copies-twice" in warning for warning in ooms.load(write(text)).warnings)


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


SEVERAL = "draws come from several files: draws.csv (named in {}.toml, 1 rows), other.csv (named in my.toml, 1 rows)"

NUMBERS = "give 2 numbers with commas between"
FINITE = "give a number such as -0.25 or 1e3"
DRAWS = {
    "column": ("speed,skill\n1,2\n", "line 1: there is no column rho",
               "name a column rho; there are columns for speed, skill"),
    "near": ("secret,skill\n1,2\n", "line 1: there is no column rho", "name a column rho; there are columns for skill"),
    "empty": ("\n", "is empty", "give names in the first line, and a row for each draw"),
    "no rows": ("rho,skill\n", "there are no rows below the names", "give a row for each draw"),
    "word": ("rho,skill\n-0.1,1\nlow,2\n", "line 3: there is no finite number for rho, in column 1", FINITE),
    "numbers of Python's": ("skill,rho\n1,1_0\n2,\u0663\n3,0\n4,\n",
                            "lines 2, 3, 5: there is no finite number for rho, in column 2", FINITE),
    "nan": ("rho\n0\nnan\ninf\n1e999\n-inf\n",
            "lines 3, 4, 5 and 1 more: there is no finite number for rho, in column 1", FINITE),
    "blank": ("rho,skill\n-0.1,1\n\n \n-0.2,2\n\n\n", "lines 3, 4: nothing stands there", "leave out empty lines"),
    "short": ("skill,rho\n1,-0.1\n1\n", "line 3: 1 cells below 2 names", NUMBERS),
    "long": ("skill,rho\n0,1,-0.1\n0,1,-0.2\n", "lines 2, 3: 3 cells below 2 names", NUMBERS),
    "semicolons": ("rho,skill\n-0.1;1\n", "line 2: 1 cells below 2 names", NUMBERS),
    "twice": ("rho,skill,rho\n-0.1,1,-0.2\n", "line 1: columns 1 and 3 have the same name", "keep one of them"),
    "nameless": ("rho,,skill,\n-0.1,1,2,3\n", "line 1: no name for column 2, 4", "name every column in the first line"),
}  # fmt: skip


def of_draws(name="draws.csv", parameter="rho"):
    return f'{EXTENDS}parameters.{parameter} = {{distribution = "empirical", draws = "{name}", source = "x"}}'


@pytest.mark.parametrize("case", DRAWS, ids=DRAWS.keys())
def test_joint_draws_that_cannot_be_used(write, says, case):
    content, what, remedy = DRAWS[case]
    write(content, "draws.csv")
    what = f"draws.csv{' ' if what == 'is empty' else ': ' if what.startswith('there') else ', '}{what}"
    says(of_draws(), ("parameters.rho.draws", what, remedy))


def test_all_that_is_wrong_with_joint_draws_is_said_at_once(write, says):
    write("rho,skill,skill\n-0.1,1,2\n,1,2\n\n-0.1,1\n1,2,3,4\n", "draws.csv")
    second = 'parameters.returns = {distribution = "empirical", draws = "draws.csv", source = "x"}'
    says(
        f"{of_draws()}\n{second}",
        ("parameters.rho.draws", "draws.csv, line 1: columns 2 and 3 have the same name", "keep one of them"),
        ("parameters.rho.draws", "draws.csv, line 4: nothing stands there", "leave out empty lines"),
        ("parameters.rho.draws", "draws.csv, lines 5, 6: 2 or 4 cells below 3 names",
         "give 3 numbers with commas between"),
        ("parameters.rho.draws", "draws.csv, line 3: there is no finite number for rho, in column 1", FINITE),
        ("parameters.returns.draws", "draws.csv, line 1: there is no column returns",
         "name a column returns; there are columns for rho, skill, skill"),
    )  # fmt: skip


def test_joint_draws_that_are_no_text(write, says):
    write(b"\x80\x81", "draws.csv")
    remedy = "give a file of comma-separated numbers"
    says(of_draws(), ("parameters.rho.draws", "'draws.csv' is not a file of text", remedy))


@pytest.mark.parametrize(("name", "why"), [("gone.csv", "No such file or directory"), (".", "it is no plain file")])
def test_joint_draws_that_are_not_there(says, name, why):
    says(of_draws(name), ("parameters.rho.draws", f"{name} cannot be read: {why}", "give a file beside the prior file"))


def test_joint_draws_and_something_else(write, says):
    write("rho,returns\n-0.1,1\n", "draws.csv")
    write("rho,returns\n-0.1,2\n", "other.csv")
    start = f'{EXTENDS}parameters.rho = {{distribution = "empirical", draws = "draws.csv", '
    says(start + 'values = [1], source = "x"}',
         ("parameters.rho.values", "values is given beside draws, which already say it", "leave out values"))
    says(start + 'source = "x"}\nparameters.returns = {distribution = "empirical", draws = "other.csv", source = "x"}',
         ("parameters", SEVERAL.format("my"), "put them into one file"))
    says(start + 'source = "x"}\n[[correlations]]\nbetween = ["rho", "returns"]\nspearman = 0.1',
         ("correlations (rho, returns)", "rho comes from joint draws, which keep their own correlations", "drop it"))


def test_joint_draws_of_a_file_and_of_what_it_extends_come_from_one_file(write, says):
    write("rho,returns\n-0.1,1\n", "draws.csv")
    write("rho,returns\n-0.1,2\n", "other.csv")
    write(f'{EXTENDS}parameters.rho = {{distribution = "empirical", draws = "draws.csv", source = "x"}}', "parent.toml")
    says('extends = "parent"\nparameters.returns = {distribution = "empirical", draws = "other.csv", source = "x"}',
         ("parameters", SEVERAL.format("parent"), "put them into one file"))
