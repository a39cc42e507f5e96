"""One conformance suite for every distribution family in the registry."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pymc as pm
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from pymc.distributions.shape_utils import change_dist_size

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
    from_table,
    parse,
)
from ooms.distributions.marginals.checks import shares
from ooms.distributions.normal import ndtr
from ooms.problems import Problems, UserError

SPLINE = {0.05: 1.0, 0.25: 2.0, 0.5: 3.0, 0.75: 7.0, 0.95: 30.0}
EXTRA = [
    Fixed(-0.4),
    Fixed(0),
    Uniform(-1e6, 1e-6),
    Loguniform(1e-12, 1e12),
    Normal(-3, 1e-4),
    Lognormal(1e6, 4),
    TruncatedNormal(0, 1),
    TruncatedNormal(0, 1, lower=6),
    TruncatedNormal(0, 1, upper=-8),
    TruncatedNormal(2, 3, lower=-1, upper=1),
    TruncatedNormal.fit({0.1: 0.2, 0.9: 1.5}, lower=0),
    TruncatedLognormal(2, 1.5),
    TruncatedLognormal(2, 1.5, lower=1, upper=9),
    Beta(1, 1),
    Beta(0.5, 0.5),
    Beta(0.1, 1000),
    Beta(1e4, 2e4),
    Beta(3, 2, low=-1, high=5),
    Beta.fit({0.05: 0.01, 0.95: 0.4}),
    Triangular(0, 0, 1),
    Triangular(-1, 2, 2),
    Triangular.fit({0.05: 1, 0.5: 3, 0.95: 6}),
    SkewedLoguniform(1e-6, 1, 1.001),
    ShiftedLognormal(-5, 2, 0.3),
    Discrete([5, 1, 3], [1, 2, 0]),
    Empirical(range(100)),
    Mixture([Normal(-2, 0.5), Lognormal(3, 1)], [1, 3]),
    Mixture([Fixed(2), Uniform(0, 4), Discrete([1, 3], [1, 1])], [0.2, 0.5, 0.3]),
    QuantileSpline.fit({0.1: 3, 0.9: 13}),
    QuantileSpline.fit(SPLINE),
    QuantileSpline.fit(SPLINE, scale="log"),
    QuantileSpline.fit(SPLINE, lower=0, upper=40),
    QuantileSpline.fit(SPLINE, upper=100),
    QuantileSpline.fit(SPLINE, scale="log", lower=0.5, upper=1000),
]
EXAMPLES = [from_table(family.example, name, Problems()) for name, family in REGISTRY.items()]
ALL = [*EXAMPLES, *EXTRA]
ATOMIC = [m for m in ALL if m.discrete or (isinstance(m, Mixture) and any(c.discrete for c in m.components))]
SMOOTH = [m for m in ALL if m not in ATOMIC]

U = np.unique(np.concatenate([np.logspace(-12, -1, 40), np.linspace(0.1, 0.9, 81), 1 - np.logspace(-12, -1, 40)]))
EXTREME = np.array([2.0**-54, 1 - 2.0**-53])
every = pytest.mark.parametrize("marginal", ALL, ids=lambda m: str(m)[:60])
smooth = pytest.mark.parametrize("marginal", SMOOTH, ids=lambda m: str(m)[:60])


def test_every_family_is_here_under_its_own_name():
    assert {type(m).family for m in ALL} == set(REGISTRY)
    assert all(name == family.family for name, family in REGISTRY.items())


@smooth
def test_cdf_inverts_ppf(marginal):
    x = marginal.ppf(U)
    # Where the density piles up against an end, neighbouring floating-point numbers are further apart than 1e-9.
    assert np.all(marginal.cdf(np.nextafter(x, -np.inf)) <= U + 1e-9)
    assert np.all(marginal.cdf(np.nextafter(x, np.inf)) >= U - 1e-9)


@pytest.mark.parametrize("marginal", ATOMIC, ids=lambda m: str(m)[:60])
def test_ppf_is_the_least_value_with_enough_probability(marginal):
    x = marginal.ppf(U)
    assert np.all(marginal.cdf(x) >= U - 1e-15)
    assert np.all(marginal.cdf(np.nextafter(x, -np.inf)) < U + 1e-15)


@every
def test_ppf_is_monotone_and_stays_in_the_support(marginal):
    low, high = marginal.support()
    x = marginal.ppf(np.concatenate([EXTREME[:1], U, EXTREME[1:]]))
    assert np.all(np.diff(x) >= -1e-14 * (marginal.ppf(0.9) - marginal.ppf(0.1)))  # rounding in ndtri
    assert np.all((low <= x) & (x <= high))
    assert np.all(np.isfinite(x))
    assert marginal.ppf(0.0) >= low
    assert marginal.ppf(1.0) <= high


@every
def test_outside_the_support_there_is_no_probability(marginal):
    low, high = marginal.support()
    outside = np.array([x for x in (np.nextafter(low, -np.inf), np.nextafter(high, np.inf)) if np.isfinite(x)])
    assert np.all(marginal.logpdf(outside) == -np.inf)
    assert marginal.cdf(-np.inf) == 0
    assert marginal.cdf(np.inf) == 1
    assert np.all(np.isin(marginal.cdf(outside), [0.0, 1.0]))
    assert not np.isnan(marginal.logpdf(np.array([low, high, -np.inf, np.inf]))).any()


@pytest.mark.sweep(15)
@every
@settings(max_examples=5, deadline=None)
@given(st.lists(st.floats(0, 1, exclude_min=True, exclude_max=True), min_size=1, max_size=40))
def test_an_element_does_not_depend_on_its_neighbours(marginal, us):
    u = np.array(us)
    x = marginal.ppf(u)
    for f, at in ((marginal.ppf, u), (marginal.cdf, x), (marginal.logpdf, x)):
        alone = np.array([float(f(one)) for one in at])
        assert np.array_equal(f(at), alone)
        assert np.array_equal(f(np.concatenate([at[::-1], at]))[at.size :], alone)


@every
def test_shapes_are_kept_and_inputs_are_not_changed(marginal):
    u = np.linspace(0.1, 0.9, 6).reshape(2, 3)
    before = u.copy()
    x = marginal.ppf(u)
    kept = x.copy()
    assert x.shape == marginal.cdf(x).shape == marginal.logpdf(x).shape == (2, 3)
    assert x.dtype == np.float64
    assert np.array_equal(u, before)
    assert np.array_equal(x, kept)
    assert marginal.ppf(0.5).shape == ()
    assert marginal.middle == marginal.ppf(np.array([0.5]))[0]


@smooth
def test_density_integrates_to_the_probability(marginal):
    edges = marginal.ppf(ndtr(np.linspace(-6, 6, 2401)))
    nodes, weights = np.polynomial.legendre.leggauss(6)
    half = np.diff(edges) / 2
    wide = half > 1e-9 * np.abs(edges[:-1])  # narrower panels are lost in the rounding of x
    x = edges[:-1][wide, None] + half[wide, None] * (1 + nodes)
    mass = np.sum(np.exp(marginal.logpdf(x)) * weights, axis=1) * half[wide]
    expected = np.diff(marginal.cdf(edges))[wide]
    assert np.sum(mass) == pytest.approx(np.sum(expected), abs=1e-5)
    assert np.sum(expected) > 0.7


@smooth
def test_density_is_the_derivative_of_the_distribution_function(marginal):
    u = np.array([0.011, 0.21, 0.37, 0.57, 0.83, 0.987])
    low, high = marginal.ppf(u - 1e-5), marginal.ppf(u + 1e-5)
    slope = (marginal.cdf(high) - marginal.cdf(low)) / (high - low)
    assert np.exp(marginal.logpdf(marginal.ppf(u))) == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize("marginal", [m for m in ALL if m.discrete], ids=lambda m: str(m)[:60])
def test_masses_sum_to_one(marginal):
    values = np.unique(marginal.ppf(np.linspace(0.0005, 0.9995, 1000)))
    assert np.sum(np.exp(marginal.logpdf(values))) == pytest.approx(1, abs=1e-12)
    assert marginal.logpdf(values[0] + 1e-3) == -np.inf


def test_atoms_of_a_mixture_have_mass_and_the_rest_has_density():
    mixture = Mixture([Fixed(2), Uniform(0, 4)], [1, 3])
    assert np.exp(mixture.logpdf(np.array([2.0, 1.0, 5.0]))) == pytest.approx([0.25, 0.75 / 4, 0])


@every
def test_text_reads_back(marginal):
    problems = Problems()
    back = parse(str(marginal), "here", problems)
    problems.raise_if_any()
    assert back == marginal
    assert hash(back) == hash(marginal)


FITS = [
    (Uniform, {0.1: -3, 0.75: 13}, {}),
    (Loguniform, {0.1: 3, 0.9: 13}, {}),
    (Normal, {0.025: 3, 0.9: 13}, {}),
    (Lognormal, {0.1: 1e-9, 0.9: 1e9}, {}),
    (TruncatedNormal, {0.1: 0.2, 0.9: 1.5}, {"lower": 0}),
    (TruncatedNormal, {0.1: 0.1, 0.9: 2.0}, {"lower": 0}),
    (TruncatedNormal, {0.1: 0.3, 0.9: 0.95}, {"lower": 0, "upper": 1}),
    (TruncatedNormal, {0.1: -1e6, 0.9: 3e6}, {"upper": 3.5e6}),
    (TruncatedNormal, {0.1: 3, 0.9: 13}, {}),
    (TruncatedLognormal, {0.1: 3, 0.9: 13}, {"upper": 20}),
    (TruncatedLognormal, {0.05: 1.1, 0.95: 50}, {"lower": 1}),
    (TruncatedLognormal, {0.1: 3, 0.9: 13}, {"lower": 1, "upper": 20}),
    (Beta, {0.1: 0.2, 0.9: 0.6}, {}),
    (Beta, {0.1: 0.01, 0.9: 0.99}, {}),
    (Beta, {0.05: 0.4999, 0.95: 0.5001}, {}),
    (Beta, {0.1: 1e-4, 0.9: 0.3}, {}),
    (Beta, {0.1: 1, 0.9: 4}, {"low": -1, "high": 5}),
    (Triangular, {0.1: 1, 0.9: 4}, {"mode": 2}),
    (Triangular, {0.1: 1, 0.9: 4}, {"mode": 0.9}),
    (Triangular, {0.05: 1, 0.5: 3, 0.95: 6}, {}),
    (Triangular, {0.1: -2, 0.6: 3, 0.9: 5}, {}),
    (SkewedLoguniform, {0.1: 1, 0.9: 400}, {"mode": 20}),
    (SkewedLoguniform, {0.1: 1, 0.5: 20, 0.95: 400}, {}),
    (ShiftedLognormal, {0.1: 2, 0.9: 201}, {}),
    (ShiftedLognormal, {0.1: 2, 0.9: 201}, {"shift": -4}),
    (QuantileSpline, {0.1: 3, 0.9: 13}, {}),
    (QuantileSpline, SPLINE, {"scale": "log", "lower": 0.5}),
    (QuantileSpline, {0.01: -3, 0.02: -2, 0.5: 0, 0.6: 100, 0.7: 101, 0.8: 102}, {}),
]


@pytest.mark.parametrize(("family", "quantiles", "fixed"), FITS)
def test_fit_reproduces_the_quantiles(family, quantiles, fixed):
    member = family.fit(quantiles, **fixed)
    assert member.ppf(np.array(list(quantiles))) == pytest.approx(np.array(list(quantiles.values())), rel=1e-9)
    assert member == family(*(getattr(member, key) for key in list(family.keys())))


@settings(max_examples=20, deadline=None)
@given(st.floats(-3, 3), st.floats(-2, 2), st.floats(0.05, 0.45), st.floats(0.55, 0.95))
def test_fit_finds_the_parameters_that_made_the_quantiles(mean, log_sd, p, q):
    ps = np.array([p, q])
    for made in (
        TruncatedNormal(mean, np.exp(log_sd), lower=mean - np.exp(log_sd), upper=mean + 3 * np.exp(log_sd)),
        TruncatedLognormal(np.exp(mean), np.exp(log_sd), lower=np.exp(mean - np.exp(log_sd))),
        Beta(np.exp(mean), np.exp(log_sd)),
    ):
        fixed = {key: getattr(made, key) for key in made.beside_quantiles}
        fitted = type(made).fit(dict(zip(ps.tolist(), made.ppf(ps).tolist(), strict=True)), **fixed)
        assert fitted.ppf(ps) == pytest.approx(made.ppf(ps), rel=1e-9)


@pytest.mark.parametrize(
    ("family", "quantiles", "fixed"),
    [
        (TruncatedNormal, {0.1: 0.1, 0.9: 3.0}, {"lower": 0}),  # heavier than exponential
        (TruncatedNormal, {0.1: 0.01, 0.9: 0.99}, {"lower": 0, "upper": 1}),  # wider than uniform
        (Triangular, {0.05: 1, 0.5: 1.1, 0.95: 70}, {}),
        (SkewedLoguniform, {0.6: 1, 0.9: 2}, {"mode": 0.5}),
        (SkewedLoguniform, {0.1: 1, 0.4: 2, 0.9: 3}, {}),
    ],
)
def test_quantiles_that_no_member_has_are_refused(family, quantiles, fixed):
    with pytest.raises(UserError, match=f"no {family.family} has p"):
        family.fit(quantiles, **fixed)


TWINS = [
    (Uniform(2, 6), scipy.stats.uniform(2, 4)),
    (Loguniform(0.4, 3.6), scipy.stats.loguniform(0.4, 3.6)),
    (Normal(-3, 2), scipy.stats.norm(-3, 2)),
    (Lognormal(3, 0.7), scipy.stats.lognorm(0.7, scale=3)),
    (ShiftedLognormal(1, 3, 0.7), scipy.stats.lognorm(0.7, loc=1, scale=3)),
    (TruncatedNormal(1, 2, 0, 9), scipy.stats.truncnorm(-0.5, 4, 1, 2)),
    (TruncatedNormal(0, 1, lower=6), scipy.stats.truncnorm(6, np.inf)),
    (Beta(2, 5), scipy.stats.beta(2, 5)),
    (Beta(0.5, 0.5), scipy.stats.beta(0.5, 0.5)),
    (Beta(0.3, 7, -1, 4), scipy.stats.beta(0.3, 7, -1, 5)),
    (Beta(1e4, 3e4), scipy.stats.beta(1e4, 3e4)),
    (Triangular(0, 1, 4), scipy.stats.triang(0.25, 0, 4)),
    (QuantileSpline.fit({0.1: 3, 0.9: 13}), scipy.stats.norm(8, 5 / scipy.stats.norm.ppf(0.9))),
    (
        QuantileSpline.fit({p: Lognormal(3, 2).ppf(p) for p in (0.05, 0.25, 0.9)}, scale="log"),
        scipy.stats.lognorm(2, scale=3),
    ),
]


@pytest.mark.parametrize(("ours", "theirs"), TWINS, ids=lambda m: str(m)[:40])
def test_against_scipy(ours, theirs):
    x = theirs.ppf(U)
    assert ours.ppf(U) == pytest.approx(x, rel=1e-8, abs=1e-11)
    inner = x[(U > 1e-6) & (U < 1 - 1e-6)]
    assert ours.cdf(inner) == pytest.approx(theirs.cdf(inner), rel=1e-9)
    assert ours.logpdf(inner) == pytest.approx(theirs.logpdf(inner), rel=1e-8, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.floats(-2.3, 6), st.floats(-2.3, 6))
def test_beta_against_scipy(log_a, log_b):
    a, b = np.exp(log_a), np.exp(log_b)
    x = Beta(a, b).ppf(U)
    inner = (x > 1e-290) & (x < 1 - 1e-9)
    assert scipy.special.betainc(a, b, x[inner]) == pytest.approx(U[inner], rel=1e-8, abs=1e-9)
    exact = scipy.special.betaincinv(a, b, U[inner])
    assert x[inner] == pytest.approx(exact, rel=1e-8)
    assert Beta(a, b).cdf(x[inner]) == pytest.approx(scipy.special.betainc(a, b, x[inner]), rel=1e-9)


def test_skewed_loguniform_has_half_its_mass_on_each_side_of_the_best_guess():
    skewed = SkewedLoguniform(1, 10, 1000)
    left, right = Loguniform(1, 10), Loguniform(10, 1000)
    assert skewed.ppf(np.array([0.1, 0.9])) == pytest.approx([float(left.ppf(0.2)), float(right.ppf(0.8))])


def test_joint_draws_take_rows_in_the_given_order():
    draws = Empirical([3, 1, 2])
    assert draws.row(np.array([0.0, 0.34, 0.99, 1.0])).tolist() == [0, 1, 2, 2]
    assert draws.ppf(np.array([0.1, 0.5, 0.9])).tolist() == [1, 2, 3]


def test_a_wrong_parameter_is_refused_at_construction():
    with pytest.raises(UserError) as caught:
        TruncatedNormal(0, -1, lower=3, upper=2)
    assert [p.place for p in caught.value.problems] == ["truncated_normal.sd", "truncated_normal.upper"]


def test_weights_may_be_as_large_or_small_as_numbers_get():
    for weights in ([1, 1], [1e308, 1e308], [5e-324, 5e-324], [1.7e308, 1.7e308]):
        assert np.exp(Discrete([1, 2], weights).logpdf(np.array([1.0, 2.0]))) == pytest.approx([0.5, 0.5])
        assert Mixture([Fixed(0), Uniform(1, 2)], weights).cdf(0.5) == 0.5
    assert Discrete([1, 2], [5e-324, 1e308]).support() == (2, 2)
    assert Mixture([Fixed(0), Uniform(1, 2)], [1e-300, 1e308]).support() == (1, 2)
    ordinary = np.random.default_rng(2).random(7)
    assert np.array_equal(shares(ordinary), ordinary / ordinary.sum())  # to the last bit


PYMC_MODE = "FAST_COMPILE"  # compiling costs more than running, here


def test_pymc_is_not_imported_for_anything_but_the_twins():
    names = ("pymc", "pytensor", "scipy")
    code = f"import sys, ooms.distributions.marginals; print([m for m in {names} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.sweep(6)
@every
def test_pymc_twin(marginal):
    with pm.Model() as model:
        twin = marginal.pymc("belief")
    assert model["belief"] is twin
    assert (twin in model.free_RVs) == (marginal in SMOOTH)
    if marginal in SMOOTH:
        low, high = marginal.support()
        x = np.concatenate([marginal.ppf(np.array([0.02, 0.1, 0.37, 0.8, 0.99])), [low - 1.0, high + 1.0]])
        x = x[np.isfinite(x)]
        logp = pm.logp(twin, x).eval(mode=PYMC_MODE)
        assert logp == pytest.approx(marginal.logpdf(x), rel=1e-10, abs=1e-8)
    if marginal in SMOOTH:
        draws = pm.draw(change_dist_size(twin, (20_000,)), random_seed=1, mode=PYMC_MODE)
    else:
        draws = pm.draw(twin, draws=4_000, random_seed=1, mode=PYMC_MODE)
    for u in (0.1, 0.5, 0.9):
        x = marginal.ppf(u)
        noise = 5 * np.sqrt(u * (1 - u) / len(draws))
        assert np.mean(draws < x) - noise <= u <= np.mean(draws <= x) + noise


@pytest.mark.sweep(4)
@smooth
def test_pymc_twin_can_be_sampled(marginal):
    with pm.Model() as model:
        marginal.pymc("belief")
    start = model.initial_point()
    assert all(np.isfinite(value).all() for value in start.values())
    slope = model.compile_dlogp(mode=PYMC_MODE)
    assert np.isfinite(slope(start)).all()
    assert np.isfinite(slope({key: value + 0.1 for key, value in start.items()})).all()
