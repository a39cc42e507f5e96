"""Simulation-based calibration: the test of uniformity is exact, right likelihoods pass it, and faults are found."""

from __future__ import annotations

import functools
import importlib
import time
import tomllib
from dataclasses import dataclass, replace

import numpy as np
import pytest
import scipy.stats
from twin import Weighed

from ooms.calibrating.likelihoods import KINDS, Likelihood
from ooms.calibrating.likelihoods.statement import Statement
from ooms.calibrating.sampling import Compiled, NutsSettings
from ooms.calibrating.sbc import (
    FALSE_ALARMS,
    MODELS,
    SHORT,
    Sbc,
    joint_of,
    p_values,
    simulation_based_calibration,
    write_summaries,
)
from ooms.calibrating.tree import flat
from ooms.cli import main
from ooms.problems import Problems, UserError

QUICK = NutsSettings(chains=1, draws=198, tune=200, target_accept=0.95)


# the test of uniformity


@pytest.mark.slow
@pytest.mark.parametrize(("simulations", "possible"), [(20, 10), (60, 100), (200, 100)])
def test_p_values_are_those_of_simulated_uniform_ranks(simulations, possible):
    """An independent second way: SciPy's binomial distribution, and the statistic's distribution by simulation."""
    rng = np.random.default_rng(0)

    def statistic(ranks):
        below = np.stack([np.sum(ranks < i, axis=1) for i in range(1, possible)], axis=1)
        bins = scipy.stats.binom(simulations, np.arange(1, possible) / possible)
        return 2 * np.minimum(bins.cdf(below), bins.sf(below - 1)).min(axis=1)

    null = np.sort(statistic(rng.integers(0, possible, (20000, simulations))))
    ranks = np.minimum(rng.integers(0, possible, (40, simulations)), rng.integers(possible // 2, 2 * possible, (40, 1)))
    expected = np.searchsorted(null, statistic(ranks) * (1 + 1e-9), side="right") / len(null)
    tolerance = 5 * np.sqrt(expected * (1 - expected) / len(null)) + 5 / len(null)
    assert np.all(np.abs(p_values(ranks, possible) - expected) < tolerance)
    assert np.ptp(expected) > 0.9  # else it would say little


@pytest.mark.parametrize("simulations", [20, 100, 200])
def test_uniform_ranks_are_flagged_as_often_as_stated(simulations):
    runs, quantities = 500, 8
    ranks = np.random.default_rng(simulations).integers(0, 100, (runs * quantities, simulations))
    found = p_values(ranks, 100)
    for level in (0.01, 0.05, 0.2, 0.5):
        assert np.mean(found <= level) == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / len(found)))
    fails = found.reshape(runs, quantities).min(axis=1) * quantities < FALSE_ALARMS
    assert np.mean(fails) < FALSE_ALARMS + 4 * np.sqrt(FALSE_ALARMS / runs)


def ranked(scale: float, shift: float, simulations: int = 200, seed: int = 1) -> Sbc:
    """True values are standard normal given the answers; what is sampled has another scale, or is shifted."""
    rng = np.random.default_rng(seed)
    drawn = shift + scale * rng.standard_normal((simulations, 99))
    ranks = {"wrong": np.sum(drawn < rng.standard_normal((simulations, 1)), axis=1)}
    ranks |= {f"right {k}": rng.integers(0, 100, simulations) for k in range(8)}
    return Sbc("made up", ranks, 100, 0, SHORT, 1.0, seed)


@pytest.mark.parametrize(
    ("scale", "shift", "histogram"),
    [(0.7, 0.0, "high at both ends"), (1.5, 0.0, "high in the middle"), (1.0, 0.4, "falls"), (1.0, -0.4, "rises")],
)
def test_a_posterior_too_narrow_too_wide_or_shifted_is_flagged(scale, shift, histogram):
    found = ranked(scale, shift)
    assert not found.passes
    assert found.worst == "wrong"
    counts = np.array(found.histogram("wrong"))
    shapes = {
        "high at both ends": min(counts[0], counts[-1]) > 1.3 * counts[3:7].mean(),
        "high in the middle": counts[3:7].mean() > 1.3 * max(counts[0], counts[-1]),
        "falls": counts[:3].sum() > 1.3 * counts[-3:].sum(),
        "rises": counts[-3:].sum() > 1.3 * counts[:3].sum(),
    }
    assert shapes[histogram]
    assert counts.sum() == found.simulations == 200


def test_a_right_posterior_is_not_flagged():
    found = ranked(1.0, 0.0)
    assert found.passes
    assert sum(found.histogram("wrong")) == 200


def test_few_simulations_find_a_gross_fault_and_ranks_all_alike():
    assert not ranked(0.3, 0.0, simulations=40).passes
    assert p_values(np.zeros((1, 20), dtype=np.intp), 100).item() < 1e-9
    assert p_values(np.full((1, 200), 50), 100).item() < 1e-12
    assert p_values(np.zeros((0, 20), dtype=np.intp), 100).shape == (0,)


