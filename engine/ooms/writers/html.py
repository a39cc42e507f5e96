"""A report as one HTML file that asks the network for nothing: pictures, scripts and data are all in it.

Pictures are drawn before as SVG, so that they are there without scripts; those that can follow the reader's choice of
draws are drawn again by the page. In the dark the colours of pictures are exchanged by the style sheet, one by one.
"""

from __future__ import annotations

import importlib
import io
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import ooms
from ooms.documents.document import Block, Document, Explorer, Figure, Table
from ooms.pictures.theme import DARK, theme
from ooms.results.credence import Estimate
from ooms.results.numbers import in_words, plus_minus

__all__ = ["html"]

_LONG = 60
"""Characters of a cell that are read as a text."""

_PAGE = Path(__file__).with_name("page")


def html(document: Document) -> str:
    """The report as a page."""
    jinja: Any = importlib.import_module("jinja2")
    environment = jinja.Environment(
        loader=jinja.FileSystemLoader(_PAGE), autoescape=True, trim_blocks=False, undefined=jinja.StrictUndefined
    )
    environment.filters |= {"kind": _kind, "web": _is_web, "stacks": _stacks}
    explorer = next((b for s in document.sections for b in s.blocks if isinstance(b, Explorer)), None)
    live = [figure for figure in document.figures if figure.live] if explorer else []
    return environment.get_template("report.html.j2").render(
        document=document,
        version=ooms.__version__,
        style=(_PAGE / "style.css").read_text(encoding="utf-8"),
        dark=_dark(),
        pictures={figure.name: _pictures(figure) for figure in document.figures},
        explorer=explorer and _script_text(explorer.data),
        explorer_answer=explorer and _answer(explorer.data),
        charts=_script_text({figure.live: _live(figure) for figure in live}),
        vega=_vega() if explorer else "",
        script=(_PAGE / "explorer.js").read_text(encoding="utf-8"),
    )


def _kind(block: Block) -> str:
    return type(block).__name__


def _stacks(table: Table) -> bool:
    """Whether its cells hold so much text that a phone shows them below each other."""
    return any(len(cell) > _LONG for row in table.rows for cell in row)


def _is_web(address: str) -> bool:
    """Whether it is an address that a reader may safely follow."""
    return address.startswith(("https://", "http://"))


def _answer(data: Mapping[str, Any]) -> str:
    whole, draws = data["whole"], data["draws"]
    chance = Estimate(whole["chance"], whole["error"])
    words = f"{data['position']}: {in_words(chance.value)}"
    share = f"{words} ({plus_minus(chance, percent=True)} %) for 5 OOMs in 1 year"
    held = f", of which this page holds {draws:,}" if draws < whole["draws"] else ""
    return f"{share}, from all {whole['draws']:,} simulated futures{held}"


def _script_text(value: Any) -> str:
    """JSON that cannot end the script that it stands in."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _dark() -> str:
    """Rules that exchange the colours of pictures in the dark."""
    rules = [
        f'.picture:not(.paper) [{what}="{light}" i]{{{what}:{dark}}}'
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
    ]
    return "@media screen and (prefers-color-scheme: dark) {\n" + "\n".join(rules) + "\n}"


# -- pictures -------------------------------------------------------------------------------------------------------


_IDENTITY = re.compile(r'\bid="([^"]+)"')
_POINTER = re.compile(r'(\bid="|url\(#|href="#)([^")]+)')


def _pictures(figure: Figure) -> dict[str, str]:
    """The picture, the same for a phone if there is one, and what stood below its own title."""
    chart, below = figure.untitled
    narrow = _svg(f"{figure.name}-narrow", figure.narrow) if figure.narrow is not None else ""
    return {"wide": _svg(figure.name, chart), "narrow": narrow, "below": below}


def _svg(name: str, chart: Any) -> str:
    """The picture as SVG, with names of parts that no other picture in the page has, and always the same ones.

    Its parts say nothing to screen readers: the picture as a whole has words.
    """
    written = io.StringIO()
    _dressed(chart).save(written, format="svg")
    text = written.getvalue().replace("<svg", '<svg aria-hidden="true"', 1)
    names = {part: f"{name}-{k}" for k, part in enumerate(dict.fromkeys(_IDENTITY.findall(text)), 1)}
    return _POINTER.sub(lambda found: found[1] + names.get(found[2], found[2]), text[text.index("<svg") :])


def _dressed(given: Any) -> Any:
    """The chart without a background; one that has no looks of its own gets the house's."""
    alt: Any = importlib.import_module("altair")
    chart: Any = given.copy(deep=False)
    if chart.config is not alt.Undefined:
        return chart.properties(background="transparent")
    return chart.properties(background="transparent", config=theme(), padding=4)


def _live(figure: Figure) -> dict[str, Any]:
    """The chart as wide as its place, and the rows of its data sets; "frame" is none of these, but about its axes."""
    spec: dict[str, Any] = _dressed(figure.chart).properties(width="container").to_dict()
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return {"chart": spec, "datasets": dict(figure.rows)}


@lru_cache(maxsize=1)
def _vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    converter: Any = importlib.import_module("vl_convert")
    return converter.javascript_bundle().replace("</script", "<\\/script").replace("<!--", "<\\!--")
