"""What is cited for a view: works from the parameters it uses, each once; and BibTeX, read by a parser of our own."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.reader import read_stated
from ooms.beliefs.references import Reference, one_line, shipped_references
from ooms.files.library import priors_folder, shipped
from ooms.literature.citing import Citations, citations, cite
from ooms.problems import UserError

VIEWS = {name: ooms.load(name) for name in shipped()}
WITH_OPTIONS = [*VIEWS, *(f"{name}+{option}" for name, view in VIEWS.items() for option in view.options)]
REQUIRED = {
    "article": {"author", "title", "journal", "year"},
    "techreport": {"author", "title", "institution", "year"},
    "incollection": {"author", "title", "booktitle", "publisher", "year"},
    "book": {"author", "title", "publisher", "year"},
    "misc": {"author", "title", "year"},
}
MONTHS = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

# ---- an independent reader of BibTeX -------------------------------------------------------------------------------


def parsed(text: str) -> dict[str, dict[str, str]]:
    """Entries by key, read as strictly as BibTeX reads: fails where it would."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    while (start := text.find("@", at)) >= 0:
        head = re.compile(r"@(\w+)\{([^\s,{}\"#%'()=\\~]+),").match(text, start)
        assert head, text[start : start + 60]
        fields = {"ENTRYTYPE": head[1]}
        at = head.end()
        while not (end := re.compile(r"\s*\}").match(text, at)):
            name = re.compile(r"\s*(\w+) = ").match(text, at)
            assert name, text[at : at + 60]
            assert name[1] not in fields
            fields[name[1]], at = value_at(text, name.end())
        at = end.end()
        assert head[2].lower() not in {key.lower() for key in entries}, "keys are unique"
        entries[head[2]] = fields
    return entries


def value_at(text: str, at: int) -> tuple[str, int]:
    """A field's value and what follows its comma."""
    bare = re.compile(r"([a-z]+),").match(text, at)
    if bare:
        assert bare[1] in MONTHS
        return bare[1], bare.end()
    assert text[at] == "{"
    depth, end = 0, at
    while depth or end == at:
        depth += {"{": 1, "}": -1}.get(text[end], 0)  # a backslash before a brace means nothing to BibTeX
        end += 1
    assert text[end] == ","
    return text[at + 1 : end - 1], end + 1


def typeset(value: str) -> str:
    """What LaTeX would print, if it knows every command in it; fails at what it would choke on."""
    names = {"braceleft": "{", "braceright": "}", "backslash": "\\", "asciitilde": "~", "asciicircum": "^"}
    printed, at = "", 0
    token = re.compile(r"\{\\text(\w+)\}|\\([&%$#_])|[{}]|([^\\&%$#_~^{}])", re.DOTALL)
    while at < len(value):
        found = token.match(value, at)
        assert found, f"LaTeX chokes on {value[at:]!r}"
        printed += names[found[1]] if found[1] else found[2] or found[3] or ""
        at = found.end()
    return printed


# ---- rules of the house --------------------------------------------------------------------------------------------


def beliefs_of(name: str):
    """Every belief that a view can hold, its options' too."""
    view = VIEWS[name]
    yield from view.beliefs.items()
    for option in view.options.values():
        yield from ((f"{option.name}: {n}", belief) for n, belief in option.beliefs.items())


@pytest.mark.parametrize("name", VIEWS)
def test_every_belief_with_a_published_source_cites_it(name):
    missing = [f"{where} [{b.grade}]" for where, b in beliefs_of(name) if b.grade in tuple("PCAS") and not b.cites]
    assert missing == []


@pytest.mark.parametrize("name", VIEWS)
def test_every_work_cited_is_known(name):
    cited = {key for _, belief in beliefs_of(name) for key in belief.cites} | set(VIEWS[name].cites)
    assert cited <= set(shipped_references())


@pytest.mark.parametrize("name", VIEWS)
def test_every_shipped_view_comes_from_a_work(name):
    assert VIEWS[name].cites
    assert [work.key for work in citations(name).works if work.own] == list(dict.fromkeys(VIEWS[name].cites))


