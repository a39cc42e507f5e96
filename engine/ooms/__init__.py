"""Forecasts of a software intelligence explosion, in orders of magnitude (OOMs), from priors you can read.

Examples
--------
>>> import ooms
>>> f = ooms.forecast("davidson-2025", draws=2**12)
>>> 0.31 < f.probability("5 ooms in 1 year").value < 0.33
True
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ooms.batch.reading import open_study
    from ooms.batch.running import BatchRun, run_study
    from ooms.batch.study import Study, load_study
    from ooms.beliefs.reader import build_view as build_view
    from ooms.beliefs.reader import load
    from ooms.beliefs.view import Belief, BeliefWarning, View
    from ooms.calibrating.calibration import Calibration, open_calibration
    from ooms.calibrating.fitting import calibrate
    from ooms.calibrating.surveys import Survey, load_survey
    from ooms.catalogue import events, parameters, quantities, studies, surveys, views
    from ooms.comparing.compare import Comparison, compare
    from ooms.comparing.explain import Explanation, explain
    from ooms.comparing.pools import Pool, pool
    from ooms.comparing.readings import readings
    from ooms.forecasting.forecast import Forecast, forecast
    from ooms.literature.citing import cite
    from ooms.literature.reproducing import Reproduction, reproduce
    from ooms.model.production import max_speed, pace
    from ooms.opening import open
    from ooms.pictures.study.study import study_chart
    from ooms.problems import Problem, UserError
    from ooms.results.credence import Estimate, HighestDensitySet, Interval
    from ooms.schemas import schema
    from ooms.writers.report import Report, report

__all__ = [
    "BatchRun",
    "Belief",
    "BeliefWarning",
    "Calibration",
    "Comparison",
    "Estimate",
    "Explanation",
    "Forecast",
    "HighestDensitySet",
    "Interval",
    "Pool",
    "Problem",
    "Report",
    "Reproduction",
    "Study",
    "Survey",
    "UserError",
    "View",
    "__version__",
    "calibrate",
    "cite",
    "compare",
    "events",
    "explain",
    "forecast",
    "load",
    "load_study",
    "load_survey",
    "max_speed",
    "open",
    "open_calibration",
    "open_study",
    "pace",
    "parameters",
    "pool",
    "quantities",
    "readings",
    "report",
    "reproduce",
    "run_study",
    "schema",
    "studies",
    "study_chart",
    "surveys",
    "views",
]

__version__ = "0.1.0"

_HOME = {
    "BatchRun": "ooms.batch.running",
    "Belief": "ooms.beliefs.view",
    "BeliefWarning": "ooms.beliefs.view",
    "Calibration": "ooms.calibrating.calibration",
    "Comparison": "ooms.comparing.compare",
    "Estimate": "ooms.results.credence",
    "Explanation": "ooms.comparing.explain",
    "Forecast": "ooms.forecasting.forecast",
    "HighestDensitySet": "ooms.results.credence",
    "Interval": "ooms.results.credence",
    "Pool": "ooms.comparing.pools",
    "Problem": "ooms.problems",
    "Report": "ooms.writers.report",
    "Reproduction": "ooms.literature.reproducing",
    "Study": "ooms.batch.study",
    "Survey": "ooms.calibrating.surveys",
    "UserError": "ooms.problems",
    "View": "ooms.beliefs.view",
    "build_view": "ooms.beliefs.reader",  # for `View.build`
    "calibrate": "ooms.calibrating.fitting",
    "cite": "ooms.literature.citing",
    "compare": "ooms.comparing.compare",
    "events": "ooms.catalogue",
    "explain": "ooms.comparing.explain",
    "forecast": "ooms.forecasting.forecast",
    "load": "ooms.beliefs.reader",
    "load_study": "ooms.batch.study",
    "load_survey": "ooms.calibrating.surveys",
    "max_speed": "ooms.model.production",
    "open": "ooms.opening",
    "open_calibration": "ooms.calibrating.calibration",
    "open_study": "ooms.batch.reading",
    "pace": "ooms.model.production",
    "parameters": "ooms.catalogue",
    "pool": "ooms.comparing.pools",
    "quantities": "ooms.catalogue",
    "readings": "ooms.comparing.readings",
    "report": "ooms.writers.report",
    "reproduce": "ooms.literature.reproducing",
    "run_study": "ooms.batch.running",
    "schema": "ooms.schemas",
    "studies": "ooms.catalogue",
    "study_chart": "ooms.pictures.study.study",
    "surveys": "ooms.catalogue",
    "views": "ooms.catalogue",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line starts without NumPy."""
    if name not in _HOME:
        message = f"module 'ooms' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for completion in notebooks and shells."""
    return sorted(__all__)


class _Listed(ModuleType):
    """The module of parameters, which is also the public function of its name: ``ooms.parameters()`` lists them."""

    def __call__(self) -> Any:
        return importlib.import_module("ooms.catalogue").parameters()


importlib.import_module("ooms.parameters").__class__ = _Listed
