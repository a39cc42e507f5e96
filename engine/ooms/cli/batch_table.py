"""``ooms batch table``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ooms.cli.numbers import Whole
from ooms.cli.options import Formerly, Json, Outputs, Several, Switch, read_outputs
from ooms.cli.present import present

__all__ = ["table"]


def table(
    store: Path,
    /,
    *,
    where: Several = None,
    event: Several = None,
    quantity: Several = None,
    over: Several = None,
    interval: float = 0.9,
    sort: Switch = False,
    rows: Whole = 40,
    json: Annotated[Json, Parameter(help="Print JSON and nothing else, all rows of it.")] = False,
    output: Outputs = None,
    formerly: Formerly = None,
) -> None:
    """Probabilities and credence intervals of a study, or of any slice of it, a row a cell.

    Examples to copy:

      ooms batch table substitution.zarr --where rho=-0.4
      ooms batch table substitution.zarr --where "returns=1..2" --interval 0.8
      ooms batch table debate.zarr --over view --event "5 ooms in 1 year"
      ooms batch table debate.zarr -o debate.parquet

    Parameters
    ----------
    store
        Folder of the results.
    where
        Which cells: `rho=-0.4`, `rho=-0.4,-0.2`, `returns=0.5..2`, `view=davidson-2025`. May be given several times.
    event
        Which events: `"5 ooms in 1 year"`. May be given several times. Default: all.
    quantity
        Which quantities: `"time to 5 ooms"`. May be given several times. Default: all.
    over
        An axis along which cells are taken together, all with the same weight. May be given several times.
    interval
        Mass of the credence intervals (equal-tailed).
    sort
        The highest probability of the first event first.
    rows
        Print so many rows at most.
    output
        Write all rows to a file: .csv, .parquet or .json. May be given several times.
    """
    from ooms.batch.reading import open_study
    from ooms.batch.table import ENDINGS, asked_of, check_parquet, plain, study_table
    from ooms.documents.study import document
    from ooms.problems import Problems, UserError

    problems, chosen = Problems(), (where or (), event or (), quantity or (), over or ())
    (written,) = read_outputs(output, formerly, {"table": ENDINGS}, problems).values()
    for path in written:
        check_parquet(path, problems)
    if rows < 1:
        problems.add("--rows", f"{rows} is too few", "give 1 or more")
    data = None
    try:
        data = open_study(store)
        asked_of(data, *chosen, interval, problems)
    except UserError as error:
        problems.extend(error.problems)
    data = problems.sound(data)
    cells, events, quantities, together = chosen
    found = study_table(data, where=cells, events=events, quantities=quantities, over=together, mass=interval)
    found = found.sorted() if sort else found
    for path in written:
        found.save(path)
    present(json, lambda: plain(found.records()), lambda: document(data, found, most=rows), written)
