"""How far each option of a view moves a probability, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from ooms.beliefs.view import SWITCHES
from ooms.cli.compared import closing, heading
from ooms.results.numbers import plus_minus, signed
from ooms.writers.tables import Sheet
from ooms.writers.terminal import Footnotes, terminal

if TYPE_CHECKING:
    from ooms.beliefs.options import Option
    from ooms.beliefs.view import View
    from ooms.comparing.compare import Comparison
    from ooms.distributions.marginals import Marginal

__all__ = ["is_part_of", "show_options"]

_PART = "already part of it"


def show_options(comparison: Comparison, groups: Sequence[Sequence[View]], written: Sequence[Path] = ()) -> None:
    """Print, for each view, how far each of its options moves the probability of each event.

    Parameters
    ----------
    comparison : Comparison
        Of all the views and their options.
    groups : sequence of sequence of View
        Each view, followed by itself with one option on.
    written : sequence of Path
        Files that it was written to.
    """
    console = terminal()
    heading(console, _to_warn_of(groups))
    for stem, *others in groups:
        console.print(Text(stem.title or stem.name, style="bold"))
        notes = Footnotes()
        for event in comparison.events if others else ():
            _options(comparison, event, stem, others, notes).show(console)
        notes.show(console)
        shown = {*stem.chosen, *(view.chosen[-1] for view in others)}
        left_out = [name for name in stem.options if name not in shown]
        if left_out:
            console.print(Text(f"Left out, as they do not go with the rest: {', '.join(left_out)}", style="yellow"))
        elif not others:
            console.print(f"{stem.name} has no options.")
    closing(console, comparison.draws, comparison.seed, written)


def _to_warn_of(groups: Sequence[Sequence[View]]) -> Iterator[View]:
    """The views, of each option only with what it adds to the warnings; of those that are part already, none."""
    for stem, *others in groups:
        yield stem
        for view in others:
            part = is_part_of(stem, view.options[view.chosen[-1]])
            yield replace(view, warnings=() if part else tuple(w for w in view.warnings if w not in stem.warnings))


def _options(comparison: Comparison, event: str, stem: View, others: Sequence[View], notes: Footnotes) -> Sheet:
    sheet = Sheet(f"P({event}), %, with Monte Carlo standard error")
    sheet.label("option")
    sheet.text("what it is")
    sheet.number("probability")
    sheet.number("change, points")
    sheet.row("none", stem.name, plus_minus(comparison.probability(stem, event), percent=True), "")
    for view in others:
        option = view.options[view.chosen[-1]]
        difference = comparison.difference(event, view, stem)
        change = _PART if is_part_of(stem, option) else signed(difference, percent=True)
        chance = plus_minus(comparison.probability(view, event), percent=True)
        note = f" ({notes.mark(option.note)})" if option.note else ""
        sheet.row(f"+{option.name}", option.title + note, chance, change)
    return sheet


def is_part_of(view: View, option: Option) -> bool:
    """Whether an option changes nothing about a view: all that it says is believed there already.

    Examples
    --------
    >>> import ooms
    >>> view = ooms.load("davidson-2025")
    >>> is_part_of(view, view.options["smarter-faster"]), is_part_of(view, view.options["long-run"])
    (True, False)
    """
    changed = view.overlaid(option)
    return (
        _believed(changed) == _believed(view)
        and set(changed.correlations) == set(view.correlations)
        and all(getattr(changed, switch) == getattr(view, switch) for switch in SWITCHES)
    )


def _believed(view: View) -> dict[str, Marginal]:
    """The distribution of every parameter, with the neutral values of those that are not mentioned."""
    from ooms.distributions.marginals import Fixed

    neutral: dict[str, Marginal] = {name: Fixed(value) for name, value in view.neutral.items()}
    return neutral | {name: belief.marginal for name, belief in view.beliefs.items()}
