"""Slices and tables of studies: the right cells, the right numbers, the same in every form."""

import csv
import json
import math

import numpy as np
import pyarrow.parquet
import pytest

import ooms
from ooms.batch.reading import open_study
from ooms.batch.running import run_study
from ooms.batch.slices import slice_of
from ooms.batch.table import study_table
from ooms.problems import Problems, UserError
from studies import batch, small

ZIPPED = {"path": {"label": ["slow", "fast, a lot"], "speed": [1, 30], "workforce": ["uniform(10, 50)", 30.0]}}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("table")
    grid = {"rho": [-1.2, -0.4, "uniform(-0.2, 0)"], "returns": [0.5, 1.5, 3.0], "compute_adjustment": [True, False]}
    events, quantities = ["5 ooms in 1 year", "3 years in 1 year"], ["time to 3 ooms", "acceleration at the start"]
    study = small(folder, grid=grid, zipped=ZIPPED, events=events, quantities=quantities, draws=256)
    assert run_study(study, folder / "store", threads=2).complete
    return folder / "store"


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failing")
    zipped = {"taste": {"label": ["fine", "off"], "taste_multiplier": [6, "uniform(2, 20000)"]}}
    study = small(folder, grid={"rho": [-0.4, -0.1]}, zipped=zipped, draws=256)
    assert not run_study(study, folder / "store", threads=1).complete
    return folder / "store"


@pytest.fixture(scope="module")
def data(store):
    return open_study(store).load()


@pytest.mark.parametrize(
    ("where", "sizes"),
    [
        ([], (1, 3, 3, 2, 2)),
        (["rho=-0.4"], (1, 1, 3, 2, 2)),
        (["rho = uniform(-0.2, 0)"], (1, 1, 3, 2, 2)),
        (["rho=-1.2,uniform(-0.2, 0)"], (1, 2, 3, 2, 2)),
        (["returns=1.5"], (1, 3, 1, 2, 2)),
        (["returns=0.5,3"], (1, 3, 2, 2, 2)),
        (["returns=1..3"], (1, 3, 2, 2, 2)),
        (["returns=1.4999999999..9"], (1, 3, 2, 2, 2)),
        (["compute_adjustment=false"], (1, 3, 3, 1, 2)),
        (["path=fast, a lot"], (1, 3, 3, 2, 1)),
        (["path=slow"], (1, 3, 3, 2, 1)),
        (["speed=30"], (1, 3, 3, 2, 1)),
        (["view=davidson-2025", "rho=-0.4", "returns=3"], (1, 1, 1, 2, 2)),
    ],
)
def test_slices(data, where, sizes):
    problems = Problems()
    found = slice_of(data, where, problems)
    problems.raise_if_any()
    assert found["state"].shape == sizes


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("rho", "'rho' cannot be read"),
        ("roh=1", "did you mean rho"),
        ("rho=-0.5", "rho is never -0.5"),
        ("returns=7", "returns is never 7"),
        ("returns=7..9", "it goes from 0.5 to 3"),
        ("returns=a..b", "is no range of numbers"),
        ("compute_adjustment=no", "use one of: true, false"),
        ("quantity=time to 3 ooms", "the study has no axis quantity"),
    ],
)
def test_what_is_no_slice_is_told(data, where, said):
    with pytest.raises(UserError) as caught:
        study_table(data, where=[where])
    assert said in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(data):
    with pytest.raises(UserError) as caught:
        study_table(
            data, where=["roh=1", "rho=9", "returns=1.5", "returns=3"], events=["7 ooms in 1 year"],
            quantities=["max speed"], over=["x"], mass=1.0,
        )  # fmt: skip
    places = [problem.place for problem in caught.value.problems]
    assert len(places) == 7
    assert {*places} == {"where", "event", "quantity", "over", "mass"}
    with pytest.raises(UserError, match="meets all conditions"):
        study_table(data, where=["path=slow", "speed=30"])


def test_rows_are_the_cells_of_the_dataset(data):
    table = study_table(data, mass=0.8)
    assert len(table.rows) == data["state"].size
    for row, record in zip(table.rows, table.records(), strict=True):
        cell = data.sel(row.where)
        for event in ("5 ooms in 1 year", "3 years in 1 year"):
            assert row.probabilities[event].value == float(cell["probability"].sel(event=event))
            assert row.probabilities[event].standard_error == float(cell["probability_error"].sel(event=event))
            assert record[event] == row.probabilities[event].value
        spread = row.spreads["time to 3 ooms"]
        quantiles = cell["quantile"].sel(quantity="time to 3 ooms")
        ends = [float(quantiles.sel(level=level)) for level in (0.1, 0.5, 0.9)]
        assert [spread.low.value, spread.median.value, spread.high.value] == ends
        assert [record[f"time to 3 ooms: {name}"] for name in ("10 %", "median", "90 %")] == ends


