r"""The pace of progress: the one equation of the model.

.. math:: \frac{dx}{dt} = g_0\, T(x)\, Y(x, t)\, e^{-D(x)}

x is software progress since full automation in OOMs of effective training compute, t is years. Logs throughout:
labour and compute are straight lines in x, so that ln Y needs one function of their difference.

`Pace` holds the equation for a block of draws without calendar time; `ClockedPace` adds it (hardware that grows or
drops, a gradual ramp, labs that reorganise).
"""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ooms.model.experiments import log_compute
from ooms.model.inputs import Inputs
from ooms.model.labour import log_labour, log_taste, log_taste_slope
from ooms.model.production import (
    STEEP,
    THIN,
    beyond,
    combine_routes,
    labour_share,
    log_ces,
    log_ces_tame,
    log_output,
    nonzero,
)
from ooms.model.units import LN10, Line

__all__ = ["ClockedPace", "Pace", "Regime"]

Floats = NDArray[np.float64]

_FARTHEST = 64.0  # OOMs within which the quick form of the production function is checked to hold


class Pace:
    """ln(dx/dt) as a function of progress, for a block of draws, without calendar time.

    Everything that does not depend on x is worked out once. Methods take x as a number or as an array that broadcasts
    against the draws, and return arrays of that shape.

    Parameters
    ----------
    inputs : Inputs
        The parameters of the block.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        i = inputs
        u = i.labour_per_training
        self.labour = log_labour(i.workforce, i.speed, i.skill, i.parallelizability, u)
        self.compute = log_compute(i.compute_exponent, i.experiment_efficiency, u)
        self.ratio = Line(self.labour.intercept - self.compute.intercept, self.labour.slope - self.compute.slope)
        self.stated_rho = beyond(i.rho, i.rho_discrepancy) if np.any(i.rho_discrepancy) else i.rho
        self.rho = nonzero(self.stated_rho)
        self.per_rho = np.asarray(1.0 / self.rho)
        self.tilt = Line(self.rho * self.ratio.intercept, self.rho * self.ratio.slope)
        steepest = max(np.max(self.tilt.intercept), np.max(self.tilt.at(_FARTHEST)))
        self.tame = bool(steepest <= STEEP and np.min(i.compute_share) >= THIN)
        self.taste_is_flat = not np.any(i.taste_slope)
        self.limited = not np.all(np.isinf(i.software_limit))
        self.per_limit = -1.0 / i.software_limit
        self.all_limited = not np.any(np.isinf(i.software_limit))
        self.unlimited = i.difficulty * u * LN10
        self.steepness = self.unlimited * np.where(np.isinf(i.software_limit), 1.0, i.software_limit)

    def part(self, rows: slice | NDArray[np.intp]) -> Self:
        """The same equation for some of the draws; nothing is worked out again."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray) and value.ndim:
                setattr(other, name, value[rows])
            elif isinstance(value, Line):
                setattr(other, name, Line(*(v[rows] if v.ndim else v for v in value)))
        other.inputs = self.inputs.take(rows)
        other.__dict__.pop("_route_lines", None)
        return other

    @cached_property
    def log_today(self) -> Floats:
        """ln of today's human-only pace, OOM per year: ln g0."""
        return np.log(self.inputs.software_growth)

    @cached_property
    def level(self) -> Floats:
        """The part of ln(dx/dt) that depends on neither progress nor the production function."""
        level = self.log_today + self.log_boost
        return level + self.log_taste(0.0) if self.taste_is_flat else level

    @cached_property
    def log_boost(self) -> Floats:
        """What `initial_speedup` adds so that output starts at that many times today's; 0 without it."""
        if self.inputs.initial_speedup is None:
            return np.zeros(())
        return np.log(self.inputs.initial_speedup) - self.log_output(np.zeros(()))

    @property
    def singularity(self) -> Floats:
        """Where the pace falls to 0: at the software limit."""
        return self.inputs.software_limit

    def log_taste(self, x: ArrayLike) -> Floats:
        """ln T(x): the part of the pace that is choosing experiments well."""
        i = self.inputs
        return log_taste(i.taste_start + i.taste_slope * np.asarray(x), i.taste_multiplier, i.taste_ceiling)

    def log_output(self, x: ArrayLike) -> Floats:
        """ln Y(x): research output from labour and compute, 0 today."""
        x = np.asarray(x, dtype=float)
        y = self._main_route(x) + self.compute.slope * x
        return self._with_routes(x, y, self.labour.at(x))[0] if self.inputs.routes else y

    def log_max_speed(self) -> Floats:
        """Ln of research output with unlimited labour at today's compute; +inf where labour can stand in for it."""
        i = self.inputs

        def ceiling(rho: Floats, share: Floats) -> Floats:
            with np.errstate(divide="ignore"):
                return np.where(rho < 0, np.log(share) / np.where(rho < 0, rho, -1.0), np.inf)

        main = ceiling(self.stated_rho, i.compute_share)
        if i.routes:
            others = [ceiling(r.rho, r.compute_share) for r in i.routes]
            weights = [np.zeros(()), *(np.log(r.productivity) for r in i.routes)]
            both = np.stack(np.broadcast_arrays(main, *others, *weights))
            endless = np.any(np.isinf(both[: len(weights)]), axis=0)
            both[: len(weights)] = np.where(endless, 0.0, both[: len(weights)])
            assert i.route_elasticity is not None, "routes come with an elasticity"
            together = combine_routes(both[: len(weights)], both[len(weights) :], i.route_elasticity)[0]
            main = np.where(endless, np.inf, together)
        return main + self.log_boost

    def log_output_of(self, log_labour: Floats) -> Floats:
        """Ln of research output with that much labour (in logs, 0 today) at today's compute; 0 today."""
        main = log_output(log_labour, np.zeros(()), self.rho, self.inputs.compute_share)
        return self._with_routes(np.zeros(()), main, log_labour)[0] if self.inputs.routes else main

    def _main_route(self, x: Floats) -> Floats:
        """ln(Y/k) of the main route."""
        ces = log_ces_tame if self.tame else log_ces
        return ces(self.tilt.at(x), self.per_rho, self.inputs.compute_share)

    @cached_property
    def _route_lines(self) -> list[Line]:
        """ln k of each further route."""
        i = self.inputs
        return [log_compute(i.compute_exponent, r.experiment_efficiency, i.labour_per_training) for r in i.routes]

    def _with_routes(
        self, x: Floats | float, main: Floats, labour: Floats, hardware: Floats | float = 0.0
    ) -> tuple[Floats, Floats]:
        """All routes together, and the part of each; `hardware` is what hardware adds to ln k."""
        i = self.inputs
        assert i.route_elasticity is not None, "routes come with an elasticity"
        computes = [line.at(x) + hardware for line in self._route_lines]
        others = [
            log_output(labour, k, nonzero(r.rho), r.compute_share) for r, k in zip(i.routes, computes, strict=True)
        ]
        weights = [np.zeros(()), *(np.log(r.productivity) for r in i.routes)]
        both = np.stack(np.broadcast_arrays(main, *others, *weights))
        return combine_routes(both[: len(weights)], both[len(weights) :], i.route_elasticity)

    def log_relative(self, x: ArrayLike) -> Floats:
        """ln of the pace at x over today's human-only pace."""
        return self.log(x) - self.log_today

    def log(self, x: ArrayLike) -> Floats:
        """ln(dx/dt) at x, OOM per year; -inf at and beyond the software limit."""
        x = np.asarray(x, dtype=float)
        return self.shape(x) + self.level

    def shape(self, x: Floats | float) -> Floats:
        """ln(dx/dt) less `level`: all that changes with x; -inf at and beyond the software limit."""
        with np.errstate(divide="ignore"):
            y = self.log_output(x) + self._log_ease(x, np.maximum(-x / self.inputs.software_limit, -1.0))
        y = np.where(x >= self.inputs.software_limit, -np.inf, y)
        return y if self.taste_is_flat else y + self.log_taste(x)

    def shape_inside(self, x: Floats | float) -> Floats:
        """`shape` where x is known to lie below every draw's limit: the trajectory's inner loop."""
        y = self.log_output(x) + self._log_ease(x, self.per_limit * x)
        return y if self.taste_is_flat else y + self.log_taste(x)

    def _log_ease(self, x: Floats | float, used: Floats) -> Floats:
        """-D(x), see `ooms.model.returns.difficulty`; `used` is minus the part of the way to the limit."""
        if not self.limited:
            return -self.steepness * x
        used = np.log1p(used) * self.steepness
        return used if self.all_limited else np.where(np.isinf(self.inputs.software_limit), -self.unlimited * x, used)

    def labour_share(self, x: ArrayLike) -> Floats:
        """Labour's share of research output at x, see `ooms.model.production.labour_share` (of the main route)."""
        return labour_share(self.ratio.at(x), self.rho, self.inputs.compute_share)

    def output_elasticity(self, x: ArrayLike) -> Floats:
        """D ln Y / d ln S at x: what one more doubling of software adds to research output, before ideas get harder."""
        i, x = self.inputs, np.asarray(x, dtype=float)
        per_software = LN10 * i.labour_per_training

        def elasticity(share: Floats, compute: Floats) -> Floats:
            return (share * self.labour.slope + (1.0 - share) * compute) / per_software

        main = elasticity(self.labour_share(x), self.compute.slope)
        if not i.routes:
            return main
        labour = self.labour.at(x)
        each = [main] + [
            elasticity(labour_share(labour - line.at(x), nonzero(r.rho), r.compute_share), line.slope)
            for r, line in zip(i.routes, self._route_lines, strict=True)
        ]
        y = self._main_route(x) + self.compute.slope * x
        parts = self._with_routes(x, y, labour)[1]
        return np.asarray(sum(part * one for part, one in zip(parts, each, strict=True)))

    def kappa(self, x: ArrayLike) -> Floats:
        r"""Acceleration: elasticity of the pace to labour-equivalent software. Progress accelerates iff it is positive.

        .. math:: \kappa(x) = \frac{d\ln(dx/dt)}{d\ln S}
                  = \lambda s_L + \zeta\gamma(1-s_L) + \frac{T'(x)}{T\, u \ln 10} - \frac{\beta}{1-x/X}

        -inf at and beyond the limit.
        """
        i, x = self.inputs, np.asarray(x, dtype=float)
        value = self.output_elasticity(x)
        if not self.taste_is_flat:
            standing = i.taste_start + i.taste_slope * x
            slope = log_taste_slope(standing, i.taste_multiplier, i.taste_ceiling) * i.taste_slope
            value = value + slope / (i.labour_per_training * LN10)
        left = 1.0 - x / i.software_limit
        return np.where(left > 0, value - i.difficulty / np.where(left > 0, left, 1.0), -np.inf)


