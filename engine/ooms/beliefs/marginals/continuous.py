"""What the families with a density have in common."""

from __future__ import annotations

import abc
import importlib
from dataclasses import dataclass
from typing import Any, final, override

from ooms.beliefs.marginals.base import Marginal
from ooms.beliefs.marginals.twins import Twin, free

__all__ = ["Continuous"]


@dataclass(frozen=True)
class Continuous(Marginal):
    """A family with a density; its PyMC twin is a free variable, so its prior can be scaled for sensitivity checks."""

    @final
    @override
    def pymc(self, name: str) -> Twin:
        """The same distribution as a free variable called `name` in the PyMC model whose context is open."""
        pm: Any = importlib.import_module("pymc")
        return free(pm, self.twin(pm), name, self.support(), self.middle)

    @abc.abstractmethod
    def twin(self, pm: Any) -> Twin:
        """The same distribution as an unnamed PyMC variable (`pm` is the module)."""
