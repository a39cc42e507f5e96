"""How answers scatter about what the model predicts: one small file a likelihood, one registry.

Every likelihood is one `Likelihood`: answers, the nuisance parameters of their scatter with priors, a log density that
runs on NumPy and PyTensor alike, and the simulator that goes with it.
"""

from __future__ import annotations

from ooms.calibrating.likelihoods.base import Data, Likelihood, Nuisance
from ooms.calibrating.likelihoods.registry import KINDS

__all__ = ["KINDS", "Data", "Likelihood", "Nuisance"]
