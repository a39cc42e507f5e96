"""The CES curve against 60-digit arithmetic, and everything said about it."""

from __future__ import annotations

import math
from decimal import Decimal, Overflow, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ooms.model.production import (
    ces_from_ceilings,
    combine_routes,
    labour_share,
    log_intensive,
    max_speed,
    nonzero,
    pace,
    rho_from_max_speed,
    rho_from_sigma,
    sigma_from_rho,
)

DAVIDSONS_MAX_SPEEDS = {-1: 2, -0.5: 4, -0.4: 5.66, -0.2: 32, -0.15: 101.59, -0.1: 1024, 0: math.inf}

rhos = (
    st.floats(-60, 0.99, allow_subnormal=False)
    | st.sampled_from([0.0, -60.0, 0.99])
    | st.builds(lambda s, e: s * 10.0**-e, st.sampled_from([-1, 1]), st.floats(1, 300))
)
labours = st.floats(math.log(1e-12), math.log(1e12)).map(math.exp)
shares = st.floats(0, 0.999) | st.sampled_from([0.0, 0.5, 0.999]) | st.floats(-15, -1).map(lambda e: 10.0**e)


def exact_pace(labour: float, compute: float, rho: float, share: float) -> float:
    """The definition, in 60 digits."""
    with localcontext() as context:
        context.prec = 60
        work, k, r, a = Decimal(labour), Decimal(compute), Decimal(rho), Decimal(share)
        if abs(rho) < 1e-25:  # where the next term, rho a (1-a) ln(l/k)^2 / 2, no longer counts
            value = ((1 - a) * work.ln() + a * k.ln()).exp()
        else:
            total = (1 - a) * (r * work.ln()).exp() + a * (r * k.ln()).exp()
            try:
                value = (total.ln() / r).exp()
            except Overflow:
                return math.inf
        return float(value)


@given(labours, rhos, shares)
def test_the_pace_is_exact(labour, rho, share):
    assert pace(labour, rho=rho, compute_share=share) == pytest.approx(exact_pace(labour, 1.0, rho, share), rel=1e-11)


@given(labours, labours, rhos, shares)
def test_the_pace_is_exact_with_any_compute(labour, compute, rho, share):
    exact = exact_pace(labour, compute, rho, share)
    assert pace(labour, compute, rho=rho, compute_share=share) == pytest.approx(exact, rel=1e-11)


@given(st.floats(0) | st.just(math.inf), st.floats(0) | st.just(math.inf), rhos, shares)
def test_the_pace_is_never_nan_for_any_inputs_from_nothing_to_infinity(labour, compute, rho, share):
    assert pace(labour, compute, rho=rho, compute_share=share) >= 0


@given(labours, st.floats(1, 1e6), rhos, shares)
def test_more_labour_never_slows_research(labour, factor, rho, share):
    low, high = pace([labour, labour * factor], rho=rho, compute_share=share)
    assert high >= low * (1 - 1e-12)


@given(labours, labours, st.floats(-12, 12).map(lambda e: 10.0**e), rhos, shares)
def test_the_pace_is_homogeneous_of_degree_one(labour, compute, factor, rho, share):
    together = pace(factor * labour, factor * compute, rho=rho, compute_share=share)
    assert together == pytest.approx(factor * pace(labour, compute, rho=rho, compute_share=share), rel=1e-11)


@given(rhos, shares)
def test_the_pace_is_one_with_todays_inputs(rho, share):
    assert pace(1.0, 1.0, rho=rho, compute_share=share) == 1.0


@given(labours, shares, st.floats(3, 300))
def test_the_pace_is_smooth_through_rho_zero(labour, share, digits):
    """Around Cobb-Douglas, ln Y = (1-a) q + rho a (1-a) q^2 / 2 + O(rho^2), with q = ln l."""
    q, tiny = math.log(labour), 10.0**-digits
    for rho in (-tiny, tiny):
        expected = (1 - share) * q + rho * share * (1 - share) * q**2 / 2
        remainder = rho**2 * abs(q) ** 3
        assert math.log(pace(labour, rho=rho, compute_share=share)) == pytest.approx(expected, abs=remainder + 1e-13)


@given(labours, labours, shares)
def test_rho_zero_is_cobb_douglas(labour, compute, share):
    exact = (1 - share) * math.log(labour) + share * math.log(compute)
    assert math.log(pace(labour, compute, rho=0.0, compute_share=share)) == pytest.approx(exact, abs=2e-14, rel=1e-15)


