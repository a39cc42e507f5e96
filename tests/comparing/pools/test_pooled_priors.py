"""Opinion pools as priors: every draw does what it did in its view, and files say the same as what was written."""

from __future__ import annotations

import errno
import math
import os
import warnings
from pathlib import Path

import numpy as np
import pytest

import ooms
from ooms.beliefs.draws import RANDOMISATIONS, Sampler, model_inputs
from ooms.comparing.pools import pool
from ooms.comparing.pools.mixture import _rows_of_each, rows_by_weight
from ooms.distributions.marginals import Empirical
from ooms.outcomes import Run
from ooms.problems import UserError

EVENT = "5 ooms in 1 year"
BASE, HOULDEN = ooms.load("davidson-2025"), ooms.load("davidson-houlden-2025")
NAMES = ["davidson-2025", "davidson-houlden-2025"]


def small(views, draws=2**10, **options):
    return pool(views, **({"draws": draws, "threads": 1, "events": [EVENT], "quantities": ()} | options))


@pytest.fixture(scope="module")
def both():
    return pool(NAMES, draws=2**13, threads=1, weights=[3, 1])


def times_by_row(prior, ooms_far=3):
    """Years to some progress of every row of a pooled prior."""
    values = {n: np.asarray(getattr(b.marginal, "values", b.marginal.middle)) for n, b in prior.beliefs.items()}
    return Run(model_inputs(prior, values), ooms_far, dense=False).trajectory.time_to(ooms_far)


def times_of(view, draws, ooms_far=3):
    inputs = Sampler(view).block(0, draws).inputs
    run = Run(inputs, ooms_far, dense=False)
    return np.broadcast_to(run.trajectory.time_to(ooms_far), draws)


CLOCKS = {"hardware_shock", "rho_long_run", "hardware_growth"}
PAIRS = {
    "an initial speed-up beside labour": (HOULDEN, BASE),
    "an initial speed-up beside routes of substitution": (HOULDEN, BASE.replace(rho=-0.4, rho_discrepancy=0.3)),
    "no limit beside one": (HOULDEN, HOULDEN.replace(declining_returns=False)),
    "no limit in both": (HOULDEN.replace(declining_returns=False), BASE.replace(declining_returns=False)),
    "a shock": (BASE, BASE.replace(hardware_shock=0.1, hardware_shock_year=0.3)),
    "reorganisation": (
        BASE.replace(rho_discrepancy=0.2),
        BASE.replace(rho_long_run="uniform(-0.1, 0)", adjustment_years=10),
    ),
    "a low ceiling of taste": (BASE, BASE.replace(taste_multiplier="uniform(1.5, 2)", taste_ceiling=3), HOULDEN),
    "a strong slowdown": (BASE.replace(compute_slowdown="uniform(1.5, 6)"), HOULDEN),
    "returns to all input": (BASE.replace(compute_adjustment=False), BASE),
    "retraining in both": (BASE.replace(retraining=True), HOULDEN.replace(retraining=True)),
    "growing hardware": (BASE.replace(hardware_growth=0.2), HOULDEN),
}


@pytest.mark.parametrize("views", PAIRS.values(), ids=PAIRS)
def test_each_row_is_a_draw_of_its_view(views):
    """The pool brings all views to the same parameters; every row must do what its view's own draw does."""
    weights = np.array([3, 1, 2][: len(views)]) / sum([3, 1, 2][: len(views)])
    prior = small(views, weights=list(weights), draws=256, events=()).prior(256)
    by_row = np.broadcast_to(times_by_row(prior), 256)
    for view, rows in zip(views, _rows_of_each(rows_by_weight(weights.tolist(), 256), 0), strict=True):
        found = by_row[rows]
        own, finite = times_of(view, 256), np.isfinite(found)
        apart = np.abs(np.log(found[finite])[:, None] - np.log(own[np.isfinite(own)]))
        # where calendar time matters in one view, all are solved in steps, which is less exact for the slowest
        tolerance = 2e-3 if any(v.beliefs.keys() & CLOCKS for v in views) else 1e-7
        assert np.all(np.min(apart, axis=1) < tolerance)
        assert np.any(np.isinf(own)) or np.all(finite)
        assert len(np.unique(found[finite])) > 0.9 * finite.sum()  # no draw is used twice


