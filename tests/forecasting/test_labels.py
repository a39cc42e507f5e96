"""Forecasts as labelled data, in memory and on disk."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import ooms
from ooms.beliefs.view import checked
from ooms.distributions.copula import Correlation
from ooms.outcomes import CODES, DEFAULT_EVENTS, DEFAULT_QUANTITIES
from ooms.parameters import known
from ooms.results.credence import LEVELS

VIEW = checked(
    replace(
        ooms.load("davidson-2025").replace(rho="uniform(-0.6, -0.1)"),
        correlations=(Correlation("rho", "returns", 0.3),),
    ),
    "labels.toml",
)


@pytest.fixture(scope="module")
def forecast():
    return ooms.forecast(VIEW, draws=1024, seed=3, threads=1)


@pytest.fixture(scope="module")
def saved(forecast, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "my forecast.nc"
    forecast.save(path)
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        yield tree.load()


def test_groups_and_dimensions(forecast):
    assert set(forecast.data.children) == {"events", "quantities", "parameters", "draws"}
    sizes = {name: dict(node.sizes) for name, node in forecast.data.children.items()}
    assert sizes == {
        "events": {"event": 4, "end": 4},
        "quantities": {"quantity": len(DEFAULT_QUANTITIES), "level": len(LEVELS)},
        "parameters": {"parameter": len(VIEW.beliefs), "level": len(LEVELS)},
        "draws": {"draw": 1024},
    }


def test_coordinates_are_names(forecast):
    data = forecast.data
    assert list(data["events"].event.values) == list(DEFAULT_EVENTS)
    assert list(data["events"].end.values) == list(CODES)
    assert list(data["quantities"].quantity.values) == list(DEFAULT_QUANTITIES)
    assert list(data["quantities"]["level"].values) == list(LEVELS)
    assert list(data["parameters"].parameter.values) == list(VIEW.beliefs)
    assert np.array_equal(data["draws"].randomisation, np.arange(1024) % 16)


def test_events_are_the_probabilities(forecast):
    events = forecast.data["events"]
    for name in DEFAULT_EVENTS:
        one = events.sel(event=name)
        assert (one.probability.item(), one.standard_error.item()) == forecast.probability(name)
        assert dict(zip(one.end.values, one.share.values, strict=True)) == forecast.event(name).shares
    assert events.share.sum("end").values == pytest.approx(1.0)
    assert events.probability.attrs["units"] == "1"


def test_quantiles_are_the_quantiles(forecast):
    quantities = forecast.data["quantities"]
    for name in DEFAULT_QUANTITIES:
        one = quantities.sel(quantity=name)
        found = np.stack([one["quantile"].values, one.standard_error.values], axis=1)
        assert np.array_equal(found, np.array(forecast.quantiles(name, LEVELS)), equal_nan=True)
        assert one.never.item() == forecast.never(name).value
        assert one.central.item() == forecast.central(name)
        assert one.unit.item() == forecast.quantities[name][0].unit


def test_parameters_are_the_beliefs(forecast):
    parameters = forecast.data["parameters"]
    for name, belief in VIEW.beliefs.items():
        one = parameters.sel(parameter=name)
        assert np.array_equal(one["quantile"], np.broadcast_to(belief.marginal.ppf(np.array(LEVELS)), len(LEVELS)))
        assert one.unit.item() == known(name).unit
        assert one.distribution.item() == str(belief.marginal)
        assert one.source.item() == belief.source


def test_draws_are_inputs_and_outcomes_with_units(forecast):
    draws = forecast.data["draws"]
    ends = {f"{event} (end)" for event in DEFAULT_EVENTS}
    assert set(draws.data_vars) == {*forecast._sampler.random, *DEFAULT_QUANTITIES, *DEFAULT_EVENTS, *ends}
    for name, column in draws.data_vars.items():
        assert np.array_equal(column, forecast.kept[name])
        assert (name in {*DEFAULT_EVENTS, *ends}) != bool(column.attrs.get("units"))
    assert draws["software_growth"].attrs["units"] == "OOM/yr"
    assert draws["time to 5 ooms"].attrs["units"] == "years"
    assert draws["ooms after 1 year"].attrs["units"] == "OOM"
    assert draws["time to 5 ooms"].attrs["comment"] == "infinity stands for: never"
    assert draws["ooms after 1 year"].attrs["comment"] == "infinity stands for: over 24"


def test_the_mean_of_an_event_is_the_share_of_draws_that_reach_it(forecast, saved):
    for tree in (forecast.data, saved):
        for name in DEFAULT_EVENTS:
            column = tree["draws"][name]
            assert column.dtype == bool
            assert column.mean().item() == pytest.approx(forecast.event(name).shares["reached"], abs=1e-12)
            if not forecast.event(name).smoothed:
                assert column.mean().item() == pytest.approx(forecast.probability(name).value, abs=1e-12)
    in_time = forecast.kept["time to 5 ooms"] <= 1.0
    assert np.array_equal(forecast.kept["5 ooms in 1 year"], in_time)


def test_every_draw_says_how_each_event_ends(forecast, saved):
    for tree in (forecast.data, saved):
        for name in DEFAULT_EVENTS:
            column = tree["draws"].dataset[f"{name} (end)"]
            assert column.attrs["flag_meanings"].split() == [code.replace(" ", "_") for code in CODES]
            assert list(column.attrs["flag_values"]) == list(range(len(CODES)))
            shares = np.bincount(column.to_numpy(), minlength=len(CODES)) / 1024
            assert shares.tolist() == list(forecast.event(name).shares.values())


def test_times_that_never_come_stay(forecast, saved):
    for tree in (forecast.data, saved):
        column = tree["draws"]["time to 12 ooms"]
        assert 0.2 < np.isinf(column).mean() < 1
        assert not np.isnan(column).any()
        assert np.isinf(column).mean().item() == tree["quantities"].never.sel(quantity="time to 12 ooms").item()
        assert np.isinf(tree["quantities"]["quantile"].sel(quantity="time to 12 ooms", level=0.99))


def test_everything_needed_to_make_it_again(forecast, saved):
    for tree in (forecast.data, saved):
        attrs = tree.attrs
        assert (attrs["view"], attrs["draws"], attrs["seed"]) == ("davidson-2025", 1024, 3)
        assert attrs["ooms_version"] == ooms.__version__
        assert attrs["numpy_version"] == np.__version__
        assert json.loads(attrs["changes"]) == ["rho ~ uniform(-0.6, -0.1)"]
        assert json.loads(attrs["correlations"]) == [["rho", "returns", 0.3]]
        beliefs = json.loads(attrs["beliefs"])
        assert beliefs.keys() == VIEW.beliefs.keys()
        assert beliefs["rho"] == {"distribution": "uniform(-0.6, -0.1)", "source": "changed by the user", "file": ""}
        assert beliefs["returns"]["file"] == "davidson-2025.toml"
        assert (attrs["declining_returns"], attrs["retraining"]) == ("True", "False")
        assert "Davidson" in attrs["citation"]


def test_distributions_in_the_file_read_back_as_the_same_forecast(forecast, saved):
    beliefs = json.loads(saved.attrs["beliefs"])
    texts = {name: entry["distribution"] for name, entry in beliefs.items()}
    rebuilt = VIEW.replace(**texts)
    again = ooms.forecast(rebuilt, draws=1024, seed=3, threads=1, quantities=())
    for name in DEFAULT_EVENTS:
        assert again.probability(name).value == pytest.approx(forecast.probability(name).value, abs=2e-3)


def test_the_file_holds_the_same_as_memory(forecast, saved):
    xr.testing.assert_equal(saved, forecast.data)
    for name, node in forecast.data.children.items():
        for column in node.data_vars:
            np.testing.assert_equal(saved[name][column].attrs, node[column].attrs)
    assert saved.attrs.keys() == forecast.data.attrs.keys()


@pytest.mark.sweep(1)
@pytest.mark.parametrize("seed", [2**63, 2**64 - 1, 2**64, 243799254704924441050048792905230269161])
def test_a_seed_of_any_size_is_saved_and_read_again(tmp_path, seed):
    f = ooms.forecast(VIEW, draws=256, seed=seed, threads=1, events=("5 ooms in 1 year",), quantities=())
    f.save(tmp_path / "f.nc")
    both = ooms.compare([VIEW, VIEW.replace(rho=-1)], draws=256, seed=seed, threads=1, events=(), quantities=())
    both.save(tmp_path / "c.nc")
    for name in ("f.nc", "c.nc"):
        with xr.open_datatree(tmp_path / name, engine="h5netcdf") as tree:
            assert int(tree.attrs["seed"]) == seed
    with xr.open_datatree(tmp_path / "f.nc", engine="h5netcdf") as tree:
        again = ooms.forecast(VIEW, draws=256, seed=int(tree.attrs["seed"]), threads=1, events=(), quantities=())
        assert np.array_equal(tree["draws"]["returns"], again.kept["returns"])


def test_texts_that_files_cannot_hold_are_saved_all_the_same(tmp_path):
    odd = "no text: \udcff, and a \0"
    view = replace(VIEW, name=odd, title=odd, citation=odd + "x" * 2**17)
    ooms.forecast(view, draws=256, threads=1, events=(), quantities=()).save(tmp_path / "f.nc")
    ooms.compare([view], draws=256, threads=1, events=(), quantities=()).save(tmp_path / "c.nc")
    with xr.open_datatree(tmp_path / "f.nc", engine="h5netcdf") as tree:
        assert tree.attrs["view"] == "no text: ?, and a ?"
        assert len(tree.attrs["citation"]) == len(view.citation)
    with xr.open_datatree(tmp_path / "c.nc", engine="h5netcdf") as tree:
        assert tree["view"].item() == "no text: ?, and a ?"


def test_a_file_is_replaced_by_a_new_one(forecast, tmp_path):
    path = tmp_path / "f.nc"
    path.write_bytes(b"no NetCDF")
    forecast.save(path)
    ooms.forecast(VIEW, draws=256, seed=1, threads=1, quantities=()).save(str(path))
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        assert tree.attrs["draws"] == 256
    assert [p.name for p in tmp_path.iterdir()] == ["f.nc"]


def test_without_draws_there_is_no_such_group():
    f = ooms.forecast(VIEW, draws=256, keep_draws=False, threads=1, events=(), quantities=())
    assert set(f.data.children) == {"events", "quantities", "parameters"}
    assert f.data["events"].sizes == {"event": 0, "end": 4}
    assert f.data["quantities"].sizes["quantity"] == 0


def test_nothing_asked_can_be_saved_too(tmp_path):
    f = ooms.forecast(VIEW, draws=256, keep_draws=False, threads=1, events=(), quantities=())
    f.save(tmp_path / "empty.nc")
    with xr.open_datatree(tmp_path / "empty.nc", engine="h5netcdf") as tree:
        assert tree.attrs["draws"] == 256
