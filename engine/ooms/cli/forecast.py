"""``ooms forecast``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.cli.numbers import Whole

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["forecast"]


def forecast(
    view: str = "davidson-2025",
    /,
    *,
    event: Annotated[list[str] | None, Parameter(negative=())] = None,
    quantity: Annotated[list[str] | None, Parameter(negative=())] = None,
    set_: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    resources: Annotated[bool, Parameter(negative=())] = False,
    draws: Whole = 131072,
    seed: Whole = 0,
    threads: Whole | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
    save: Path | None = None,
) -> None:
    """How likely, how far, how fast: probabilities and credence intervals under a view, with their Monte Carlo errors.

    Examples: `ooms forecast` ·
    `ooms forecast davidson-2025 --event "5 ooms in 1 year" --set rho=-0.4` ·
    `ooms forecast davidson-houlden-2025+gradual-boost` ·
    `ooms forecast my-beliefs.toml --set "returns ~ loguniform(0.4, 3.6)" --save my.nc`

    Parameters
    ----------
    view
        A shipped view (`ooms priors list`) or the path of a prior file; with `+OPTION` after it, some of its options
        on (`ooms priors show`).
    event
        What to give the probability of: `"5 ooms in 1 year"`, `"3 years in 4 months anywhere"`, `"accelerates at the
        start"`. May be given several times.
    quantity
        What to give the distribution of: `"time to 5 ooms"`, `"ooms after 1 year"`, `"peak pace"`. May be given
        several times. Default: all that the package knows.
    set_
        A what-if: `rho=-0.4`, `"returns ~ loguniform(0.4, 3.6)"`, `retraining=true`. May be given several times.
    resources
        Also what a year's progress would have cost in hardware alone: compute, dollars, energy, carbon.
    draws
        Quasi-random draws, a power of two from 256 up.
    seed
        Chooses the randomisations.
    threads
        Threads to use (default: one a core). The numbers do not depend on it.
    json
        Print JSON and nothing else; null stands for infinite: never comes, or goes beyond 24 OOMs.
    save
        Write everything, draws included, as NetCDF.
    """
    from ooms.beliefs.changes import unwarned
    from ooms.cli.options import changed_view
    from ooms.cli.progress import Waiting
    from ooms.files.writing import UnwritableError, check_place
    from ooms.forecasting.forecast import forecast as run
    from ooms.forecasting.request import read_request
    from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, RESOURCE_QUANTITIES
    from ooms.problems import Problems

    problems = Problems()
    events = event or DEFAULT_EVENTS
    quantities = [*(quantity or (() if resources else DEFAULT_QUANTITIES)), *(RESOURCE_QUANTITIES if resources else ())]
    believed = changed_view(view, set_ or [], problems)
    read_request(problems, events=events, quantities=quantities, draws=draws, seed=seed, threads=threads)
    if save is not None:
        check_place(save, problems, f"--save {save}")
    believed = problems.sound(believed)
    with Waiting(quiet=json) as waiting, unwarned():
        result = run(
            believed,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=waiting.progress,
            events=events,
            quantities=quantities,
            keep_draws=save is not None,
        )
    try:
        if save is not None:
            result.save(save)
    except UnwritableError:  # what cannot be written is shown at least
        _show(result, None, json)
        raise
    _show(result, save, json)


def _show(result: Forecast, written: Path | None, json: bool) -> None:
    if json:
        from ooms.cli.machine import as_json

        print(as_json(result))
    else:
        from ooms.cli.human import show

        show(result, written=written)
