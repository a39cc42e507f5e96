"""Survey files of users: read as they stand, or refused with everything that is wrong with them."""

from __future__ import annotations

import dataclasses
import re

import pytest

from ooms.calibrating.likelihoods import KINDS
from ooms.calibrating.links import LINKS
from ooms.calibrating.surveys import load_survey, read_surveys, shipped_surveys
from ooms.calibrating.surveys.reader import find_survey, surveys_folder
from ooms.problems import Problems, UserError

HEAD = 'title = "A poll"\ncites = ["davidson-2025"]\npopulation = "us (n = 3)"\nbias = "us"\n'
ITEM = """
[items.twice]
question = "Twice the staff?"
n = 3
grade = "P"
source = "our poll"
link = {kind = "pace", workforce = 2}
likelihood = {kind = "order_statistics", n = 3, median = 1.3}
"""
KEPT = """
[items.when]
question = "When?"
grade = "S"
source = "our poll"
answers = {median = 2031}
"""


@pytest.fixture
def read(tmp_path):
    """Reads a text as a survey file."""

    def load(text: str, name: str = "my-poll.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return load_survey(tmp_path / name)

    return load


@pytest.fixture
def wrong(read):
    """What is wrong with a text, line by line."""

    def mistakes(text: str, name: str = "my-poll.toml") -> list[str]:
        with pytest.raises(UserError) as caught:
            read(text, name)
        assert all(p.place and p.what and p.remedy for p in caught.value.problems)
        return [f"{p.place}: {p.what}" for p in caught.value.problems]

    return mistakes


def test_a_users_file(read, tmp_path):
    survey = read(HEAD + 'note = "By e-mail."' + ITEM + "self_reported = true" + KEPT)
    assert (survey.name, survey.title, survey.bias, survey.cites) == ("my-poll", "A poll", "us", ("davidson-2025",))
    assert survey.fitted
    assert survey.note == "By e-mail."
    assert survey.file == str(tmp_path / "my-poll.toml")
    twice, when = survey.items.values()
    assert survey.fitted_items == (twice,)
    assert (twice.name, twice.n, twice.grade, twice.self_reported) == ("twice", 3, "P", True)
    assert twice.link.workforce == 2
    assert twice.likelihood.median == 1.3
    assert (when.n, when.link, when.likelihood, when.fitted) == (None, None, None, False)
    assert when.answers == {"median": 2031}


def test_a_survey_cannot_be_changed(read):
    survey = read(HEAD + ITEM)
    with pytest.raises(dataclasses.FrozenInstanceError):
        survey.bias = "nobody"
    with pytest.raises(TypeError):
        survey.items["more"] = None


def test_latents_and_priors_of_nuisance_parameters(read):
    survey = read(
        HEAD
        + '[latent.uplift]\ndistribution = "lognormal"\np10 = 1\np90 = 4\nsource = "me"\ngrade = "J"\n'
        + ITEM.replace("workforce = 2", 'workforce = "uplift"')
        + 'priors = {spread = "lognormal(0.4, 0.5)"}\n'
    )
    assert str(survey.latents["uplift"].marginal) == "lognormal(p10=1, p90=4)"
    assert survey.latents["uplift"].grade == "J"
    item = survey.items["twice"]
    assert item.link.latents == ("uplift",)
    assert str(item.likelihood.nuisance["spread"].prior) == "lognormal(0.4, 0.5)"
    as_table = ITEM + 'priors = {spread = {distribution = "lognormal", p10 = 0.1, p90 = 0.6}}\n'
    assert (
        str(read(HEAD + as_table).items["twice"].likelihood.nuisance["spread"].prior) == "lognormal(p10=0.1, p90=0.6)"
    )


def test_a_work_of_ones_own(read):
    own = '[references.our-poll]\nauthor = ["Us"]\ntitle = "Poll"\nyear = 2026\n'
    survey = read(HEAD.replace("davidson-2025", "our-poll") + own + ITEM)
    assert survey.references["our-poll"].text() == "Us (2026). Poll."


def test_everything_that_is_wrong_at_once(wrong):
    text = """
titel = "A poll"
cites = ["nobody-2020", "own"]
bias = ""
fitted = 1
[references.davidson-2025]
author = ["X"]
title = "Y"
year = "2020"
[references.own]
author = ["X"]
title = "Y"
year = 2020
[latent.uplift]
distribution = "normal"
mean = 0
sd = 1
source = "me"
[latent.Two]
value = 3
[latent.bare]
distribution = "lognormal"
p10 = 3
[latent]
flat = 3
[items]
empty = {}
flat = 3
[items.twice]
question = "Twice the staff?"
n = 0
grade = "Q"
sauce = "our poll"
link = {kind = "paze", workforce = "uplifd"}
likelihood = {kind = "order_statistics", n = 6.5, median = 1.3}
[items.thrice]
question = ""
source = "x"
grade = "P"
link = {kind = "pace", workforce = "uplifd"}
[items.fourfold]
question = "?"
source = "x"
grade = "P"
likelihood = {medain = 3}
priors = {spread = "lognormal(1)", other = 3}
"""
    text = text.replace("[latent]\nflat = 3\n", "").replace("[latent.bare]", "[latent.flat]\nvalue = 3\n[latent.bare]")
    found = wrong(text)
    for start in (
        "my-poll.toml: titel: titel is not known here",
        "my-poll.toml: title: title is missing",
        "my-poll.toml: population: population is missing",
        "my-poll.toml: bias: bias = '' is empty",
        "my-poll.toml: fitted: fitted = 1 is not a switch position",
        "my-poll.toml: cites: 'nobody-2020' is no reference",
        "my-poll.toml: references.davidson-2025: davidson-2025 is the key of a shipped work",
        "my-poll.toml: references.davidson-2025.year: ",
        "my-poll.toml: latent.uplift: normal(0, 1) reaches -inf",
        "my-poll.toml: latent.Two: 'Two' cannot be a name",
        "my-poll.toml: latent.flat.source: source is missing",
        "my-poll.toml: latent.flat: fixed(3) has no density",
        "my-poll.toml: latent.bare.source: source is missing",
        "my-poll.toml: items.empty: nothing was answered",
        "my-poll.toml: items.empty.question: question is missing",
        "my-poll.toml: items.flat: flat is not a table",
        "my-poll.toml: items.twice.n: n = 0 is not above 0",
        "my-poll.toml: items.twice.grade: grade = 'Q' is not known",
        "my-poll.toml: items.twice.sauce: sauce is not known here",
        "my-poll.toml: items.twice.source: source is missing",
        "my-poll.toml: items.twice.link.kind: there is no link 'paze'",
        "my-poll.toml: items.twice.likelihood.n: n = 6.5 is not",
        "my-poll.toml: items.thrice.question: question = '' is empty",
        "my-poll.toml: items.thrice.link: 'uplifd' is neither a number nor a latent",
        "my-poll.toml: items.thrice.likelihood: likelihood is missing",
        "my-poll.toml: items.fourfold.likelihood.kind: kind is missing",
        "my-poll.toml: items.fourfold.link: link is missing",
        "my-poll.toml: items.fourfold.priors.spread",
        "my-poll.toml: items.fourfold.priors.other: 3 is not a distribution",
    ):
        assert any(line.startswith(start) for line in found), (start, found)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("n = 3\n", "n = 4\n"), "items.twice.likelihood.n: 3 answers, but n = 4"),
        (("n = 3\ngrade", "grade"), "items.twice.likelihood.n: 3 answers, but the item does not say so"),
        (("link = {kind", "#"), "items.twice.link: link is missing beside the likelihood"),
        (("[items.twice]", "[items.Twice]"), "items.Twice: 'Twice' cannot be a name"),
        (("workforce = 2", "workforce = -2"), "items.twice.link.workforce: "),
        (("workforce = 2", f"workforce = {10**400}"), "items.twice.link"),
        (("median = 1.3", f"median = {10**400}"), "items.twice.likelihood"),
        (("median = 1.3", "median = -1"), "items.twice.likelihood.median: "),
        (('kind = "pace", workforce = 2', 'kind = ["pace"]'), "items.twice.link.kind: there is no link"),
        (('link = {kind = "pace", workforce = 2}', "link = 3"), "items.twice.link: link is not a table"),
        (('cites = ["davidson-2025"]', "cites = []"), "cites: cites = [] is empty"),
        (('bias = "us"', 'bias = "us"\nwhy_not = "x"'), "why_not: says why it is not fitted, but it is"),
        (('bias = "us"', 'bias = "us"\nfitted = false'), "why_not: why_not is missing"),
    ],
)
def test_one_mistake_is_one_problem(wrong, change, expected):
    text = HEAD + ITEM
    assert change[0] in text
    (found,) = wrong(text.replace(*change))
    assert found.startswith(f"my-poll.toml: {expected}")


