"""Why two views differ: how far each group of parameters moves a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ooms.documents.document import Block, Bullets, Document, Notice, Paragraph, Section, Style, Table, left, right
from ooms.documents.words import positions, warnings_of
from ooms.outcomes.words import outcome_words
from ooms.results.numbers import plus_minus, signed

if TYPE_CHECKING:
    from ooms.comparing.explain import Explanation

__all__ = ["document"]

_SHAPLEY = (
    "Contributions are Shapley values: averages over all orders in which the groups can be changed. They add up to the "
    "difference exactly. Alone: only this group is changed. Last: all others are changed before it."
)


def document(explanation: Explanation) -> Document:
    """The way from one view to the other."""
    views = explanation.a, explanation.b
    labels = [f"{view.label} (the {which})" for view, which in zip(views, ("first", "second"), strict=True)]
    a, b = positions(dict(zip(labels, views, strict=True))).values()
    warned = warnings_of(views)
    blocks: list[Block] = [*([Notice(warned)] if warned else []), _table(explanation, a, b)]
    if not explanation.contributions:
        blocks.append(Paragraph("The model takes the same inputs from both: there is nothing to explain."))
    for name, text in explanation.differences.items():
        blocks += [Paragraph(name, lead=True), Bullets([("", f"  {difference}") for difference in text.split("; ")])]
    if explanation.notes:
        blocks.append(Notice([f"without effect: {text}" for text in explanation.notes]))
    if explanation.contributions:
        how = f"Monte Carlo errors from {explanation.draws:,} quasi-random draws, seed {explanation.seed}."
        blocks.append(Paragraph(f"{_SHAPLEY} Errors are {how}", aside=True))
    return Document(f"P({outcome_words(explanation.event)}): from {a} to {b}", "", [Section("difference", "", blocks)])


def _table(explanation: Explanation, a: str, b: str) -> Table:
    rows: list[tuple[str, ...]] = [(a, plus_minus(explanation.start, percent=True), "", "")]
    for name, moved in explanation.contributions.items():
        count = len(explanation.correlations.get(name, ()))
        tied = f" (with {'a correlation' if count == 1 else f'{count} correlations'})" if count else ""
        each = (moved, explanation.alone[name], explanation.last[name])
        rows.append((f"  {name}{tied}", *(signed(estimate, percent=True) for estimate in each)))
    rows.append((b, plus_minus(explanation.end, percent=True), "", ""))
    ends: dict[int, Style] = {0: "sum", len(rows) - 1: "sum"}
    columns = (*left("What is changed"), *right("Contribution", "Alone", "Last"))
    return Table("Percentage points", columns, rows, "", ends)
