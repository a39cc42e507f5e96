"""Extreme parameters of every family: an answer or a named problem, never NaN, a traceback or a warning."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ooms.distributions.marginals import (
    REGISTRY,
    Beta,
    Discrete,
    Empirical,
    Fixed,
    Lognormal,
    Loguniform,
    Mixture,
    Normal,
    QuantileSpline,
    ShiftedLognormal,
    SkewedLoguniform,
    Triangular,
    TruncatedLognormal,
    TruncatedNormal,
    Uniform,
)
from ooms.problems import UserError

LARGEST = float(np.finfo(float).max)
SIZES = [5e-324, 1e-320, 2.2e-308, 1e-200, 1e-100, 1e-16, 1e-8, 0.5, 1.0, 2.0, 1e3, 1e9, 1e16, 1e100, 1e154, 1e200,
         1e306, 1e308, LARGEST]  # fmt: skip
PROBES = np.array([2.0**-53, 1e-12, 1e-3, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1 - 1e-12, 1 - 2.0**-53])


class Extremes:
    """Parameters at the edge of what floating-point numbers hold, plain ones among them, in the right order or not."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def number(self, sign=True):
        x = float(self.rng.choice(SIZES)) if self.rng.random() < 0.7 else float(10 ** self.rng.uniform(-3, 3))
        return -x if sign and self.rng.random() < 0.25 else 0.0 if self.rng.random() < 0.03 else x

    def ends(self, count, low=None):
        """Increasing numbers; some of them neighbours in floating point."""
        found = sorted({self.number() if low is None else abs(self.number()) for _ in range(4 * count)})[:count]
        if self.rng.random() < 0.3:
            found[1] = float(np.nextafter(found[0], np.inf))
        return sorted(found)

    def parameters(self, family):
        rng, count = self.rng, len(family.keys())
        if family in (Fixed, Empirical):
            return (self.number(),) if family is Fixed else ([self.number() for _ in range(rng.integers(1, 6))],)
        if family is Discrete:
            values = sorted({self.number() for _ in range(3)})
            return values, [self.number(sign=False) for _ in values]
        if family is Mixture:
            return [self.member(), self.member()], [self.number(sign=False) for _ in range(2)]
        if family is QuantileSpline:
            values = [value for value in self.ends(3) if abs(value) < LARGEST] or [1.0]
            such = [1e-12, 0.01, 0.25, 0.5, 0.6, 0.99, 1 - 1e-12]
            chances = sorted(rng.choice(such, len(values), replace=False).tolist())
            lower = -np.inf if rng.random() < 0.5 else float(np.nextafter(values[0], -np.inf))
            return chances, values, lower, np.inf, str(rng.choice(["linear", "log"]))
        if family in (Uniform, Loguniform, SkewedLoguniform, Triangular):
            return self.ends(count, None if family in (Uniform, Triangular) else 0)
        two = self.number(family in (Normal, TruncatedNormal, ShiftedLognormal)), self.number(sign=False)
        if family is ShiftedLognormal:
            return *two, self.number(sign=False)
        if count == 2 or rng.random() < 0.5:
            return two
        return *two, *self.ends(2, 0 if family is TruncatedLognormal else None)

    def member(self):
        """A member of a family without parts, whatever it takes."""
        simple = [family for family in REGISTRY.values() if family is not Mixture]
        while True:
            family = simple[self.rng.integers(len(simple))]
            try:
                return family(*self.parameters(family))
            except UserError:
                pass


def tells_its_quantiles(marginal, rng):
    """No NaN, nothing outside the support, nothing that falls where it should rise; no warning (they are errors)."""
    low, high = marginal.support()
    x = marginal.ppf(np.concatenate([[0.0], PROBES, [1.0]]))
    drawn = marginal.ppf(rng.random(50))
    assert low <= marginal.middle <= high
    assert np.all((low <= x) & (x <= high))
    assert np.all((low <= drawn) & (drawn <= high))
    rounding = 1e-11 * (float(x[-3]) - float(x[2])) + 1e-307
    assert all(b >= a or b - a >= -1e-11 * abs(a) - rounding for a, b in itertools.pairwise(x.tolist()))
    with np.errstate(all="ignore"):
        at = np.concatenate([x, np.nextafter(x, -np.inf), np.nextafter(x, np.inf), [0.0, LARGEST, 5e-324, np.inf]])
    at = np.unique(np.concatenate([at, -at]))
    cdf = marginal.cdf(at)
    assert np.all((cdf >= 0) & (cdf <= 1))
    assert np.all(np.diff(cdf) >= -1e-9)
    assert not np.isnan(marginal.logpdf(at)).any()


def sweep(name, trials, seed):
    extremes, accepted = Extremes(seed), 0
    for _ in range(trials):
        given = extremes.parameters(REGISTRY[name])
        try:
            marginal = REGISTRY[name](*given)
        except UserError:
            continue
        accepted += 1
        tells_its_quantiles(marginal, extremes.rng)
    assert accepted > 0


@pytest.mark.parametrize("name", REGISTRY)
def test_extreme_parameters_have_an_answer_or_a_problem(name):
    sweep(name, 8 if name == "mixture" else 60, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", REGISTRY)
@pytest.mark.parametrize("seed", range(1, 6))
def test_many_extreme_parameters(name, seed):
    sweep(name, 60 if name == "mixture" else 300, seed)


@pytest.mark.parametrize(
    "marginal",
    [
        Uniform(1, np.nextafter(1, 2)),
        Normal(1e300, 1e-300),
        Normal(0, 1e307),
        Lognormal(1, 300),
        Loguniform(1e-308, 1e308),
        Triangular(0, 1e-150, 1e-150),
        TruncatedNormal(0, 1, lower=-1e308, upper=1e308),
        TruncatedNormal(0, 1, lower=30),
        TruncatedLognormal(1, 300, upper=1e300),
        ShiftedLognormal(1e200, 1e-200, 1),
        SkewedLoguniform(5e-324, 1, 1e308),
        Beta(0.01, 1),
        Beta(2, 1e12),
        Beta(1e9, 1e9),
        QuantileSpline.fit({0.1: 1e-300, 0.9: 1e300}, scale="log"),
    ],
    ids=lambda m: str(m)[:60],
)
def test_extreme_beliefs_that_make_sense_are_answered(marginal):
    tells_its_quantiles(marginal, np.random.default_rng(1))
