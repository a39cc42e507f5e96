"""Values as TOML writes them: Python reads it and does not write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

__all__ = ["lines_of", "name", "quoted", "toml", "written"]


def written(value: object) -> str:
    """A number in the fewest digits that read back exactly; lists in brackets.

    Examples
    --------
    >>> written(3.0), written((0.5, 2.0)), written("log")
    ('3', '[0.5, 2]', "'log'")
    """
    if isinstance(value, float):
        return repr(float(value)).removesuffix(".0")
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(written, cast('Sequence[object]', value)))}]"
    return repr(value) if isinstance(value, str) else str(value)


def lines_of(table: Mapping[str, object]) -> list[str]:
    """What a table holds, a line a key.

    Examples
    --------
    >>> lines_of({"low": 0.5, "made up": [1, True], "inner": {"text": "so"}})
    ['low = 0.5', '"made up" = [1, true]', 'inner = {text = "so"}']
    """
    return [f"{name(key)} = {toml(value)}" for key, value in table.items()]


def name(key: str) -> str:
    """A key, in quotes if it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quoted(key)


def toml(value: object) -> str:
    """A value, tables and lists on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(lines_of(cast('Mapping[str, object]', value)))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, cast('Sequence[object]', value)))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else written(value)


def quoted(text: str) -> str:
    """A string, on as many lines as it has: as JSON does, but for what JSON lets through."""
    lines = [json.dumps(line, ensure_ascii=False).replace("\x7f", "\\u007f") for line in text.split("\n")]
    return lines[0] if len(lines) == 1 else "\n".join(['"""', *(line[1:-1] for line in lines)]) + '"""'