def test_a_work_that_lacks_something_is_suggested_all_the_same(read):
    text = HEAD.replace("davidson-2025", "pol") + ITEM + '[references.poll]\nauthor = ["A"]\ntitle = "B"\n'
    with pytest.raises(UserError) as caught:
        read(text)
    lacking, unknown = caught.value.problems
    assert (lacking.place, lacking.what) == ("my-poll.toml: references.poll.year", "year is missing")
    assert unknown.what == "'pol' is no reference"
    assert unknown.remedy.endswith("did you mean poll?")


def test_a_mistake_of_form_hides_no_other(wrong):
    """Nor does what is filled in for something that is missing make one."""
    assert wrong('cites = ["nobody-2020", 3]\npopulation = "us"\nbias = "Us"\nfitted = false\n') == [
        "my-poll.toml: title: title is missing",
        "my-poll.toml: cites[1]: cites = 3 is not text",
        "my-poll.toml: items: items is missing",
        "my-poll.toml: cites: 'nobody-2020' is no reference",
        "my-poll.toml: bias: 'Us' cannot be the name of a bias group",
        "my-poll.toml: why_not: why_not is missing: the survey is not fitted",
    ]
    assert wrong(HEAD.replace('["davidson-2025"]', "[]") + "items = 3\nwhy_not = 3\nfitted = 0") == [
        "my-poll.toml: cites: cites = [] is empty",
        "my-poll.toml: fitted: fitted = 0 is not a switch position",
        "my-poll.toml: why_not: why_not = 3 is not text",
        "my-poll.toml: items: items = 3 is not a table",
    ]


