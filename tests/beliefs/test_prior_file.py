"""Views written as prior files: they read back as what they were."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import ooms
from ooms.beliefs.calibrated import Calibrated
from ooms.beliefs.draws import Sampler
from ooms.beliefs.prior_file import write_prior
from ooms.beliefs.view import Belief, BeliefWarning
from ooms.distributions.copula import Correlation
from ooms.distributions.marginals import REGISTRY, Empirical, from_table
from ooms.files.library import shipped
from ooms.problems import Problems, UserError

BASE = ooms.load("davidson-2025")


def beliefs(view):
    return {n: (b.marginal, str(b.marginal), b.source, b.note, b.grade, b.cites) for n, b in view.beliefs.items()}


def said(view):
    head = (view.title, view.description, view.citation, view.url, view.cites, view.calibration)
    switches = (view.declining_returns, view.retraining, view.compute_adjustment)
    return (beliefs(view), view.correlations, switches, head)


def written(view, tmp_path, **options):
    write_prior(view, tmp_path / "mine.toml", **options)
    return ooms.load(tmp_path / "mine.toml")


@pytest.mark.sweep(1)
@pytest.mark.parametrize("name", shipped())
def test_every_shipped_view_reads_back_with_every_option(name, tmp_path):
    view = ooms.load(name)
    for one in (view, *(view.with_options(option) for option in view.options)):
        back = written(one, tmp_path)
        assert said(back) == said(one)
        assert not (tmp_path / "mine.csv").exists()  # it has no joint draws
        before, after = Sampler(one).block(0, 64).values, Sampler(back).block(0, 64).values
        assert all(np.array_equal(before[n], after[n]) for n in before)


@pytest.mark.parametrize("family", REGISTRY)
def test_every_distribution_reads_back(family, tmp_path):
    marginal = from_table(REGISTRY[family].example, "here", Problems())
    # none of these has to make sense: the text is what is tested
    view = replace(BASE, beliefs={**BASE.beliefs, "hardware_growth": Belief(marginal, "me")})
    problems = Problems()
    write_prior(view, tmp_path / "mine.toml")
    from ooms.beliefs.reader import read_stated

    back = read_stated(tmp_path / "mine.toml").beliefs["hardware_growth"].marginal
    problems.raise_if_any()
    assert (back, str(back)) == (marginal, str(marginal))


def test_quantiles_with_fractions_and_excesses_are_kept(tmp_path):
    view = BASE.replace(
        returns="lognormal(p2.5=0.5, p90=3)", software_limit="shifted_lognormal(excess_p10=1, excess_p90=9, shift=5)"
    )
    assert said(written(view, tmp_path)) == said(view)
    assert '"p2.5" = 0.5' in (tmp_path / "mine.toml").read_text()


def test_switches_and_correlations(tmp_path):
    view = replace(
        BASE.replace(retraining="as coded", compute_adjustment=False),
        correlations=(Correlation("rho", "returns", 0.3), Correlation("returns", "software_growth", -0.2)),
    )
    assert said(written(view, tmp_path)) == said(view)


CALIBRATION = Calibrated("davidson-2025", ("compute-polls", "espai"), "ooms calibrate davidson-2025", 100, 90)


def calibrated(**changes):
    rows = np.random.default_rng(1).uniform([-0.2, 0.4], [-0.01, 3.6], (100, 2))
    joint = {
        name: Belief(Empirical(tuple(map(float, column))), "a fit", joint="posterior draws")
        for name, column in zip(("rho", "returns"), rows.T, strict=True)
    }
    return replace(BASE, beliefs={**BASE.beliefs, **joint}, calibration=replace(CALIBRATION, **changes))


def test_a_calibrated_view_reads_back_to_six_digits(tmp_path):
    view = calibrated()
    back = written(view, tmp_path, digits=6)
    assert back.calibration == CALIBRATION
    for name in ("rho", "returns"):
        found, exact = (np.asarray(v.beliefs[name].marginal.values) for v in (back, view))
        assert found == pytest.approx(exact, rel=5e-6, abs=0)
        assert not np.array_equal(found, exact)
    assert beliefs(back).keys() == beliefs(view).keys()
    assert said(written(view, tmp_path)) == said(view)


def test_rounding_never_leaves_the_domain(tmp_path):
    values = (0.99999999, 0.5, 1e-9)
    view = replace(BASE, beliefs={**BASE.beliefs, "compute_share": Belief(Empirical(values), "a fit", joint="draws")})
    assert written(view, tmp_path, digits=6).beliefs["compute_share"].marginal.values == values


def test_an_unsound_calibration_warns_wherever_it_is_used(tmp_path):
    view = calibrated(failed=("R-hat of rho is 1.2, not below 1.01",), remedy="sample with --draws 4000")
    write_prior(view, tmp_path / "mine.toml")
    (tmp_path / "other.toml").write_text(
        'extends = "mine.toml"\n[options.low]\ntitle = "low"\nsource = "me"\n[options.low.parameters]\n'
        'returns = {value = 0.5, source = "me"}\n'
    )
    says = "unsound-calibration: R-hat of rho is 1.2, not below 1.01; sample with --draws 4000"
    for name in ("mine.toml", "other.toml", "other.toml+low"):
        with pytest.warns(BeliefWarning, match="unsound-calibration"):
            found = ooms.load(f"{tmp_path}/{name}")
        assert found.warnings == (says,)
        assert found.calibration == view.calibration
    with pytest.warns(BeliefWarning, match="not below 1.01; sample with"):
        found = found.replace(returns=1.0)
    mixed = ooms.pool([found, BASE], draws=256, events=["5 ooms in 1 year"], quantities=(), threads=1).prior(64)
    assert "the calibration failed its checks: R-hat of rho is 1.2, not below 1.01." in mixed.description


def test_without_a_remedy_the_command_is_one():
    unsound = replace(CALIBRATION, failed=("3 divergences",))
    assert unsound.warning == "unsound-calibration: 3 divergences; calibrate again: ooms calibrate davidson-2025"


def test_a_child_may_have_its_own_calibration(tmp_path):
    write_prior(calibrated(), tmp_path / "mine.toml")
    (tmp_path / "other.toml").write_text(
        'extends = "mine.toml"\n[calibration]\nof = "mine"\nsurveys = []\ncommand = "x"\ndraws = 1\neffective = 1\n'
    )
    assert ooms.load(tmp_path / "other.toml").calibration == Calibrated("mine", (), "x", 1, 1)


def test_everything_wrong_with_a_calibration_is_said_at_once(tmp_path):
    (tmp_path / "bad.toml").write_text(
        'extends = "davidson-2025"\n[calibration]\nof = ""\nsurveys = "polls"\ndraws = 0\neffective = 1.5\nfail = []\n'
    )
    with pytest.raises(UserError) as caught:
        ooms.load(tmp_path / "bad.toml")
    assert [str(p).replace("\n    -> ", " | ") for p in caught.value.problems] == [
        "bad.toml: calibration.of: of = '' is empty | say something",
        "bad.toml: calibration.surveys: surveys = 'polls' is not a list | write it as a list: surveys = [\"...\"]",
        "bad.toml: calibration.command: command is missing | add command",
        "bad.toml: calibration.draws: draws = 0 is not above 0 | give a number above 0",
        "bad.toml: calibration.effective: effective = 1.5 is not a whole number | give a whole number",
        "bad.toml: calibration.fail: fail is not known here | did you mean failed or files?",
    ]


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.sweep(6)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()])
@pytest.mark.parametrize(("call", "at"), [("write_text", 1), ("write_text", 2), ("replace", 1), ("replace", 2)])
@pytest.mark.parametrize("links", [True, False])
def test_a_failure_half_way_leaves_what_was_there(tmp_path, monkeypatch, error, call, at, links):
    written(calibrated(), tmp_path, digits=4)
    before, whole, calls = contents(tmp_path), {"write_text": Path.write_text, "replace": os.replace}[call], []

    def failing(*arguments, **options):
        calls.append(arguments)
        if len(calls) == at:
            raise error
        return whole(*arguments, **options)

    def no_links(*_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path if call == "write_text" else os, call, failing)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else UserError):
        write_prior(calibrated(), tmp_path / "mine.toml")
    monkeypatch.undo()
    assert contents(tmp_path) == before
    write_prior(calibrated(), tmp_path / "mine.toml")
    assert contents(tmp_path).keys() == before.keys()
    assert contents(tmp_path) != before


def test_links_stay_links(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "mine.toml").symlink_to(tmp_path / "there" / "real.toml")
    write_prior(calibrated(), tmp_path / "mine.toml")
    assert (tmp_path / "mine.toml").is_symlink()
    assert contents(tmp_path / "there").keys() == {"real.toml"}
    assert ooms.load(tmp_path / "mine.toml").calibration == CALIBRATION
