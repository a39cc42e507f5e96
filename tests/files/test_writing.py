"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ooms.files.writing import check_place, write_whole
from ooms.problems import Problems, UserError


def test_a_file_is_written(tmp_path):
    write_whole(tmp_path / "a", lambda part: part.write_text("new"))
    assert (tmp_path / "a").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("stop", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_what_was_there_stays_until_the_new_one_is_whole(tmp_path, stop):
    path = tmp_path / "a"
    path.write_text("old")

    def half(part):
        part.write_text("ne")
        raise stop

    with pytest.raises(KeyboardInterrupt if isinstance(stop, KeyboardInterrupt) else UserError):
        write_whole(path, half)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    write_whole(tmp_path / "link", lambda part: part.write_text("new"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_text() == "new"


def test_a_device_is_written_to_directly():
    write_whole(Path(os.devnull), lambda part: part.write_text("gone"))
    assert os.path.exists(os.devnull)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match="cannot be written: No such file"):
        write_whole(tmp_path / "no" / "a", lambda part: part.write_text("x"), "--out no/a")
    problems = Problems()
    check_place(tmp_path / "no" / "a", problems, "--out no/a")
    check_place(tmp_path, problems)
    check_place(tmp_path / "fine", problems)
    with pytest.raises(UserError) as caught:
        problems.raise_if_any()
    assert [p.what.partition(" (")[0][:12] for p in caught.value.problems] == ["cannot be wr", "is a folder,"]
    assert caught.value.problems[0].place == "--out no/a"
