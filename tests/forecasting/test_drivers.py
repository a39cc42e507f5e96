"""Importance of inputs: closed forms, a twin in loops, true errors, and what moves nothing."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import ooms
from ooms.beliefs.view import checked
from ooms.distributions.copula import Correlation
from ooms.distributions.sobol import scrambled, uniforms
from ooms.forecasting.drivers import bin_count, correlation_ratio, drivers, quartile_means
from ooms.problems import UserError

BASE = ooms.load("davidson-2025")
EVENT = "5 ooms in 1 year"
R = 16


def normals(n: int, r: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two normals with correlation r, and one that has to do with neither."""
    x, z, other = np.random.default_rng(seed).normal(size=(3, n))
    return x, r * x + math.sqrt(1 - r * r) * z, other


def sobol_normals(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three independent normals from the engine's own points."""
    columns = [uniforms(*scrambled(str(d), d, seed, R), 0, n // R) for d in (1, 2, 3)]
    return tuple(stats.norm.ppf(u) for u in columns)


def share_of_variance(chance_given) -> float:
    """Var of E[Y | X] over Var of Y, for a standard normal X and Y that is 0 or 1."""
    mean, second = (
        integrate.quad(lambda x, k=k: chance_given(x) ** k * stats.norm.pdf(x), -9, 9, limit=200)[0] for k in (1, 2)
    )
    return (second - mean**2) / (mean * (1 - mean))


def of_threshold(a: float, b: float, r: float, c: float) -> float:
    """The importance of X1 for a X1 + b X2 > c, where X1 and X2 have correlation r."""
    return share_of_variance(lambda x: stats.norm.cdf(((a + b * r) * x - c) / (b * math.sqrt(1 - r * r))))


def within(found, truth: float, errors: float = 4.0, slack: float = 0.0) -> bool:
    return abs(found.value - truth) < errors * found.standard_error + slack


# -- closed forms ------------------------------------------------------------------------------------------------------


@pytest.mark.sweep(4)
@pytest.mark.parametrize("r", [0.0, 0.6, -0.6, 0.95])
@pytest.mark.parametrize(("a", "b", "c"), [(1.0, 1.0, 0.0), (0.5, 1.0, 1.0), (1.0, 0.3, -0.7)])
def test_a_threshold_of_two_normals_has_the_importance_of_the_integral(a, b, c, r):
    x, y, _ = normals(2**17, r)
    event = (a * x + b * y > c).astype(float)
    assert within(correlation_ratio(x, event, R), of_threshold(a, b, r, c), slack=0.001)
    assert within(correlation_ratio(y, event, R), of_threshold(b, a, r, c), slack=0.001)


@pytest.mark.parametrize("slope", [0.1, 0.5, 3.0])
def test_of_a_straight_line_it_is_the_squared_correlation(slope):
    x, noise, _ = normals(2**17)
    assert within(correlation_ratio(x, slope * x + noise, R), slope**2 / (1 + slope**2), slack=0.001)


def test_it_sees_what_no_correlation_shows():
    x, _, _ = normals(2**16)
    event = (np.abs(x) > 1).astype(float)
    assert abs(np.corrcoef(x, event)[0, 1]) < 0.02
    assert correlation_ratio(x, event, R).value > 0.97


def test_inputs_that_act_only_together_have_none_alone():
    x, y, _ = normals(2**16)
    event = (x * y > 0).astype(float)
    assert within(correlation_ratio(x, event, R), 0.0)
    assert within(correlation_ratio(y, event, R), 0.0)


def test_an_input_that_does_nothing_gets_what_it_tells_of_one_that_does():
    """With correlated inputs that is what knowing it would take away."""
    x, y, _ = normals(2**17, 0.8)
    event = (x > 0.5).astype(float)
    truth = share_of_variance(lambda v: stats.norm.cdf((0.8 * v - 0.5) / 0.6))
    assert within(correlation_ratio(y, event, R), truth, slack=0.001)


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_of_a_jump_no_more_is_lost_than_is_said(q):
    n = 2**14
    most = 1 / (4 * bin_count(n) * q * (1 - q))
    for seed in range(20):
        x = np.random.default_rng(seed).uniform(size=n)
        assert 1 - most - 1e-3 < correlation_ratio(x, (x > q).astype(float), R).value <= 1 + 1e-12


# -- nothing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [2**8, 2**10, 2**14, 2**17])
def test_an_input_that_does_nothing_has_importance_0(n):
    x, y, other = normals(n)
    found = correlation_ratio(other, (x + y > 0.5).astype(float), R)
    assert found.standard_error > 0
    assert within(found, 0.0)


@pytest.mark.parametrize("n", [2**8, 2**12])
def test_nothing_is_0_on_average_and_so_below_0_about_as_often_as_above(n):
    found = []
    for seed in range(200):
        x, y, other = normals(n, seed=seed)
        found.append(correlation_ratio(other, (x + y > 0.5).astype(float), R).value)
    assert abs(np.mean(found)) < 3 * np.std(found) / math.sqrt(len(found))
    assert 0.3 < np.mean(np.array(found) < 0) < 0.7


def test_a_constant_input_has_exactly_none():
    x, y, _ = normals(2**10)
    found = correlation_ratio(np.ones(2**10), (x + y > 0).astype(float), R)
    assert found.value == pytest.approx(0.0, abs=1e-15)
    assert found.standard_error == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_where_all_draws_end_alike_there_is_nothing_to_share_out(outcome):
    with pytest.raises(UserError, match=rf"outcome.* it is {outcome:g} in all of 256 draws, .*no variance"):
        correlation_ratio(np.arange(256.0), np.full(256, outcome), R)


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.sweep(3)
@pytest.mark.parametrize("points", ["independent", "Sobol"])
@pytest.mark.parametrize("slope", [0.0, 0.03, 0.5, 2.0])
def test_errors_are_true(slope, points):
    """100 seeds: how far answers lie from the truth, in errors, has a spread near 1, or a little less for nothing."""
    n, z, values, errors = 2**12, [], [], []
    truth = of_threshold(slope, 1.0, 0.0, 0.5) if slope else 0.0
    for seed in range(100):
        x, y, _ = normals(n, seed=seed) if points == "independent" else sobol_normals(n, seed)
        found = correlation_ratio(x, (slope * x + y > 0.5).astype(float), R)
        z.append((found.value - truth) / found.standard_error)
        values.append(found.value)
        errors.append(found.standard_error)
    assert 0.65 < np.std(z) < 1.4
    assert abs(np.mean(z)) < 0.5
    assert 0.75 < math.sqrt(np.mean(np.square(errors))) / np.std(values) < 1.45


def test_errors_of_quartiles_are_true():
    z = []
    for seed in range(100):
        x, y, _ = normals(2**12, seed=seed)
        found = quartile_means(x, (x + y > 0.5).astype(float), R)[2]
        low, high = stats.norm.ppf([0.5, 0.75])
        truth = 4 * integrate.quad(lambda v: stats.norm.sf(0.5 - v) * stats.norm.pdf(v), low, high)[0]
        z.append((found.value - truth) / found.standard_error)
    assert 0.75 < np.std(z) < 1.4
    assert abs(np.mean(z)) < 0.4


def test_sobol_points_have_smaller_errors_and_say_so():
    def error(draw) -> float:
        found = []
        for seed in range(10):
            x, y, _ = draw(seed)
            found.append(correlation_ratio(x, (x + y > 0.5).astype(float), R).standard_error)
        return float(np.mean(found))

    assert error(lambda seed: sobol_normals(2**14, seed)) < 0.5 * error(lambda seed: normals(2**14, seed=seed))


# -- invariance --------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([2**8, 2**10]), st.floats(0.01, 100), st.floats(-50, 50))
def test_units_of_the_input_move_nothing(seed, n, scale, shift):
    x, y, _ = normals(n, seed=seed)
    event = (x + y > 0.2).astype(float)
    found, quarters = correlation_ratio(x, event, R), quartile_means(x, event, R)
    for other in (x * scale, np.exp(x), np.arctan(x), x + shift):
        if len(np.unique(other)) == n:  # none rounded together
            assert correlation_ratio(other, event, R) == found
            assert quartile_means(other, event, R) == quarters


def test_upside_down_is_the_same_with_quartiles_the_other_way_round():
    x, y, _ = normals(2**12)
    event = (x + y > 0.2).astype(float)
    assert correlation_ratio(-x, event, R) == pytest.approx(correlation_ratio(x, event, R), rel=1e-9)
    assert np.array(quartile_means(-x, event, R)) == pytest.approx(np.array(quartile_means(x, event, R))[::-1])


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 5.0), (-3.0, 2.0), (1e6, 0.0)])
def test_units_of_the_outcome_move_nothing(scale, shift):
    x, y, _ = normals(2**12)
    found = correlation_ratio(x, (x + y > 0).astype(float), R)
    assert correlation_ratio(x, scale * (x + y > 0) + shift, R) == pytest.approx(found, rel=1e-9)


