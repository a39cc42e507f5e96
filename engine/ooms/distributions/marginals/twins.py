"""PyMC variables for families that PyMC does not have; PyMC itself is handed in, as it is slow to import."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ooms.distributions.normal import Floats

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

__all__ = ["Twin", "free", "transformed", "wide"]

type Twin = TensorVariable[Any, Any]


def wide(*values: float) -> tuple[Floats, ...]:
    """Numbers as float64 arrays; PyTensor would take a plain number for the narrowest type that holds it."""
    return tuple(np.asarray(value, dtype=np.float64) for value in values)


def free(pm: Any, variable: Twin, name: str, support: tuple[float, float], start: float) -> Twin:
    """The variable as a free one of the model whose context is open, sampled on a scale without ends."""
    low, high = (end if np.isfinite(end) else None for end in support)
    transform = None if low is None and high is None else pm.distributions.transforms.Interval(low, high)
    return pm.modelcontext(None).register_rv(variable, name, default_transform=transform, initval=start)


def transformed(pm: Any, make: Callable[[Any], Twin]) -> Twin:
    """Unnamed variable made by `make(size)` from another one; PyMC works out its density."""

    def build(size: Any) -> Twin:
        return make(size)

    return pm.CustomDist.dist(dist=build)
