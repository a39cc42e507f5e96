"""The joint model: what is sampled, what it predicts, and that PyMC's is NumPy's."""

from __future__ import annotations

import shutil
import warnings

import numpy as np
import pytest

import ooms
from ooms.calibrating.joint import Joint
from ooms.calibrating.predictive import log_likelihood
from ooms.calibrating.surveys import load_survey, read_surveys
from ooms.calibrating.tree import items_of
from ooms.files.library import shipped
from ooms.problems import Problems, UserError


def surveys(*names):
    return read_surveys(names or None, Problems())


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_view_can_be_confronted_with_every_survey(name):
    joint = Joint(ooms.load(name), surveys())
    assert joint.names
    values = joint.prior(300, 0)
    for item, centre in joint.centres(values).items():
        assert np.all(np.isfinite(centre)), item
    for drawn in items_of(joint, values):
        assert np.all(np.isfinite(log_likelihood(drawn))), drawn.name


def test_what_is_sampled_is_what_surveys_bear_on():
    view = ooms.load("davidson-2025")
    assert Joint(view, surveys("compute-polls")).names == ("rho",)
    assert Joint(view, surveys("researcher-quality")).names == ("rho", "taste_multiplier")
    assert Joint(view, surveys("returns-by-domain")).names == ("parallelizability", "returns")
    everything = Joint(view, surveys())
    assert "taste_start" not in everything.names  # no survey speaks of where an AI stands
    assert everything.fixed == (
        "compute_share", "taste_ceiling", "compute_exponent", "labour_per_training", "software_share",
    )  # fmt: skip
    opened = Joint(ooms.load("davidson-2025+open"), surveys("compute-polls"))
    assert opened.names == ("compute_share", "compute_exponent", "sigma", "rho_discrepancy")
    assert opened.fixed == ()


def test_correlated_parameters_come_along():
    view = ooms.load("ai-futures-2025")
    names = Joint(view, surveys("compute-polls")).names
    assert {"labour_ceiling", "compute_ceiling", "compute_slowdown"} <= set(names)


@pytest.mark.parametrize(
    ("changes", "options", "said", "remedy"),
    [
        ({"rho": "discrete([-0.1, -0.2], [0.5, 0.5])"}, "", "has no density", "continuous distribution"),
        ({}, "+other-routes", "further routes", "without them"),
    ],
)
def test_what_cannot_be_learnt_with_is_refused(changes, options, said, remedy):
    view = ooms.load(f"davidson-2025{options}")
    with pytest.raises(UserError) as caught:
        Joint(view.replace(**changes) if changes else view, surveys())
    (problem,) = caught.value.problems
    assert said in problem.what
    assert remedy in problem.remedy


def test_joint_draws_are_refused():
    view = ooms.pool(["davidson-2025", "economists-2025"], draws=2**8, events=()).prior(256)
    with pytest.raises(UserError, match="holds joint draws"):
        Joint(view, surveys("compute-polls"))


def test_what_surveys_speak_of_is_the_engines_own():
    """Elasticities against slopes of the pace, and rho against Davidson's third reason."""
    joint = Joint(ooms.load("davidson-2025+open"), surveys())
    values = joint.prior(50, 1)
    derived = joint.derived(values)
    rho = 1.0 - 1.0 / values["sigma"]
    np.testing.assert_allclose(derived["rho_today"], rho, rtol=1e-12)
    far = 1.0 - (1.0 - rho) * np.exp(-values["rho_discrepancy"])
    np.testing.assert_allclose(derived["rho_far"], far, rtol=1e-12)
    step = 1e-5
    for name, inputs in (
        ("labour_elasticity", {"labour": np.exp(step * values["parallelizability"])}),
        ("compute_elasticity", {"compute": np.exp(step * values["compute_exponent"])}),
    ):
        raised = ooms.pace(**{"labour": 1.0, "compute": 1.0} | inputs, rho=rho, compute_share=values["compute_share"])
        np.testing.assert_allclose(derived[name], np.log(raised) / step, rtol=2e-4)


def test_what_is_not_sampled_is_not_derived():
    """The polls on compute leave parallelizability alone: its median is no result."""
    joint = Joint(ooms.load("davidson-2025+open"), surveys("compute-polls"))
    assert set(joint.derived(joint.prior(64, 0))) == {"rho_today", "rho_far", "compute_elasticity"}