# -- ties --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chances", [(0.5, 0.5), (0.2, 0.5, 0.3), (0.9, 0.1), (0.1, 0.2, 0.3, 0.4)])
def test_a_discrete_input_is_cut_between_its_values_only(chances):
    rng = np.random.default_rng(3)
    x = rng.choice(len(chances), 2**15, p=chances).astype(float)
    given_x = np.linspace(0.1, 0.7, len(chances))
    event = (rng.random(2**15) < given_x[x.astype(int)]).astype(float)
    mean = given_x @ chances
    truth = np.array(chances) @ (given_x - mean) ** 2 / (mean * (1 - mean))
    assert within(correlation_ratio(x, event, R), truth)


def test_an_atom_among_other_values_stays_together():
    x, y, _ = normals(2**16)
    clipped = np.maximum(x, 0.0)  # half of the draws at 0
    event = (x + y > 0.5).astype(float)
    at_0 = 2 * integrate.quad(lambda v: stats.norm.sf(0.5 - v) * stats.norm.pdf(v), -9, 0)[0]
    truth = share_of_variance(lambda v: stats.norm.sf(0.5 - v) if v > 0 else at_0)
    assert within(correlation_ratio(clipped, event, R), truth, slack=0.001)


def test_infinite_values_are_values():
    x, y, _ = normals(2**12)
    event = (x + y > 0).astype(float)
    infinite = np.where(x > 1, np.inf, x)
    assert correlation_ratio(infinite, event, R) == correlation_ratio(np.minimum(infinite, 9.0), event, R)
    assert quartile_means(infinite, event, R) == quartile_means(np.minimum(infinite, 9.0), event, R)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 9), st.floats(0.05, 0.95))
