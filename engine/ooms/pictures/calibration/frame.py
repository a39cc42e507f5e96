"""What stands around every picture of a calibration: its title, how it was made, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from ooms.pictures.marks import WIDTH
from ooms.pictures.picture import Frame, Picture
from ooms.pictures.rows import Row, Rows, data
from ooms.pictures.theme import ACCENT, LABEL, QUIET
from ooms.pictures.words import event_name, harmless, wrapped
from ooms.results.numbers import percent

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration

__all__ = ["CalibrationPicture", "headline", "instead", "made"]

_TITLE_LETTERS, _SMALL_LETTERS, _BANNER_LETTERS = 108, 190, 150  # of a line across the picture
_FAILURES = 4  # failed checks that are named


class CalibrationPicture(Picture):
    """A picture of a calibration: parts below each other; of one that failed its checks it says so above all else.

    Its rows have ``made``, which says how it was made (`made`), beside what `parts` are drawn from.
    """

    def __init__(
        self, title: str, caption: str, rows: Callable[..., Rows], parts: Callable[[Rows], Sequence[Any]]
    ) -> None:  # fmt: skip
        def chart(rows: Rows) -> Any:
            (row,) = rows["made"]
            banner = [_lines(row["banner"], LABEL, ACCENT, framed=True)] if row["banner"] else []
            stacked: Any = alt.VConcatChart(vconcat=[*banner, *parts(rows)], spacing=26)
            return stacked.resolve_scale(color="independent")

        super().__init__(title, caption, rows, chart, lambda rows: rows["made"][0]["words"], _frame)


def _frame(rows: Rows) -> Frame:
    (row,) = rows["made"]
    return wrapped(row["title"], _TITLE_LETTERS), row["small"]


def made(calibration: Calibration, title: str, words: str) -> list[Row]:
    """The title, the surveys, the chains, what the numbers are, and what is wrong with them."""
    names = calibration.surveys
    surveys = f"{len(names)} survey{'' if len(names) == 1 else 's'}: {', '.join(map(harmless, names))}."
    chains, draws = calibration.diagnostics.chains, calibration.diagnostics.draws
    seed = calibration.provenance.settings.seed
    how = f"{chains} chains of {draws:,} draws, seed {seed}. \u00b1: standard error of sampling. "
    if calibration.fixed:
        how += f"Fixed by the position, so that nothing was learnt: {', '.join(map(harmless, calibration.fixed))}. "
    return [{
        "title": title if calibration.sound else f"{title} (UNSOUND)",
        "small": wrapped(surveys, _SMALL_LETTERS, 4) + wrapped(f"{how}Credences, not facts.", _SMALL_LETTERS, 3),
        "banner": _banner(calibration),
        "words": words,
    }]  # fmt: skip


def headline(calibration: Calibration, event: str) -> str:
    """The probability of an event before and after the surveys."""
    shown = f"{percent(calibration.before(event))} before the surveys, {percent(calibration.after(event))} after"
    return f"P({event_name(event)}), {harmless(calibration.base.position)}: {shown}"


def instead(text: str) -> alt.LayerChart:
    """A line in the place of a part that there is not."""
    return _lines([text], LABEL, QUIET)


def _banner(calibration: Calibration) -> list[str]:
    """What is wrong with an unsound calibration; nothing for a sound one."""
    failed = [harmless(text) for text in calibration.diagnostics.failed]
    if not failed:
        return []
    more = [f"and {len(failed) - _FAILURES} more checks failed"] if len(failed) > _FAILURES else []
    remedy = f"What to do: {harmless(calibration.diagnostics.remedy)}"
    lines = [line for text in (*failed[:_FAILURES], *more, remedy) for line in wrapped(text, _BANNER_LETTERS, 2)]
    return ["UNSOUND. Do not rely on these numbers. Failed checks:", *lines]


def _lines(lines: Sequence[str], size: float, colour: str, *, framed: bool = False) -> alt.LayerChart:
    """Lines of text, the first of them bold if they stand in a frame."""
    step, top = size * 1.4, 15.0
    height = step * len(lines) + 12.0
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0.0, height], range=[0.0, height], nice=False))
    rows = [{"text": text, "y": top + step * k, "bold": framed and k == 0} for k, text in enumerate(lines)]
    mark = alt.Chart(data(rows)).mark_text(align="left", limit=WIDTH - 24.0, fontSize=size)
    words = mark.encode(x=alt.value(12.0), y=y, text="text:N")
    marks = [words.transform_filter("!datum.bold")]
    if framed:
        frame = alt.Chart(data([{}])).mark_rect(fill="white", stroke=colour, strokeWidth=2)
        bold = alt.Chart(data(rows)).mark_text(align="left", limit=WIDTH - 24.0, fontSize=size, fontWeight="bold")
        bold = bold.encode(x=alt.value(12.0), y=y, text="text:N").transform_filter("datum.bold")
        marks = [frame.encode(x=alt.value(0), x2=alt.value(WIDTH), y=alt.value(0), y2=alt.value(height)), *marks, bold]
    return alt.LayerChart(layer=marks, width=WIDTH, height=height)
