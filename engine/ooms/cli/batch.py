"""``ooms batch``: list and check studies, run them, watch them, read them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from ooms.cli import lists
from ooms.cli.batch_table import table
from ooms.cli.numbers import Whole
from ooms.cli.options import Json, Switch

__all__ = ["batch"]

batch = App(
    name="batch",
    help="Whole studies: views, grids of assumptions, events. Resumable, on one machine or many.\n\n"
    "Examples to copy:\n\n  ooms batch run substitution --store substitution.zarr\n"
    "  ooms batch table substitution.zarr",
    help_format="plaintext",
)
batch.command(table)

FAILED = 1
"""Exit code where cells failed, or the run ended before its end."""


@batch.command(name="list")
def list_(*, json: Json = False) -> None:
    """The shipped studies.

    Example to copy:

      ooms batch list
    """
    lists.show("studies", json=json)


@batch.command
def check(study: str, /, *, store: Path | None = None) -> int:
    """What a study will do: its cells, their number, how long they take and how large they are. Runs none of them.

    Examples to copy:

      ooms batch check debate
      ooms batch check my-study.toml --store my-study.zarr

    Everything that is wrong with the file is said at once (exit code 2). Cells whose beliefs do not go together are
    named, with the remedy (exit code 1); a run would leave them out.

    Parameters
    ----------
    study
        A shipped study (`ooms studies`) or the path of a study file.
    store
        A store, to say how many of the cells are there.
    """
    from ooms.cli.batch_printer import show_check

    return show_check(study, store)


@batch.command
def run(
    study: str,
    /,
    *,
    store: Path,
    threads: Whole | None = None,
    workers: Whole | None = None,
    dask: str | None = None,
    take_from: Annotated[list[Path] | None, Parameter(name="--from", negative=())] = None,
    quiet: Switch = False,
    json: Annotated[Json, Parameter(help="Print a line of JSON for all that happens, and nothing else.")] = False,
) -> int:
    """Run a study: every cell that its store does not have yet. Run it again to go on after whatever stopped it.

    Examples to copy:

      ooms batch run substitution --store substitution.zarr
      ooms batch run my-study.toml --store my.zarr --workers 8
      ooms batch run my-study.toml --store my.zarr --dask tcp://10.0.0.1:8786
      ooms batch run changed.toml --store changed.zarr --from my.zarr

    The numbers do not depend on who does the work. Exit code 0 if every cell is done, 1 if some failed or the run ended
    early, 2 for mistakes in what was given, 130 after Ctrl-C.

    Parameters
    ----------
    study
        A shipped study (`ooms studies`) or the path of a study file.
    store
        Folder of the results, a Zarr store: `xarray.open_zarr(STORE)` opens it.
    threads
        Threads to use (default: one a core).
    workers
        Worker processes to use instead.
    dask
        Address of the scheduler of a Dask cluster to use instead (needs `pip install "ooms[cluster]"`).
    take_from
        Another store, whose cells are taken where they fit. May be given several times.
    quiet
        Print nothing but what went wrong.
    """
    from ooms.cli.batch_run import run_and_report

    return run_and_report(
        study,
        store,
        threads=threads,
        workers=workers,
        dask=dask,
        take_from=take_from or [],
        quiet=quiet,
        json=json,
    )


@batch.command
def status(store: Path, /, *, json: Json = False) -> int:
    """How far a study is: cells done, failed and left; also while a run is at work in it.

    Example to copy:

      ooms batch status substitution.zarr

    Exit code 0 if every cell is done, else 1.

    Parameters
    ----------
    store
        Folder of the results.
    """
    from ooms.cli.batch_printer import show_status

    return show_status(store, json=json)
