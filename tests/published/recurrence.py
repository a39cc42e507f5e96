"""Davidson & Houlden's recurrence, doubling by doubling, as their code has it: a second witness.

A run goes on while less than 48 months have passed, the ceiling is not reached and r is above 0. A success is some run
of n consecutive doublings, n = int(window/12 x 8 x their speed-up), that takes less than the window.
"""

from __future__ import annotations

import numpy as np

HORIZON = 48.0  # months, tested before each doubling
RAMP = 60.0  # months: compute doubles every 5, and after 12 doublings the boost is whole
LONG = 60.0  # doublings of the time a doubling takes: past the horizon whatever it was
MOST = 400  # doublings, where there is no ceiling


def ends(values, draws, *, retraining=None, gradual=False, constant=False, wall=True):
    """Months at which each doubling ends, from 0 on; shape (doublings + 1, draws), infinite once a run has stopped."""
    names = ("returns", "software_limit_years", "labour_exponent", "initial_speedup")
    first, limit, p, boost = (np.broadcast_to(values[name], draws).astype(float) for name in names)
    ceiling = 8.0 * limit  # doublings
    lost = np.zeros(draws) if constant else first / ceiling
    now = np.full(draws, 0.1) if gradual else boost
    months = np.full(draws, 3.0 / 1.1) if gradual else 3.0 / boost
    t, r, going, found = np.zeros(draws), first.copy(), np.ones(draws, dtype=bool), [np.zeros(draws)]
    for doubling in range(1 + (int(ceiling.max()) if wall else MOST)):
        going = going & (t < HORIZON) & (r > 0) & (~np.full(draws, wall) | (doubling < ceiling))
        t = np.where(going, t + months, t)
        found.append(np.where(going, t, np.inf))
        r = r - lost
        x = p * (1.0 / np.where(r > 0, r, 1.0) - 1.0)
        if retraining == "paper":
            x = x / (1.0 + np.abs(x))
        elif retraining == "code":
            x = x / np.abs(x + 1.0)
        change = np.where(r > 0, 2.0 ** np.minimum(x, LONG), 1.0)
        if gradual:
            then = np.where(t < RAMP, 0.1 * np.exp(np.minimum(t, RAMP) * np.log(boost / 0.1) / RAMP), boost)
            change, now = change * (1.0 + now) / (1.0 + then), then
        months = months * change
    return np.array(found)


def doublings(months, speedup):
    """How many doublings in a row their code counts."""
    return int(months / 12 * 8 * speedup)


def succeeds(found, months, speedup):
    """Whether some run of doublings takes less than the window."""
    n = doublings(months, speedup)
    if len(found) <= n:
        return np.zeros(found.shape[1], dtype=bool)
    with np.errstate(invalid="ignore"):
        return np.any(found[n:] - found[:-n] < months, axis=0)
