"""The linear pool as a prior: one view whose joint draws come from each view by its weight, whole draws at a time.

Every view is brought to the parameters of the equation (`ooms.parameters.PARAMETERS`). What some views leave out gets
the value that changes nothing: an `initial_speedup` equal to the research output that labour and compute give, a
`hardware_shock` of 1, a `rho_long_run` where rho already is, a limit far beyond anything that can be asked for.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import LEAST_ROWS, RANDOMISATIONS, Sampler
from ooms.beliefs.reparametrisation import FEEDBACK, rivals, settled
from ooms.beliefs.resources import RESOURCES, equipped
from ooms.beliefs.view import Belief, BeliefWarning, View, checked
from ooms.comparing.pools.panel import Panel
from ooms.distributions.marginals import Empirical, Fixed
from ooms.distributions.sobol import scrambled, uniforms
from ooms.model.inputs import Inputs
from ooms.model.pace import Pace
from ooms.model.production import nonzero
from ooms.model.returns import returns_from_difficulty
from ooms.model.units import LN10
from ooms.parameters import PARAMETERS, VIEW_COLUMN, known
from ooms.problems import Problems

__all__ = ["JOINT", "check_common", "mixture_prior", "rows_by_weight"]

Floats = NDArray[np.float64]

_MOST_ROWS = 2**20

JOINT = "pooled draws"
"""What the joint draws are called until they are in a file."""

NO_LIMIT = 1e9
"""OOMs: no limit, for a file that holds finite numbers only; what changes is below 1e-7."""

_RELATIVE_TO_NOTHING: Mapping[str, Callable[[Inputs], Floats]] = {
    "initial_speedup": lambda i: np.exp(Pace(i).log_output(np.zeros(()))),
    "rho_long_run": lambda i: Pace(i).stated_rho,
    "adjustment_years": lambda i: np.ones(()),
    "hardware_shock": lambda i: np.ones(()),
    "hardware_shock_year": lambda i: np.zeros(()),
}
"""Values with which a parameter that a view leaves out changes nothing."""


def rows_by_weight(weights: Sequence[float], rows: int) -> list[int]:
    """Rows of each view: whole numbers in proportion to the weights, by largest remainders.

    Examples
    --------
    >>> rows_by_weight([0.5, 0.3, 0.2], 16)
    [8, 5, 3]
    """
    exact = [weight * rows for weight in weights]
    found = [math.floor(number + 1e-9) for number in exact]
    by_remainder = sorted(range(len(exact)), key=lambda k: (found[k] - exact[k], k))
    for k in by_remainder[: rows - sum(found)]:
        found[k] += 1
    return found


def check_common(views: Mapping[str, View], problems: Problems) -> None:
    """Add every view that has something which one file cannot say of some of its draws only to `problems`."""
    features: dict[str, dict[str, object]] = {
        "retraining": {name: view.retraining for name, view in views.items()},
        "routes": {name: view.routes for name, view in views.items()},
    }
    for key in ("ramp_years", "ramp_start"):
        features[key] = {name: key in view.beliefs for name, view in views.items()}
    if any(features["ramp_years"].values()):
        features["initial_speedup under a ramp"] = {n: "initial_speedup" in v.beliefs for n, v in views.items()}
    remedy = "pool outcomes instead (ooms.pool(...).probability and so on), which needs no common file, or leave it out"
    for feature, said in features.items():
        if len(set(said.values())) > 1:
            for name in [n for n, value in said.items() if value]:
                what = f"has {feature}{_amount(said[name])}, and not all views have the same"
                problems.add(name, f"{what}: one prior file cannot say that of some of its draws", remedy)


def _amount(value: object) -> str:
    return "" if isinstance(value, bool) else f" ({value})"


def mixture_prior(panel: Panel, seed: int, rows: int) -> View:
    """One view whose draws are the views' own, in proportion to their weights.

    Parameters
    ----------
    panel : Panel
        The views and their weights.
    seed : int
        Chooses the views' draws, which are among those that a forecast begins with.
    rows : int
        How many joint draws.

    Raises
    ------
    UserError
        The views differ in what one file cannot say, or there are too few rows for a view.
    """
    problems, views = Problems(), panel.active
    check_common(views, problems)
    counts = _counts(panel, rows, problems)
    problems.raise_if_any()
    resources = {name for view in views.values() for name in RESOURCES if name in view.beliefs}
    taken = _rows_of_each(counts, seed)
    solved = [_inputs(equipped(view, resources), seed, own) for view, own in zip(views.values(), taken, strict=True)]
    columns = _columns(solved, counts)
    _settle_taste(columns)
    _settle_difficulty(columns)
    _settle_exponents(columns)
    unlimited = bool(np.all(np.isinf(columns["software_limit"])))
    if unlimited:
        del columns["software_limit"]
    else:
        columns["software_limit"] = np.minimum(columns["software_limit"], NO_LIMIT)
    _check_domains(columns, list(views), counts, problems)
    problems.raise_if_any()
    # row j is draw j of its view, so that the randomisations of a forecast have those of the draws (`Sampler`)
    order = np.argsort(np.concatenate(taken))
    columns = {name: values[order] for name, values in columns.items()}
    made = View(
        "pool",
        MappingProxyType({name: _belief(name, values, panel) for name, values in columns.items()}),
        title=f"Linear pool of {', '.join(views)}",
        description=_description(panel, rows),
        declining_returns=not unlimited,
        retraining=next(iter(views.values())).retraining,
        cites=_union(view.cites for view in views.values()),
        references=MappingProxyType({k: work for view in views.values() for k, work in view.references.items()}),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BeliefWarning)  # each view has had its own
        return checked(made, "the pooled prior")


def _counts(panel: Panel, rows: object, problems: Problems) -> list[int]:
    if not isinstance(rows, int) or isinstance(rows, bool) or not 1 <= rows <= _MOST_ROWS:
        what = f"{rows!r} is no number of rows for a file"
        problems.add("prior", what, f"give a whole number up to {_MOST_ROWS}, such as 4096")
        return []
    weights = [weight for weight in panel.weights.values() if weight > 0]
    counts = rows_by_weight(weights, rows)
    for name, count, weight in zip(panel.active, counts, weights, strict=True):
        if not count:
            need = math.ceil(1 / weight)
            problems.add("prior", f"{name} with weight {weight:.3g} gets none of {rows} rows", f"give {need} or more")
    return counts


def _rows_of_each(counts: Sequence[int], seed: int) -> list[NDArray[np.intp]]:
    """Which draws each view gives: no two the same, so that their errors do not add up; together the first `rows`.

    One more dimension of the point set says which view a draw belongs to, so that each view's are spread evenly.
    """
    rows = sum(counts)
    directions, shifts = scrambled("pooled view", VIEW_COLUMN, seed, RANDOMISATIONS)
    order = np.argsort(uniforms(directions, shifts, 0, _points(rows))[:rows], kind="stable")
    return [np.sort(own) for own in np.split(order, np.cumsum(counts)[:-1])]


def _points(rows: int) -> int:
    """Points of each randomisation that make so many draws: a power of two."""
    return 2 ** (math.ceil(rows / RANDOMISATIONS) - 1).bit_length()


def _inputs(view: View, seed: int, own: NDArray[np.intp]) -> Inputs:
    """Some of the draws of a view, as the model takes them."""
    needed = int(own[-1]) + 1
    return Sampler(view, seed).block(0, RANDOMISATIONS * _points(needed)).inputs.take(own)


def _columns(solved: Sequence[Inputs], counts: Sequence[int]) -> dict[str, Floats]:
    """One column for each parameter that any view has, the views' draws one after the other."""
    columns: dict[str, Floats] = {}
    for name in PARAMETERS:
        stated = [getattr(inputs, name) for inputs in solved]
        if all(values is None for values in stated):
            continue
        filled = [
            _RELATIVE_TO_NOTHING[name](inputs) if values is None else values
            for inputs, values in zip(solved, stated, strict=True)
        ]
        columns[name] = _joined(filled, counts)
    for k in range(len(solved[0].routes)):
        for field in fields(solved[0].routes[k]):
            filled = [getattr(inputs.routes[k], field.name) for inputs in solved]
            columns[f"routes.{k + 1}.{field.name}"] = _joined(filled, counts)
    return columns