# real fits


def parsed(kind: str, table) -> Likelihood:
    problems = Problems()
    made = KINDS[kind].parse(table, "here", problems)
    problems.raise_if_any()
    assert made is not None
    return made


SURE = {"value": 1.3, "sd": 0.15}
"""A statement whose spread is known: nothing else can take the blame."""


@functools.cache
def compiled(kind: str) -> Compiled:
    return Compiled(joint_of(parsed("statement", SURE) if kind == "sure" else kind))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["statement", "domains"])
def test_cheap_likelihoods_pass(kind):
    found = simulation_based_calibration(compiled(kind), 100, model=kind)
    assert found.passes, (found.worst, found.p_values)
    assert (found.simulations, found.possible, found.model) == (100, 100, kind)
    assert {f"centre of made-up.{kind}", "made-up.level", "bias.made-up", "log likelihood"} < found.ranks.keys()
    assert all(ranks.min() >= 0 and ranks.max() < 100 for ranks in found.ranks.values())
    assert {f"made-up.{kind}.{name}" for name in KINDS[kind].defaults} < found.ranks.keys()
    assert found.seconds < 30


@dataclass(frozen=True)
class Loose(Statement):
    """Simulates with more than the spread that its likelihood has."""

    times: float = 1.5

    def simulate(self, centre, nuisance, rng):
        return {"value": centre + self.times * self._scale(nuisance) * rng.standard_normal(1)}


def wrongly(likelihood: Likelihood, right: Compiled) -> Compiled:
    """The same machine code, so that nothing is compiled again, with another simulator."""
    wrong = Compiled(joint_of(likelihood))
    wrong.code = right.code
    return wrong


@pytest.mark.parametrize(("simulations", "times"), [(40, 4.0), pytest.param(200, 1.5, marks=pytest.mark.slow)])
def test_a_simulator_that_is_not_the_likelihoods_is_caught(simulations, times):
    """And the right one passes; the less it is wrong, the more simulations it takes."""
    right = compiled("sure")
    assert simulation_based_calibration(right, simulations, settings=QUICK, model="sure").passes
    wrong = wrongly(Loose(value=SURE["value"], sd=SURE["sd"], times=times), right)
    found = simulation_based_calibration(wrong, simulations, settings=QUICK, model="sure")
    assert not found.passes
    assert found.p_values["centre of made-up.statement"] < 0.01


class Deaf(Compiled):
    """Does not listen to the answers: its posterior is the prior."""

    def sample(self, how, *, answers=None, **_):
        return super().sample(how, answers=answers, weights={"made-up": 0.0})


def test_answers_that_are_ignored_are_caught_though_the_ranks_of_parameters_are_uniform():
    deaf = Deaf(joint_of(parsed("statement", SURE)))
    deaf.code = compiled("sure").code
    found = simulation_based_calibration(deaf, 40, settings=QUICK, model="sure")
    assert not found.passes
    assert found.worst == "log likelihood"
    assert min(p for name, p in found.p_values.items() if name != "log likelihood") > 1e-3


def test_answers_that_are_not_swapped_are_caught():
    class Stale(Compiled):
        def sample(self, how, *, answers=None, **_):
            return super().sample(how)

    stale = Stale(joint_of(parsed("statement", SURE)))
    stale.code = compiled("sure").code
    found = simulation_based_calibration(stale, 40, settings=QUICK, model="sure")
    assert not found.passes


@pytest.mark.slow
def test_a_seed_repeats_and_every_simulation_has_random_numbers_of_its_own():
    def run(simulations, seed=0, model="sure"):
        done = []
        found = simulation_based_calibration(
            compiled("sure"), simulations, seed, QUICK, lambda *now: done.append(now), model
        )
        assert done == [(k + 1, simulations) for k in range(simulations)]
        return np.stack(list(found.ranks.values()))

    first = run(24)
    assert np.array_equal(first[:, :20], run(20))
    assert not np.array_equal(first[:, :20], run(20, seed=1))
    assert not np.array_equal(first[:, :20], run(20, model="sure too"))


def test_chains_find_what_weighed_prior_draws_find():
    """Of all surveys, with other likelihoods: `test_posterior`."""
    weighed = Weighed(compiled("sure").joint, 2**14).sample(NutsSettings(chains=4, draws=1000))
    chains = compiled("sure").sample(NutsSettings(chains=2, draws=1000, tune=300, target_accept=0.95))
    ours, theirs = (flat(of["posterior"].to_dataset()) for of in (chains, weighed))
    assert {"made-up.level", "bias.made-up"} <= ours.keys() & theirs.keys()
    for name in ours.keys() & theirs.keys():
        for level in (0.1, 0.5, 0.9):
            at = np.mean(ours[name] <= np.quantile(theirs[name], level))
            # as if from 400 independent draws on either side
            assert at == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) * 2 / 400)), (name, level)


