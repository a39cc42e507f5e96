"""What stands around every picture of a calibration: its title, how it was made, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from ooms.pictures.marks import WIDTH, title_above
from ooms.pictures.rows import data
from ooms.pictures.theme import ACCENT, LABEL, QUIET, TITLE, theme
from ooms.pictures.words import event_name, harmless, wrapped
from ooms.results.numbers import percent

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["framed", "headline", "instead", "view_name"]

_TITLE_LETTERS, _SMALL_LETTERS, _BANNER_LETTERS = 108, 190, 150  # of a line across the picture
_FAILURES = 4  # failed checks that are named


def framed(calibration: Calibration, title: str, parts: Sequence[Any], said: str) -> alt.VConcatChart:
    """Parts below each other, under a title, how it was made, and what is wrong with it if anything is."""
    lines = wrapped(title + " (UNSOUND)" * (not calibration.sound), _TITLE_LETTERS)
    return alt.VConcatChart(
        vconcat=[*_banner(calibration), *parts],
        title=title_above(lines, _made(calibration), TITLE),
        spacing=26,
        padding=14,
        background="white",
        config=theme(),
        description=said,
    )


def view_name(calibration: Calibration) -> str:
    """The view whose beliefs they are, with its changes."""
    changes = f" ({', '.join(calibration.base.changes)})" if calibration.base.changes else ""
    return harmless(calibration.base.name + changes)


def headline(calibration: Calibration, event: str) -> str:
    """The probability of an event before and after the surveys."""
    shown = f"{percent(calibration.before(event))} before the surveys, {percent(calibration.after(event))} after"
    return f"P({event_name(event)}) of {view_name(calibration)}: {shown}"


def instead(text: str) -> alt.LayerChart:
    """A line in the place of a part that there is not."""
    return _lines([text], LABEL, QUIET)


def _made(calibration: Calibration) -> list[str]:
    """The surveys, the chains, and what the numbers are."""
    names = calibration.surveys
    surveys = f"{len(names)} survey{'s' * (len(names) != 1)}: {', '.join(map(harmless, names))}."
    chains, draws = calibration.diagnostics.chains, calibration.diagnostics.draws
    seed = calibration.provenance.settings.seed
    said = f"{chains} chains of {draws:,} draws, seed {seed}. \u00b1: standard error of sampling. "
    settled = f"Fixed by the view, so that nothing was learnt: {', '.join(map(harmless, calibration.fixed))}. "
    kept = settled if calibration.fixed else ""
    return wrapped(surveys, _SMALL_LETTERS, 4) + wrapped(said + kept + "Credences, not facts.", _SMALL_LETTERS, 3)


def _banner(calibration: Calibration) -> list[alt.LayerChart]:
    """What is wrong with an unsound calibration, in a frame; nothing for a sound one."""
    failed = [harmless(text) for text in calibration.diagnostics.failed]
    if not failed:
        return []
    named = failed[:_FAILURES] + [f"and {len(failed) - _FAILURES} more checks failed"] * (len(failed) > _FAILURES)
    lines = ["UNSOUND. Do not rely on these numbers. Failed checks:"]
    lines += [line for text in named for line in wrapped(text, _BANNER_LETTERS, 2)]
    lines += wrapped(f"What to do: {harmless(calibration.diagnostics.remedy)}", _BANNER_LETTERS, 2)
    return [_lines(lines, LABEL, ACCENT, framed=True)]


def _lines(lines: Sequence[str], size: float, colour: str, *, framed: bool = False) -> alt.LayerChart:
    """Lines of text, the first of them bold if they stand in a frame."""
    step, top = size * 1.4, 15.0
    height = step * len(lines) + 12.0
    marks: list[alt.Chart] = []
    if framed:
        frame = alt.Chart(data([{}])).mark_rect(fill="white", stroke=colour, strokeWidth=2)
        corners = {"x": 0.0, "x2": WIDTH, "y": 0.0, "y2": height}
        marks.append(frame.encode(**{name: alt.value(place) for name, place in corners.items()}))
    for k, text in enumerate(lines):
        style: dict[str, Any] = {"fontWeight": "bold" if framed and k == 0 else "normal", "fontSize": size}
        mark = alt.Chart(data([{"text": text}])).mark_text(align="left", limit=WIDTH - 24.0, **style)
        marks.append(mark.encode(x=alt.value(12.0), y=alt.value(top + step * k), text="text:N"))
    return alt.LayerChart(layer=marks, width=WIDTH, height=height)
