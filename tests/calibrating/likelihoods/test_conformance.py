"""What every likelihood must do, tested on the example of each."""

import functools

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest

from ooms.calibrating.likelihoods import KINDS, Likelihood
from ooms.problems import Problems

CENTRE = {"heaped": np.log(0.7), "statement": np.log(1.25), "studies": np.log(0.6), "domains": np.log(1.3)}
"""Where each example is at home; ln 1.5 for those that say nothing."""

OTHERS = {
    "order_statistics": [
        {"n": 5, "minimum": 0.4, "median": 0.6, "maximum": 1.0},
        {"n": 8, "median": 6.25},
        {"n": 185, "median": {"low": 1.45, "high": 1.55}},
        {"n": 16, "minimum": 1.3, "median": 2, "maximum": 8},
        {"n": 4, "minimum": {"below": 1.2}, "median": 1.5, "maximum": {"above": 1.9}},
        {"n": 7, "minimum": {"below": 1.2}, "maximum": 3},
        {"n": 7, "minimum": 1.2, "maximum": {"above": 2}},
        {"n": 3, "maximum": {"above": 2}},
        {"n": 1, "median": {"low": 1.2, "high": 2}},
    ],
    "statement": [{"value": 0.63, "sd": 0.2}, {"value": 1.3}, {"above": 1.1, "sd": 0.3}],
    "interval": [{"answers": [{"respondent": "A", "value": 2}, {"respondent": "B", "value": 3}], "rounding": 0.1}],
    "heaped": [{"counts": [[20, 3], [-5, 1]]}, {"counts": {"20": 5, "50": 2, "75": 9}, "anchors": [75, 50, 20]}],
    "domains": [{"domains": [{"domain": "chess", "value": 0.83, "se": 0.15}]}],
}
SLOW, FAST = -1, 1
BOUNDED = [
    ("order_statistics", {"n": 6, "minimum": 0.2, "median": 0.6, "maximum": 1.0}, SLOW),
    ("order_statistics", {"n": 5, "minimum": 0.4, "median": 0.6, "maximum": {"above": 0.9}}, SLOW),
    ("order_statistics", {"n": 4, "minimum": {"below": 0.3}, "median": 0.4, "maximum": 0.8}, SLOW),
    ("order_statistics", {"n": 8, "median": 0.3}, SLOW),
    ("order_statistics", {"n": 7, "median": 1.0}, SLOW),
    ("order_statistics", {"n": 6, "minimum": 1.01, "median": 1.18, "maximum": {"above": 1.5}}, FAST),
    ("order_statistics", {"n": 6, "minimum": 1.0, "median": 1.18}, FAST),
    ("order_statistics", {"n": 185, "median": {"low": 1.2, "high": 2}}, FAST),
    ("interval", {"answers": [{"respondent": "A", "value": 1.0}, {"respondent": "B", "low": 0.4, "high": 0.6}]}, SLOW),
    ("interval", KINDS["interval"].example, FAST),
    ("statement", {"low": 1.15, "high": 1.3}, FAST),
    ("statement", {"value": 0.63}, SLOW),
    ("statement", {"value": 1.0}, SLOW),
    ("heaped", {"counts": {"20": 5, "50": 2}}, SLOW),
]
"""Likelihoods of questions whose answers are bounded."""
CASES = [
    *((kind, table, 0) for kind, each in KINDS.items() for table in (each.example, *OTHERS.get(kind, []))),
    *BOUNDED,
]
IDS = [f"{kind}-{index}" for index, (kind, _, _) in enumerate(CASES)]
FEW = {[kind for kind, _, _ in CASES].index(kind) for kind in KINDS} | {CASES.index(BOUNDED[5])}
COMPILED = [
    pytest.param(index, id=name, marks=() if index in FEW else pytest.mark.slow)
    for index, name in enumerate(IDS)
]
"""Those that PyTensor compiles: in the default suite one of each kind, and one whose answers are bounded."""


def parsed(kind: str, table, side: int) -> Likelihood:
    problems = Problems()
    made = KINDS[kind].parse({"kind": kind, **table}, "here", problems)
    made = made and made.bounded(side, "here", problems)
    problems.raise_if_any()
    assert made is not None
    return made


@pytest.fixture(params=CASES, ids=IDS)
def likelihood(request) -> Likelihood:
    return parsed(*request.param)


