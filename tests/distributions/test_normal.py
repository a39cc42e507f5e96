"""The normal distribution function and its inverse, against scipy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from ooms.distributions.normal import log_density, ndtr, ndtri


def test_ndtr_is_accurate_in_the_centre():
    z = np.linspace(-5, 9, 20001)
    # scipy's own error reaches 5e-15 at -5; ours is below 1e-15 there (checked in 40-digit arithmetic).
    assert ndtr(z) == pytest.approx(scipy.special.ndtr(z), rel=6e-15)
    assert ndtr(np.linspace(-1, 9, 20001)) == pytest.approx(scipy.special.ndtr(np.linspace(-1, 9, 20001)), rel=1e-15)


@pytest.mark.parametrize(
    ("z", "exact"),
    [  # 40-digit arithmetic
        (-2, 0.0227501319481792072),
        (-5, 2.8665157187919391167e-7),
        (-5.65, 8.0223918506634975991e-9),
        (-5.7, 5.9903714010635281878e-9),
        (-10, 7.619853024160526066e-24),
        (-20, 2.7536241186062336951e-89),
        (-37.5, 4.6053530095819548438e-308),
    ],
)
def test_ndtr_in_the_left_tail(z, exact):
    assert float(ndtr(z)) == pytest.approx(exact, rel=1e-15)


def test_ndtri_is_accurate():
    u = np.concatenate([np.logspace(-300, -1, 20001), np.linspace(0.1, 0.9, 2000), 1 - np.logspace(-16, -1, 2001)])
    assert ndtri(u) == pytest.approx(scipy.special.ndtri(u), rel=2e-15)


def test_ends():
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        assert ndtri(np.array([0.0, 1.0])).tolist() == [-np.inf, np.inf]
        assert ndtr(np.array([-np.inf, -40.0, 40.0, np.inf])).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert np.isnan(ndtri(np.array([-0.1, 1.1, np.nan]))).all()
    assert np.isnan(ndtr(np.nan))
    assert ndtri(5e-324) == pytest.approx(scipy.special.ndtri(5e-324), rel=1e-15)


@given(st.floats(0, 1))
def test_inverse(u):
    assert ndtr(ndtri(u)) == pytest.approx(u, rel=1e-12, abs=1e-300)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_elements_are_independent_and_inputs_kept(us):
    u = np.array(us)
    z = ndtri(u)
    assert np.array_equal(u, us)
    assert np.array_equal(z, [float(ndtri(one)) for one in us])
    assert np.array_equal(ndtr(z), [float(ndtr(one)) for one in z])


def test_shapes():
    assert ndtri(0.3).shape == ()
    assert ndtr(np.zeros((2, 3))).shape == (2, 3)


def test_log_density():
    assert np.exp(log_density(np.array([0.0, 1.0]))) == pytest.approx([0.3989422804014327, 0.24197072451914337])
