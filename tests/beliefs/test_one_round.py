"""Everything that is wrong with a file is said in one round, and `priors check` and `forecast` say the same."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from prior_texts import COMPLETE, EXTENDS

import ooms
from ooms.beliefs.names import SYMBOLS, no_parameter, stands_for
from ooms.cli import main
from ooms.distributions.marginals import REGISTRY, from_table
from ooms.distributions.marginals.reached import outside
from ooms.parameters import PARAMETERS, SPELLINGS, known, known_names
from ooms.problems import Problems, UserError

SCRATCH = """
titel = "x"
[parameters]
alpha = {value = 0.5, source = "me"}
rho = {distribution = "uniform", low = 0, high = -0.2, source = "me"}
parallelizability = {distribution = "gaussian", mean = 0.6, source = "me"}
compute_exponent = {value = 0.65}
returns = {value = 1.2, source = "me", cites = ["nobody-1900"]}
software_growth = {value = -1, source = "me"}
lambda = {value = 1, source = "me"}
labour_ceiling = {value = 9, source = "me"}
software_limit = 8
[[correlations]]
between = ["rho", "retruns"]
spearman = 2
[[correlations]]
between = ["returns", "speed"]
spearman = 0.1
"""

BAD = {
    "from scratch": (SCRATCH, [
        "titel is not known here", "spearman = 2 is not below 1", "no parameter retruns",
        "alpha is compute_share (a)", "high = -0.2", "'gaussian' is not a distribution",
        "parameters.compute_exponent.source: the source is missing",
        "'nobody-1900' is no reference", "software_growth = -1 is outside", "lambda is parallelizability",
        "labour_ceiling is given without compute_ceiling", "software_limit = 8 is not a table",
        "compute_share is stated more than once", "rho is stated more than once",
        "labour_per_training is missing", "returns is fixed at 1.2", "speed has no distribution in this view",
    ]),
    "nothing to extend": ('extends = "nope"\n[parameters]\nspeed = {value = -1, source = "x"}\n'
                          'sigma = {value = 0.7, source = "x"}\nrho = {value = 0, source = "x"}\n',
                          ["nope is neither a shipped view nor a file", "speed = -1 is outside",
                           "rho is stated more than once: by rho, by sigma"]),
    "an unreadable switch": (COMPLETE.replace("software_limit", "skill") + '[variants]\ndeclining_returns = "no"\n'
                             'retrainig = true\n',
                             ["declining_returns = 'no'", "retrainig is not known here"]),
    "a conversion without a meaning": (EXTENDS + '[parameters]\nrho = {value = 0.5, source = "x"}\n'
                                       'compute_slowdown = {value = 50, source = "x"}\nN = {value = 1, source = "x"}\n',
                                       ["there is no compute_exponent in (0, 1], where compute_slowdown = 50",
                                        "N is workforce: write workforce"]),
    "numbers that come out at the end of a domain": (
        EXTENDS + '[parameters]\nsigma = {value = 1e17, source = "x"}\n',
        ["rho comes out as 1, outside its domain (-inf, 1), where sigma = 1e+17"]),
    "an option and the file": (
        EXTENDS + 'parameters.skill = {value = 0, source = "x"}\n[options.o]\ntitle = "t"\nsource = "s"\n'
        'parameters.N = {value = 3, source = "x"}\n', ["skill = 0 is outside", "N is workforce"]),
    "options that can never be used": (
        EXTENDS + """
[options.x]
title = "t"
source = "s"
parameters.rho = {value = 2, source = "x"}
[options.y]
title = "t"
source = "s"
parameters.sigma = {value = 0.5, source = "x"}
parameters.max_speed = {value = 5, source = "x"}
[options.w]
title = "t"
source = "s"
[[options.w.correlations]]
between = ["rho", "nope"]
spearman = 0.1
""", ["options.x.parameters.rho: rho = 2 is outside",
      "options.y.parameters: rho is stated more than once: by sigma, by max_speed",
      "options.w.correlations (rho, nope): there is no parameter nope"]),
    "an option that lacks something": (
        EXTENDS + """
