"""One page that stands alone: the question, the answer with its range, what decides, and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ooms.beliefs.reparametrisation import settled
from ooms.comparing.explain import GROUPS, explain
from ooms.documents.document import Block, Bullets, Code, Figure, Notice, Paragraph, Section
from ooms.documents.words import positions
from ooms.outcomes import HEADLINE, parse_event
from ooms.pictures.comparison.positions import PICTURE as POSITIONS
from ooms.pictures.comparison.positions import chart
from ooms.pictures.words import event_name
from ooms.problems import UserError
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent, rounded, spoken

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.calibrating.calibration import Calibration
    from ooms.comparing.compare import Comparison

__all__ = ["ASSUMPTIONS", "brief", "positions_figure", "question", "spread", "study_brief"]

ASSUMPTIONS: Mapping[str, str] = {
    "substitution": "Substitution, or how far AI labour can stand in for computing power",
    "workforce": "Workforce, or how many AI researchers there are, and how fast they think",
    "taste and smarter copies": "Taste and skill, or how good AI researchers are, and become",
    "experiments": "Experiments, or how much cheaper they get",
    "returns": "Returns, or how fast new ideas get harder to find",
    "limits": "Limits, or how far software can go at all",
    "pace today": "Pace today, or how fast software improves already",
    "hardware": "Hardware, or whether computing power grows or fails meanwhile",
}
"""The groups of parameters that explain a difference (`ooms.comparing.explain`), for readers."""

_WHEN = ("When AI will do all AI research, if ever", "Time counts from that day.")
_DRAWS = 2**9  # of each mixture of two positions: their differences are paired, and only whole points are shown
_KEPT = 2  # assumptions that are named


def question(event: str) -> str:
    """An event as the question that a reader would ask."""
    asked = parse_event(event)
    start = "Once AI does all the research that improves AI, how likely is it that"
    if asked.unit == "ooms" and asked.amount in (1, 2, 3, 4, 5, 6) and not asked.anywhere:
        window = event.partition(" in ")[2].replace("1 year", "a year")
        times = f"{10 ** int(asked.amount):,}"
        return f"{start} software alone makes AI training {times} times as effective within {window}?"
    if asked.is_acceleration:
        return f"{start} progress speeds itself up at the start?"
    if asked.bound is not None:
        quantity, side = asked.bound.quantity, "above" if asked.bound.above else "below"
        times = f" times {quantity.unit.removeprefix('x ')}" if quantity.unit.startswith("x ") else ""
        return f"{start} the {event_name(quantity.name)} is {side} {asked.bound.number:g}{times}?"
    if asked.unit == "years" and not asked.anywhere:
        window = event.partition(" in ")[2].replace("1 year", "a year")
        return f"{start} software alone brings as much progress in {window} as {asked.amount:g} recent years did?"
    return f"{start} software alone brings {event_name(event)}?"


def spread(comparison: Comparison, main: str, event: str) -> list[Block]:
    """The range of answers over positions first, then that of one of them."""
    ordered = comparison.sorted(event).views
    names = _names(comparison)
    highest, lowest = ordered[0], ordered[-1]
    high, low, of_main = (spoken(comparison.probability(label, event)) for label in (highest, lowest, main))
    count = f"{len(ordered)} positions"
    if len(ordered) == 1:
        return [Paragraph(f"{_capital(high)} on the assumptions of {names[main]}.", lead=True)]
    low, high = (text.partition(" (")[0] for text in (low, high))
    lead = f"{_capital(low)} on all {count}." if low == high else f"From {low} to {high} across {count}."
    text = f"The lowest is that of {names[lowest]}, the highest that of {names[highest]}."
    if main not in (highest, lowest):
        text += f" On the assumptions of {names[main]} it is {of_main}."
    return [Paragraph(lead, lead=True), Paragraph(text)]


def positions_figure(comparison: Comparison, main: str, event: str) -> Figure:
    """The probability of an event by position, by author."""
    wide, narrow = (chart(comparison, event, marked=main, width=width) for width in (600.0, 330.0))
    said = POSITIONS.said(comparison, event)
    return Figure("positions", POSITIONS.title, POSITIONS.caption, said, wide, wide=True, narrow=narrow)


def brief(
    comparison: Comparison,
    main: str,
    event: str,
    *,
    named: int,
    calibration: Calibration | None,
    command: str,
) -> list[Section]:
    """The page about views.

    Parameters
    ----------
    comparison : Comparison
        Of the positions that are shown: those that were named, and where it is one alone the published ones beside it.
    main : str
        The label of the one that was named first.
    event : str
        What is asked.
    named : int
        How many were named.
    calibration : Calibration, optional
        Behind the first.
    command : str
        What makes the page again.
    """
    view = comparison.forecast(main).view
    answer = spread(comparison, main, event)
    if named == 1:
        answer = _of_one(comparison, main, event)
    if calibration is not None and event == HEADLINE:
        before = spoken(calibration.before(event))
        learnt = f"the answers of {len(calibration.surveys)} surveys were learnt from"
        answer.append(Paragraph(f"Before {learnt}: {before}."))
    if view.calibration is not None and view.calibration.failed:
        unsound = "UNSOUND: the calibration behind this position failed its checks. Do not rely on these numbers."
        answer.append(Notice([unsound, *view.calibration.failed]))
    if view.warnings:
        answer.append(Notice([f"Warning: {warning}" for warning in view.warnings]))
    decides = _between(comparison, main, event)
    if named == 1:
        within = _within(comparison, main, event)
        kept = [item for item in decides if item[0] not in {name for name, _ in within}]
        decides = [*within, *kept[: _KEPT - len(within)]]
    error = max(comparison.probability(label, event).standard_error for label in comparison.views)
    moving = any(comparison.forecast(label).view.clocks for label in comparison.views)
    held = "It is held as it is" + (", but where a position says how it changes." if moving else ".")
    limits = [
        _WHEN,
        ("What more computing power would add", held),
        ("Which position is right", "They are neither weighed nor independent; their range is no confidence interval."),
        ("How wrong assumptions are", f"Computing adds an error of {_points(error)}; a wrong assumption may add any."),
    ]
    made = (
        f"{comparison.draws:,} simulated futures for each position: draws of all its uncertain assumptions "
        f"(quasi-random, seed {comparison.seed}), each followed through one equation. The same page again:"
    )
    return _page(question(event), [*answer, positions_figure(comparison, main, event)], decides, limits, made, command)


def _page(
    asked: str,
    answer: Sequence[Block],
    decides: Sequence[tuple[str, str]],
    limits: Sequence[tuple[str, str]],
    made: str,
    command: str,
) -> list[Section]:
    return [
        Section("question", "The question", [Paragraph(asked)]),
        Section("answer", "The answer", answer),
        *([Section("decides", "What decides", [Bullets(decides)])] if decides else []),
        Section("limits", "What it does not say", [Bullets(limits)]),
        Section("made", "How it was made", [Paragraph(made), Code(command)]),
    ]


def _of_one(comparison: Comparison, main: str, event: str) -> list[Block]:
    """The answer of one position, in the range of the published ones beside it."""
    names = _names(comparison)
    others = [label for label in comparison.sorted(event).views if label != main]
    lead = f"{_capital(_words(comparison.probability(main, event)))} on the assumptions of {names[main]}"
    if others:
        low, high = (_words(comparison.probability(label, event)) for label in (others[-1], others[0]))
        across = f"across {len(others)} other published positions"
        lead += f"; {low} {across}" if low == high else f"; from {low} to {high} {across}"
    return [Paragraph(f"{lead}.", lead=True)]


def _within(comparison: Comparison, main: str, event: str) -> list[tuple[str, str]]:
    """The input that drives the event most inside one position, if one does."""
    try:
        drivers = comparison.forecast(main).drivers(event)
    except UserError:  # all simulated futures end alike
        return []
    found = list[tuple[str, str]]()
    for driver in drivers[:1]:
        if driver.importance.value <= 2 * driver.importance.standard_error:
            continue
        lowest, highest = (_words(chance) for chance in (driver.by_quartile[0], driver.by_quartile[-1]))
        share = rounded(100 * driver.importance.value, max(1.0, 100 * driver.importance.standard_error))
        position = _names(comparison)[main]
        text = (
            f"Within {position} alone, {lowest} in the quarter of futures where {driver.name} is lowest, {highest} "
            f"where it is highest; it carries {share} % of the uncertainty."
        )
        found.append((_assumption(driver.name), text))
    return found


def _assumption(parameter: str) -> str:
    """What readers call the group that a parameter belongs to."""
    inputs = {parameter, *settled(parameter)}
    group = next((name for name, names in GROUPS.items() if inputs.intersection(names)), parameter)
    return ASSUMPTIONS.get(group, group)


def _between(comparison: Comparison, main: str, event: str) -> list[tuple[str, str]]:
    """The assumptions whose differences from one position move the answer most: by mean absolute Shapley values."""
    view, names = comparison.forecast(main).view, _names(comparison)
    moved: dict[str, dict[str, float]] = {}
    for label in comparison.views:
        if label == main:
            continue
        other = comparison.forecast(label).view
        why = explain(
            view, other, event=event, draws=min(_DRAWS, comparison.draws), seed=comparison.seed,
            threads=comparison.forecast(main).request.threads,
        )  # fmt: skip
        for group, part in why.contributions.items():
            moved.setdefault(group, {})[label] = part.value
    count = max(len(comparison.views) - 1, 1)
    means = {group: sum(map(abs, parts.values())) / count for group, parts in moved.items()}
    found = list[tuple[str, str]]()
    for group in sorted(means, key=lambda group: -means[group])[:_KEPT]:
        if means[group] < 0.0005:
            continue
        most = max(moved[group], key=lambda label: abs(moved[group][label]))
        way, far = ("up" if moved[group][most] > 0 else "down"), _points(abs(moved[group][most]))
        towards = names[most]
        text = f"Alone, it moves the answer from {names[main]} to {towards} {way} by {far}."
        if count > 1:
            text = (
                f"Alone, it moves the answer by {_points(means[group])} on average between {names[main]} and {count} "
                f"other positions; most towards {towards}, {way} by {far}."
            )
        found.append((ASSUMPTIONS.get(group, _capital(group)), text))
    return found


# -- studies --------------------------------------------------------------------------------------------------------


def study_brief(name: str, data: Dataset, figure: Sequence[Figure], command: str) -> list[Section]:
    """The page about a study: the range over its combinations, and which of its axes move the answer most."""
    from ooms.batch.table import study_table
    from ooms.documents.study import point_text

    event = str(data["event"].to_numpy()[0])
    rows = [row for row in study_table(data).rows if row.done]
    chances = np.array([row.probabilities[event].value for row in rows])
    if not rows:
        return _page(question(event), [Paragraph("No combination is done yet.", lead=True)], [], [], name, command)
    least, most = (rows[int(place)] for place in (np.argmin(chances), np.argmax(chances)))
    low, high = (_words(row.probabilities[event]) for row in (least, most))
    over = f"over {len(rows)} combinations of assumptions"
    lead = f"{_capital(low)} {over}." if low == high else f"From {low} to {high} {over}."
    varies = [axis for axis in rows[0].where if len({str(row.where[axis]) for row in rows}) > 1]
    at = [", ".join(f"{axis} = {point_text(axis, row.where[axis])}" for axis in varies) for row in (least, most)]
    ends = f"Least likely at {at[0]}; most likely at {at[1]}." if varies else ""
    total, decides = float(np.var(chances)), list[tuple[float, str, str]]()
    for axis in varies:
        groups: dict[str, list[float]] = {}
        for row, chance in zip(rows, chances, strict=True):
            groups.setdefault(point_text(axis, row.where[axis]), []).append(float(chance))
        means = {value: float(np.mean(each)) for value, each in groups.items()}
        # the correlation ratio: variance between the values of the axis over the variance of all combinations
        between = sum(len(groups[v]) * (mean - float(np.mean(chances))) ** 2 for v, mean in means.items()) / len(rows)
        if total > 0:
            bottom, top = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
            low, high = (in_percent(Estimate(means[value], 0.0)) for value in (bottom, top))
            text = f"from {low} on average at {bottom} to {high} at {top}; {100 * between / total:.0f} % of the spread."
            what = "Position" if axis == "view" else _assumption(axis)
            decides.append((between, what, text if axis in (what, "view") else f"{axis}, {text}"))
    named = [(axis, text) for _, axis, text in sorted(decides, reverse=True)[:_KEPT]]
    limits = [
        _WHEN,
        ("How likely each combination is", "They are laid out side by side, not weighed."),
    ]
    draws = f" of {int(data.attrs['draws']):,} simulated futures each" if "draws" in data.attrs else ""
    made = f"{len(rows)} combinations{draws}, a simulated future being one draw of all that stays uncertain. Again:"
    answer = [Paragraph(lead, lead=True), *([Paragraph(ends)] if ends else []), *figure]
    return _page(question(event), answer, named, limits, made, command)


# -- words ----------------------------------------------------------------------------------------------------------


def _names(comparison: Comparison) -> dict[str, str]:
    """Positions by the labels of the views, each with what was changed."""
    return positions({label: forecast.view for label, forecast in comparison.forecasts.items()}, alone=True)


def _words(chance: Estimate) -> str:
    """A probability in words alone."""
    return spoken(chance).partition(" (")[0]


def _points(change: float) -> str:
    """A change of a probability, in points."""
    shown = f"{100 * change:.0f}" if change >= 0.0095 else "under 1"
    return f"{shown} point{'' if shown in ('1', 'under 1') else 's'} of 100"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
