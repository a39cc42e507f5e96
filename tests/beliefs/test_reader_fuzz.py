"""Prior files: whatever stands in one, it is read or refused, and nothing else happens."""

from __future__ import annotations

import copy
import tomllib
import warnings

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prior_texts import COMPLETE, EXTENDS, PARENT, route

import ooms
from nested import places, toml
from ooms.beliefs.library import views_folder
from ooms.beliefs.marginals import REGISTRY
from ooms.beliefs.view import BeliefWarning
from ooms.problems import UserError

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
