"""``ooms reproduce``: published numbers beside this model's."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ooms.literature.reproducing import Reproduction, Row

__all__ = ["reproduce"]

APART = 1
"""Exit code where a number lies beyond its tolerance."""


def reproduce(
    *views: str,
    draws: int = 65536,
    seed: int = 0,
    threads: int | None = None,
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
    from ooms.cli.waiting import Waiting
    from ooms.literature.reproducing import reproduce as run

    with Waiting(quiet=json) as waiting:
        found = run(views or None, draws=draws, seed=seed, threads=threads, progress=waiting.progress)
    if json:
        print(_as_json(found))
    else:
        _show(found, sources=sources)
    return 0 if found.agrees else APART


# -- for people -----------------------------------------------------------------------------------------------------


def _show(found: Reproduction, *, sources: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for view, rows in groupby(found.rows, key=lambda row: row.view):
        _show_view(console, view, list(rows), sources=sources)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in found.counts.items() if count)
    line = f"{len(found.rows)} rows: {counted} · {found.draws:,} quasi-random draws a forecast · seed {found.seed}"
    console.print(Text(line, style="bold green" if found.agrees else "bold red"))
    from ooms.literature.reproducing import VERDICTS

    for verdict, meaning in VERDICTS.items():
        if found.counts[verdict]:
            console.print(Text(f"{verdict}: {meaning}", style="dim"))


_STYLES = {"agrees": "green", "goes in": "green", "differs": "bold red", "other reading": "cyan", "out of reach": "dim"}


def _show_view(console: Console, view: str, rows: list[Row], *, sources: bool) -> None:
    """A table, and below it the reasons and remarks that it points to by letter."""
    from rich.text import Text

    from ooms.cli.numbers import plus_minus

    remarks: list[str] = []

    def letter(text: str) -> str:
        """The mark of a remark, which is told once."""
        if text not in remarks:
            remarks.append(text)
        return _letter(remarks.index(text))

    table = _empty(view)
    for row in rows:
        told = [] if row.reading else [row.because, row.note, f"source: {row.source}" if sources else ""]
        marks = " ".join(letter(text) for text in told if text)
        what = f"  {row.reading}" if row.reading else row.what
        style = _STYLES[row.verdict]
        if row.ours is None:
            table.add_row(what, row.published, "-", "-", marks, Text(row.verdict, style=style))
        else:
            published = "" if row.reading else row.published
            tolerance = "" if row.reading else f"{row.tolerance:.3g} {marks}"
            verdict = Text(row.verdict, style=style)
            table.add_row(what, published, plus_minus(row.ours, endless="unlimited"), _apart(row), tolerance, verdict)
    console.print(table)
    for i, remark in enumerate(remarks):
        console.print(Text(f"{_letter(i)}  {remark}", style="dim"))
    console.print()


def _empty(view: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, title=view, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("number", overflow="fold")
    table.add_column("published", justify="right", overflow="fold")
    table.add_column("ours", justify="right", no_wrap=True)
    table.add_column("difference", justify="right", no_wrap=True)
    table.add_column("tolerance", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    return table


def _letter(index: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    first, last = divmod(index, 26)
    return (_letter(first - 1) if first else "") + chr(ord("a") + last)


_FINEST = 0.05  # of the tolerance: differences are shown no finer


def _apart(row: Row) -> str:
    """``-0.49``: with the digits that the error supports and the tolerance needs."""
    from ooms.credence import rounded

    if row.difference == 0 or row.ours is None:
        return "0"
    digits = rounded(row.difference, max(row.ours.standard_error, row.tolerance * _FINEST), most=2)
    if not float(digits):
        return "0"
    return f"{'+' if row.difference > 0 else ''}{digits}"


# -- for programs ---------------------------------------------------------------------------------------------------


def _as_json(found: Reproduction) -> str:
    import json

    report = {
        "draws": found.draws,
        "seed": found.seed,
        "agrees": found.agrees,
        "rows": [_row_as_json(row) for row in found.rows],
    }
    return json.dumps(report, indent=2, allow_nan=False)


def _row_as_json(row: Row) -> dict[str, Any]:
    ours = row.ours
    return {
        "view": row.view,
        "what": row.what,
        "published": row.published,
        "published_low": _number(row.low),
        "published_high": _number(row.high),
        "unit": row.unit,
        "asked": row.asked,
        "changes": list(row.changes),
        "ours": None if ours is None else _number(ours.value),
        "standard_error": None if ours is None else _number(ours.standard_error),
        "difference": _number(row.difference),
        "tolerance": _number(row.tolerance),
        "because": row.because,
        "verdict": row.verdict,
        "source": row.source,
        "note": row.note,
        "reading": row.reading,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
