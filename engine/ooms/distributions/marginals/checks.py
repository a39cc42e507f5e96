"""Checks that families share; each returns what it found as (key, what with the value, remedy)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from typing import cast

import numpy as np

from ooms.distributions.marginals.words import quantile_key, written
from ooms.distributions.normal import Floats

__all__ = ["Found", "finite", "increasing", "positive", "quantile_count", "quantile_problems", "shares",
           "side_problems",           "weight_problems"]  # fmt: skip

type Found = tuple[str, str, str]


def finite(values: Mapping[str, object], may_be_infinite: tuple[str, ...]) -> list[Found]:
    """Numbers, alone or in lists, that are NaN, or infinite where that means nothing."""
    found: list[Found] = []
    for key, value in values.items():
        numbers = cast(tuple[object, ...], value if isinstance(value, tuple) else (value,))
        bad = [number for number in numbers if isinstance(number, float) and not math.isfinite(number)]
        if any(math.isnan(number) or key not in may_be_infinite for number in bad):
            found.append((key, f"{key} holds {', '.join(map(written, bad))}", f"give only finite numbers in {key}"))
    return found


def positive(**values: float) -> list[Found]:
    """Parameters that must be above zero and are not."""
    return [
        (key, f"{key} = {written(value)} is not above 0", f"give {key} above 0")
        for key, value in values.items()
        if not value > 0
    ]


def increasing(strictly: bool = True, **values: float) -> list[Found]:
    """Parameters that must increase in the order given and do not; each problem is put on the later one."""
    found: list[Found] = []
    for first, second in itertools.pairwise(values):
        if not (values[first] < values[second] or (not strictly and values[first] == values[second])):
            word = "above" if strictly else "at or above"
            what = f"{second} = {written(values[second])} is not {word} {first} = {written(values[first])}"
            found.append((second, what, f"give {second} {word} {first}"))
    return found


def quantile_count(family: str, count: int, takes: tuple[int, ...]) -> list[Found]:
    """The number of quantiles, if the family cannot be fitted to so many."""
    if not takes:
        return [("", f"{family} cannot be given by quantiles", "give its parameters")]
    if count in takes or (count > max(takes) and len(takes) > 3):
        return []
    what = f"{family} is given {count} of its quantiles"
    if len(takes) > 3:
        return [("", what, f"give {min(takes)} quantiles or more, below the median and above it")]
    numbers = " or ".join(map(str, takes))
    return [("", what, f"give {numbers} quantiles; quantile_spline takes 2 or more")]


def side_problems(chances: Collection[float]) -> list[Found]:
    """Quantiles that all lie on one side of the median, so that nothing says what the other side is like."""
    low, high = min(chances), max(chances)
    if low < 0.5 < high:
        return []
    other, such = ("above", 0.9) if high <= 0.5 else ("below", 0.1)
    what = f"no quantile {other} the median is given, so that half of the distribution would be made up"
    remedy = f"give one {other} p50 too, such as {quantile_key(such)}, or a family that says what shape it has: normal"
    return [("", what, f"{remedy}, lognormal")]


def quantile_problems(quantiles: Mapping[float, float], low: float, high: float, prefix: str = "") -> list[Found]:
    """Quantiles that are not finite, not increasing, or not strictly between `low` and `high`."""
    found: list[Found] = []
    before: tuple[str, float] | None = None
    for chance in sorted(quantiles):
        key, value = prefix + quantile_key(chance), quantiles[chance]
        if not 0 < chance < 1:
            found.append((key, f"{key} is no quantile: 0 % and 100 % have no finite value", "use p1 to p99, say"))
        elif not math.isfinite(value):
            found.append((key, f"{key} = {written(value)} is not finite", "give a finite number"))
        elif not low < value < high:
            what = f"{key} = {written(value)} is outside the support ({written(low)}, {written(high)})"
            found.append((key, what, f"give {key} strictly inside the support"))
        elif before is not None and not value > before[1]:
            what = f"{key} = {written(value)} is not above {before[0]} = {written(before[1])}"
            found.append((key, what, f"give {key} above {before[0]}"))
        before = (key, value)
    return found


def weight_problems(weights: Sequence[float], count: int, partner: str) -> list[Found]:
    """Weights that are negative, not as many as what they weigh, or all zero."""
    found: list[Found] = []
    if not count:
        found.append((partner, f"{partner} is empty", f"give at least one of the {partner}"))
    if len(weights) != count:
        what = f"weights has {len(weights)} entries and {partner} has {count}"
        found.append(("weights", what, f"give one weight for each of the {partner}"))
    negative = [written(weight) for weight in weights if weight < 0]
    if negative:
        found.append(("weights", f"weights holds {', '.join(negative)}, below 0", "give weights at or above 0"))
    elif weights and not sum(weights) > 0:
        found.append(("weights", "weights are all 0", "give at least one weight above 0"))
    return found


def shares(weights: Sequence[float]) -> Floats:
    """Weights over their sum, which may be beyond the floating-point numbers: scaled by the largest one's exponent.

    Examples
    --------
    >>> shares([1e308, 1e308]).tolist(), shares([5e-324, 0.0]).tolist()
    ([0.5, 0.5], [1.0, 0.0])
    """
    given = np.array(weights, dtype=np.float64)
    scaled = np.ldexp(given, -np.frexp(given.max())[1])  # a power of two: ordinary weights keep every bit
    return scaled / scaled.sum()
