"""The form of a survey file, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ItemSpec", "SurveySpec"]

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SurveySpec(_Strict):
    """A survey file; what stands in its tables is checked table by table."""

    title: Text
    cites: Annotated[list[str], Field(min_length=1)]
    population: Text
    bias: Text = Field(examples=["my-lab"], description="a name that sources share if they may err together")
    fitted: bool = True
    why_not: str = ""
    note: str = ""
    latent: dict[str, Any] = Field(default_factory=dict)
    items: dict[str, Any]
    references: dict[str, Any] = Field(default_factory=dict)


class ItemSpec(_Strict):
    """One published statistic or table: ``[items.NAME]``."""

    question: Text
    n: Annotated[int, Field(gt=0)] | None = None
    grade: Literal["P", "C", "A", "S", "J"]
    source: Text
    link: Any = None
    likelihood: Any = None
    priors: dict[str, Any] = Field(default_factory=dict)
    self_reported: bool = False
    bounded: bool = True
    answers: dict[str, Any] = Field(default_factory=dict)
    outcome: str = ""
    note: str = ""
