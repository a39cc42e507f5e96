"""Views, and each of their options turned on alone: how far it moves a probability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ooms.beliefs.options import SWITCHES
from ooms.beliefs.view import View
from ooms.comparing.compare import Comparison
from ooms.distributions.marginals import Fixed, Marginal
from ooms.results.plain import number

if TYPE_CHECKING:
    from ooms.documents.document import Document

__all__ = ["EachOption"]


@dataclass(frozen=True)
class EachOption:
    """Made by `ooms compare --each-option`.

    Parameters
    ----------
    comparison : Comparison
        Of all the views and their options.
    groups : sequence of sequence of View
        Each view, followed by itself with one option on (`ooms.comparing.compare.with_each_option`).
    """

    comparison: Comparison
    groups: Sequence[Sequence[View]]

    @staticmethod
    def is_part(stem: View, view: View) -> bool:
        """Whether the option that was turned on changes nothing: all that it says is believed there already.

        Examples
        --------
        >>> import ooms
        >>> view = ooms.load("davidson-2025")
        >>> [EachOption.is_part(view, view.with_options(name)) for name in ("smarter-faster", "long-run")]
        [True, False]
        """
        return (
            _believed(view) == _believed(stem)
            and set(view.correlations) == set(stem.correlations)
            and all(getattr(view, switch) == getattr(stem, switch) for switch in SWITCHES)
        )

    def to_warn_of(self) -> Iterator[View]:
        """The views, of each option only with what it adds to the warnings; of those that are part already, none."""
        for stem, *others in self.groups:
            yield stem
            for view in others:
                new = () if self.is_part(stem, view) else tuple(w for w in view.warnings if w not in stem.warnings)
                yield replace(view, warnings=new)

    def document(self) -> Document:
        """What it says, as sections of plain data (`ooms.documents`)."""
        from ooms.documents.options import document

        return document(self)

    def plain(self) -> dict[str, Any]:
        """The comparison, and each option's changes, in plain form."""
        rows = [
            {
                "view": stem.name,
                "option": view.chosen[-1],
                "title": view.options[view.chosen[-1]].title,
                "event": event,
                "probability": number(self.comparison.probability(view, event)),
                "change": number(self.comparison.difference(event, view, stem)),
            }
            for stem, *others in self.groups
            for view in others
            for event in self.comparison.events
        ]
        return self.comparison.plain() | {"options": rows}


def _believed(view: View) -> dict[str, Marginal]:
    """The distribution of every parameter, with the neutral values of those that are not mentioned."""
    neutral: dict[str, Marginal] = {name: Fixed(value) for name, value in view.neutral.items()}
    return neutral | {name: belief.marginal for name, belief in view.beliefs.items()}
