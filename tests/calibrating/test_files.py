"""A calibration as files: what is read is what was written, and no half or damaged set of files gets through."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import resource
import signal
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import ooms
from ooms.beliefs.calibrated import Calibrated
from ooms.beliefs.draws import RANDOMISATIONS, Sampler
from ooms.beliefs.references import Reference
from ooms.beliefs.view import BeliefWarning
from ooms.calibrating import files
from ooms.calibrating.files import check_places, read, save
from ooms.calibrating.posterior import calibrated_view, thinned
from ooms.calibrating.provenance import Command, Provenance, digests, versions
from ooms.calibrating.sampling import NutsSettings
from ooms.calibrating.surveys import load_survey
from ooms.distributions.copula import Correlation
from ooms.problems import Problems, UserError

BASE = ooms.load("davidson-2025")
NAMES = ("rho", "returns", "software_limit")
CALIBRATION = Calibrated("davidson-2025", ("compute-polls", "espai"), "ooms calibrate davidson-2025", 1, 900)
EVENT = "5 ooms in 1 year"


def posterior(chains=4, draws=300, seed=0):
    rng = np.random.default_rng(seed)
    shared = rng.random((chains, draws))
    return {n: BASE.beliefs[n].marginal.ppf(np.mod(shared + 0.1 * k, 1.0)) for k, n in enumerate(NAMES)}


def view(rows=4096, draws=300, **changes):
    return calibrated_view(BASE, posterior(draws=draws), replace(CALIBRATION, **changes), name="mine", rows=rows)


def tree(seed=0):
    rng, shape = np.random.default_rng(seed), (4, 300)
    over = ("chain", "draw")
    messages = np.full(shape, None, dtype=object)
    return xr.DataTree.from_dict(
        {
            "/posterior": xr.Dataset(
                {n: (over, values) for n, values in posterior(seed=seed).items()}
                | {"espai.cost.effects": ((*over, "k"), rng.normal(size=(*shape, 3)))}
            ),
            "/log_likelihood": xr.Dataset({"espai.cost": ((*over, "term"), rng.normal(size=(*shape, 5)))}),
            "/sample_stats": xr.Dataset(
                {"diverging": (over, rng.random(shape) < 0.1), "energy": (over, rng.normal(size=shape)),
                 "divergence_message": (over, messages)}
            ),
            "/predictive": xr.Dataset({"low": ("item", rng.normal(size=2)), "unit": ("item", np.array(["a", "b c"]))},
                                      {"item": ["one", "two"]}),
            "/warmup_posterior": xr.Dataset({"rho": (over, rng.normal(size=shape))}),
        }
    )  # fmt: skip


def saved(folder, **changes):
    save(view(**changes), tree(), folder / "mine.toml", {"seed": 7, "command": "ooms calibrate"})
    return folder / "mine.toml"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("ending", [".toml", ".nc"])
def test_everything_reads_back(tmp_path, ending):
    path = saved(tmp_path)
    assert sorted(contents(tmp_path)) == ["mine.csv", "mine.nc", "mine.toml"]
    (found, record, _), made = read(path.with_suffix(ending)), tree()
    assert set(found.children) == set(made.children) - {"warmup_posterior"}
    for name in NAMES:
        assert np.array_equal(found["posterior"][name].values, made["posterior"][name].values)
    assert np.array_equal(found["log_likelihood"]["espai.cost"].values, made["log_likelihood"]["espai.cost"].values)
    effects = found["posterior"]["espai.cost.effects"]
    assert effects.dims == ("chain", "draw", "k")
    assert effects.values == pytest.approx(made["posterior"]["espai.cost.effects"].values, rel=1e-6)
    stats = found["sample_stats"]
    assert set(stats.data_vars) == {"diverging", "energy"}
    assert np.array_equal(stats["diverging"].values, made["sample_stats"]["diverging"].values)
    assert stats["diverging"].dtype == bool
    assert found["predictive"]["unit"].values.tolist() == ["a", "b c"]
    assert record == {"seed": 7, "command": "ooms calibrate", "view": "mine"}


def test_the_prior_file_forecasts_as_the_view_does(tmp_path):
    path = saved(tmp_path, draws=4096)
    back, made = ooms.load(path), view(draws=4096)
    assert back.calibration == made.calibration == replace(CALIBRATION, draws=4096)
    few = {"draws": 2**12, "events": [EVENT], "quantities": ()}
    ours, theirs = (ooms.forecast(one, **few).probability(EVENT) for one in (back, made))
    assert ours.value == pytest.approx(theirs.value, abs=0.001)  # the draws are rounded to 6 digits
    assert ours.standard_error == pytest.approx(0.5 / math.sqrt(4096), rel=0.6)
    assert (tmp_path / "mine.csv").stat().st_size < 400_000
    for name in set(BASE.beliefs) - set(NAMES):
        assert back.beliefs[name].marginal == BASE.beliefs[name].marginal


def test_a_file_of_eight_parameters_is_small(tmp_path):
    rng = np.random.default_rng(0)
    names = ("rho", "compute_share", "returns", "software_limit", "parallelizability", "taste_start", "taste_slope",
             "software_growth")  # fmt: skip
    draws = {n: np.abs(rng.normal(0.5, 0.1, (4, 1100))) for n in names}
    made = calibrated_view(BASE, draws, CALIBRATION)
    save(made, tree(), tmp_path / "big.toml", {})
    assert len(next(iter(made.beliefs.values())).marginal.values) == 4096
    assert (tmp_path / "big.csv").stat().st_size < 400_000


def test_draws_keep_their_rows_and_correlations_with_them_are_dropped():
    base = replace(BASE.replace(taste_start="normal(0, 0.1)"), correlations=(
        Correlation("rho", "returns", 0.3), Correlation("taste_start", "software_growth", 0.2)))  # fmt: skip
    own = {n: np.arange(1200.0).reshape(4, 300) + 10_000 * k for k, n in enumerate(("rho", "returns"))}
    made = calibrated_view(base, own, CALIBRATION, rows=500, cites=["me-2026", "davidson-2025"],
                           references={"me-2026": Reference(author=("Me",), title="A poll", year=2026)})  # fmt: skip
    rho, returns = (np.array(made.beliefs[n].marginal.values) for n in ("rho", "returns"))
    assert np.array_equal(returns - rho, np.full(496, 10_000.0))
    assert made.correlations == (Correlation("taste_start", "software_growth", 0.2),)
    assert made.calibration.draws == 496
    assert made.cites == (*BASE.cites, "me-2026")
    assert made.references["me-2026"].title == "A poll"
    assert made.beliefs["rho"].note.startswith("prior: uniform(-0.2, 0) (Davidson 2025")
    assert made.beliefs["taste_start"] == base.beliefs["taste_start"]


@pytest.mark.parametrize(
    ("chains", "draws", "rows", "kept"),
    [(4, 1000, 4096, 4000), (4, 1500, 4096, 4096), (3, 100, 50, 48), (1, 9, 4096, 9), (2, 8, 7, 7)],
)
def test_thinning_takes_draws_evenly_and_none_twice(chains, draws, rows, kept):
    index = np.arange(float(chains * draws)).reshape(chains, draws)
    found = thinned(index, rows)
    assert len(found) == kept
    assert np.max(np.diff(np.sort(found))) <= math.ceil(chains * draws / kept)
    assert len(np.unique(found)) == kept
    if kept >= RANDOMISATIONS:
        pieces = found.reshape(-1, RANDOMISATIONS).T
        assert np.all(np.diff(pieces, axis=1) > 0)
        assert np.all(pieces[1:, 0] > pieces[:-1, -1])


def test_forecasts_of_autocorrelated_draws_know_their_error():
    """Stationary chains with an autocorrelation of 0.8: the error is 3 times that of independent draws."""
    off, said, memory = [], [], 0.8
    for seed in range(60):
        rng = np.random.default_rng(seed)
        chains = np.empty((4, 1024))
        chains[:, 0] = rng.normal(size=4)
        for t in range(1, 1024):
            chains[:, t] = memory * chains[:, t - 1] + math.sqrt(1 - memory**2) * rng.normal(size=4)
        made = calibrated_view(BASE, {"rho": -0.5 + 0.01 * chains}, CALIBRATION)
        each = (Sampler(made).block(0, 2**13).values["rho"] + 0.5).reshape(-1, RANDOMISATIONS).mean(axis=0) / 0.01
        off.append(each.mean())
        said.append(each.std(ddof=1) / math.sqrt(RANDOMISATIONS))
    expected = math.sqrt((1 + memory) / (1 - memory) / 4096)
    actual, reported = (math.sqrt(np.mean(np.square(x))) for x in (off, said))
    assert actual == pytest.approx(expected, rel=0.3)
    assert reported == pytest.approx(expected, rel=0.15)


def test_an_unsound_calibration_says_so_wherever_its_file_is_read(tmp_path):
    path = saved(tmp_path, failed=("R-hat of rho is 1.2, not below 1.01",), remedy="sample longer (--draws 2000)")
    with pytest.warns(BeliefWarning, match="unsound-calibration: R-hat of rho is 1.2"):
        found = ooms.load(path)
    assert "It failed its checks: R-hat of rho is 1.2" in found.description


def test_provenance_is_json_and_hashes_the_surveys(tmp_path):
    (tmp_path / "polls.toml").write_text("n = 6\n")
    polls = replace(load_survey("compute-polls"), name="polls", file=str(tmp_path / "polls.toml"))
    one = Provenance(Command("x"), NutsSettings(seed=1, tune=500), digests([polls]), ("a",), (), 61.23, versions())
    (tmp_path / "polls.toml").write_text("n = 7\n")
    assert digests([polls]) != one.surveys
    assert digests([replace(polls, file="made in Python")]) == {"polls": ""}
    record = json.loads(json.dumps(one.record()))
    assert record == one.record()
    assert Provenance.from_record(record) == replace(one, seconds=61.2)
    assert {"ooms", "numpy", "pymc", "nutpie"} <= record["versions"].keys()
    assert (record["command"], record["tune"]) == ("ooms calibrate x --surveys", 500)


@pytest.mark.parametrize(("place", "said"), [
    ("mine", "does not end in .toml"), ("mine.nc", "does not end in .toml"), ("folder.toml", "is a folder"),
    ("no/mine.toml", "there is no folder"), ("file/mine.toml", "there is no folder"), ("table.toml", "is a folder"),
    ("", "does not end in .toml"),
])  # fmt: skip
def test_places_that_cannot_be_written_are_known_before(tmp_path, place, said):
    for name in ("folder.toml", "table.nc"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").write_text("a file in place of a folder")
    problems = Problems()
    check_places(tmp_path / place, problems)
    with pytest.raises(UserError, match=said):
        problems.raise_if_any()


def test_a_good_place_has_no_problems(tmp_path):
    problems = Problems()
    check_places(tmp_path / "mine.toml", problems)
    assert len(problems) == 0


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()])
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("before", [True, False])
def test_a_failure_half_way_leaves_what_was_there(tmp_path, monkeypatch, error, at, before):
    if before:
        saved(tmp_path, rows=64)
    old, whole, calls = contents(tmp_path), os.replace, []

    def failing(*arguments):
        calls.append(arguments)
        if len(calls) == at:
            raise error
        return whole(*arguments)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else UserError):
        saved(tmp_path)
    assert contents(tmp_path) == old


_FULL = """
import resource, signal, sys
sys.path.insert(0, {tests!r})
import test_files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
from pathlib import Path
try:
    test_files.saved(Path({folder!r}))
