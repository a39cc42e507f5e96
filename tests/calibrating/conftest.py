"""Calibrations that several tests look at."""

import sys
import warnings
from pathlib import Path

import pytest

import ooms
from ooms.calibrating.surveys import load_survey

sys.path.insert(0, str(Path(__file__).parent))

SMALL = ("compute-polls", "substitution-studies")


@pytest.fixture(scope="session", autouse=True)
def _few_draws_for_all(few_draws):
    """What a shared calibration says of its forecasts does not depend on which test asks first."""


@pytest.fixture(scope="session")
def opened():
    """The default view, opened to surveys."""
    return ooms.load("davidson-2025+open")


@pytest.fixture(scope="session")
def small(opened):
    """A calibration on two surveys, by weighed prior draws."""
    from twin import twin

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return twin(opened, [load_survey(name) for name in SMALL])
