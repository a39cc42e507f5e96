"""Kwa, "A simpler AI timelines model" (February 2026): our reading, against direct integration of his equation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numbers_of import published
from scipy.integrate import quad

import ooms

AUTOMATED = 0.99


def years_to(ooms_gained, *, v, alpha, beta, growth):
    """dS/dt = R S^(1-beta), R = (L/(1-f))^alpha, f logistic in v ln S from 99 % on, with compute and people fixed."""
    odds = AUTOMATED / (1 - AUTOMATED)

    def years_per_e_fold(log_s):
        return math.exp(beta * log_s) / ((1 + odds * math.exp(v * log_s)) ** alpha * growth * math.log(10))

    return quad(years_per_e_fold, 0, ooms_gained * math.log(10), limit=200)[0]


@pytest.mark.parametrize("v", [1 / 4.2, 1 / 2.85, 1 / 1.5])
@pytest.mark.parametrize(("part", "total", "beta"), [(0.12, 0.8, 1.0), (0.235, 0.9, 0.65), (0.35, 1.0, 0.3)])
def test_the_reading_follows_his_equation(v, part, total, beta):
    """Labour per training is v, and the difficulty exponent beta: on the tail of the logistic 1/(1-f) grows as S^v."""
    view = ooms.load("kwa-2026").replace(
        labour_per_training=v, compute_share=1 - part, parallelizability=total, difficulty_exponent=beta
    )
    forecast = ooms.forecast(view, draws=256, events=[], quantities=[], keep_draws=False)
    growth = view.beliefs["software_growth"].marginal.middle
    for n in (1, 3, 6):
        exact = years_to(n, v=v, alpha=part * total, beta=beta, growth=growth)
        assert forecast.central(f"time to {n} oom{'s' * (n > 1)}") == pytest.approx(exact, rel=0.01)


def automation_years(draws, seed=3, step=0.02):
    """The calendar year of 99 % automation in his own model, with compute and people growing, by small steps."""
    rng = np.random.default_rng(seed)
    v = 1 / rng.triangular(1.5, 2.85, 4.2, draws)
    f0 = rng.triangular(0.25, 0.375, 0.5, draws)
    total = rng.triangular(0.8, 0.9, 1.0, draws)
    alpha = total * rng.triangular(0.12, 0.235, 0.35, draws)
    beta = rng.triangular(0.3, 0.65, 1.0, draws)
    rate = math.log(5) * (1 - f0) ** alpha  # so that ln S grows by ln 5 a year in January 2026
    factors = [2.6] * 3 + [2.0] + [2 - 0.75 * (t - 5) / 28 for t in range(5, 33)]
    log_s, log_c, log_l, year = np.zeros(draws), 0.0, 0.0, np.full(draws, np.inf)
    for k in range(int(28 / step)):
        t = k * step
        logit = np.log(f0 / (1 - f0)) + v * (log_c + log_s)
        year = np.where(np.isinf(year) & (logit >= math.log(99)), 2026 + t, year)
        log_labour = log_l + np.minimum(np.logaddexp(0, logit), math.log(1e6))
        log_s = log_s + step * rate * np.exp(alpha * log_labour + (total - alpha) * log_c - beta * log_s)
        log_c += step * math.log(factors[int(t)])
        log_l += step * math.log(2.0 if t < 3 else 1.1)
    return year


def test_his_own_model_gives_his_median():
    """His script prints the median of 500 draws with one decimal: two standard errors are 0.2 years."""
    (stated,) = (row.published for row in published("kwa-2026").out_of_reach if row.what.startswith("median year"))
    assert np.median(automation_years(4000)) == pytest.approx(float(stated), abs=0.2)
