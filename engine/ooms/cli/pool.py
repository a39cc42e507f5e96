"""``ooms pool``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ooms.cli.numbers import Whole
from ooms.cli.options import Formerly, Json, Outputs, Questions, SamplingEach, Several, Switch, WhatIfs, read_outputs
from ooms.cli.present import present

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.comparing.pools.panel import Panel
    from ooms.problems import Problems

__all__ = ["parse_weights", "pool"]

_WEIGHT = re.compile(r"(.+)=([^=]*)")


def pool(
    *views: str,
    all_: Annotated[Switch, Parameter(name="--all")] = False,
    weight: Several = None,
    method: Literal["linear", "logarithmic"] = "linear",
    questions: Questions = Questions(),
    what_ifs: WhatIfs = WhatIfs(),
    sampling: SamplingEach = SamplingEach(),
    json: Annotated[
        Json, Parameter(help="Print JSON and nothing else; null stands for infinite, or for what does not exist.")
    ] = False,
    output: Outputs = None,
    formerly: Formerly = None,
    rows: Whole = 4096,
) -> None:
    """Several views as one: their opinion pool, what it is without each of them, and where they disagree.

    Weights are yours. Without any, all views count the same, which is a choice and not a fact.

    Examples to copy:

      ooms pool davidson-2025 davidson-houlden-2025
      ooms pool --all --set speed=10
      ooms pool epoch-2025 kwa-2026 --weight epoch-2025=3 --weight kwa-2026=1
      ooms pool davidson-2025 my-beliefs.toml -o pooled.toml

    Parameters
    ----------
    views
        Shipped views (`ooms views`) or paths of prior files; with options: `davidson-houlden-2025+retraining`.
    all_
        Every shipped view.
    weight
        `davidson-2025=0.3`; on any scale, one for each view.
    method
        How probabilities are averaged: `linear` takes their mean (the mixture of the views), `logarithmic` that of
        their log odds. Both are shown for events; this one is used for the rest.
    output
        Write the linear pool as a prior file, FILE.toml, with its joint draws beside it, FILE.csv.
    rows
        Joint draws to write.
    """
    from ooms.beliefs.changes import unwarned
    from ooms.cli.progress import meter
    from ooms.comparing.pools.pooling import POOLED_QUANTITIES, pooled
    from ooms.outcomes import DEFAULT_EVENTS
    from ooms.problems import Problems

    problems = Problems()
    events, quantities = questions.event or DEFAULT_EVENTS, questions.quantity or POOLED_QUANTITIES
    panel = _panel(views, all_, what_ifs, weight or [], problems)
    request = sampling.request(problems, events, quantities)
    forms = {"prior": (".toml",)}
    (written,) = read_outputs(output, formerly, forms, problems, most={"prior": 1}, beside=[".csv"]).values()
    prior = _prior(method, panel, sampling.seed, rows, problems) if written else None
    panel = problems.sound(panel)
    with meter(quiet=json) as progress, unwarned():
        result = pooled(panel, method, replace(request, progress=progress))
    if prior is not None:
        from ooms.beliefs.prior_file import write_prior

        write_prior(prior, written[0])
    present(json, result.plain, result.document, [*written, *(path.with_suffix(".csv") for path in written)])


def parse_weights(texts: list[str], problems: Problems, example: str = "davidson-2025=0.3") -> dict[str, float]:
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


def _panel(names: Sequence[str], all_: bool, what_ifs: WhatIfs, weights: list[str], problems: Problems) -> Panel | None:
    """Views and weights, or all that is wrong with them; warnings of views are shown, not issued."""
    from ooms.comparing.pools.panel import read_panel
    from ooms.files.library import shipped

    before = len(problems)
    wanted = parse_weights(weights, problems)
    unread = len(problems) > before
    given = [*names, *(name for name in shipped() if name not in names)] if all_ else names
    views = what_ifs.views(given, problems)
    if any(name not in views for name in given):
        return None
    named = {views[name].label if name in views else name: weight for name, weight in wanted.items()}
    return read_panel(problems, [views[name] for name in given], named if weights and not unread else None)


def _prior(method: str, panel: Panel | None, seed: int, rows: int, problems: Problems) -> View | None:
    """The pool as a prior, or all that keeps it from being written: before anything is run."""
    from ooms.comparing.pools.mixture import mixture_prior
    from ooms.problems import UserError

    if method != "linear":
        problems.add("-o", "a logarithmic pool is no mixture of draws", "leave out --method: the linear pool is one")
    if panel is None or seed < 0:
        return None
    try:
        return mixture_prior(panel, seed, rows)
    except UserError as error:
        problems.extend(error.problems)
        return None
