"""A report as a PDF for print: A4, tagged for screen readers, set by Typst with the fonts that it brings.

All text reaches Typst as data, never as source, so that nothing in it is taken for markup.
"""

from __future__ import annotations

import importlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from functools import singledispatchmethod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from ooms.documents.document import (
    Block,
    Bullets,
    Code,
    Document,
    Explorer,
    Figure,
    Notice,
    Paragraph,
    Section,
    Sources,
    Table,
    printed,
)
from ooms.problems import Problem, UserError

if TYPE_CHECKING:
    from altair import TopLevelMixin

__all__ = ["pdf"]

_TEMPLATE = Path(__file__).with_name("report.typ")

_EXPLORER = "The HTML version of this report lets its reader choose among the draws."

_STANDARD = "ua-1"
"""PDF/UA-1, accessible documents: what Typst checks before it says so in the file."""

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BREAKS = re.compile(r"[\t\n\r\f\v\x85\u2028\u2029]+")
_PERCENT = re.compile(r"(?<=\d) (?=%)")
_MARK = "\ufffd"
"""Stands for what has no shape, or would turn round what is beside it: no reader should miss that it was there."""

_LONGEST = 18
"""Characters without a place to break a line that fit into the narrowest column."""
_RUN = re.compile(rf"[^\s\-\u2013\u2014]{{{_LONGEST + 1},}}")
_JOINT = re.compile(r"(?<=[/_.,:;=&?+|\\])(?=[^/_.,:;=&?+|\\])")
_CHUNK = re.compile(r"(?:.[\u0300-\u036f\u200d\ufe00-\ufe0f]*){1,6}")
"""Some letters with their marks. Typst's time grows with the square of how many there are in a cell."""
_SHORTENED = 90  # characters of a title that fit into the head of a page

_LINK = re.compile(r"https?://[!-~]{1,2000}")

_FONT = "Libertinus Serif"
_LARGER = 1.1
"""Size of that font at which it takes the room that Vega measured for Liberation Sans."""
_SVG = "http://www.w3.org/2000/svg"


def pdf(document: Document) -> bytes:
    """A report as the bytes of a PDF; the same bytes for the same report, pictures and versions of Typst and Vega.

    Parameters
    ----------
    document : Document
        The report.

    Returns
    -------
    bytes
        The file. It claims PDF/UA-1 unless a text has characters that no font at hand can show.

    Raises
    ------
    UserError
        It cannot be set.
    """
    with TemporaryDirectory(prefix="ooms-") as folder:
        return _set(Path(folder), _Plain(Path(folder)).document(document))


def _set(folder: Path, plain: dict[str, Any]) -> bytes:
    typst: Any = importlib.import_module("typst")
    source = folder / "report.typ"
    source.write_bytes(_TEMPLATE.read_bytes())
    (folder / "report.json").write_text(json.dumps(plain), encoding="utf-8")
    asked = {"root": str(folder), "ignore_system_fonts": True, "format": "pdf"}
    try:
        try:
            return typst.compile(str(source), pdf_standards=[_STANDARD], **asked)
        except typst.TypstError:  # an emoji in a name is no reason to give nothing
            return typst.compile(str(source), **asked)
    except typst.TypstError as error:
        what = f"cannot be set as a PDF: {error.message}"
        raise UserError([Problem("the report", what, "write it as .html; this is a fault of ooms")]) from error


