"""Arrays and symbolic arrays alike: the model's functions run on NumPy, and inside a Bayesian model on PyTensor.

PyTensor's variables answer to NumPy's elementwise functions (`np.exp`, `np.log1p`, ...); what does not go through those
is here. PyTensor is never imported: a variable brings its own module.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["chosen", "floats", "is_symbolic", "namespace", "unbounded"]

Floats = NDArray[np.float64]

_SYMBOLIC = "pytensor"


def chosen(mask: NDArray[np.bool_], yes: Floats, no: Floats) -> Floats:
    """`numpy.where` for arrays of one shape, by their bits: in half the time where the mask differs at random.

    `numpy.where` branches number by number, and a processor that cannot foresee the branch waits at each.

    Examples
    --------
    >>> chosen(np.array([True, False]), np.array([1.0, 2.0]), np.array([3.0, np.nan])).tolist()
    [1.0, nan]
    """
    every = np.negative(mask.view(np.int8), dtype=np.int64)  # all bits set, or none
    bits = np.bitwise_xor(yes.view(np.int64), no.view(np.int64))
    bits &= every
    bits ^= no.view(np.int64)
    return bits.view(np.float64)


def unbounded() -> np.errstate:
    """A context (or decorator) in which what outgrows floating-point numbers is infinite, as times and paces may be.

    What is no number at all still warns.
    """
    return np.errstate(over="ignore", divide="ignore")


def is_symbolic(value: object) -> bool:
    """Whether it is a variable of PyTensor, and not an array."""
    return type(value).__module__.partition(".")[0] == _SYMBOLIC


def namespace(*values: object) -> Any:
    """The module whose functions take all of the values: NumPy, or `pytensor.tensor` if one of them is symbolic.

    Examples
    --------
    >>> namespace(1.0, np.zeros(3)).__name__
    'numpy'
    """
    return sys.modules[f"{_SYMBOLIC}.tensor"] if any(map(is_symbolic, values)) else np


def floats(value: ArrayLike) -> Floats:
    """The value as an array of floats, zero-dimensional for a number; a symbolic array as it is."""
    # a symbolic array passes for an array: the type checker need not know of PyTensor
    passed: Any = value
    return passed if is_symbolic(value) else np.asarray(value, dtype=np.float64)
