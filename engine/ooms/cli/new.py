"""``ooms new``: files to fill in."""

from __future__ import annotations

from typing import Literal

from ooms.cli.options import Outputs, read_outputs

__all__ = ["new"]


def new(kind: Literal["priors", "study", "survey"], /, *, output: Outputs = None) -> None:
    """A prior, study or survey file to fill in: all that it may hold, with what it means; it can be used as it is.

    Example: `ooms new priors -o mine.toml`

    Parameters
    ----------
    kind
        Which file.
    output
        Write to that file, which must not be there yet, instead of the terminal.
    """
    import os

    from ooms.files.writing import write_text
    from ooms.problems import Problems
    from ooms.templates import template

    problems = Problems()
    (written,) = read_outputs(output, None, {"template": (".toml",)}, problems, most={"template": 1}).values()
    for path in written:
        if os.path.lexists(path):
            problems.add(f"-o {path}", "is there already", "give another name, or remove it first")
    problems.raise_if_any()
    if not written:
        print(template(kind))
    for path in written:
        named = str(path) if path.parent.name else f"./{path}"
        write_text(path, template(kind, named), f"-o {path}")
        print(f"{path}: every line says what it is; fill it in")
