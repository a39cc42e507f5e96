"""Links are the engine's equations: the same numbers on NumPy and PyTensor, closed forms, and the solved trajectory."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from ooms.beliefs.reparametrisation import FEEDBACK
from ooms.calibrating.links import LINKS, State
from ooms.model.history import log_overall, log_progress_left
from ooms.model.production import pace
from ooms.model.returns import difficulty_from_returns
from ooms.problems import Problems, UserError

EXAMPLES = {
    "ten times the compute": ("pace", {"compute": 10}),
    "a tenth of the compute": ("pace", {"compute": 0.1}),
    "copies and speed, overall": ("pace", {"workforce": 30, "speed": 30, "progress": "overall"}),
    "all as the best": ("pace", {"researchers": "best", "skill": "gap"}),
    "half the researchers": ("decade", {"input": "workforce", "factor": 0.5}),
    "dearer compute": (
        "decade",
        {"input": "compute_cost", "growth_from": 20, "growth_to": 5, "hardware_part": "gap", "foresight": "gap"},
    ),
    "sigma": ("substitution", {"relative": "gap"}),
    "labour elasticity": ("labour_elasticity", {}),
    "compute elasticity": ("compute_elasticity", {}),
    "returns": ("returns", {}),
    "returns to all inputs": ("returns", {"input": "all", "output": "efficiency"}),
    "latent": ("latent", {"name": "gap"}),
    "self-report": ("self_report", {}),
}


def link_of(name):
    kind, table = EXAMPLES[name]
    problems = Problems()
    link = LINKS[kind].parse({"kind": kind, **table}, "here", problems, {"gap"})
    problems.raise_if_any()
    return link


def random_values(rng, n):
    values = {
        "rho": np.concatenate([rng.uniform(-2, 0.9, n - 3), [-1e-9, 0.0, 1e-12]]),
        "rho_discrepancy": np.zeros(n),
        "compute_share": rng.uniform(0.05, 0.95, n),
        "parallelizability": rng.uniform(0.1, 1, n),
        "compute_exponent": rng.uniform(0.1, 1, n),
        "experiment_efficiency": rng.uniform(0, 1, n),
        "returns": np.exp(rng.uniform(-1, 1.5, n)),
        "labour_per_training": rng.uniform(0.5, 2.5, n),
        "software_growth": np.exp(rng.uniform(-2, 1, n)),
        "software_share": rng.uniform(0.1, 0.9, n),
        "taste_multiplier": rng.uniform(1.1, 20, n),
        "taste_ceiling": rng.uniform(100, 1e5, n),
    }
    values["difficulty"] = difficulty_from_returns(*(values[name] for name in ("returns", *FEEDBACK)))
    return values


def state_of(values, gap, far, claimed, near):
    return State(values, {"gap": gap}, far, near, claimed)


def test_every_link_has_an_example():
    assert {kind for kind, _ in EXAMPLES.values()} == set(LINKS)


def symbolic(names):
    """The examples' values, and the slopes of their sum by every input, as one compiled PyTensor function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pytensor
        import pytensor.tensor as pt
    values = {name: pt.dscalar(name) for name in random_values(np.random.default_rng(0), 4)}
    extra = [pt.dscalar(name) for name in ("gap", "far", "claimed")]
    inputs = [*values.values(), *extra]
    outputs = [link_of(name).value(state_of(values, *extra, near)) for name in names for near in (True, False)]
    slopes = [pytensor.grad(sum(outputs), one, disconnected_inputs="ignore") for one in inputs]
    mode = pytensor.compile.mode.Mode(linker="py", optimizer=None)  # quick to make; run on few points
    return pytensor.function(inputs, [*outputs, *slopes], mode=mode, on_unused_input="ignore")


@pytest.mark.parametrize("names", [sorted(EXAMPLES)[::4], pytest.param(sorted(EXAMPLES), marks=pytest.mark.slow)],
                         ids=["some", "all"])  # fmt: skip
def test_the_same_functions_run_on_numpy_and_pytensor(names):
    run, rng, n = symbolic(names), np.random.default_rng(1), 60 if len(names) == len(EXAMPLES) else 12
    values = random_values(rng, n)
    gap, far, claimed = (np.exp(rng.normal(0, 0.5, n)) for _ in range(3))
    gap = np.minimum(gap, 0.99)  # it is a share in one of the examples
    ours = np.stack(
        [
            np.broadcast_to(link_of(name).value(state_of(values, gap, far, claimed, near)), n)
            for name in names
            for near in (True, False)
        ]
    )
    for i in range(n):
        theirs = np.array(run(*(v[i] for v in values.values()), gap[i], far[i], claimed[i]), dtype=float)
        # at rho = 1e-9 both lose digits to the same cancellation
        np.testing.assert_allclose(theirs[: len(ours)], ours[:, i], rtol=1e-9, atol=1e-12)
        assert np.all(np.isfinite(theirs))


@given(
    rho=st.floats(-2, 0.9),
    share=st.floats(0.05, 0.95),
    compute=st.floats(0.01, 1000).filter(lambda compute: compute != 1.0),
    zeta=st.floats(0.1, 1),
)
@settings(max_examples=60, deadline=None)
def test_pace_is_the_ces_curve(rho, share, compute, zeta):
    values = {"rho": rho, "compute_share": share, "compute_exponent": zeta, "parallelizability": 0.5}
    values |= {"labour_per_training": 1.0}
    value = LINKS["pace"].parse({"compute": compute}, "", Problems()).value(State(values, {}, 1.0, True, 1.0))
    expected = pace(1.0, compute**zeta, rho=rho, compute_share=share)
    assert math.exp(value) == pytest.approx(float(expected), rel=1e-9)


