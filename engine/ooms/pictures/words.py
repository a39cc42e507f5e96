"""Words and numbers on pictures, from names that anybody may have chosen."""

from __future__ import annotations

import math
import re
import textwrap

from ooms.results.credence import Estimate, rounded

__all__ = ["event_name", "harmless", "narrowing", "percent", "wrapped"]

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


def percent(chance: Estimate) -> str:
    """A probability in percent with its standard error.

    Examples
    --------
    >>> percent(Estimate(0.20512, 0.0091)), percent(Estimate(0.28961, 0.00041)), percent(Estimate(0.0, 0.0))
    ('20.5 \u00b1 0.9 %', '28.96 \u00b1 0.04 %', '0 %')
    """
    value, error = 100.0 * chance.value, 100.0 * chance.standard_error
    if not math.isfinite(error):
        return f"{rounded(value, error)} \u00b1 ? %"
    if not error > 0:
        return f"{rounded(value, error)} %"
    return f"{rounded(value, error)} \u00b1 {rounded(error, 0.0, most=1)} %"


def narrowing(share: float, error: float) -> str:
    """How much narrower it became, in whole percents; "no narrower" where that is within two errors of nothing.

    Parameters
    ----------
    share, error : float
        The contraction (`ooms.calibrating.prior_posterior.contraction`) and its standard error.

    Examples
    --------
    >>> narrowing(0.646, 0.01), narrowing(-0.26, 0.02), narrowing(0.02, 0.02)
    ('65 % narrower', '26 % wider', 'no narrower')
    """
    if not abs(share) > 2.0 * error:  # what is no number, too
        return "no narrower"
    return f"{rounded(100.0 * abs(share), max(1.0, 100.0 * error))} % {'narrower' if share > 0 else 'wider'}"