def test_quartiles_average_to_the_whole_whatever_ties_there_are(seed, values, p):
    rng = np.random.default_rng(seed)
    x = rng.integers(values, size=512).astype(float)
    y = (rng.random(512) < p).astype(float)
    found = quartile_means(x, y, R)
    assert np.mean([mean.value for mean in found]) == pytest.approx(y.mean(), abs=1e-12)
    assert all(-1e-12 <= mean.value <= 1 + 1e-12 for mean in found)
    if values == 1:
        assert [mean.value for mean in found] == pytest.approx([y.mean()] * 4)


# -- a twin in loops ---------------------------------------------------------------------------------------------------


def twin_ratio(x: list[float], y: list[float], randomisations: int) -> float:
    """The importance, draw by draw: variance between bins, less what the noise of their means adds."""
    n, ordered, mean = len(x), sorted(x), math.fsum(y) / len(y)
    edges = sorted({ordered[k * n // bin_count(n)] for k in range(1, bin_count(n))})
    bins: dict[int, list[int]] = {}
    for j, value in enumerate(x):
        bins.setdefault(sum(edge <= value for edge in edges), []).append(j)
    middle = {m: math.fsum(y[j] for j in draws) / len(draws) for m, draws in bins.items()}
    between = math.fsum(len(draws) / n * (middle[m] - mean) ** 2 for m, draws in bins.items())
    added = 0.0
    for own in bins:
        off = []  # how far each randomisation would move this bin's effect, alone
        for r in range(randomisations):
            residual = {m: [y[j] - middle[m] for j in draws if j % randomisations == r] for m, draws in bins.items()}
            inside = math.fsum(residual[own]) / (len(bins[own]) / randomisations)
            off.append(inside - math.fsum(v for part in residual.values() for v in part) / (n / randomisations))
        variance = math.fsum(v * v for v in off) / (randomisations - 1)
        added += len(bins[own]) / n * variance / randomisations
    return (between - added) / (math.fsum((v - mean) ** 2 for v in y) / n)


def twin_quartiles(x: list[float], y: list[float]) -> list[float]:
    """Every draw replaced by four, in the order of the input; those alike share their outcomes evenly."""
    same: dict[float, list[float]] = {}
    for value, outcome in zip(x, y, strict=True):
        same.setdefault(value, []).append(outcome)
    row = [sum(same[value]) / len(same[value]) for value in sorted(x) for _ in range(4)]
    return [math.fsum(row[k * len(x) : (k + 1) * len(x)]) / len(x) for k in range(4)]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.5, 2.0]), st.booleans(), st.sampled_from([2, 4, 16]))
