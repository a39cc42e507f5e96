"""The works that beliefs come from: one table of references, to which every belief points by its `cites`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ooms.beliefs.library import priors_folder

__all__ = ["Reference", "shipped_references"]


class Reference(BaseModel):
    """A work, as bibliographies need it.

    Parameters
    ----------
    type : {"online", "article", "report", "preprint", "book", "software"}
        What kind of work it is.
    author : tuple of str
        Each as ``"Family, Given"``; an organisation or a pen name without a comma.
    title, year, published
        Its title, its year, and where it appeared (journal, institution, site).
    date : str, optional
        The day, as ``"2025-04-04"``.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    type: Literal["online", "article", "report", "preprint", "book", "software"] = "online"
    author: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    title: str
    year: int
    date: str | None = None
    published: str | None = None
    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    doi: str | None = None
    eprint: str | None = None
    url: str | None = None
    note: str | None = None


@lru_cache
def shipped_references() -> Mapping[str, Reference]:
    """The references that the shipped views cite, by key (``priors/references.toml``)."""
    table = tomllib.loads((priors_folder() / "references.toml").read_text(encoding="utf-8"))
    return MappingProxyType({key: Reference.model_validate(entry) for key, entry in table.items()})
