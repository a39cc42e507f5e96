"""A value held fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, override

import numpy as np

from ooms.distributions.marginals.atoms import Atoms
from ooms.distributions.normal import Floats

__all__ = ["Fixed"]


@dataclass(frozen=True)
class Fixed(Atoms):
    """Fixed: all the probability on one value; in a prior file simply ``{value = 3}``.

    Parameters
    ----------
    value : float
        The value.

    Examples
    --------
    >>> print(Fixed(-0.4), Fixed(-0.4).middle)
    fixed(-0.4) -0.4
    """

    family = "fixed"
    example: ClassVar[Mapping[str, object]] = {"value": 3}

    value: float

    @override
    def atoms(self) -> tuple[Floats, Floats]:
        return np.array([self.value]), np.array([1.0])
