"""The tables of a survey file: its latent quantities and its items."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from ooms.beliefs.spec import checked
from ooms.beliefs.view import Belief
from ooms.calibrating.likelihoods import KINDS, Likelihood
from ooms.calibrating.links import LINKS, Link
from ooms.calibrating.surveys.priors import read_latent, read_nuisance_priors
from ooms.calibrating.surveys.spec import ItemSpec
from ooms.calibrating.surveys.survey import Item
from ooms.files.forms import Spot
from ooms.problems import Problems

__all__ = ["NAME", "SurveyFile", "tables"]

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
"""What surveys, items and latent quantities may be called."""

_LINK = 'link = {kind = "pace", compute = 10}'
_LIKELIHOOD = 'likelihood = {kind = "statement", low = 1.2, high = 2}'


def tables(given: object) -> Mapping[str, Any]:
    """What a table holds; nothing if it is no table, which the check of its form has told already.

    Examples
    --------
    >>> tables({"twice": 2}), tables(3)
    ({'twice': 2}, {})
    """
    return cast("Mapping[str, Any]", given) if isinstance(given, Mapping) else {}


@dataclass(frozen=True)
class SurveyFile:
    """What the tables of a survey file are read with.

    Parameters
    ----------
    place : str
        The name of the file, for the problems.
    fitted : bool
        Whether beliefs are to be fitted to it.
    problems : Problems
        Collects everything that is wrong.
    """

    place: str
    fitted: bool
    problems: Problems

    def latents(self, given: object) -> dict[str, Belief | None]:
        """Its latent quantities; None for what cannot be used, so that links to it are not blamed."""
        return {
            name: read_latent(table, f"{self.place}: latent.{name}", self.place, self.problems)
            for name, table in tables(given).items()
            if self._named(name, f"latent.{name}")
        }

    def items(self, given: object, latents: Mapping[str, Belief | None]) -> dict[str, Item]:
        """Its items, less those that cannot be used."""
        found = {name: self._item(name, table, latents) for name, table in tables(given).items()}
        return {name: item for name, item in found.items() if item is not None}

    def note_clashes(self, items: Collection[str], latents: Collection[str]) -> None:
        """An item and a latent quantity must not share a name."""
        for name in sorted(set(items) & set(latents)):
            what = f"{name} is the name of an item and of a latent quantity"
            self.problems.add(f"{self.place}: latent.{name}", what, "rename one of them")

    def _named(self, name: str, where: str) -> bool:
        if NAME.fullmatch(name):
            return True
        what = f"{name!r} cannot be a name"
        self.problems.add(f"{self.place}: {where}", what, "use small letters, digits and hyphens: slack-tenfold")
        return False

    def _item(self, name: str, table: object, latents: Mapping[str, Belief | None]) -> Item | None:
        place = f"{self.place}: items.{name}"
        self._named(name, f"items.{name}")
        if not isinstance(table, Mapping):
            self.problems.add(place, f"{name} is not a table", f"write it as a table: [items.{name}]")
            return None
        said = cast("Mapping[str, Any]", table)
        spec = checked(ItemSpec, said, place, self.problems)
        link = self._link(said.get("link"), f"{place}.link", latents)
        likelihood = self._bounded(self._likelihood(said, place), link, said, latents, f"{place}.likelihood")
        self._note_missing(said, place)
        if spec is None:
            return None
        answered = tables(said.get("likelihood"))
        if likelihood is not None:
            self._note_other_n(spec.n, answered.get("n"), place)
        return Item(
            name,
            spec.question,
            spec.n,
            spec.grade,
            spec.source,
            link,
            likelihood,
            spec.self_reported,
            MappingProxyType(spec.answers or {key: value for key, value in answered.items() if key != "kind"}),
            spec.outcome,
            spec.note,
        )

    def _link(self, table: object, place: str, latents: Mapping[str, Belief | None]) -> Link | None:
        kind = None if table is None else LINKS.pick(table, Spot(place, self.problems), _LINK)
        link = kind and kind.parse(tables(table), place, self.problems, latents)
        self._note_beyond_1(link, latents, place)
        return link

    def _note_beyond_1(self, link: Link | None, latents: Mapping[str, Belief | None], place: str) -> None:
        for name in link.shares if link else ():
            latent = latents.get(name)
            if latent is not None and latent.marginal.support()[1] > 1.0:
                what = f"{name} is a share here, and {latent.marginal} reaches beyond 1"
                self.problems.add(place, what, 'give it a distribution up to 1, such as "beta"')

    def _likelihood(self, said: Mapping[str, Any], place: str) -> Likelihood | None:
        table, at = said.get("likelihood"), f"{place}.likelihood"
        priors = read_nuisance_priors(said.get("priors"), f"{place}.priors", self.problems)
        if table is None:
            if priors:
                remedy = "leave them out, or give a likelihood"
                self.problems.add(f"{place}.priors", "are priors of a likelihood, and there is none", remedy)
            return None
        kind = KINDS.pick(table, Spot(at, self.problems), _LIKELIHOOD)
        likelihood = kind and kind.parse(tables(table), at, self.problems)
        return likelihood and likelihood.with_priors(priors, f"{place}.priors", self.problems)

    def _bounded(
        self, likelihood: Likelihood | None, link: Link | None, said: Mapping[str, Any],
        latents: Mapping[str, Belief | None], place: str,
    ) -> Likelihood | None:  # fmt: skip
        """The answers on the side of 1 that what was asked leaves them.

        What people say of their own work is an effect times by how much they overstate it, which has no bound.
        """
        if likelihood is None or link is None or said.get("bounded") is False or said.get("self_reported") is True:
            return likelihood
        unknown = (0.0, math.inf)
        supports = {name: belief.marginal.support() if belief else unknown for name, belief in latents.items()}
        return likelihood.bounded(link.side(supports), place, self.problems)

    def _note_missing(self, said: Mapping[str, Any], place: str) -> None:
        """An item is fitted, with a link and a likelihood, or kept, with its answers."""
        present = {key for key in ("link", "likelihood", "answers") if key in said}
        if present == {"link"} or present == {"link", "answers"}:
            self.problems.add(f"{place}.likelihood", "likelihood is missing beside the link", f"add {_LIKELIHOOD}")
        elif present == {"likelihood"} or present == {"likelihood", "answers"}:
            self.problems.add(f"{place}.link", "link is missing beside the likelihood", f"add {_LINK}")
        elif not present and self.fitted:
            remedy = "give a link and a likelihood; or, for an item that is only kept, answers"
            self.problems.add(place, "nothing was answered", remedy)
        elif not present:
            self.problems.add(place, "nothing was answered", "give answers: answers = {median = 1.5}")

    def _note_other_n(self, n: int | None, other: object, place: str) -> None:
        if other is not None and n != other:
            what = (
                f"{other} answers, but n = {n}" if n is not None else f"{other} answers, but the item does not say so"
            )
            self.problems.add(f"{place}.likelihood.n", what, "give the same n for the item and for its likelihood")