[options.Wide.parameters]
alpha = {value = 0.5, source = "x"}
rho = {value = 2, source = "x"}
[[options.Wide.correlations]]
between = ["returns", "retruns"]
spearman = 2
[[options.Wide.correlations]]
between = ["sppeed"]
spearman = 2
[[options.Wide.correlations]]
between = ["returns", "softwear_limit"]
""", ["title is missing", "source is missing", "'Wide' cannot be the name", "alpha is compute_share",
      "options.Wide.parameters.rho: rho = 2 is outside", "[0].spearman: spearman = 2", "there is no parameter retruns",
      "is not a pair of names", "[1].spearman: spearman = 2", "[2].spearman: spearman is missing",
      "there is no parameter softwear_limit"]),
    "documentation": (
        EXTENDS + 'parameters.rho = {value = 2, source = 3, grade = "Z", cites = ["nobody-1900", 3]}',
        ["source = 3 is not text", "grade = 'Z'", "cites[1]: cites = 3 is not text", "'nobody-1900' is no reference",
         "rho = 2 is outside"]),
    "what else is wrong with a distribution": (
        EXTENDS + """[parameters.speed]
distribution = "discrete"
values = [1, 2, -3]
weights = [1, 1]
source = "x"
[parameters.skill]
distribution = "mixture"
weights = [1, "2", 0]
components = [{value = -3}, {value = 0}, {value = -9}]
source = "x"
[parameters]
rho = {distribution = "uniform", low = 3, high = 2, source = "x"}
workforce = {distribution = "lognormall", p10 = -3, p90 = 5, source = "x"}
parallelizability = {low = 0.2, high = 1.5, source = "x"}
labour_per_training = {distribution = "loguniform", low = -1, high = 2, source = "x"}
software_growth = {distribution = "truncated_normal", mean = -1, sd = "1", lower = 0, upper = inf, source = "x"}
""", ["weights has 2 entries", "speed reaches -3, outside its domain (0, inf)",
      "'2' is not a number", "skill reaches -3 and 0, outside",
      "high = 2 is not above low = 3", "rho reaches 3, outside",
      "'lognormall' is not a distribution", "workforce reaches -3, outside",
      "no distribution is named", "parallelizability reaches 1.5, outside",
      "low = -1 is not above 0", "'1' is not a number"]),
    "joint draws": (
        EXTENDS + 'parameters.rho = {distribution = "empirical", draws = "gone.csv", source = "x"}\n'
        '[[correlations]]\nbetween = ["rho", "returns"]\nspearman = 0.1\n', ["gone.csv cannot be read"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_all_mistakes_in_one_round_and_the_same_from_both_commands(write, capsys, case):
    text, expected = BAD[case]
    path = str(write(text))
    said = []
    for command in (["priors", "check", path], ["forecast", path, "--draws", "256"]):
        assert main(command) == 2
        said.append(capsys.readouterr())
    (check, forecast) = said
    assert check.err == forecast.err
    with pytest.raises(UserError) as caught:
        ooms.load(path)
    assert len(caught.value.problems) == len(expected), caught.value
    for words in expected:
        assert any(words in str(problem).replace("\n    -> ", " -> ") for problem in caught.value.problems), words


def test_an_option_may_complete_its_file(write):
    """Then only the file alone cannot be forecast."""
    text = "\n".join(line for line in COMPLETE.splitlines() if not line.startswith("returns"))
    option = '[options.o]\ntitle = "t"\nsource = "s"\nparameters.difficulty = {value = 0.3, source = "x"}\n'
    path = write(f"{text}\n{option}")
    assert "difficulty" in ooms.load(f"{path}+o").beliefs
    with pytest.raises(UserError) as caught:
        ooms.load(path)
    assert [problem.what.partition(":")[0] for problem in caught.value.problems] == ["difficulty is missing"]


def test_the_options_of_another_file_are_not_blamed_on_one_that_extends_it(write):
    option = '[options.o]\ntitle = "t"\nsource = "s"\nvariants.retraining = true\n'
    write(EXTENDS + option, "base.toml")
    clock = 'extends = "base.toml"\nparameters.hardware_growth = {value = 0.1, source = "x"}\n'
    assert "o" in ooms.load(write(clock)).options
    with pytest.raises(UserError, match=r"options\.o\.variants\.retraining: retraining = true does not go with"):
        ooms.load(write(clock + option))


def test_what_is_wrong_with_changes_and_with_what_they_make_is_said_at_once():
    with pytest.raises(UserError) as caught:
        ooms.load("davidson-2025").replace(alpha=0.5, speed=-1, skill="norml(0, 1)", rho_long_run=0)
    text = str(caught.value)
    for words in ("alpha is compute_share (a)", "speed = -1 is outside", "norml is not a distribution",
                  "rho_long_run is given without adjustment_years"):  # fmt: skip
        assert words in text
    assert len(caught.value.problems) == 4


def told(capsys, *command):
    assert main(["forecast", *command]) == 2
    return capsys.readouterr().err.replace("\n    -> ", " -> ").splitlines()[1:]


@pytest.mark.parametrize("view", ["nonesuch", "broken.toml"])
def test_changes_are_looked_at_even_if_the_view_cannot_be_read(write, monkeypatch, tmp_path, capsys, view):
    monkeypatch.chdir(tmp_path)
    write(EXTENDS + 'parameters.sigma = {value = -1, source = "x"}', "broken.toml")
    one, *others = told(capsys, view, "--set", "roh=3", "--set", "rho ~ lognrmal(1,2)", "--set", "speed=-1",
                        "--set", "rho_long_run=0")  # fmt: skip
    assert "neither" in one or "sigma = -1 is outside" in one
    assert [line.partition(" -> ")[0] for line in others] == [
        "roh: there is no parameter roh",
        'rho: "lognrmal(1,2)" cannot be read: lognrmal is not a distribution; did you mean lognormal or normal?',
        "speed: speed = -1 is outside its domain (0, inf)",
    ]  # adjustment_years may be in the view


def test_a_name_set_again_and_again_is_one_problem_and_all_its_values_are_looked_at(capsys):
    values = ("-1", "2", "1e400", "nan", "-2", "2")
    lines = told(capsys, *(part for value in values for part in ("--set", f"rho={value}")),
                 "--set", "roh=1", "--set", "roh=2", "--set", "retraining=true", "--set", "retraining=yes")  # fmt: skip
    assert [line.partition(" -> ")[0] for line in lines] == [
        "--set: rho is set 6 times: -1, 2, 1e400, nan, -2, 2",
        "rho: rho = 2 is outside its domain (-inf, 1)",
        "rho.value: value holds inf",
        "rho.value: value holds nan",
        "--set: roh is set twice: 1, 2",
        "--set: retraining is set twice: true, yes",
        "retraining: 'yes' is not a switch position",
        "roh: there is no parameter roh",
    ]


GREEK = {
    unicodedata.lookup(f"{style} {name}"): word
    for style, names in {
        "GREEK SMALL LETTER": {"LAMDA": "lambda", "FINAL SIGMA": "sigma"}
        | {word.upper(): word for word in ("alpha", "gamma", "rho", "sigma", "beta", "eta")},
        "GREEK CAPITAL LETTER": {"RHO": "rho"},
        "MATHEMATICAL ITALIC SMALL": {"RHO": "rho"},
    }.items()
    for name, word in names.items()
}


@pytest.mark.sweep(4)
@pytest.mark.parametrize("word", [*GREEK, *SYMBOLS])
def test_greek_letters_and_symbols_are_answered_on_the_command_line_and_in_files(load, capsys, word):
    name = stands_for(GREEK.get(word, word))
    assert name is not None
    if word not in known_names():
        (line,) = told(capsys, "--set", f"{word} = 0.5")
        assert line.startswith(f"{word}: there is no parameter {word} -> {word} is {name}")
        with pytest.raises(UserError, match=f"write {name}"):
            load(f"{EXTENDS}[parameters]\n\"{word}\" = {{value = 0.5, source = 'x'}}\n")


@pytest.mark.parametrize("family", REGISTRY)
def test_what_is_read_off_a_distribution_is_reached(family):
    """Where the domain is the support itself: no number in the example is outside of it."""
    table = REGISTRY[family].example
    low, high = from_table(table, "here", Problems()).support()
    assert [*outside(table, "here", replace(known("rho"), low=low, high=high, open_low=False, open_high=False))] == []


def test_what_a_check_passes_is_forecast(write, capsys):
    """Entries of all kinds, mended and broken at random: either both commands refuse in the same words, or neither."""
    rng = np.random.default_rng(12)
    entries = [
        'rho = {value = 0.3, source = "x"}', 'sigma = {distribution = "uniform", low = 0.5, high = 3, source = "x"}',
        'compute_slowdown = {distribution = "loguniform", low = 1.5, high = 9, source = "x"}',
        'max_speed = {value = 9, source = "x"}', 'difficulty = {value = 0.1, source = "x"}',
        'returns_total = {value = 1e-300, source = "x"}', 'taste_limit = {value = 1e-16, source = "x"}',
        'workforce = {value = -3, source = "x"}', 'alpha = {value = 0.5, source = "x"}',
        'training_compute_growth = {value = 0, source = "x"}', 'compute_share = {value = 0, source = "x"}',
        'hardware_growth = {value = 0.2, source = "x"}', 'ramp_start = {value = 0.2, source = "x"}',
        'software_limit_years = {value = 1e-300, source = "x"}',
    ]  # fmt: skip
    refused = 0
    for k in range(12):
        some = rng.choice(len(entries), size=rng.integers(1, 5), replace=False)
        path = str(write(EXTENDS + "[parameters]\n" + "\n".join(entries[i] for i in some), f"f{k}.toml"))
        codes, errors = [], []
        for command in (["priors", "check", path],
                        ["forecast", path, "--draws", "256", "--quantity", "time to 5 ooms"]):  # fmt: skip
            codes.append(main(command))
            errors.append(capsys.readouterr().err)
        assert codes[0] == codes[1], errors
        assert errors[0] == errors[1] or codes == [0, 0]
        refused += codes[0] == 2
    assert 2 < refused < 12


@pytest.mark.parametrize("name", [*PARAMETERS, *SPELLINGS])
def test_symbols_are_answered_with_their_parameter(name):
    symbol = known(name).symbol
    assert known(stands_for(symbol)).symbol == symbol
    if symbol not in known_names():
        what, remedy = no_parameter(symbol)
        assert what == f"there is no parameter {symbol}"
        assert remedy.startswith(f"{symbol} is {SYMBOLS[symbol]}")


@pytest.mark.parametrize("word", ["alpha", "growth", "retruns", "zzz", "R", "hardware-growth", "the growth of it all"])
def test_a_remedy_is_never_a_list_of_everything(word):
    assert sum(name in no_parameter(word)[1] for name in known_names()) <= 4


def test_a_long_chain_of_files(tmp_path):
    """No matter how many there are behind the first hundred."""
    for k in range(200):
        (tmp_path / f"f{k}.toml").write_text(f'extends = "f{k + 1}"')
    (tmp_path / "f200.toml").write_text(EXTENDS)
    with pytest.raises(UserError, match="is one of more than 100 files in a row that each extend the next"):
        ooms.load(tmp_path / "f0.toml")
    assert ooms.load(tmp_path / "f150.toml").beliefs.keys() == ooms.load("davidson-2025").beliefs.keys()


EDGES = [
    {"returns": "lognormal(1, 300)"}, {"returns": 1e-307}, {"taste_limit": 1e-16}, {"rho_discrepancy": -1e300},
    {"training_compute_growth": 0}, {"initial_speedup": 1e300}, {"difficulty": -1e308}, {"software_limit": 1e308},
    {"software_limit": 5e-324}, {"labour_per_training": 1e308}, {"rho": -1e308}, {"speed": 1e-308},
    {"hardware_growth": -1e308}, {"taste_slope": 1e308, "labour_per_training": 1}, {"software_share": 1e-308},
    {"difficulty": 0, "retraining": True},
    {"hardware_growth": 1e308}, {"rho_long_run": -1e308, "adjustment_years": 1e-308}, {"ramp_years": 1e-308},
]  # fmt: skip


@pytest.mark.sweep(4)
@pytest.mark.filterwarnings("ignore::ooms.beliefs.view.BeliefWarning")
@pytest.mark.parametrize("changes", EDGES, ids=str)
def test_values_at_the_edges_of_domains_give_values(changes):
    """No warning (they are errors here), no NaN, and probabilities within 0 and 1."""
    events = ["5 ooms in 1 year", "3 years in 1 year", "5 ooms in 1 year anywhere", "accelerates at the start"]
    found = ooms.forecast(ooms.load("davidson-2025").replace(**changes), draws=2**8, events=events)
    assert all(0.0 <= found.probability(event).value <= 1.0 for event in events)
    for quantity in found.quantities:
        assert not any(math.isnan(end.value) for end in found.quantiles(quantity, [0.05, 0.5, 0.95]))
        assert not math.isnan(found.central(quantity))


def test_all_recent_progress_may_have_been_software():
    """Then software's share is 1, and a year of progress is g0 OOMs."""
    of = {"draws": 2**8, "events": ["3 years in 1 year"], "quantities": ()}
    view = ooms.load("davidson-2025")
    by_growth, by_share = (ooms.forecast(view.replace(**{name: value}), **of).probability("3 years in 1 year")
                           for name, value in (("training_compute_growth", 0), ("software_share", 1)))  # fmt: skip
    assert by_growth.value == pytest.approx(by_share.value, abs=1e-12)
