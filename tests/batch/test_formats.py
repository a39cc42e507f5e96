"""Stores of other versions: any attribute gone, renamed or of another kind, under seals that fit; and other formats.

Whatever is met is told with what to do, or made again from cells that can be read. None is taken for what it is not.
"""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from ooms.batch.groups import FORMAT, ROOT
from ooms.batch.reading import open_study, status_of
from ooms.batch.running import run_study
from ooms.batch.store import Store
from ooms.batch.table import study_table
from ooms.cli import main
from ooms.problems import UserError
from studies import same, small

KINDS = {
    "delete": lambda table, key: table.pop(key),
    "rename": lambda table, key: table.update({f"{key}_2": table.pop(key)}),
    "retype": lambda table, key: table.update({key: 3 if isinstance(table[key], str | dict | list) else [table[key]]}),
    "text": lambda table, key: table.update({key: "{"}),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return small(tmp_path_factory.mktemp("study"), grid={"rho": [-0.4, -0.1]}, draws=256)


@pytest.fixture(scope="module")
def whole(study, tmp_path_factory):
    store = tmp_path_factory.mktemp("whole") / "store"
    run_study(study, store, threads=1)
    return store


@pytest.fixture
def store(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "store")


def resealed(folder, change):
    """Change a group's file, and seal it as whoever wrote it like this would have."""
    path = folder / ROOT
    table = json.loads(path.read_text(encoding="utf-8"))
    change(table)
    table["attributes"] = {"digest": "0" * 64, **{k: v for k, v in table["attributes"].items() if k != "digest"}}
    text = json.dumps(table, ensure_ascii=False)
    start = text.index("0" * 64)
    rest = text[start + 64 :]
    path.write_text(text[:start] + hashlib.sha256(rest.encode()).hexdigest() + rest, encoding="utf-8")


def in_json(key, inner, change):
    """A change of what stands in an attribute as JSON text."""

    def changed(table):
        inside = json.loads(table["attributes"][key])
        change(inside, inner)
        table["attributes"][key] = json.dumps(inside)

    return changed


def answers(*words):
    """A command ends with an answer or a problem."""
    assert main(["batch", *map(str, words)]) in (0, 1, 2)


def told(read, *given):
    """What a reader says is wrong, with what to do; nothing if it answers."""
    try:
        read(*given)
    except UserError as error:
        problems = error.problems
    else:
        return ""
    assert all(p.place and p.what and p.remedy for p in problems)
    return str(problems[0])


def told_or_healed(store, study, whole):
    """Every reader answers or says what is wrong; a run makes all of it whole again."""
    told(status_of, store)
    told(lambda: study_table(open_study(store)))
    run = run_study(study, store, threads=1)
    assert run.complete
    assert same(store, whole)
    assert (status_of(store).done, len(study_table(open_study(store)).rows)) == (2, 2)
    return run


ATTRIBUTES = (
    "format", "title", "description", "study", "draws", "seed", "ooms_version", "study_text", "addresses", "views",
    "manifest", "files",
)  # fmt: skip
MANIFEST = ("plan", "done", "total", "failed_cells", "keep_draws", "failed", "versions", "crew", "began", "seconds")


@pytest.mark.sweep(1)
@pytest.mark.parametrize("kind", KINDS)
def test_any_attribute_of_the_dataset(store, study, whole, kind):
    for key in ATTRIBUTES:
        shutil.copy(whole / ROOT, store / ROOT)
        resealed(store, lambda table, key=key: KINDS[kind](table["attributes"], key))
        read = told(status_of, store) or told(lambda: study_table(open_study(store)))
        # text may be any, and there may be no format
        harmless = (kind == "text" and key not in ("draws", "addresses", "views", "manifest", "files", "format")) or (
            key == "format" and kind in ("delete", "rename")
        )
        assert bool(read) != harmless, key
        told_or_healed(store, study, whole) if kind == "delete" else None
    told_or_healed(store, study, whole)


@pytest.mark.parametrize("kind", ["delete", "retype"])
def test_anything_in_the_manifest(store, study, whole, kind):
    for key in MANIFEST:
        shutil.copy(whole / ROOT, store / ROOT)
        resealed(store, in_json("manifest", key, KINDS[kind]))
        assert (f"manifest.{key}" in told(status_of, store)) == (key != "seconds")
    told_or_healed(store, study, whole)


@pytest.mark.slow
def test_every_array_of_the_dataset(store, study, whole):
    names = [path.name for path in whole.iterdir() if path.is_dir() and path.name != "cells"]
    for name in names:
        for change in (
            lambda arrays, name=name: arrays.pop(name),
            lambda arrays, name=name: arrays.update({f"{name}_2": arrays.pop(name)}),
            lambda arrays, name=name: arrays[name].update(dimension_names=["x"] * len(arrays[name]["shape"])),
            lambda arrays, name=name: arrays[name].pop("data_type"),
            lambda arrays, name=name: arrays.update({name: []}),
        ):
            resealed(store, lambda table, change=change: change(table["consolidated_metadata"]["metadata"]))
            assert "its dataset" in told(lambda: study_table(open_study(store)))
            shutil.copy(whole / ROOT, store / ROOT)
    told_or_healed(store, study, whole)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("kind", KINDS)
def test_any_attribute_of_a_cell(store, study, whole, kind):
    address = min(Store(store).cells)
    for place in [(), ("inputs",), ("results",), ("results", "events", "5 ooms in 1 year"),
                  ("results", "quantities", "time to 3 ooms")]:  # fmt: skip
        table = json.loads((whole / "cells" / address / ROOT).read_text(encoding="utf-8"))["attributes"]
        for step in place:
            table = table[step]
        for key in set(table) - {"digest"}:

            def change(root, place=place, key=key):
                inside = root["attributes"]
                for step in place:
                    inside = inside[step]
                KINDS[kind](inside, key)

            resealed(store / "cells" / address, change)
            status_of(store)
            shutil.copy(whole / "cells" / address / ROOT, store / "cells" / address / ROOT)
        resealed(store / "cells" / address, change)
        told_or_healed(store, study, whole)


CONTENTS = ("", "{}", "[]", "3", '{"attributes": []}', "\udcff")


def some_of(files):
    """A few of many."""
    return files[:: max(len(files) // 3, 1)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "which"),
    [(None, some_of), *(pytest.param(text, list, marks=pytest.mark.slow) for text in (None, *CONTENTS))],
)
def test_every_metadata_file(store, study, whole, content, capsys, which):
    for path in which(sorted(whole.rglob(ROOT))):
        place = store / path.relative_to(whole)
        place.unlink()
        if content is not None:
            place.write_text(content, encoding="utf-8", errors="surrogateescape")
        for words in (("status", store), ("table", store), ("check", study.file, "--store", store)):
            answers(*words)
        told_or_healed(store, study, whole)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("where", ["dataset", "cells"])
def test_a_store_of_a_later_format_is_left_alone(store, study, where, tmp_path, capsys):
    if where == "dataset":
        resealed(store, lambda table: table["attributes"].update(format=FORMAT + 6, ooms_version="9.1"))
    else:
        text = (store / "cells" / ROOT).read_text(encoding="utf-8")
        newer = text.replace(f'"format": {FORMAT}', f'"format": {FORMAT + 6}')
        (store / "cells" / ROOT).write_text(newer, encoding="utf-8")
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    for words in (("status", store), ("table", store), ("run", study.file, "--store", store),
                  ("run", study.file, "--store", tmp_path / "other", "--from", store)):  # fmt: skip
        assert main(["batch", *map(str, words)]) == 2
        said = capsys.readouterr().err
        assert f"is a store of format {FORMAT + 6}" in said
        assert f"reads format {FORMAT}" in said
        assert "or a later one; or give another store" in said
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before


def test_cells_from_before_there_was_a_number_are_read(store, study, whole):
    for folder in (store, *(store / "cells" / address for address in Store(store).cells)):
        resealed(folder, lambda table: table["attributes"].pop("format"))
    assert status_of(store).done == 2
    run = told_or_healed(store, study, whole)
    assert (run.progress.there, run.progress.ran) == (2, 0)


def test_a_run_that_was_stopped_before_its_dataset_says_so(store, study, whole):
    (store / ROOT).unlink()
    with pytest.raises(UserError, match=r"no dataset yet.*2 finished cells are kept"):
        status_of(store)
    assert told_or_healed(store, study, whole).progress.ran == 0
    shutil.rmtree(store)
    with pytest.raises(UserError, match="is no store of a study"):
        status_of(store)
    (store / "cells").mkdir(parents=True)
    (store / ".lock").touch()
    with pytest.raises(UserError, match="no dataset yet: the run was stopped before its first cell"):
        status_of(store)
    told_or_healed(store, study, whole)