def test_shipped_beliefs_about_resources_cite_their_works():
    for name, belief in read_stated(priors_folder() / "resources.toml").beliefs.items():
        assert belief.cites or belief.grade not in tuple("PCAS"), name


@cache
def accounted(name: str) -> Citations:
    view, _, option = name.partition("+")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ooms.BeliefWarning)
        return citations(VIEWS[view].with_options(option) if option else VIEWS[view])


@pytest.mark.parametrize("name", WITH_OPTIONS)
def test_every_work_is_there_once_in_both_formats(name):
    found = accounted(name)
    text, entries = found.text(), parsed(found.bibtex())
    assert list(entries) == [*(work.key for work in found.works), "ooms"]
    for work in found.works:
        assert text.count(work.reference.text()) == 1
        assert entries[work.key]["annote"]
    assert text.count(found.software.text()) == 1
    for fields in entries.values():
        assert REQUIRED[fields["ENTRYTYPE"]] <= fields.keys()


@pytest.mark.parametrize("name", WITH_OPTIONS)
def test_every_parameter_is_accounted_for(name):
    found = accounted(name)
    view = found.view
    worked = {p for work in found.works for p in (*work.parameters, *work.judged)}
    idle = set() if view.declining_returns else {"software_limit", "software_limit_years"}
    assert worked | set(found.judgements) | set(found.without_work) == set(view.beliefs) - idle
    assert not worked & set(found.without_work)
    assert not set(found.judgements) & set(found.without_work)
    assert found.changed == ()


# ---- what is used is cited -----------------------------------------------------------------------------------------


def by_key(found: Citations):
    return {work.key: work for work in found.works}


def test_works_behind_the_cobb_douglas_view():
    found = by_key(citations("davidson-houlden-2025"))
    assert list(found) == ["davidson-houlden-2025", "joe-kuo-2008", "matousek-1998"]
    assert found["davidson-houlden-2025"].own
    assert "returns" in found["davidson-houlden-2025"].parameters
    assert "compute_exponent" not in found["davidson-houlden-2025"].parameters
    assert "compute_exponent" in citations("davidson-houlden-2025").judgements


@pytest.mark.parametrize(
    ("change", "bends"),
    [
        ({"rho": 0}, False),
        ({"sigma": 1}, False),
        ({"rho": -0.1}, True),
        ({"rho": "uniform(-0.2, 0)"}, True),
        ({"sigma": 0.7}, True),
        ({"max_speed": 30}, True),
        ({"labour_ceiling": 15, "compute_ceiling": 1000}, True),
        ({"rho_discrepancy": "normal(0, 1)"}, True),
        ({"rho_discrepancy": 0}, False),
    ],
)
def test_ces_is_cited_where_it_is_more_than_cobb_douglas(change, bends):
    found = by_key(citations(VIEWS["davidson-houlden-2025"].replace(**change)))
    assert ("arrow-et-al-1961" in found) == bends


