"""The gate: what is sound passes, and every kind of trouble is found, named and given a remedy."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import arviz_stats
import numpy as np
import pytest
import xarray as xr

from ooms.calibrating.diagnostics import MIN_ESS, Diagnostics, Worst, diagnose
from ooms.calibrating.predictive import Check

CHAINS, DRAWS = 4, 800


def sample(seed=0, chains=CHAINS, draws=DRAWS, **changes):
    """Independent draws, as good as they can be, as nutpie would return them; some of it changed."""
    rng = np.random.default_rng(seed)
    shape = (chains, draws)
    posterior = {
        "rho": (("chain", "draw"), rng.normal(size=shape)),
        "polls.one.effects": (("chain", "draw", "k"), rng.normal(size=(*shape, 3))),
        "constant": (("chain", "draw"), np.full(shape, 2.0)),
    }
    stats = {
        "diverging": (("chain", "draw"), np.zeros(shape, dtype=bool)),
        "energy": (("chain", "draw"), rng.normal(size=shape)),
        "maxdepth_reached": (("chain", "draw"), np.zeros(shape, dtype=bool)),
    }
    for name, value in changes.items():
        group = stats if name in stats else posterior
        group[name] = (("chain", "draw"), value)
    return xr.DataTree.from_dict({"/posterior": xr.Dataset(posterior), "/sample_stats": xr.Dataset(stats)})


def good(tail=0.4, **changes):
    return replace(Check("polls", "one", "median", 2.0, 1.0, 2.1, 3.0, tail), **changes)


def test_independent_draws_are_sound():
    found = diagnose(sample(), [good()])
    assert found.sound
    assert (found.failures, found.failed, found.remedy) == ((), (), "")
    assert (found.chains, found.draws, found.divergences, found.deepest) == (CHAINS, DRAWS, 0, 0)
    assert all(row.passed for row in found.as_table())
    assert found.as_table()[-1].where == "polls.one: median"


def test_the_worst_are_what_arviz_says():
    tree = sample(3)
    parts = xr.DataTree.from_dict(
        {"/posterior": tree["posterior"].to_dataset().drop_vars("constant"), "/sample_stats": tree["sample_stats"].ds}
    )
    found = diagnose(tree)

    def flat(result):
        data = result["posterior"].to_dataset() if "posterior" in result else result.to_dataset()
        return {
            f"{name}[{', '.join(map(str, i))}]" if i else name: float(values.values[i])
            for name, values in data.data_vars.items()
            for i in np.ndindex(values.shape)
        }

    rhat, bulk, tail = (
        flat(arviz_stats.rhat(parts)),
        flat(arviz_stats.ess(parts, method="bulk")),
        flat(arviz_stats.ess(parts, method="tail")),
    )
    assert found.rhat == Worst(max(rhat.values()), max(rhat, key=rhat.get))
    assert found.bulk == Worst(min(bulk.values()), min(bulk, key=bulk.get))
    assert found.tail == Worst(min(tail.values()), min(tail, key=tail.get))
    energies = arviz_stats.bfmi(parts)["energy"].values
    assert found.bfmi.value == pytest.approx(energies.min(), rel=0.01)
    assert found.bfmi.where == f"chain {np.argmin(energies) + 1}"


def moved():
    values = np.random.default_rng(1).normal(size=(CHAINS, DRAWS))
    values[2] += 1.0
    return values


def sticky(memory=0.97):
    rng = np.random.default_rng(1)
    values = np.zeros((CHAINS, DRAWS))
    for t in range(1, DRAWS):
        values[:, t] = memory * values[:, t - 1] + rng.normal(size=CHAINS)
    return values


def stuck():
    values = np.random.default_rng(1).normal(size=(CHAINS, DRAWS))
    values[1] = 0.3
    return values


def lost():
    values = np.random.default_rng(1).normal(size=(CHAINS, DRAWS))
    values[0, 5] = np.nan
    return values


def diverging():
    values = np.zeros((CHAINS, DRAWS), dtype=bool)
    values[0, :3] = True
    return values


TROUBLE = {
    "a chain elsewhere": ({"rho": moved()}, "R-hat of rho is 1.", "--draws 2000"),
    "chains that stay each at one value": (
        {"rho": np.tile(np.arange(4.0)[:, None], DRAWS)}, "R-hat of rho is", "--tune 2000"),
    "slow chains": ({"rho": sticky()}, "bulk effective sample size of rho is", "--draws 2000"),
    "a chain that never moves": ({"rho": stuck()}, "R-hat of rho is", "sample longer"),
    "no number": ({"rho": lost()}, "R-hat of rho is undefined, not below 1.01", "sample longer"),
    "divergences": ({"diverging": diverging()}, "the number of divergent transitions is 3, not 0",
                    "--target-accept 0.998"),
    "energies that hardly move": ({"energy": np.cumsum(sticky(0.0), axis=1)}, "BFMI of chain", "heavy tails"),
    "energies that never move": ({"energy": np.ones((CHAINS, DRAWS))}, "BFMI of chain 1 (and of 3 more) is undefined",
                                 "heavy tails"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "said", "remedy"), TROUBLE.values(), ids=TROUBLE)
def test_every_kind_of_trouble_is_named_with_its_remedy(changes, said, remedy):
    found = diagnose(sample(**changes))
    assert not found.sound
    assert any(text.startswith(said) for text in found.failed), found.failed
    assert remedy in found.remedy
    assert not all(row.passed for row in found.as_table())
    again = Diagnostics.from_plain(found.plain())
    assert again.failed == found.failed
    json.loads(json.dumps(found.plain()), parse_constant=pytest.fail)


def test_one_chain_cannot_show_that_it_has_converged():
    found = diagnose(sample(chains=1))
    assert found.failed[0].startswith("R-hat of rho (and of 3 more) is undefined")


def test_too_few_draws_are_too_few():
    found = diagnose(sample(draws=60))
    assert found.bulk.value < MIN_ESS
    assert any("effective sample size" in text for text in found.failed)


def test_only_the_worst_parameter_is_named_and_the_others_counted():
    (first, *_) = diagnose(sample(rho=2 * moved(), other=moved(), third=moved() + 1, fourth=-moved())).failures
    assert first.what.endswith("(and of 3 more)")


@pytest.mark.parametrize(("tail", "sound"), [(0.0, False), (0.0045, False), (0.005, True), (0.5, True), (0.995, True),
                                             (0.9955, False), (1.0, False), (math.nan, True)])  # fmt: skip
def test_an_answer_that_the_model_cannot_produce(tail, sound):
    found = diagnose(sample(), [good(), good(tail, statistic="most")])
    assert found.sound is sound
    if not sound:
        (failure,) = found.failures
        assert failure.what == (
            "the model cannot produce this answer: the predictive tail probability of polls.one: most"
        )
        assert str(failure).endswith("not from 0.005 to 0.995")
        assert failure.remedy.startswith("leave out polls, or widen the spread")
    assert repr(Diagnostics.from_plain(found.plain())) == repr(found)


def test_the_greatest_tree_depth_is_reported_and_no_failure():
    found = diagnose(sample(maxdepth_reached=diverging()))
    assert (found.deepest, found.sound) == (3, True)


def test_false_alarms_are_rare():
    """Of samples of independent draws: none of 40 is refused."""
    assert all(diagnose(sample(seed)).sound for seed in range(40))
