"""How values and quantile keys are written, in text that `parse` reads back."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from ooms.files.toml import written

if TYPE_CHECKING:
    from ooms.distributions.marginals.base import Marginal

__all__ = ["QUANTILE_KEY", "quantile_key", "read_quantile_key", "text_of", "written"]

QUANTILE_KEY = re.compile(r"p(\d+(?:[._]\d+)?)")


def quantile_key(chance: float) -> str:
    """Key of a quantile in a prior file.

    Examples
    --------
    >>> quantile_key(0.1), quantile_key(0.025)
    ('p10', 'p2.5')
    """
    return f"p{written(round(100 * chance, 10))}"


def read_quantile_key(key: str) -> float | None:
    """Cumulative probability that a quantile key names, or None if it is no such key.

    Examples
    --------
    >>> read_quantile_key("p05"), read_quantile_key("p2.5"), read_quantile_key("median")
    (0.05, 0.025, None)
    """
    found = QUANTILE_KEY.fullmatch(key)
    return round(float(found[1].replace("_", ".")) / 100, 14) if found else None


def text_of(marginal: Marginal) -> str:
    """Text form of a distribution: the quantiles it was given by, or its parameters less those at their defaults."""
    words = [f"{key}={written(value)}" for key, value in marginal.given]
    for key, field in () if words else marginal.keys().items():
        value = getattr(marginal, key)
        if field.default is dataclasses.MISSING:
            words.append(written(value))
        elif value != field.default:
            words.append(f"{key}={written(value)}")
    return f"{marginal.family}({', '.join(words)})"
