"""The shipped views, and the page that explains prior files."""

from __future__ import annotations

import re

import numpy as np
import pytest
from prior_texts import EXTENDS

import ooms
from ooms.beliefs.draws import Sampler
from ooms.beliefs.options import SWITCHES
from ooms.beliefs.reparametrisation import RULES
from ooms.beliefs.view import View, checked
from ooms.distributions.marginals import REGISTRY
from ooms.files.library import find, shipped, views_folder
from ooms.parameters import PARAMETERS
from ooms.problems import UserError

README = views_folder().parent / "README.md"


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
