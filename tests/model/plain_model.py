"""The model of model.md a second time: plain Python, one draw, one formula after the other; and random parameters."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
from scipy.integrate import quad

from ooms.model.inputs import Inputs, Retraining, Route

LN10 = math.log(10.0)

Draw = dict[str, Any]

CENTRAL: Draw = {
    "rho": -0.1,
    "compute_share": 0.5,
    "workforce": 30.0,
    "speed": 30.0,
    "skill": 1.0,
    "parallelizability": 0.6,
    "taste_multiplier": 6.0,
    "taste_start": 0.0,
    "taste_slope": 0.0,
    "taste_ceiling": 1e4,
    "compute_exponent": 0.65,
    "experiment_efficiency": 0.5,
    "hardware_growth": 0.0,
    "returns": 1.2,
    "software_limit": 11.0,
    "software_growth": 0.6,
    "labour_per_training": 2.0,
    "software_share": 0.5,
}


def log_mean(logs: list[float], weights: list[float], power: float) -> float:
    """ln (sum of weight y^power)^(1/power), weights summing to 1; in logs throughout, as powers may overflow."""
    if abs(power) < 1e-6:
        return sum(weight * log for weight, log in zip(weights, logs, strict=True))
    most = max(power * log for log in logs)
    terms = (weight * math.exp(power * log - most) for weight, log in zip(weights, logs, strict=True))
    return (most + math.log(sum(terms))) / power


def log_pace(p: Draw, x: float, t: float = 0.0) -> float:
    """ln(dx/dt), straight from the formulas."""
    u = p["labour_per_training"]
    taste = 0.0
    if p["taste_multiplier"] > 1:
        top = math.log(p["taste_ceiling"])
        standing = (p["taste_start"] + p["taste_slope"] * x) / 3.090232306167813
        taste = top * (1 - (1 - math.log(p["taste_multiplier"]) / top) ** standing)
    limit = p["software_limit"]
    harder = difficulty(p) * u * LN10 * (x if math.isinf(limit) else -limit * math.log(1 - x / limit))
    y = log_output(p, x, t)
    if p.get("initial_speedup") is not None:
        ramp = p.get("ramp_years") or 0.0
        ramped = min(1.0, t / ramp) if ramp else 1.0
        start, f = p.get("ramp_start"), p["initial_speedup"]
        boost = f**ramped if start is None else 1 + start * (f / start) ** ramped
        y += math.log(boost) - log_output(p | {"ramp_years": None}, 0.0, 0.0)
    return math.log(p["software_growth"]) + taste + y - harder


def difficulty(p: Draw) -> float:
    """beta, as given or from r."""
    if "difficulty" in p:
        return p["difficulty"]
    labour = p["parallelizability"] * (1 - p["compute_share"]) / p["returns"]
    return labour + p["compute_share"] * p["compute_exponent"] * p["experiment_efficiency"]


def output(p: Draw, x: float, t: float) -> float:
    """Y(x, t)."""
    return math.exp(log_output(p, x, t))


def log_output(p: Draw, x: float, t: float) -> float:
    """ln Y(x, t)."""
    lam, zeta = p["parallelizability"], p["compute_exponent"]
    software = LN10 * p["labour_per_training"] * x
    hardware = LN10 * p["hardware_growth"] * t
    if p.get("hardware_shock") is not None and t >= p["hardware_shock_year"]:
        hardware += math.log(p["hardware_shock"])
    staff = math.log(p["workforce"])
    if p.get("ramp_years") and p.get("initial_speedup") is None:
        staff *= min(1.0, t / p["ramp_years"])
    rho = 1 - (1 - p["rho"]) * math.exp(-p.get("rho_discrepancy", 0.0))
    if p.get("rho_long_run") is not None:
        left = math.exp(-t * p["speed"] / p["adjustment_years"])
        rho = p["rho_long_run"] + (rho - p["rho_long_run"]) * left
    labour = (staff + hardware + software) * lam + math.log(p["speed"] * p["skill"])

    def route(rho: float, a: float, gamma: float) -> float:
        return log_mean([labour, (hardware + software * gamma) * zeta], [1 - a, a], rho)

    y = route(rho, p["compute_share"], p["experiment_efficiency"])
    if not p.get("routes"):
        return y
    eta = p["route_elasticity"]
    strengths = [(1.0, y)] + [(w, route(rho, a, gamma)) for rho, a, gamma, w in p["routes"]]
    total = sum(w**eta for w, _ in strengths)
    return log_mean([math.log(w) + y for w, y in strengths], [1 / len(strengths)] * len(strengths), eta) + (
        math.log(len(strengths)) - math.log(total)
    ) / eta


def slowness(p: Draw, x: float, t: float = 0.0) -> float:
    return math.exp(-log_pace(p, x, t))


def time_between(p: Draw, start: float, end: float) -> float:
    return quad(lambda x: slowness(p, x), start, end, epsabs=0.0, epsrel=1e-11, limit=500)[0]


def times_to(p: Draw, ooms: list[float]) -> list[float]:
    """Years to each amount of progress, in rising order; infinite at and beyond the limit."""
    times, at, total = [], 0.0, 0.0
    for x in ooms:
        total = total + time_between(p, at, x) if x < p["software_limit"] else math.inf
        times.append(total)
        at = x
    return times


def random_draw(rng: np.random.Generator, **fixed: Any) -> Draw:
    """Parameters from wide but everyday ranges; those given are kept (a function is called with the generator)."""
    draw = {
        "rho": rng.uniform(-1.5, 0.6) if rng.random() < 0.9 else 0.0,
        "compute_share": rng.uniform(0.05, 0.9),
        "workforce": 10 ** rng.uniform(-1, 4),
        "speed": 10 ** rng.uniform(-1, 3),
        "skill": 10 ** rng.uniform(-1, 1),
        "parallelizability": rng.uniform(0.05, 1),
        "taste_multiplier": 10 ** rng.uniform(0, 1.1),
        "taste_start": rng.normal(),
        "taste_slope": 0.0,
        "taste_ceiling": 10 ** rng.uniform(2, 5),
        "compute_exponent": rng.uniform(0.2, 1),
        "experiment_efficiency": rng.uniform(0, 1),
        "hardware_growth": 0.0,
        "returns": 10 ** rng.uniform(-0.4, 0.6),
        "software_limit": rng.uniform(3, 16),
        "software_growth": 10 ** rng.uniform(-0.5, 0.3),
        "labour_per_training": rng.uniform(0.8, 2.2),
        "software_share": rng.uniform(0.3, 1),
    }
    return draw | {name: value(rng) if callable(value) else value for name, value in fixed.items()}


def random_draws(seed: int, count: int, **fixed: Any) -> list[Draw]:
    rng = np.random.default_rng(seed)
    return [random_draw(rng, **fixed) for _ in range(count)]


def random_routes(rng: np.random.Generator) -> list[tuple[float, ...]]:
    """Two routes: rho, compute share, experiment efficiency, productivity."""
    return [
        (rng.uniform(-2, 0.5), rng.uniform(0.05, 0.9), rng.uniform(0, 1), 10 ** rng.uniform(-2, 1)) for _ in range(2)
    ]


PLAUSIBLE: Draw = {
    "rho": lambda rng: rng.uniform(-0.3, 0),
    "compute_share": lambda rng: rng.uniform(0.3, 0.7),
    "workforce": 30.0,
    "speed": 30.0,
    "skill": 1.0,
    "parallelizability": lambda rng: rng.beta(3, 3),
    "compute_exponent": 0.65,
    "returns": lambda rng: 10 ** rng.uniform(-0.4, 0.56),
    "software_limit": lambda rng: rng.uniform(6, 16),
    "labour_per_training": 2.0,
}
"""Beliefs about as wide as the default view's."""