class Regime(NamedTuple):
    """Which of the events at a fixed date have passed, for each draw."""

    ramped: NDArray[np.bool_]
    shocked: NDArray[np.bool_]


_AT_ONCE = 1e12
"""OOMs a year: hardware that grows or shrinks faster is there, or gone, at once for all that numbers can tell."""


class ClockedPace(Pace):
    r"""ln(dx/dt) as a function of progress and calendar time.

    Hardware grows by `hardware_growth` OOM a year and jumps by `hardware_shock` at its date; the workforce (or the
    initial speed-up) grows from 1 to its full value over `ramp_years`; rho drifts to `rho_long_run` as labs reorganise
    at the speed their researchers think:

    .. math:: N(t) = N^{\min(1,\, t/T_{ramp})}, \qquad
              \rho(t) = \rho_{long} + (\rho - \rho_{long})\, e^{-t v / T_{adj}}

    The dates at which the formula changes are passed as a `Regime`, so that a solver can step exactly up to them.
    """

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        i = inputs
        self.growth = np.clip(i.hardware_growth, -_AT_ONCE, _AT_ONCE) * LN10
        self.log_shock = np.zeros(()) if i.hardware_shock is None else np.log(i.hardware_shock)
        self.shock_date = np.asarray(np.inf) if i.hardware_shock_year is None else i.hardware_shock_year
        self.ramp = np.asarray(0.0) if i.ramp_years is None else i.ramp_years
        self._safe_ramp = np.maximum(self.ramp, 1e-300)
        self.has_dates = i.ramp_years is not None or i.hardware_shock is not None
        self.log_workforce = i.parallelizability * np.log(i.workforce)

    def start(self) -> Regime:
        """The regime at t = 0."""
        return self.regime(np.zeros(self.inputs.draws))

    def next_date(self, regime: Regime) -> Floats:
        """The next date at which the formula changes; +inf if none is left."""
        ramp = np.where(regime.ramped, np.inf, self.ramp)
        return np.minimum(ramp, np.where(regime.shocked, np.inf, self.shock_date))

    def regime(self, t: Floats) -> Regime:
        """The regime from each draw's time on."""
        return Regime(self.ramp <= t, self.shock_date <= t)

    @cached_property
    def _level_still(self) -> Floats:
        return self.log_today + self.log_taste(0.0)

    def still(self, x: Floats | float) -> Floats:
        """The part of ln(dx/dt) that only progress moves: level, difficulty and taste."""
        level = self._level_still if self.taste_is_flat else self.log_today + self.log_taste(x)
        with np.errstate(divide="ignore"):
            return level + self._log_ease(x, np.maximum(-x / self.inputs.software_limit, -1.0))

    def moving(self, x: Floats | float, t: Floats, regime: Regime) -> Floats:
        """The part of ln(dx/dt) that calendar time moves too: ln Y(x, t)."""
        labour, hardware, rho, boost = self._at(x, t, regime)
        return self._output(x, labour, hardware, rho) + boost

    def _output(self, x: Floats | float, labour: Floats, hardware: Floats, rho: Floats) -> Floats:
        """ln Y from ln l, what hardware adds to ln k, and the rho of the moment."""
        compute = self.compute.at(x) + hardware
        y = log_output(labour, compute, rho, self.inputs.compute_share)
        return self._with_routes(x, y, labour, hardware)[0] if self.inputs.routes else y

    def labour_share(self, x: ArrayLike) -> Floats:
        """Labour's share of research output at x and t = 0 (of the main route)."""
        x, zero = np.asarray(x, dtype=float), np.zeros(self.inputs.draws)
        labour, hardware, rho, _ = self._at(x, zero, self.start())
        return labour_share(labour - self.compute.at(x) - hardware, rho, self.inputs.compute_share)

    def drift(self, x: Floats | float, t: Floats, regime: Regime) -> Floats:
        """How fast ln Y moves with calendar time at fixed progress, per year (reorganisation left out)."""
        i = self.inputs
        labour, hardware_now, rho, _ = self._at(x, t, regime)
        share = labour_share(labour - self.compute.at(x) - hardware_now, rho, i.compute_share)
        hardware = self.growth * (share * i.parallelizability + (1.0 - share) * i.compute_exponent)
        if i.ramp_years is None:
            return hardware
        ramping = np.where(regime.ramped, 0.0, 1.0 / self._safe_ramp)
        if i.initial_speedup is not None:
            return hardware + ramping * self._speedup_drift(t)
        return hardware + ramping * share * self.log_workforce

    def _log_speedup(self, ramped: Floats) -> Floats:
        """Ln of the research output that `initial_speedup` stands for, `ramped` (0 to 1) of the way up its ramp."""
        start = self.inputs.ramp_start
        if start is None:
            return ramped * self._log_f
        return np.log1p(start * np.exp(ramped * (self._log_f - np.log(start))))

    def _speedup_drift(self, t: Floats) -> Floats:
        """How fast that moves on the ramp, per unit of the way up."""
        start = self.inputs.ramp_start
        if start is None:
            return self._log_f
        steep = self._log_f - np.log(start)
        now = start * np.exp(np.minimum(t / self._safe_ramp, 1.0) * steep)
        return steep * now / (1.0 + now)

    @cached_property
    def _log_f(self) -> Floats:
        assert self.inputs.initial_speedup is not None, "only asked for with an initial speed-up"
        return np.log(self.inputs.initial_speedup)

    @cached_property
    def _output_today(self) -> Floats:
        """ln Y(0, 0), which `initial_speedup` replaces."""
        zero = np.zeros(())
        return self._output(zero, self.labour.intercept, zero, self.rho)

    def _at(self, x: Floats | float, t: Floats, regime: Regime) -> tuple[Floats, Floats, Floats, Floats]:
        """ln l, what hardware adds to ln k, rho, and the boost of `initial_speedup`, at progress x and time t."""
        i = self.inputs
        hardware = self.growth * t
        if i.hardware_shock is not None:
            hardware = hardware + np.where(regime.shocked, self.log_shock, 0.0)
        labour = self.labour.at(x) + i.parallelizability * hardware
        missing = np.zeros(()) if i.ramp_years is None else np.where(regime.ramped, 0.0, 1.0 - t / self._safe_ramp)
        boost = np.zeros(())
        if i.initial_speedup is None:
            labour = labour if i.ramp_years is None else labour - missing * self.log_workforce
        else:
            boost = self._log_speedup(1.0 - missing) - self._output_today
        rho = self.rho
        if i.rho_long_run is not None:
            assert i.adjustment_years is not None, "reorganisation comes with its duration"
            left = np.exp(-t * i.speed / i.adjustment_years)
            rho = nonzero(i.rho_long_run + (self.stated_rho - i.rho_long_run) * left)
        return labour, i.compute_exponent * hardware, rho, boost