except test_files.UserError as error:
    print(error)
"""


@pytest.mark.sweep(1)
@pytest.mark.parametrize("limit", [100, 2_000, 30_000])
def test_a_disk_that_is_really_full(tmp_path, limit):
    """The kernel refuses to make files longer than so many bytes."""
    assert resource.RLIMIT_FSIZE
    assert signal.SIGXFSZ
    old = contents(saved(tmp_path, rows=64).parent)
    script = _FULL.format(tests=str(Path(__file__).parent), limit=limit, folder=str(tmp_path))
    run = subprocess.run([sys.executable, "-B", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert "cannot be written: File too large" in run.stdout
    assert run.stderr == ""
    assert contents(tmp_path) == old


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(UserError, match=r"none\.toml: cannot be read: No such file"):
        read(tmp_path / "none.nc")
    for folder in (Path("/"), Path(), tmp_path):
        with pytest.raises(UserError, match="is a folder, not a file"):
            read(folder)
    (tmp_path / "mine.toml").write_text("title = 'a view'")
    with pytest.raises(UserError, match=r"is no calibration: it has no table \[calibration\]"):
        read(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_bytes(b"\x89HDF\r\n")
    with pytest.raises(UserError, match="is damaged, or no calibration"):
        read(tmp_path / "mine.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(UserError, match="is no plain file"):
        read(tmp_path / "pipe.toml")


def resealed(path, netcdf):
    """The same calibration with another NetCDF file, as somebody would make it who knows of the seals."""
    path.with_suffix(".nc").write_bytes(netcdf)
    text = path.read_text()
    seal = f'{{bytes = {len(netcdf)}, sha256 = "{hashlib.sha256(netcdf).hexdigest()}"}}'
    path.write_text(f"{text.rpartition('nc = ')[0]}nc = {seal}\n")


def netcdf_of(**attributes) -> bytes:
    return bytes(xr.DataTree(xr.Dataset({"x": 1}, attrs=attributes)).to_netcdf(None, engine="h5netcdf"))


def test_netcdf_files_of_something_else(tmp_path):
    path = saved(tmp_path)
    resealed(path, netcdf_of())
    with pytest.raises(UserError, match=r"is no calibration\n"):
        read(path)
    resealed(path, netcdf_of(format="ooms calibration", format_version="3", said="{}"))
    with pytest.raises(UserError, match="has format 3, and this version of ooms"):
        read(path)
    resealed(path, b"no HDF5 at all")
    with pytest.raises(UserError, match="is damaged, or no calibration"):
        read(path)


@pytest.mark.parametrize("whole", ["3", "-5e-324", "'davidson-2025'", "[]", "true"])
def test_what_should_be_a_table_and_is_none_is_told(tmp_path, whole):
    (tmp_path / "c.toml").write_text(f"calibration = {whole}\n")
    with pytest.raises(UserError, match=r"c\.toml: calibration: calibration = .* is not a table"):
        ooms.open_calibration(tmp_path / "c.toml")


def test_one_without_digests_is_of_an_earlier_version(tmp_path):
    path = saved(tmp_path)
    path.write_text(path.read_text().partition("\n[calibration.files]")[0])
    with pytest.raises(UserError, match=r"(?s)an earlier version.*make them again with: ooms calibrate davidson-2025 "):
        read(path)
    assert ooms.load(path).calibration == view().calibration  # its draws are read as those of any prior file


def damages(whole: bytes, rng, count):
    """A file's bytes with some zeroed, some flipped, some cut off or added."""
    for k in range(count):
        content, start = bytearray(whole), int(rng.integers(len(whole)))
        kind = ("zeros", "flip", "cut", "more", "attributes")[k % 5]
        if kind == "zeros":
            content[start : start + 64] = bytes(len(content[start : start + 64]))
        elif kind == "flip":
            content[start] ^= int(rng.integers(1, 256))
        elif kind == "cut":
            del content[start:]
        elif kind == "more":
            content += rng.bytes(100)
        else:
            content[:8000] = bytes(content[:8000]).replace(b"ooms", b"0oms", 1)
        if content != whole:
            yield bytes(content)


