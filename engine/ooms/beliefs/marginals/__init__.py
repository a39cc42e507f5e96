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

from ooms.beliefs.marginals.base import Marginal
from ooms.beliefs.marginals.beta import Beta
from ooms.beliefs.marginals.continuous import Continuous
from ooms.beliefs.marginals.discrete import Discrete
from ooms.beliefs.marginals.empirical import Empirical
from ooms.beliefs.marginals.fixed import Fixed
from ooms.beliefs.marginals.lognormal import Lognormal
from ooms.beliefs.marginals.loguniform import Loguniform
from ooms.beliefs.marginals.mixture import Mixture
from ooms.beliefs.marginals.normal import Normal
from ooms.beliefs.marginals.quantile_spline import QuantileSpline
from ooms.beliefs.marginals.registry import REGISTRY
from ooms.beliefs.marginals.shifted_lognormal import ShiftedLognormal
from ooms.beliefs.marginals.skewed_loguniform import SkewedLoguniform
from ooms.beliefs.marginals.table import from_table
from ooms.beliefs.marginals.text import parse
from ooms.beliefs.marginals.triangular import Triangular
from ooms.beliefs.marginals.truncated_lognormal import TruncatedLognormal
from ooms.beliefs.marginals.truncated_normal import TruncatedNormal
from ooms.beliefs.marginals.uniform import Uniform

__all__ = [
    "REGISTRY",
    "Beta",
    "Continuous",
    "Discrete",
    "Empirical",
    "Fixed",
    "Lognormal",
    "Loguniform",
    "Marginal",
    "Mixture",
    "Normal",
    "QuantileSpline",
    "ShiftedLognormal",
    "SkewedLoguniform",
    "Triangular",
    "TruncatedLognormal",
    "TruncatedNormal",
    "Uniform",
    "from_table",
    "parse",
]
