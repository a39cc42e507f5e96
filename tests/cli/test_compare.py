"""``ooms compare``: tables, JSON, files, and what it says to whom gives it something wrong."""

from __future__ import annotations

import json
import re

import pytest
import xarray as xr

import ooms
from ooms.cli import main
from ooms.comparing.compare import COMPARED_EVENTS, COMPARED_QUANTITIES
from ooms.files.library import shipped

FEW = ("--draws", "1024", "--threads", "1")
BOTH = ("davidson-2025", "davidson-houlden-2025")


@pytest.fixture
def ooms_says(capsys, monkeypatch):
    """Runs a command; gives exit code, standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def answer(ooms_says):
    """Runs ``ooms compare``, and gives its JSON."""

    def run(*arguments: str):
        code, out, err = ooms_says("compare", *arguments, *FEW, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


def test_a_row_a_view_in_the_order_given(ooms_says):
    code, out, err = ooms_says("compare", *BOTH, *FEW)
    assert (code, err) == (0, "")
    alone = ooms.forecast("davidson-2025", draws=1024, threads=1).probability("5 ooms in 1 year")
    (row,) = [line for line in out.splitlines() if re.match(r" Davidson \(2025\) .*±", line)]
    assert f"{100 * alone.value:.1f} ± {100 * alone.standard_error:.1f}" in row
    assert out.index("Davidson (2025) ") < out.index("Davidson & Houlden (2025) ")
    for text in ("5 OOMs never,", "90 % equal-tailed", "unlimited", "1,024 quasi-random draws a position, seed 0"):
        assert text in out


@pytest.mark.parametrize("columns", [80, 100, 180])
def test_nothing_is_cut_off(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["compare", *BOTH, "davidson-houlden-2025+retraining-as-coded", *FEW]) == 0
    out = capsys.readouterr().out
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= columns
    for name in ("Davidson & Houlden (2025)", "retraining-as-coded", "kappa", "x today's"):
        assert name in out


def test_a_wide_terminal_needs_fewer_tables(capsys, monkeypatch):
    tables = []
    for columns in (90, 250):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert main(["compare", *BOTH, *FEW]) == 0
        tables.append(capsys.readouterr().out.count("median (90 %"))
    assert tables[0] > tables[1] == 1


def test_json_has_the_numbers_of_the_forecast(answer, ooms_says):
    found = answer(*BOTH)
    assert [view["view"] for view in found["views"]] == list(BOTH)
    assert (found["draws"], found["seed"]) == (1024, 0)
    for view in found["views"]:
        asked = [text for event in COMPARED_EVENTS for text in ("--event", event)]
        asked += [text for quantity in COMPARED_QUANTITIES for text in ("--quantity", quantity)]
        alone = json.loads(ooms_says("forecast", view["view"], *asked, *FEW, "--json")[1])
        assert view["events"] == alone["events"]
        assert view["quantities"] == alone["quantities"]


def test_what_ifs_are_for_every_view(answer, ooms_says):
    found = answer(*BOTH, "--set", "rho=-0.4", "--event", "5 ooms in 1 year", "--quantity", "max speed")
    for name, view in zip(BOTH, found["views"], strict=True):
        assert view["changes"] == ["rho = -0.4"]
        changed = ooms.load(name).replace(rho=-0.4)
        alone = ooms.forecast(changed, draws=1024, threads=1).probability("5 ooms in 1 year")
        assert view["events"][0]["probability"] == alone._asdict()
    assert "changed in every position: rho = -0.4" in ooms_says("compare", *BOTH, *FEW, "--set", "rho=-0.4")[1]


def test_all_is_every_shipped_view_by_falling_probability(answer):
    found = answer("--all", "--event", "5 ooms in 1 year", "--quantity", "initial speed-up")["views"]
    assert {view["view"] for view in found} == set(shipped())
    chances = [view["events"][0]["probability"]["value"] for view in found]
    assert chances == sorted(chances, reverse=True)


def test_all_beside_ones_own(answer, tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "davidson-2025"\n')
    found = answer("--all", str(tmp_path / "mine.toml"), "davidson-2025", "--event", "2 ooms in 1 year")["views"]
    assert sorted(view["view"] for view in found) == sorted(["mine", *shipped()])


def test_each_option_with_its_change(answer, ooms_says):
    view = ooms.load("davidson-houlden-2025")
    found = answer("davidson-houlden-2025", "--each-option")["options"]
    assert [row["option"] for row in found] == list(view.options)
    base = ooms.forecast(view, draws=1024, threads=1).probability("5 ooms in 1 year").value
    for row in found:
        assert row["title"] == view.options[row["option"]].title
        assert row["change"]["value"] == pytest.approx(row["probability"]["value"] - base)
        assert row["change"]["standard_error"] >= 0
    code, out, _ = ooms_says("compare", "davidson-houlden-2025", "--each-option", *FEW)
    assert code == 0
    for name in view.options:
        assert f"+{name}" in out
    assert re.search(r"\+constant-returns .* \+\d", out)
    assert re.search(r"\+gradual-boost .* -\d", out)


OPTIONS = """
title = "odd [/] title"
extends = "davidson-2025"
[options.odd]
title = "odd [/] and [red]loud[/red] :smile:"
source = "me"
note = "a note [/] that is quite long, so that it goes on in a second line of the terminal, below the first"
[options.odd.parameters.rho]
value = -0.3
source = "me"
[options.same]
title = "what is said already"
source = "me"
[options.same.parameters]
compute_share = {value = 0.5, source = "me, after all"}
hardware_growth = {value = 0, source = "the neutral value"}
[options.switched]
title = "a switch"
source = "me"
variants = {declining_returns = false}
"""


def test_options_of_ones_own_are_shown_as_they_are_written(ooms_says, tmp_path):
    (tmp_path / "ev[red]il.toml").write_text(OPTIONS)
    code, out, err = ooms_says("compare", str(tmp_path / "ev[red]il.toml"), "--each-option", *FEW)
    assert (code, err) == (0, "")
    assert "odd [/] title\n" in out
    assert re.search(r"none +odd \[/\] title ", out)
    for word in ("odd [/] and", "[red]loud[/red]", ":smile:", "(f)"):
        assert word in out
    note = out[out.index("f: a note [/]") :].splitlines()[:2]
    assert note[1].startswith("   ")
    assert " ".join(" ".join(note).split()).endswith("below the first")


def test_an_option_that_changes_nothing_is_said_to_be_part_of_the_view(ooms_says, tmp_path):
    (tmp_path / "mine.toml").write_text(OPTIONS)
    out = ooms_says("compare", str(tmp_path / "mine.toml"), "--each-option", *FEW)[1]
    rows = {line.split()[0]: line for line in out.splitlines() if line.startswith(" +")}
    assert rows["+same"].rstrip().endswith("already part of it")
    assert "already" not in rows["+odd"] + rows["+switched"]
    out = ooms_says("compare", "davidson-2025", "--each-option", *FEW)[1]
    said = {line.split()[0] for line in out.splitlines() if "already part of it" in line}
    assert said == {"+smarter-faster", "+cheaper-experiments"}


def test_options_that_do_not_go_together_are_named(ooms_says):
    code, out, _ = ooms_says("compare", "davidson-houlden-2025+retraining", "--each-option", *FEW)
    assert code == 0
    assert "Left out, as they do not go with the rest: gradual-boost" in out


def test_a_view_without_options_says_so(ooms_says, tmp_path):
    stated = {
        "rho": -0.3, "compute_share": 0.4, "workforce": 100, "parallelizability": 0.5, "compute_exponent": 0.5,
        "labour_per_training": 2, "returns": 1.0, "software_limit": 10, "software_growth": 0.6,
    }  # fmt: skip
    plain = "\n".join(f'[parameters.{name}]\nvalue = {value}\nsource = "me"' for name, value in stated.items())
    (tmp_path / "plain.toml").write_text(plain)
    code, out, err = ooms_says("compare", str(tmp_path / "plain.toml"), "--each-option", *FEW)
    assert (code, err) == (0, "")
    assert "plain has no options" in out


def test_readings_are_named(answer, ooms_says):
    found = answer("davidson-houlden-2025", "davidson-2025", "--readings")["readings"]
    assert len(found) == 32
    assert {row["view"] for row in found} == set(BOTH)
    assert all(0 < row["probability"]["value"] < 1 for row in found)
    code, out, _ = ooms_says("compare", "davidson-houlden-2025", "--readings", *FEW)
    assert code == 0
    for text in ("with, as stated", "without", "from the start", "anywhere", "33.2", "40", "16.6", "r/(1 - a)"):
        assert text in out
    assert "…" not in out


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        ("cost by hardware alone after 1 year", r"[\d.]+e\d\d \([\d.]+e\d\N{EN DASH}~?[\d.]+e\d\d\)"),
        ("max speed", r"[\d.]+e\d \(\d+\N{EN DASH}~?[\d.]+e\d\d\)"),
    ],
)
def test_what_is_no_time_has_no_cap(ooms_says, quantity, shown):
    out = ooms_says("compare", *BOTH, *FEW, "--set", "rho ~ uniform(-0.1, -0.01)", "--quantity", quantity)[1]
    row = [line for line in out.splitlines() if line.startswith(" Davidson (2025)")][-1]
    assert re.fullmatch(rf" Davidson \(2025\) +{shown} *", row), row
    assert ">1e9" not in out


def test_what_is_explained_is_told_whole(ooms_says, tmp_path):
    for name, last in (("one", 2.5), ("two", 2.6)):
        (tmp_path / f"{name}.toml").write_text(
            'extends = "davidson-2025"\n[parameters]\nreturns = {distribution = "quantile_spline", p5 = 0.4, '
            f'p25 = 0.8, p50 = 1.2, p75 = 1.6, p95 = {last}, lower = 0, source = "me"}}\n'
        )
    files = [str(tmp_path / f"{name}.toml") for name in ("one", "two")]
    code, out, _ = ooms_says("compare", *files, "--explain", "--draws", "256")
    assert code == 0
    assert "..." not in out
    lines = out[out.index("  returns: ") :].splitlines()[:2]
    assert lines[1].startswith("    ")
    assert "p95=2.5" in " ".join(lines)
    assert "p95=2.6" in " ".join(lines)


def test_explain(answer, ooms_says):
    found = answer("davidson-houlden-2025", "davidson-houlden-2025+retraining", "--explain")
    assert (found["a"], found["b"]) == ("davidson-houlden-2025", "davidson-houlden-2025+retraining")
    total = found["total"]["value"]
    assert sum(row["contribution"]["value"] for row in found["groups"]) == pytest.approx(total, abs=1e-12)
    assert found["end"]["value"] - found["start"]["value"] == pytest.approx(total)
    code, out, _ = ooms_says("compare", *BOTH, "--explain", "--draws", "256", "--event", "3 ooms in 1 year")
    assert code == 0
    assert "P(3 OOMs in 1 year): from Davidson (2025) to Davidson & Houlden (2025)" in out


@pytest.mark.slow
def test_files(ooms_says, tmp_path):
    picture, data = tmp_path / "views.svg", tmp_path / "views.nc"
    code, out, _ = ooms_says("compare", *BOTH, *FEW, "--picture", str(picture), "--save", str(data))
    assert code == 0
    assert "views.svg" in out
    assert "<svg" in picture.read_text()
    with xr.open_dataset(data, engine="h5netcdf") as saved:
        assert list(saved.view.values) == list(BOTH)


WRONG = {
    "no view": ([], ["no view is named"]),
    "one view": (["davidson-2025"], ["only one view is named"]),
    "twice": (["davidson-2025", "davidson-2025"], ["davidson-2025: is named twice"]),
    "unknown": (["davidson-2024", "nobody"], ["davidson-2024", "did you mean davidson-2025", "nobody"]),
    "no option": (["davidson-2025", "davidson-houlden-2025+wat"], ["has no option 'wat'"]),
    "no options of none": (["--each-option"], ["no view is named", "name one"]),
    "explain three": ([*BOTH, "compute-bound", "--explain"], ["compares two views, and 3 are named"]),
    "explain one": (["davidson-2025", "--explain"], ["compares two views, and 1 is named"]),
    "explain all": (["--all", "--explain"], ["--explain: compares two views"]),
    "explain much": ([*BOTH, "--explain", "--event", "5 ooms in 1 year", "--event", "3 ooms in 1 year"], ["one event"]),
    "two questions": ([*BOTH, "--explain", "--readings"], ["--explain --readings: are different questions"]),
    "unused": (
        ["davidson-2025", "--readings", "--event", "5 ooms in 1 year", "-o", "x.svg"],
        ["--event: has no meaning with --readings", "-o: has no meaning with --readings"],
    ),
    "picture": ([*BOTH, "-o", "x.jpg"], ["-o x.jpg", "'.jpg' says no form", ".svg"]),
    "folder": (
        [*BOTH, "-o", "no/x.svg", "-o", "no/x.nc"],
        ["-o no/x.svg: cannot be written", "-o no/x.nc: cannot be written"],
    ),
    "change": ([*BOTH, "--set", "rhoo=1"], ["there is no parameter rhoo", "did you mean rho?"]),
    "all at once": (
        ["davidson-2025", "nobody", "--draws", "1000", "--event", "5 ooms", "--quantity", "wat", "--set", "x"],
        ["nobody", "draws = 1000", "'5 ooms'", "'wat'", "'x' cannot be read"],
    ),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_at_once_and_nothing_is_run(ooms_says, arguments, said):
    code, out, err = ooms_says("compare", *arguments)
    assert (code, out) == (2, "")
    assert "nothing was run" in err
    assert "Traceback" not in err
    for part in said:
        assert part in err


def test_what_is_wrong_with_a_change_is_said_once(ooms_says):
    err = ooms_says("compare", "--all", "--set", "rhoo=1")[2]
    assert err.startswith("1 problem")


@pytest.mark.slow
def test_help_shows_examples_that_run(ooms_says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = ooms_says("compare", "--help")
    assert code == 0
    examples = re.findall(r"^  ooms (compare .+)$", out, flags=re.MULTILINE)
    assert len(examples) >= 4
    for example in examples:
        assert ooms_says(*example.split(), "--draws", "256")[0] == 0
    assert (tmp_path / "views.svg").exists()
