"""The command line, in process: what it prints, and what it says to whom gives it something wrong."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import xarray as xr

import ooms
from ooms.cli import main
from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES
from ooms.outcomes.words import outcome_words

FEW = ("--draws", "1024", "--threads", "1")
LEVELS = ["0.01", "0.05", "0.1", "0.25", "0.5", "0.75", "0.9", "0.95", "0.99"]


@pytest.fixture
def ooms_says(capsys, monkeypatch):
    """Runs a command; gives exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        return code, *capsys.readouterr()

    return run


def test_a_forecast_shows_the_headline(ooms_says):
    code, out, err = ooms_says("forecast", "--draws", "4096")
    assert (code, err) == (0, "")
    headline = re.search(r"5 OOMs in 1 year +(\d+\.\d+) ± (\d\.?\d*)", out)
    assert headline is not None
    assert 31.5 < float(headline[1]) < 32.5
    assert "davidson-2025 · 4,096 quasi-random draws · seed 0" in out
    for text in (
        *map(outcome_words, DEFAULT_EVENTS),
        "about 1 in 3",
        "later 68 %",
        "time to 5 OOMs",
        "OOMs after 1 year",
        "fastest pace",
        "90 % equal-tailed credence interval",
        "run with every input at its median",
        "not the median of the distribution",
        "33.2 doublings",
        "Monte Carlo errors only",
    ):
        assert text in " ".join(out.split())


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_no_number_is_cut_off(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["forecast", *FEW]) == 0
    out = capsys.readouterr().out
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= columns
    for unit in ("years", "OOM", "x today's pace", "kappa"):
        assert unit in out


def test_numbers_are_those_of_the_library(ooms_says):
    _, out, _ = ooms_says("forecast", *FEW, "--json")
    data = json.loads(out)
    f = ooms.forecast("davidson-2025", draws=1024)
    for entry in data["events"]:
        assert entry["probability"] == f.probability(entry["event"])._asdict()
    for entry in data["quantities"]:
        for q, value in entry["quantiles"].items():
            (found,) = f.quantiles(entry["quantity"], [float(q)])
            assert value["value"] == (found.value if np.isfinite(found.value) else None)
            assert value["standard_error"] == (found.standard_error if np.isfinite(found.standard_error) else None)


def test_json_has_exactly_what_is_promised_and_nothing_else(ooms_says):
    code, out, err = ooms_says("forecast", *FEW, "--json", "--seed", "7")
    assert (code, err) == (0, "")
    data = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert list(data) == ["kind", "ooms", "view", "draws", "seed", "warnings", "events", "quantities"]
    assert (data["view"], data["draws"], data["seed"]) == ("davidson-2025", 1024, 7)
    assert [entry["event"] for entry in data["events"]] == list(DEFAULT_EVENTS)
    assert [entry["quantity"] for entry in data["quantities"]] == list(DEFAULT_QUANTITIES)
    for entry in data["events"]:
        assert list(entry) == ["event", "probability"]
    for entry in data["quantities"]:
        assert list(entry) == ["quantity", "unit", "never", "quantiles"]
        assert list(entry["quantiles"]) == LEVELS
        values = [each["value"] for each in entry["quantiles"].values()]
        finite = [v for v in values if v is not None]
        assert finite == sorted(finite)
        assert all(v is None for v in values[len(finite) :])  # never comes last
        assert (values[-1] is None) == (entry["never"]["value"] > 0.01)


def test_never_is_null(ooms_says):
    _, out, _ = ooms_says("forecast", *FEW, "--json", "--quantity", "time to 12 ooms", "--event", "5 ooms in 1 year")
    (entry,) = json.loads(out)["quantities"]
    assert entry["never"]["value"] > 0.5
    assert entry["quantiles"]["0.95"] == {"value": None, "standard_error": None}
    assert entry["quantiles"]["0.01"]["value"] is not None


def test_events_are_the_ones_asked_for(ooms_says):
    asked = ("--event", "5 OOMs in year", "--event", "3 years in 4 months anywhere")
    code, out, _ = ooms_says("forecast", "davidson-houlden-2025", *FEW, "--json", *asked)
    assert code == 0
    assert [e["event"] for e in json.loads(out)["events"]] == ["5 ooms in 1 year", "3 years in 4 months anywhere"]