def test_cells_taken_together_are_forecast_by_the_mixture(data, store):
    table = study_table(data, where=["rho=-0.4", "compute_adjustment=true", "path=fast, a lot"], over=["returns"])
    (row,) = table.rows
    assert (row.cells, row.done, set(row.where)) == (3, 3, {"view", "rho", "compute_adjustment", "path"})
    events = ["5 ooms in 1 year"]
    forecasts = [
        ooms.forecast(
            ooms.load("davidson-2025").replace(rho=-0.4, returns=returns, speed=30, workforce=30),
            draws=256, events=events, quantities=["time to 3 ooms"], keep_draws=True,
        ) for returns in (0.5, 1.5, 3.0)
    ]  # fmt: skip
    chances = [f.probability(events[0]).value for f in forecasts]
    assert row.probabilities[events[0]].value == pytest.approx(np.mean(chances), rel=1e-12)
    each = np.mean([f.event(events[0]).by_randomisation for f in forecasts], axis=0)
    assert row.probabilities[events[0]].standard_error == pytest.approx(np.std(each, ddof=1) / 4, rel=1e-9)
    draws = np.concatenate([f.kept["time to 3 ooms"] for f in forecasts])
    found = row.spreads["time to 3 ooms"]
    for end, level in ((found.low, 0.05), (found.median, 0.5), (found.high, 0.95)):
        low, high = np.quantile(draws, (level - 0.01, level + 0.01))
        assert low <= end.value <= high


def test_sorted_by_the_first_event(data):
    rows = study_table(data, events=["3 years in 1 year"]).sorted().rows
    chances = [row.probabilities["3 years in 1 year"].value for row in rows]
    assert chances == sorted(chances, reverse=True)


def test_failed_cells_are_left_out_and_said_to_be(failing):
    data = open_study(failing)
    alone, together = study_table(data), study_table(data, over=["taste"])
    assert [row.done for row in alone.rows] == [1, 0, 1, 0]
    assert alone.records()[1]["5 ooms in 1 year"] is None
    assert "give it an upper end" in alone.records()[1]["problem"]
    assert [(row.done, row.cells) for row in together.rows] == [(1, 2), (1, 2)]
    assert together.rows[0].probabilities == alone.rows[0].probabilities


def test_cells_that_are_not_there_yet_are_told_beside_those_that_failed(failing):
    some = open_study(failing).load()
    some["state"].loc[{"rho": -0.1, "taste": "fine"}] = 0
    (row,) = study_table(some, over=["rho", "taste"]).rows
    assert (row.done, row.cells) == (1, 4)
    assert row.problems[-1] == "not worked out yet: run the study to its end"
    assert "give it an upper end" in row.problems[0]


def test_where_no_draw_says_yes_the_error_of_cells_together_is_not_0(data):
    none = data.copy(deep=True)
    for name, value in (("probability", 0.0), ("probability_by_randomisation", 0.0), ("probability_error", 1 / 256)):
        none[name][:] = value
    row = study_table(none, where=["path=slow"], over=["rho", "returns"]).rows[0]
    assert tuple(row.probabilities["5 ooms in 1 year"]) == (0.0, 1 / 256)


def test_columns_of_parquet_have_types_even_where_all_is_missing(data, failing, tmp_path):
    for name, table in (
        ("all", study_table(data)),
        ("none", study_table(open_study(failing), where=["taste=off"])),
    ):
        table.save(tmp_path / f"{name}.parquet")
        types = {field.name: str(field.type) for field in pyarrow.parquet.read_schema(tmp_path / f"{name}.parquet")}
        assert types["view"] == types["problem"] == "string"
        assert types["5 ooms in 1 year"] == types["time to 3 ooms: median"] == "double"


def test_the_same_in_every_form(data, tmp_path):
    table = study_table(data, where=["path=slow"], mass=0.5)
    records = table.records()
    for ending in ("csv", "parquet", "json"):
        table.save(tmp_path / f"table.{ending}")
    read = pyarrow.parquet.read_table(tmp_path / "table.parquet").to_pylist()
    assert read == records
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, record in zip(rows, records, strict=True):
        for key, value in record.items():
            written = float(row[key]) if isinstance(value, float) else row[key]
            assert written == (value if isinstance(value, float) else "" if value is None else str(value))
    told = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    endless = {key: math.inf if value == "infinite" else value for key, value in told[0].items()}
    assert endless == records[0]


@pytest.mark.parametrize("name", ["table.xlsx", "none/table.csv", "."])
def test_where_no_table_can_be_written_is_told_before_any_work(store, tmp_path, name):
    done = batch("table", store, "--out", tmp_path / name, "--rows", "0")
    assert done.returncode == 2
    assert done.stderr.startswith("2 problems, nothing was run:")


def test_mistakes_in_the_slice_and_in_the_place_are_told_together(store, tmp_path):
    wrong = ("--out", tmp_path / "table.xlsx", "--where", "roh=1", "--over", "x", "--interval", "2")
    said = batch("table", store, *wrong).stderr
    assert said.startswith("4 problems, nothing was run:")
    assert all(f"\n{flag}: " in said for flag in ("--where", "--over", "--interval"))


def test_without_pyarrow_the_remedy_is_told(data, tmp_path, monkeypatch):
    monkeypatch.setattr("ooms.batch.table.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r'pip install "ooms\[parquet\]"'):
        study_table(data).save(tmp_path / "table.parquet")


def test_what_is_printed(store, failing):
    where = ("--where", "rho=-0.4", "--where", "path=slow")
    shown = batch("table", store, *where, "--rows", "4", "--interval", "0.8").stdout
    assert "in all rows: view = davidson-2025, rho = -0.4, path = slow" in shown
    assert "time to 3 OOMs, years: 80 % equal-tailed credence interval" in shown
    assert "2 more rows: use --rows 6" in shown
    told = batch("table", failing).stdout
    assert "a: no numbers: " in told
    assert "give it an upper end" in told
    assert json.loads(batch("table", store, "--json", "--event", "5 ooms in 1 year").stdout)[0]["5 ooms in 1 year"] >= 0
