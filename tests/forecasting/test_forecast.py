"""Forecasts: what they depend on and what they do not, whether their errors are true, and what they refuse."""

from __future__ import annotations

import errno
import math
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import ooms
import ooms.forecasting.sweep
from ooms.beliefs.view import checked
from ooms.distributions.copula import Correlation
from ooms.distributions.marginals import Fixed
from ooms.files.library import shipped
from ooms.problems import UserError

BASE = ooms.load("davidson-2025")
HOULDEN = ooms.load("davidson-houlden-2025")
EVENTS = (
    "5 ooms in 1 year",
    "3 years in 4 months anywhere",
    "2.5 ooms in 1 month",
    "20 doublings in 1 year",
    "accelerates",
)
QUANTITIES = ("time to 5 ooms", "ooms after 1 year", "peak pace", "labour share at the start")


def correlated(view, *pairs):
    return checked(replace(view, correlations=tuple(Correlation(*pair) for pair in pairs)), "correlated.toml")


TIED = correlated(BASE, ("software_growth", "returns", 0.5), ("rho", "software_limit", -0.3))


def numbers(f):
    """Every number of a forecast, to compare bit for bit."""
    probabilities = {name: (*f.probability(name), *f.event(name).shares.values()) for name in f.events}
    sketches = {name: sketch.counts.tobytes() for name, (_, sketch) in f.quantities.items()}
    return probabilities, sketches


def run(view, draws=2**15, **options):
    return ooms.forecast(view, **({"draws": draws, "events": EVENTS, "quantities": QUANTITIES, "threads": 1} | options))


@pytest.mark.parametrize(
    "view",
    [BASE, *(pytest.param(v, marks=pytest.mark.slow) for v in (TIED, HOULDEN, BASE.replace(hardware_growth=0.1)))],
    ids=["base", "tied", "dh", "clock"],
)
def test_threads_change_nothing(view):
    one, two, five = (run(view, threads=threads, keep_draws=True) for threads in (1, 2, 5))
    assert numbers(one) == numbers(two) == numbers(five)
    for name, column in one.kept.items():
        assert np.array_equal(column, five.kept[name])


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    "view", [BASE, TIED, HOULDEN, BASE.replace(retraining=True)], ids=["base", "tied", "dh", "retraining"]
)
def test_more_draws_begin_with_the_same_ones(view):
    small, large = (run(view, draws, keep_draws=True) for draws in (2**12, 2**13))
    assert small.kept.keys() == large.kept.keys()
    for name, column in small.kept.items():
        assert np.array_equal(column, large.kept[name][: 2**12]), name
        assert np.array_equal(large.data["draws"].dataset[name].to_numpy()[: 2**12], column)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("block", [256, 2048, 2**12])
def test_the_size_of_a_block_does_not_matter(monkeypatch, block):
    usual = run(TIED, 2**13, keep_draws=True)
    monkeypatch.setattr(ooms.forecasting.sweep, "BLOCK", block)
    other = run(TIED, 2**13, keep_draws=True)
    for name, column in usual.kept.items():
        assert np.array_equal(column, other.kept[name]), name
    for name in usual.events:
        for mine, theirs in zip(usual.probability(name), other.probability(name), strict=True):
            assert mine == pytest.approx(theirs, abs=1e-12)
        assert usual.event(name).shares == other.event(name).shares
    assert numbers(usual)[1] == numbers(other)[1]


@pytest.mark.parametrize("draws", [2**12, pytest.param(2**15, marks=pytest.mark.slow)])
def test_asking_later_is_asking_first(draws):
    first, later = run(BASE, draws), run(BASE, draws, events=(), quantities=())
    assert not later.events
    assert not later.quantities
    for text in EVENTS:
        assert later.probability(text) == first.probability(text)
    for text in QUANTITIES:
        assert later.quantiles(text, [0.05, 0.5, 0.95]) == first.quantiles(text, [0.05, 0.5, 0.95])
        assert np.array_equal(later.sketch(text).counts, first.sketch(text).counts)
    for text in EVENTS:
        assert later.event(text) == first.event(text)


def shown(f):
    """What a forecast shows in words, as JSON and as numbers."""
    return repr(f), f.plain(), numbers(f), [*f.kept]