class _Plain:
    """What the template reads: text as pieces between which a line may break, pictures as files beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pictures = 0

    def document(self, document: Document) -> dict[str, Any]:
        title, blocks = _line(document.title), [block for section in printed(document) for block in section.blocks]
        short = title if len(title) <= _SHORTENED else f"{title[: _SHORTENED - 1]}\u2026"
        return {
            "name": title,
            "short": short,
            "title": _prose(document.title),
            "subtitle": _prose(document.subtitle),
            "byline": _prose(document.byline),
            "author": _line(document.author),
            "onePage": document.one_page,
            "sections": [self._section(section) for section in printed(document)],
            "command": [] if Code(document.command) in blocks else _lines(document.command),
        }

    def _section(self, section: Section) -> dict[str, Any]:
        blocks = [{"kind": type(block).__name__.lower(), **self._block(block)} for block in section.blocks]
        return {"title": _prose(section.title), "blocks": blocks}

    @singledispatchmethod
    def _block(self, block: Block) -> dict[str, Any]:
        raise TypeError(f"no way to set a {type(block).__name__}")

    @_block.register
    def _(self, block: Paragraph) -> dict[str, Any]:
        return {"text": _prose(block.text), "lead": block.lead}

    @_block.register
    def _(self, block: Notice) -> dict[str, Any]:
        return {"lines": _all(block.lines)}

    @_block.register
    def _(self, block: Bullets) -> dict[str, Any]:
        return {"items": [_all(item) for item in block.items]}

    @_block.register
    def _(self, block: Code) -> dict[str, Any]:
        return {"lines": _lines(block.text)}

    @_block.register
    def _(self, block: Table) -> dict[str, Any]:
        return {
            "caption": _prose(block.caption),
            "columns": [{"title": _prose(column.title), "align": column.align} for column in block.columns],
            "rows": [_all(row) for row in block.rows],
            "note": _prose(block.note),
        }

    @_block.register
    def _(self, block: Sources) -> dict[str, Any]:
        return {
            "items": [
                {
                    "text": _prose(source.text),
                    "use": _prose(source.use),
                    "url": _prose(source.url),
                    "link": source.url if _LINK.fullmatch(source.url) else "",
                }
                for source in block.items
            ]
        }

    @_block.register
    def _(self, block: Explorer) -> dict[str, Any]:
        return {"text": _prose(_EXPLORER)}

    @_block.register
    def _(self, block: Figure) -> dict[str, Any]:
        chart, below = block.untitled
        picture, width, height = _drawn(chart)
        self._pictures += 1
        file = f"{self._pictures}.svg"
        (self._folder / file).write_bytes(picture)
        return {
            "title": _prose(block.title),
            "caption": _prose(" ".join(filter(None, (block.caption, below)))),
            "said": _prose(block.said),
            "alt": _line(block.said) or _line(block.title),
            "file": file,
            "width": width,
            "height": height,
            "wide": block.wide,
        }


def _drawn(chart: TopLevelMixin) -> tuple[bytes, float, float]:
    """A chart as SVG in a font that Typst brings, with its width and height in pixels.

    Not as PDF, though Typst takes those too: vl-convert writes the fonts of a PDF in an order that changes.
    """
    text = io.StringIO()
    _themed(chart).save(text, format="svg")
    root = ElementTree.fromstring(_line(text.getvalue()))
    for element in root.iter():
        size = element.get("font-size")
        if size is not None:
            element.set("font-size", f"{_LARGER * float(size.removesuffix('px')):.2f}px")
        if element.tag == f"{{{_SVG}}}text":
            element.set("font-family", _FONT)
    return ElementTree.tostring(root), float(root.attrib["width"]), float(root.attrib["height"])


def _themed(chart: Any) -> TopLevelMixin:
    """The chart with the looks of the house if it has none, measured in a font that vl-convert has on every machine."""
    from altair import Undefined

    from ooms.pictures.theme import theme

    config = theme() if chart.config is Undefined else chart.config.copy()
    config.font = "Liberation Sans"
    return chart.properties(config=config)


def _prose(text: str) -> list[str]:
    return _pieces(_PERCENT.sub("\u00a0", text))


def _all(texts: Iterable[str]) -> list[list[str]]:
    return [_prose(text) for text in texts]


def _lines(text: str) -> list[list[str]]:
    return [_pieces(line) for line in text.expandtabs(4).splitlines()]


def _line(text: str) -> str:
    r"""A text on one line, without what cannot be seen.

    Examples
    --------
    >>> _line("two\nlines, \x1b[31mred") == "two lines, \ufffd[31mred"
    True
    """
    return _UNSEEN.sub(_MARK, _BREAKS.sub(" ", text))


def _pieces(text: str) -> list[str]:
    """A text in pieces between which a line may break where nothing else lets it.

    Examples
    --------
    >>> _pieces("see https://example.org/a_page")
    ['see https://', 'example.', 'org/', 'a_', 'page']
    >>> "".join(_pieces("x" * 99)) == "x" * 99, _pieces("short"), _pieces("")
    (True, ['short'], [])
    """
    line, pieces, start = _line(text), list[str](), 0
    for run in _RUN.finditer(line):
        first, *rest = _split(run.group())
        pieces += [line[start : run.start()] + first, *rest]
        start = run.end()
    tail = line[start:]
    return [*pieces, tail] if tail else pieces


def _split(run: str) -> Sequence[str]:
    parts = _JOINT.split(run)
    return [piece for part in parts for piece in (_CHUNK.findall(part) if len(part) > _LONGEST else [part])]
