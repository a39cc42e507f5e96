"""What progress would cost in hardware alone: shipped beliefs about dollars, energy and carbon, for every view."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from ooms.beliefs.options import Stated
from ooms.beliefs.reader import read_stated
from ooms.beliefs.view import View
from ooms.files.library import priors_folder
from ooms.parameters import PARAMETERS

__all__ = ["RESOURCES", "equipped"]

RESOURCES = frozenset(name for name, parameter in PARAMETERS.items() if parameter.group == "resources")
"""Parameters that the equation does without."""


def equipped(view: View, needs: Collection[str]) -> View:
    """The view, with the shipped beliefs (``priors/resources.toml``) about those of `needs` it does not mention."""
    missing = [name for name in needs if name not in view.beliefs]
    if not missing:
        return view
    shipped = _shipped().beliefs
    return view.overlaid(Stated({name: shipped[name] for name in missing}))


@lru_cache
def _shipped() -> Stated:
    return read_stated(priors_folder() / "resources.toml")
