"""Charts as files: .svg, .png, .pdf and .html, whole or not at all."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ooms.files.writing import check_place, write_whole
from ooms.problems import Problems

if TYPE_CHECKING:
    from altair import TopLevelMixin

__all__ = ["ENDINGS", "check_picture", "save_chart"]

ENDINGS = (".svg", ".png", ".pdf", ".html")
"""Of files that pictures can be written to."""

_SHARPNESS = 2.0
"""Pixels of a .png per pixel of the chart, for screens with fine pixels."""


def check_picture(path: Path, place: str, problems: Problems) -> None:
    """Note what speaks against writing a picture there."""
    if path.suffix.lower() not in ENDINGS:
        what = f"the ending {path.suffix!r} is no picture's" if path.suffix else "has no ending that says which picture"
        problems.add(place, what, f"use one of: {', '.join(ENDINGS)}")
    check_place(path, problems, place)


def save_chart(chart: Callable[[], TopLevelMixin], path: Path) -> None:
    """Write a chart, in the form that the ending of the name says; .html works without a network."""
    problems = Problems()
    check_picture(path, str(path), problems)
    problems.raise_if_any()
    content = _rendered(chart(), path.suffix.lower())
    write_whole(path, lambda part: part.write_bytes(content))


def _rendered(chart: TopLevelMixin, suffix: str) -> bytes:
    if suffix in (".png", ".pdf"):
        binary = io.BytesIO()
        if suffix == ".png":
            chart.save(binary, format="png", scale_factor=_SHARPNESS)
        else:
            chart.save(binary, format="pdf")
        return binary.getvalue()
    text = io.StringIO()
    if suffix == ".svg":
        chart.save(text, format="svg")
        return text.getvalue().encode()
    chart.save(text, format="html", inline=True)
    return _harmless(text.getvalue()).encode()


_SPEC = "const spec = "


def _harmless(page: str) -> str:
    """The page with the chart's own text unable to end the script it stands in: what users name things is in there."""
    start = page.rindex(_SPEC) + len(_SPEC)
    _, length = json.JSONDecoder().raw_decode(page[start:])
    spec = page[start : start + length].replace("<", "\\u003c")
    return page[:start] + spec + page[start + length :]
