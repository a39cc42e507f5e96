"""A result as JSON, or its document in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ooms.documents.document import Document

__all__ = ["present"]

Plain = Mapping[str, Any] | Sequence[Any]


def present(
    json: bool, plain: Callable[[], Plain], document: Callable[[], Document], written: Iterable[Path] = ()
) -> None:
    """Print one of the two; with a document also where the result was written."""
    if json:
        from ooms.results.plain import as_json

        print(as_json(plain()))
    else:
        from ooms.writers.terminal import show

        show(document(), written)