def later_questions(f):
    return {
        "event": lambda: f.probability("3 ooms in 1 year"),
        "quantity": lambda: f.quantiles("time to 3 ooms", [0.5]),
        "central": lambda: f.central("ooms after 4 years"),
        "drivers": lambda: f.drivers("3 ooms in 1 year"),
        "picture": lambda: f.plot.exceedance().to_dict(),
    }


@pytest.mark.parametrize("labelled", [False, True], ids=["before its data are made", "after"])
def test_asking_changes_nothing_that_is_shown_in_any_order(labelled):
    untouched = run(BASE, 256)
    names = [*later_questions(None)]
    answers = []
    for order in (names, names[::-1]):
        f = run(BASE, 256)
        before = f.data if labelled else None
        questions = later_questions(f)
        answers.append({name: questions[name]() for name in order})
        assert shown(f) == shown(untouched)
        assert f.data.identical(untouched.data)
        assert before is None or f.data is before
    assert answers[0] == answers[1]


def test_a_forecast_is_never_changed():
    f = run(BASE, 256, keep_draws=True)
    for name in ("view", "request", "events", "quantities", "kept", "draws", "seed", "threads"):
        with pytest.raises(AttributeError):
            setattr(f, name, None)
    for table in (f.events, f.quantities, f.kept):
        with pytest.raises(TypeError):
            table["5 ooms in 1 year"] = None
    with pytest.raises(ValueError, match="read-only"):
        f.kept["rho"][0] = 0.0


def test_later_questions_tell_no_progress_of_the_first():
    told = []
    f = run(BASE, 2**10, progress=lambda *done: told.append(done))
    count = len(told)
    f.probability("3 ooms in 1 year")
    assert count
    assert len(told) == count


def test_one_question_beside_others_has_the_same_answer():
    alone = run(BASE, events=EVENTS[:1], quantities=())
    assert alone.probability(EVENTS[0]) == pytest.approx(run(BASE).probability(EVENTS[0]), rel=1e-9)


def test_the_same_question_in_other_words_is_the_same_question():
    f = run(BASE, events=["5 OOMs in  year"], quantities=["Time to 5 oom"])
    assert list(f.events) == ["5 ooms in 1 year"]
    assert list(f.quantities) == ["time to 5 ooms"]
    assert f.event("5ooms in 1years") is f.event("5 ooms in 1 year")


def test_seeds_repeat_and_differ():
    one, again, other = run(BASE, 2**12), run(BASE, 2**12), run(BASE, 2**12, seed=1)
    assert numbers(one) == numbers(again)
    for name in one.events:
        assert one.probability(name).value != other.probability(name).value
    both = [f.probability("5 ooms in 1 year") for f in (one, other)]
    assert abs(both[0].value - both[1].value) < 5 * math.hypot(both[0].standard_error, both[1].standard_error)


def test_a_what_if_leaves_the_other_draws_alone():
    before, after = run(BASE, 2**10, keep_draws=True), run(BASE.replace(rho=-0.4), 2**10, keep_draws=True)
    for name in after._sampler.random:
        assert np.array_equal(before.kept[name], after.kept[name])


@pytest.mark.sweep(1)
@pytest.mark.parametrize(
    "view",
    [BASE, TIED, BASE.replace(retraining=True), BASE.replace(taste_start=0.5), BASE.replace(declining_returns=False)],
    ids=["base", "tied", "retraining", "taste fixed", "no limit"],
)
def test_integrating_the_rate_out_gives_the_frequency(view):
    f = run(
        view,
        2**16,
        quantities=(),
        events=("5 ooms in 1 year", "1 oom in 1 month", "20 doublings in 1 year anywhere", "2.5 ooms in 6 months"),
    )
    for name, result in f.events.items():
        assert result.smoothed
        share = result.shares["reached"]
        plain = math.sqrt(share * (1 - share) / f.draws)  # of quasi-random points at most this
        assert abs(result.probability.value - share) <= 4 * math.hypot(plain, result.probability.standard_error), name