def test_what_ifs_change_the_answer_and_are_shown(ooms_says):
    def chance(*options):
        return json.loads(ooms_says("forecast", *FEW, "--json", *options)[1])["events"][0]["probability"]["value"]

    assert chance("--set", "rho=-0.4") == pytest.approx(0.12, abs=0.02)
    assert chance("--set", "rho=-0.4", "--set", "experiment_efficiency=0") == pytest.approx(0.01, abs=0.01)
    assert chance("--set", "returns ~ loguniform(0.4, 3.6)") == chance()
    assert chance("--seed", "1") != chance()
    code, out, _ = ooms_says("forecast", *FEW, "--set", "rho=-0.4", "--set", "returns ~ uniform(1, 2)")
    assert code == 0
    assert "changed: rho = -0.4; returns ~ uniform(1, 2)" in out


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_save_writes_everything(ooms_says, tmp_path, options):
    path = tmp_path / "f.nc"
    code, out, err = ooms_says("forecast", *FEW, "--save", str(path), *options)
    assert (code, err) == (0, "")
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        assert tree["draws"].sizes["draw"] == 1024
        saved = tree["events"].probability.values.tolist()
    assert [p.name for p in tmp_path.iterdir()] == ["f.nc"]
    if options:
        assert [e["probability"]["value"] for e in json.loads(out)["events"]] == saved
    else:
        assert f"Saved to {path}" in out.replace("\n", "")


def test_warnings_are_shown(ooms_says):
    code, out, err = ooms_says("forecast", *FEW, "--set", "taste_slope=0.1")
    assert (code, err) == (0, "")
    assert "warning: smarter-copies-twice" in out
    assert "set labour_per_training = 1 or taste_slope = 0" in " ".join(out.split())


def test_doublings_are_a_range_where_u_is_one(ooms_says):
    assert "5 OOMs = 33.2 doublings of labour-equivalent software (u = 2)" in ooms_says("forecast", *FEW)[1]
    out = " ".join(ooms_says("forecast", *FEW, "--set", "labour_per_training ~ uniform(1, 2)")[1].split())
    assert "5 OOMs = 17.4 to 32.4 doublings of labour-equivalent software (u = 1.05 to 1.95, 90 % interval)" in out