def test_mistakes_in_a_link_hide_none_and_say_what_to_write(read):
    link = 'link = {kind = "pace", workforce = "upp", progress = "all", speeed = 1}'
    latent = '[latent.up]\ndistribution = "lognormal"\np10 = 1\np90 = 4\n'
    with pytest.raises(UserError) as caught:
        read(HEAD.replace('bias = "us"\n', "") + latent + re.sub(r"link = \{.*?\}", link, ITEM))
    assert [(p.place.partition(": ")[2], p.remedy) for p in caught.value.problems] == [
        ("bias", 'add bias = "my-lab": a name that sources share if they may err together'),
        ("latent.up.source", 'add source = "my own judgement": where it comes from'),
        ("items.twice.link.speeed", "did you mean speed?"),
        ("items.twice.link.progress", 'give progress = "software" or "overall"'),
        ("items.twice.link", "did you mean up?"),
    ]


def test_priors_without_a_likelihood_and_unknown_ones(wrong):
    (found,) = wrong(HEAD + ITEM + KEPT + 'priors = {spread = "lognormal(0.4, 0.5)"}')
    assert found == "my-poll.toml: items.when.priors: are priors of a likelihood, and there is none"
    (found,) = wrong(HEAD + ITEM + 'priors = {spraed = "lognormal(0.4, 0.5)"}')
    assert found.startswith("my-poll.toml: items.twice.priors.spraed: ")
    (found,) = wrong(HEAD + ITEM + 'priors = {spread = "discrete([1, 2], [0.5, 0.5])"}')
    assert "has no density" in found


