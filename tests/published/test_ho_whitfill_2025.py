"""Ho & Whitfill, "The software intelligence explosion debate needs experiments" (November 2025): plain Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
from numbers_of import value

ABOVE = "returns to all research input above 1"
DRAWS = 400_000


def chance(compute, labour):
    """Growth of software normal with 2x to 5x a year as its 90 % interval; compute's share triangular."""
    rng = np.random.default_rng(1)
    software = rng.normal(np.log(10) / 2, np.log(2.5) / (2 * 1.644854), DRAWS)
    share = rng.triangular(0.59, 0.67, 0.75, DRAWS)
    return 100 * np.mean(software / (share * compute + (1 - share) * labour) > 1)


def test_the_recipe_with_refitted_growth_gives_the_quoted_chance():
    assert chance(1.4297, 0.8411) == pytest.approx(value("ho-whitfill-2025", ABOVE), abs=0.5)


def test_the_same_recipe_with_the_articles_growth_gives_one_half():
    assert chance(1.3, 0.85) == pytest.approx(50, abs=0.5)


def test_returns_to_all_input_from_the_central_growth_rates():
    got = 1.1 / (0.67 * 1.3 + 0.33 * 0.85)
    assert got == pytest.approx(value("ho-whitfill-2025", "returns to all research input"), abs=0.0005)
    assert 0.33 * got == pytest.approx(value("ho-whitfill-2025", "returns at fixed compute"), abs=0.005)