@pytest.mark.parametrize(
    "view",
    [HOULDEN, BASE.replace(hardware_growth=0.1), BASE.replace(software_growth=0.6)],
    ids=["dh", "clock", "fixed"],
)
def test_where_the_rate_cannot_be_integrated_out_the_frequency_is_given(view):
    f = run(view, 2**12, quantities=())
    for result in f.events.values():
        assert not result.smoothed
        assert result.probability.value == pytest.approx(result.shares["reached"], abs=1e-12)


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (BASE, "5 ooms in 1 year"),
        pytest.param(HOULDEN, "3 years in 1 year anywhere", marks=pytest.mark.slow),
        pytest.param(TIED, "5 ooms in 1 year", marks=pytest.mark.slow),
        pytest.param(BASE, "accelerates", marks=pytest.mark.slow),
    ],
    ids=["base", "dh", "tied", "kappa"],
)
def test_the_error_is_the_spread_over_seeds(view, text):
    seeds = 150 if text == "accelerates" else 60  # the spread is known to 1 in sqrt(2 seeds)
    found = [run(view, 2**12, seed=seed, events=[text], quantities=()).probability(text) for seed in range(seeds)]
    spread = np.std([e.value for e in found], ddof=1)
    reported = math.sqrt(np.mean([e.standard_error**2 for e in found]))
    assert reported == pytest.approx(spread, rel=0.25)


@pytest.mark.parametrize(
    ("view", "text", "gain"),
    [
        (BASE, "5 ooms in 1 year", 10.0),
        pytest.param(HOULDEN, "3 years in 1 year anywhere", 2.5, marks=pytest.mark.slow),
        (HOULDEN, "3 years in 1 year", 2.5),
    ],
    ids=["base", "dh anywhere", "dh"],
)
def test_the_error_is_far_below_plain_monte_carlo(view, text, gain):
    """The error of one run is known to a fifth or so: four seeds together."""
    found = [
        run(view, 2**16, seed=seed, events=[text], quantities=(), threads=2).probability(text) for seed in range(4)
    ]
    p = np.mean([e.value for e in found])
    error = math.sqrt(np.mean([e.standard_error**2 for e in found]))
    assert math.sqrt(p * (1 - p) / 2**16) / error >= gain


def test_the_headlines():
    assert run(BASE, 2**14).probability("5 ooms in 1 year").value == pytest.approx(0.32, abs=0.005)
    low = BASE.replace(rho=-0.4)
    assert run(low, 2**14).probability("5 ooms in 1 year").value == pytest.approx(0.12, abs=0.01)
    cheap = low.replace(experiment_efficiency=0.0)
    assert run(cheap, 2**14).probability("5 ooms in 1 year").value == pytest.approx(0.01, abs=0.005)


CERTAIN = BASE.replace(**{name: float(belief.marginal.middle) for name, belief in BASE.beliefs.items()})


@pytest.mark.parametrize(("text", "value"), [("5 ooms in 1 year", 0.0), ("1 oom in 1 year", 1.0), ("accelerates", 1.0)])
def test_without_doubt_an_event_happens_or_does_not(text, value):
    f = ooms.forecast(CERTAIN, draws=256, threads=1)
    assert f.probability(text) == (value, 0.0)


def test_without_doubt_a_quantity_is_its_central_run():
    f = ooms.forecast(CERTAIN, draws=256, threads=1)
    for quantile in f.quantiles("ooms after 1 year", [0.05, 0.5, 0.95]):
        assert quantile.value == pytest.approx(f.central("ooms after 1 year"), rel=1e-12)
        assert quantile.standard_error == 0.0
    assert f.data["quantities"].sizes["quantity"] > 10


@pytest.mark.parametrize("name", [n for n, b in BASE.beliefs.items() if not isinstance(b.marginal, Fixed)])
def test_any_one_belief_may_be_certain(name):
    view = BASE.replace(**{name: float(BASE.beliefs[name].marginal.middle)})
    f = ooms.forecast(view, draws=512, events=["5 ooms in 1 year", "3 years in 1 year anywhere"], threads=1)
    for result in f.events.values():
        assert 0.05 < result.probability.value < 0.7


def test_rare_events_have_an_error():
    f = run(BASE, 2**10, events=["10 ooms in 1 day", "3 years in 1 day"], quantities=())
    for name in f.events:
        assert f.probability(name).value < 1e-3
        assert f.probability(name).standard_error > 0