def test_the_prior_gives_the_probability_of_the_linear_pool(both):
    prior = both.prior()
    found = ooms.forecast(prior, draws=2**16, keep_draws=False, quantities=["ooms after 1 year"])
    for event in both.events:
        assert found.probability(event).value == pytest.approx(both.probability(event).value, abs=4 * 0.5 / 64)
    for q in (0.25, 0.5, 0.75):
        (mine,), (theirs,) = found.quantiles("ooms after 1 year", q), both.quantiles("ooms after 1 year", q)
        assert mine.value == pytest.approx(theirs.value, rel=0.06)


def test_a_pool_of_one_view_has_its_own_draws_as_prior():
    kept = ooms.forecast(BASE, draws=2**10, events=[EVENT], quantities=(), keep_draws=True).kept
    found = ooms.forecast(small([BASE], events=()).prior(2**10), draws=2**14, events=[EVENT], quantities=())
    assert found.probability(EVENT).value == pytest.approx(np.mean(kept[EVENT]), abs=1e-12)


def test_errors_of_the_prior_are_as_small_as_it_says():
    """At most half a root of the number of rows: views that shared rows would be further off."""
    views, off = [*NAMES, BASE.replace(rho=-0.1), HOULDEN.replace(returns="loguniform(0.5, 4)")], []
    for seed in range(8):
        mixed = small(views, 2**12, seed=seed)
        found = ooms.forecast(mixed.prior(512), draws=2**13, events=[EVENT], quantities=()).probability(EVENT)
        off.append(found.value - mixed.probability(EVENT).value)
    assert math.sqrt(np.mean(np.square(off))) < 0.5 / math.sqrt(512)


@pytest.mark.parametrize(
    ("seeds", "draws", "low", "high"), [(6, 2**10, 0.4, 2.0), pytest.param(16, 2**12, 0.6, 1.6, marks=pytest.mark.slow)]
)
def test_errors_of_forecasts_include_that_the_rows_are_a_sample(seeds, draws, low, high):
    """Root mean square of what is off against the error that is reported; with fewer rows that is far too small."""
    exact = small(NAMES, 2**14).probability(EVENT).value
    off, said = [], []
    for seed in range(seeds):
        found = ooms.forecast(
            small(NAMES, seed=seed + 1).prior(1024), draws=draws, events=[EVENT], quantities=()
        ).probability(EVENT)
        off.append(found.value - exact)
        said.append(found.standard_error)
    ratio = math.sqrt(np.mean(np.square(off)) / np.mean(np.square(said)))
    assert low < ratio < high  # a chi of so many degrees of freedom is outside about once in 100


def test_the_description_says_what_errors_leave_out(both):
    assert "which the errors of forecasts include." in both.prior(1024).description
    assert "which the errors of forecasts leave out; from 1024 rows up they include it" in both.prior(1023).description


def test_whole_draws_stay_together(both):
    prior = both.prior(1024)
    random = {n: b for n, b in prior.beliefs.items() if isinstance(b.marginal, Empirical)}
    assert {b.joint for b in random.values()} == {"pooled draws"}
    rho, f = (np.array(random[name].marginal.values) for name in ("rho", "initial_speedup"))
    of_houlden = rho == 0.0
    assert of_houlden.sum() == 256
    assert np.all((f[of_houlden] >= 2) & (f[of_houlden] <= 32))


def test_the_written_file_forecasts_the_same(both, tmp_path):
    both.write(tmp_path / "mine.toml", 512)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.csv", "mine.toml"]
    back, made = ooms.load(tmp_path / "mine.toml"), both.prior(512)
    assert {n: b.marginal for n, b in back.beliefs.items()} == {n: b.marginal for n, b in made.beliefs.items()}
    assert {n: (b.source, b.note, b.cites) for n, b in back.beliefs.items()} == {
        n: (b.source, b.note, b.cites) for n, b in made.beliefs.items()
    }
    assert (back.title, back.description.strip(), back.cites) == (made.title, made.description, made.cites)
    few = {"draws": 2**10, "events": [EVENT], "quantities": ()}
    assert ooms.forecast(back, **few).probability(EVENT) == ooms.forecast(made, **few).probability(EVENT)
    text = (tmp_path / "mine.toml").read_text()
    assert "davidson-2025 (0.75), davidson-houlden-2025 (0.25)" in text
    assert "initial_speedup ~ loguniform(2, 32)" in text
    assert (tmp_path / "mine.csv").read_text().startswith("rho,")