def test_loops_find_the_same(seed, slope, ties, randomisations):
    x, y, _ = normals(256, seed=seed)
    x = np.round(x, 1) if ties else x
    event = (slope * x + y > 0.3).astype(float)
    found = correlation_ratio(x, event, randomisations)
    assert found.value == pytest.approx(twin_ratio(x.tolist(), event.tolist(), randomisations), abs=1e-12)
    means = [mean.value for mean in quartile_means(x, event, randomisations)]
    assert means == pytest.approx(twin_quartiles(x.tolist(), event.tolist()), abs=1e-12)


def test_the_error_is_that_of_leaving_out_one_randomisation_at_a_time():
    """Where noise is small beside the answer, the jackknife must agree."""
    n = 2**15
    x, y, _ = normals(n)
    event = (x + 0.5 * y > 0.5).astype(float)
    owner = np.arange(n) % R
    left = [correlation_ratio(x[owner != r], event[owner != r], R - 1).value for r in range(R)]
    jackknife = math.sqrt((R - 1) * np.var(left))
    assert correlation_ratio(x, event, R).standard_error == pytest.approx(jackknife, rel=0.1)


# -- forecasts ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forecast():
    return ooms.forecast(BASE, draws=2**14, events=[EVENT, "accelerates at the start"])


def test_the_drivers_of_davidson(forecast):
    found = forecast.drivers(EVENT)
    names = [driver.name for driver in found]
    assert names[0] == "returns"
    assert set(names) == set(forecast.inputs)
    assert {"returns", "rho", "software_limit", "software_growth"} <= set(names)
    values = [driver.importance.value for driver in found]
    assert values == sorted(values, reverse=True)
    assert all(-4 * driver.importance.standard_error < driver.importance.value < 1 for driver in found)
    assert sum(values) < 1  # its inputs are independent
    assert found == drivers(forecast, EVENT)


def test_quartiles_are_of_the_input_and_average_to_the_share_of_draws(forecast):
    reached = np.mean(forecast.kept[EVENT])
    for driver in forecast.drivers(EVENT):
        assert np.mean([mean.value for mean in driver.by_quartile]) == pytest.approx(reached, abs=1e-12)
        assert list(driver.quartiles) == pytest.approx(
            BASE.beliefs[driver.name].marginal.ppf(np.array([0.25, 0.5, 0.75])).tolist()
        )
        inside = forecast.kept[driver.name] < driver.quartiles[0]
        assert np.mean(forecast.kept[EVENT][inside]) == pytest.approx(driver.by_quartile[0].value, abs=0.01)
    assert forecast.drivers(EVENT)[0].by_quartile[0] < forecast.drivers(EVENT)[0].by_quartile[3]


def test_only_what_is_random_has_a_place(forecast):
    fixed = BASE.replace(rho=-0.1)
    assert set(ooms.forecast(fixed, draws=256).inputs) == set(forecast.inputs) - {"rho"}
    assert "rho" not in [driver.name for driver in ooms.forecast(fixed, draws=256).drivers(EVENT)]


