"""What can come of a published number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["VERDICTS", "Verdict"]

Verdict = Literal["agrees", "goes in", "differs", "other reading", "out of reach"]

VERDICTS: Mapping[Verdict, str] = {
    "agrees": "ours lies within the tolerance and two Monte Carlo standard errors of the published number",
    "goes in": "the same, but the view was built from it: a check of the view, and not of the model",
    "differs": "it does not",
    "other reading": "what another reading of the same number gives, such as a paper's where its code differs",
    "out of reach": "the model cannot answer, for the reason given",
}
"""What can come of a published number, and what that means."""