@pytest.mark.parametrize("ending", [".nc", ".csv", ".toml"])
@pytest.mark.parametrize("count", [25, pytest.param(1000, marks=pytest.mark.slow)])
def test_whatever_is_damaged_is_refused_before_anything_opens_it(tmp_path, ending, count, monkeypatch):
    """No byte of the three files can change unnoticed; HDF5, which hangs on some damage, never sees any of it."""
    path = saved(tmp_path)
    damaged, opened = path.with_suffix(ending), files._opened
    whole = damaged.read_bytes()

    def never(content, *others):
        assert ending == ".toml", "HDF5 is given a damaged file"
        return opened(content, *others)

    monkeypatch.setattr(files, "_opened", never)
    for content in damages(whole, np.random.default_rng(0), count):
        damaged.write_bytes(content)
        with pytest.raises(UserError) as caught:
            read(path)
        assert all("calibrat" in problem.remedy or "mine.toml" in problem.place for problem in caught.value.problems)
        if ending == ".csv":
            with pytest.raises(UserError, match=r"mine\.csv: is damaged.*\n.*ooms calibrate"):
                ooms.load(path)
    monkeypatch.undo()
    damaged.write_bytes(whole)
    assert read(path).record["seed"] == 7


def test_what_single_precision_cannot_hold_is_kept_as_it_is(tmp_path):
    whole, path = tree(), tmp_path / "mine.toml"
    effects = whole["posterior"]["espai.cost.effects"]
    effects[0, 0, 0], effects[0, 0, 1] = 1e300, math.inf
    save(view(), whole, path, {"seed": 7, "command": "ooms calibrate"})
    kept = read(path).tree["posterior"]["espai.cost.effects"]
    assert kept.identical(effects)
    assert read(path).tree["sample_stats"]["energy"].dtype == np.float32


def test_what_made_hdf5_hang_is_told_at_once(tmp_path):
    """64 zero bytes at offset 755 of the NetCDF file, in a process of its own so that nothing here can hang."""
    path = saved(tmp_path)
    content = bytearray(path.with_suffix(".nc").read_bytes())
    content[755 : 755 + 64] = bytes(64)
    path.with_suffix(".nc").write_bytes(content)
    command = [sys.executable, "-c", "from ooms.cli import main; raise SystemExit(main())", "calibration", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 2
    assert "mine.nc: is damaged: its bytes are not those that were saved" in run.stderr.replace("\n", " ")
    assert "Traceback" not in run.stderr


def test_files_are_sealed_with_what_they_hold(tmp_path):
    path = saved(tmp_path)
    told = tomllib.loads(path.read_text())["calibration"]["files"]
    for ending in ("csv", "nc"):
        content = path.with_suffix(f".{ending}").read_bytes()
        assert told[ending] == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_much_can_be_said_of_a_calibration(tmp_path):
    save(view(), tree(), tmp_path / "mine.toml", {"diagnostics": "x" * 200_000})
    assert len(read(tmp_path / "mine.nc").record["diagnostics"]) == 200_000
