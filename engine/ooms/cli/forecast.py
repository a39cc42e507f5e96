"""``ooms forecast``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.cli.options import Formerly, Json, Outputs, Questions, SamplingView, Switch, WhatIfs, read_outputs
from ooms.cli.present import present

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.forecasting.forecast import Forecast

__all__ = ["forecast"]


def forecast(
    view: str = "davidson-2025",
    /,
    *,
    questions: Questions = Questions(),
    what_ifs: WhatIfs = WhatIfs(),
    full: Switch = False,
    resources: Switch = False,
    sampling: SamplingView = SamplingView(),
    json: Annotated[
        Json,
        Parameter(
            help="Print JSON and nothing else; null stands for infinite: never comes, or goes beyond 24 OOMs.",
        ),
    ] = False,
    output: Outputs = None,
    formerly: Formerly = None,
) -> None:
    """How likely, how far, how fast: probabilities and credence intervals under a view, with their Monte Carlo errors.

    Asked for events alone it prints their answers and no more; with a what-if, the answer with it, the answer as
    stated, and the difference from the same draws.

    Examples to copy:

      ooms forecast
      ooms forecast davidson-2025 --event "5 ooms in 1 year" --set rho=-0.4
      ooms forecast davidson-houlden-2025+gradual-boost
      ooms forecast davidson-2025 --set "returns ~ loguniform(0.4, 3.6)" -o my.nc

    Parameters
    ----------
    view
        A shipped view (`ooms views`) or the path of a prior file; with `+OPTION` after it, some of its options on
        (`ooms priors show`).
    full
        Print everything, also where only events are asked for.
    resources
        Also what a year's progress would have cost in hardware alone: compute, dollars, energy, carbon.
    output
        Write everything, draws included, as NetCDF: .nc.
    """
    from ooms.beliefs.changes import unwarned
    from ooms.cli.progress import meter
    from ooms.files.writing import UnwritableError
    from ooms.forecasting.forecast import worked
    from ooms.forecasting.unasked import asked
    from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, RESOURCE_QUANTITIES
    from ooms.problems import Problems

    problems = Problems()
    events = questions.event or DEFAULT_EVENTS
    answers_only = bool(questions.event) and not (questions.quantity or full or resources or json)
    quantities = [
        *(questions.quantity or (() if resources else DEFAULT_QUANTITIES)),
        *(RESOURCE_QUANTITIES if resources else ()),
    ]
    believed = what_ifs.view(view, problems)
    request = sampling.request(problems, events, quantities)
    (written,) = read_outputs(output, formerly, {"data": (".nc",)}, problems, most={"data": 1}).values()
    believed = problems.sound(believed)
    stated = _stated(view) if answers_only and what_ifs else None
    parts = 1 if stated is None else 2
    answers = replace(request, quantities=())
    with meter(quiet=json) as progress, unwarned():
        whole = replace(answers if answers_only and not written else request, keep=bool(written))
        whole, answers = (replace(each, progress=progress) for each in (whole, answers))
        result = worked(asked(believed, whole), whole.part(0, parts))
        before = None if stated is None else worked(asked(stated, answers), answers.part(1, parts))
    try:
        for path in written:
            result.save(path)
    except UnwritableError:  # what cannot be written is shown at least
        _show(result, before, [], json=json, answers_only=answers_only)
        raise
    _show(result, before, written, json=json, answers_only=answers_only)


def _stated(name: str) -> View:
    """The view without its what-ifs."""
    from ooms.beliefs.changes import unwarned
    from ooms.beliefs.reader import load

    with unwarned():
        return load(name)


def _show(result: Forecast, before: Forecast | None, written: list[Path], *, json: bool, answers_only: bool) -> None:
    if not answers_only:
        present(json, result.plain, result.document, written)
        return
    from ooms.documents.document import Code
    from ooms.documents.forecast import answers
    from ooms.writers.terminal import saved, show_blocks, show_warnings, terminal

    show_warnings(terminal(stderr=True), result.view.warnings)
    show_blocks(terminal(), map(Code, answers(result, before)))
    saved(terminal(), "Saved to", written)