def test_what_is_wrong_is_told_all_at_once():
    with pytest.raises(UserError) as caught:
        ooms.forecast(
            BASE, draws=1000, seed=-1, threads=0, events=["5 ooms", "5 ooms in 1 year", "x"], quantities=["peak pase"]
        )
    places = [problem.place for problem in caught.value.problems]
    assert places == ["draws", "seed", "threads", "event", "event", "quantity"]
    assert "give 1024" in str(caught.value)
    assert "did you mean peak pace" in str(caught.value)


@pytest.mark.parametrize("draws", [-1, 0, 1, 128, 255, 1000, 2**20 + 1, 2**40])
def test_numbers_of_draws_that_spoil_the_points(draws):
    with pytest.raises(UserError, match="draws"):
        ooms.forecast(BASE, draws=draws)


@pytest.mark.parametrize("q", [0.0, 1.0, -0.1, 1.1, math.nan])
def test_no_quantile_outside_0_to_1(q):
    f = ooms.forecast(BASE, draws=256, events=(), quantities=())
    with pytest.raises(UserError, match="is not between 0 and 1"):
        f.quantiles("time to 5 ooms", [0.5, q])


def test_an_interval_must_have_a_mass_and_a_kind():
    f = ooms.forecast(BASE, draws=256, events=(), quantities=())
    with pytest.raises(UserError) as caught:
        f.interval("ooms after 1 year", 1.5, kind="bayesian")
    assert [problem.place for problem in caught.value.problems] == ["mass", "kind"]
    assert not f.quantities


@pytest.mark.parametrize(
    "ask",
    [
        lambda f: f.probability("5 oms in 1 year"),
        lambda f: f.quantiles("time to 5 years", [0.5]),
        lambda f: f.interval("pace"),
        lambda f: f.never(""),
        lambda f: f.central("pace"),
    ],
)
def test_later_questions_are_checked_too(ask):
    with pytest.raises(UserError):
        ask(ooms.forecast(BASE, draws=256, events=(), quantities=()))


