"""What outcomes are called where people read of them; in commands they keep their names, and both can be asked for."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["outcome_words", "typed_name"]

_WORDS: Mapping[str, str] = {
    "accelerates at the start": "progress speeds itself up at the start",
    "initial speed-up": "speed-up on day one",
    "max speed": "ceiling with unlimited researchers",
    "time to peak pace": "time to the fastest pace",
    "ooms at peak pace": "ooms at the fastest pace",
    "peak pace": "fastest pace",
    "ooms at fizzle": "how far it gets before it slows down",
}


def outcome_words(name: str) -> str:
    """An event or a quantity as people read it.

    Examples
    --------
    >>> outcome_words("5 ooms in 1 year"), outcome_words("max speed above 10")
    ('5 OOMs in 1 year', 'ceiling with unlimited researchers above 10')
    """
    for typed, words in _WORDS.items():
        if name.startswith(typed):
            name = words + name.removeprefix(typed)
            break
    return name.replace("oom", "OOM")


def typed_name(text: str) -> str:
    """The name in commands of an outcome that is asked for in words, in lower case.

    Examples
    --------
    >>> typed_name("ceiling with unlimited researchers above 10")
    'max speed above 10'
    """
    for typed, words in _WORDS.items():
        if text.startswith(words):
            return typed + text.removeprefix(words)
    return text