def test_a_what_if_no_longer_cites_what_it_replaced(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(CITED)
    before = ooms.load(path)
    assert by_key(citations(before))["doe-2026"].parameters == ("rho",)
    after = citations(before.replace(rho=-0.4))
    assert "doe-2026" not in by_key(after)
    assert after.changed == ("rho = -0.4",)
    assert "rho = -0.4" in after.text()
    assert "Doe" not in after.text() + after.bibtex()


def test_another_spelling_replaces_the_source_too():
    view = VIEWS["davidson-houlden-2025"].replace(software_limit="uniform(6, 16)", returns_total=2)
    found = citations(view)
    assert not {"software_limit_years", "returns"} & set(by_key(found)["davidson-houlden-2025"].parameters)
    assert found.changed == ("software_limit ~ uniform(6, 16)", "returns_total = 2")


def test_only_the_last_change_of_a_parameter_counts():
    view = VIEWS["davidson-houlden-2025"].replace(rho=-0.4, retraining=True).replace(max_speed=30, retraining=False)
    assert citations(view).changed == ("max_speed = 30", "retraining = false")


def test_a_limit_that_is_switched_off_is_not_cited():
    found = citations("davidson-houlden-2025+constant-returns")
    assert "software_limit_years" not in by_key(found)["davidson-houlden-2025"].parameters
    assert [option.name for option in found.options] == ["constant-returns"]
    assert found.options[0].title in found.text()
    changed = citations(VIEWS["davidson-houlden-2025"].replace(declining_returns=False))
    assert changed.changed == ("declining_returns = false",)
    assert changed.options == ()


def test_an_option_brings_its_own_beliefs_and_methods():
    plain, boosted = citations("davidson-houlden-2025"), citations("davidson-houlden-2025+gradual-boost")
    key = "davidson-houlden-2025"
    assert set(by_key(boosted)[key].parameters) - set(by_key(plain)[key].parameters) == {"ramp_years", "ramp_start"}
    assert by_key(citations(f"{key}+retraining"))[key].methods == ("the retraining variant",)
    assert by_key(citations(VIEWS["davidson-2025"].replace(retraining=True)))[key].methods == (
        "the retraining variant",
    )


def test_neutral_values_are_not_cited():
    found = citations("davidson-houlden-2025")
    said = {p for work in found.works for p in (*work.parameters, *work.judged)} | set(found.judgements)
    assert VIEWS["davidson-houlden-2025"].neutral
    assert not said & set(VIEWS["davidson-houlden-2025"].neutral)


def test_routes_are_cited_route_by_route(tmp_path):
    path = tmp_path / "routes.toml"
    path.write_text(
        'extends = "davidson-houlden-2025"\n'
        'parameters.route_elasticity = {value = 20, source = "me"}\n'
        "[[routes]]\n"
        'rho = {value = -1, source = "Jones", cites = ["jones-2003"]}\n'
        'compute_share = {value = 0.2, source = "me", grade = "J"}\n'
        'experiment_efficiency = {value = 1, source = "me"}\n'
        'productivity = {value = 0.1, source = "Jones", grade = "J", cites = ["jones-2003"]}\n'
    )
    found = citations(path)
    works = by_key(found)
    assert works["jones-2003"].parameters == ("routes.1.rho",)
    assert works["jones-2003"].judged == ("routes.1.productivity",)
    assert works["davidson-2025"].methods == ("several routes together",)
    assert works["arrow-et-al-1961"].methods == ("the CES production function",)
    assert set(found.judgements) >= {"routes.1.compute_share", "routes.1.productivity"}
    assert set(found.without_work) == {"route_elasticity", "routes.1.experiment_efficiency"}


def test_the_package_is_cited_with_its_version_and_what_it_computed():
    found = citations(VIEWS["davidson-houlden-2025"].replace(rho=-0.4))
    entry = parsed(found.bibtex())["ooms"]
    assert ooms.__version__ in entry["howpublished"]
    assert typeset(entry["annote"]) == "for the numbers: view davidson-houlden-2025, with rho = -0.4"
    root = Path(__file__).parents[2]
    assert f"Copyright (c) {found.software.year} {found.software.author[0]}" in (root / "LICENSE").read_text()
    assert f"(version {ooms.__version__})" in found.text()


def test_a_view_that_says_its_citation_in_words_keeps_it():
    view = replace(VIEWS["davidson-houlden-2025"], cites=(), citation="Me (2026). Words.\nMore", url="https://me.org")
    assert citations(view).text().startswith("The view\n  Me (2026). Words. More https://me.org\n")
    assert "%   Me (2026). Words. More https://me.org\n" in citations(view).bibtex()


# ---- a user's own works --------------------------------------------------------------------------------------------

CITED = """
extends = "davidson-houlden-2025"
cites = ["survey"]

[references.doe-2026]
type = "article"
author = ["Doe, Jane", "Smith and Sons"]
title = "Labour for compute in AI R&D: 100 % of it"
year = 2026
published = "Journal of Examples & Counterexamples"
volume = "12"
pages = "1-30"
doi = "10.1234/ex_am#ple"

[references.survey]
author = ["Example Institute"]
title = "A survey"
year = 2025

[parameters]
rho = {value = -0.2, source = "Doe 2026", cites = ["doe-2026"], grade = "P"}
workforce = {value = 100, source = "me"}
"""


@pytest.fixture
def cited(tmp_path):
    path = tmp_path / "cited.toml"
    path.write_text(CITED)
    return path


def test_works_of_the_users_own(cited):
    found = citations(cited)
    works = by_key(found)
    assert works["survey"].own
    assert works["survey"].parameters == ()
    assert works["doe-2026"].parameters == ("rho",)
    assert found.without_work == {"workforce": "me"}
    assert "workforce: me" in found.text()
    assert (
        "Doe, J., & Smith and Sons (2026). Labour for compute in AI R&D: 100 % of it. Journal of Examples & "
        "Counterexamples, 12, 1-30. https://doi.org/10.1234/ex_am#ple\n    for rho\n"
    ) in found.text()


def test_bibtex_of_the_users_own(cited):
    entry = parsed(cite(cited, format="bibtex"))["doe-2026"]
    assert entry == {
        "ENTRYTYPE": "article",
        "author": "Doe, Jane and {Smith and Sons}",
        "title": r"Labour for compute in {AI} {R\&D}: 100 \% of it",
        "journal": r"Journal of Examples \& Counterexamples",
        "volume": "12",
        "pages": "1--30",
        "year": "2026",
        "doi": "10.1234/ex_am#ple",
        "annote": "for rho",
    }


HOSTILE = 'a } b { c \\ d " e\n@article{x, f = {g}} % h # $ & _ ~ ^ \\end{document} é ß 道 \x00\x1b[31m'


def test_hostile_strings_are_harmless(tmp_path):
    escaped = "".join(f"\\u{ord(c):04X}" if c in '"\\' or ord(c) < 32 else c for c in HOSTILE)
    fields = ("title", "published", "publisher", "volume", "number", "pages", "date", "doi", "eprint", "url", "note")
    lines = "\n".join(f'{field} = "{escaped}"' for field in fields)
    path = tmp_path / "hostile.toml"
    for kind in ("online", "article", "report", "preprint", "book", "chapter", "software"):
        path.write_text(
            f'extends = "davidson-houlden-2025"\n'
            f'parameters.rho = {{value = -0.1, source = "{escaped}", cites = ["{escaped}"]}}\n'
            f'parameters.workforce = {{value = 9, source = "{escaped}"}}\n'
            f'[references."{escaped}"]\nyear = 2020\ntype = "{kind}"\nauthor = ["{escaped}"]\n{lines}\n',
            encoding="utf-8",
        )
        found = citations(path)
        entries = parsed(found.bibtex())
        (key,) = entries.keys() - {"davidson-houlden-2025", "arrow-et-al-1961", "joe-kuo-2008", "matousek-1998", "ooms"}
        where = {"journal", "institution", "booktitle", "publisher", "howpublished"}
        for field in entries[key].keys() & {"author", "title", "volume", "number", "note", *where}:
            assert one_line(HOSTILE) in typeset(entries[key][field])
        for field in ("doi", "eprint", "url"):
            assert not set(entries[key][field]) & set(' {}\\"\n')
        assert "\x1b" not in found.text() + found.bibtex()
        assert found.text().count("\n@") == 0


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(one_line)


@settings(max_examples=200)
@given(TEXTS, TEXTS, TEXTS)
def test_latex_prints_what_was_said(title, published, annote):
    work = Reference(type="article", author=("Doe, Jane",), title=title, year=2020, published=published)
    (entry,) = parsed(work.bibtex("key", annote)).values()
    assert typeset(entry["title"]) == one_line(title)
    assert typeset(entry["journal"]) == one_line(published)
    assert typeset(entry["annote"]) == one_line(annote)


@settings(max_examples=200)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_as_many_authors_as_there_are(authors):
    work = Reference(author=tuple(authors), title="T", year=2020)
    (entry,) = parsed(work.bibtex("key")).values()
    depth, flat = 0, ""
    for c in entry["author"]:
        depth += {"{": 1, "}": -1}.get(c, 0)
        flat += c if depth == 0 else "x"
    names = re.split(r"\s+and\s+", flat, flags=re.IGNORECASE)
    assert len(names) == len(authors)
    assert all(name.count(",") <= 2 for name in names)
    printed = typeset(entry["author"])
    assert re.sub(r"\s", "", printed.replace(" and ", "")) == re.sub(
        r"\s", "", "".join(map(one_line, authors)).replace(" and ", "")
    )


@pytest.mark.parametrize(
    ("title", "protected"),
    [
        ("Will AI R&D Automation Cause an Explosion?", r"Will {AI} {R\&D} Automation Cause an Explosion?"),
        ("The CES function of OOMs", "The {CES} function of {OOMs}"),
        ("What did it take to train Grok 4?", "What did it take to train {Grok} 4?"),
        ("AI-augmented work: The importance of it", "{AI}-augmented work: The importance of it"),
        ("On the L2-discrepancy for anchored boxes", "On the {L2}-discrepancy for anchored boxes"),
        ("Capital-Labor Substitution and Economic Efficiency", "Capital-Labor Substitution and Economic Efficiency"),
        ("Growth in cities of São Paulo's size", "Growth in cities of {São} {Paulo's} size"),
    ],
)
def test_capitals_that_must_stay_are_in_braces(title, protected):
    (entry,) = parsed(Reference(author=("A",), title=title, year=2020).bibtex("a")).values()
    assert entry["title"] == protected


def test_keys_that_bibtex_cannot_take_are_made_plain_and_unlike(tmp_path):
    path = tmp_path / "keys.toml"
    path.write_text(
        'extends = "davidson-houlden-2025"\ncites = ["a b", "a,b", "A-B", "ooms"]\n'
        + "".join(
            f'[references."{key}"]\nauthor = ["{i}"]\ntitle = "T{i}"\nyear = 2020\n'
            for i, key in enumerate(["a b", "a,b", "A-B", "ooms"])
        )
    )
    assert list(parsed(cite(path, format="bibtex")))[:4] == ["a-b", "a-b-2", "A-B-3", "ooms"]
    assert list(parsed(cite(path, format="bibtex")))[-1] == "ooms-2"


def test_the_key_of_a_shipped_work_cannot_stand_for_another(tmp_path):
    path = tmp_path / "same.toml"
    path.write_text(
        'extends = "davidson-houlden-2025"\ncites = ["jones-2003"]\n'
        '[references.jones-2003]\nauthor = ["Jones, Q."]\ntitle = "Another"\nyear = 2003\n'
    )
    with pytest.raises(UserError, match="jones-2003 is the key of a shipped work"):
        citations(path)


# ---- mistakes ------------------------------------------------------------------------------------------------------


def complaints(call) -> list[str]:
    with pytest.raises(ooms.UserError) as caught:
        call()
    return [str(problem) for problem in caught.value.problems]


def test_mistakes_are_told_together():
    assert complaints(lambda: cite("davidson-2052", format="bibtext")) == [
        "format: 'bibtext' is no format of citations\n    -> did you mean bibtex or text?",
        "davidson-2052: is neither a shipped view nor a file\n    -> did you mean davidson-2025"
        + complaints(lambda: ooms.load("davidson-2052"))[0].partition("davidson-2025")[2],
    ]


def test_a_work_that_nobody_describes_is_a_mistake():
    view = VIEWS["davidson-houlden-2025"]
    rho = replace(view.beliefs["rho"], cites=("nobody-1900",))
    broken = replace(view, beliefs={**view.beliefs, "rho": rho}, cites=("davidson-2052",))
    first, second = complaints(lambda: citations(broken))
    assert first.startswith("davidson-houlden-2025: 'davidson-2052' is no reference\n    -> did you mean davidson-20")
    assert second.startswith("davidson-houlden-2025.parameters.rho: 'nobody-1900' is no reference\n    -> ")