@given(labours, labours, rhos)
def test_without_a_compute_share_the_pace_is_labour(labour, compute, rho):
    assert pace(labour, compute, rho=rho, compute_share=0.0) == pytest.approx(labour, rel=1e-13)


def test_rho_minus_sixty_is_the_scarcer_input():
    assert pace([1e-12, 0.5, 1.0, 2.0, 1e12], rho=-60.0) == pytest.approx([1e-12, 0.5, 1.0, 1.0, 1.0], rel=0.012)
    assert pace(1e12, 1.0, rho=-60.0, compute_share=0.5) == pytest.approx(0.5 ** (-1 / 60), rel=1e-14)


@given(st.floats(-60, -0.05), st.floats(0.001, 0.999))
def test_unlimited_labour_and_unlimited_compute_meet_their_ceilings(rho, share):
    assert pace(math.inf, 1.0, rho=rho, compute_share=share) == pytest.approx(share ** (1 / rho), rel=1e-11)
    assert pace(1.0, math.inf, rho=rho, compute_share=share) == pytest.approx((1 - share) ** (1 / rho), rel=1e-11)


@pytest.mark.parametrize("rho", [0.0, 1e-9, 0.3, 0.99])
def test_there_is_no_ceiling_from_rho_zero_up(rho):
    assert pace(math.inf, rho=rho) == math.inf
    assert max_speed(rho) == math.inf


def test_without_labour_there_is_no_pace_unless_compute_can_replace_it():
    assert pace(0.0, rho=[-0.5, 0.0, 0.5]) == pytest.approx([0.0, 0.0, 0.25], rel=1e-14)


def test_arguments_broadcast():
    assert pace([[1.0], [2.0]], rho=[-1.0, 0.0, 0.5], compute_share=0.3).shape == (2, 3)
    assert pace(2.0, rho=-0.3, compute_share=[0.1, 0.5, 0.9]).shape == (3,)


@given(st.lists(st.tuples(labours, rhos, shares), min_size=2, max_size=6))
def test_draws_do_not_touch_each_other(draws):
    labour, rho, share = (np.array(column) for column in zip(*draws, strict=True))
    together = log_intensive(np.log(labour), nonzero(rho), share)
    alone = [log_intensive(np.log(labour[i]), nonzero(rho[i]), share[i]).item() for i in range(len(draws))]
    assert together == pytest.approx(alone, rel=1e-11, abs=1e-13)


# max speed, sigma and ceilings


@pytest.mark.parametrize(("rho", "speed"), DAVIDSONS_MAX_SPEEDS.items())
def test_davidsons_max_speeds(rho, speed):
    assert max_speed(rho).round(2) == speed
    assert max_speed(rho) == pytest.approx(0.5 ** (1 / rho) if rho else math.inf, rel=1e-14)


@given(st.floats(-60, -0.02), st.floats(0.001, 0.999))
def test_max_speed_and_rho_are_interchangeable(rho, share):
    assert rho_from_max_speed(max_speed(rho, share), share) == pytest.approx(rho, rel=1e-9)


@given(st.floats(-60, 0.99))
def test_sigma_and_rho_are_interchangeable(rho):
    assert rho_from_sigma(sigma_from_rho(rho)) == pytest.approx(rho, rel=1e-12, abs=1e-14)


def test_a_sigma_of_seven_tenths_is_a_rho_of_minus_three_sevenths():
    assert rho_from_sigma(0.7) == pytest.approx(-3 / 7, rel=1e-15)


@given(st.floats(-3, 14).map(lambda e: 1 + 10**e), st.floats(-3, 14).map(lambda e: 1 + 10**e))
def test_two_ceilings_fix_rho_and_the_compute_share(labour_ceiling, compute_ceiling):
    rho, share = ces_from_ceilings(labour_ceiling, compute_ceiling)
    assert rho < 0
    assert 0 < share < 1
    assert labour_ceiling**rho + compute_ceiling**rho == pytest.approx(1, rel=1e-12)
    assert max_speed(rho, share) == pytest.approx(labour_ceiling, rel=1e-10)
    assert math.exp(math.log1p(-share) / rho) == pytest.approx(compute_ceiling, rel=1e-10)


