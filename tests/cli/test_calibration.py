"""``ooms calibrate`` and ``ooms calibration``: what is printed, what is written, and what is said to a mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest

import ooms
from ooms.calibrating.surveys import load_survey
from ooms.cli import main
from ooms.results.credence import Estimate
from ooms.results.numbers import plus_minus

sys.path.insert(0, str(Path(__file__).parent.parent / "calibrating"))
from twin import twin

EVENT = "5 ooms in 1 year"
pytestmark = pytest.mark.usefixtures("few_draws")


def calibrated(diverging=0):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return twin(
            ooms.load("davidson-2025+open"), [load_survey("compute-polls"), load_survey("substitution-studies")],
            draws=600, points=2**14, diverging=diverging,
        )  # fmt: skip


@pytest.fixture(scope="module")
def found(few_draws):
    return calibrated().with_contributions(EVENT)


@pytest.fixture(scope="module")
def file(found, tmp_path_factory):
    path = tmp_path_factory.mktemp("calibrated") / "mine.toml"
    found.save(path)
    return path


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """One whose forecasts have as many draws as they have unless told otherwise."""
    path = tmp_path_factory.mktemp("full") / "mine.toml"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ooms.calibrating.calibration.forecast", ooms.forecast)
        calibrated().with_contributions(EVENT).save(path)
    return path


@pytest.fixture
def says(capsys, monkeypatch):
    def run(*arguments: str, code: int = 0, columns: int = 110) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        assert main(list(map(str, arguments))) == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run


@pytest.fixture
def fitted(monkeypatch, found):
    """`ooms calibrate` without the compiler: the orchestrator gives a calibration that was made before."""
    asked = {}

    def instead(view, **how):
        asked.update(how, view=view)
        return asked.get("give", found)

    monkeypatch.setattr("ooms.calibrating.fitting.calibrate", instead)
    return asked


# -- one answer -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_place_shows_the_same_before_and_after(says, full, monkeypatch):
    """Worked out once, and stored: by the calibration, a forecast of it, reports, pictures, what-ifs and JSON."""
    monkeypatch.setattr("ooms.calibrating.calibration.forecast", ooms.forecast)
    stored = tomllib.loads(full.read_text())["calibration"]["forecast"]["events"][EVENT]
    both = [Estimate(value=s["probability"], standard_error=s["standard_error"]) for s in stored.values()]
    before, after = (plus_minus(each, percent=True) for each in both)
    assert f"P(5 OOMs in 1 year): {before} % before, {after} % after" in says("calibration", full)
    assert "P(5 OOMs in 1 year): 29.4" in says("calibration", full)
    told = json.loads(says("calibration", full, "--json"))
    assert [told["before"], told["after"]] == [each._asdict() for each in both]
    assert [row["after"] for row in told["held_out"] if row["event"] == EVENT] == [both[1]._asdict()]
    assert f"{after} % as calibrated" in says("calibration", full, "--weight", "compute-polls=0.8")
    forecasts = [json.loads(says("forecast", v, "--event", EVENT, "--json")) for v in ("davidson-2025+open", full)]
    assert [f["events"][0]["probability"] for f in forecasts] == [each._asdict() for each in both]
    assert after in says("forecast", full)
    page = ooms.report(str(full.with_suffix(".nc"))).markdown
    assert f"P(5 OOMs in 1 year): {before} % before, {after} % after" in page
    assert f"| 5 OOMs in 1 year | {after} |" in page  # the lead says it in words
    chart = json.dumps(ooms.open_calibration(full).plot.contributions().to_dict())
    assert all(each.partition(" ")[0] in chart for each in (before, after))


def test_what_was_stored_is_shown_and_not_worked_out_again(says, file, monkeypatch):
    monkeypatch.setattr("ooms.calibrating.calibration.forecast", None)
    assert "% after" in says("calibration", file)


def test_numbers_of_another_version_are_worked_out_again(file, monkeypatch):
    stored = ooms.open_calibration(file)
    monkeypatch.setattr("ooms.calibrating.files.NUMBERS", 10**6)
    anew = ooms.open_calibration(file)
    assert not anew.known_probabilities
    assert (anew.before(EVENT), anew.after(EVENT)) == (stored.before(EVENT), stored.after(EVENT))


def test_a_what_if_moves_the_one_answer(file):
    found = ooms.open_calibration(file)
    changed = found.what_if(EVENT, weights={"compute-polls": 0.8})
    assert changed.before == found.after(EVENT)
    assert changed.after.value == pytest.approx(changed.before.value + changed.difference.value)


# -- a saved one -----------------------------------------------------------------------------------


@pytest.mark.sweep(1)
@pytest.mark.parametrize("columns", [80, 110, 160])
def test_everything_worth_knowing_is_there(says, file, columns):
    out = " ".join(says("calibration", file, columns=columns).split())
    for text in (
        "2: compute-polls, substitution-studies",
        f"P(5 OOMs in 1 year): {100 * ooms.open_calibration(file).before(EVENT).value:.1f}",
        "% before",
        "What was learnt",
        "rho_today: rho at today's ratio",
        "From whom",
        "compute_elasticity",
        "Only surveys that name rho say how far labour substitutes for compute",
        "Priors that matter most",
        "Do the answers fit?",
        "all of them with --checks",
        "sound: 4 chains of 600 draws",
    ):
        assert text in out, text


@pytest.mark.slow
def test_nothing_is_wider_than_the_terminal(says, file):
    for columns in (60, 80, 110):
        lines = says("calibration", file, columns=columns).splitlines()
        assert max(map(len, lines)) <= columns


@pytest.mark.slow
def test_all_checks(says, file):
    some, every = says("calibration", file), says("calibration", file, "--checks")
    for statistic in ("slack-tenfold: highest answer", "slack-tenth: lowest answer"):
        assert statistic in " ".join(every.split())
    assert len(every) > len(some)


def test_json_is_all_numbers(says, file):
    out = json.loads(says("calibration", file, "--json"))
    assert out["sound"] is True
    assert out["after"]["standard_error"] > 0
    assert [one["survey"] for one in out["contributions"]] == ["compute-polls", "substitution-studies"]
    assert {row["name"] for row in out["learnt"]} >= {"sigma", "rho_today", "compute_share"}
    assert out["provenance"]["surveys"].keys() == {"compute-polls", "substitution-studies"}


def test_what_if(says, file, tmp_path):
    out = " ".join(says("calibration", file, "--set", "sigma ~ lognormal(p10=0.45, p90=1)", "--weight",
                        "substitution-studies=0.8", "--out", tmp_path / "whatif.toml").split())  # fmt: skip
    assert "changed: sigma ~ lognormal(p10=0.45, p90=1); weight of substitution-studies = 0.8" in out
    assert "% as calibrated" in out
    assert "independent draws, Pareto k" in out
    view = ooms.load(tmp_path / "whatif.toml")
    assert len(view.beliefs["sigma"].marginal.values) == 2400
    said = json.loads(says("calibration", file, "--weight", "substitution-studies=0.8", "--json"))
    assert said["effective_draws"] > 200


def test_a_refused_what_if_says_what_to_do(says, file):
    out = says("calibration", file, "--set", "sigma ~ lognormal(median=3, sigma=0.05)", code=2)
    assert "1 problem, nothing was run" in out
    assert "-> calibrate with the change: ooms calibrate davidson-2025+open --set 'sigma ~ lognormal(3, 0.05)'" in out


def test_another_event_is_answered_but_for_who_did_it(says, file):
    out = " ".join(says("calibration", file, "--event", "3 years in 1 year").split())
    assert "What each survey did to P(3 years in 1 year) was not worked out." in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no.toml"], "cannot be read: No such file"),
        (["davidson-2025"], "give a calibration that `ooms calibrate` has saved"),
        (["FILE", "--out", "x.toml"], "nothing was changed"),
        (["FILE", "--set", "sigma"], "cannot be read"),
        (["FILE", "--weight", "polls"], "write it like"),
        (["FILE", "--event", "soon"], "cannot be read"),
        (["FILE", "-o", "x.gif"], "says no form"),
    ],
)
def test_mistakes(says, file, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = says("calibration", *[file if a == "FILE" else a for a in arguments], code=2)
    assert said in out
    assert "Traceback" not in out
    assert not list(tmp_path.iterdir())


def test_a_damaged_file(says, file, tmp_path):
    for ending in (".toml", ".csv", ".nc"):
        (tmp_path / f"bad{ending}").write_bytes(file.with_suffix(ending).read_bytes())
    content = bytearray((tmp_path / "bad.nc").read_bytes())
    (tmp_path / "bad.nc").write_bytes(content[: len(content) // 2])
    assert "bad.nc: is damaged: it has" in says("calibration", tmp_path / "bad.toml", code=2)


# -- a new one -------------------------------------------------------------------------------------


def test_it_is_written_and_said_where(says, fitted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = says("calibrate", "davidson-2025+open", "--surveys", "compute-polls", "substitution-studies", "--keep", "300")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        f"davidson-2025-open-calibrated.{ending}" for ending in ("csv", "nc", "toml")
    ]
    assert "Use it: ooms forecast davidson-2025-open-calibrated.toml" in out
    assert fitted["surveys"] == ["compute-polls", "substitution-studies"]
    assert says("forecast", "davidson-2025-open-calibrated.toml", "--event", EVENT, "--draws", "4096")


def test_a_name_without_an_ending_and_json(says, fitted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = json.loads(says("calibrate", "--out", "mine", "--json", "--quick"))
    assert out["written"] == ["mine.toml", "mine.csv", "mine.nc"]
    assert (tmp_path / "mine.nc").exists()


@pytest.mark.slow
def test_an_unsound_one_is_shown_but_not_written(says, fitted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fitted["give"] = calibrated(diverging=2)
    out = " ".join(says("calibrate", "--quick", code=1).split())
    assert "UNSOUND: the number of divergent transitions is 2, not 0." in out
    assert "Not saved, because it is unsound: with --force it is" in out
    assert not list(tmp_path.iterdir())
    says("calibrate", "--quick", "--force", "--out", "bad.toml", code=1)
    out = says("forecast", "bad.toml", "--event", EVENT, "--draws", "1024")
    assert "warning: unsound-calibration" in out
    assert "warning: unsound-calibration" in says("priors", "check", "bad.toml")


def test_a_what_if_goes_in_before(says, fitted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    says("calibrate", "davidson-2025", "--set", "rho ~ uniform(-0.5, 0.1)", "--quick")
    assert fitted["view"].changes == ("rho ~ uniform(-0.5, 0.1)",)


def test_every_mistake_at_once_and_nothing_is_run(says, fitted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = says(
        "calibrate", "davidson-2025", "--surveys", "compute-pols", "expert-credences", "--chains", "1", "--draws", "3",
        "--target-accept", "1.5", "--event", "soon", "--out", "no/such.toml", "--set", "roh=1", "--keep", "5", code=2,
    )  # fmt: skip
    assert "9 problems, nothing was run" in out
    for said in ("did you mean compute-polls", "is kept for checking and not fitted", "one chain cannot be compared",
                 "too few to tell", "target_accept = 1.5", "'soon' cannot be read", "no folder no", "did you mean rho",
                 "too few to weigh anew"):  # fmt: skip
        assert said in out, said
    assert "view" not in fitted
    assert not list(tmp_path.iterdir())


def test_without_the_extra_it_says_what_to_install(tmp_path):
    """In a process of its own, with PyMC and nutpie hidden."""
    hide = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name in ('pymc', 'nutpie') else find(name, *a)\n"
        "from ooms.cli import main; sys.exit(main(['calibrate']))"
    )
    done = subprocess.run([sys.executable, "-c", hide], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert 'calibrate: needs pymc, nutpie\n    -> install the extra: pip install "ooms[calibrate]"' in done.stderr


@pytest.mark.slow
def test_stopping_leaves_nothing(tmp_path):
    """Ctrl-C while it compiles."""
    import signal
    import time

    run = subprocess.Popen(
        [sys.executable, "-m", "ooms", "calibrate", "--surveys", "self-report-bias", "researcher-quality"],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    time.sleep(4)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "stopped; nothing was written" in said
    assert not list(tmp_path.iterdir())
