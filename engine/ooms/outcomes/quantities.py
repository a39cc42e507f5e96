"""Quantities: what has a distribution. ``time to 5 ooms``, ``ooms after 1 year``, ``max speed``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ooms.outcomes.run import Run
from ooms.outcomes.scale import Scale
from ooms.outcomes.spans import FARTHEST, LEAST, LONGEST, NUMBER, SPAN, WAY, counted, span
from ooms.outcomes.words import typed_name
from ooms.problems import Problem, UserError, did_you_mean

__all__ = ["DEFAULT_QUANTITIES", "RESOURCE_QUANTITIES", "Quantity", "parse_quantity"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something with a distribution: ``time to 5 ooms``.

    Parameters
    ----------
    name, unit : str
        As shown.
    scale : Scale
        Where its distribution is resolved.
    values : callable
        From a `Run` to one value a draw; +inf where it never comes.
    reach : float or None
        OOMs it needs to be followed to; None for the whole way.
    whole_ooms : bool
        Whether times to whole OOMs are enough.
    endless : str
        What an infinite value means.
    needs : tuple of str
        Parameters that the equation does without, and this does not.
    until : float
        Years from the start after which nothing can move it.
    """

    name: str
    unit: str
    scale: Scale
    values: Callable[[Run], Floats]
    reach: float | None = None
    whole_ooms: bool = False
    endless: str = "never"
    needs: tuple[str, ...] = ()
    until: float = math.inf


_TIMES = Scale(1e-6, 1e18, logarithmic=True)
_OOMS = Scale(0.0, FARTHEST)
_FACTORS = Scale(1e-12, 1e15, logarithmic=True)
_AMOUNTS = Scale(1e-6, 1e60, logarithmic=True)
_UNITLESS = Scale(-20.0, 20.0, bottom=-20.0)


def _time_to(amount: str) -> Quantity:
    ooms = float(amount)
    if not LEAST <= ooms <= FARTHEST:
        remedy = f"ask for more than 0 and at most {FARTHEST:g} OOMs, and no less than {LEAST:g}"
        raise UserError([Problem("quantity", f"time to {ooms:g} ooms cannot be followed", remedy)])
    return Quantity(
        f"time to {counted(ooms, 'oom')}",
        "years",
        _TIMES,
        lambda run: run.trajectory.time_to(ooms),
        ooms,
        whole_ooms=ooms.is_integer(),
    )


def _span(number: str | None, unit: str) -> tuple[float, str]:
    """Years that it is, and what it is called."""
    years, words = span(number, unit)
    if not LEAST <= years <= LONGEST:
        remedy = f"ask for more than no time and at most {LONGEST:g} years, and no less than {LEAST:g}"
        raise UserError([Problem("quantity", f"after {years:g} years nothing can be told", remedy)])
    return years, words


def _after(kind: str, number: str | None, unit: str) -> Quantity:
    years, words = _span(number, unit)
    if kind == "ooms":
        return Quantity(
            f"ooms after {words}", "OOM", _OOMS, lambda run: run.progress_after(years), endless=f"over {WAY}",
            until=years,
        )  # fmt: skip
    return Quantity(
        f"years of progress after {words}",
        "years of recent progress",
        _FACTORS,
        lambda run: run.progress_after(years) * run.inputs.software_share / run.inputs.software_growth,
        endless=f"over {WAY} OOMs",
        until=years,
    )


def _doubling(number: str) -> Quantity:
    count = int(number)
    if not 1 <= count <= _MOST_DOUBLINGS:
        remedy = f"ask for doublings 1 to {_MOST_DOUBLINGS}"
        raise UserError([Problem("quantity", f"doubling {count} cannot be followed", remedy)])

    def years(run: Run) -> Floats:
        length = run.spread(math.log10(2.0) / run.inputs.labour_per_training)
        end = run.trajectory.time_to(count * length)
        start = run.trajectory.time_to((count - 1) * length)
        return np.where(np.isfinite(end), end - np.where(np.isfinite(start), start, 0.0), np.inf)

    return Quantity(f"time of doubling {count}", "years", _TIMES, years)


def _by_hardware(what: str, number: str | None, unit: str) -> Quantity:
    years, words = _span(number, unit)
    in_units, needs, each = _RESOURCES[what]
    return Quantity(
        f"{what} by hardware alone after {words}",
        in_units,
        _AMOUNTS,
        lambda run: each(run) * 10.0 ** run.progress_after(years),
        endless=f"over {WAY} OOMs",
        needs=needs,
        until=years,
    )


