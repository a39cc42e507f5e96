"""Names that readers of the literature know parameters by, and what a name that is not known was meant to be."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ooms.parameters import PARAMETERS, SPELLINGS, known, known_names

__all__ = ["SYMBOLS", "no_parameter", "stands_for"]

_LITERATURE = {
    "alpha": "compute_share",
    "capital_share": "compute_share",
    "lam": "parallelizability",
    "elasticity": "sigma",
    "elasticity_of_substitution": "sigma",
    "substitution": "rho",
    "g": "software_growth",
    "gS": "historical_software_growth",
    "gL": "historical_labour_growth",
    "gK": "historical_compute_growth",
    "taste": "taste_multiplier",
    "ceiling": "software_limit",
    "copies": "workforce",
}
"""What others call a parameter, besides its symbol."""

SYMBOLS: Mapping[str, str] = MappingProxyType({p.symbol: p.name for p in (*SPELLINGS.values(), *PARAMETERS.values())})
"""Names by symbol."""


def stands_for(word: str) -> str | None:
    """The parameter that a symbol or a word of the literature stands for; None if it is neither.

    Examples
    --------
    >>> stands_for("alpha"), stands_for("lambda"), stands_for("N"), stands_for("Rho"), stands_for("λ")
    ('compute_share', 'parallelizability', 'workforce', 'rho', 'parallelizability')
    """
    names = {**{name: name for name in known_names()}, **_LITERATURE, **SYMBOLS}
    plain = _spelt_out(word).strip().replace("-", "_").replace(" ", "_")
    by_letters = {key.casefold(): name for key, name in names.items()}
    return names.get(plain) or by_letters.get(plain.casefold())


_GREEK = re.compile(r"GREEK \w+ LETTER (?:FINAL )?(\w+)")


def _spelt_out(word: str) -> str:
    """The word with its Greek letters, whatever their style, by their names in Latin ones."""
    letters = unicodedata.normalize("NFKC", word)
    found = ((letter, _GREEK.fullmatch(unicodedata.name(letter, ""))) for letter in letters)
    return "".join(greek[1].lower().replace("lamda", "lambda") if greek else letter for letter, greek in found)


def no_parameter(word: str, also: Iterable[str] = ()) -> tuple[str, str]:
    """What is wrong with the name of a parameter that is not known, and the remedy.

    Parameters
    ----------
    word : str
        The name.
    also : iterable of str
        What else may stand there.

    Examples
    --------
    >>> no_parameter("alpha")
    ('there is no parameter alpha', 'alpha is compute_share (a): write compute_share')
    >>> no_parameter("retruns")[1]
    'did you mean returns or returns_total?'
    >>> no_parameter("growth")[1]
    'did you mean hardware_growth, software_growth or training_compute_growth?'
    """
    what = f"there is no parameter {word}"
    meant = stands_for(word)
    if meant is not None:
        symbol = known(meant).symbol
        called = f" ({symbol})" if symbol not in (meant, word) else ""
        return what, f"{word} is {meant}{called}: write {meant}"
    near = likely(word, also)
    if near:
        *most, last = near
        return what, f"did you mean {', '.join(most)}{' or ' if most else ''}{last}?"
    return what, "`ooms priors show davidson-2025` lists those of a view, and the README of the priors all of them"


def likely(word: str, also: Iterable[str] = ()) -> list[str]:
    """Names that a misspelt one may have been: near in letters, else with a word in common."""
    names = [*known_names(), *also]
    plain = _spelt_out(word).casefold().replace("-", "_").replace(" ", "_")
    near = difflib.get_close_matches(plain, names, n=2, cutoff=0.6)
    sharing = sorted((n for n in names if set(plain.split("_")) & set(n.split("_"))), key=_ordinary)[:3]
    return (near or sharing) if "_" in plain else (sharing or near)


def _ordinary(name: str) -> tuple[bool, int]:
    """The parameters that most views state come first."""
    return "historical" in name or name.startswith(("ramp", "route")), len(name)
