"""Options of a view: named sets of changes that its source (or its critics) offers, to be switched on one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ooms.distributions.copula import Correlation
from ooms.model.inputs import Retraining

if TYPE_CHECKING:
    from ooms.beliefs.view import Belief

__all__ = ["SWITCHES", "Option", "Stated", "Switches", "WhatIf"]

SWITCHES = ("declining_returns", "retraining", "compute_adjustment")
"""Variants that are on or off."""


@dataclass(frozen=True, slots=True)
class Switches:
    """Variants of the model that are on or off; None where nothing is said."""

    declining_returns: bool | None = None
    retraining: Retraining | None = None
    compute_adjustment: bool | None = None


@dataclass(frozen=True)
class Stated:
    """What one file, or one option in it, says: beliefs, correlations and switches.

    Parameters
    ----------
    beliefs, correlations, switches
        What it says.
    unread : frozenset of str
        Parameters (and routes) that it states in a way that cannot be read, and keys of the file of which that is so.
    """

    beliefs: Mapping[str, Belief]
    correlations: tuple[Correlation, ...] = ()
    switches: Switches = field(default=Switches())
    unread: frozenset[str] = field(default=frozenset(), kw_only=True)

    @property
    def has_routes(self) -> bool:
        """Whether it says which further routes there are."""
        return any(name.startswith("routes") for name in (*self.beliefs, *self.unread))


@dataclass(frozen=True)
class WhatIf(Stated):
    """What a user changes about a view."""


@dataclass(frozen=True)
class Option(Stated):
    """A named set of changes to a view.

    Parameters
    ----------
    name : str
        As in ``ooms forecast VIEW+NAME``.
    title, source, note : str
        What it is, where it comes from, and what to know about it.
    file : str
        The prior file that says it.
    """

    name: str = ""
    title: str = ""
    source: str = ""
    note: str = ""
    file: str = ""
