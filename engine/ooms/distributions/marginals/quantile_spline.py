"""A distribution through an expert's quantiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, override

import numpy as np

from ooms.distributions.marginals.checks import Found, increasing, quantile_problems, side_problems
from ooms.distributions.marginals.continuous import Continuous
from ooms.distributions.marginals.scales import Scale
from ooms.distributions.marginals.spline import MonotoneSpline
from ooms.distributions.marginals.twins import Twin
from ooms.distributions.normal import Floats, log_density, ndtr, ndtri
from ooms.files.forms import Choice

__all__ = ["QuantileSpline"]


@dataclass(frozen=True)
class QuantileSpline(Continuous):
    """Distribution through an expert's quantiles, smooth between them and with tails like a normal distribution's.

    A monotone spline runs through the points ``(ndtri(p), t(x))`` and goes on in straight lines beyond the outermost;
    quantiles of a normal distribution give back that distribution. The scale `t` is ``x``, or ``ln x`` if `scale` is
    "log" (then the tails are lognormal), and an end of the support sends it to infinity: with `s` for ``x`` or
    ``ln x``, ``ln(s - lower)``, ``-ln(upper - s)``, or ``ln((s - lower) / (upper - s))`` with both ends.

    Parameters
    ----------
    probabilities, values : sequence of float
        Cumulative probabilities and the quantiles at them, two or more, some below the median and some above it, as
        one side says nothing of the other; in a prior file rather ``p5 = ...``.
    lower, upper : float, optional
        Ends of the support; none if not given (0 on the log scale).
    scale : {"linear", "log"}, optional
        Scale on which to interpolate.

    References
    ----------
    Keelin, T. W. (2016). The metalog distributions. Decision Analysis 13, 243-277 (the scales for bounded variables).

    Examples
    --------
    >>> expert = QuantileSpline.fit({0.05: 1, 0.5: 3, 0.95: 30}, scale="log")
    >>> expert.ppf(np.array([0.05, 0.5, 0.95, 0.99])).round(3).tolist()
    [1.0, 3.0, 30.0, 99.945]
    """

    family: ClassVar[str] = "quantile_spline"
    example: ClassVar[Mapping[str, object]] = {
        "distribution": "quantile_spline",
        "p5": 1,
        "p50": 3,
        "p95": 30,
        "scale": "log",
    }
    quantile_counts: ClassVar[tuple[int, ...]] = (2, 3, 4, 5)
    beside_quantiles: ClassVar[tuple[str, ...]] = ("lower", "upper", "scale")
    domain: ClassVar[tuple[float | str, float | str]] = ("lower", "upper")
    may_be_infinite: ClassVar[tuple[str, ...]] = ("lower", "upper")

    probabilities: tuple[float, ...]
    values: tuple[float, ...]
    lower: float = -np.inf
    upper: float = np.inf
    scale: Annotated[str, Choice(("linear", "log"))] = "linear"

    @override
    def support(self) -> tuple[float, float]:
        return self._scale.lower, self._scale.upper

    @override
    def _problems(self) -> list[Found]:
        found = increasing(lower=self.lower, upper=self.upper)
        if self.scale not in ("linear", "log"):
            found.append(("scale", f"scale = {self.scale!r} is not known", 'give scale = "linear" or "log"'))
        if len(self.probabilities) != len(self.values) or len(set(self.probabilities)) < 2:
            what = f"{len(self.values)} values and {len(set(self.probabilities))} distinct probabilities"
            found.append(("values", what, "give two or more distinct probabilities and a value for each"))
        if found:
            return found
        quantiles = dict(zip(self.probabilities, self.values, strict=True))
        return quantile_problems(quantiles, *self.support()) or side_problems(self.probabilities)

    @cached_property
    def _scale(self) -> Scale:
        return Scale(self.lower, self.upper, self.scale == "log")

    @cached_property
    def _spline(self) -> MonotoneSpline:
        order = np.argsort(self.probabilities)
        knots = np.array(self.probabilities)[order], np.array(self.values)[order]
        return MonotoneSpline(ndtri(knots[0]), self._scale.to_line(knots[1], np))

    @override
    def _ppf(self, u: Floats) -> Floats:
        return self._scale.from_line(self._spline.value(ndtri(u)))

    @override
    def _cdf(self, x: Floats) -> Floats:
        return ndtr(self._spline.argument(self._scale.to_line(x, np), np))

    @override
    def _log_density(self, x: Any, m: Any) -> Any:
        z = self._spline.argument(self._scale.to_line(x, m), m)
        return log_density(z) - self._spline.log_slope(z, m) + self._scale.log_slope(x, m)

    @override
    @classmethod
    def parameters_from(cls, chances: Floats, values: Floats, **fixed: Any) -> dict[str, Any]:
        return {"probabilities": tuple(chances.tolist()), "values": tuple(values.tolist()), **fixed}

    @override
    def twin(self, pm: Any) -> Twin:
        return self.from_density(pm)
