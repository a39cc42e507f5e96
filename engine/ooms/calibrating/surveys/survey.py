"""A survey: published answers about a few quantities, each with what it says of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ooms.beliefs.references import Reference
from ooms.beliefs.view import Belief
from ooms.calibrating.likelihoods import Likelihood
from ooms.calibrating.links import Link

__all__ = ["Item", "Survey"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Item:
    """One published statistic or table of a survey, and how it bears on the model.

    Parameters
    ----------
    name : str
        Its name in the survey.
    question : str
        What was asked or estimated, in short words.
    n : int or None
        How many answered; None if that is not published, or makes no sense.
    grade : str
        Provenance: P primary text or data, C primary code, A abstract, S second-hand, J our judgement.
    source : str
        Where the numbers are printed.
    link : Link or None
        What the model predicts for it (`ooms.calibrating.links`).
    likelihood : Likelihood or None
        The answers, and how they scatter about that (`ooms.calibrating.likelihoods`).
    self_reported : bool
        Whether people speak of the effect on their own work, and so share the self-report bias.
    answers : mapping
        What was answered, as it stands in the file.
    outcome : str
        What of a forecast the answers can be laid beside.
    note : str
        What else to know about it.
    """

    name: str
    question: str
    n: int | None
    grade: str
    source: str
    link: Link | None = None
    likelihood: Likelihood | None = None
    self_reported: bool = False
    answers: Mapping[str, Any] = field(default=_NOTHING, repr=False)
    outcome: str = ""
    note: str = ""

    @property
    def fitted(self) -> bool:
        """Whether it has a link and a likelihood, without which nothing can be learnt from it."""
        return self.link is not None and self.likelihood is not None


@dataclass(frozen=True)
class Survey:
    """Answers of one population or estimates of one literature, read from a file with `load_survey`.

    Parameters
    ----------
    name : str
        The name of its file.
    title, population : str
        What it is, and who answered.
    cites : tuple of str
        Keys of the works it comes from.
    references : mapping of str to Reference
        The works that its file describes, besides the shipped ones.
    bias : str
        Its bias group: sources that may err together, in the same direction.
    fitted : bool
        Whether beliefs are fitted to it; else it is kept for checking.
    why_not : str
        Why it is not fitted.
    note : str
        What else to know about it.
    latents : mapping of str to Belief
        Quantities that only this survey knows, with their priors.
    items : mapping of str to Item
        By name.
    file : str
        The path it was read from.
    """

    name: str
    title: str
    cites: tuple[str, ...]
    references: Mapping[str, Reference] = field(repr=False)
    population: str
    bias: str
    fitted: bool
    why_not: str
    note: str
    latents: Mapping[str, Belief]
    items: Mapping[str, Item]
    file: str

    @property
    def fitted_items(self) -> tuple[Item, ...]:
        """The items that beliefs are fitted to, in the order of the file; none if the survey is kept for checking."""
        return tuple(item for item in self.items.values() if item.fitted) if self.fitted else ()