@pytest.mark.parametrize("model", MODELS)
def test_made_up_models_are_where_their_likelihood_is_at_home(model):
    joint = joint_of(model)
    (centres,) = joint.centres(joint.prior(400, 0)).values()
    assert np.quantile(centres, 0.02) > -2.5
    assert np.quantile(centres, 0.98) < 2.5
    side = {"heaped": -1, "slowdown": -1, "speedup": 1}.get(model.partition("_")[0], 0)
    assert joint.terms[0].likelihood.side == side
    assert np.all(side * centres >= 0)  # whatever the bias
    assert joint.names == ()


# what is kept


def made(model: str = "statement", seed: int = 2) -> Sbc:
    return replace(ranked(1.0, 0.0, 40, seed), model=model, seconds=12.345)


def test_a_summary_goes_into_plain_dictionaries():
    found = made()
    plain = found.plain()
    assert plain["verdict"] == "passes"
    assert plain["quantities"] == 9
    assert plain["smallest_p_of"] == found.worst
    assert plain["smallest_p"] == pytest.approx(min(found.p_values.values()), rel=1e-3)
    assert plain["histogram"]["wrong"] == list(found.histogram("wrong"))
    assert (plain["draws"], plain["seconds"], plain["false_alarms"]) == (SHORT.draws, 12.3, 0.01)
    assert {"ooms", "pymc", "nutpie", "date", "seed", "simulations", "divergences"} < plain.keys()
    assert replace(ranked(0.5, 0.0)).plain()["verdict"] == "fails"


def test_summaries_go_into_a_file(tmp_path):
    found = [made("statement", 1).summary(), made("joint", 2).summary()]
    write_summaries(tmp_path / "sbc.toml", found, "what it is")
    text = (tmp_path / "sbc.toml").read_text()
    assert tomllib.loads(text) == {each.model: each.plain() for each in found}
    assert text.startswith("# what it is\n\n[statement]\nverdict = ")
    assert [path.name for path in tmp_path.iterdir()] == ["sbc.toml"]


# the command


COMMAND = importlib.import_module("ooms.cli.sbc")


@pytest.fixture
def ooms_sbc(capsys, monkeypatch):
    """Runs a command; gives exit code, standard output and standard error. All models pass at once, but for one."""

    def canned(model, simulations, seed, progress):
        progress.report("simulations", simulations, simulations)
        return replace(ranked(0.5 if model == "heaped" else 1.0, 0.0, simulations, seed), model=model).summary()

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["sbc", *arguments])
        return code, *capsys.readouterr()

    monkeypatch.setattr(COMMAND, "_run", canned)
    monkeypatch.setenv("COLUMNS", "80")
    return run


def test_the_command_shows_and_writes(ooms_sbc, tmp_path):
    out = tmp_path / "sbc.toml"
    given = ("--only", "statement", "joint", "statement", "--simulations", "100", "--seed", "1", "--out", str(out))
    code, shown, err = ooms_sbc(*given)
    assert (code, err) == (0, "")
    assert shown.count("statement") == shown.count("joint") == 1
    for text in ("passes", "100 simulations a model · seed 1", "0.01 or more", str(out)):
        assert text in shown
    assert list(tomllib.loads(out.read_text())) == ["statement", "joint"]
    assert max(map(len, shown.splitlines()[:6])) <= 80


def test_what_fails_is_exit_code_1_and_every_likelihood_is_the_default(ooms_sbc):
    code, shown, _ = ooms_sbc("--seed", "1")
    assert code == 1
    assert all(kind in shown for kind in KINDS)
    assert "joint" not in shown
    assert shown.count("fails ") == 2  # in the table, and where it is said what passing means
    code, shown, _ = ooms_sbc("--only", "interval", "--joint", "--seed", "1")
    assert code == 0
    assert "joint" in shown


def test_mistakes_are_told_all_at_once_before_anything_is_run(ooms_sbc, monkeypatch, tmp_path):
    monkeypatch.setattr(COMMAND, "_run", None)
    place = tmp_path / "nowhere" / "sbc.toml"
    given = ("--only", "statment", "domains", "--simulations", "19", "--seed=-1", "--out", str(place))
    code, shown, told = ooms_sbc(*given)
    assert (code, shown) == (2, "")
    assert "4 problems, nothing was run" in told
    for text in ("'statment'", "did you mean statement", "simulations = 19", "20 or more", "seed = -1", "nowhere"):
        assert text in told
    assert "is a folder" in ooms_sbc("--out", str(tmp_path))[2]
    assert "2000 or less" in ooms_sbc("--simulations", "2001")[2]
    with pytest.raises(UserError, match="20 or more"):
        simulation_based_calibration(joint_of("statement"), 5)


# in full


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.parametrize("kind", MODELS)
def test_every_likelihood_passes_soon(kind):
    start = time.perf_counter()
    found = simulation_based_calibration(joint_of(kind), 200, model=kind)
    taken = time.perf_counter() - start
    assert found.passes, (found.worst, found.p_values[found.worst])
    assert taken < 240, f"{taken:.0f} seconds, {found.seconds:.0f} of them sampling"  # 10 to 50 on two idle cores