def test_routes_references_and_odd_names_are_written_too(tmp_path):
    (tmp_path / "two \"routes'.toml").write_text(
        'extends = "davidson-2025"\ncites = ["me-2026"]\n'
        '[references.me-2026]\nauthor = ["Me, A.", "You"]\ntitle = "A \\"title\\" \\\\ \\u007f"\nyear = 2026\n'
        '[parameters]\nroute_elasticity = {value = 20, source = "me"}\n'
        '[[routes]]\nrho = {value = 0, source = "me"}\ncompute_share = {value = 0.2, source = "me"}\n'
        'experiment_efficiency = {value = 1, source = "me"}\n'
        'productivity = {distribution = "lognormal", p10 = 0.03, p90 = 0.3, source = "me"}\n'
    )
    routed = ooms.load(tmp_path / "two \"routes'.toml")
    mixed = small([routed, routed.replace(rho=-0.3)], draws=256, events=())
    mixed.write(tmp_path / "mixed.toml", 64)
    back = ooms.load(tmp_path / "mixed.toml")
    assert back.routes == 1
    assert back.references["me-2026"].title == routed.references["me-2026"].title
    assert back.references["me-2026"].author == ("Me, A.", "You")
    assert back.cites == ("me-2026",)
    assert np.array_equal(times_by_row(back), times_by_row(mixed.prior(64)))


def test_what_one_file_cannot_say_is_refused_view_by_view():
    odd = [
        BASE.replace(retraining=True),
        BASE.replace(ramp_years=1),
        ooms.load("davidson-houlden-2025+gradual-boost"),
        BASE,
    ]
    mixed = small(odd, draws=256, events=())
    with pytest.raises(UserError) as caught:
        mixed.prior()
    text = str(caught.value)
    for said in (
        "davidson-2025 (retraining = true): has retraining",
        "davidson-2025 (ramp_years = 1): has ramp_years",
        "davidson-houlden-2025+gradual-boost: has ramp_years",
        "davidson-houlden-2025+gradual-boost: has ramp_start",
        "davidson-houlden-2025+gradual-boost: has initial_speedup under a ramp",
        "pool outcomes instead",
    ):
        assert said in text
    assert 0 < mixed.probability(EVENT).value < 1  # outcomes can be pooled all the same
    without = mixed.with_weights([0, 0, 0, 1])
    assert without.prior(64).title == "Linear pool of davidson-2025"


def test_wrong_priors(both):
    with pytest.raises(UserError, match="is no mixture"):
        both.with_method("logarithmic").prior()
    with pytest.raises(UserError, match="gets none of 2 rows"):
        both.with_weights([1, 1000]).prior(2)
    for rows in (0, 2.5, True):
        with pytest.raises(UserError, match="no number of rows"):
            both.prior(rows)


def test_a_warning_that_no_draw_deserves_is_not_given():
    climbing = BASE.replace(taste_slope=0.3, labour_per_training=1)
    mixed = small([BASE, climbing], draws=256, events=())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mixed.prior(64).warnings == ()


@pytest.mark.parametrize(
    ("place", "said"),
    [("no/such/mine.toml", "there is no folder"), ("mine.txt", "does not end in .toml"), ("folder.toml", "is a folder"),
     ("", "does not end in .toml")],
)  # fmt: skip
def test_a_place_that_cannot_be_written(both, tmp_path, place, said):
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(UserError, match=said):
        both.write(tmp_path / place, 64)
    assert [p.name for p in tmp_path.iterdir()] == ["folder.toml"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()])
@pytest.mark.parametrize("call", ["write_text", "replace"])
def test_a_full_disk_leaves_what_was_there_and_no_half_file(both, tmp_path, monkeypatch, error, call):
    whole, calls = {"write_text": Path.write_text, "replace": os.replace}[call], []

    def failing(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 2:  # the first file is written, the second is not
            raise error
        return whole(*arguments, **options)

    monkeypatch.setattr(Path if call == "write_text" else os, call, failing)
    with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else UserError):
        both.write(tmp_path / "mine.toml", 64)
    assert list(tmp_path.iterdir()) == []


def test_the_prior_uses_the_fewest_randomisations(both):
    assert len(both.prior(RANDOMISATIONS // 4).beliefs["rho"].marginal.values) == 4
