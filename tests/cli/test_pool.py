"""``ooms pool``, in process: what it prints, what it writes, and what it says to whom gives it something wrong."""

from __future__ import annotations

import json
import re

import pytest

import ooms
from ooms.cli import main
from ooms.cli.pool import parse_weights
from ooms.comparing.pools import pool
from ooms.files.library import shipped
from ooms.outcomes import DEFAULT_EVENTS
from ooms.problems import Problems

BOTH = ("davidson-2025", "davidson-houlden-2025")
EVENT = "5 ooms in 1 year"
FEW = ("--draws", "1024", "--threads", "1", "--event", EVENT, "--quantity", "ooms after 1 year")


@pytest.fixture
def ooms_pool(capsys, monkeypatch):
    """Runs a command; gives exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["pool", *arguments])
        return code, *capsys.readouterr()

    return run


def test_everything_is_shown(ooms_pool):
    code, out, err = ooms_pool(*BOTH, *FEW)
    assert (code, err) == (0, "")
    for text in (
        "Linear pool of 2 positions",
        "equal weights: a choice, not a fact",
        "1,024 quasi-random draws a position · seed 0",
        "Pool without",
        "linear pool",
        "logarithmic pool",
        "disagreement between positions",
        "uncertainty within them",
        "Monte Carlo errors only",
        "OOMs after 1 year, OOM",
    ):
        assert text in out
    row = re.search(r"Davidson \(2025\) +0\.5 +(\S+) ± \S+ +(\S+) ± \S+ +\+(\S+) ± \S+", out)
    assert row is not None
    assert float(row[1]) == pytest.approx(32, abs=1)
    assert float(row[2]) == pytest.approx(46, abs=2)
    assert float(row[3]) == pytest.approx((float(row[2]) - float(row[1])) / 2, abs=0.2)


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_no_number_is_cut_off(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["pool", *BOTH, "davidson-houlden-2025+constant-returns", *FEW]) == 0
    out = capsys.readouterr().out
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= columns


def test_numbers_are_those_of_the_library(ooms_pool):
    weights = {"davidson-2025": 3.0, "davidson-houlden-2025": 1.0}
    options = [part for name, w in weights.items() for part in ("--weight", f"{name}={w}")]
    code, out, err = ooms_pool(*BOTH, *FEW, *options, "--json")
    assert (code, err) == (0, "")
    data = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    mine = pool(weights, draws=1024, events=[EVENT], quantities=["ooms after 1 year"])
    assert data["weighting"] == "weights as given"
    assert [entry["weight"] for entry in data["views"]] == [0.75, 0.25]
    (event,), (quantity,) = data["events"], data["quantities"]
    for method in ("linear", "logarithmic"):
        value, error = mine.with_method(method).probability(EVENT)
        assert event[method] == {"value": value, "standard_error": error}
    for entry in event["views"]:
        assert entry["probability"] == mine.forecasts[entry["view"]].probability(EVENT)._asdict()
        left = mine.leave_one_out(EVENT)[entry["view"]]
        assert entry["change"] == {"value": left.change.value, "standard_error": left.change.standard_error}
        assert entry["pool_without_it"]["value"] == left.probability.value
    spread = mine.spread(EVENT)
    assert event["spread"]["share_between"]["value"] == spread.share_between.value
    assert event["spread"]["variance"]["value"] == pytest.approx(
        event["spread"]["between"]["value"] + event["spread"]["within"]["value"]
    )
    assert event["vetoes"] == []
    assert quantity["quantiles"]["0.5"]["value"] == mine.quantiles("ooms after 1 year", 0.5)[0].value


def test_defaults(ooms_pool):
    data = json.loads(ooms_pool(*BOTH, "--draws", "256", "--json")[1])
    assert [entry["event"] for entry in data["events"]] == list(DEFAULT_EVENTS)
    assert [entry["quantity"] for entry in data["quantities"]] == ["time to 5 ooms", "ooms after 1 year"]
    assert data["weighting"] == "equal weights: a choice, not a fact"


def test_one_view_with_all_the_weight(ooms_pool):
    weights = ("--weight", "davidson-2025=1", "--weight", "davidson-houlden-2025=0")
    code, out, _ = ooms_pool(*BOTH, *FEW, *weights)
    assert code == 0
    assert re.search(r"Davidson \(2025\) +1 .* - +-", out)
    data = json.loads(ooms_pool(*BOTH, *FEW, *weights, "--json")[1])
    assert data["events"][0]["views"][0]["change"] is None


def test_vetoes_and_pools_that_do_not_exist_are_shown(ooms_pool, tmp_path):
    for name, low, high, start in (("never", 0.2, 0.9, 2), ("always", 1.1, 2, 20)):
        (tmp_path / f"{name}.toml").write_text(
            'extends = "davidson-houlden-2025"\n[parameters]\n'
            f'returns = {{distribution = "uniform", low = {low}, high = {high}, source = "me"}}\n'
            f'initial_speedup = {{value = {start}, source = "me"}}\n'
        )
    asked = (str(tmp_path / "never.toml"), str(tmp_path / "always.toml"), "--method", "logarithmic", "--draws", "256")
    asked = (*asked, "--event", "accelerates", "--quantity", "initial speed-up")
    code, out, err = ooms_pool(*asked)
    assert (code, err) == (0, "")
    assert "Veto in the logarithmic pool: never says 0 in all its draws, always says 1 in all its draws" in out
    assert re.search(r"logarithmic pool +none", out)
    assert re.search(r"logarithmic pool +none +none +none +none", out)
    data = json.loads(ooms_pool(*asked, "--json")[1])
    assert data["events"][0]["logarithmic"] is None
    assert data["events"][0]["vetoes"] == ["never", "always"]
    assert data["quantities"][0]["quantiles"] is None


def test_the_pool_is_written_as_a_prior_file(ooms_pool, tmp_path):
    path = tmp_path / "pooled.toml"
    code, out, err = ooms_pool(*BOTH, *FEW, "--out", str(path), "--rows", "256")
    assert (code, err) == (0, "")
    assert f"Saved to {path}\nSaved to {path.with_suffix('.csv')}\n" in out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pooled.csv", "pooled.toml"]
    assert ooms.load(path).beliefs == pool_of_the_written_one(path)
    assert len(ooms.load(path).beliefs["rho"].marginal.values) == 256
    assert main(["forecast", str(path), "--draws", "256", "--event", EVENT, "--quantity", "peak pace"]) == 0


def pool_of_the_written_one(path):
    """What the library writes to the same place."""
    pool(BOTH, draws=256, events=(), quantities=()).write(path, 256)
    return ooms.load(path).beliefs


def test_warnings_of_views_are_shown_and_not_issued(ooms_pool, tmp_path):
    path = tmp_path / "twice.toml"
    path.write_text('extends = "davidson-2025"\n[parameters.taste_slope]\nvalue = 0.2\nsource = "me"\n')
    code, out, err = ooms_pool("davidson-2025", str(path), *FEW)
    assert (code, err) == (0, "")
    assert "warning: twice: smarter-copies-twice" in out


def test_what_moves_nothing_that_is_asked_is_told_of(ooms_pool):
    code, out, err = ooms_pool(*BOTH, *FEW, "--set", "software_share=0.3")
    assert (code, err) == (0, "")
    assert "not-asked: software_share = 0.3 moves only answers in years of progress" in " ".join(out.split())
    told = json.loads(ooms_pool(*BOTH, *FEW, "--set", "software_share=0.3", "--json")[1])["warnings"]
    assert any(text.startswith(f"{BOTH[0]} (software_share = 0.3): not-asked: software_share = 0.3 ") for text in told)
    with pytest.warns(ooms.BeliefWarning, match="not-asked: software_share"):
        pool([ooms.load("davidson-2025").replace(software_share=0.3)], draws=256, events=[EVENT], quantities=())


def test_all_with_a_what_if(ooms_pool):
    data = json.loads(ooms_pool("--all", *FEW, "--json", "--set", "speed=7")[1])
    assert [entry["view"] for entry in data["views"]] == [f"{name} (speed = 7)" for name in shipped()]
    alone = ooms.forecast(ooms.load("davidson-2025").replace(speed=7), draws=1024, events=[EVENT], threads=1)
    assert data["events"][0]["views"][0]["probability"] == alone.probability(EVENT)._asdict()
    out = ooms_pool(*BOTH, *FEW, "--set", "rho=-0.4")[1]
    assert "changed in every position: rho = -0.4\n" in out
    assert re.search(r"\n Davidson \(2025\) +0\.5 ", out)


def test_weights_of_changed_views_go_by_the_names_that_were_given(ooms_pool, tmp_path):
    path = str(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_text('extends = "davidson-2025"\n')
    weights = ("--weight", f"{path}=3", "--weight", "davidson-houlden-2025=1", "--set", "rho=-0.4")
    data = json.loads(ooms_pool(path, "davidson-houlden-2025", *FEW, *weights, "--json")[1])
    assert [entry["weight"] for entry in data["views"]] == [0.75, 0.25]


def test_a_view_that_a_what_if_does_not_go_with_is_named(ooms_pool, tmp_path):
    ceilings = {"labour_ceiling": 20, "compute_ceiling": 30}
    said = "\n".join(f'{name} = {{value = {value}, source = "me"}}' for name, value in ceilings.items())
    (tmp_path / "ceilings.toml").write_text(f'extends = "davidson-2025"\n[parameters]\n{said}\n')
    code, out, err = ooms_pool("davidson-2025", str(tmp_path / "ceilings.toml"), *FEW, "--set", "rho=-0.4")
    assert (code, out) == (2, "")
    assert err.startswith("1 problem")
    assert f"{tmp_path / 'ceilings.toml'}, changed: parameters: compute_share is missing" in err


WRONG = {
    "change": ([*BOTH, "--set", "roh=1"], ["1 problem,", "there is no parameter roh", "did you mean rho?"]),
    "flag": ([*BOTH, "--wat"], ["--wat", "-> see what there is: ooms pool --help"]),
    "no view": ([], ["no view is named", "davidson-2025"]),
    "unknown view": (["davidson-2024"], ["davidson-2024", "did you mean davidson-2025"]),
    "twice": (["davidson-2025", "davidson-2025"], ["two views are called davidson-2025", "name it once"]),
    "no weight": ([*BOTH, "--weight", "davidson-2025=1"], ["davidson-houlden-2025 has no weight", "0 leaves it out"]),
    "weight of nobody": ([*BOTH, "--weight", "davidson=1"], ["davidson has a weight", "->"]),
    "weight no number": ([*BOTH, "--weight", "davidson-2025=x"], ["'davidson-2025=x' cannot be read", "=0.3"]),
    "weight no name": ([*BOTH, "--weight", "0.3"], ["'0.3' cannot be read", "=0.3"]),
    "weight twice": ([*BOTH, "--weight", "davidson-2025=1", "--weight", "davidson-2025=2"], ["has two weights"]),
    "negative": (
        [*BOTH, "--weight", "davidson-2025=-1", "--weight", "davidson-houlden-2025=1"],
        ["-1 for davidson-2025 is no weight"],
    ),
    "method": ([*BOTH, "--method", "geometric"], ["--method", "geometric", "->"]),
    "event": ([*BOTH, "--event", "5 oms"], ["'5 oms'", "write it like"]),
    "out of nowhere": ([*BOTH, "--out", "no/such/a.toml"], ["no/such/a.toml", "there is no folder", "->"]),
    "out no toml": ([*BOTH, "--out", "a.txt"], ["does not end in .toml", "give a.toml"]),
    "out logarithmic": ([*BOTH, "--out", "a.toml", "--method", "logarithmic"], ["is no mixture", "--method"]),
    "out rows": ([*BOTH, "--out", "a.toml", "--rows", "0"], ["no number of rows"]),
    "out too different": (
        ["davidson-2025", "davidson-houlden-2025+retraining", "--out", "a.toml"],
        ["davidson-houlden-2025+retraining: has retraining", "pool outcomes instead"],
    ),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_remedy(ooms_pool, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = ooms_pool(*arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for text in said:
        assert text in err
    assert list(tmp_path.iterdir()) == []


def test_several_mistakes_are_told_at_once(ooms_pool):
    code, _, err = ooms_pool("nobody", "davidson-2025", "--weight", "x", "--event", "a", "--draws", "3", "--out", "a")
    assert code == 2
    assert err.startswith("5 problems, nothing was run:")


def test_weights_are_read_from_the_right():
    assert parse_weights(["a=b.toml=2", " c = 1e3 "], Problems()) == {"a=b.toml": 2.0, "c": 1000.0}
