"""Markov chains of the compiled model: against weighed prior draws, hand-solved answers and surveys of known truth."""

from __future__ import annotations

import time

import numpy as np
import pytest
import xarray as xr
from twin import twin

import ooms
from ooms.calibrating.calibration import HEADLINE
from ooms.calibrating.fitting import _sampled
from ooms.calibrating.predictive import replicate
from ooms.calibrating.sampling import NutsSettings
from ooms.calibrating.surveys import load_survey
from ooms.calibrating.tree import flat, items_of
from ooms.progress import SILENT

HAND_SOLVED = (-0.575, -0.99, -0.045, -0.42, -0.185, 0.18)
"""rho from one answer up and one down, by its reading: DERIVED in the survey facts."""


@pytest.fixture(scope="module")
def polls():
    """Compiled once, for all tests here: the compute polls alone."""
    return ooms.calibrate("davidson-2025+open", surveys=["compute-polls"], seed=3)


@pytest.mark.slow
def test_it_is_sound_and_reproducible(polls):
    assert polls.sound, polls.diagnostics.failed
    again = polls.fit.compiled.sample(polls.fit.settings)
    np.testing.assert_array_equal(np.asarray(again["posterior"]["sigma"]).ravel(), polls.posterior["sigma"])


@pytest.mark.slow
def test_chains_find_what_weighed_prior_draws_find(polls, opened):
    weighed = twin(opened, [load_survey("compute-polls")], points=2**17)
    for name in (*polls.names, "bias_scale", "bias.compute-polls", "compute-polls.slack-tenth.spread"):
        ours, theirs = polls.posterior[name], weighed.posterior[name]
        for level in (0.1, 0.5, 0.9):
            # the error of a quantile, in terms of levels, from 600 effective draws on either side
            at = np.mean(ours <= np.quantile(theirs, level))
            assert at == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) * 2 / 600)), (name, level)
    assert polls.after(HEADLINE).value == pytest.approx(weighed.after(HEADLINE).value, abs=0.03)


@pytest.mark.slow
def test_the_polls_alone_cover_the_hand_solved_pairs(polls):
    """They were solved with one answer up, one down, and no error: a posterior that excluded one would be too sure."""
    low, high = np.quantile(np.asarray(polls.data["derived"]["rho_today"]), [0.025, 0.975])
    assert low < min(HAND_SOLVED)
    assert high > max(HAND_SOLVED)
    prior = np.quantile(np.asarray(polls.data["prior_derived"]["rho_today"]), [0.025, 0.975])
    assert high - low < prior[1] - prior[0]


@pytest.mark.slow
def test_without_weight_a_survey_says_nothing(polls):
    sampled = polls.fit.compiled.sample(polls.fit.settings, weights={"compute-polls": 0.0})
    refit = flat(sampled["posterior"].to_dataset())
    prior = polls.base.beliefs["sigma"].marginal
    for level in (0.1, 0.5, 0.9):
        assert np.mean(refit["sigma"] <= prior.ppf(level)) == pytest.approx(level, abs=0.06)


def test_divergent_draws_are_sampled_again_with_smaller_steps():
    """Twice at most; what diverges still is for the gate."""
    asked = []

    class Diverging:
        def sample(self, how, *, progress):
            asked.append(how.target_accept)
            diverging = xr.DataArray(np.full((2, 5), len(asked) < 3))
            return xr.DataTree.from_dict({"/sample_stats": xr.Dataset({"diverging": diverging})})

    _, how = _sampled(Diverging(), NutsSettings(target_accept=0.9), SILENT)
    assert asked == pytest.approx([0.9, 0.95, 0.975])
    assert how.target_accept == pytest.approx(0.975)


