"""``ooms pool``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ooms.cli.numbers import Whole

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.comparing.pools.panel import Panel
    from ooms.problems import Problems

__all__ = ["parse_weights", "pool"]

_WEIGHT = re.compile(r"(.+)=([^=]*)")


def pool(
    *views: str,
    all_: Annotated[bool, Parameter(name="--all", negative=())] = False,
    weight: Annotated[list[str] | None, Parameter(negative=())] = None,
    method: Literal["linear", "logarithmic"] = "linear",
    event: Annotated[list[str] | None, Parameter(negative=())] = None,
    quantity: Annotated[list[str] | None, Parameter(negative=())] = None,
    set_: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    draws: Whole = 65536,
    seed: Whole = 0,
    threads: Whole | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
    out: Path | None = None,
    rows: Whole = 4096,
) -> None:
    """Several views as one: their opinion pool, what it is without each of them, and where they disagree.

    Weights are yours. Without any, all views count the same, which is a choice and not a fact.

    Examples: `ooms pool davidson-2025 davidson-houlden-2025` · `ooms pool --all --set speed=10` ·
    `ooms pool davidson-2025 my-beliefs.toml --weight davidson-2025=3 --weight my-beliefs=1 --out pooled.toml`

    Parameters
    ----------
    views
        Shipped views (`ooms priors list`) or paths of prior files; with options: `davidson-houlden-2025+retraining`.
    all_
        Every shipped view.
    weight
        `davidson-2025=0.3`; on any scale, one for each view.
    method
        How probabilities are averaged: `linear` takes their mean (the mixture of the views), `logarithmic` that of
        their log odds. Both are shown for events; this one is used for the rest.
    event
        What to give the probability of: `"5 ooms in 1 year"`. May be given several times.
    quantity
        What to give the distribution of: `"time to 5 ooms"`. May be given several times.
    set_
        A what-if, applied to every view: `rho=-0.4`, `"returns ~ loguniform(0.4, 3.6)"`. May be given several times.
    draws
        Quasi-random draws for each view, a power of two from 256 up.
    seed
        Chooses the randomisations.
    threads
        Threads to use (default: one a core). The numbers do not depend on it.
    json
        Print JSON and nothing else; null stands for infinite, or for what does not exist.
    out
        Write the linear pool as a prior file, FILE.toml, with its joint draws beside it, FILE.csv.
    rows
        Joint draws to write.
    """
    from ooms.beliefs.changes import unwarned
    from ooms.cli.progress import Waiting
    from ooms.comparing.pools.pooling import POOLED_QUANTITIES
    from ooms.comparing.pools.pooling import pool as run
    from ooms.forecasting.request import read_request
    from ooms.outcomes import DEFAULT_EVENTS
    from ooms.problems import Problems

    problems = Problems()
    events, quantities = event or DEFAULT_EVENTS, quantity or POOLED_QUANTITIES
    panel = _panel(views, all_, set_ or [], weight or [], problems)
    read_request(problems, events=events, quantities=quantities, draws=draws, seed=seed, threads=threads)
    prior = None if out is None else _prior(out, method, panel, seed, rows, problems)
    panel = problems.sound(panel)
    weights = list(panel.weights.values()) if weight else None
    with Waiting(quiet=json) as waiting, unwarned():
        result = run(
            list(panel.views.values()),
            weights=weights,
            method=method,
            draws=draws,
            seed=seed,
            threads=threads,
            events=events,
            quantities=quantities,
            progress=waiting.progress,
        )
    if out is not None and prior is not None:
        from ooms.beliefs.prior_file import write_prior

        write_prior(prior, out)
    if json:
        from ooms.cli.pool_json import as_json

        print(as_json(result))
    else:
        from ooms.cli.pool_tables import show

        show(result, written=out)


def parse_weights(
    texts: list[str], problems: Problems, example: str = "davidson-2025=0.3"
) -> dict[str, float]:
    """Weights by view from ``NAME=0.3``; texts that cannot be read are added to `problems`.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> parse_weights(["davidson-2025=3", "my.toml = 0.5"], Problems())
    {'davidson-2025': 3.0, 'my.toml': 0.5}
    """
    weights: dict[str, float] = {}
    for text in texts:
        found = _WEIGHT.fullmatch(text)
        name = found[1].strip() if found else ""
        try:
            value = float(found[2]) if found else None
        except ValueError:
            value = None
        if value is None:
            problems.add("--weight", f"{text!r} cannot be read", f"write it like {example}")
        elif name in weights:
            problems.add("--weight", f"{name} has two weights", "keep one of them")
        else:
            weights[name] = value
    return weights


def _panel(
    names: Sequence[str], all_: bool, changes: list[str], weights: list[str], problems: Problems
) -> Panel | None:
    """Views and weights, or all that is wrong with them; warnings of views are shown, not issued."""
    from ooms.cli.options import changed_views
    from ooms.comparing.pools.panel import read_panel
    from ooms.files.library import shipped

    before = len(problems)
    wanted = parse_weights(weights, problems)
    unread = len(problems) > before
    given = [*names, *(name for name in shipped() if name not in names)] if all_ else names
    views = changed_views(given, changes, problems)
    if any(name not in views for name in given):
        return None
    named = {views[name].label if name in views else name: weight for name, weight in wanted.items()}
    return read_panel(problems, [views[name] for name in given], named if weights and not unread else None)


def _prior(out: Path, method: str, panel: Panel | None, seed: int, rows: int, problems: Problems) -> View | None:
    """The pool as a prior, or all that keeps it from being written: before anything is run."""
    from ooms.beliefs.prior_file import check_prior_place
    from ooms.comparing.pools.mixture import mixture_prior
    from ooms.problems import UserError

    check_prior_place(out, problems)
    if method != "linear":
        problems.add("--out", "a logarithmic pool is no mixture of draws", "leave out --method: the linear pool is one")
    if panel is None or seed < 0:
        return None
    try:
        return mixture_prior(panel, seed, rows)
    except UserError as error:
        problems.extend(error.problems)
        return None
