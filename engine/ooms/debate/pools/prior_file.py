"""A view with joint draws, written as a prior file and its draws beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ooms.beliefs.marginals import Empirical
from ooms.beliefs.marginals.words import written
from ooms.beliefs.references import shipped_references
from ooms.beliefs.view import Belief, View
from ooms.parameters import ROUTE_FIELDS
from ooms.problems import Problems
from ooms.writing import check_place, write_whole

__all__ = ["check_prior_place", "write_prior"]


def check_prior_place(path: Path, problems: Problems) -> None:
    """Add what is wrong with a place for a prior file to `problems`."""
    if path.suffix != ".toml":
        problems.add(str(path), "does not end in .toml", f"give {path.with_suffix('.toml') if path.name else 'a name'}")
        return
    for place in (path, path.with_suffix(".csv")):
        check_place(place, problems)


def write_prior(view: View, path: Path) -> None:
    """Write a view whose distributions are joint draws or fixed values: PATH.toml, and PATH.csv with the draws.

    Both are first written beside their places, then moved there, the draws first: no half file is ever left.

    Raises
    ------
    UserError
        They cannot be written.
    """
    table, fresh = path.with_suffix(".csv"), not path.with_suffix(".csv").exists()
    prior = _prior(view, table.name)
    write_whole(table, lambda part: part.write_text(_draws(view), encoding="utf-8"))
    try:
        write_whole(path, lambda part: part.write_text(prior, encoding="utf-8"))
    except BaseException:  # Ctrl-C too
        if fresh:
            table.unlink(missing_ok=True)
        raise


def _draws(view: View) -> str:
    """Comma-separated draws, parameter names in the first line; numbers read back exactly."""
    columns = {n: b.marginal.values for n, b in view.beliefs.items() if isinstance(b.marginal, Empirical)}
    rows = (",".join(map(written, row)) for row in zip(*columns.values(), strict=True))
    return "\n".join([",".join(columns), *rows, ""])


def _prior(view: View, table: str) -> str:
    """The text of a prior file."""
    lines = [f"title = {_quoted(view.title)}", f"description = {_quoted(view.description)}"]
    if view.cites:
        lines.append(f"cites = {_listed(view.cites)}")
    retraining = _quoted(view.retraining) if isinstance(view.retraining, str) else _switch(view.retraining)
    lines += ["", "[variants]", f"declining_returns = {_switch(view.declining_returns)}", f"retraining = {retraining}"]
    for name, belief in view.beliefs.items():
        if not name.startswith("routes."):
            lines += ["", f"[parameters.{name}]", *(f"{k} = {v}" for k, v in _entries(belief, table).items())]
    for k in range(1, view.routes + 1):
        lines += ["", "[[routes]]"]
        for field in ROUTE_FIELDS:
            entries = _entries(view.beliefs[f"routes.{k}.{field}"], table)
            lines.append(f"{field} = {{{', '.join(f'{key} = {value}' for key, value in entries.items())}}}")
    cited = {key for keys in (view.cites, *(b.cites for b in view.beliefs.values())) for key in keys}
    for key, work in view.references.items():
        if key in cited and key not in shipped_references():
            said = work.model_dump(exclude_none=True)
            lines += ["", f"[references.{_quoted(key)}]", *(f"{k} = {_value(v)}" for k, v in said.items())]
    return "\n".join([*lines, ""])


def _entries(belief: Belief, table: str) -> Mapping[str, str]:
    """A parameter's table: keys and values as text."""
    if isinstance(belief.marginal, Empirical):
        entries = {"distribution": '"empirical"', "draws": _quoted(table)}
    else:
        entries = {"value": written(belief.marginal.middle)}
    entries |= {"source": _quoted(belief.source), "note": _quoted(belief.note)}
    return entries | ({"cites": _listed(belief.cites)} if belief.cites else {})


def _quoted(text: str) -> str:
    """A string as TOML writes it: as JSON does, but for the one control character that JSON lets through."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _switch(on: bool) -> str:
    return "true" if on else "false"


def _value(value: int | str | tuple[str, ...]) -> str:
    """A number, a text, or the authors of a work."""
    return str(value) if isinstance(value, int) else _quoted(value) if isinstance(value, str) else _listed(value)
