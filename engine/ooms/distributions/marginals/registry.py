"""The distribution families by the names that prior files use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.beta import Beta
from ooms.distributions.marginals.discrete import Discrete
from ooms.distributions.marginals.empirical import Empirical
from ooms.distributions.marginals.fixed import Fixed
from ooms.distributions.marginals.lognormal import Lognormal
from ooms.distributions.marginals.loguniform import Loguniform
from ooms.distributions.marginals.mixture import Mixture
from ooms.distributions.marginals.normal import Normal
from ooms.distributions.marginals.quantile_spline import QuantileSpline
from ooms.distributions.marginals.shifted_lognormal import ShiftedLognormal
from ooms.distributions.marginals.skewed_loguniform import SkewedLoguniform
from ooms.distributions.marginals.triangular import Triangular
from ooms.distributions.marginals.truncated_lognormal import TruncatedLognormal
from ooms.distributions.marginals.truncated_normal import TruncatedNormal
from ooms.distributions.marginals.uniform import Uniform
from ooms.problems import did_you_mean

__all__ = [
    "REGISTRY", "Beta", "Discrete", "Empirical", "Fixed", "Lognormal", "Loguniform", "Mixture", "Normal",
    "QuantileSpline", "ShiftedLognormal", "SkewedLoguniform", "Triangular", "TruncatedLognormal", "TruncatedNormal",
    "Uniform", "meant",
]  # fmt: skip

_FAMILIES: tuple[type[Marginal], ...] = (
    Fixed, Uniform, Loguniform, Normal, Lognormal, TruncatedNormal, TruncatedLognormal, Beta, Triangular,
    SkewedLoguniform, ShiftedLognormal, Discrete, Mixture, QuantileSpline, Empirical,
)  # fmt: skip

REGISTRY: Mapping[str, type[Marginal]] = MappingProxyType({family.family: family for family in _FAMILIES})

_ELSEWHERE = {
    "gaussian": "normal", "norm": "normal", "lognorm": "lognormal", "reciprocal": "loguniform", "constant": "fixed",
    "point": "fixed", "pert": "triangular", "tri": "triangular", "choice": "discrete", "samples": "empirical",
    "quantiles": "quantile_spline",
}  # fmt: skip
"""What other tools call them, or what comes closest."""


def meant(name: str) -> str:
    """Remedy for the name of a distribution that is not known.

    Examples
    --------
    >>> meant("gaussian"), meant("Log-Normal")
    ('did you mean normal?', 'did you mean lognormal?')
    """
    plain = name.casefold().replace("-", "").replace(" ", "").replace("_", "")
    found = _ELSEWHERE.get(plain) or next((n for n in REGISTRY if n.replace("_", "") == plain), None)
    return f"did you mean {found}?" if found else did_you_mean(name, REGISTRY)
