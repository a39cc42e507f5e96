"""How far each option of a view moves a probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ooms.documents.comparison import how
from ooms.documents.document import Block, Document, Footnotes, Notice, Paragraph, Section, Table, left, right
from ooms.documents.words import position, warnings_of
from ooms.outcomes.words import outcome_words
from ooms.results.numbers import plus_minus, signed

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.comparing.each_option import EachOption

__all__ = ["document"]


def document(each: EachOption) -> Document:
    """For each view, how far each of its options moves the probability of each event."""
    warned = warnings_of(each.to_warn_of())
    first = [Section("warnings", "", [Notice(warned)])] if warned else []
    sections = [_section(each, stem, others) for stem, *others in each.groups]
    last = Section("how", "", [how(each.comparison.draws, each.comparison.seed)])
    return Document("", "", [*first, *sections, last])


def _section(each: EachOption, stem: View, others: Sequence[View]) -> Section:
    notes = Footnotes()
    blocks: list[Block] = [_table(each, event, stem, others, notes) for event in each.comparison.events if others]
    blocks += notes.blocks
    shown = {*stem.chosen, *(view.chosen[-1] for view in others)}
    left_out = [name for name in stem.options if name not in shown]
    if left_out:
        blocks.append(Notice([f"Left out, as they do not go with the rest: {', '.join(left_out)}"]))
    elif not others:
        blocks.append(Paragraph(f"{position(stem)} has no options."))
    return Section(stem.name, stem.title or stem.name, blocks)


def _table(each: EachOption, event: str, stem: View, others: Sequence[View], notes: Footnotes) -> Table:
    comparison = each.comparison
    rows = [("none", position(stem), plus_minus(comparison.probability(stem, event), percent=True), "")]
    for view in others:
        option = view.options[view.chosen[-1]]
        change = signed(comparison.difference(event, view, stem), percent=True)
        chance = plus_minus(comparison.probability(view, event), percent=True)
        title = option.title + (f" ({notes.mark(option.note)})" if option.note else "")
        rows.append((f"+{option.name}", title, chance, "already part of it" if each.is_part(stem, view) else change))
    columns = (*left("Option", "What it is"), *right("Probability", "Change, points"))
    return Table(f"P({outcome_words(event)}), %", columns, rows)
