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
from ooms.distributions.marginals.beta import Beta
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.discrete import Discrete
from ooms.distributions.marginals.empirical import Empirical
from ooms.distributions.marginals.fixed import Fixed
from ooms.distributions.marginals.lognormal import Lognormal
from ooms.distributions.marginals.loguniform import Loguniform
from ooms.distributions.marginals.mixture import Mixture
from ooms.distributions.marginals.normal import Normal
from ooms.distributions.marginals.quantile_spline import QuantileSpline
from ooms.distributions.marginals.registry import REGISTRY
from ooms.distributions.marginals.shifted_lognormal import ShiftedLognormal
from ooms.distributions.marginals.skewed_loguniform import SkewedLoguniform
from ooms.distributions.marginals.table import from_table
from ooms.distributions.marginals.text import parse
from ooms.distributions.marginals.triangular import Triangular
from ooms.distributions.marginals.truncated_lognormal import TruncatedLognormal
from ooms.distributions.marginals.truncated_normal import TruncatedNormal
from ooms.distributions.marginals.uniform import Uniform

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
