"""Davidson, "Will compute bottlenecks prevent a software intelligence explosion?" (2025), and the default view."""

from __future__ import annotations

import math
from functools import cache

import pytest
from numbers_of import claims

import ooms

EVENT = "5 ooms in 1 year"
SPEEDUP = "initial speed-up"
DRAWS = 2**15


@cache
def view():
    return ooms.load("davidson-2025")


def chance(**changes):
    changed = view().replace(**changes) if changes else view()
    return ooms.forecast(changed, draws=DRAWS, events=[EVENT], quantities=[]).probability(EVENT)


SPEEDS = claims("davidson-2025", "max speed at rho")


@pytest.mark.parametrize("what", SPEEDS)
def test_max_speeds(what):
    """Unlimited labour at half weight for compute: two to the power of -1/rho."""
    rho = float(what.rpartition(" ")[2])
    speed = ooms.max_speed(rho, 0.5).item()
    assert speed == pytest.approx(2.0 ** (-1.0 / rho) if rho else math.inf, rel=1e-12)
    assert SPEEDS[what].low == (round(speed) if rho else math.inf)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("rho", [-1, -0.5, -0.4, -0.2, -0.15, -0.1])
def test_rho_and_its_max_speed_make_the_same_forecast(rho):
    by_speed = chance(max_speed=ooms.max_speed(float(rho)).item())
    assert by_speed.value == pytest.approx(chance(rho=rho).value, abs=1e-9)


def test_the_chance_of_an_explosion():
    assert chance().value == pytest.approx(0.32, abs=0.01)


def test_the_chance_lies_in_davidsons_own_range():
    claim = claims("davidson-2025")["5 OOMs from software in under a year"]
    assert claim.low < 100 * chance().value < claim.high


def test_the_chance_is_known_to_a_thousandth():
    assert chance().standard_error < 0.001


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"rho": -0.4}, 0.12), ({"rho": -0.4, "experiment_efficiency": 0.0}, 0.01), ({"rho": 0.0}, 0.43)],
)
def test_the_chance_if_davidson_were_sure(changes, expected):
    assert chance(**changes).value == pytest.approx(expected, abs=0.01)


def test_the_chance_falls_with_stronger_bottlenecks():
    chances = [chance(rho=rho).value for rho in (0.0, -0.1, -0.2, -0.4, -1.0)]
    assert chances == sorted(chances, reverse=True)


def test_the_initial_speedup_is_davidson_and_houldens():
    """2 / 8 / 32 there (5th percentile, median, 95th), which was not put in."""
    f = ooms.forecast(view(), draws=DRAWS, events=[], quantities=[SPEEDUP])
    low, middle, high = (q.value for q in f.quantiles(SPEEDUP, [0.05, 0.5, 0.95]))
    assert (low, middle, high) == pytest.approx((2.5, 9.2, 31), rel=0.03)


def test_rho_between_minus_a_fifth_and_zero_matters_little_for_the_pace_until_labour_is_vast():
    """A factor of two at 300 times the labour and three at a thousand; thirty thousand at 10^12."""
    ratios = [ooms.pace(labour, rho=0.0).item() / ooms.pace(labour, rho=-0.2).item() for labour in (300.0, 1e3, 1e12)]
    assert ratios == pytest.approx([2.17, 3.03, 3.19e4], rel=0.01)
