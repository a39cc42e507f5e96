"""What every link has in common: its form in a survey file, and what it is worked out from."""

from __future__ import annotations

import abc
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self, override

import numpy as np

from ooms.calibrating.likelihoods.support import Side
from ooms.files.forms import Schema, Spot, Table, Value, read
from ooms.model.arrays import namespace
from ooms.model.production import beyond, log_output, nonzero
from ooms.problems import Problems, did_you_mean

__all__ = ["Link", "Quantity", "State", "side_of"]

_FAR = math.log(1000.0)
"""ln of labour over compute at which forecasts are made: full automation brings of the order of a thousand."""


@dataclass(frozen=True)
class State:
    """One point (or one array of draws) of everything that links are worked out from, symbolic or not.

    Parameters
    ----------
    parameters : mapping of str to array
        The model's own parameters, by name (`ooms.beliefs.draws.canonical`).
    latents : mapping of str to array
        What only one survey knows.
    extrapolation : array
        Elasticity of substitution where forecasts are made over that at today's ratio of labour to compute.
    near : bool
        Whether `rho` is the parameter at today's ratio (the view states a `rho_discrepancy` of its own), or where
        forecasts are made.
    self_report : array
        Claimed over true effect on one's own work.
    """

    parameters: Mapping[str, Any]
    latents: Mapping[str, Any]
    extrapolation: Any
    near: bool
    self_report: Any

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def of(self, quantity: float | str) -> Any:
        """A number, or the latent of that name."""
        return self.latents[quantity] if isinstance(quantity, str) else np.asarray(quantity)

    def rho(self, log_ratio: Any) -> Any:
        r"""The CES parameter where labour over compute is exp(log_ratio) times today's.

        Its elasticity of substitution moves in proportion to the log of the ratio, by a factor
        exp(delta), `extrapolation`, in all at 1,000:

        .. math:: \ln\sigma(R) = \ln\sigma(1) + \delta \min\bigl(1, |\ln R| / \ln 1000\bigr)

        It is the rho of the chord from today to that ratio and not of the point there, because a forecast uses one
        constant rho, the one at 1,000, for all of its way: an answer about 900 times the labour and a forecast at 900
        times the labour then use the same equation. For a strongly negative delta chords to farther points can lie
        below those to nearer ones; answers that rise with the ratio speak against such draws.
        """
        way = namespace(log_ratio).minimum(np.abs(log_ratio) / _FAR, 1.0)
        return beyond(self["rho"], np.log(self.extrapolation) * (way if self.near else way - 1.0))

    def log_output(self, log_labour: Any, log_compute: Any) -> Any:
        """Ln of research output with so much labour and compute, relative to today's."""
        rho = nonzero(self.rho(log_labour - log_compute))
        return log_output(log_labour, log_compute, rho, self["compute_share"])


def side_of(ends: Collection[tuple[float, float]]) -> Side:
    """The side of 1 on which all of these intervals lie that are not 1; 0 if they lie on both, or some on neither.

    Examples
    --------
    >>> side_of([(30.0, 30.0), (1.0, 1.0)]), side_of([(0.0, 1.0)]), side_of([(30.0, 30.0), (0.1, 0.1)])
    (1, -1, 0)
    """
    moving = [(low, high) for low, high in ends if not low == high == 1.0]
    if moving and all(low >= 1.0 for low, _ in moving):
        return 1
    return -1 if moving and all(high <= 1.0 for _, high in moving) else 0


class _Quantity(Value):
    @override
    def read(self, value: object, at: Spot) -> float | str | None:
        if isinstance(value, str):
            return value
        try:
            if not isinstance(value, bool) and isinstance(value, int | float) and 0 < float(value) < math.inf:
                return float(value)
        except OverflowError:  # TOML has whole numbers of any length
            pass
        return at.refuse(value, "is neither a positive number nor the name of a latent", "give one of them")

    @override
    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}


Quantity = Annotated[float | str, _Quantity()]
"""A positive number, or the name of a latent quantity of the survey."""


@dataclass(frozen=True)
class Link(Table, abc.ABC):
    """What the model predicts for an item: ln of an effect, or of a level.

    The fields of a link are the keys of ``link = {kind = "...", ...}`` in a survey file.
    """

    kind: ClassVar[str]
    effect: ClassVar[bool]
    """Whether it is an effect, which people may over- or understate by a factor on the log scale; else a level."""
    words: ClassVar[str]
    """What it is, in a few words for tables."""

    @classmethod
    def parse(
        cls, table: Mapping[str, object], place: str, problems: Problems, latents: Collection[str] = ()
    ) -> Self | None:
        """The link that a table describes, or None with everything wrong with it added to `problems`."""
        link = read(cls, table, Spot(place, problems), "kind")
        if link is None:
            return None
        if complaint := link.complaint():
            problems.add(place, *complaint)
            return None
        unknown = [name for name in link.latents if name not in latents]
        for name in unknown:
            what = f"{name!r} is neither a number nor a latent of this survey"
            problems.add(place, what, did_you_mean(name, latents) if latents else f"describe it under [latent.{name}]")
        return None if unknown else link

    def complaint(self) -> tuple[str, str] | None:
        """What is wrong with its keys taken together, and the remedy; None if nothing is."""
        return None

    @property
    def latents(self) -> tuple[str, ...]:
        """Latents that it reads."""
        return ()

    @property
    def shares(self) -> tuple[str, ...]:
        """Latents among them that are shares, at most 1."""
        return ()

    def side(self, supports: Mapping[str, tuple[float, float]]) -> Side:
        """On which side of 1 what was asked leaves the answers: -1 at most 1, 1 at least 1, 0 either.

        Parameters
        ----------
        supports : mapping of str to (float, float)
            The least and the greatest that the survey's latent quantities can be, by name.
        """
        return 0

    @property
    @abc.abstractmethod
    def needs(self) -> frozenset[str]:
        """Parameters of the model that it reads."""

    @abc.abstractmethod
    def value(self, state: State) -> Any:
        """The prediction: a natural log, of the shape of the state's arrays."""
