"""Distributions from text such as ``lognormal(p10=3, p90=13)``, as given on the command line."""

from __future__ import annotations

import ast
import re
from typing import cast

from ooms.distributions.marginals.base import Marginal
from ooms.distributions.marginals.registry import REGISTRY, meant
from ooms.distributions.marginals.table import from_table
from ooms.parameters import Parameter
from ooms.problems import Problems

__all__ = ["parse"]

_FRACTIONAL = re.compile(r"(?<![A-Za-z0-9])p(\d+)\.(\d+)\s*=")
_REMEDY = 'write a number, or a distribution such as "loguniform(0.4, 3.6)" or "lognormal(p10=3, p90=13)"'


class _UnreadableError(ValueError):
    """Text that is no number, list, word or distribution."""


def parse(text: str, place: str, problems: Problems, parameter: Parameter | None = None) -> Marginal | None:
    """The distribution that a text describes, or None if anything is wrong with it; the inverse of ``str``.

    A number is a fixed value; ``family(...)`` takes parameters by position or by name, or quantiles by name.

    Parameters
    ----------
    text : str
        The text; nothing in it is executed.
    place : str
        Where it was given, for the problems.
    problems : Problems
        Collects everything that is wrong.
    parameter : Parameter, optional
        What it is the distribution of, as for `from_table`.

    Examples
    --------
    >>> print(parse("loguniform(0.4, 3.6)", "here", Problems()), parse("-0.4", "here", Problems()))
    loguniform(0.4, 3.6) fixed(-0.4)
    """
    try:
        tree = ast.parse(_FRACTIONAL.sub(r"p\1_\2=", text.strip()), mode="eval")
        read = _read(tree.body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = f": {error}" if isinstance(error, _UnreadableError) else ""
        problems.add(place, f'"{_short(text)}" cannot be read{why}', _REMEDY)
        return None
    if isinstance(read, dict):
        return from_table(cast(dict[str, object], read), place, problems, parameter)
    if isinstance(read, int | float) and not isinstance(read, bool):
        return from_table({"value": read}, place, problems)
    problems.add(place, f'"{_short(text)}" is no distribution', _REMEDY)
    return None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _read(node: ast.expr) -> object:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            value = _read(operand)
            if not isinstance(value, int | float):
                raise _UnreadableError("a sign stands before something that is no number")
            return -value if isinstance(sign, ast.USub) else value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_read(item) for item in items]
        case ast.Name(id="inf"):
            return float("inf")
        case ast.Name(id="nan"):
            return float("nan")
        case ast.Name(id=word):
            return word
        case ast.Call(func=ast.Name(id=name)):
            return _table(name, node)
        case _:
            raise _UnreadableError(f"{ast.unparse(node)} is not allowed")


def _table(name: str, call: ast.Call) -> dict[str, object]:
    if name not in REGISTRY:
        raise _UnreadableError(f"{name} is not a distribution; {meant(name)}")
    keys = list(REGISTRY[name].keys())
    if len(call.args) > len(keys):
        raise _UnreadableError(f"{name} takes {len(keys)} values ({', '.join(keys)}), not {len(call.args)}")
    table: dict[str, object] = {"distribution": name}
    table.update(zip(keys, map(_read, call.args), strict=False))
    for keyword in call.keywords:
        key = re.sub(r"^((?:excess_)?p\d+)_(\d+)$", r"\1.\2", keyword.arg or "**")
        if key in table:
            raise _UnreadableError(f"{key} is given twice")
        table[key] = _read(keyword.value)
    return table
