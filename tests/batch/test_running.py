"""Runs: what is there is not run again, what fails is told and the rest done, and nothing depends on who did it."""

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import ooms
from ooms.batch import assembling
from ooms.batch.addresses import LEVELS
from ooms.batch.grid import DONE, FAILED
from ooms.batch.reading import open_study, status_of
from ooms.batch.running import run_study
from ooms.batch.store import Store
from ooms.problems import UserError
from studies import same, small

MEANINGLESS = {"taste": {"label": ["fine", "off"], "taste_multiplier": [6, "uniform(2, 20000)"]}}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return small(tmp_path_factory.mktemp("study"))


def ran(study, folder, **how):
    """A run by one thread, that leaves nothing undone."""
    run = run_study(study, folder, threads=how.pop("threads", 1) if "workers" not in how else None, **how)
    assert run.complete, run.failures
    return run.progress


@pytest.fixture(scope="module")
def undisturbed(study, tmp_path_factory):
    store = tmp_path_factory.mktemp("store") / "whole"
    ran(study, store)
    return store


@pytest.fixture
def whole(undisturbed, tmp_path):
    """An undisturbed store, of one's own."""
    return shutil.copytree(undisturbed, tmp_path / "whole")


def test_every_cell_is_the_forecast_of_its_beliefs_to_the_last_bit(study, whole):
    data = xr.open_zarr(whole).load()
    assert data.sizes == {"view": 1, "rho": 3, "returns": 2, "event": 1, "end": 4, "randomisation": 16, "quantity": 1,
                          "level": len(LEVELS)}  # fmt: skip
    assert (data["state"] == DONE).all()
    for rho in data["rho"].values:
        for returns in data["returns"].values:
            view = ooms.load("davidson-2025").replace(rho=rho, returns=returns)
            f = ooms.forecast(
                view, draws=512, events=study.events, quantities=study.quantities, threads=1, keep_draws=False
            )
            cell = data.sel(view="davidson-2025", rho=rho, returns=returns)
            found = cell.sel(event="5 ooms in 1 year")
            assert (found["probability"], found["probability_error"]) == f.probability("5 ooms in 1 year")
            each = f.event("5 ooms in 1 year").by_randomisation
            np.testing.assert_array_equal(found["probability_by_randomisation"], each)
            quantiles = f.quantiles("time to 3 ooms", LEVELS)
            np.testing.assert_array_equal(cell["quantile"].sel(quantity="time to 3 ooms"), [q.value for q in quantiles])
            assert float(cell["never"].sel(quantity="time to 3 ooms")) == f.never("time to 3 ooms").value


@pytest.mark.parametrize("how", [{"threads": 3}, {"workers": 2}], ids=str)
def test_nothing_depends_on_who_did_it(study, whole, tmp_path, how):
    ran(study, tmp_path / "other", **how)
    assert same(whole, tmp_path / "other")


def test_nothing_depends_on_how_cells_were_taken_apart(tmp_path, monkeypatch):
    study = small(tmp_path, draws=2**10, keep_draws=True, grid={"rho": [-0.4], "returns": [0.8, 1.6]})
    ran(study, tmp_path / "whole")
    monkeypatch.setattr("ooms.forecasting.sweep.BLOCK", 2**8)
    ran(study, tmp_path / "blocks")
    monkeypatch.setattr("ooms.batch.work.KEPT_PART", 2**8)
    ran(study, tmp_path / "parts", threads=3)
    assert same(tmp_path / "blocks", tmp_path / "parts")
    for address in Store(tmp_path / "whole").cells:
        columns = [xr.open_zarr(tmp_path / name / "cells" / address, chunks=None) for name in ("whole", "parts")]
        xr.testing.assert_equal(*columns)


