"""Addresses: the same where the numbers are the same, another one where anything changes a number."""

import dataclasses
import pickle

import numpy as np
import pytest

import ooms
from ooms.batch.addresses import LEVELS, Question, address, bare, content
from ooms.batch.work import Task, attempt
from ooms.beliefs.prior_file import write_prior
from ooms.beliefs.view import BeliefWarning
from ooms.files.library import shipped
from ooms.outcomes import RESOURCE_QUANTITIES

ASKED = Question(("5 ooms in 1 year", "3 years in 1 year"), ("time to 3 ooms",), 512, 0)


def address_of(view, asked=ASKED):
    return address(content(bare(view, asked.quantities), asked))


def summary(view, asked=ASKED):
    return attempt(Task(0, bare(view, asked.quantities), asked, 0, asked.draws)).summary


VIEW = ooms.load("davidson-2025")


@pytest.mark.parametrize(
    "other",
    [
        VIEW.replace(rho=-0.4),
        VIEW.replace(rho="uniform(-0.2, -1e-9)"),
        VIEW.replace(rho="triangular(-0.2, -0.1, 0)"),
        VIEW.replace(speed=30.000001),
        VIEW.replace(compute_adjustment=False),
        VIEW.replace(declining_returns=False),
        VIEW.replace(retraining=True),
        ooms.load("davidson-houlden-2025"),
    ],
    ids=lambda view: view.label,
)
def test_another_belief_is_another_address(other):
    assert address_of(other) != address_of(VIEW)


@pytest.mark.parametrize(
    "changes",
    [{"draws": 1024}, {"seed": 1}, {"events": ("5 ooms in 1 year",)}, {"quantities": ()}],
    ids=str,
)
def test_another_question_is_another_address(changes):
    assert address_of(VIEW, dataclasses.replace(ASKED, **changes)) != address_of(VIEW)


def test_the_version_of_the_numbers_is_in_the_address(monkeypatch):
    before = address_of(VIEW)
    monkeypatch.setattr("ooms.batch.addresses.NUMBERS", 10**6)
    assert address_of(VIEW) != before


def test_words_are_no_inputs(tmp_path):
    write_prior(VIEW, tmp_path / "other-name.toml")
    text = (tmp_path / "other-name.toml").read_text(encoding="utf-8")
    told = text.replace("Davidson", "Somebody")
    assert told != text
    (tmp_path / "other-name.toml").write_text(told, encoding="utf-8")
    assert address_of(ooms.load(tmp_path / "other-name.toml")) == address_of(VIEW)
    assert address_of(VIEW.replace(rho="uniform(-0.2, 0)")) == address_of(VIEW)


def test_the_order_of_questions_is_no_input():
    turned = dataclasses.replace(ASKED, events=ASKED.events[::-1])
    assert address_of(VIEW, turned) == address_of(VIEW)


def test_what_a_quantity_needs_beside_the_view_is_an_input(monkeypatch):
    asked = dataclasses.replace(ASKED, quantities=RESOURCE_QUANTITIES)
    inputs = content(bare(VIEW, asked.quantities), asked)
    assert {"training_cost", "training_energy", "carbon_intensity"} <= inputs["beliefs"].keys()


@pytest.mark.sweep(4)
@pytest.mark.parametrize("name", [*shipped(), "calibrated/davidson-2025", "davidson-2025+open"])
def test_a_bare_view_makes_the_same_numbers_here_and_in_another_process(name):
    view = ooms.load(name)
    f = ooms.forecast(
        view, draws=512, seed=0, events=ASKED.events, quantities=ASKED.quantities, threads=1, keep_draws=False
    )
    sent = pickle.loads(pickle.dumps(bare(view, ASKED.quantities)))
    found = attempt(pickle.loads(pickle.dumps(Task(0, sent, ASKED, 0, 512)))).summary
    for k, event in enumerate(ASKED.events):
        assert tuple(found.probability[k]) == tuple(f.probability(event))
        assert tuple(found.by_randomisation[k]) == f.event(event).by_randomisation
        assert tuple(found.share[k]) == tuple(f.event(event).shares.values())
    expected = f.sketch("time to 3 ooms").quantile_table(LEVELS)
    np.testing.assert_array_equal(found.quantile[0, :, 0], expected[:, 0])
    np.testing.assert_allclose(found.quantile[0, :, 1], expected[:, 1], rtol=1e-3)
    assert address(content(sent, ASKED)) == address_of(view)


GOLDEN_ASKED = Question(
    ("5 ooms in 1 year", "3 years in 1 year anywhere"), ("time to 3 ooms", "ooms after 1 year"), 1024, 0
)
GOLDEN = {
    "davidson-2025": (
        "98fc8d7e7f169dd20bc8fa5f0a00248b", 0.31905849981312717, 0.3466796875, 0.7041355154858082, 3.5302734375,
    ),
    "davidson-houlden-2025": (
        "c8cb243f20e9a4466da7c915f4099d2a", 0.4638671875, 0.5537109375, 0.7161112042741894, 4.306640625,
    ),
    "ai-futures-2025": (
        "ed1bd97a71a0296a96c16b3ea52717e2", 0.4423828125, 0.4736328125, 0.7635060803383348, 3.83056640625,
    ),
    "kwa-2026": ("94183d54b8738646dfbcc5c76955b1e8", 0.0, 0.0, 87.93071913125426, 0.3569878472222222),
    "davidson-2025+long-run": (
        "4933469e971c31a53858bec10ea3d3fe", 0.4296875, 0.4267578125, 0.469758881670649, 4.4287109375,
    ),
}
"""Addresses, probabilities and medians of version 4 of the numbers (a pace that exceeds today's between two rows only).

If this fails because the engine makes other numbers, or they are addressed otherwise, raise
`ooms.forecasting.NUMBERS` (or stores would mix old numbers and new ones) and write these anew.
"""


@pytest.mark.parametrize("name", GOLDEN)
def test_the_numbers_of_this_version(name):
    address, *numbers = GOLDEN[name]
    view = ooms.load(name)
    found = summary(view, GOLDEN_ASKED)
    median = LEVELS.index(0.5)
    made = [*found.probability[:, 0], *found.quantile[:, median, 0]]
    np.testing.assert_allclose(made, numbers, rtol=1e-9)
    assert address_of(view, GOLDEN_ASKED) == address


def test_levels_rise_and_hold_the_ends_of_common_intervals():
    assert list(LEVELS) == sorted(set(LEVELS))
    assert {0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.995} <= set(LEVELS)


def test_a_view_that_warns_can_be_a_cell():
    with pytest.warns(BeliefWarning):
        view = VIEW.replace(taste_slope=0.1)
    assert address_of(view) != address_of(VIEW)