def _joined(values: Iterable[Floats], counts: Sequence[int]) -> Floats:
    return np.concatenate([np.broadcast_to(v, count) for v, count in zip(values, counts, strict=True)]).astype(float)


def _settle_taste(columns: dict[str, Floats]) -> None:
    """State taste so that the highest multiplier of one view may lie above the lowest ceiling of another."""
    m, ceiling = columns["taste_multiplier"], columns["taste_ceiling"]
    if np.max(m) < np.min(ceiling):
        return
    # without a step from median to top there is no taste whatever the standing: then say so by a standing of 0
    flat = m == 1.0
    for name in ("taste_start", "taste_slope"):
        columns[name] = np.where(flat, 0.0, columns[name])
    columns["taste_multiplier"] = np.where(flat, 2.0, m)
    del columns["taste_ceiling"]
    columns["taste_limit"] = np.where(flat, 1.0, np.log(ceiling) / np.log(np.where(flat, 2.0, m)) - 1.0)


def _settle_difficulty(columns: dict[str, Floats]) -> None:
    """State how hard ideas get by what returns are, as most views do, if there are any in all draws."""
    returns = returns_from_difficulty(*(columns[name] for name in ("difficulty", *FEEDBACK)))
    if np.all(np.isfinite(returns)):
        columns["returns"] = returns
        del columns["difficulty"]


