"""The works behind beliefs: the shipped table, and how a work reads as text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ooms.beliefs.references import (
    Reference,
    address_of,
    citation_of,
    one_line,
    shipped_references,
    unique_keys,
)

SHIPPED = shipped_references()
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize("key", SHIPPED)
def test_shipped_references_are_complete_and_consistent(key):
    work = SHIPPED[key]
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", key)
    assert 1900 < work.year <= 2026
    year = re.search(r"-((?:19|20)\d\d)$", key)
    assert year is None or int(year[1]) == work.year
    if work.date is not None:
        assert re.fullmatch(rf"{work.year}-\d\d(-\d\d)?", work.date)
    assert work.eprint is None or re.fullmatch(r"\d{4}\.\d{4,5}", work.eprint)
    assert work.doi is None or re.fullmatch(r"10\.\d{4,}/\S+", work.doi)
    assert work.url is None or work.url.startswith("https://")
    assert work.pages is None or re.fullmatch(r"\d+-\d+", work.pages)
    assert all(name.count(",") <= 1 and name == name.strip(" ,") for name in work.author)
    if work.type in ("article", "report", "chapter"):
        assert work.published is not None
    if work.type == "chapter":
        assert work.publisher is not None
    if work.type == "preprint":
        assert work.eprint is not None
    if work.eprint is not None and work.url is not None:
        assert work.url.endswith(work.eprint)


def test_no_work_is_there_twice():
    assert len({(work.title.lower(), work.year) for work in SHIPPED.values()}) == len(SHIPPED)
    for field in ("doi", "eprint", "url"):
        given = [getattr(work, field) for work in SHIPPED.values() if getattr(work, field)]
        assert len(set(given)) == len(given)


@pytest.mark.parametrize("key", SHIPPED)
def test_keys_name_the_authors(key):
    """Where a work has persons for authors, and is named for them: all of them, or "et al" for more than two."""
    families = [name.partition(",")[0] for name in SHIPPED[key].author if "," in name]
    plain = unicodedata.normalize("NFKD", families[0].lower()).encode("ascii", "ignore").decode() if families else ""
    first = re.sub(r"\W", "-", plain)
    if first and key.startswith(f"{first}-et-al"):
        assert len(families) > 1
    elif len(families) == 1:
        assert key.startswith(first)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (
            "arrow-et-al-1961",
            "Arrow, K. J., Chenery, H. B., Minhas, B. S., & Solow, R. M. (1961). Capital-Labor Substitution and "
            "Economic Efficiency. The Review of Economics and Statistics, 43(3), 225-250. "
            "https://doi.org/10.2307/1927286",
        ),
        (
            "erdil-besiroglu-ho-2024",
            "Erdil, E., Besiroglu, T., & Ho, A. (2024). Estimating Idea Production: A Methodological Survey. "
            "arXiv:2405.10494. https://arxiv.org/abs/2405.10494",
        ),
        (
            "oberfield-raval-2014",
            "Oberfield, E., & Raval, D. (2014). Micro Data and Macro Technology. NBER Working Paper 20452, National "
            "Bureau of Economic Research, September 2014. https://www.nber.org/papers/w20452",
        ),
        (
            "shapley-1953",
            "Shapley, L. S. (1953). A Value for n-Person Games. In Contributions to the Theory of Games II, Annals of "
            "Mathematics Studies 28, pp. 307-317, Princeton University Press.",
        ),
        (
            "davidson-2025",
            "Davidson, T. (2025). Will compute bottlenecks prevent a software intelligence explosion? Forethought / "
            "LessWrong, 4 April 2025. https://www.lesswrong.com/posts/XDF6ovePBJf6hsxGj/"
            "will-compute-bottlenecks-prevent-a-software-intelligence-1",
        ),
        ("notes-ai-labor-2019", "unknown author (2019). Notes on AI and labor."),
    ],
)
def test_one_style_for_all(key, text):
    assert SHIPPED[key].text() == text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Davidson, Tom", "Davidson, T."),
        ("Emery-Xu, Nicholas", "Emery-Xu, N."),
        ("Bargagli-Stoffi, F. J.", "Bargagli-Stoffi, F. J."),
        ("Tolkien, J.R.R.", "Tolkien, J. R. R."),
        ("Sartre, Jean-Paul", "Sartre, J.-P."),
        ("Matoušek, Jiří", "Matoušek, J."),
        ("Epoch AI", "Epoch AI"),
        ("King, Jr., Martin", "King, Jr., Martin"),
    ],
)
def test_given_names_become_initials(name, short):
    assert Reference(author=(name,), title="T", year=2020).text() == f"{short} (2020). T."


def test_a_date_of_another_form_stands_as_it_is():
    work = Reference(author=("A",), title="T", year=2020, date="spring 2020", published="Site")
    assert work.text() == "A (2020). T. Site, spring 2020."
    assert "howpublished = {Site, spring 2020}" in work.bibtex("a")
    assert "month" not in work.bibtex("a")


def test_a_work_without_the_fields_of_its_type_is_still_an_entry():
    for kind in ("article", "report", "book", "chapter", "preprint", "software", "online"):
        bare = Reference(type=kind, author=("A",), title="T", year=2020)
        assert bare.text() == "A (2020). T."
        assert bare.bibtex("a").startswith("@misc{a,")


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ({"doi": "10.1/x", "url": "https://a.org"}, "https://doi.org/10.1/x"),
        ({"doi": "https://doi.org/10.1/x"}, "https://doi.org/10.1/x"),
        ({"doi": "doi:10.1/x"}, "https://doi.org/10.1/x"),
        ({"eprint": "arXiv:2405.10494"}, "https://arxiv.org/abs/2405.10494"),
        ({"eprint": "2405.10494", "url": "https://a.org/b c{d}"}, "https://a.org/b%20c%7Bd%7D"),
        ({}, ""),
    ],
)
def test_links(given, link):
    assert Reference(author=("A",), title="T", year=2020, **given).link == link


@given(WORDS)
def test_one_line_is_one_line_and_stays(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip() == one_line(line)
    assert line.isspace() is False


@pytest.mark.parametrize("empty", ["", "  ", "\n", "\x00", "\x1b\t"])
def test_texts_say_something(empty):
    for wrong in ({"author": (empty,)}, {"title": empty}, {"url": empty}):
        with pytest.raises(ValidationError):
            Reference.model_validate({"author": ("A",), "title": "T", "year": 2020, **wrong})


@given(st.lists(WORDS, max_size=6))
def test_keys_become_plain_and_unlike(keys):
    new = unique_keys(keys)
    assert len(new) == len(keys) == len({key.lower() for key in new})
    assert all(re.fullmatch(r"[A-Za-z0-9:.+/_-]+", key) for key in new)


def test_shipped_keys_stay_as_they_are():
    assert unique_keys(SHIPPED) == list(SHIPPED)


def test_works_of_a_view_in_words_and_its_address():
    keys = ["notes-ai-labor-2019", "nobody-1900", "amodei-hernandez-2018"]
    assert citation_of(keys, SHIPPED) == (
        "unknown author (2019). Notes on AI and labor. "
        "Amodei, D., & Hernandez, D. (2018). AI and compute. OpenAI, 16 May 2018."
    )
    assert address_of(keys, SHIPPED) == "https://openai.com/blog/ai-and-compute/"
    assert citation_of([], SHIPPED) == address_of([], SHIPPED) == ""
