"""The guide to survey files: its example loads, and its tables name every link, every likelihood and every key."""

from __future__ import annotations

import re

import pytest

from ooms.calibrating.likelihoods import KINDS
from ooms.calibrating.links import LINKS
from ooms.calibrating.surveys import load_survey
from ooms.calibrating.surveys.spec import ItemSpec, SurveySpec
from ooms.files.forms import keys_of
from ooms.files.library import priors_folder

GUIDE = (priors_folder() / "surveys" / "README.md").read_text(encoding="utf-8")
ROWS = {row.split("|")[1]: row for row in GUIDE.splitlines() if row.startswith(("| `", "| `["))}


def test_the_example_loads(tmp_path):
    (text,) = re.findall(r"```toml\n# (?:\S+)\n(.*?)```", GUIDE, flags=re.DOTALL)
    path = tmp_path / "my-poll.toml"
    path.write_text(text, encoding="utf-8")
    survey = load_survey(path)
    assert [item.name for item in survey.fitted_items] == ["tenfold", "twice-the-people"]


@pytest.mark.parametrize("kind", LINKS)
def test_links(kind):
    (row,) = [row for names, row in ROWS.items() if f"`{kind}`" in names and row.count("|") == 4 and names in row]
    for key in keys_of(LINKS[kind]):
        assert f"`{key}" in row, key


@pytest.mark.parametrize("kind", KINDS)
def test_likelihoods(kind):
    (row,) = [row for names, row in ROWS.items() if f"`{kind}`" in names]
    for key in keys_of(KINDS[kind]):
        assert f"`{key}" in row, key


@pytest.mark.parametrize("key", [*SurveySpec.model_fields, *ItemSpec.model_fields])
def test_keys(key):
    assert f"`{key}" in GUIDE or f"[{key}." in GUIDE