def test_nothing_to_fit(wrong, read):
    assert wrong(HEAD + KEPT) == ["my-poll.toml: items: no item has a link and a likelihood, so nothing can be fitted"]
    assert wrong(HEAD) == ["my-poll.toml: items: items is missing"]
    assert wrong(HEAD + "items = {}") == ["my-poll.toml: items: there is no item"]
    kept = read(HEAD + 'fitted = false\nwhy_not = "it is an outcome"\n' + KEPT)
    assert not kept.fitted
    assert not kept.fitted_items


def test_a_file_whose_name_cannot_be_a_surveys(wrong):
    (found,) = wrong(HEAD + ITEM, "My poll.toml")
    assert found == "My poll.toml: 'My poll' cannot be the name of a survey"


def test_a_latent_that_is_wrong_is_blamed_once(wrong):
    text = (
        HEAD + '[latent.uplift]\nvalue = "x"\nsource = "me"\n' + ITEM.replace("workforce = 2", 'workforce = "uplift"')
    )
    (found,) = wrong(text)
    assert found.startswith("my-poll.toml: latent.uplift")


@pytest.mark.parametrize("name", ["compute-poll", "", "no.toml", "folder/none"])
def test_a_survey_that_is_not_there(name):
    with pytest.raises(UserError) as caught:
        find_survey(name)
    (problem,) = caught.value.problems
    assert "compute-polls" in problem.remedy


def test_no_toml_and_deep_toml(wrong):
    (found,) = wrong("title = ")
    assert "is not TOML" in found
    # how many there are depends on how deep Python lets tables stand in one another
    assert wrong("title = " + "[" * 2000 + "]" * 2000)


def test_reading_several(read, tmp_path):
    read(HEAD + ITEM)
    problems = Problems()
    found = read_surveys([tmp_path / "my-poll.toml", "compute-polls"], problems)
    assert [survey.name for survey in found] == ["my-poll", "compute-polls"]
    assert not len(problems)
    assert read_surveys([], problems) == []


def test_what_is_wrong_with_several_at_once(read, tmp_path):
    read(HEAD + ITEM, "compute-polls.toml")
    (tmp_path / "bad.toml").write_text("title = 3")
    problems = Problems()
    names = [tmp_path / "compute-polls.toml", "compute-polls", tmp_path / "bad.toml", "expert-credences", "nonesuch"]
    found = read_surveys(names, problems)
    assert len(found) == 2
    with pytest.raises(UserError) as caught:
        problems.raise_if_any()
    text = str(caught.value)
    for expected in (
        "compute-polls: is there 2 times",
        "bad.toml: title: title = 3 is not text",
        "expert-credences: is kept for checking and not fitted: they are conclusions",
        "nonesuch: is neither a shipped survey nor a file",
    ):
        assert expected in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_likelihood_can_stand_in_a_file(read, kind):
    import json

    def toml(value):
        if isinstance(value, dict):
            return "{" + ", ".join(f'"{k}" = {toml(v)}' for k, v in value.items()) + "}"
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(toml, value))}]"
        return json.dumps(value)

    table = {"kind": kind, **KINDS[kind].example}
    n = f"n = {table['n']}\n" if "n" in table else ""
    asked = ITEM.replace("n = 3\n", n, 1).replace('"pace", workforce = 2', '"substitution"')
    text = asked.rpartition("likelihood = ")[0] + f"likelihood = {toml(table)}\n"
    assert read(HEAD + text).items["twice"].likelihood == KINDS[kind].parse(table, "here", Problems())


def test_every_link_is_used_or_could_be():
    used = {item.link.kind for name in shipped_surveys() for item in load_survey(name).items.values() if item.link}
    assert used <= set(LINKS)
    assert set(LINKS) - used == {"labour_elasticity", "compute_elasticity"}  # no study estimates those alone


