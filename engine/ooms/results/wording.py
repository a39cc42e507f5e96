"""Probabilities, ends and units in plain words: what terminals and reports say alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ooms.outcomes import ACCELERATES

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.forecasting.forecast import Forecast
    from ooms.forecasting.sweep import EventResult

__all__ = ["endings", "in_words", "units"]

_PARTS = (2, 3, 4, 5, 10)
"""What people count chances in."""


def in_words(chance: float) -> str:
    """A probability as people say it.

    Examples
    --------
    >>> [in_words(p) for p in (0.3187, 0.42, 0.66, 0.06)]
    ['about 1 in 3', 'about 2 in 5', 'about 2 in 3', 'about 1 in 17']
    >>> [in_words(p) for p in (0.97, 0.00001, 0.9999)]
    ['all but about 1 in 33', 'less than 1 in 1,000', 'all but less than 1 in 1,000']
    """
    if chance > 0.95:
        return f"all but {in_words(1 - chance)}" if chance < 1 else "always, in these draws"
    if chance < 0.001:
        return "less than 1 in 1,000" if chance > 0 else "never, in these draws"
    if chance < 0.05:
        count = 1 / chance
        return (
            f"about 1 in {count:.0f}" if count < 100 else f"about 1 in {round(count, -1 if count < 1000 else -2):.0f}"
        )
    if chance < 0.09:
        return f"about 1 in {1 / chance:.0f}"
    best = min(_PARTS, key=lambda n: abs(round(chance * n) / n - chance) + 0.004 * n + (not 0 < round(chance * n) < n))
    return f"about {round(chance * best)} in {best}"


def endings(result: EventResult) -> str:
    """How the draws end that do not reach an event, with their shares."""
    if result.event.is_acceleration:
        return "kappa is 0 or below"
    if result.event.bound is not None:
        return result.event.bound.otherwise
    names = {
        "not by the horizon": "later",
        "stalled": "never: stalled",
        "beyond the software limit": "beyond the limit",
    }
    return ", ".join(f"{names[c]} {share:.0%}" for c, share in result.shares.items() if c in names and share >= 0.005)


def units(forecast: Forecast) -> list[str]:
    """What the words mean, in lines; those that belong to the one before are indented."""
    lines = [
        f"1 OOM = 10x effective training compute from software alone; 5 OOMs = {_doublings(forecast.view)}.",
        "Events count from full automation of AI R&D unless they say anywhere. Probabilities are credences under this "
        "view, not facts; errors are Monte Carlo errors only.",
    ]
    needs = dict.fromkeys(name for quantity, _ in forecast.quantities.values() for name in quantity.needs)
    if needs:
        from ooms.beliefs.resources import equipped

        beliefs = equipped(forecast.view, needs).beliefs
        lines.append("By hardware alone: as one training run, at prices, efficiency and carbon intensity of its date:")
        lines += [f"  {name} ~ {beliefs[name].marginal}: {beliefs[name].source}" for name in needs]
    if ACCELERATES in forecast.events:
        lines.append("Accelerates: kappa is above 0, so that at the start progress speeds further progress up.")
    return lines


def _doublings(view: View) -> str:
    """5 OOMs in doublings of labour-equivalent software: one number, or as many as u makes of them."""
    marginal = view.beliefs["labour_per_training"].marginal
    low, high = (float(marginal.ppf(level)) for level in (0.05, 0.95))
    least, most = (f"{5 * u / math.log10(2):.3g}" for u in (low, high))
    if low == high:
        return f"{least} doublings of labour-equivalent software (u = {low:g})"
    return f"{least} to {most} doublings of labour-equivalent software (u = {low:.3g} to {high:.3g}, 90 % interval)"