@pytest.mark.slow
def test_new_answers_move_the_compiled_model_in_no_time(polls):
    """Answers simulated at known values: they are found again, without compiling."""
    compiled = polls.fit.compiled
    truth = compiled.joint.prior(400, 7)
    steep = int(np.argmax(truth["compute_share"] * truth["compute_exponent"] - truth["bias_scale"]))
    one = {name: values[steep : steep + 1] for name, values in truth.items()}
    answers = {
        f"{drawn.name}:{key}": value[0]
        for drawn in items_of(compiled.joint, one)
        for key, value in replicate(drawn, 5, 1).items()
    }
    start = time.monotonic()
    found = compiled.sample(NutsSettings(draws=250, tune=300, target_accept=0.9), answers=answers)
    seconds = time.monotonic() - start
    refit = flat(found["posterior"].to_dataset())
    slope = refit["compute_share"] * refit["compute_exponent"]
    assert np.median(slope) > np.median(polls.posterior["compute_share"] * polls.posterior["compute_exponent"])
    assert seconds < 10.0  # 0.5 s at a desk; this guards against compiling again


SURVEY = """
title = "Made up"
cites = ["davidson-2025"]
population = "nobody"
bias = "made-up-{k}"

[items.pace]
question = "So much compute: what pace?"
n = {n}
grade = "J"
source = "simulated"
link = {{kind = "pace", compute = {compute}}}
likelihood = {{kind = "statement", value = {value}, sd = 0.01}}

[items.share]
question = "Elasticity to researchers"
grade = "J"
source = "simulated"
link = {{kind = "labour_elasticity"}}
likelihood = {{kind = "statement", value = {elasticity}, sd = 0.02}}
"""


@pytest.mark.slow
def test_parameters_are_recovered_from_surveys_of_known_truth(tmp_path):
    """Twelve sources that err apart, about a world with sigma 0.6: what they tell apart is found, and not missed."""
    rng, share, exponent, rho, parallel = np.random.default_rng(8), 0.35, 0.8, 1 - 1 / 0.6, 0.6
    names = []
    for k in range(12):
        compute = 10.0 ** rng.choice([-2, -1, 1, 2])
        effect = np.log(ooms.pace(labour=1.0, compute=compute**exponent, rho=rho, compute_share=share))
        bias = 0.15 * rng.standard_normal()  # of all that a source says
        text = SURVEY.format(
            k=k, n=20, compute=compute, value=float(np.exp(effect * np.exp(bias))),
            elasticity=float(parallel * (1 - share) * np.exp(bias)),
        )  # fmt: skip
        path = tmp_path / f"made-up-{k}.toml"
        path.write_text(text, encoding="utf-8")
        names.append(path)
    found = ooms.calibrate("davidson-2025+open", surveys=names, draws=4000, seed=1)
    assert found.sound, found.diagnostics.failed
    rows = {row.name: row for row in found.learnt()}
    for name, true in {"rho_today": rho, "compute_elasticity": share * exponent,
                       "labour_elasticity": parallel * (1 - share)}.items():  # fmt: skip
        low, _, high = rows[name].posterior
        assert low < true < high, (name, rows[name])
        assert rows[name].contraction > 0.3, (name, rows[name])


@pytest.mark.slow
def test_the_default_on_all_surveys():
    """What the documentation promises: sound, and a refit takes a small part of the time that compiling does."""
    start = time.monotonic()
    found = ooms.calibrate("davidson-2025")
    seconds = time.monotonic() - start
    assert found.sound, found.diagnostics.failed
    assert len(found.surveys) == 10
    d = found.diagnostics
    assert d.rhat.value < 1.01
    assert min(d.bulk.value, d.tail.value) > 400
    assert d.divergences == 0
    assert seconds < 360  # 1 to 2 minutes on two idle cores
    start = time.monotonic()
    settings = NutsSettings(draws=200, tune=250, target_accept=0.85)
    refit = found.fit.compiled.sample(settings, weights={"espai-2023": 0.0})
    assert refit["posterior"].sizes["draw"] == 200
    assert time.monotonic() - start < seconds / 15  # 1 to 2 seconds
