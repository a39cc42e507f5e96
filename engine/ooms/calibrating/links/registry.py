"""All links, by the name that survey files use."""

from __future__ import annotations

from ooms.calibrating.links.base import Link
from ooms.calibrating.links.decade import Decade
from ooms.calibrating.links.levels import (
    ComputeElasticity,
    LabourElasticity,
    Latent,
    Returns,
    SelfReport,
    Substitution,
)
from ooms.calibrating.links.pace import Pace
from ooms.files.forms import Registry

__all__ = ["LINKS"]

_ALL: tuple[type[Link], ...] = (
    Pace,
    Decade,
    Substitution,
    LabourElasticity,
    ComputeElasticity,
    Returns,
    Latent,
    SelfReport,
)

LINKS = Registry[Link]("link", "kind", {link.kind: link for link in _ALL})