def test_files_are_named_as_they_are_called(ooms_says, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    path = tmp_path / "s[red].nc"
    code, out, err = ooms_says("forecast", *FEW, "--save", str(path), "--set", "rho=-0.3")
    assert (code, err) == (0, "")
    assert f"Saved to {path}\n" in out
    assert path.exists()


def test_no_progress_bar_where_nobody_looks(ooms_says):
    assert ooms_says("forecast", *FEW)[2] == ""


MINE = 'extends = "davidson-2025"\n[parameters.rho]\nvalue = -0.3\nsource = "me"\n'

WRONG = {
    "unknown view": (["davidson-2024"], ["davidson-2024", "did you mean davidson-2025"]),
    "missing file": (["no/such.toml"], ["no/such.toml", "no such file", "give the path"]),
    "misspelt parameter": (["--set", "retuns=1"], ["retuns", "did you mean returns"]),
    "bad distribution": (["--set", "rho ~ unifrom(-1, 0)"], ["rho", "unifrom", "did you mean uniform"]),
    "bad arguments": (["--set", "rho ~ uniform(0, -1)"], ["rho", "->"]),
    "outside its domain": (["--set", "rho=1.5"], ["rho = 1.5", "outside its domain", "give a value inside"]),
    "no change": (["--set", "rho"], ["--set", "'rho'", 'write it like "rho=-0.4"']),
    "set twice": (["--set", "rho=-1", "--set", "rho=-2"], ["rho is set twice", "keep one"]),
    "bad switch": (["--set", "retraining=maybe"], ["retraining", "'maybe'", "True or False"]),
    "bad event": (["--event", "5 oms in 1 year"], ["event", "'5 oms in 1 year'", "write it like"]),
    "bad quantity": (["--quantity", "peak pase"], ["quantity", "'peak pase'", "did you mean peak pace"]),
    "draws no power of two": (["--draws", "1000"], ["draws", "1000", "give 1024"]),
    "too few draws": (["--draws", "2"], ["draws", "2 is not", "give 256"]),
    "negative seed": (["--seed", "-1"], ["seed", "-1", "give 0 or more"]),
    "no threads": (["--threads", "0"], ["threads", "0", "give 1 or more"]),
    "draws no number": (["--draws", "many"], ["--draws", "many", "->"]),
    "unknown option": (["--evnt", "5 ooms in 1 year"], ["--evnt", "--event", "->"]),
    "option without value": (["--set"], ["--set", "requires an argument", "->"]),
    "too much": (["davidson-2025", "davidson-2025"], ["davidson-2025", "->"]),
    "unwritable": (
        ["--save", "no/such/folder/f.nc", *FEW],
        ["no/such/folder/f.nc", "cannot be written", "give a folder"],
    ),
    "no TOML": (["bad.toml"], ["bad.toml", "is not TOML", "line 1", "mend the syntax"]),
    "bad file": (["wrong.toml"], ["wrong.toml: parameters.rhoo", "did you mean rho", "wrong.toml: parameters.returns"]),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_remedy(ooms_says, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text("a = = 3\n")
    (tmp_path / "wrong.toml").write_text(
        MINE.replace("parameters.rho", "parameters.rhoo") + '[parameters.returns]\ndistribution = "uniform"\nlow = 3\n'
        'high = 1\nsource = "me"\n'
    )
    code, out, err = ooms_says("forecast", *arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for text in said:
        assert text in err
    assert {p.name for p in tmp_path.iterdir()} == {"bad.toml", "wrong.toml"}


def test_several_mistakes_are_told_at_once(ooms_says):
    code, _, err = ooms_says(
        "forecast", "--event", "a", "--event", "b", "--quantity", "c", "--draws", "3", "--seed", "-1"
    )
    assert code == 2
    assert err.startswith("5 problems, nothing was run:")
    assert err.count("->") == 5
    code, _, err = ooms_says("forecast", "--set", "rhoo=1", "--set", "returns=-1", "--set", "taste_start ~ lognormal(1")
    assert code == 2
    assert err.count("->") >= 2


def test_mistakes_in_what_ifs_are_told_at_once(ooms_says):
    code, _, err = ooms_says("forecast", "--set", "junk", "--set", "rhoo=1", "--set", "speed ~ unifrom(1, 2)")
    assert code == 2
    for text in ("'junk'", "rhoo", "unifrom"):
        assert text in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["wat"],
        ["priors", "wat"],
        ["--wat"],
        ["priors", "show", "davidson"],
        ["priors", "check"],
        ["priors", "check", "davidson"],
    ],
)
def test_other_commands_refuse_too(ooms_says, arguments):
    code, out, err = ooms_says(*arguments)
    assert (code, out) == (2, "")
    assert "->" in err
    assert "Traceback" not in err


def test_priors_list_names_every_shipped_view(ooms_says):
    code, out, _ = ooms_says("priors", "list")
    assert code == 0
    assert out.index("davidson-2025") < out.index("davidson-houlden-2025")  # the default first
    assert ooms.load("davidson-2025").title in out


@pytest.mark.parametrize("name", ["davidson-2025", "davidson-houlden-2025"])
def test_priors_show_names_every_belief_and_its_source(ooms_says, name):
    code, out, _ = ooms_says("priors", "show", name)
    assert code == 0
    view = ooms.load(name)
    assert view.title in out
    for parameter, belief in view.beliefs.items():
        assert parameter in out
        assert str(belief.marginal).split("(")[0] in out
    for parameter in view.neutral:
        assert parameter in out
    assert "[primary text or data]" in " ".join(out.split())


def test_priors_show_is_by_default_the_default_view(ooms_says):
    assert ooms_says("priors", "show") == ooms_says("priors", "show", "davidson-2025")


def test_priors_check_passes_good_files_and_reports_all_of_the_bad(ooms_says, tmp_path):
    good, bad, worse = (tmp_path / name for name in ("good.toml", "bad.toml", "worse.toml"))
    good.write_text(MINE)
    bad.write_text(MINE.replace("value = -0.3", "value = 1.5"))
    worse.write_text("x = [")
    code, out, err = ooms_says("priors", "check", str(good))
    assert (code, err) == (0, "")
    assert "good.toml: fine" in out
    code, out, err = ooms_says("priors", "check", str(bad), str(good), str(worse))
    assert code == 2
    assert "good.toml: fine" in out
    assert "bad.toml: parameters.rho: rho = 1.5 is outside" in err
    assert "worse.toml: is not TOML" in err


def test_priors_check_shows_warnings(ooms_says, tmp_path):
    path = tmp_path / "twice.toml"
    path.write_text(MINE + '[parameters.taste_slope]\nvalue = 0.2\nsource = "me"\n')
    code, out, _ = ooms_says("priors", "check", str(path))
    assert code == 0
    assert "warning: smarter-copies-twice" in out


def test_a_file_of_ones_own(ooms_says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-beliefs.toml").write_text(MINE)
    code, out, _ = ooms_says("forecast", "my-beliefs.toml", *FEW, "--json")
    assert code == 0
    assert json.loads(out)["view"] == "my-beliefs"


def test_version(ooms_says):
    code, out, _ = ooms_says("--version")
    assert code == 0
    assert out.strip() == ooms.__version__
