"""Real faults: processes that are killed, disks that are full, two runs at once. Nothing finished is lost."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from ooms.batch.cells import Cells
from ooms.batch.reading import open_study, status_of
from ooms.batch.running import run_study
from ooms.batch.store import Store
from ooms.problems import UserError
from studies import batch, command, same, written

RHO = np.linspace(-1.2, 0.0, 12).round(3).tolist()
RETURNS = np.linspace(0.5, 3.0, 10).round(3).tolist()
GRID = {"rho": RHO, "returns": RETURNS}
CELLS = len(RHO) * len(RETURNS)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return written(tmp_path_factory.mktemp("study"), grid=GRID, draws=2**11)


@pytest.fixture(scope="module")
def whole(study, tmp_path_factory):
    """An undisturbed store."""
    store = tmp_path_factory.mktemp("store") / "whole"
    done = batch("run", study, "--store", store, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return store


def killed_at_random(study, store, times, seed):
    """Start a run and kill it, so often; where one comes to its end before, some of its cells are taken away."""
    chance = random.Random(seed)
    started = 0
    while started < times:
        who = ("--workers", "2") if started % 4 == 3 else ("--threads", "2")
        run = subprocess.Popen(command("run", study, "--store", store, "--json", *who), stdout=subprocess.PIPE)
        with run:
            moment = chance.choice(["start", "while it works", "while it works"])
            if moment == "start":
                time.sleep(chance.uniform(0.0, 1.5))
            else:
                run.stdout.readline()  # it has begun
                time.sleep(chance.uniform(0.0, 0.5))
            if run.poll() is None:
                run.send_signal(signal.SIGKILL)
                started += 1
            else:
                for address in list(Store(store).cells)[::2]:
                    shutil.rmtree(store / "cells" / address)
            run.stdout.read()
        if store.exists():
            try:
                status_of(store)
            except UserError as error:  # what was killed is not damaged
                assert "no dataset yet" in str(error) or "is no store" in str(error)  # noqa: PT017


def is_whole_again(study, store, whole):
    """Whether one more run leaves nothing to tell the store from one that was never disturbed."""
    done = batch("run", study, "--store", store, "--json")
    assert done.returncode == 0, done.stderr
    ended = json.loads(done.stdout.splitlines()[-1])
    assert (ended["done"], ended["failed"], ended["damaged"]) == (CELLS, 0, 0)
    assert same(store, whole)
    assert sorted(Store(store).cells) == sorted(Store(whole).cells)
    for address in Store(whole).cells:
        one, other = (Store(place).cells.read(address) for place in (store, whole))
        assert (one["results"], one["inputs"]) == (other["results"], other["inputs"])
    assert {path.name for path in store.iterdir()} == {path.name for path in whole.iterdir()}


def test_a_small_study_goes_on_after_it_was_killed_as_if_nothing_had_been(tmp_path):
    study, store = written(tmp_path, grid={"rho": RHO[:8]}, draws=2**11), tmp_path / "store"
    with subprocess.Popen(command("run", study, "--store", store, "--json"), stdout=subprocess.PIPE) as run:
        while json.loads(run.stdout.readline())["done"] < 1:
            pass
        run.kill()
    ended = run_study(study, store, threads=1).progress
    assert (ended.there + ended.ran, ended.total) == (8, 8)
    assert ended.there >= 1
    run_study(study, tmp_path / "alone", threads=1)
    assert same(store, tmp_path / "alone")


@pytest.mark.slow
def test_killed_at_three_random_moments_it_goes_on_as_if_nothing_had_been(study, whole, tmp_path):
    killed_at_random(study, tmp_path / "store", 3, seed=int(os.environ.get("KILLS", "1")))
    is_whole_again(study, tmp_path / "store", whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_killed_at_twenty_random_moments_it_goes_on_as_if_nothing_had_been(study, whole, tmp_path, seed):
    killed_at_random(study, tmp_path / "store", 20, seed)
    is_whole_again(study, tmp_path / "store", whole)


def test_a_stopped_run_says_how_to_go_on(tmp_path):
    """Cleanly, by SIGTERM, of 12 cells; of 120, by both signals, threads and processes: below."""
    study, store = written(tmp_path, grid={"rho": RHO}, draws=2**13), tmp_path / "store"
    words = command("run", study, "--store", store, "--json", "--threads", "2")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        while json.loads(run.stdout.readline()).get("worked_out", 0) < 1:
            pass
        run.send_signal(signal.SIGTERM)
        told, errors = run.communicate(timeout=30)
    last = json.loads(told.splitlines()[-1])
    assert (run.returncode, errors, last["what"]) == (130, "", "interrupted")
    assert 1 <= last["done"] < len(RHO)
    assert (open_study(store)["state"] == 1).sum() == last["done"]
    assert last["again"] == f"ooms batch run {study} --store {store} --threads 2"


@pytest.mark.parametrize(
    ("who", "sign"),
    [
        pytest.param(("--threads", "2"), signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(("--threads", "2"), signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(("--workers", "2"), signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(("--workers", "2"), signal.SIGTERM, marks=pytest.mark.slow),
    ],
)
def test_stopped_cleanly_it_says_how_to_go_on(study, whole, tmp_path, sign, who):
    store = tmp_path / "store"
    words = command("run", study, "--store", store, "--json", *who)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        while json.loads(run.stdout.readline()).get("worked_out", 0) < 3:
            pass
        run.send_signal(sign)
        told, errors = run.communicate(timeout=30)
    assert run.returncode == 130
    assert errors == ""
    last = json.loads(told.splitlines()[-1])
    assert last["what"] == "interrupted"
    assert 3 <= last["done"] < CELLS
    assert (open_study(store)["state"] == 1).sum() == last["done"]  # the dataset is up to date
    assert last["again"] == f"ooms batch run {study} --store {store} {' '.join(who)}"
    is_whole_again(study, store, whole)


@pytest.mark.slow
@pytest.mark.parametrize("draws", [2**10, pytest.param(2**17, marks=pytest.mark.slow)])
def test_of_two_runs_at_once_one_waits_its_turn_and_nothing_is_mixed_up(tmp_path, draws):
    study, store = written(tmp_path, grid={"rho": RHO[:4]}, draws=draws), tmp_path / "store"
    with subprocess.Popen(command("run", study, "--store", store, "--json"), stdout=subprocess.PIPE, text=True) as one:
        one.stdout.readline()
        one.send_signal(signal.SIGSTOP)  # however short the run is
        other = batch("run", study, "--store", store)
        assert other.returncode == 2
        assert f"another run is at work in it: process {one.pid}" in other.stderr
        assert "nothing was run" in other.stderr
        one.send_signal(signal.SIGCONT)
        one.stdout.read()
    assert one.returncode == 0
    assert batch("run", study, "--store", tmp_path / "alone", "--quiet").returncode == 0
    assert same(store, tmp_path / "alone")


def test_a_disk_that_fills_up_stops_the_run_and_loses_nothing(tmp_path, monkeypatch):
    """No byte can be written after two cells; with a real file system of 8 MB: below."""
    study, store = written(tmp_path, grid={"rho": RHO[:4]}, draws=256), tmp_path / "store"
    put, cells = Cells._put, []

    def full(self, part, address):
        if len(cells) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        cells.append(address)
        put(self, part, address)

    with monkeypatch.context() as patched:
        patched.setattr(Cells, "_put", full)
        stopped = batch("run", study, "--store", store)
    assert stopped.returncode == 1
    for words in ("No space left on device", "free some space", "To go on: ooms batch run"):
        assert words in " ".join(f"{stopped.stdout} {stopped.stderr}".split())
    assert sorted(Store(store).cells) == sorted(cells)
    assert not list((store / "cells").glob(".*"))  # nothing half-written
    ended = json.loads(batch("run", study, "--store", store, "--json").stdout.splitlines()[-1])
    assert (ended["there_before"], ended["done"], ended["failed"]) == (2, 4, 0)
    run_study(study, tmp_path / "alone", threads=1)
    assert same(store, tmp_path / "alone")


FULL = """
import json, os, subprocess, sys
from pathlib import Path

