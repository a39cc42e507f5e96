"""What a store's dataset says of itself: what was asked, of which views, and how the run went; read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Json, ValidationError

__all__ = ["About", "Manifest", "about"]


class _Attributes(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class Manifest(_Attributes):
    """How the run went that made the dataset; more may stand beside this."""

    plan: str  # digest of all cells' addresses
    done: int  # of different cells
    total: int
    failed_cells: int
    keep_draws: bool  # whether cells have their draws
    failed: dict[str, str]  # why cells failed, by their names
    versions: dict[str, str]  # of ooms and what it computes with
    crew: str  # who did the work
    began: str


class About(_Attributes):
    """The attributes of a store's dataset that something is made of; more may stand beside them."""

    title: str
    description: str
    study: str
    draws: int
    seed: int | str
    warnings: Json[list[str]]
    ooms_version: str
    study_text: str
    addresses: Json[list[str]]
    views: Json[dict[str, str]]
    manifest: Json[Manifest]


def about(attributes: Mapping[str, Any]) -> About | str:
    """What a dataset's attributes say; or the name of the first that is missing or of another kind.

    Examples
    --------
    >>> about({"title": "A study", "description": 3})
    'description'
    """
    try:
        return About.model_validate(attributes)
    except ValidationError as error:
        return ".".join(map(str, error.errors()[0]["loc"]))