def test_what_was_not_kept_is_worked_out_from_the_same_draws(forecast):
    others = ooms.forecast(BASE, draws=2**14, events=["accelerates at the start"])
    assert others.drivers(EVENT) == forecast.drivers(EVENT)
    assert EVENT not in others.events  # asking changes nothing
    unkept = ooms.forecast(BASE, draws=2**14, events=[EVENT], keep_draws=False)
    assert unkept.drivers(EVENT) == forecast.drivers(EVENT)
    assert not unkept.kept


def test_no_more_draws_are_worked_out_again_than_are_kept_unasked(monkeypatch, forecast):
    monkeypatch.setattr("ooms.forecasting.drivers.DRAWS_AT_MOST", 2**10)
    unkept = ooms.forecast(BASE, draws=2**11, events=[EVENT], keep_draws=False)
    assert unkept.drivers(EVENT) == ooms.forecast(BASE, draws=2**10, events=[EVENT]).drivers(EVENT)


def test_an_event_is_what_it_means_however_it_is_written(forecast):
    assert forecast.drivers("5 OOMs in 12 months") == forecast.drivers(EVENT)


def test_nonsense_is_refused(forecast):
    with pytest.raises(UserError):
        forecast.drivers("5 bananas in 1 year")


NOTABLE = [("0.001 ooms in 100 years", "every"), ("12 ooms in 0.001 days", "none")]


@pytest.mark.parametrize(("event", "reached"), NOTABLE)
def test_an_event_that_all_draws_or_none_reach_has_no_drivers_and_that_is_said(event, reached):
    with pytest.raises(UserError, match=f"{reached} of 1,024 draws reaches it, so that no input makes a difference"):
        ooms.forecast(BASE, draws=2**10, events=[event]).drivers(event)


def test_quantities_with_inputs_of_their_own_add_no_drivers(forecast):
    asked = ["energy by hardware alone after 1 year", "peak pace"]
    found = ooms.forecast(BASE, draws=2**10, events=[EVENT], quantities=asked)
    assert set(found.kept) - {EVENT, *asked} > set(forecast.inputs)
    assert {driver.name for driver in found.drivers(EVENT)} == set(forecast.inputs)


def test_correlated_inputs_share_what_they_tell():
    """A rank correlation with what matters most makes a bystander important."""
    tied = checked(
        replace(BASE, correlations=(Correlation("experiment_efficiency", "returns", 0.8),)), "correlated.toml"
    )
    before = {d.name: d.importance for d in ooms.forecast(BASE, draws=2**13).drivers(EVENT)}
    after = {d.name: d.importance for d in ooms.forecast(tied, draws=2**13).drivers(EVENT)}
    assert before["experiment_efficiency"].value < 0.01
    assert after["experiment_efficiency"].value > 0.15


@pytest.mark.parametrize(
    ("view", "some"),
    [
        ("calibrated/davidson-2025", {"returns", "rho", "software_limit"}),  # the first two are rows of joint draws
        ("davidson-2025+other-routes", {"returns", "rho", "routes.1.rho", "route_elasticity"}),
        ("ftm-2023", {"returns_total", "software_growth"}),
    ],
)
def test_joint_draws_routes_and_other_spellings_have_drivers(view, some):
    found = ooms.forecast(view, draws=2**11, events=[EVENT], quantities=[]).drivers(EVENT)
    assert some <= {driver.name for driver in found}
    assert found[0].name.startswith("returns")
    assert found[0].importance.value > 0.3
    assert all(driver.importance.value > -4 * driver.importance.standard_error for driver in found)


def test_many_rows_of_joint_draws_do_not_pass_for_importance():
    """Rows stay together, and each bin has few: what is in them by chance must be taken off."""
    rng = np.random.default_rng(1)
    z = []
    for seed in range(30):
        rows = np.random.default_rng(seed).normal(size=(2, 2048))
        pick = 16 * rng.integers(128, size=2**15) + np.arange(2**15) % 16  # each randomisation has its own
        found = correlation_ratio(rows[0][pick], (rows[1][pick] > 0).astype(float), 16)
        z.append(found.value / found.standard_error)
    assert abs(np.mean(z)) < 0.6
    assert np.std(z) < 1.3


def test_sensitivity_needs_no_scipy():
    code = "import sys, ooms.forecasting.drivers; print('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
