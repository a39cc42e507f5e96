"""Studies and stores as a person reads them in a terminal."""

from __future__ import annotations

import json as json_
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ooms.batch.axes import label_text
from ooms.batch.expecting import Expected, expect
from ooms.batch.idle import without_effect
from ooms.batch.plan import Plan
from ooms.batch.reading import Status, status_of
from ooms.batch.store import Store
from ooms.batch.study import load_study
from ooms.cli.exits import FAILED
from ooms.cli.progress import meter
from ooms.documents.document import Table, left, right
from ooms.outcomes.words import outcome_words
from ooms.results.numbers import elapsed, size
from ooms.writers.tables import show_table
from ooms.writers.terminal import hanging, show_warnings, terminal

if TYPE_CHECKING:
    from ooms.batch.study import Axis, Study
    from ooms.batch.work import Failure

__all__ = ["show_check", "show_status"]

_MOST = 10  # failures told in full
_SHOWN = 8  # labels of an axis told in full
_LISTED, _LOOKED_AT = 50_000, 4096
"""Up to so many cells a check looks at all; of more at so many, spread evenly."""


def show_check(name: str, store: Path | None) -> int:
    """Print what a study will do; returns the exit code."""
    console, study = terminal(), load_study(name)
    with meter() as progress:
        plan = Plan(study, progress, most=None if study.size <= _LISTED else _LOOKED_AT)
    console.print(Text(study.title or study.name, style="bold"))
    if study.description:
        hanging(console, " ".join(study.description.split()), "")
    show_table(console, _axes(study))
    _asked(console, study)
    show_warnings(console, without_effect(study))
    expected = expect(plan)
    _expected(console, plan, expected)
    if store is not None:
        _there(console, plan, store)
    return FAILED if _failures(console, study, plan.failures | expected.failures) else 0


def _axes(study: Study) -> Table:
    rows = [(axis.name, f"{len(axis.labels):,}", _labels(axis)) for axis in study.axes]
    return Table("Cells: every combination of", (*left("Axis"), *right("Points"), *left("Values")), rows)


def _labels(axis: Axis) -> str:
    labels = [label_text(label, 6) for label in axis.labels]
    if len(labels) > _SHOWN:
        labels = [*labels[: _SHOWN - 2], "...", labels[-1]]
    return ", ".join(labels)


def _asked(console: Console, study: Study) -> None:
    if study.set:
        changed = "; ".join(f"{key} = {value}" for key, value in study.set.items())
        hanging(console, changed, "changed in every cell: ")
    hanging(console, "; ".join(map(outcome_words, study.events)) or "none", "events: ")
    hanging(console, "; ".join(map(outcome_words, study.quantities)) or "none", "quantities: ")


def _expected(console: Console, plan: Plan, expected: Expected) -> None:
    study = plan.study
    looked, same = len(plan.cells), study.size - len(plan.failures) - expected.cells
    note = f", of which {same:,} are the same as others" if same else ""
    note = note if looked == study.size else f" ({looked:,} of them, spread evenly, are looked at here)"
    kept = ", all kept" if study.keep_draws else ""
    draws = f"{study.draws:,} draws each{kept}: {study.draws * expected.cells:,} in all"
    console.print(Text(f"{study.size:,} cell{'s' * (study.size > 1)}{note}; {draws}", style="bold"))
    cores = f"{expected.cores} core{'s' * (expected.cores > 1)}"
    on_these = f"about {elapsed(expected.seconds)} on this machine's {cores}"
    on_one = f"{elapsed(expected.core_seconds)} on one"
    console.print(Text(f"{on_these}, {on_one}; about {size(expected.bytes)} on the disk"))
    console.print(Text("(time and size are from a trial of some of the cells, now)", style="dim"))


def _there(console: Console, plan: Plan, folder: Path) -> None:
    store = Store(folder)
    store.check()
    there = sum(store.cells.read(address) is not None for address in plan.places)
    of = "them" if len(plan.cells) == plan.study.size else f"the {len(plan.cells):,} looked at"
    console.print(Text(f"{there:,} of {of} are in {folder} already"))


def _failures(console: Console, study: Study, failures: Mapping[int, Failure]) -> bool:
    """Print the cells that fail, those with the same problem together; returns whether there are any."""
    alike: dict[str, list[int]] = {}
    for index, failure in sorted(failures.items()):
        alike.setdefault("\n".join(map(str, failure.problems)), []).append(index)
    if alike:
        cells, them = ("cell", "it") if len(failures) == 1 else ("cells", "them")
        what = f"{len(failures):,} {cells} will fail; a run leaves {them} out:"
        console.print(Text(what, style="bold yellow"))
    for problem, indices in [*alike.items()][:_MOST]:
        console.print(Text(f"{_names(study, indices)}\n  {problem}"))
    if len(alike) > _MOST:
        console.print(Text(f"and {len(alike) - _MOST:,} more kinds of failure"))
    return bool(failures)


def _names(study: Study, indices: Sequence[int]) -> str:
    names = [study.cell(index).label for index in indices[:3]]
    return "; ".join(names) + (f" and {len(indices) - 3:,} more" if len(indices) > 3 else "")


def show_status(store: Path, *, json: bool) -> int:
    """Print how far a study is; returns the exit code."""
    status = status_of(store)
    if json:
        print(json_.dumps(asdict(status) | {"minutes_left": status.minutes_left}, indent=2))
    else:
        _status(terminal(), status, store)
    return 0 if status.done == status.total else FAILED


def _status(console: Console, status: Status, store: Path) -> None:
    console.print(Text(status.title or status.study, style="bold"))
    rest = f"{status.failures:,} failed, {status.left:,} left"
    console.print(Text(f"{status.done:,} of {status.total:,} cells done, {rest}"))
    if status.running:
        soon = status.minutes_left
        rate = f": {status.a_minute:.2g} cells a minute, about {elapsed(60 * soon)} left" if soon else ""
        console.print(Text(f"a run is at work in it{rate}", style="green"))
    elif status.left:
        again = f"ooms batch run STUDY --store {store}"
        hanging(console, f"no run is at work in it; to go on: {again}", "", style="yellow")
    for name, why in [*status.failed.items()][:_MOST]:
        hanging(console, f"{name}: {why}", "failed: ", "    ")
    if status.others:
        console.print(Text(f"{status.others:,} cells of other or earlier studies are kept in it too", style="dim"))
    run = status.manifest
    version = run["versions"].get("ooms", "?")
    console.print(Text(f"last run: {run['began']}, {run['crew']}, ooms {version}", style="dim"))
    console.print(Text(f"{size(status.bytes)} on the disk", style="dim"))