def test_prior_draws_follow_the_prior():
    joint = Joint(ooms.load("davidson-2025+open"), surveys())
    values = joint.prior(4096, 2)
    marginals = {name: joint.view.beliefs[name].marginal for name in joint.names} | dict(joint.latents)
    for name, marginal in marginals.items():
        u = np.sort(marginal.cdf(values[name]))
        apart = np.max(np.abs(u - (np.arange(4096) + 0.5) / 4096))
        assert apart < 1.95 / 64, name  # Kolmogorov: beyond once in 1000
    assert np.std(values["bias.espai"] / values["bias_scale"]) == pytest.approx(1.0, rel=0.05)


@pytest.fixture(scope="module")
def potentials():
    """The terms of PyMC's model as one function of its random variables, without a compiler."""
    joint = Joint(ooms.load("davidson-2025+open"), surveys())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pytensor

        model = joint.model
        mode = pytensor.compile.mode.Mode(linker="py", optimizer=None)
        return joint, model, pytensor.function(
            model.free_RVs, list(model.potentials), mode=mode, on_unused_input="ignore"
        )  # fmt: skip


def test_the_model_in_pymc_is_the_one_in_numpy(potentials):
    joint, model, terms = potentials
    values = joint.prior(12, 3)
    expected = {drawn.name: log_likelihood(drawn).sum(axis=-1) for drawn in items_of(joint, values)}
    names = [variable.name for variable in model.free_RVs]
    standard = {f"bias.{g}.standard": values[f"bias.{g}"] / values["bias_scale"] for g in joint.groups}
    for k in range(12):
        found = terms(*(np.asarray((values | standard)[name][k]) for name in names))
        for potential, value in zip(model.potentials, found, strict=True):
            assert float(value) == pytest.approx(expected[potential.name][k], rel=1e-9, abs=1e-9), potential.name


def test_everything_that_is_sampled_has_its_prior_in_the_model(potentials):
    joint, model, _ = potentials
    sampled = {variable.name for variable in model.free_RVs}
    assert sampled == {
        *joint.names, *joint.latents, *joint.effects, *(f"bias.{group}.standard" for group in joint.groups)
    }  # fmt: skip


def test_bias_moves_an_effect_by_a_factor_and_a_level_by_a_sum():
    joint = Joint(ooms.load("davidson-2025+open"), surveys("compute-polls", "substitution-ai-labs"))
    values = joint.prior(20, 4)
    plain = joint.centres(values | {"bias.compute-polls": np.zeros(20), "bias.ai-labs": np.zeros(20)})
    moved = joint.centres(values | {"bias.compute-polls": np.full(20, 0.3), "bias.ai-labs": np.full(20, 0.3)})
    for item in ("slack-tenfold", "slack-tenth", "twitter-tenfold"):
        name = f"compute-polls.{item}"
        np.testing.assert_allclose(moved[name], plain[name] * np.exp(0.3), rtol=1e-12)
    np.testing.assert_allclose(moved["substitution-ai-labs.sigma"], plain["substitution-ai-labs.sigma"] + 0.3)


def test_claims_are_taken_with_the_self_report_bias():
    joint = Joint(ooms.load("davidson-2025"), surveys("staff-uplift", "labour-elasticity-2026"))
    values = joint.prior(20, 5)
    honest = joint.centres(values | {"self_report": np.ones(20)})
    inflated = joint.centres(values | {"self_report": np.full(20, 2.0)})
    np.testing.assert_allclose(inflated["staff-uplift.mythos"] - honest["staff-uplift.mythos"], np.log(2.0))
    name = "labour-elasticity-2026.twice-the-progress"
    np.testing.assert_allclose(inflated[name], honest[name])


def test_a_latent_of_one_survey_is_no_others(tmp_path):
    path = shutil.copy(load_survey("researcher-quality").file, tmp_path / "twice.toml")
    joint = Joint(ooms.load("davidson-2025"), [load_survey("researcher-quality"), load_survey(path)])
    assert {"researcher-quality.best-skill", "twice.best-skill"} <= set(joint.latents)