def test_a_view_by_name_by_path_and_in_hand(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "davidson-2025"\n')
    named, read, held = (run(view, 256) for view in ("davidson-2025", path, BASE))
    assert numbers(named) == numbers(read) == numbers(held)
    assert read.view.name == "mine"


def test_intervals_and_quantiles_agree():
    f = run(BASE, 2**12)
    interval = f.interval("ooms after 1 year", 0.9)
    assert [interval.lower, interval.upper] == f.quantiles("ooms after 1 year", [(1 - 0.9) / 2, (1 + 0.9) / 2])
    densest = f.interval("ooms after 1 year", 0.8, kind="hdi")
    equal = f.interval("ooms after 1 year", 0.8)
    assert sum(upper.value - lower.value for lower, upper in densest.intervals) <= equal.upper.value - equal.lower.value


def test_quantiles_are_those_of_the_kept_draws():
    f = run(BASE, 2**14, keep_draws=True)
    for name in QUANTITIES:
        for q, found in zip((0.1, 0.5, 0.9), f.quantiles(name, [0.1, 0.5, 0.9]), strict=True):
            wanted = np.quantile(f.kept[name], q, method="inverted_cdf")
            scale = f.quantities[name][0].scale
            size = np.log(scale.high / scale.low) if scale.logarithmic else scale.high - scale.low
            width = size / 4096 * (wanted if scale.logarithmic else 1)
            assert found.value == pytest.approx(wanted, abs=1.5 * width), (name, q)


def test_the_central_run_is_not_the_median():
    f = run(BASE, 2**12)
    (median,) = f.quantiles("ooms after 1 year", [0.5])
    assert abs(f.central("ooms after 1 year") - median.value) > 20 * median.standard_error
    assert f.central("time to 30 ooms") == math.inf


def test_progress_is_told():
    told = []
    run(BASE, 2**16, progress=lambda done, total: told.append((done, total)), threads=2)
    block = ooms.forecasting.sweep.BLOCK
    assert sorted(told) == [(done, 2**16) for done in range(block, 2**16 + 1, block)]


def test_a_failure_in_a_thread_is_raised():
    def fail(done, total):
        raise RuntimeError("stop here")

    for threads in (1, 2):
        with pytest.raises(RuntimeError, match="stop here"):
            run(BASE, 2**16, progress=fail, threads=threads)


def test_draws_are_kept_when_few_or_asked_for():
    assert ooms.forecast(BASE, draws=256, events=(), quantities=()).kept
    assert not ooms.forecast(BASE, draws=256, events=(), quantities=(), keep_draws=False).kept
    kept = ooms.forecast(BASE, draws=256, events=(), quantities=["peak pace"]).kept
    assert set(kept) == {n for n, b in BASE.beliefs.items() if not isinstance(b.marginal, Fixed)} | {"peak pace"}


def test_repr_shows_the_probabilities():
    assert "P(5 ooms in 1 year) = 0.3" in repr(run(BASE, 256))


@pytest.mark.parametrize("place", ["no/such/folder/f.nc", "file/f.nc", ""])
def test_a_place_that_cannot_be_written(tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    f = ooms.forecast(BASE, draws=256, events=(), quantities=())
    with pytest.raises(UserError, match="cannot be written") as caught:
        f.save(tmp_path / place)
    (problem,) = caught.value.problems
    assert str(tmp_path / place) == problem.place
    assert problem.remedy
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def _half_written(path, content):
    """A disk that is full: some is written, then no more."""
    with open(path, "wb") as file:
        file.write(content[:4])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    target = tmp_path / "f.nc"
    target.write_bytes(b"the old one")
    f = ooms.forecast(BASE, draws=256, events=(), quantities=())
    monkeypatch.setattr(Path, "write_bytes", _half_written)
    with pytest.raises(UserError, match="No space left on device") as caught:
        f.save(target)
    assert "free some space" in str(caught.value)
    assert target.read_bytes() == b"the old one"
    assert [p.name for p in tmp_path.iterdir()] == ["f.nc"]


def test_an_interrupted_save_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    f = ooms.forecast(BASE, draws=256, events=(), quantities=())
    target = tmp_path / "f.nc"
    target.write_bytes(b"the old one")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        f.save(target)
    assert target.read_bytes() == b"the old one"
    assert [p.name for p in tmp_path.iterdir()] == ["f.nc"]


def test_a_saved_file_has_the_permissions_of_any_other(tmp_path):
    f = ooms.forecast(BASE, draws=256, events=(), quantities=())
    f.save(tmp_path / "f.nc")
    (tmp_path / "plain").touch()
    assert (tmp_path / "f.nc").stat().st_mode == (tmp_path / "plain").stat().st_mode


_MEMORY = """
import ooms, pathlib, resource
few = ["time to 5 ooms", "ooms after 1 year"]
asked = dict(events=["5 ooms in 1 year"], quantities=few, keep_draws=False, threads=2)
f = ooms.forecast("davidson-2025", draws={draws}, **asked)
assert 0.31 < f.probability("5 ooms in 1 year").value < 0.33
status = pathlib.Path("/proc/self/status")  # this process alone: ru_maxrss starts from its parent's
if status.exists():
    print(status.read_text().partition("VmHWM:")[2].split()[0])
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_memory(draws: int) -> float:
    """Most memory of a process that makes a forecast, MB."""
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY.format(draws=draws)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def test_memory_stays_small():
    assert peak_memory(2**18) < 400


@pytest.mark.slow
@pytest.mark.parametrize(("draws", "most"), [(2**20, 400), (2**24, 1000)])
def test_memory_does_not_grow_with_the_draws(draws, most):
    assert peak_memory(draws) < most


PAIRS = [
    (view, *pair) for view in shipped() if not view.startswith("calibrated/")
    for pair in combinations(ooms.load(view).options, 2)
]  # fmt: skip
SOME_PAIRS = [pair for pair in PAIRS if {*pair[1:]} == {"long-run", "other-routes"}]


def answered(view, one, other):
    try:
        loaded = ooms.load(f"{view}+{one}+{other}")
    except ooms.UserError:
        return None
    f = ooms.forecast(loaded, draws=256, events=EVENTS, quantities=("labour share at the start", "peak pace"))
    assert f.data.children
    return [f.probability(event).value for event in EVENTS]


@pytest.mark.parametrize("pair", [
    pytest.param(pair, marks=() if pair in SOME_PAIRS else pytest.mark.slow) for pair in PAIRS
])  # fmt: skip
def test_any_two_options_together_are_refused_or_answered_whole(pair):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ooms.BeliefWarning)
        probabilities = answered(*pair)
    assert probabilities is None or np.isfinite(probabilities).all()
