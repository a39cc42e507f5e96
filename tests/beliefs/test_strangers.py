"""A file from a stranger is safe to check: what it names is read only if it is plain, small and in its own folder."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from prior_texts import EXTENDS

import ooms
from ooms.batch.study import load_study
from ooms.beliefs import prior_file
from ooms.beliefs.view import Belief
from ooms.calibrating.files import prior_from
from ooms.calibrating.surveys.reader import load_survey
from ooms.distributions.marginals import Empirical
from ooms.files.library import MOST_DRAWS, MOST_TEXT, priors_folder
from ooms.literature.reproducing.run import reproduce
from ooms.problems import UserError

SECRET = "rho,hunter2\n-0.1,correct horse\nbattery staple\n"
OUT = "leads out of the folder of the file that names it"


def draws_of(name):
    return f"{EXTENDS}parameters.rho = {{distribution = \"empirical\", draws = '{name}', source = 'x'}}"


FORMS = {
    "draws": (draws_of, ooms.load),
    "extends": (lambda name: f"extends = '{name}'", ooms.load),
    "extends with an option": (lambda name: f"extends = '{name}+long-run'", ooms.load),
    "views of a study": (lambda name: f"views = ['{name}']", load_study),
    "extends of a study": (lambda name: f"extends = '{name}'", load_study),
    "view of published numbers": (
        lambda name: f"view = '{name}'\n[[out_of_reach]]\nwhat = 'x'\nreason = 'y'\nsource = 'z'",
        lambda path: reproduce(path, draws=2**8),
    ),
}
every_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def folders(tmp_path):
    """A folder with the file, and secrets outside it, which links lead to."""
    inside, outside = tmp_path / "stranger", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    for name in ("secret.csv", "secret.toml"):
        (outside / name).write_text(SECRET, encoding="utf-8")
        (inside / f"link-{name}").symlink_to(outside / name)
    (inside / "below").symlink_to(outside)
    return inside, outside


def refused(folder, form, name):
    """What is said of a file that names another one."""
    text, read = FORMS[form]
    path = folder / "mine.toml"
    path.write_text(text(name), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read(path)
    said = str(caught.value)
    assert not any(word in said for word in ("hunter2", "horse", "battery"))
    return said


@every_form
@pytest.mark.parametrize("name", ["/etc/passwd", "../outside/secret.toml", "../outside/secret.csv", "link-secret.toml",
                                  "link-secret.csv", "below/secret.csv", "../../../../etc/passwd",
                                  "/dev/zero", "/dev/stdin", "~/.bashrc/../../../etc/passwd"])  # fmt: skip
def test_what_lies_outside_is_not_read(folders, form, name):
    said = refused(folders[0], form, name)
    shipped_only = form == "view of published numbers" and not name.endswith(".toml")
    assert OUT in said or (shipped_only and ("neither a shipped view" in said or "no such file" in said))


@every_form
@pytest.mark.parametrize("name", ["a pipe", "a folder", "gone.toml", "nul\\u0000.toml"])
def test_what_is_no_plain_file_is_not_waited_for(folders, form, name):
    os.mkfifo(folders[0] / "a pipe")
    (folders[0] / "a folder").mkdir()
    if "\\" in name:
        name = f"'+\"{name}\"+'"  # no TOML: refused for that alone
    assert refused(folders[0], form, name)


def test_large_files_are_not_read(folders):
    inside, _ = folders
    for name, most in (("big.csv", MOST_DRAWS), ("big.toml", MOST_TEXT)):
        with (inside / name).open("wb") as file:
            file.truncate(2**40)  # holds nothing, and would fill all memory
        form = "draws" if name.endswith(".csv") else "extends"
        assert f"it is larger than {most >> 20} MB" in refused(inside, form, name)
    for read in (ooms.load, load_study, load_survey):
        with pytest.raises(UserError, match="it is larger than 1 MB"):
            read(inside / "big.toml")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="has no devices")
@pytest.mark.parametrize("read", [ooms.load, load_study, load_survey])
def test_a_device_is_no_file_of_beliefs(read):
    with pytest.raises(UserError, match="no such file"):
        read("/dev/zero")


@pytest.mark.parametrize("content", [SECRET, SECRET.replace("rho", "horse"), "hunter2 battery", "horse,rho\n1\n"])
def test_what_stands_in_a_file_of_draws_is_not_repeated(folders, content):
    inside, _ = folders
    (inside / "mine.csv").write_text(content, encoding="utf-8")
    assert "mine.csv" in refused(inside, "draws", "mine.csv")


def test_files_in_folders_below_and_shipped_ones_are_read(folders):
    inside, _ = folders
    (inside / "data").mkdir()
    (inside / "data" / "draws.csv").write_text("rho\n-0.1\n", encoding="utf-8")
    (inside / "data" / "base.toml").write_text(EXTENDS, encoding="utf-8")
    (inside / "link.csv").symlink_to(inside / "data" / "draws.csv")
    path = inside / "mine.toml"
    for text in (
        *map(draws_of, ("data/draws.csv", "link.csv")),
        *(f"extends = '{name}'" for name in ("data/base", "./data/base.toml", "calibrated/davidson-2025")),
        f"extends = '{priors_folder() / 'views/epoch-2025.toml'}'",
    ):
        path.write_text(text, encoding="utf-8")
        assert ooms.load(path).beliefs


def test_a_linked_prior_file_finds_what_is_beside_it(folders, tmp_path):
    """Some environments hold packages as links into a cache: the file's folder is also that of what it links to."""
    inside, _ = folders
    (inside / "draws.csv").write_text("rho\n-0.1\n", encoding="utf-8")
    (inside / "mine.toml").write_text(draws_of("draws.csv"), encoding="utf-8")
    linked = tmp_path / "linked"
    linked.mkdir()
    for name in ("draws.csv", "mine.toml"):
        (linked / name).symlink_to(inside / name)
    assert ooms.load(linked / "mine.toml").beliefs["rho"].joint == "draws.csv"


def test_a_view_is_not_looked_for_in_the_folder_where_the_reader_stands(folders, monkeypatch):
    inside, outside = folders
    (outside / "mine-too.toml").write_text(EXTENDS, encoding="utf-8")
    monkeypatch.chdir(outside)
    assert ooms.load("mine-too.toml").beliefs
    for form in ("extends", "views of a study", "extends of a study"):
        assert "mine-too" in refused(inside, form, "mine-too.toml")


def test_draws_that_could_not_be_read_back_are_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(prior_file, "MOST_DRAWS", 2**20)
    view = ooms.load("davidson-2025")
    rows = Belief(Empirical(np.full(100_000, -0.123456789012)), "x", joint="big.csv")
    view = replace(view, beliefs={**view.beliefs, "rho": rows})
    with pytest.raises(UserError, match=r"the joint draws take 1 MB, and no more than 1 MB are read back"):
        prior_file.write_prior(view, tmp_path / "big.toml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("file", "name"), [("../x.toml", "x"), ("/tmp/x.toml", "x"), ("x.toml", "../x")])
def test_a_calibration_writes_its_prior_nowhere_else(file, name):
    with pytest.raises(UserError, match="names files of its prior that lie outside it"):
        prior_from({file: "title = 'x'"}, name)
