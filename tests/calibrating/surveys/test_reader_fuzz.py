"""Survey files: whatever stands in one, it is read or refused, and nothing else happens."""

from __future__ import annotations

import copy
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nested import places, toml
from ooms.calibrating.surveys import load_survey, shipped_surveys
from ooms.calibrating.surveys.reader import surveys_folder
from ooms.problems import UserError

KEYS = [
    "kind", "link", "likelihood", "answers", "n", "value", "sd", "low", "high", "median", "source", "priors", "latent",
    "counts", "studies", "domains", "anchors", "mass", "se", "respondent", "rounding", "above", "below", "20",
]  # fmt: skip
NONSENSE = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=6), st.just(10**400),
        st.sampled_from(["pace", "decade", "heaped", "P", "uplift-mythos", "lognormal(0, 1)", 0, 1, -1, 1e308, 5e-324]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=4), st.sampled_from(KEYS)), inner, max_size=4),
    ),
    max_leaves=6,
)  # fmt: skip
TEXTS = {name: (surveys_folder() / f"{name}.toml").read_text(encoding="utf-8") for name in shipped_surveys()}
FUZZ = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def loaded_or_refused(path):
    """A file is loaded, or refused with complete problems; no other exception and no warning."""
    try:
        survey = load_survey(path)
    except UserError as error:
        problems = error.problems
    else:
        for item in survey.fitted_items:
            item.likelihood.data()
        return
    assert problems
    assert all(p.place and p.what and p.remedy for p in problems)


@given(data=st.data())
@settings(FUZZ, max_examples=250)
def test_nonsense_anywhere_in_a_file(tmp_path_factory, data):
    table = copy.deepcopy(tomllib.loads(TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]))
    for _ in range(data.draw(st.integers(1, 3))):
        *above, key = data.draw(st.sampled_from(list(places(table))))
        inside = table
        for step in above:
            inside = inside[step]
        action = data.draw(st.sampled_from(["put", "put", "put", "drop", "rename", "add"]))
        if action == "put" or isinstance(inside, list):
            inside[key] = data.draw(NONSENSE)
        elif action == "drop":
            del inside[key]
        elif action == "rename":
            inside[data.draw(st.sampled_from([f"{key}x", *KEYS, ""]))] = inside.pop(key)
        else:
            inside[data.draw(st.sampled_from(KEYS))] = data.draw(NONSENSE)
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_text("\n".join(f"{toml(k)} = {toml(v)}" for k, v in table.items()), encoding="utf-8")
    tomllib.loads(path.read_text(encoding="utf-8"))  # the writer is right
    loaded_or_refused(path)


@given(value=NONSENSE, key=st.sampled_from(["title", "cites", "items", "latent", "fitted", "references", "why_not"]))
@FUZZ
def test_nonsense_at_the_top(tmp_path_factory, value, key):
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_text(f"{key} = {toml(value)}\n", encoding="utf-8")
    with pytest.raises(UserError):
        load_survey(path)


@given(data=st.data())
@FUZZ
def test_characters_changed_anywhere(tmp_path_factory, data):
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))].encode()
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 5))
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_bytes(text[:at] + data.draw(st.binary(max_size=3)) + text[at + length :])
    loaded_or_refused(path)
