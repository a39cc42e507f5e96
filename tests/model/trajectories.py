"""Solved draws that several tests share."""

from __future__ import annotations

import math

import numpy as np
from plain_model import (
    CENTRAL,
    LN10,
    VARIANTS,
    inputs_of,
    log_pace,
)

from ooms.model.path import Trajectory
from ooms.model.trajectory import solve

TOP = 6
LONG = 1e4  # years beyond which nobody needs digits

EVERYDAY = {
    "main": {},
    "tasteful": {"taste_slope": lambda rng: rng.uniform(0, 0.5)},
    "unlimited": {"software_limit": math.inf},
    "routes": VARIANTS["routes"],
    "all": VARIANTS["all"] | {"taste_slope": lambda rng: rng.uniform(0, 0.5)},
    "short of the limit": {"software_limit": lambda rng: rng.uniform(1.1, 6)},
}


PLAUSIBLY = {
    "main": {},
    "tasteful": {"taste_slope": lambda rng: rng.uniform(0, 0.5)},
    "unlimited": {"software_limit": math.inf},
    "speed-up": VARIANTS["speed-up"],
}


def solved(draws, top=TOP, *, dense=True) -> Trajectory:
    return solve(inputs_of(draws), top, dense=dense)


def every(function, draws, *args):
    return np.array([function(d, *args) for d in draws])


def left(draws, x):
    """OOMs from x to each draw's limit."""
    return np.array([d["software_limit"] for d in draws]) - x


COBB_DOUGLAS = CENTRAL | {"rho": 0.0, "software_limit": math.inf, "experiment_efficiency": 0.0}


def power_law(returns, start=0.8):
    """Cobb-Douglas without a limit: dx/dt = g exp(c x), and the parameters that give it."""
    d = COBB_DOUGLAS | {"returns": returns, "software_growth": start}
    lam, u, a = d["parallelizability"], d["labour_per_training"], d["compute_share"]
    return d, math.exp(log_pace(d, 0.0)), lam * (1 - a) * (1 - 1 / returns) * u * LN10