disk, study, command = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
ballast = disk / "ballast"
room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
ballast.write_bytes(bytes(max(0, room - 700_000)))
store = disk / "store"
first = subprocess.run([*command, "run", study, "--store", store, "--json"], capture_output=True, text=True)
again = subprocess.run([*command, "run", study, "--store", store], capture_output=True, text=True)
left = sorted(path.name for path in (store / "cells").glob(".*"))
ballast.unlink()
last = subprocess.run([*command, "run", study, "--store", store, "--json"], capture_output=True, text=True)
subprocess.run(["cp", "-r", store, sys.argv[4]], check=True)
told = [(run.returncode, run.stdout, run.stderr) for run in (first, again, last)]
print(json.dumps({"told": told, "left": left}))
"""


def on_a_small_disk(place, *words):
    """Run Python with a file system of 8 MB at a place: a tmpfs in a namespace of its own."""
    inside = f"mount -t tmpfs -o size=8m tmpfs {place} && exec " + '"$@"'
    for entry in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
        words_ = [*entry, "sh", "-c", inside, "sh", sys.executable, "-c", FULL, place, *words]
        done = subprocess.run(words_, capture_output=True, text=True, timeout=600)
        if done.returncode == 0 or ("mount" not in done.stderr and "unshare" not in done.stderr):
            break
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_a_full_disk_stops_the_run_and_loses_nothing(study, whole, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    found = on_a_small_disk(disk, study, json.dumps(command()), tmp_path / "store")
    (code, told, errors), (code_again, told_again, errors_again), (code_last, told_last, _) = found["told"]
    ended = json.loads(told.splitlines()[-1])
    assert (code, errors) == (1, "")
    assert "No space left on device" in ended["stopped"]["what"]
    assert "free some space" in ended["stopped"]["remedy"]
    assert 0 < ended["done"] < CELLS
    assert found["left"] == []  # nothing half-written
    assert code_again == 1
    assert "No space left on device" in told_again
    assert "To go on: ooms batch run" in told_again
    assert "Traceback" not in errors_again
    assert code_last == 0
    assert json.loads(told_last.splitlines()[-1])["there_before"] >= ended["done"]
    is_whole_again(study, tmp_path / "store", whole)
