"""One question under every reading, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from ooms.cli.compared import closing, heading
from ooms.comparing.readings import MEASURES, WINDOW
from ooms.results.numbers import plus_minus
from ooms.writers.tables import Sheet
from ooms.writers.terminal import hanging, terminal

if TYPE_CHECKING:
    from ooms.comparing.readings import Readings

__all__ = ["show_readings"]


def show_readings(found: Sequence[Readings]) -> None:
    """Print the answers of each view under every reading: named, and never mixed.

    Parameters
    ----------
    found : sequence of Readings
        A view each.
    """
    console = terminal()
    heading(console, (readings.view for readings in found))
    for readings in found:
        _readings(readings).show(console)
        if readings.unadjusted:
            text = f"with and without the compute adjustment are the same: {readings.unadjusted}"
            hanging(console, text, f"{readings.view.name}: ", "  ", style="yellow")
    for measure, meaning in MEASURES.items():
        console.print(Text(f"{measure} in {WINDOW}: {meaning}", style="dim"))
    console.print(
        Text(
            "with the compute adjustment: returns are at fixed hardware. Without: they are taken as returns to labour "
            "and compute together, and used as if they were at fixed hardware, r/(1 - a).\n"
            "from the start: the first year after full automation. anywhere: the fastest year on the way.",
            style="dim",
        )
    )
    closing(console, found[0].draws, found[0].seed)


def _readings(readings: Readings) -> Sheet:
    sheet = Sheet(f"{readings.view.name}: probability of so much in {WINDOW}, %, with Monte Carlo standard error")
    sheet.label("compute adjustment")
    sheet.label("counted")
    for measure in MEASURES:
        sheet.number(measure)
    rows: dict[tuple[str, str], list[str]] = {}
    for reading in readings:
        key = ("with" if reading.adjusted else "without") + ", as stated" * reading.stated, reading.where
        rows.setdefault(key, []).append(plus_minus(reading.probability, percent=True))
    for labels, cells in rows.items():
        sheet.row(*labels, *cells)
    return sheet