def test_a_finished_study_is_not_run_again(study, whole, monkeypatch):
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*") if path.is_file() and path.suffix}
    monkeypatch.setattr("ooms.batch.running.Grid.dataset", None)  # nor is the dataset made again
    standing = ran(study, whole)
    assert (standing.there, standing.ran) == (6, 0)
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_changed_study_runs_only_what_is_new(whole, tmp_path):
    changed = small(tmp_path, grid={"rho": [-1.2, -0.3, -0.1], "returns": [1.6, 0.8, 2.0]})
    standing = ran(changed, whole)
    assert (standing.there, standing.ran) == (4, 5)
    ran(changed, tmp_path / "fresh")
    assert same(whole, tmp_path / "fresh")
    assert status_of(whole).others == 2


def test_and_back_again_runs_nothing(study, whole, tmp_path):
    shutil.copytree(whole, tmp_path / "kept")
    ran(small(tmp_path, grid={"rho": [-0.4], "returns": [0.8]}), whole)
    assert ran(study, whole).ran == 0
    assert same(whole, tmp_path / "kept")


def test_cells_of_other_stores_are_taken(study, whole, tmp_path):
    bigger = small(tmp_path, grid={"rho": [-1.2, -0.4, -0.1, -0.05], "returns": [0.8, 1.6]})
    standing = ran(bigger, tmp_path / "other", take_from=[whole])
    assert (standing.imported, standing.ran) == (6, 2)
    ran(bigger, tmp_path / "fresh")
    assert same(tmp_path / "other", tmp_path / "fresh")


def test_damaged_cells_are_not_taken_from_other_stores(study, whole, tmp_path):
    for address in [*Store(whole).cells][:2]:
        file = whole / "cells" / address / "zarr.json"
        file.write_bytes(file.read_bytes()[:-20])
    assert ran(study, tmp_path / "other", take_from=[whole]).imported == 4


@pytest.mark.sweep(2)
@pytest.mark.parametrize("damage", ["cut", "flip", "delete"])
def test_a_damaged_cell_is_run_again_and_that_is_told(study, whole, tmp_path, damage):
    shutil.copytree(whole, tmp_path / "kept")
    file = whole / "cells" / next(iter(Store(whole).cells)) / "zarr.json"
    content = file.read_bytes()
    file.unlink()
    if damage != "delete":
        file.write_bytes(content[:-100] if damage == "cut" else content.replace(b"0.", b"1.", 1))
    standing = ran(study, whole)
    assert (standing.there, standing.ran, standing.damaged) == (5, 1, damage != "delete")
    assert same(whole, tmp_path / "kept")


def test_a_damaged_dataset_is_made_again_from_the_cells(study, whole, tmp_path):
    shutil.copytree(whole, tmp_path / "kept")
    chunk = whole / "probability" / "c" / "0" / "0" / "0" / "0"
    chunk.write_bytes(chunk.read_bytes()[:-1])
    with pytest.raises(UserError, match=r"damaged or incomplete.*\n.*run the same ooms batch run command again"):
        open_study(whole)
    assert ran(study, whole).ran == 0
    assert same(whole, tmp_path / "kept")
    mended, kept = (open_study(folder).load().drop_attrs() for folder in (whole, tmp_path / "kept"))
    xr.testing.assert_identical(mended, kept)


def test_a_store_without_its_dataset_gets_it_back(study, whole, tmp_path):
    shutil.copytree(whole, tmp_path / "kept")
    for path in whole.iterdir():
        if path.is_dir() and path.name != "cells":
            shutil.rmtree(path)
    (whole / "zarr.json").unlink()
    assert ran(study, whole).ran == 0
    assert same(whole, tmp_path / "kept")


def test_another_study_in_the_same_store_shows_nothing_of_the_one_before(tmp_path):
    ran(small(tmp_path, grid={"rho": [-0.4, -0.2]}), tmp_path / "store")

    def stop(standing, news):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(small(tmp_path, grid={"rho": [-0.3, -0.1]}), tmp_path / "store", threads=1, watch=stop)
    data = xr.open_zarr(tmp_path / "store").load()
    assert data["rho"].values.tolist() == [-0.3, -0.1]
    assert not data["state"].any()
    assert np.isnan(data["probability"]).all()


