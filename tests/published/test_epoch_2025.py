"""Erdil & Barnett, "Most AI value will come from broad automation, not from R&D" (March 2025): where it fizzles out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numbers_of import claims
from scipy.optimize import brentq

import ooms

RHO = 1 - 1 / 0.7
VISION = 1.437
CLAIM = "a software-only singularity fizzles out after"


def central(name, view="epoch-2025", **changes):
    changed = ooms.load(view).replace(**changes)
    return ooms.forecast(changed, draws=256, events=[], quantities=[], keep_draws=False).central(name)


def pace(x, r_total, labour=900.0, rho=RHO):
    """Pace over today's: CES output at lambda = u = 1 and a = 1/2, less what harder ideas take, x/r_total in log10."""
    return ((labour * 10**x) ** rho / 2 + 0.5) ** (1 / rho) * 10 ** (-x / r_total)


@pytest.mark.sweep(2)
@pytest.mark.parametrize("r_total", [0.8, VISION, 2.5])
@pytest.mark.parametrize("rho", [RHO, -1.0])
def test_the_pace_is_back_at_todays_where_the_closed_form_has_it(r_total, rho):
    expected = brentq(lambda x: pace(x, r_total, rho=rho) - 1, 1e-9, 20)
    got = central("ooms at fizzle", returns_total=r_total, rho=rho, declining_returns=False)
    assert got == pytest.approx(expected, rel=2e-3)


def test_unlimited_labour_takes_one_order_of_magnitude_to_fizzle():
    """log10 of the max speed times r: 1.01 OOM for computer vision, and less with any labour that is finite."""
    most = math.log10(ooms.max_speed(RHO).item()) * VISION
    assert most == pytest.approx(1.01, abs=0.005)
    limit = claims("epoch-2025")[CLAIM].high
    assert central("ooms at fizzle") < central("ooms at fizzle", declining_returns=False) < limit < most


def peak(r, rho=RHO, share=0.5):
    """OOMs at which labour's share has fallen so far that ideas get harder as fast as labour speeds them up.

    Starting from l = S = 1: acceleration is s_L - (1 - a)/r with s_L = (1 - a) l^rho / ((1 - a) l^rho + a).
    """
    needed = (1 - share) / r
    return max(0.0, math.log10(needed * share / ((1 - needed) * (1 - share))) / rho)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("r", [1.05, VISION, 1.8, 2.5])
@pytest.mark.parametrize("rho", [RHO, -1.0, -0.1])
def test_the_peak_from_parity_is_where_the_closed_form_has_it(r, rho):
    got = central("ooms at peak pace", "epoch-2025+from-parity", returns=r, rho=rho, declining_returns=False)
    assert got == pytest.approx(min(peak(r, rho), 24), abs=0.05)


def test_from_parity_nothing_accelerates_unless_returns_are_taken_as_at_fixed_hardware():
    assert central("ooms at peak pace", "epoch-2025+from-parity") == 0.0
    as_if = central("ooms at peak pace", "epoch-2025+from-parity", compute_adjustment=False)
    assert 0 < as_if < peak(VISION) == pytest.approx(0.637, abs=0.001)


def test_with_900_times_the_human_labour_progress_slows_down_from_the_start():
    view = ooms.load("epoch-2025")
    got = ooms.forecast(view, draws=2**10, events=[], quantities=["acceleration at the start"], keep_draws=False)
    share = 900.0**RHO / (900.0**RHO + 1)
    assert got.central("acceleration at the start") == pytest.approx(share - 1 / VISION, abs=1e-3)
    assert share < 0.06


def test_no_elasticity_of_one_half_and_below_lets_progress_pass_half_an_order_of_magnitude():
    for sigma in np.linspace(0.1, 0.5, 5):
        assert central("ooms at fizzle", sigma=float(sigma)) < 0.5
