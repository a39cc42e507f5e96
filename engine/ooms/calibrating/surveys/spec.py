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

    title: Text = Field(examples=["A poll of my lab"], description="what it is")
    cites: list[str] = Field(
        min_length=1, examples=[["my-work"]], description="works that it comes from, shipped or under references"
    )
    population: Text = Field(examples=["researchers of one lab"], description="who answered")
    bias: Text = Field(examples=["my-lab"], description="a name that sources share if they may err together")
    fitted: bool = Field(True, description="Whether beliefs are fitted to it; else it is kept for checking.")
    why_not: str = Field("", description="Why it is not fitted.")
    note: str = Field("", description="What else to know about it.")
    latent: dict[str, Any] = Field(default_factory=dict, description="Quantities that only it knows, above 0.")
    items: dict[str, Any] = Field(description="One question or statistic each.")
    references: dict[str, Any] = Field(default_factory=dict, description="Works that it cites.")


class ItemSpec(_Strict):
    """One published statistic or table: ``[items.NAME]``."""

    question: Text = Field(examples=["How much faster?"], description="what was asked or estimated")
    n: Annotated[int, Field(gt=0)] | None = Field(None, description="How many answered.")
    grade: Literal["P", "C", "A", "S", "J"] = Field(
        examples=["P"],
        description="the source is P primary text or data, C primary code, A an abstract, S second-hand, J a judgement",
    )
    source: Text = Field(examples=["table 2"], description="where the numbers are printed")
    link: Any = Field(None, description="What the model predicts for it.")
    likelihood: Any = Field(None, description="What was answered, and how such answers scatter.")
    priors: dict[str, Any] = Field(default_factory=dict, description="Other priors of that scatter.")
    self_reported: bool = Field(False, description="Whether people speak of the effect on their own work.")
    bounded: bool = Field(True, description="False if some answers went the other way than what was asked allows.")
    answers: dict[str, Any] = Field(default_factory=dict, description="What was answered, if it is only kept.")
    outcome: str = Field("", description="What of a forecast the answers can be laid beside.")
    note: str = Field("", description="What else to know about it.")
