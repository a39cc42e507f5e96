"""``ooms reproduce``: published numbers beside this model's."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from cyclopts import Parameter

from ooms.cli.exits import FAILED
from ooms.cli.options import Json, SamplingEach, Switch
from ooms.cli.present import present

__all__ = ["reproduce"]


def reproduce(
    *views: str,
    sampling: SamplingEach = SamplingEach(),
    sources: Switch = False,
    json: Annotated[
        Json, Parameter(help="Print JSON and nothing else; null stands for infinite, or for no end of a range.")
    ] = False,
) -> int:
    """Published numbers beside ours: the difference, by how much they may differ and why, and what cannot be answered.

    Exit code 1 if a number lies beyond its tolerance.

    Examples to copy:

      ooms reproduce davidson-2025
      ooms reproduce eth-davidson-2025 ho-whitfill-2025 --json

    Parameters
    ----------
    views
        Views whose sources' numbers are wanted, or files of published numbers of your own. Default: all views.
    sources
        Say also where each number was published.
    """
    from ooms.cli.progress import meter
    from ooms.literature.reproducing import reproduce as run

    with meter(quiet=json) as progress:
        found = run(
            views or None,
            draws=sampling.draws,
            seed=sampling.seed,
            threads=sampling.threads,
            progress=progress,
        )
    present(json, found.plain, partial(found.document, sources=sources))
    return 0 if found.agrees else FAILED
