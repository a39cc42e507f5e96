"""Erdil & Barnett, "Most AI value will come from broad automation, not from R&D" (March 2025): where it fizzles out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numbers_of import claims

import ooms

RHO = 1 - 1 / 0.7


def peak(r, rho=RHO, share=0.5):
    """OOMs at which labour's share has fallen so far that ideas get harder as fast as labour speeds them up.

    Starting from l = S = 1: acceleration is s_L - (1 - a)/r with s_L = (1 - a) l^rho / ((1 - a) l^rho + a).
    """
    needed = (1 - share) / r
    return max(0.0, math.log10(needed * share / ((1 - needed) * (1 - share))) / rho)


def central(name, **changes):
    view = ooms.load("epoch-2025+from-parity").replace(**changes)
    return ooms.forecast(view, draws=256, events=[], quantities=[], keep_draws=False).central(name)


@pytest.mark.parametrize("r", [1.05, 1.437, 1.8, 2.5])
@pytest.mark.parametrize("rho", [RHO, -1.0, -0.1])
def test_the_peak_is_where_the_closed_form_has_it(r, rho):
    got = central("ooms at peak pace", returns=r, rho=rho, declining_returns=False)
    assert got == pytest.approx(min(peak(r, rho), 24), abs=0.05)


def test_less_than_an_order_of_magnitude_holds_for_returns_below_1_84():
    assert peak(1.437) == pytest.approx(0.637, abs=0.001)
    assert peak(1.84) == pytest.approx(1.0, abs=0.01)
    limit = claims("epoch-2025")["software-only acceleration fizzles out after"].high
    assert peak(1.8) < limit < peak(1.9)


def test_declining_returns_only_bring_the_peak_forward():
    assert central("ooms at peak pace") < central("ooms at peak pace", declining_returns=False)


def test_with_900_times_the_human_labour_progress_slows_down_from_the_start():
    view = ooms.load("epoch-2025")
    got = ooms.forecast(view, draws=2**10, events=[], quantities=["acceleration at the start"], keep_draws=False)
    labour = 900.0
    share = labour**RHO / (labour**RHO + 1)
    assert got.central("acceleration at the start") == pytest.approx(share - 0.5 / 1.437, abs=1e-3)
    assert share < 0.06


def test_no_elasticity_of_one_half_and_below_lets_progress_pass_an_order_of_magnitude():
    assert all(peak(1.437, 1 - 1 / sigma) < 1 for sigma in np.linspace(0.1, 0.5, 9))