def centre_of(likelihood: Likelihood) -> float:
    if likelihood.side and likelihood.kind != "heaped":
        near_1 = getattr(likelihood, "median", None) == 1.0 or getattr(likelihood, "value", None) == 1.0
        return float(np.log(1.22 if likelihood.side == FAST else 0.93 if near_1 else 0.6))
    return float(CENTRE.get(likelihood.kind, np.log(1.5)))


def some_nuisance(likelihood: Likelihood, rng: np.random.Generator, draws: int | None = None):
    """Random values from the middle of the priors; for `draws`, with that axis in front."""
    batch = () if draws is None else (draws,)
    shapes = {name: (*batch, *([] if each.size is None else [each.size])) for name, each in likelihood.nuisance.items()}
    return {name: likelihood.nuisance[name].prior.ppf(rng.uniform(0.1, 0.9, shape)) for name, shape in shapes.items()}


@functools.cache
def compiled(index: int):
    """The log likelihood of a case as a function of PyTensor: terms, and slopes of their sum."""
    likelihood = parsed(*CASES[index])
    centre = pt.dscalar("centre")
    nuisance = {
        name: (pt.dscalar if each.size is None else pt.dvector)(name) for name, each in likelihood.nuisance.items()
    }
    data = {name: pt.dvector(name) for name, value in likelihood.data().items()}
    terms = likelihood.log_likelihood(centre, nuisance, data)
    slopes = pytensor.grad(terms.sum(), [centre, *nuisance.values()])
    inputs = [centre, *nuisance.values(), *data.values()]
    return pytensor.function(inputs, [terms, *slopes], mode="FAST_COMPILE")


@pytest.mark.parametrize("index", COMPILED)
def test_numpy_and_pytensor_agree_and_slopes_are_right(index):
    likelihood, run, rng = parsed(*CASES[index]), compiled(index), np.random.default_rng(index)
    for repeat in range(4):
        centre, nuisance = centre_of(likelihood) + rng.uniform(-0.3, 0.3), some_nuisance(likelihood, rng)
        # the published data, and simulated ones that may be censored where those are not
        data = likelihood.data() if repeat == 0 else likelihood.simulate(centre, nuisance, rng)
        terms, *slopes = run(centre, *nuisance.values(), *data.values())
        plain = likelihood.log_likelihood(centre, nuisance, data)
        np.testing.assert_allclose(plain, terms, rtol=1e-10, atol=1e-12)
        assert plain.ndim == 1
        for name, slope in zip(["centre", *nuisance], slopes, strict=True):
            assert np.all(np.isfinite(slope))
            assert slope == pytest.approx(
                slope_by_differences(likelihood, name, centre, nuisance, data), rel=2e-5, abs=2e-5
            )


def slope_by_differences(likelihood, name, centre, nuisance, data, step=1e-5):
    values = {"centre": np.asarray(centre), **nuisance}
    found = np.zeros(values[name].shape)
    for place in np.ndindex(found.shape):
        ends = []
        for sign in (-1, 1):
            moved = {key: np.array(value, dtype=float) for key, value in values.items()}
            moved[name][place] += sign * step
            ends.append(likelihood.log_likelihood(moved.pop("centre"), moved, data).sum())
        found[place] = (ends[1] - ends[0]) / (2 * step)
    return found


@pytest.mark.parametrize("index", COMPILED)
def test_slopes_are_finite_far_from_the_data(index):
    likelihood, run, rng = parsed(*CASES[index]), compiled(index), np.random.default_rng(index)
    data = likelihood.data().values()
    least = -1e-9 if likelihood.kind == "heaped" else 50.0
    far = {0: (-50.0, -5.0, -1e-3, least), SLOW: (-50.0, -5.0, -1e-3, -1e-9), FAST: (50.0, 5.0, 1e-3, 1e-9)}
    for centre in far[likelihood.side]:
        for found in run(centre, *some_nuisance(likelihood, rng).values(), *data):
            assert np.all(np.isfinite(found))


def test_many_draws_at_once_are_each_draw_alone(likelihood):
    rng = np.random.default_rng(1)
    centres = centre_of(likelihood) + rng.uniform(-0.3, 0.3, 5)
    nuisance, data = some_nuisance(likelihood, rng, 5), likelihood.data()
    together = likelihood.log_likelihood(centres, nuisance, data)
    for draw, centre in enumerate(centres):
        alone = likelihood.log_likelihood(centre, {name: value[draw] for name, value in nuisance.items()}, data)
        np.testing.assert_allclose(together[draw], alone, rtol=1e-12, atol=1e-12)