def test_extrapolation_moves_sigma_in_proportion_to_the_log_of_the_ratio():
    def sigma(log_ratio, near):
        rho = State({"rho": np.array(-0.25)}, {}, np.array(2.0), near, 1.0).rho(np.array(log_ratio))
        return float(1 / (1 - rho))

    assert sigma(0.0, True) == pytest.approx(0.8)
    assert sigma(math.log(1000), True) == pytest.approx(1.6)
    assert sigma(math.log(1000), False) == pytest.approx(0.8)
    assert sigma(0.0, False) == pytest.approx(0.4)
    assert sigma(-math.log(1000) / 2, False) == pytest.approx(0.8 / math.sqrt(2))
    assert sigma(math.log(1e6), False) == pytest.approx(0.8)


@pytest.mark.parametrize("b", [0.05, 0.6, 3.0])
@pytest.mark.parametrize("path", ["level", "growth"])
def test_progress_left_solves_the_equation_of_progress(b, path):
    """Against an ODE solver on dx/dt = g y(t) exp(b g t - b x)."""
    g, years, effect = 0.6, 10.0, math.log(0.6)

    def log_y(t):
        return effect if path == "level" else effect * t / years

    solved = solve_ivp(
        lambda t, x: g * np.exp(log_y(t) + b * (g * t - x)), (0, years), [0.0], rtol=1e-10, atol=1e-12
    )
    steps = [np.array(log_y(t)) for t in np.linspace(0, years, 3)]
    left = log_progress_left(steps, np.array(b), np.array(g * years))
    assert math.exp(left) == pytest.approx(solved.y[0, -1] / (g * years), rel=1e-7)


def test_four_straight_lines_are_enough_for_dearer_compute(monkeypatch):
    from ooms.calibrating.links import decade

    values = random_values(np.random.default_rng(3), 200)
    state = state_of(values, np.full(200, 0.5), np.ones(200), np.ones(200), True)
    coarse = link_of("dearer compute").value(state)
    monkeypatch.setattr(decade, "_STEPS", 256)
    np.testing.assert_allclose(coarse, link_of("dearer compute").value(state), atol=1e-3)


def test_half_the_researchers_lose_nothing_once_and_all_without_difficulty():
    """With ideas no harder than ever, a decade at the pace of half the labour; half of progress is software."""
    values = {k: v[:1] for k, v in random_values(np.random.default_rng(2), 9).items()}
    values |= {"difficulty": np.array([1e-9]), "software_share": np.array([0.5])}
    left = np.exp(link_of("half the researchers").value(state_of(values, None, 1.0, 1.0, True)))
    labour = 0.5 ** values["parallelizability"]
    slower = pace(labour, 1.0, rho=values["rho"], compute_share=values["compute_share"])
    np.testing.assert_allclose(left, 0.5 * slower + 0.5, rtol=1e-6)


def test_returns_in_the_units_of_whoever_measured_them():
    """model.md's equation of historical growth, solved for the quotient of growth of efficiency and of all inputs."""
    from ooms.model.returns import returns_from_growth

    values = {k: v[:40] for k, v in random_values(np.random.default_rng(4), 50).items()}
    # equal exponents, and labour and compute growing alike: the quotient of growth rates is what studies print
    values |= {"parallelizability": np.full(40, 0.6), "compute_exponent": np.full(40, 0.6)}
    quotient = np.exp(link_of("returns to all inputs").value(state_of(values, None, 1.0, 1.0, True)))
    r = returns_from_growth(0.3, 0.3, 0.3 * quotient, 0.6, values["compute_share"], 0.6, values["labour_per_training"])
    np.testing.assert_allclose(r, values["returns"], rtol=1e-12)


@pytest.mark.parametrize("foresight", [0.0, 1e-12, 1e-6])
def test_without_foresight_progress_is_proportional_to_its_pace(foresight):
    problems = Problems()
    link = LINKS["decade"].parse({"input": "workforce", "factor": 0.5, "foresight": "gap"}, "here", problems, {"gap"})
    values = random_values(np.random.default_rng(5), 60) | {"software_share": np.full(60, 0.5)}
    left = np.exp(link.value(state_of(values, np.full(60, max(foresight, 1e-14)), 1.0, 1.0, True)))
    slower = pace(0.5 ** values["parallelizability"], 1.0, rho=values["rho"], compute_share=values["compute_share"])
    np.testing.assert_allclose(left, 0.5 * slower + 0.5, atol=1e-4)


def test_overall_is_a_weighted_mean():
    assert np.exp(log_overall(np.log(4.0), np.log(2.0), np.array(0.25))).item() == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("kind", "table", "said"),
    [
        ("pace", {"compute": 0}, "compute = 0"),
        ("pace", {"compute": "nothing"}, "'nothing' is neither"),
        ("pace", {"computes": 1}, "computes"),
        ("pace", {"progress": "all"}, "progress = 'all'"),
        ("decade", {"input": "workforce"}, "how many researchers"),
        ("decade", {"input": "compute_cost", "growth_from": 20}, None),
        ("decade", {"input": "compute_cost"}, "how the cost of compute fell"),
        ("decade", {}, "input is missing"),
        ("latent", {}, "name is missing"),
    ],
)
def test_what_is_wrong_is_named(kind, table, said):
    problems = Problems()
    found = LINKS[kind].parse(table, "my.toml: items.x.link", problems, {"uplift"})
    if said is None:
        assert found is not None
        return
    assert found is None
    with pytest.raises(UserError) as caught:
        problems.raise_if_any()
    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.place.startswith("my.toml: items.x.link")
    assert problem.remedy
