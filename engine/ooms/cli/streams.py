"""Standard output and error: characters that they cannot hold become plain ones, and a full disk one line."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress

from ooms.problems import printable

__all__ = ["discard_output", "plain_where_needed", "tell"]

_PLAIN = str.maketrans({
    "\u00b1": "+-", "\u00b7": "-", "\u00d7": "x", "\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2012": "-",
    "\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2026": "...",
    "\u2022": "*", "\u2190": "<-", "\u2192": "->", "\u2248": "~", "\u2260": "!=", "\u2264": "<=", "\u2265": ">=",
    "\u221e": "inf", "\u00df": "ss", "\u00e6": "ae", "\u00f8": "o", "\u00d8": "O", "\u0142": "l", "\u0141": "L",
    "\u2500": "-", "\u2501": "-", "\u2502": "|", "\u2503": "|",
    **dict.fromkeys(map(chr, range(0x250C, 0x2580)), "+"),  # corners and crossings of frames
    **dict.fromkeys(map(chr, range(0x2580, 0x25A0)), "#"),  # blocks of bars
    **dict.fromkeys(map(chr, range(0x2800, 0x2900)), "*"),  # dots of spinners
})  # fmt: skip


def plain(text: str) -> str:
    """The text in ASCII: letters without their accents, signs as people type them, ``?`` for what has no such form.

    Examples
    --------
    >>> plain("caf\u00e9 \u00b7 31.9 \u00b1 0.1 %, 1\u201310x")
    'cafe - 31.9 +- 0.1 %, 1-10x'
    """
    letters = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c for c in letters if not unicodedata.combining(c)).encode("ascii", "replace").decode()


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found, end = plain(error.object[error.start : error.end]), error.end
    if len(found) == 2 and error.object[end : end + 1] == " ":
        end += 1  # columns stay where they are
    return found, end


def plain_where_needed() -> None:
    """Let the standard streams take any text, whatever their encoding holds; with UTF-8 nothing changes.

    Those that whoever started us has closed lead nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for as long as we run
    codecs.register_error("ooms.plain", _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="ooms.plain")


def tell(text: str) -> None:
    """Say what is wrong on standard error; if that cannot be written either, there is nobody to tell."""
    with suppress(OSError):
        print(printable(text), file=sys.stderr, flush=True)


def discard_output() -> None:
    """Let go of what could not be written, so that Python does not try again as it ends."""
    with suppress(OSError, ValueError):  # what stands in for it in a notebook has no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
