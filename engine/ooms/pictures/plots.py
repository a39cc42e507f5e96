"""``result.plot.NAME()``: each picture of a result as an Altair chart, which is only imported once one is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ooms.pictures.registry import REGISTRY, Entry, Of, pictures_of
from ooms.problems import Problem, UserError, did_you_mean

__all__ = ["NoPictureError", "Plots"]


class NoPictureError(UserError, AttributeError):
    """There is no picture of that name: an attribute that is missing, with what was meant."""


class Plots:
    """Pictures of a result, as Altair charts: shown by notebooks, saved by ``chart.save("picture.svg")``.

    What a picture needs and the result was not asked for is worked out from the same draws.

    Examples
    --------
    >>> import ooms
    >>> f = ooms.forecast("davidson-2025", draws=2**10, events=[], quantities=[])
    >>> f.plot.progress().title.text
    'How far does software get in a year?'
    >>> dir(f.plot)
    ['beliefs', 'drivers', 'exceedance', 'fan', 'pace', 'progress', 'times']
    >>> f.plot.fann  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ooms.pictures.plots.NoPictureError: plot.fann: there is no such picture of a view
        -> did you mean fan?...
    """

    def __init__(self, of: Of, result: Any, registry: Mapping[str, Entry] = REGISTRY, others: Any = None) -> None:
        self._of, self._result, self._others, self._entries = of, result, others, pictures_of(of, registry)

    def __dir__(self) -> list[str]:
        return list(self._entries)

    def __repr__(self) -> str:
        return f"<pictures of {self._of}: {', '.join(self._entries)}>"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):  # what copies, pickles and notebooks look for
            raise AttributeError(name)
        entry = self._entries.get(name)
        if entry is None:
            if hasattr(self._others, name):
                return getattr(self._others, name)
            what = f"there is no such picture of {self._of}"
            raise NoPictureError([Problem(f"plot.{name}", what, did_you_mean(name, self._entries))])
        return self._drawer(entry)

    def _drawer(self, entry: Entry) -> Callable[..., Any]:
        def result() -> Any:
            return self._result() if callable(self._result) else self._result

        def plain() -> Any:
            return entry.draw(result())

        def by_event(event: str | None = None) -> Any:
            return entry.draw(result(), event)

        draw: Any = by_event if entry.by_event else plain
        draw.__name__, draw.__qualname__ = entry.name, f"plot.{entry.name}"
        chosen = "\n\nParameters\n----------\nevent : str, optional\n    What it shows the probability of."
        shows = f"{entry.shows[0].upper()}{entry.shows[1:]}, as an Altair chart."
        draw.__doc__ = shows + (chosen if entry.by_event else "")
        return draw
