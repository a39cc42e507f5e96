"""Distribution families for single parameters, and how they are read from prior files and from text.

Every family is one `Marginal`: a small frozen dataclass whose fields are the keys of a prior file. To add a family,
write it in a module of its own and list it in `registry`; the conformance suite then tests it by its `example`.

Examples
--------
>>> from ooms.problems import Problems
>>> print(from_table({"distribution": "lognormal", "p10": 3, "p90": 13}, "speedup", Problems()))
lognormal(p10=3, p90=13)
>>> parse("triangular(0, 1, 4)", "--set speedup", Problems()).ppf(0.25)
array(1.)
"""

from __future__ import annotations

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.registry import (
    REGISTRY,
    Beta,
    Discrete,
    Empirical,
    Fixed,
    Lognormal,
    Loguniform,
    Mixture,
    Normal,
    QuantileSpline,
    ShiftedLognormal,
    SkewedLoguniform,
    Triangular,
    TruncatedLognormal,
    TruncatedNormal,
    Uniform,
)  # fmt: skip
from ooms.distributions.marginals.table import from_table
from ooms.distributions.marginals.text import parse

__all__ = [
    "REGISTRY", "Beta", "Continuous", "Discrete", "Empirical", "Fixed", "Lognormal", "Loguniform", "Marginal",
    "Mixture", "Normal", "QuantileSpline", "ShiftedLognormal", "SkewedLoguniform", "Triangular", "TruncatedLognormal",
    "TruncatedNormal", "Uniform", "from_table", "parse",
]  # fmt: skip