def test_what_failed_once_and_went_well_then_is_no_failure(tmp_path, monkeypatch):
    study = small(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("ooms.batch.work._work", lambda *_: (_ for _ in ()).throw(MemoryError()))
        assert len(run_study(study, tmp_path / "store", threads=1).failures) == 6
    ran(study, tmp_path / "store")
    data = xr.open_zarr(tmp_path / "store").load()
    assert (data["state"] == DONE).all()
    assert set(data["problem"].values.ravel().tolist()) == {""}


def test_a_run_that_was_killed_before_it_had_begun_leaves_a_place_to_begin(study, tmp_path):
    (tmp_path / "store" / "cells").mkdir(parents=True)
    for name in (".lock", ".running.json"):
        (tmp_path / "store" / name).write_text("", encoding="utf-8")
    assert ran(study, tmp_path / "store").ran == 6


def test_status_counts_what_is_sound_and_cells_not_names(study, whole, tmp_path):
    assert (status_of(whole).done, status_of(whole).left) == (6, 0)
    file = whole / "cells" / next(iter(Store(whole).cells)) / "zarr.json"
    file.write_bytes(file.read_bytes()[:-1])
    assert (status_of(whole).done, status_of(whole).left) == (5, 1)
    alike = ["uniform(2, 4)", "uniform(2.0, 4)"]
    run_study(small(tmp_path, grid={"taste_multiplier": alike}), tmp_path / "twice", threads=1)
    status = status_of(tmp_path / "twice")
    assert (status.total, status.done, status.left) == (1, 1, 0)


def test_cells_that_fail_are_told_with_their_remedy_and_the_rest_is_done(tmp_path):
    study = small(tmp_path, grid={"rho": [-0.4, -0.1]}, zipped=MEANINGLESS)
    run = run_study(study, tmp_path / "store", threads=1)
    assert not run.complete
    assert len(run.failures) == 2
    assert all("taste = off" in name for name in run.failures)
    data = open_study(tmp_path / "store")
    assert (data["state"].sel(taste="fine") == DONE).all()
    assert (data["state"].sel(taste="off") == FAILED).all()
    assert "give it an upper end" in data["problem"].sel(taste="off").values.flat[0]
    assert np.isnan(data["probability"].sel(taste="off")).all()
    assert status_of(tmp_path / "store").failed.keys() == run.failures.keys()


def test_beliefs_that_do_not_go_together_fail_alone(tmp_path):
    grid = {"rho": [-1.2, -0.4, -0.1], "retraining": [False, True]}
    study = small(tmp_path, set=["hardware_growth = 0.3"], grid=grid)
    run = run_study(study, tmp_path / "store", threads=1)
    assert len(run.failures) == 3
    assert all("retraining = true" in name for name in run.failures)
    assert run.progress.done == 3


def test_cells_with_the_same_inputs_are_run_once(tmp_path):
    study = small(tmp_path, grid={"rho": ["uniform(-0.2, 0)", "uniform(-0.20, 0.0)"]})
    standing = ran(study, tmp_path / "store")
    assert (standing.total, standing.ran) == (1, 1)
    data = open_study(tmp_path / "store")
    assert (data["state"] == DONE).all()
    assert len(set(data["cell"].values.ravel().tolist())) == 1


@pytest.mark.slow
def test_draws_are_kept_if_they_are_asked_for_and_only_then(tmp_path):
    plain, keeping = small(tmp_path), small(tmp_path, keep_draws=True)
    ran(plain, tmp_path / "store")
    assert ran(keeping, tmp_path / "store").ran == 6
    assert ran(keeping, tmp_path / "store").ran == 0
    assert ran(plain, tmp_path / "store").ran == 0  # cells with draws will do
    data = open_study(tmp_path / "store")
    cell = data["cell"].sel(view="davidson-2025", rho=-0.4, returns=1.6).item()
    draws = xr.open_zarr(tmp_path / "store" / "cells" / cell, chunks=None)
    f = ooms.forecast(
        ooms.load("davidson-2025").replace(rho=-0.4, returns=1.6),
        draws=512, events=keeping.events, quantities=keeping.quantities, keep_draws=True,
    )  # fmt: skip
    assert set(draws.data_vars) == set(f.kept)
    for name, column in f.kept.items():
        np.testing.assert_array_equal(draws[name], column)
    assert draws["time to 3 ooms"].attrs["units"] == "years"
    assert draws["5 ooms in 1 year"].mean().item() == f.event("5 ooms in 1 year").shares["reached"]
    assert draws["5 ooms in 1 year (end)"].attrs["flag_meanings"].startswith("reached")


def test_the_manifest_says_what_it_was_made_of_and_by(study, whole):
    attributes = xr.open_zarr(whole).attrs
    manifest = json.loads(attributes["manifest"])
    assert manifest["versions"]["numpy"] == np.__version__
    assert manifest["versions"]["ooms"] == attributes["ooms_version"] == ooms.__version__
    assert manifest["machine"]["cpu_features"]
    assert manifest["cells_worked_out"] == 6
    assert attributes["study_text"] == study.text
    assert "[parameters.rho]" in json.loads(attributes["views"])["davidson-2025"]
    cell = xr.open_zarr(whole / "cells" / json.loads(attributes["addresses"])[0]).attrs
    assert cell["inputs"]["beliefs"]["rho"] == ["fixed", {"value": -1.2}]
    assert cell["machines"][0]["cpu_features"] == manifest["machine"]["cpu_features"]


def test_a_study_without_events_or_without_quantities(tmp_path):
    for without, missing, there in (("events", "probability", "quantile"), ("quantities", "quantile", "probability")):
        ran(small(tmp_path, **{without: []}), tmp_path / without)
        data = open_study(tmp_path / without)
        assert missing not in data
        assert there in data


def test_what_the_command_was_given_wrong_is_told_at_once(tmp_path, study):
    with pytest.raises(UserError) as caught:
        run_study(study, Path(study.file), take_from=[tmp_path / "a", tmp_path / "b"])
    assert len(caught.value.problems) == 3
    with pytest.raises(UserError, match="exclude one another"):
        run_study(study, tmp_path / "store", threads=1, workers=2)
    with pytest.raises(UserError, match="threads = 0"):
        run_study(study, tmp_path / "store", threads=0)
    with pytest.raises(UserError, match="is no store of a study"):
        open_study(tmp_path)


def test_ctrl_c_keeps_what_is_done(study, tmp_path, whole):
    def stop(standing, news):
        if standing.ran == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(study, tmp_path / "store", threads=2, watch=stop)
    assert (open_study(tmp_path / "store")["state"] == DONE).sum() == 3
    assert ran(study, tmp_path / "store").there >= 3
    assert same(whole, tmp_path / "store")


def test_memory_for_parts_that_wait_is_given_back(tmp_path, monkeypatch):
    study = small(tmp_path, draws=2**10)
    monkeypatch.setattr("ooms.forecasting.sweep.BLOCK", 2**8)
    monkeypatch.setattr("ooms.batch.work.PART", 2**8)
    most = 0
    assemblies = set()
    add = assembling.Assembly.add

    def watched(self, task, part):
        nonlocal most
        assemblies.add(id(self))
        found = add(self, task, part)
        if found is not None:
            assemblies.discard(id(self))
        most = max(most, len(assemblies))
        return found

    monkeypatch.setattr(assembling.Assembly, "add", watched)
    ran(study, tmp_path / "store", threads=2)
    assert most <= 4  # cells on their way, however many there are


def test_no_warning_of_any_kind(study, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ran(study, tmp_path / "store")
        xr.open_zarr(tmp_path / "store").load()