def test_what_is_simulated_has_the_form_of_what_was_answered(likelihood):
    rng = np.random.default_rng(2)
    data = likelihood.data()
    for _ in range(20):
        nuisance = some_nuisance(likelihood, rng)
        simulated = likelihood.simulate(centre_of(likelihood), nuisance, rng)
        assert {key: value.shape for key, value in simulated.items()} == {
            key: value.shape for key, value in data.items()
        }
        assert all(np.all(np.isfinite(value)) for value in (*simulated.values(), *data.values()))
        assert all(value.dtype == np.float64 for value in (*simulated.values(), *data.values()))
        assert np.all(np.isfinite(likelihood.log_likelihood(centre_of(likelihood), nuisance, simulated)))
        assert likelihood.statistics(simulated).keys() == likelihood.statistics(data).keys()
        assert all(np.isfinite(value) for value in likelihood.statistics(simulated).values())


@pytest.mark.sweep(6)
def test_no_answer_is_beyond_what_was_asked(likelihood):
    """Not even where the scatter is wide and the effect small."""
    rng, side = np.random.default_rng(4), likelihood.side
    for _ in range(300 if side and likelihood.kind != "heaped" else 0):
        nuisance = {name: 3 * value for name, value in some_nuisance(likelihood, rng).items()}
        data = likelihood.simulate(side * 0.05, nuisance, rng)
        for answer in likelihood.statistics(data).values():
            assert 0 <= answer <= 1 if side == SLOW else answer >= 1
        assert np.all(np.isfinite(likelihood.log_likelihood(side * 0.05, nuisance, data)))


@pytest.mark.sweep(5)
def test_likelihood_ratios_average_to_one(likelihood):
    """E[p(y | other) / p(y | true)] = 1 for y from the simulator, only if the density is that of the simulator."""
    rng = np.random.default_rng(3)
    centre, nuisance = centre_of(likelihood), some_nuisance(likelihood, rng)
    # the more people, the nearer: far from the truth, a few ratios would make up the mean
    people = {"heaped": lambda of: float(of.data()["count"].sum()), "order_statistics": lambda of: float(of.n)}.get(
        likelihood.kind, lambda _: 1.0
    )(likelihood)
    near = 0.05 / np.sqrt(people) if people > 1 else 0.1
    other = {
        name: value * (1 + (near if likelihood.nuisance[name].size is None else 0)) for name, value in nuisance.items()
    }
    ratios = []
    for _ in range(300):
        data = likelihood.simulate(centre, nuisance, rng)
        moved = likelihood.log_likelihood(centre + near, other, data) - likelihood.log_likelihood(
            centre, nuisance, data
        )
        ratios.append(np.exp(moved.sum()))
    assert np.mean(ratios) == pytest.approx(1.0, abs=4 * np.std(ratios) / np.sqrt(len(ratios)))
    assert np.std(ratios) > 1e-3  # else it would say nothing


def test_priors_are_proper_and_away_from_zero(likelihood):
    for name, nuisance in likelihood.nuisance.items():
        quantiles = nuisance.prior.ppf(np.array([0.001, 0.5, 0.999]))
        assert np.all(np.isfinite(quantiles))
        if nuisance.size is None:
            assert quantiles[0] > 0, name


def test_a_prior_can_be_put_in_the_place_of_a_default(likelihood):
    from ooms.distributions.marginals import Lognormal

    problems, ours = Problems(), Lognormal(0.3, 0.1)
    for name, nuisance in likelihood.nuisance.items():
        changed = likelihood.with_priors({name: ours}, "here", problems)
        assert (changed is None) == (nuisance.size is not None)
        if changed is not None:
            assert changed.nuisance[name].prior is ours
    assert len(problems) == sum(nuisance.size is not None for nuisance in likelihood.nuisance.values())
    assert likelihood.with_priors({"spraed": ours, "betwen": ours}, "here", problems) is None


def test_kinds_are_known_by_their_names():
    assert set(KINDS) == {"interval", "order_statistics", "heaped", "studies", "statement", "domains"}
    assert all(each.kind == name for name, each in KINDS.items())
