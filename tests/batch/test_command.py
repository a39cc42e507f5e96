"""``ooms batch``: what people and programs are told, and that nothing depends on who did the work."""

import json
import re

import pytest
from distributed import LocalCluster

from ooms.batch.store import Store
from ooms.cli.batch_run import reporter
from studies import batch, same, written

BROKEN = {"taste": {"label": ["fine", "off"], "taste_multiplier": [6, "uniform(2, 20000)"]}}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return written(tmp_path_factory.mktemp("study"), draws=2**12)


@pytest.fixture(scope="module")
def store(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("store") / "whole"
    done = batch("run", study, "--store", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"6 of 6 cells done: 6 worked out in [\d.]+ s\nRead it with: ooms batch table ", done.stdout)
    return folder


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    return written(tmp_path_factory.mktemp("broken"), grid={"rho": [-0.4, -0.1]}, zipped=BROKEN)


def test_the_shipped_studies_are_listed():
    shown = batch("list").stdout
    assert all(name in shown for name in ("substitution", "debate", "map", "1,000"))


def test_a_check_says_what_a_run_will_do(study, store):
    done = batch("check", study, "--store", store)
    assert done.returncode == 0
    assert "6 cells; 4,096 draws each: 24,576 in all" in done.stdout
    time = r"[\d.]+ (s|min)"
    assert re.search(rf"about {time} on this machine's \d+ cores?, {time} on one; about \d+ kB", done.stdout)
    assert f"6 of them are in {store} already" in " ".join(done.stdout.split())


def test_what_a_check_expects_is_about_what_a_run_takes(study, store):
    done = batch("check", study)
    (expected,) = re.findall(r"about (\d+) kB on the disk", done.stdout)
    taken = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    assert taken / 2 < 1000 * float(expected) < taken * 2


def test_a_check_names_the_cells_that_will_fail(broken):
    done = batch("check", broken)
    assert done.returncode == 1
    assert "2 cells will fail; a run leaves them out" in done.stdout
    assert "rho = -0.4, taste = off" in done.stdout
    assert "-> give it an upper end" in done.stdout


def test_everything_wrong_with_a_study_is_told_at_once(tmp_path):
    path = written(tmp_path, draws=1000, grid={"roh": [1], "rho": [2]})
    for words in (("check", path), ("run", path, "--store", tmp_path / "store")):
        done = batch(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("3 problems, nothing was run:")
        assert not (tmp_path / "store").exists()


def test_a_run_with_failures_tells_them_and_its_exit_code_says_so(broken, tmp_path):
    done = batch("run", broken, "--store", tmp_path / "store")
    assert done.returncode == 1
    assert "2 of 4 cells done" in done.stdout
    assert "failed: davidson-2025, rho = -0.4, taste = off" in done.stdout
    assert "-> give it an upper end" in done.stdout
    assert f"To go on: ooms batch run {broken} --store {tmp_path / 'store'}" in done.stdout
    assert "rho = -0.4, taste = off failed" in done.stderr
    status = batch("status", tmp_path / "store")
    assert status.returncode == 1
    assert "2 of 4 cells done, 2 failed, 0 left" in status.stdout
    quiet = batch("run", broken, "--store", tmp_path / "store", "--quiet")
    assert (quiet.returncode, quiet.stdout) == (1, "")
    assert "give it an upper end" in quiet.stderr


def test_programs_get_a_line_of_json_for_everything(study, broken, tmp_path):
    done = batch("run", study, "--store", tmp_path / "one", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == ""
    assert [line["what"] for line in lines] == ["progress"] * 7 + ["ended"]
    assert [line["done"] for line in lines] == [0, 1, 2, 3, 4, 5, 6, 6]
    assert lines[3]["cells_a_second"] > 0
    assert lines[-1]["complete"]
    done = batch("run", broken, "--store", tmp_path / "two", "--json")
    last = json.loads(done.stdout.splitlines()[-1])
    assert not last["complete"]
    assert last["again"].startswith("ooms batch run ")
    assert {problem["remedy"] for told in last["failures"].values() for problem in told} == {
        "give it an upper end (truncated_lognormal with upper), a higher ceiling, or a taste_limit"
    }


def test_status(store):
    done = batch("status", store)
    assert done.returncode == 0
    assert "6 of 6 cells done, 0 failed, 0 left" in done.stdout
    told = json.loads(batch("status", store, "--json").stdout)
    assert (told["done"], told["total"], told["running"], told["minutes_left"]) == (6, 6, False, None)
    assert told["manifest"]["versions"]["ooms"]


def test_status_of_what_is_no_store(tmp_path):
    done = batch("status", tmp_path)
    assert done.returncode == 2
    assert "is no store of a study" in done.stderr


def test_cells_of_another_store_are_taken(study, store, tmp_path):
    done = batch("run", study, "--store", tmp_path / "other", "--from", store)
    assert "6 of 6 cells done: 6 taken from other stores" in done.stdout
    assert same(tmp_path / "other", store)


@pytest.mark.slow
def test_threads_processes_and_a_cluster_make_the_same_store(study, store, tmp_path):
    assert batch("run", study, "--store", tmp_path / "workers", "--workers", "2").returncode == 0
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        done = batch("run", study, "--store", tmp_path / "dask", "--dask", cluster.scheduler_address)
    assert (done.returncode, done.stderr) == (0, "")
    for other in ("workers", "dask"):
        assert same(tmp_path / other, store)
        for address in Store(store).cells:
            assert Store(tmp_path / other).cells.read(address)["results"] == Store(store).cells.read(address)["results"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--threads", "0"), "threads = 0 is too few"),
        (("--threads", "1", "--workers", "2"), "exclude one another"),
        (("--from", "nowhere"), "nowhere: is no store of a study"),
        (("--dask", "nonsense"), "'nonsense' is no address of a Dask scheduler"),
        (("--dask", "tcp://127.0.0.1:99999"), "is no address of a Dask scheduler"),
        (("--dask", "tcp://127.0.0.1:9"), "no Dask scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_flags_that_are_wrong_are_told(study, tmp_path, words, said):
    done = batch("run", study, "--store", tmp_path / "store", *words)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("width", ["60", "200"])
def test_the_command_that_goes_on_can_be_copied_as_it_is(width, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", width)
    again = "ooms batch run my-study.toml --store my//study.zarr --dask tcp://10.0.0.1:8786"
    reporter(quiet=True, json=False).interrupted(tmp_path, again)
    assert f"To go on: {again}\n" in capsys.readouterr().err
