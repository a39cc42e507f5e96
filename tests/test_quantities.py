"""Max speed, doublings, progress at the peak, and what the same progress would have cost in hardware alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

import ooms
from ooms.beliefs.draws import Sampler, central_inputs
from ooms.outcomes import RESOURCE_QUANTITIES, Run, parse_event, parse_quantity
from ooms.problems import UserError

BASE = ooms.load("davidson-2025")
HOUSE = ooms.load("davidson-houlden-2025")


def values(view, quantity, draws=256, top=16):
    run = Run(Sampler(view, 0).block(0, draws).inputs, top, dense=True)
    return np.broadcast_to(parse_quantity(quantity).values(run), run.inputs.draws)


def median(view, quantity):
    return ooms.forecast(view, draws=2**10, events=[], quantities=[quantity]).quantiles(quantity, 0.5)[0].value


@pytest.mark.parametrize("rho", [-1.0, -0.4, -0.1])
def test_max_speed_is_the_ceiling_of_the_ces_curve(rho):
    expected = ooms.max_speed(rho).item()
    assert values(BASE.replace(rho=rho), "max speed") == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(ooms.pace(np.inf, rho=rho).item(), rel=1e-9)


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_max_speed_is_unlimited_where_labour_can_stand_in(rho):
    assert np.all(np.isinf(values(BASE.replace(rho=rho), "max speed")))


def test_max_speed_is_that_of_unlimited_labour_whatever_the_routes(tmp_path):
    path = tmp_path / "two.toml"
    path.write_text("""
extends = "davidson-2025"
[parameters]
rho = {value = -0.4, source = "me"}
route_elasticity = {value = 2, source = "me"}
[[routes]]
rho = {value = -0.3, source = "me"}
compute_share = {value = 0.2, source = "me"}
experiment_efficiency = {value = 0, source = "me"}
productivity = {value = 0.2, source = "me"}
""")
    view = ooms.load(path)
    vast = Run(central_inputs(view.replace(workforce=1e200, parallelizability=1.0))[1], 1, dense=False).pace
    expected = np.exp(vast.log_output(0.0)).item()
    assert values(view, "max speed")[0] == pytest.approx(expected, rel=1e-6)
    endless = ooms.load(path).replace(rho=0.1)
    assert np.all(np.isinf(values(endless, "max speed")))


def test_max_speed_after_an_initial_speedup_is_relative_to_it():
    view = BASE.replace(rho=-0.4, initial_speedup=3.0)
    pace = Run(Sampler(view, 0).block(0, 16).inputs, 1, dense=False).pace
    without = np.exp(Run(Sampler(BASE.replace(rho=-0.4), 0).block(0, 16).inputs, 1, dense=False).pace.log_output(0.0))
    assert np.exp(pace.log_max_speed()) == pytest.approx(3.0 * ooms.max_speed(-0.4) / without, rel=1e-9)


@pytest.mark.parametrize("returns", [0.7, 1.3])
def test_doublings_follow_eth_and_davidsons_rule(returns):
    """At constant returns each doubling takes 2^(1/r - 1) times as long as the last."""
    view = ooms.load("eth-davidson-2025").replace(returns=returns, declining_returns=False)
    times = np.array([values(view, f"time of doubling {n}") for n in range(1, 6)])
    assert times[1:] / times[:-1] == pytest.approx(np.full((4, 256), 2 ** (1 / returns - 1)), rel=2e-4)


def test_doublings_add_up_to_the_time_to_their_progress():
    ten = sum(values(HOUSE, f"time of doubling {n}") for n in range(1, 11))
    ooms_of_ten = 10 * math.log10(2) / 2
    expected = values(HOUSE, f"time to {ooms_of_ten:.17g} ooms")
    there = np.isfinite(ten)
    assert ten[there] == pytest.approx(expected[there], rel=1e-6)


def test_the_progress_at_the_peak_is_where_acceleration_ends():
    view = ooms.load("epoch-2025+from-parity").replace(returns=1.5, software_limit=1e6)
    at = values(view, "ooms at peak pace")
    run = Run(Sampler(view, 0).block(0, 256).inputs, 16, dense=True)
    assert run.pace.kappa(at) == pytest.approx(np.zeros(256), abs=2e-3)
    assert np.all(at > 0.3)


def test_epochs_fizzle_in_closed_form():
    """Where kappa = 0: labour's share is (1 - a)/r, so labour is (s_L/(1 - s_L))^(1/rho) at a = 1/2, lambda = u = 1."""
    rho = 1 - 1 / 0.7
    for r in (1.2, 1.437, 1.8):
        share = 0.5 / r
        expected = math.log10((share / (1 - share)) ** (1 / rho))
        view = ooms.load("epoch-2025+from-parity").replace(returns=r, declining_returns=False)
        assert values(view, "ooms at peak pace")[0] == pytest.approx(expected, abs=2e-3)


def test_by_hardware_alone():
    view = BASE.replace(training_cost=1e9, training_energy=2e5, carbon_intensity=0.5)
    gained = values(view, "ooms after 1 year")
    for what, today in [("compute", 1.0), ("cost", 1e9), ("energy", 2e5), ("carbon", 1e5)]:
        assert values(view, f"{what} by hardware alone after 1 year") == pytest.approx(today * 10.0**gained, rel=1e-12)


def test_every_view_takes_the_shipped_conversion_factors_unless_it_states_its_own():
    mine = BASE.replace(training_cost=1.0)
    by = "cost by hardware alone after 1 year"
    assert median(mine, by) == pytest.approx(median(BASE, "compute by hardware alone after 1 year"), rel=0.02)
    assert median(BASE, by) > 1e8
    assert set(parse_quantity(RESOURCE_QUANTITIES[3]).needs) == {"training_energy", "carbon_intensity"}


def test_conversion_factors_change_no_other_draw():
    plain = ooms.forecast(BASE, draws=2**10, events=["5 ooms in 1 year"], quantities=[])
    with_cost = ooms.forecast(BASE, draws=2**10, events=["5 ooms in 1 year"], quantities=list(RESOURCE_QUANTITIES))
    assert plain.probability("5 ooms in 1 year") == with_cost.probability("5 ooms in 1 year")


@pytest.mark.parametrize(
    ("text", "what"),
    [("time of doubling 0", "doubling 0"), ("time of doubling 5000", "doubling 5000"),
     ("water by hardware alone after 1 year", "there is no quantity"), ("cost by hardware alone", "no quantity")],
)  # fmt: skip
def test_what_cannot_be_asked(text, what):
    with pytest.raises(UserError, match=what):
        parse_quantity(text)


@pytest.mark.parametrize(
    "text", ["3 years in 1 year anywhere within 4 years", "5 ooms in 1 year anywhere within 18 months"]
)
def test_events_within_a_horizon(text):
    event = parse_event(text)
    assert event.text == text
    assert event.horizon in (4.0, 1.5)
    assert not event.scales_with_rate
    wide = ooms.forecast(HOUSE, draws=2**10, events=[text, text.split(" within")[0]], quantities=[])
    narrow, free = (e.probability.value for e in wide.events.values())
    assert 0 < narrow <= free


def test_a_horizon_is_about_stretches_anywhere():
    with pytest.raises(UserError, match="anywhere within 4 years"):
        parse_event("5 ooms in 1 year within 4 years")
