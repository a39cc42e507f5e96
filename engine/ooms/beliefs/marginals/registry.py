"""The distribution families by the names that prior files use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ooms.beliefs.marginals.base import Marginal
from ooms.beliefs.marginals.beta import Beta
from ooms.beliefs.marginals.discrete import Discrete
from ooms.beliefs.marginals.empirical import Empirical
from ooms.beliefs.marginals.fixed import Fixed
from ooms.beliefs.marginals.lognormal import Lognormal
from ooms.beliefs.marginals.loguniform import Loguniform
from ooms.beliefs.marginals.mixture import Mixture
from ooms.beliefs.marginals.normal import Normal
from ooms.beliefs.marginals.quantile_spline import QuantileSpline
from ooms.beliefs.marginals.shifted_lognormal import ShiftedLognormal
from ooms.beliefs.marginals.skewed_loguniform import SkewedLoguniform
from ooms.beliefs.marginals.triangular import Triangular
from ooms.beliefs.marginals.truncated_lognormal import TruncatedLognormal
from ooms.beliefs.marginals.truncated_normal import TruncatedNormal
from ooms.beliefs.marginals.uniform import Uniform
from ooms.problems import did_you_mean

__all__ = ["REGISTRY", "meant"]

_FAMILIES: tuple[type[Marginal], ...] = (
    Fixed,
    Uniform,
    Loguniform,
    Normal,
    Lognormal,
    TruncatedNormal,
    TruncatedLognormal,
    Beta,
    Triangular,
    SkewedLoguniform,
    ShiftedLognormal,
    Discrete,
    Mixture,
    QuantileSpline,
    Empirical,
)

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
