"""The pictures of a calibration: each part on its own, and all of them below each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt

from ooms.calibrating.calibration import HEADLINE
from ooms.pictures.calibration.answers import answers
from ooms.pictures.calibration.influence import influence
from ooms.pictures.calibration.learning import learning
from ooms.pictures.marks import WIDTH, title_above
from ooms.pictures.rows import data
from ooms.pictures.theme import ACCENT, LABEL, QUIET, TITLE, theme
from ooms.pictures.words import event_name, harmless, wrapped
from ooms.results.numbers import percent

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.results.credence import Estimate

__all__ = ["calibration_chart", "contributions_chart", "predictive_chart", "prior_posterior_chart"]

_TITLE_LETTERS, _SMALL_LETTERS, _BANNER_LETTERS = 108, 190, 150  # of a line across the picture
_FAILURES = 4  # failed checks that are named


def prior_posterior_chart(calibration: Calibration) -> alt.VConcatChart:
    """What was learnt as a chart: a panel a quantity, its density before the surveys and after.

    Parameters
    ----------
    calibration : Calibration
        From `ooms.calibrate` or `ooms.open_calibration`.
    """
    return _picture(calibration, f"What surveys do to the beliefs of {_view(calibration)}", learning(calibration))


def contributions_chart(calibration: Calibration, event: str = HEADLINE) -> alt.VConcatChart:
    """From whom it was learnt as a chart: a row a survey, the event's probability without it and with it alone.

    Parameters
    ----------
    calibration : Calibration
        From `ooms.calibrate`, which may then fit every survey on its own; or from a file that has this event.
    event : str
        Such as ``"5 ooms in 1 year"``.

    Raises
    ------
    UserError
        The calibration was read from a file that does not hold the effects of its surveys on the event.
    """
    before, after = calibration.before(event), calibration.after(event)
    part = influence(calibration, event, before, after)
    return _picture(calibration, _headline(calibration, event, before, after), [part])


def predictive_chart(calibration: Calibration) -> alt.VConcatChart:
    """Whether the answers could have come from the model as a chart: a row a statistic, among simulated ones.

    Parameters
    ----------
    calibration : Calibration
        From `ooms.calibrate` or `ooms.open_calibration`.
    """
    title = f"Surveys beside what the calibrated beliefs of {_view(calibration)} simulate"
    return _picture(calibration, title, [_answers(calibration)])


def calibration_chart(calibration: Calibration, event: str = HEADLINE) -> alt.VConcatChart:
    """A calibration as a chart: what was learnt, from whom, and whether the answers could have come from the model.

    Parameters
    ----------
    calibration : Calibration
        From `ooms.calibrate`, which may then fit every survey on its own; or from a file.
    event : str
        Such as ``"5 ooms in 1 year"``. From a file that does not hold the effects of single surveys on it, the
        picture says that it lacks them.
    """
    before, after = calibration.before(event), calibration.after(event)
    if calibration.known_contributions(event) is not None:
        told: Any = influence(calibration, event, before, after)
    else:  # a picture must not refit every survey unasked
        told = _lines([f"What each survey did to P({event_name(event)}) was not worked out."], LABEL, QUIET)
    parts = [*learning(calibration), told, _answers(calibration)]
    return _picture(calibration, _headline(calibration, event, before, after), parts)


def _answers(calibration: Calibration) -> Any:
    if calibration.diagnostics.checks:
        return answers(calibration)
    return _lines(["There are no answers to compare with simulated ones."], LABEL, QUIET)


# -- what stands above ----------------------------------------------------------------------------------------------


def _picture(calibration: Calibration, title: str, parts: Sequence[Any]) -> alt.VConcatChart:
    """Parts below each other, under a title, how it was made, and what is wrong with it if anything is."""
    lines = wrapped(title + " (UNSOUND)" * (not calibration.sound), _TITLE_LETTERS)
    return alt.VConcatChart(
        vconcat=[*_banner(calibration), *parts],
        title=title_above(lines, _made(calibration), TITLE),
        spacing=26,
        padding=14,
        background="white",
        config=theme(),
    )


def _view(calibration: Calibration) -> str:
    changes = f" ({', '.join(calibration.base.changes)})" if calibration.base.changes else ""
    return harmless(calibration.base.name + changes)


def _headline(calibration: Calibration, event: str, before: Estimate, after: Estimate) -> str:
    shown = f"{percent(before)} before the surveys, {percent(after)} after"
    return f"P({event_name(event)}) of {_view(calibration)}: {shown}"


def _made(calibration: Calibration) -> list[str]:
    """The surveys, the chains, and what the numbers are."""
    names = calibration.surveys
    surveys = f"{len(names)} survey{'s' * (len(names) != 1)}: {', '.join(map(harmless, names))}."
    chains, draws = calibration.diagnostics.chains, calibration.diagnostics.draws
    said = f"{chains} chains of {draws:,} draws, seed {calibration.said['seed']}. \u00b1: standard error of sampling. "
    settled = f"Fixed by the view, so that nothing was learnt: {', '.join(map(harmless, calibration.settled))}. "
    kept = settled if calibration.settled else ""
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
