"""Levels: parameters of the equation, or simple functions of them, that studies estimate directly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, override

import numpy as np

from ooms.calibrating.likelihoods.support import Side
from ooms.calibrating.links.base import Link, Quantity, State, side_of
from ooms.files.forms import Text
from ooms.model.production import labour_share, sigma_from_rho
from ooms.model.returns import returns_from_growth

__all__ = ["ComputeElasticity", "LabourElasticity", "Latent", "Returns", "SelfReport", "Substitution"]


@dataclass(frozen=True)
class Substitution(Link):
    """Elasticity of substitution at ratios of labour to compute near today's: a level, ln sigma.

    Parameters
    ----------
    relative : number or latent
        The elasticity where it was measured over that in AI R&D: what is lost in the transfer from one to the other.

    Examples
    --------
    >>> np.exp(Substitution().value(State({"rho": -1.0}, {}, 1.0, True, 1.0))).round(12).item()
    0.5
    """

    kind: ClassVar[str] = "substitution"
    effect: ClassVar[bool] = False
    words: ClassVar[str] = "elasticity of substitution"

    relative: Quantity = 1.0

    @property
    @override
    def latents(self) -> tuple[str, ...]:
        return (self.relative,) if isinstance(self.relative, str) else ()

    @property
    @override
    def needs(self) -> frozenset[str]:
        return frozenset({"rho", "rho_discrepancy"})

    @override
    def value(self, state: State) -> Any:
        return np.log(sigma_from_rho(state.rho(np.zeros(())))) + np.log(state.of(self.relative))


@dataclass(frozen=True)
class LabourElasticity(Link):
    """Elasticity of the pace of software to the number of researchers today, lambda (1 - a): a level, its ln."""

    kind: ClassVar[str] = "labour_elasticity"
    effect: ClassVar[bool] = False
    words: ClassVar[str] = "labour elasticity"

    @property
    @override
    def needs(self) -> frozenset[str]:
        return frozenset({"parallelizability", "compute_share"})

    @override
    def value(self, state: State) -> Any:
        return np.log(state["parallelizability"] * labour_share(0.0, state["rho"], state["compute_share"]))


@dataclass(frozen=True)
class ComputeElasticity(Link):
    """Elasticity of the pace of software to experiment compute today, zeta a: a level, its ln."""

    kind: ClassVar[str] = "compute_elasticity"
    effect: ClassVar[bool] = False
    words: ClassVar[str] = "compute elasticity"

    @property
    @override
    def needs(self) -> frozenset[str]:
        return frozenset({"compute_exponent", "compute_share"})

    @override
    def value(self, state: State) -> Any:
        share = 1.0 - labour_share(0.0, state["rho"], state["compute_share"])
        return np.log(state["compute_exponent"] * share)


@dataclass(frozen=True)
class Returns(Link):
    r"""Returns to software R&D: a level, ln of a study's quotient of growth of software and of research inputs.

    The model's r counts doublings of labour-equivalent software per doubling of researchers at fixed hardware. Such a
    quotient q is the one whose history implies r (`ooms.model.returns.returns_from_growth`): with experiment compute
    that grew as fast as labour, or not at all; of doublings of labour-equivalents, or of efficiency alone, without what
    smarter copies add.

    .. math:: r = q\, \frac{u\, \lambda (1-a)}{\lambda (1-a) + a \zeta} \quad \text{(all inputs, efficiency)}

    Parameters
    ----------
    input : "labour" or "all"
        Whether only labour grew, or labour and experiment compute together.
    output : "labour" or "efficiency"
        Whether doublings are of labour-equivalents, or of the efficiency with which something is computed.

    Examples
    --------
    >>> state = State({"returns": 1.2, "compute_share": 0.5, "labour_per_training": 2.0, "parallelizability": 0.6,
    ...                "compute_exponent": 0.6}, {}, 1.0, True, 1.0)
    >>> np.exp(Returns(input="all", output="efficiency").value(state)).round(12).item()
    1.2
    """

    kind: ClassVar[str] = "returns"
    effect: ClassVar[bool] = False
    words: ClassVar[str] = "returns to software R&D"

    input: Literal["labour", "all"] = "labour"
    output: Literal["labour", "efficiency"] = "labour"

    @property
    @override
    def needs(self) -> frozenset[str]:
        with_compute = ("compute_share", "parallelizability", "compute_exponent") if self.input == "all" else ()
        with_smarter = ("labour_per_training",) if self.output == "efficiency" else ()
        return frozenset(("returns", *with_compute, *with_smarter))

    @override
    def value(self, state: State) -> Any:
        smarter = state["labour_per_training"] if self.output == "efficiency" else np.ones(())
        if self.input == "labour":
            return np.log(state["returns"]) - np.log(smarter)
        exponents = (state["parallelizability"], state["compute_share"], state["compute_exponent"])
        return np.log(state["returns"]) - np.log(returns_from_growth(1.0, 1.0, 1.0, *exponents, smarter))


@dataclass(frozen=True)
class Latent(Link):
    """A quantity that only this survey knows, such as what a tool did for staff: a level, its ln."""

    kind: ClassVar[str] = "latent"
    effect: ClassVar[bool] = False
    words: ClassVar[str] = "a quantity of the survey's own"
    example: ClassVar[Mapping[str, object]] = {"name": "uplift"}

    name: Annotated[str, Text()]

    @override
    def side(self, supports: Mapping[str, tuple[float, float]]) -> Side:
        return side_of([supports[self.name]])  # a share is at most 1, and so is what is said of it

    @property
    @override
    def latents(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    @override
    def needs(self) -> frozenset[str]:
        return frozenset()

    @override
    def value(self, state: State) -> Any:
        return np.log(state.latents[self.name])


@dataclass(frozen=True)
class SelfReport(Link):
    """How much people overstate an effect on their own work: a level, ln of the claimed over the true factor."""

    kind: ClassVar[str] = "self_report"
    effect: ClassVar[bool] = False
    words: ClassVar[str] = "self-report bias"

    @property
    @override
    def needs(self) -> frozenset[str]:
        return frozenset()

    @override
    def value(self, state: State) -> Any:
        return np.log(state.self_report)
