"""Beliefs without returns: ideas get harder more slowly than experiments get cheaper, and software explodes."""

from __future__ import annotations

import math

import numpy as np
import pytest

import ooms
from ooms.beliefs.draws import central_inputs
from ooms.cli import main
from ooms.model.pace import Pace

EVENT = "5 ooms in 1 year"
FEW = {"draws": 2**8, "quantities": ["time to 5 ooms"], "events": [EVENT]}

TEXT = """
title = "Ideas get harder more slowly than experiments get cheaper: explodes at any substitution"
[parameters]
rho = {value = 0, source = "Cobb-Douglas, so that the answer has a closed form"}
compute_share = {value = 0.5, source = "me"}
parallelizability = {value = 1, source = "me"}
compute_exponent = {value = 1, source = "me"}
experiment_efficiency = {value = 1, source = "software doubles the experiments too"}
difficulty_exponent = {value = 0.3, source = "phi: harder by the power 0.3"}
software_growth = {value = 1, source = "me"}
labour_per_training = {value = 1, source = "only more copies"}
[variants]
declining_returns = false
"""

YEARS = (1 - 10**-3.5) / (0.7 * math.log(10))
"""To 5 OOMs, at dx/dt = 10^(0.7 x): 0.6202."""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "harder-slowly.toml"
    file.write_text(TEXT)
    return file


def years(view):
    (median,) = ooms.forecast(view, **FEW).quantiles("time to 5 ooms", 0.5)
    return median.value


@pytest.mark.parametrize("rho", [-50.0, -1.0, 0.0, 0.5])
def test_it_explodes_at_any_substitution(path, rho):
    """Labour and experiments grow alike there, so that substitution between them does not matter."""
    assert years(ooms.load(path).replace(rho=rho)) == pytest.approx(YEARS, rel=1e-6)


@pytest.mark.parametrize("command", [["forecast", "--draws", "256"], ["priors", "check"]])
def test_both_commands_take_it(path, capsys, command):
    assert main([*command, str(path)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("spelling", "value"),
    [("difficulty", 0.3), ("difficulty_exponent", 0.3), ("historical_research_growth", 0.3 * math.log(10))],
)
def test_every_spelling_of_difficulty_says_it(path, spelling, value):
    view = ooms.load(path).replace(**{spelling: value})
    assert {"difficulty", "difficulty_exponent", "historical_research_growth"} & view.beliefs.keys() == {spelling}
    assert years(view) == pytest.approx(YEARS, rel=1e-6)


@pytest.mark.parametrize("beta", [0.5, 0.5 - 1e-12, 0.0, -0.4])
def test_net_difficulty_may_be_nothing_and_ideas_may_get_easier(path, beta):
    """At dx/dt = 10^((1 - beta) x)."""
    b = (1 - beta) * math.log(10)
    assert years(ooms.load(path).replace(difficulty=beta)) == pytest.approx(-math.expm1(-5 * b) / b, rel=1e-6)


def test_returns_and_difficulty_replace_each_other(path):
    view = ooms.load(path)
    by_returns = view.replace(returns=2.0)
    assert "difficulty_exponent" not in by_returns.beliefs
    assert years(by_returns) == pytest.approx(years(by_returns.replace(difficulty=0.5 / 2 + 0.5)), rel=1e-12)
    assert "returns" not in by_returns.replace(difficulty=0.1).beliefs


def test_some_draws_may_have_returns_and_others_none(path):
    """Difficulty uniform about a zeta gamma = 0.5: every draw counts, and the chance has a closed form."""
    view = ooms.load(path).replace(difficulty="uniform(0.2, 0.8)", software_growth=0.5)
    found = ooms.forecast(view, draws=2**12, quantities=(), events=["5 ooms in 1.5 years"])
    b = np.linspace(0.2, 0.8, 200_001)
    slope = (1 - b) * math.log(10)
    share = np.mean(-np.expm1(-5 * slope) / slope / 0.5 <= 1.5)
    assert found.probability("5 ooms in 1.5 years").value == pytest.approx(share, abs=2e-3)


def test_davidsons_answer_to_whitfill_and_wu():
    """Strong complements (sigma 0.02 to 0.2) explode if experiments get cheaper faster than ideas get harder.

    Under complements the slower of labour and experiments paces research, so that kappa goes to
    min(lambda, zeta gamma) - beta; without cheaper experiments to -beta.
    """
    view = ooms.load("whitfill-wu-2025+frontier-experiments").replace(
        declining_returns=False, parallelizability=0.6, compute_exponent=0.65, compute_share=0.7, difficulty=0.4,
        taste_start=0,
    )  # fmt: skip
    cheaper = view.replace(experiment_efficiency=1)
    assert 0.7 * 0.65 * 1 > 0.4  # net difficulty below 0
    for belief, far in ((cheaper, 0.6 - 0.4), (view, -0.4)):
        assert Pace(central_inputs(belief)[1]).kappa(200.0).item() == pytest.approx(far, abs=1e-6)
    far = {"draws": 2**8, "events": ["20 ooms in 100 years"], "quantities": ()}
    chances = [ooms.forecast(v, **far).probability("20 ooms in 100 years").value for v in (cheaper, view)]
    assert chances == [pytest.approx(1.0, abs=1e-3), pytest.approx(0.0, abs=1e-3)]


def test_it_can_be_compared_explained_and_pooled(path):
    view, other = ooms.load(path), ooms.load("davidson-houlden-2025+constant-returns")
    why = ooms.explain(other, view, event=EVENT, draws=2**8)
    assert sum(part.value for part in why.contributions.values()) == pytest.approx(why.total.value, abs=1e-12)
    assert why.differences["returns"].startswith("difficulty: returns ~ loguniform(0.4, 3.6) -> difficulty_exponent ~")
    both = ooms.pool([view, other], draws=2**8, events=[EVENT], quantities=())
    prior = both.prior(64)
    assert "difficulty" in prior.beliefs
    assert "returns" not in prior.beliefs
    alone = ooms.pool([other], draws=2**8, events=[EVENT], quantities=()).prior(64)
    assert "returns" in alone.beliefs  # in the words most people use, where there are any in every draw