def test_the_folder_is_shipped():
    assert (surveys_folder() / "compute-polls.toml").is_file()


def test_a_latent_and_an_item_of_one_name(wrong):
    text = HEAD + '[latent.twice]\ndistribution = "lognormal"\np10 = 1\np90 = 4\nsource = "me"\n'
    assert wrong(text + ITEM) == ["my-poll.toml: latent.twice: twice is the name of an item and of a latent quantity"]


@pytest.mark.parametrize("bias", ["METR/FRI", "My Lab", "a.b"])
def test_a_bias_group_with_a_name_that_no_model_can_have(wrong, bias):
    found = wrong(HEAD.replace('bias = "us"', f'bias = "{bias}"') + ITEM)
    assert found == [f"my-poll.toml: bias: {bias!r} cannot be the name of a bias group"]


def test_a_share_that_reaches_beyond_1(wrong):
    text = HEAD + '[latent.part]\ndistribution = "lognormal"\np10 = 0.2\np90 = 0.8\nsource = "me"\n' + ITEM
    link = 'link = {kind = "decade", input = "workforce", factor = 0.5, foresight = "part"}'
    found = wrong(re.sub(r"link = \{.*?\}", link, text, count=1))
    assert any("part is a share here, and lognormal(p10=0.2, p90=0.8) reaches beyond 1" in line for line in found)


def test_a_pace_with_nothing_changed(wrong):
    found = wrong(re.sub(r"link = \{.*?\}", 'link = {kind = "pace"}', HEAD + ITEM, count=1))
    assert any("changes nothing: the pace is today's" in line for line in found)


def test_what_was_asked_bounds_the_answers(read):
    """With more of an input nobody is slower, with less nobody faster; what was not asked so is told by bounded."""

    def side(link, more=""):
        text = ITEM.replace('{kind = "pace", workforce = 2}', link).replace("= 1.3", "= {low = 0.5, high = 2}")
        return read(HEAD + text + more).items["twice"].likelihood.side

    assert side('{kind = "pace", workforce = 2}') == 1
    assert side('{kind = "pace", compute = 0.1}') == -1
    assert side('{kind = "pace", compute = 0.1, workforce = 30}') == 0
    assert side('{kind = "pace", researchers = "best"}') == 1
    assert side('{kind = "pace", researchers = "best", compute = 0.1}') == 0
    assert side('{kind = "decade", input = "workforce", factor = 0.5}') == -1
    assert side('{kind = "decade", input = "compute_cost", growth_from = 20, growth_to = 40}') == 1
    assert side('{kind = "substitution"}') == 0
    assert side('{kind = "pace", workforce = 2}', "bounded = false\n") == 0
    assert side('{kind = "pace", workforce = 2}', "self_reported = true\n") == 0


@pytest.mark.parametrize(
    ("prior", "side"),
    [('"beta"\na = 2\nb = 2', -1), ('"lognormal"\np10 = 1\np90 = 3', 0), ('"uniform"\nlow = 0\nhigh = 1', -1)],
)
def test_an_answer_about_a_share_is_a_share(read, prior, side):
    latent = f'[latent.part]\ndistribution = {prior}\nsource = "ours"\ngrade = "J"\n'
    text = HEAD + latent + ITEM.replace('{kind = "pace", workforce = 2}', '{kind = "latent", name = "part"}')
    assert read(text.replace("median = 1.3", "median = 0.6")).items["twice"].likelihood.side == side


def test_an_answer_beyond_what_was_asked_is_told_with_both_ways_out(read):
    with pytest.raises(UserError) as caught:
        read(HEAD + ITEM.replace("median = 1.3", "minimum = 0.8, median = 1.3"))
    (problem,) = caught.value.problems
    assert problem.place.endswith("items.twice.likelihood")
    assert "minimum = 0.8, where what was asked leaves answers of at least 1" in problem.what
    assert "bounded = false" in problem.remedy