VARIANTS: dict[str, Draw] = {
    "main": {},
    "tasteful": {"taste_slope": lambda rng: rng.uniform(-0.5, 2)},
    "speed-up": {"initial_speedup": lambda rng: 10 ** rng.uniform(0, 2)},
    "unlimited": {"software_limit": math.inf},
    "routes": {"routes": random_routes, "route_elasticity": lambda rng: 10 ** rng.uniform(-0.5, 1)},
    "all": {
        "taste_slope": lambda rng: rng.uniform(0, 1),
        "initial_speedup": lambda rng: 10 ** rng.uniform(0, 2),
        "routes": random_routes,
        "route_elasticity": lambda rng: 10 ** rng.uniform(-0.5, 1),
    },
}
"""What can be switched on without a clock."""


def varied(central: Draw, name: str, values: np.ndarray) -> Inputs:
    """The engine's inputs where one parameter varies and all others are single numbers."""
    arrays = {n: np.asarray(v, dtype=float) for n, v in central.items()} | {name: values}
    arrays["difficulty"] = np.asarray(difficulty(arrays))
    return Inputs(**{n: v for n, v in arrays.items() if n != "returns"})


def inputs_of(draws: list[Draw] | Draw, *, retraining: Retraining = False) -> Inputs:
    """The engine's inputs: one array over the draws for every parameter, or single numbers for a single draw."""
    single = isinstance(draws, dict)
    many: list[Draw] = [draws] if single else draws

    def column(values: list[float]) -> np.ndarray:
        return np.asarray(values[0] if single else values, dtype=float)

    many = [{"difficulty": difficulty(d), **d} for d in many]
    names = {f.name for f in fields(Inputs)} & set(many[0]) - {"routes"}
    arrays = {name: column([d[name] for d in many]) for name in names if many[0][name] is not None}
    routes = tuple(
        Route(*(column([d["routes"][j][k] for d in many]) for k in range(4)))
        for j in range(len(many[0].get("routes", ())))
    )
    return Inputs(**arrays, routes=routes, retraining=retraining)
