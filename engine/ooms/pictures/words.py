"""Words on pictures, from names that anybody may have chosen."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache

from ooms.problems import UserError

__all__ = ["event_name", "harmless", "position_named", "wrapped"]

_LONGEST = 200
"""Characters of a name that are kept: more than any column shows."""

_TAG = re.compile(r"<(?=[/!?a-zA-Z])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")


def harmless(text: str) -> str:
    """A name as a picture can hold it: one line, of bounded length, and nothing that a web page takes for a tag.

    Examples
    --------
    >>> harmless("polls </script>"), harmless("<0.1 %")
    ('polls \u2039/script>', '<0.1 %')
    """
    line = _TAG.sub("\u2039", _CONTROL.sub(" ", text))  # pages that hold a picture hold its names inside a script
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}\u2026"


def wrapped(text: str, width: int, most: int = 99) -> list[str]:
    """Lines of at most so many characters; what does not fit into `most` lines ends in an ellipsis.

    Examples
    --------
    >>> wrapped("one two three", 8), wrapped("one two three", 8, most=1)
    (['one two', 'three'], ['one two\u2026'])
    """
    lines = textwrap.wrap(text, width, max_lines=most, placeholder="\u2026", break_on_hyphens=False)
    return lines or [""]


def event_name(event: str) -> str:
    """An event as the field writes it: ``5 OOMs in 1 year``."""
    return harmless(event).replace("oom", "OOM")


@lru_cache(maxsize=256)
def position_named(view: str) -> str:
    """Whose position a view is, from its name alone: author and year of one that is shipped, the name of any other.

    Examples
    --------
    >>> position_named("kwa-2026"), position_named("davidson-2025+no-limit"), position_named("mine.toml")
    ('Kwa (2026)', 'davidson-2025+no-limit', 'mine.toml')
    """
    from ooms.beliefs.reader import load
    from ooms.files.library import shipped

    if view.partition("+")[0] in shipped():  # a name from a store opens no other file
        try:
            return harmless(load(view).position)
        except UserError:  # an option that it no longer has
            pass
    return harmless(view)