def _stated(value: Floats | None) -> Floats:
    assert value is not None, "a quantity that needs a parameter is only worked out where it is there"
    return value


_MOST_DOUBLINGS = 1000

_RESOURCES: Mapping[str, tuple[str, tuple[str, ...], Callable[[Run], Floats]]] = {
    "compute": ("x today's training compute", (), lambda run: np.ones(())),
    "cost": ("dollars", ("training_cost",), lambda run: _stated(run.inputs.training_cost)),
    "energy": ("MWh", ("training_energy",), lambda run: _stated(run.inputs.training_energy)),
    "carbon": (
        "t CO2e",
        ("training_energy", "carbon_intensity"),
        lambda run: _stated(run.inputs.training_energy) * _stated(run.inputs.carbon_intensity),
    ),
}
"""What the progress would have cost as one training run of 10^x times today's compute: unit, what that takes, and what
today's run takes (1 MWh at 1 kg/kWh is 1 t)."""

RESOURCE_QUANTITIES = tuple(f"{what} by hardware alone after 1 year" for what in _RESOURCES)
"""The resource lens: what a year's progress from software would have cost in hardware alone."""

_NAMED: Mapping[str, Quantity] = {
    quantity.name: quantity
    for quantity in (
        Quantity("initial speed-up", "x today's pace", _FACTORS, Run.initial_speedup, 0.0, whole_ooms=True, until=0.0),
        Quantity("max speed", "x today's pace", _AMOUNTS, Run.max_speed, 0.0,
                 whole_ooms=True, endless="unlimited", until=0.0),
        Quantity("peak pace", "x today's pace", _FACTORS, lambda run: run.peak.pace, endless=f"beyond {WAY} OOMs"),
        Quantity("time to peak pace", "years", _TIMES, lambda run: run.peak.years, endless=f"beyond {WAY} OOMs"),
        Quantity("ooms at peak pace", "OOM", _OOMS, lambda run: run.peak.ooms, endless=f"over {WAY}"),
        Quantity("ooms at fizzle", "OOM", _OOMS, lambda run: run.trajectory.fizzle(), endless=f"over {WAY}"),
        Quantity("acceleration at the start", "kappa", _UNITLESS, lambda run: run.spread(run.pace.kappa(0.0)), 0.0,
                 whole_ooms=True, until=0.0),
        Quantity("labour share at the start", "share", Scale(0.0, 1.0),
                 lambda run: run.spread(run.pace.labour_share(0.0)), 0.0, whole_ooms=True, until=0.0),
    )
}  # fmt: skip

_TIME_TO = re.compile(rf"time to {NUMBER} ooms?")
_AFTER = re.compile(rf"(ooms|years of progress) after {SPAN}")
_DOUBLING = re.compile(r"time of doubling (\d{1,9})")
_BY_HARDWARE = re.compile(rf"({'|'.join(_RESOURCES)}) by hardware alone after {SPAN}")

DEFAULT_QUANTITIES = (
    *(f"time to {n} oom{'s' * (n > 1)}" for n in range(1, 13)),
    *(f"ooms after {words}" for words in ("3 months", "6 months", "1 year", "2 years", "4 years")),
    "years of progress after 1 year",
    *_NAMED,
)
"""Asked for unless others are."""


def parse_quantity(text: str) -> Quantity:
    """Read the name of a quantity.

    Raises
    ------
    UserError
        There is no such quantity; says what there is.

    Examples
    --------
    >>> parse_quantity("time to 5 ooms").unit
    'years'
    """
    tidy = typed_name(" ".join(text.lower().split()))
    if tidy in _NAMED:
        return _NAMED[tidy]
    if found := _TIME_TO.fullmatch(tidy):
        return _time_to(found[1])
    if found := _AFTER.fullmatch(tidy):
        return _after(found[1], found[2], found[3])
    if found := _DOUBLING.fullmatch(tidy):
        return _doubling(found[1])
    if found := _BY_HARDWARE.fullmatch(tidy):
        return _by_hardware(found[1], found[2], found[3])
    known = (
        "time to 5 ooms", "time of doubling 5", "ooms after 1 year", "years of progress after 1 year", *_NAMED,
        *RESOURCE_QUANTITIES,
    )  # fmt: skip
    raise UserError([Problem("quantity", f"there is no quantity {text!r}", did_you_mean(tidy, known))])
