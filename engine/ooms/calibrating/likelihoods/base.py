"""What every likelihood has in common: its form in a survey file, its nuisance parameters, and what it must answer."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Self, final

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.likelihoods.support import Side
from ooms.distributions.marginals import Marginal, parse
from ooms.files.forms import Spot, Table, Wrong, read
from ooms.problems import Problems, did_you_mean

__all__ = ["Data", "Likelihood", "Nuisance", "vague"]

type Data = dict[str, NDArray[np.float64]]
"""Answers as arrays, by name."""

_VAGUE = 700.0
"""Standard error of a logarithm: as wide as all floating-point numbers are."""

_NO_PRIORS: Mapping[str, Marginal] = MappingProxyType({})


@dataclass(frozen=True)
class Nuisance:
    """A parameter of how answers scatter, which is not asked about but has to be estimated with the rest.

    Parameters
    ----------
    prior : Marginal
        Its prior.
    size : int or None
        How many independent ones of them there are; None for a single number.
    """

    prior: Marginal
    size: int | None = None


@dataclass(frozen=True)
class Likelihood(Table, abc.ABC):
    """What was answered to one question, and how such answers scatter about what the model predicts (the centre).

    The fields of a likelihood are what its table in a survey file says. A new kind is a file beside this one and a
    line in the registry; the conformance suite tests it by its `example`.

    Parameters
    ----------
    priors : mapping of str to Marginal, optional
        Priors of nuisance parameters that take the place of the default ones.
    side : -1, 0 or 1
        On which side of 1 what was asked leaves the answers; 0 for either (`bounded`).
    """

    kind: ClassVar[str]
    """Its name in a survey file."""
    apart: ClassVar[tuple[str, ...]] = ("priors", "side")
    defaults: ClassVar[Mapping[str, str]]
    """Prior of every nuisance parameter with one, as text; all of them are judgement, and weak on purpose."""
    effect_defaults: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """The same where answers are bounded, and scatter on the log of the effect; none where they never are."""

    priors: Mapping[str, Marginal] = field(default=_NO_PRIORS, kw_only=True)
    side: Side = field(default=0, kw_only=True)

    @final
    @classmethod
    def parse(
        cls, table: Mapping[str, object], place: str, problems: Problems, priors: Mapping[str, Marginal] = _NO_PRIORS
    ) -> Self | None:
        """The likelihood that a table of a survey file describes, or None if anything is wrong with it.

        Parameters
        ----------
        table : mapping
            The table ``likelihood = {kind = "...", ...}``; the key ``kind`` may be there or not.
        place : str
            Where it stands, for the problems.
        problems : Problems
            Collects everything that is wrong.
        priors : mapping of str to Marginal, optional
            Priors of nuisance parameters that take the place of the default ones.
        """
        likelihood = read(cls, table, Spot(place, problems), "kind")
        return likelihood and likelihood.with_priors(priors, place, problems)

    @final
    def with_priors(self, priors: Mapping[str, Marginal], place: str, problems: Problems) -> Self | None:
        """The same answers with other priors of nuisance parameters; None if there are no such parameters.

        Parameters
        ----------
        priors : mapping of str to Marginal
            By name of the nuisance parameter.
        place : str
            Where they stand, for the problems.
        problems : Problems
            Collects every name that is not known.
        """
        known = [name for name, size in self.sizes().items() if size is None]
        wrong = [name for name in priors if name not in known]
        for name in wrong:
            remedy = did_you_mean(name, known) if known else "leave it out: this likelihood has none"
            problems.add(f"{place}.{name}", f"{name} is not a nuisance parameter of {self.kind}", remedy)
        return None if wrong else replace(self, priors=MappingProxyType({**self.priors, **priors}))

    @final
    def bounded(self, side: Side, place: str, problems: Problems) -> Self | None:
        """The same answers to a question that leaves them on one side of 1; None if some of them are not there.

        Estimates with errors of their own are not bounded: what is estimated is, and its estimate can miss.

        Parameters
        ----------
        side : -1, 0 or 1
            What was asked leaves them at most 1, anywhere, or at least 1 (`ooms.calibrating.links.Link.side`).
        place : str
            Where they stand, for the problems.
        problems : Problems
            Collects every answer that cannot have been one.
        """
        if side == 0 or not self.effect_defaults:
            return self
        found = replace(self, side=side)
        wrong = found._complaints()
        for what, remedy in wrong:
            problems.add(place, what, remedy)
        return None if wrong else found

    @final
    @property
    def nuisance(self) -> Mapping[str, Nuisance]:
        """The nuisance parameters, by name; those of a vector are standard normal, and scaled in `log_likelihood`."""
        return {
            name: Nuisance(self.priors.get(name) or _prior(self._default(name)) if size is None else _STANDARD, size)
            for name, size in self.sizes().items()
        }

    @abc.abstractmethod
    def sizes(self) -> Mapping[str, int | None]:
        """The nuisance parameters that these answers need: the length of a vector, or None for a single number."""

    @abc.abstractmethod
    def data(self) -> Data:
        """The answers, as finite arrays whose shapes follow from the table alone."""

    @abc.abstractmethod
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        """Log density or probability of the answers, term by term.

        Parameters
        ----------
        centre : array or symbolic array, shape batch
            What the model predicts, as a natural log.
        nuisance : mapping of str to array, shape batch or batch + (size,)
            Values of the nuisance parameters.
        data : mapping of str to array
            Answers with the keys and shapes of `data`.

        Returns
        -------
        array, shape batch + (terms,)
            Natural logs; terms are independent of each other given centre and nuisance.
        """

    @abc.abstractmethod
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        """Answers as they could have been, drawn from the distribution that `log_likelihood` is the density of."""

    @abc.abstractmethod
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        """What to compare between answers and simulated answers, by a name that a reader understands."""

    def _complaints(self) -> list[tuple[str, str]]:
        """What of the answers cannot be on the side of 1 that they are bounded to, and the remedies."""
        return []

    def _default(self, name: str) -> str:
        return (self.effect_defaults if self.side else self.defaults)[name]


def vague(key: str, error: float) -> list[Wrong]:
    """The problem that an estimate whose logarithm has that standard error says nothing, if so."""
    if error < _VAGUE:
        return []
    what = f"the standard error of the logarithm is {error:g}: so vague an estimate says nothing"
    return [(key, what, "leave the estimate out, or give a smaller error")]


@cache
def _prior(text: str) -> Marginal:
    problems = Problems()
    prior = parse(text, "default prior", problems)
    problems.raise_if_any()
    assert prior is not None
    return prior


_STANDARD = _prior("normal(0, 1)")
