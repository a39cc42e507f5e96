"""Draws for a page whose reader chooses among them: inputs and outcomes as compact columns, and charts to redraw.

A page filters the draws by ranges of inputs and works out again what pictures show, from the same columns.
"""

from __future__ import annotations

import base64
import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.draws import Sampler
from ooms.documents.document import Explorer
from ooms.forecasting.forecast import worked
from ooms.model.pace import Pace
from ooms.outcomes import HEADLINE, parse_event
from ooms.pictures.density import ticks
from ooms.pictures.forecast.beliefs import input_axis, input_name
from ooms.pictures.forecast.exceedance import WINDOWS
from ooms.pictures.forecast.fan import DAYS, quantity_after
from ooms.pictures.forecast.pace import LABOUR
from ooms.pictures.forecast.times import time_to
from ooms.pictures.words import harmless

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["DRAWS", "explorer"]

DRAWS = 2**13
"""Draws in a page: enough for a point of error in a quarter of them, and few enough for a phone."""

_STEPS = 65534  # of a column that is packed into 16 bits; one more stands for endless
_TIMES = tuple(map(time_to, range(1, 13)))
_YEAR = "ooms after 1 year"
_MOST = 24.0  # OOMs
_SOON = 1e-4  # years below which times are all alike
_LOG_YEARS = (math.log(_SOON), math.log(1e4))  # what comes later is as good as never here


_HOW = (
    "Choose a range of any input by its sliders or by dragging across its histogram, or type your own value and take "
    "the simulated futures nearest to it. The answer at the top and the pictures below are then those of the futures "
    "that are left. Inputs are not held fixed but chosen among, so that what goes with them here goes along."
)


def explorer(forecast: Forecast) -> Explorer:
    """The first draws of a forecast, for a page to filter."""
    draws = min(DRAWS, forecast.draws)
    quantities = [*_TIMES, _YEAR, *map(quantity_after, DAYS)]
    kept = _kept(forecast, quantities, draws)
    pace = Pace(Sampler(forecast.view, forecast.seed).block(0, draws).inputs)
    chance, error = forecast.probability(HEADLINE)
    changed = [word for change in forecast.view.changes for word in ("--set", change)]
    return Explorer(
        _HOW,
        {
            "draws": draws,
            "randomisations": forecast.randomisations,
            "position": harmless(forecast.view.position),
            "command": shlex.join(["ooms", "forecast", forecast.view.name, *changed]),
            "whole": {"draws": forecast.draws, "chance": chance, "error": error},
            "inputs": [_input(forecast, name, kept[name]) for name in forecast.inputs],
            "times": [_packed(np.log(np.maximum(kept[name], _SOON)), *_LOG_YEARS) for name in _TIMES],
            "year": _packed(kept[_YEAR], 0.0, _MOST),
            "path": [_packed(kept[quantity_after(days)], 0.0, _MOST) for days in DAYS],
            "days": list(DAYS),
            "windows": [{"name": name, "years": parse_event(f"1 oom in {name}").window} for name in WINDOWS],
            "labour": list(LABOUR),
            "production": None if pace.inputs.routes else _production(pace, draws),
        },
    )


def _kept(forecast: Forecast, quantities: Sequence[str], draws: int) -> Mapping[str, NDArray[Any]]:
    """The first draws, by column: those that were kept, or else drawn again."""
    kept = forecast.kept
    if not kept.keys() >= {*forecast.inputs, *quantities}:
        request = replace(forecast.request.asking((), quantities), draws=draws, keep=True)
        kept = worked(forecast.view, request).kept
    return {name: column[:draws] for name, column in kept.items()}


def _input(forecast: Forecast, name: str, values: NDArray[np.float64]) -> dict[str, Any]:
    axis = input_axis(forecast, name, values)
    low, high = float(axis.even(axis.low)), float(axis.even(axis.high))
    return {
        "name": name,
        "label": harmless(input_name(name)),
        "log": axis.logarithmic,
        "low": axis.low,
        "high": axis.high,
        "ticks": [
            {"at": 100 * float((axis.even(x) - low) / (high - low)), "text": f"{x:g}".replace("-", "\u2212")}
            for x in ticks(axis)
        ],
        "values": _packed(axis.even(np.clip(values, axis.low, axis.high)), low, high),
    }


def _production(pace: Pace, draws: int) -> dict[str, str]:
    """Substitution and the weight of compute, draw by draw."""
    share = pace.inputs.compute_share
    return {name: _floats(np.broadcast_to(value, (draws,))) for name, value in (("rho", pace.rho), ("share", share))}


def _floats(values: NDArray[Any]) -> str:
    """A column of single precision, in base 64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def _packed(values: NDArray[np.float64], low: float, high: float) -> dict[str, Any]:
    """A column in 16 bits: even steps from low to high, and endless."""
    with np.errstate(invalid="ignore"):  # of what is endless
        places = np.rint((np.minimum(values, high) - low) * (_STEPS / (high - low)))
    codes = np.where(np.isfinite(values) & (values <= high), places, _STEPS + 1).astype("<u2")
    return {"low": low, "high": high, "codes": base64.b64encode(codes.tobytes()).decode()}
