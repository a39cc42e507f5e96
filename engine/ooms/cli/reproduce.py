"""``ooms reproduce``: published numbers beside this model's."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ooms.cli.numbers import Whole

__all__ = ["reproduce"]

APART = 1
"""Exit code where a number lies beyond its tolerance."""


def reproduce(
    *views: str,
    draws: Whole = 65536,
    seed: Whole = 0,
    threads: Whole | None = None,
    sources: Annotated[bool, Parameter(negative=())] = False,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Published numbers beside ours: the difference, by how much they may differ and why, and what cannot be answered.

    Exit code 1 if a number lies beyond its tolerance.

    Examples: `ooms reproduce davidson-2025` · `ooms reproduce eth-davidson-2025 ho-whitfill-2025 --json`

    Parameters
    ----------
    views
        Views whose sources' numbers are wanted, or files of published numbers of your own. Default: all views.
    draws
        Quasi-random draws of each forecast, a power of two from 256 up.
    seed
        Chooses the randomisations.
    threads
        Threads to use (default: one a core). The numbers do not depend on it.
    sources
        Say also where each number was published.
    json
        Print JSON and nothing else; null stands for infinite, or for no end of a range.
    """
    from ooms.cli.progress import Waiting
    from ooms.literature.reproducing import reproduce as run

    with Waiting(quiet=json) as waiting:
        found = run(views or None, draws=draws, seed=seed, threads=threads, progress=waiting.progress)
    if json:
        from ooms.cli.reproduced_json import reproduction_json

        print(reproduction_json(found))
    else:
        from ooms.cli.reproduced import show_reproduction

        show_reproduction(found, sources=sources)
    return 0 if found.agrees else APART