def _settle_exponents(columns: dict[str, Floats]) -> None:
    """State exponents above 1, which views may imply but not state, by what they are implied by."""
    a = columns["compute_share"]
    if np.max(columns["parallelizability"]) > 1.0:
        columns["labour_exponent"] = columns.pop("parallelizability") * (1.0 - a)
    if np.max(columns["compute_exponent"]) > 1.0 and np.min(a) > 0.0:
        rho = nonzero(columns["rho"])
        slowdown = -np.log1p(a * np.expm1(-columns.pop("compute_exponent") * rho * LN10)) / rho
        columns["compute_slowdown"] = np.exp(slowdown)  # the inverse of `exponent_from_slowdown`


def _check_domains(columns: Mapping[str, Floats], names: list[str], counts: Sequence[int], problems: Problems) -> None:
    starts = np.cumsum([0, *counts])
    for name, values in columns.items():
        parameter = known(name)
        for view, first, last in zip(names, starts, starts[1:], strict=False):
            low, high = float(np.min(values[first:last])), float(np.max(values[first:last]))
            if not (math.isfinite(low + high) and parameter.holds(low, high)):
                what = f"{name} comes out from {low:.4g} to {high:.4g}, outside its domain {parameter.domain()}"
                remedy = "pool outcomes instead (ooms.pool(...).probability and so on), or change that view"
                problems.add(view, what, remedy)


def _belief(name: str, values: Floats, panel: Panel) -> Belief:
    same = bool(np.all(values == values[0]))
    said = {label: _said(name, view) for label, view in panel.active.items()}
    spelt = rivals(name) | {name}
    cites = _union(belief.cites for view in panel.active.values() for n, belief in view.beliefs.items() if n in spelt)
    return Belief(
        Fixed(float(values[0])) if same else Empirical(tuple(values.tolist())),
        f"linear pool of {panel} ({panel.weighting})",
        "; ".join(f"{label}: {text}" for label, text in said.items()),
        joint=None if same else JOINT,
        cites=cites,
    )


def _said(name: str, view: View) -> str:
    """What a view says of a parameter, in its own words."""
    spelt = rivals(name) | {name}
    said = [f"{n} ~ {view.beliefs[n].marginal}" for n in view.beliefs if n in spelt]
    if name == "software_limit" and not view.declining_returns:
        return f"no limit, as {NO_LIMIT:g} OOM"
    if "difficulty" in settled(name) and view.states_returns and not view.compute_adjustment:
        said.append("over 1 - compute_share")
    if not said:
        return "not stated, so neutral" if known(name).neutral is not None else _NOTHING
    return ", ".join(text if len(text) <= _LONG else f"{text[: _LONG - 3]}..." for text in said)


_LONG = 120  # characters of a distribution's text
_NOTHING = "not stated; a value that changes nothing"


def _union(keys: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for some in keys for key in some))


def _description(panel: Panel, rows: int) -> str:
    if rows >= RANDOMISATIONS * LEAST_ROWS:
        errors = "which the errors of forecasts include."
    else:
        errors = f"which the errors of forecasts leave out; from {RANDOMISATIONS * LEAST_ROWS} rows up they include it."
    unsound = [
        f" {name} was calibrated, and the calibration failed its checks: {'; '.join(view.calibration.failed)}."
        for name, view in panel.active.items()
        if view.calibration is not None and view.calibration.failed
    ]
    return (
        f"The linear pool of {panel}: {panel.weighting}. A mixture of {rows} joint draws, of which each view gives its "
        "share, whole draws at a time. Forecasts repeat these draws, so that probabilities from them are off by up to "
        f"{0.5 / math.sqrt(rows):.1g} (standard error), however many draws are asked for, {errors}{''.join(unsound)}"
    )