@given(st.floats(-3, -0.1), st.floats(0.05, 0.95))
def test_ceilings_give_back_the_rho_and_share_they_came_from(rho, share):
    back = ces_from_ceilings(share ** (1 / rho), (1 - share) ** (1 / rho))
    assert back == pytest.approx((rho, share), rel=1e-10)


def test_ceilings_may_come_as_draws():
    rho, share = ces_from_ceilings([15.0, 32.0, 2.0], [1000.0, 32.0, 1e6])
    assert rho.shape == share.shape == (3,)
    assert (rho[1], share[1]) == pytest.approx((-0.2, 0.5))


# labour's share


@given(st.floats(-27, 27), st.floats(-3, 0.99, allow_subnormal=False), st.floats(0.01, 0.99))
def test_labours_share_is_the_elasticity_of_the_pace_to_labour(log_ratio, rho, share):
    step = 1e-5
    ends = [log_intensive(np.array(log_ratio + h), nonzero(rho), np.array(share)).item() for h in (-step, step)]
    elasticity = (ends[1] - ends[0]) / (2 * step)
    assert labour_share(log_ratio, rho, share) == pytest.approx(elasticity, abs=2e-8)


@given(st.floats(-700, 700), rhos, shares)
def test_labours_share_is_a_share(log_ratio, rho, share):
    assert 0 <= labour_share(log_ratio, rho, share) <= 1


@given(st.floats(-700, 700), rhos)
def test_without_a_compute_share_all_is_labours(log_ratio, rho):
    assert labour_share(log_ratio, rho, 0.0) == 1


# several routes


def combined(paces, productivities, eta):
    log_pace, parts = combine_routes(np.log(paces), np.log(productivities), np.asarray(eta))
    return np.exp(log_pace), parts


many = st.lists(st.tuples(st.floats(1e-3, 1e6), st.floats(1e-3, 1e3)), min_size=1, max_size=5)


@given(st.floats(1e-6, 1e6), st.floats(1e-3, 1e3), st.floats(0.05, 200))
def test_one_route_is_itself(one, productivity, eta):
    pace_, parts = combined([one], [productivity], eta)
    assert pace_ == pytest.approx(one, rel=1e-11)
    assert parts == pytest.approx([1.0])


@given(many, st.floats(0.05, 200))
def test_routes_combine_by_their_formula(routes, eta):
    paces, weights = np.array(routes).T
    strongest = np.max(weights * paces), np.max(weights)
    sums = [np.sum((v / top) ** eta) for v, top in zip((weights * paces, weights), strongest, strict=True)]
    exact = strongest[0] / strongest[1] * (sums[0] / sums[1]) ** (1 / eta)
    assert combined(paces, weights, eta)[0] == pytest.approx(exact, rel=1e-10)


@given(many)
def test_routes_that_add_up_are_a_weighted_mean_of_gains(routes):
    paces, weights = np.array(routes).T
    assert combined(paces, weights, 1.0)[0] == pytest.approx(np.sum(weights * paces) / np.sum(weights), rel=1e-11)


@given(many)
def test_with_a_large_elasticity_the_strongest_route_wins(routes):
    paces, weights = np.array(routes).T
    strongest = np.max(weights * paces) / np.max(weights)
    assert combined(paces, weights, 1e5)[0] == pytest.approx(strongest, rel=1e-4)


@given(many, st.floats(0.05, 200))
def test_routes_together_are_one_today(routes, eta):
    paces, weights = np.array(routes).T
    assert combined(np.ones_like(paces), weights, eta)[0] == pytest.approx(1.0, rel=1e-12)


@given(many, st.floats(0.05, 200))
def test_the_parts_of_routes_sum_to_one(routes, eta):
    paces, weights = np.array(routes).T
    assert np.sum(combined(paces, weights, eta)[1]) == pytest.approx(1.0, rel=1e-12)


@given(many, st.floats(0.05, 50))
def test_the_part_of_a_route_is_the_elasticity_of_the_pace_to_it(routes, eta):
    paces, weights = np.array(routes).T
    step = 1e-6
    up, down = (
        np.log(combined(paces * np.exp(h * (np.arange(len(paces)) == 0)), weights, eta)[0]) for h in (step, -step)
    )
    assert (up - down) / (2 * step) == pytest.approx(combined(paces, weights, eta)[1][0], abs=1e-6)


def test_identical_routes_are_one_route():
    assert combined([7.0, 7.0, 7.0], [1.0, 3.0, 0.2], 2.5)[0] == pytest.approx(7.0)
