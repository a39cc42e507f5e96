"""What the model takes: one value, or one array of draws, for every parameter of the equation, and the variants on."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Inputs", "Retraining", "Route"]

Floats = NDArray[np.float64]

Retraining = bool | Literal["as coded"]
"""Whether part of every gain goes into shorter training runs: no, yes, or as Davidson & Houlden's code has it."""


@dataclass(frozen=True, slots=True)
class Route:
    """A further way to make progress: its own substitution, compute share, efficiency, and productivity today."""

    rho: Floats
    compute_share: Floats
    experiment_efficiency: Floats
    productivity: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Every parameter of the model for a block of draws.

    Each array is either zero-dimensional (the same for all draws) or has shape (draws,). Names, units and domains are
    those of `ooms.parameters.PARAMETERS`; None switches a variant off.
    """

    rho: Floats
    compute_share: Floats
    workforce: Floats
    speed: Floats
    skill: Floats
    parallelizability: Floats
    taste_multiplier: Floats
    taste_start: Floats
    taste_slope: Floats
    taste_ceiling: Floats
    compute_exponent: Floats
    experiment_efficiency: Floats
    hardware_growth: Floats
    difficulty: Floats
    software_limit: Floats
    software_growth: Floats
    labour_per_training: Floats
    software_share: Floats
    initial_speedup: Floats | None = None
    rho_long_run: Floats | None = None
    adjustment_years: Floats | None = None
    ramp_years: Floats | None = None
    ramp_start: Floats | None = None
    hardware_shock: Floats | None = None
    hardware_shock_year: Floats | None = None
    route_elasticity: Floats | None = None
    rho_discrepancy: Floats = field(default_factory=lambda: np.zeros(()))
    training_cost: Floats | None = None
    training_energy: Floats | None = None
    carbon_intensity: Floats | None = None
    routes: tuple[Route, ...] = ()
    retraining: Retraining = False

    @property
    def draws(self) -> int:
        """Number of draws (1 if every parameter is a single value)."""
        shared = (getattr(route, f.name) for route in self.routes for f in fields(route))
        sizes = {v.size for v in (*self._arrays().values(), *shared) if v.ndim}
        return sizes.pop() if sizes else 1

    @property
    def has_clock(self) -> bool:
        """Whether the pace depends on calendar time and not only on progress made."""
        switched = (self.ramp_years, self.hardware_shock, self.rho_long_run)
        return bool(np.any(self.hardware_growth != 0)) or any(v is not None for v in switched)

    def take(self, rows: NDArray[np.intp] | slice) -> Inputs:
        """The same inputs for some of the draws, or for all of them in another order."""
        arrays = {name: value[rows] for name, value in self._arrays().items() if value.ndim}
        routes = tuple(
            Route(*(v[rows] if v.ndim else v for v in (getattr(route, f.name) for f in fields(route))))
            for route in self.routes
        )
        return replace(self, **arrays, routes=routes)

    def _arrays(self) -> dict[str, Floats]:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
